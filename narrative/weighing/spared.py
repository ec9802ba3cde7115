"""Members of an answer in the making, kept beside their history as they come: who was stopped, or killed,
goes on there, and lives none of them twice.

They are a cache (`events.cache`), each believed only under all that was asked of it, and go once the answer
is there, so that whoever asks again lives it again.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from attrs import frozen

from events.cache import Kept
from narrative.analysis.history import History
from narrative.analysis.verdicts import seal

if TYPE_CHECKING:
    from narrative.weighing.lots import Lot

Row = Mapping[str, float]  # what is measured of one arm


@frozen
class Spared:
    """The place beside a history for the members of the answers of a verb, and the seal of the history."""

    kept: Kept
    verb: str
    sealed: Mapping[str, str]

    def lot(self, live: "partial[dict[str, Row]]") -> "Lot":
        """The lot of members that are lived by a function of all that was asked."""
        whole = f"{sorted(self.sealed.items())} {live.func.__module__}.{live.func.__qualname__} {live.args!r}"
        asked = sha256(whole.encode()).hexdigest()
        from narrative.weighing.lots import Lot  # noqa: PLC0415  # polars, which nothing else here needs

        return Lot(self.kept, f"{self.verb}-{asked[:12]}", asked)


class Sparing(Protocol):
    """Hands that look among spared members before they live one."""

    spared: Spared | None


@contextmanager
def sparing(found: History, verb: str, hands: Sparing) -> Iterator[None]:
    """Have what comes of members kept beside a history until the answer of a verb is there."""
    head = found.log.head(found.branch)
    spared = Spared(Kept.of(Path(found.path), found.branch, head.digest), verb, seal(found))
    hands.spared = spared
    yield
    spared.kept.drop(verb)
