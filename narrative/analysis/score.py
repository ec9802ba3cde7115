"""How well told news foretells recorded prices: the model's steps beside the moves that followed them.

A case is an asset and the span from the last quote before a told entry to the first one after it; where
several entries that reprice the asset fall into one span, their steps are added up. The step was worked
out from what stood before the second quote, so it is one step ahead. A move is ln of the price of a share;
adjusted for the market it is that less the market's part of the residual at the second quote. Nothing
is fitted here: each rival of the model is worked out from the words alone, as the model's step is. Where a
parameter of the story was fitted on an entry, agreement with it proves nothing, and its case is left out.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import groupby
from math import ceil, floor, log, log1p, sqrt
from typing import Any

from attrs import frozen

from events.errors import Wrong
from events.event import Event
from events.log import open_log
from events.market_facts import Quote, Repricing, Residual, Split
from narrative.books.readings import NANO, whole_step
from narrative.engine.begin import begin
from narrative.engine.chance import Chance
from narrative.engine.run import live
from narrative.story.model import Record, Story

DRAWS = 1_000  # of days, put back
LOW, HIGH = 0.025, 0.975
MEASURES = (
    "sign", "rank", "error", "no_reaction", "constant", "amount",
    "over_none", "over_constant", "over_amount",
)  # fmt: skip  # one list


class NoRecord(Wrong):
    """A story without quotes, where nothing told can be held against a price."""


@frozen
class Case:
    """The news told of an asset between two of its quotes, and the move of its price; in ln.

    `amount` is the step of a reader for whom a value rises or falls by the sum in the news.
    """

    asset: str
    entries: tuple[str, ...]
    headline: str
    since: int
    moment: int
    step: float
    move: float
    market: float
    amount: float


@frozen
class Pair:
    """A step beside the move it is held against, and the step of the reader of sums; in ln."""

    step: float
    move: float
    amount: float


Estimate = dict[str, float | None]
Levels = Mapping[str, Sequence[tuple[int, float]]]  # by asset: moments and prices, or values, in order


def cases(events: Iterable[Event], levels: Levels | None = None) -> list[Case]:
    """The cases of a history that is anchored, in order of their second quote and asset; or, with `levels`,
    of a history that is not, between two of those instead.
    """
    quotes: dict[str, list[tuple[int, float]]] = defaultdict(list)
    markets: dict[tuple[str, int], int] = {}
    told: dict[int, Event] = {}
    moments: dict[int, int] = {}
    steps: list[tuple[Event, Repricing]] = []
    for event in events:
        fact = event.fact
        if isinstance(fact, Quote):
            quotes[fact.asset].append((event.moment, fact.price))
            moments[event.position] = event.moment
        elif isinstance(fact, Split):
            if fact.told is not None:  # earlier prices as they would have been in shares of today
                of = quotes[fact.asset]
                of[:] = [(moment, price * fact.old / fact.new) for moment, price in of]
        elif isinstance(fact, Residual):
            markets[fact.asset, moments[event.causes[0]]] = fact.market
        elif isinstance(fact, Repricing) and event.causes and event.causes[0] in told and whole_step(fact):
            steps.append((told[event.causes[0]], fact))
        elif event.origin == "recorded" and fact.told is not None:
            told[event.position] = event
    quotes |= {asset: list(of) for asset, of in (levels or {}).items()}
    spans: dict[tuple[int, str, int], list[tuple[Event, Repricing]]] = defaultdict(list)
    for entry, step in steps:
        after = bisect_right(quotes[step.asset], entry.moment, key=_first)
        if 0 < after < len(quotes[step.asset]):
            spans[quotes[step.asset][after][0], step.asset, after].append((entry, step))
    return [
        case_of(
            asset,
            found,
            quotes[asset][after - 1][0],
            moment,
            log(quotes[asset][after][1] / quotes[asset][after - 1][1]),
            NANO * markets.get((asset, moment), 0),
        )
        for (moment, asset, after), found in sorted(spans.items(), key=_first)
    ]


def moved_at(events: Iterable[Event]) -> dict[tuple[str, str], float]:
    """The move of a price, in ln, from the close before an entry to the one after, by asset and entry."""
    return {(case.asset, entry): case.move for case in cases(events) for entry in case.entries}


def _first(pair: tuple[Any, ...]) -> Any:
    return pair[0]


def case_of(
    asset: str,
    found: Sequence[tuple[Event, Repricing]],
    since: int,
    moment: int,
    move: float,
    market: float = 0.0,
) -> Case:
    """The case of some told entries of an asset, each with its step, beside a move in ln."""
    named = [entry.fact.told for entry, _ in found]
    largest, _ = max(found, key=lambda one: abs(whole_step(one[1])))
    return Case(
        asset=asset,
        entries=tuple(told.entry for told in named if told is not None),
        headline=largest.fact.told.headline if largest.fact.told is not None else "",
        since=since,
        moment=moment,
        step=NANO * sum(whole_step(step) for _, step in found),
        move=move,
        market=market,
        amount=sum(_by_sum(step) for _, step in found),
    )


def _by_sum(step: Repricing) -> float:
    if not step.news or not step.value:
        return 0.0
    return log1p(step.news / step.value) * (1.0 if whole_step(step) > 0 else -1.0)


# --- measures -------------------------------------------------------------------------------------


def measures(pairs: Sequence[Pair]) -> dict[str, float | None]:
    """The scores of steps beside moves, by measure; None where there is too little to say.

    `sign`: the part that goes the same way, of moves that are none at all left out. `rank`: Spearman's
    correlation. `error`: the mean |move - step| in ln, and the same of no reaction, of a step with the
    model's sign that is always as large as the model's are on average, and of the reader of sums. `over_…`:
    by how much the model's error is less than theirs; below zero it is more.
    """
    if not pairs:
        return dict.fromkeys(MEASURES)
    size = sum(abs(pair.step) for pair in pairs) / len(pairs)
    alike = [pair.step * pair.move > 0 for pair in pairs if pair.move and pair.step]
    error = _error(pairs, lambda pair: pair.step)
    nothing = _error(pairs, lambda _: 0.0)
    constant = _error(pairs, lambda pair: size * _sign(pair.step))
    amount = _error(pairs, lambda pair: pair.amount)
    return {
        "sign": sum(alike) / len(alike) if alike else None,
        "rank": spearman([pair.step for pair in pairs], [pair.move for pair in pairs]),
        "error": error,
        "no_reaction": nothing,
        "constant": constant,
        "amount": amount,
        "over_none": nothing - error,
        "over_constant": constant - error,
        "over_amount": amount - error,
    }


def _error(pairs: Sequence[Pair], foretold: Callable[[Pair], float]) -> float:
    return sum(abs(pair.move - foretold(pair)) for pair in pairs) / len(pairs)


def _sign(number: float) -> float:
    return (number > 0) - (number < 0)


def spearman(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Correlation of ranks, equal numbers sharing theirs; None where either side never differs."""
    first, second = ranks(one), ranks(other)
    middle = (len(first) + 1) / 2
    first, second = [rank - middle for rank in first], [rank - middle for rank in second]
    spread = sqrt(sum(rank * rank for rank in first) * sum(rank * rank for rank in second))
    return sum(a * b for a, b in zip(first, second, strict=True)) / spread if spread else None


def ranks(numbers: Sequence[float]) -> list[float]:
    """The rank of each number from 1 on; equal numbers share the mean of theirs."""
    found, taken = [0.0] * len(numbers), 0
    for _, group in groupby(sorted(range(len(numbers)), key=numbers.__getitem__), key=numbers.__getitem__):
        places = list(group)
        for place in places:
            found[place] = taken + (len(places) + 1) / 2
        taken += len(places)
    return found


def estimates(pairs: Sequence[Pair], days: Sequence[int], draws: int = DRAWS) -> dict[str, Estimate]:
    """Each measure, and the middle 95 % of what it is where days are drawn anew, put back each time.

    Cases of one day stay together, since they share its news: a single day bounds nothing. Draws have
    addresses: asked twice, the answer is the same.
    """
    by_day: dict[int, list[Pair]] = defaultdict(list)
    for day, pair in zip(days, pairs, strict=True):
        by_day[day].append(pair)
    groups, chance = [by_day[day] for day in sorted(by_day)], Chance(0)
    drawn: dict[str, list[float]] = {name: [] for name in MEASURES}
    for draw in range(draws if len(groups) > 1 else 0):
        chosen: list[Pair] = []
        for place in range(len(groups)):
            lot = chance.uniform("score", "score: a day drawn anew", str(draw), place)
            chosen += groups[int(lot * len(groups))]
        for name, value in measures(chosen).items():
            if value is not None:
                drawn[name].append(value)
    return {name: estimate(value, drawn[name]) for name, value in measures(pairs).items()}


def estimate(value: float | None, drawn: list[float]) -> Estimate:
    """A value, and the middle 95 % of what it was in draws; None where there are none."""
    drawn.sort()
    last = len(drawn) - 1
    if value is None or last < 0:
        return {"value": value, "low": None, "high": None}
    return {"value": value, "low": drawn[floor(LOW * last)], "high": drawn[ceil(HIGH * last)]}


# --- a story's record -----------------------------------------------------------------------------


def reference(story: Story) -> tuple[Record, list[Event]]:
    """A story's record, and the events of it and its market lived in memory to where it ends, with nobody
    else. Raises NoRecord for a story without quotes.
    """
    if story.record is None or not story.quotes:
        raise NoRecord(
            f"{story.id} has no quotes, so nothing told can be held against a price; `narrative import` "
            "takes them in with --quotes."
        )
    return story.record, market_lived(story, story.record.until)


def market_lived(story: Story, until: int) -> list[Event]:
    """The events of a story and its market lived in memory up to a moment, with nobody else."""
    with open_log(None) as log:
        live(log, "main", begin(log, "main", story, seed=0, cast="market", until=until), until)
        return list(log.read("main"))
