"""An event is a fact in its place; a draft is a fact that has no place yet.

Positions count from 1 and are dense along a branch's read-through order. Moments are whole
seconds since 1970-01-01T00:00:00 in the proleptic Gregorian calendar, negative before.
"""

from typing import NamedTuple

from events.fields import Fact

ORIGINS = ("recorded", "modelled", "supposed")
OUTSIDE = "outside"  # the party, and the purse, of everyone whom nobody names

# A `Row` before it leaves the log. A plain tuple, because a history is millions of them.
Plain = tuple[int, int, str, str, str, str, bytes, bytes]


class Row(NamedTuple):
    """One event as it is stored. `stamp` is kind@version; `causes` are positions joined by commas; `body`
    is the fact in JSON; `digest` chains over the stored bytes of all events up to here.
    """

    position: int
    moment: int
    stamp: str
    origin: str
    actor: str
    causes: str
    body: bytes
    digest: bytes

    @property
    def kind(self) -> str:
        """The name of the fact's kind, without its version."""
        return self.stamp.partition("@")[0]


class Event(NamedTuple):
    """A fact at its position. `digest` chains over the stored bytes of all events up to here."""

    position: int
    moment: int
    kind: str
    origin: str
    actor: str
    causes: tuple[int, ...]
    fact: Fact
    digest: bytes


class Draft(NamedTuple):
    """A fact about to be appended.

    `causes` are positions of earlier events; `within` are offsets (0 is the first) of earlier
    drafts of the same act, turned into positions when the act is appended.
    """

    actor: str
    fact: Fact
    origin: str = "modelled"
    causes: tuple[int, ...] = ()
    within: tuple[int, ...] = ()


# Facts that stand or fall together.
Act = tuple[Draft, ...]
