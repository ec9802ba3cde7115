"""A log that goes on from a position of another and holds nothing of it, for histories that are let go."""

from collections.abc import Sequence

from events.blocks import Names
from events.branch import MAIN, Tip, first_batch
from events.errors import WrongPosition
from events.event import Act, Event
from events.log import Log
from events.stores.memory import MemoryStore
from events.stores.protocol import branch_row, head_row
from events.writing import place


class Onward(Log):
    """A log in memory that goes on after a position of another. What was appended since stands in `kept`,
    each event as the other log would have it, digests included; nothing else can be read from it.
    """

    def __init__(self, position: int, digest: bytes) -> None:
        super().__init__(MemoryStore(first_batch()))
        self.kept: list[Event] = []
        self._known = Names()
        self._end = Tip(
            branch_row(1, MAIN, None, position, ""),
            head_row(1, position, digest, None, None),
            (),
            position,
            digest,
            None,
            None,
        )

    def append(
        self, branch: str, expected: int, moment: int, acts: Sequence[Act], *, lived: bool = False
    ) -> tuple[Event, ...]:
        """Append one whole moment after position `expected`, and return its events. Raises WrongPosition
        when the log ends elsewhere.
        """
        tip = self._end
        if expected != tip.position:
            raise WrongPosition(f"tried to append after {branch}@{expected}; it is at {tip.position}.")
        found, _ = place(self._known, tip, moment, acts)
        if found:
            tip.position, tip.digest = found[-1].position, found[-1].digest
            tip.lived = moment if lived else tip.lived
            self.kept += found
        return tuple(found)

    def lived(self, branch: str, moment: int) -> None:
        """Note nothing: nobody lives it on."""

    def remember(self, branch: str, position: int, data: bytes, of: str) -> None:
        """Keep nothing: it is read once, from its beginning."""

    def flush(self) -> None:
        """Write nothing: nothing waits."""
