"""Snapshots: remembered folds, bound to the history they were folded from.

Memory, never truth. One that is damaged, or was made by another table or model (`of`), of another history
than the one at hand, or by another user, is passed over as if it were not there.
"""

from collections.abc import Callable, Sequence

from events.branch import Span, cut
from events.errors import Wrong
from events.secret import mine
from events.stores.protocol import Snapshot, Store


def snapshot(branch: int, position: int, of: str, digest: bytes, data: bytes) -> Snapshot:
    """The row that keeps `data`, folded by `of` from the history that ends with this digest."""
    return branch, position, of, digest, data, mine(branch, position, of, digest, data)


def latest(
    store: Store, line: Sequence[Span], position: int, of: str, digest_at: Callable[[int], bytes]
) -> tuple[int, bytes] | None:
    """The nearest one at or before a position of a read-through line that can be trusted."""
    for span in reversed(cut(line, 1, position)):
        at = span.last
        while at >= span.first:
            try:
                found = store.snapshot(span.id, at, of)
            except Wrong:
                return None
            if found is None or type(found[1]) is not int or not span.first <= found[1] <= at:
                break
            if found[5] == mine(*found[:5]) and found[2] == of and found[3] == digest_at(found[1]):
                return found[1], found[4]
            at = found[1] - 1
    return None
