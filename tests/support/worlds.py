"""Worlds made by hand: the tiny story's four actors, and facts posted at moments of one's choosing."""

from collections.abc import Mapping, Sequence

from attrs import evolve

from events.books.accounts import posted
from events.event import Act, Draft
from events.fields import Fact
from events.log import Log, open_log
from narrative.books.table import TABLE
from narrative.engine.begin import begin
from narrative.engine.world import World
from narrative.story.cast import Part
from narrative.story.model import Entry, Parameter, Role, Standing, Story
from support.tiny import PARAMETERS, story


def assumed(**values: float) -> tuple[Parameter, ...]:
    """Parameters with values of one's choosing; a double underscore stands for the dot before an actor."""
    return tuple(
        Parameter(
            name=name.replace("__", "."),
            value=value,
            low=value,
            high=value,
            unit="-",
            reads="acting",
            source="the test",
            confidence="assumption",
        )
        for name, value in (PARAMETERS | values).items()
    )


def relation(kind: str, from_: str, to: str) -> Standing:
    return Standing(kind=kind, from_=from_, to=to)


def tale(
    parameters: Mapping[str, float],
    links: Sequence[Standing] = (),
    roles: Sequence[Role] = (),
    entries: tuple[Entry, ...] = (),
) -> Story:
    """The tiny story with other parameters, relations, cast and entries."""
    plain = story(entries)
    return evolve(
        plain,
        parameters=assumed(**parameters),
        links=tuple(links),
        cast=evolve(plain.cast, default="full", role=tuple(roles)),
    )


def began(plain: Story, seed: int = 1) -> tuple[Log, World]:
    """A history of which only the opening is written."""
    log = open_log(None)
    return log, begin(log, "main", plain, seed=seed, cast="full", until=plain.until)


def grown(plain: Story, *moments: tuple[int, Sequence[Fact]], seed: int = 1) -> World:
    """The world of a story after facts posted by hand, each moment's after the one before."""
    log, world = began(plain, seed)
    for moment, facts in moments:
        for event in log.append("main", world.position, moment, [(Draft("test", fact),) for fact in facts]):
            world.step(event)
    return world


def facts_of(acts: Sequence[Act]) -> list[list[Fact]]:
    """The facts of some acts, without who and why."""
    return [[draft.fact for draft in act] for act in acts]


def played(world: World, process: str, actor: str) -> Part:
    """The part of the world's cast that plays an actor."""
    return next(part for part in world.parts if part.name == f"{process}:{actor}")


def cash_moves(fact: Fact) -> list[tuple[str, int]]:
    """What a fact adds to which purse, by the posting table."""
    rows = [row for row in TABLE.rows(type(fact).__name__) if row.account == "cash"]
    return [(key, amount) for _, key, amount in posted(rows, fact)]
