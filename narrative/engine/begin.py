"""Beginning a history: the reference reading of its quotes, where it has any, then the Opening.

The reference is the record and its market, with nobody else and nothing supposed. It is lived in
memory, which needs neither seed nor chance, and what the news leaves open at each quote is put into
the Opening: a pure function of the story, so that every history of it is anchored alike.
"""

from functools import lru_cache

from attrs import evolve

from events.event import Event
from events.log import Log, open_log
from events.market_facts import Residual
from narrative.engine.opening import opening_acts
from narrative.engine.run import live
from narrative.engine.world import World
from narrative.story.model import Gap, Story


def begin(log: Log, branch: str, story: Story, *, seed: int, cast: str, until: int) -> World:
    """Append the Opening and the Endowments of a new history; the world as it then stands."""
    if story.quotes:
        story = evolve(story, reference=_reference(evolve(story, reference=()).dump()))
    return _begun(log, branch, story, seed=seed, cast=cast, until=until)


def _begun(log: Log, branch: str, story: Story, *, seed: int, cast: str, until: int) -> World:
    events = log.append(branch, 0, story.start, opening_acts(story, seed=seed, cast=cast))
    log.aim(branch, until)
    world = World(events[0])
    for event in events[1:]:
        world.step(event)
    return world


@lru_cache(maxsize=4)  # many histories are begun of one story
def _reference(text: str) -> tuple[Gap, ...]:
    """The gaps that the reference reading of a dumped story leaves at its quotes, in the order of the log."""
    story = Story.load(text)
    end = story.quotes[-1].moment + 1
    with open_log(None) as log:
        world = _begun(log, "main", story, seed=0, cast="market", until=end)
        live(log, "main", world, end)
        return tuple(gap for event in log.read("main") if (gap := _gap(event)) is not None)


def _gap(event: Event) -> Gap | None:
    fact = event.fact
    if not isinstance(fact, Residual):
        return None
    return Gap(
        moment=event.moment,
        asset=fact.asset,
        market=fact.market,
        sector=fact.sector,
        own=fact.own,
        issued=fact.issued,
        beside_news=fact.beside_news,
        gap=fact.gap,
        value=fact.value,
    )
