"""The record as spans: an asset between two of its quotes, with what was told of it up to then.

The move of a span in ln, by equations (3') and (17), is foretold as ``k * news - duration * surprise / 1e4 +
beta * (index + duration * surprise / 1e4)``: `news` is what told steps add to the price within the span,
less what earlier ones lose by fading; k takes all of them larger or smaller, 1 as written and 0 not at all.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from math import exp, log

from attrs import field, frozen

from events.event import Event
from events.market_facts import PolicyRate, Quote, Repricing, Split
from narrative.books.readings import NANO
from narrative.story.calendar import DAY
from narrative.story.model import INDEX, Story

Step = tuple[int, float, float, float]  # moment; fast, slow and lasting part in ln


@frozen
class Span:
    """An asset between two quotes: its move and that of the index in ln, basis points of surprise, and the
    steps told of it up to its end.
    """

    asset: str
    since: int
    moment: int
    move: float
    index: float
    surprise: float
    steps: tuple[Step, ...] = field(repr=False)

    @property
    def week(self) -> int:
        """The week, from Monday on, in which it ends."""
        return (self.moment // DAY + 3) // 7

    @property
    def told(self) -> bool:
        """Whether a step falls into it."""
        return any(at > self.since for at, *_ in self.steps)

    def news(self, fast: float, slow: float) -> float:
        """Told steps within it in ln, less what fades of earlier ones, by half-lives in days."""
        total = 0.0
        for at, quick, lazy, lasting in self.steps:
            new = at > self.since
            total += lasting if new else 0.0
            for size, days in ((quick, fast), (lazy, slow)):
                before = 0.0 if new else _left(self.since - at, days)
                total += size * (_left(self.moment - at, days) - before)
        return total

    def beyond_policy(self, duration: float) -> tuple[float, float]:
        """The move less its policy part, and the index's less its own, by a duration in years."""
        policy = -duration * self.surprise / 1e4
        return self.move - policy, self.index - policy


def _left(seconds: int, days: float) -> float:
    return exp(-log(2.0) * seconds / (days * DAY))


@frozen
class Model:
    """The numbers by which moves are foretold: half-lives in days, duration in years, the scale of told steps
    (k), and betas by asset.
    """

    fast: float
    slow: float
    duration: float
    scale: float
    betas: Mapping[str, float]

    def miss(self, span: Span) -> float:
        """The absolute error of what it foretells of a span, in ln."""
        move, index = span.beyond_policy(self.duration)
        news = self.scale * span.news(self.fast, self.slow) if self.scale else 0.0
        return abs(move - news - self.betas.get(span.asset, 0.0) * index)


def spans(story: Story, events: Iterable[Event]) -> list[Span]:
    """The spans of a record that was lived, by asset and in order. Those into which an entry falls that a
    parameter was fitted on are left out.
    """
    index = next((actor.id for actor in story.actors if INDEX in actor.roles), None)
    prices: dict[str, list[tuple[int, float]]] = defaultdict(list)
    surprises: list[tuple[int, int]] = []
    steps: dict[str, list[tuple[Step, str]]] = defaultdict(list)
    told: dict[int, str] = {}
    for event in events:
        fact = event.fact
        if event.origin == "recorded" and fact.told is not None:
            told[event.position] = fact.told.entry
        if isinstance(fact, Quote):
            prices[fact.asset].append((event.moment, fact.price))
        elif isinstance(fact, Split) and fact.told is not None:
            of = prices[fact.asset]  # as they would have been in shares of today
            of[:] = [(moment, price * fact.old / fact.new) for moment, price in of]
        elif isinstance(fact, PolicyRate):
            surprises.append((event.moment, fact.surprise or 0))
        elif isinstance(fact, Repricing) and (fact.fast or fact.slow or fact.lasting):
            quick, lazy, lasting = (NANO * (part or 0) for part in (fact.fast, fact.slow, fact.lasting))
            entry = told.get(event.causes[0], "") if event.causes else ""
            steps[fact.asset].append(((event.moment, quick, lazy, lasting), entry))
    fitted = {name for parameter in story.parameters for name in parameter.fitted}
    levels = prices.pop(index, []) if index is not None else []
    found = []
    for asset, of in sorted(prices.items()):
        for (since, before), (moment, after) in pairwise(of):
            if any(entry in fitted and since < step[0] <= moment for step, entry in steps[asset]):
                continue
            found.append(
                Span(
                    asset=asset,
                    since=since,
                    moment=moment,
                    move=log(after / before),
                    index=_risen(levels, since, moment),
                    surprise=sum(one for at, one in surprises if since < at <= moment),
                    steps=tuple(step for step, _ in steps[asset] if step[0] <= moment),
                )
            )
    return found


def _risen(levels: Sequence[tuple[int, float]], since: int, moment: int) -> float:
    """The change of the index in ln between two moments; nothing where it is not known at both."""
    then, now = (bisect_right(levels, at, key=lambda level: level[0]) for at in (since, moment))
    return log(levels[now - 1][1] / levels[then - 1][1]) if then and now else 0.0
