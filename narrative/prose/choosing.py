"""The choice of items to tell singly: the weightiest, and of each span the largest moves of prices."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence

from events.event import Event
from events.market_facts import Repricing
from narrative.prose.chapters import whole_turns
from narrative.prose.counting import MOVED, asset_of, total
from narrative.prose.items import Item, weights
from narrative.story.model import Story

EXTRA = 32  # items told besides, because less was moved by what is told


def chosen_of(  # what is weighed, how much of it is wanted, and where
    story: Story,
    events: Sequence[Event],
    found: Sequence[Item],
    span_of: Callable[[int], object],
    budget: int,
    apart: Collection[int] = (),
) -> list[Item]:
    """The items worth telling singly. Of a span (a chapter, a quarter: `span_of` a moment) no move is
    left out that is larger than one told, as far as EXTRA reaches.
    """
    through = {taken.event.position for turn in whole_turns(story, events) for taken in turn.taken}
    weighed = weights(found, through, apart)
    order = sorted(range(len(found)), key=lambda i: (-weighed[i], i))
    told, left = order[:budget], order[budget:]
    least: dict[object, float] = {}
    for i in told:
        span, moves = span_of(found[i].head.moment), moves_of(found[i])
        least[span] = min([least.get(span, 1.0), *(move for move in moves if move >= MOVED)])
    moved = {i: max(moves_of(found[i]), default=0.0) for i in left}
    larger = [i for i in left if moved[i] > max(MOVED, least.get(span_of(found[i].head.moment), 1.0))]
    told += sorted(larger, key=lambda i: (-moved[i], i))[:EXTRA]
    return [found[i] for i in sorted(told)]


def moves_of(item: Item) -> list[float]:
    """How far each price moved in an item, whichever way."""
    assets: dict[str, list[Event]] = defaultdict(list)
    for event in item.events:
        if isinstance(event.fact, Repricing):
            assets[asset_of(event)].append(event)
    return [abs(total(those)) for those in assets.values()]


def least_told(left: Iterable[Item]) -> float:
    """The least move worth a name beside items that are left out: none smaller than theirs."""
    return max((move for item in left for move in moves_of(item)), default=0.0)
