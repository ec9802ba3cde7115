"""Residuals: what news does not explain of quoted prices, equations (16) and (17), solved or looked up.

The gap at a quote is what the reference reading (the record and its market, nobody else, nothing
supposed) leaves open. It is cut, in this order, into the market's part, by the change of the index
beyond policy since the asset's quote before; the sector's, by what the assets quoted at this moment
have in common beyond that; and the rest, the asset's own. Parts are whole 1e-9 ln and add up to the
gap exactly. An asset whose quote before is not known has a part of its own alone.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import accumulate
from math import log

from attrs import frozen

from events.event import Event
from events.market_facts import PolicyRate, Quote, Residual
from narrative.books.readings import NANO
from narrative.engine.mailbox import known_from, read_at
from narrative.engine.setting import Setting
from narrative.engine.world import World
from narrative.story.model import INDEX, Gap

FEWEST = 5  # assets quoted at one moment, below which nothing is called common to them


def fact(gap: Gap, own: float, sector: float) -> Residual:
    """The residual of a reference, with so much of its own part and of the sector's as a branch keeps."""
    return Residual(
        asset=gap.asset,
        market=gap.market,
        sector=round(gap.sector * sector),
        own=round(gap.own * own),
        issued=gap.issued,
        beside_news=gap.beside_news,
        gap=gap.gap,
        value=gap.value,
    )


@lru_cache(maxsize=4)  # every branch of a history begins with the same Opening
def reference(setting: Setting) -> Mapping[tuple[int, str], Gap]:
    """The residuals that a story's reference reading left, by moment and asset."""
    return {(gap.moment, gap.asset): gap for gap in setting.story.reference}


def solve(world: World, quotes: Sequence[Event], now: int) -> list[Gap]:
    """The residuals of assets quoted at one moment, in a world that has none of them yet."""
    tape, known = _tape(world.setting), world.parameters
    facts = [event.fact for event in quotes if isinstance(event.fact, Quote)]
    told = sorted((fact for fact in facts if fact.asset != tape.index), key=lambda fact: fact.asset)
    gaps = {fact.asset: world.readings.gap(fact.asset, fact.price, fact.shares, now) for fact in told}
    market = {}
    for fact in told:
        moved = tape.market(fact.asset, fact.moment, known["duration"])
        if moved is not None and gaps[fact.asset] is not None:
            market[fact.asset] = world.parameter("market_beta", fact.asset) * moved
    weights = {asset: world.parameter("sector_weight_in", asset) for asset in market}
    beyond = {asset: (gaps[asset] or 0.0) - part for asset, part in market.items()}
    common = 0.0
    if len(market) >= FEWEST:
        common = sum(weights[asset] * beyond[asset] for asset in market) / sum(weights.values())
    found = []
    for fact in told:
        asset, gap = fact.asset, gaps[fact.asset]
        if gap is None:
            continue
        whole = round(gap / NANO)
        one = round(market.get(asset, 0.0) / NANO)
        other = round(world.parameter("sector_beta", asset) * common / NANO) if asset in market else 0
        own = whole - one - other
        found.append(
            Gap(
                moment=now,
                asset=asset,
                market=one,
                sector=other,
                own=own,
                issued=_issued(world, fact),
                beside_news=own if tape.heard(asset, fact.moment) else None,
                gap=whole,
                value=world.readings.value(asset, now),
            )
        )
    return found


def _issued(world: World, fact: Quote) -> int | None:
    """Shares that the quote's source counts beyond those on the books."""
    if fact.shares is None:
        return None
    return fact.shares - world.fold.sum("shares", fact.asset) or None


@frozen(eq=False)
class Tape:
    """A story's prices, policy surprises and news by moment; nothing here depends on what was lived."""

    index: str | None
    levels: Mapping[str, tuple[tuple[int, ...], tuple[int, ...]]]  # by asset: moments and prices
    surprises: tuple[tuple[int, ...], tuple[int, ...]]  # moments, and the sum in basis points up to each
    news: Mapping[str, tuple[int, ...]]  # by asset: moments at which told news of it is read

    def market(self, asset: str, moment: int, duration: float) -> float | None:
        """The index's change in ln since the asset's quote before, less what policy explains of it."""
        moments, _ = self.levels[asset]
        place = bisect_left(moments, moment)
        now = _at(self.levels.get(self.index or "", ((), ())), moment)
        if not place or now is None:
            return None
        since = moments[place - 1]
        then = _at(self.levels[self.index or ""], since)
        if then is None:
            return None
        surprise = (_at(self.surprises, moment) or 0) - (_at(self.surprises, since) or 0)
        return log(now / then) + duration * surprise / 1e4

    def heard(self, asset: str, moment: int) -> bool:
        """True where told news of the asset was read by `moment`, after the second quote before it."""
        moments, _ = self.levels[asset]
        place = bisect_left(moments, moment)
        since = moments[place - 2] if place > 1 else moments[0] - 1
        read = self.news.get(asset, ())
        return bisect_right(read, since) < bisect_right(read, moment)


def _at(series: tuple[Sequence[int], Sequence[int]], moment: int) -> int | None:
    """The last value of a series at or before a moment; None before its first."""
    moments, values = series
    place = bisect_right(moments, moment)
    return values[place - 1] if place else None


@lru_cache(maxsize=4)
def _tape(setting: Setting) -> Tape:
    story = setting.story
    levels: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for quote in story.quotes:
        levels[quote.asset].append((quote.moment, quote.price))
    policy = [(e.moment, e.fact.surprise) for e in story.entries if isinstance(e.fact, PolicyRate)]
    news: dict[str, set[int]] = defaultdict(set)
    for part in setting.parts:
        if part.process == "market":
            for entry in story.entries:
                for name in part.reads.get(entry.kind, ()):
                    if name != "*" and getattr(entry.fact, name) is not None:
                        news[getattr(entry.fact, name)].add(
                            read_at(part, known_from(entry.fact, entry.moment), story.calendar)
                        )
    return Tape(
        index=next((actor.id for actor in story.actors if INDEX in actor.roles), None),
        levels={
            asset: (tuple(m for m, _ in rows), tuple(p for _, p in rows)) for asset, rows in levels.items()
        },
        surprises=(tuple(m for m, _ in policy), tuple(accumulate(s for _, s in policy))),
        news={asset: tuple(sorted(moments)) for asset, moments in news.items()},
    )
