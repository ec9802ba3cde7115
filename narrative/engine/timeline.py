"""The record and the assumptions in force: those of the story, amended by what was supposed since."""

from collections.abc import Mapping

from attrs import evolve, field, frozen

from events.facts import Announcement
from narrative.engine.chance import Chance
from narrative.story.model import Entry
from narrative.story.supposition import Supposed, amended


@frozen(kw_only=True)
class Timeline:
    """The entries told and the numbers assumed from here on. Nothing in it changes: a supposition makes
    another.
    """

    entries: tuple[Entry, ...]  # in the order of their moments
    named: Mapping[str, Entry]  # by id
    parameters: Mapping[str, float]
    chance: Chance
    withheld: Mapping[str, str] = {}  # entry -> why it is not told
    off: frozenset[tuple[str, str]] = frozenset()  # (giver, taker) between whom no link of the story holds
    supposed: frozenset[str] = frozenset()  # entries told otherwise than the record has them
    suppositions: tuple[int, ...] = ()  # their positions in the log
    ends: tuple[tuple[int, str], ...] = field(init=False)  # when a plan's time is over, and its entry

    @ends.default
    def _ends(self) -> tuple[tuple[int, str], ...]:
        return tuple(
            sorted(
                (entry.fact.until, entry.id)
                for entry in self.entries
                if isinstance(entry.fact, Announcement)
                and entry.fact.until is not None
                and entry.fact.ceiling
            )
        )

    def under(self, supposed: Supposed, position: int) -> "Timeline":
        """The timeline as the supposition at a position of the log amends it."""
        entries = amended(self.entries, supposed)
        return evolve(
            self,
            entries=entries,
            named={entry.id: entry for entry in entries},
            parameters={**self.parameters, **supposed.set},
            chance=self.chance if supposed.reseed is None else Chance(supposed.reseed),
            withheld={**self.withheld, **supposed.without},
            off=self.off | set(supposed.off),
            supposed=self.supposed | {entry.id for entry in (*supposed.inject, *supposed.change)},
            suppositions=(*self.suppositions, position),
        )
