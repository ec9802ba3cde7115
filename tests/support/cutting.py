"""Cutting what was lived, everywhere: at each cut a world that was only ever folded lives one moment on."""

from collections.abc import Iterator
from itertools import pairwise
from random import Random

from events.log import Log
from narrative.engine.run import Pen, live, world_at
from narrative.engine.world import World, needed, unfold
from support.lives import moments


def differing_cuts(log: Log, turns: list[int] | None = None, every: int = 1) -> list[int]:
    """Positions after which a cold world did not give the parent's next batch, of all cuts there are, or
    of one in so many.

    The parent is folded once; at each cut its world is copied, or made again from what a snapshot of it
    keeps, in turn, and lives on a fork until the parent's next moment. `turns` are the moments at which
    the parent woke somebody: what a cold world waits for must be the same, even where nobody then acted.
    """
    events = list(log.read("main"))
    wrong = []
    stands = worlds(log)
    cuts = list(pairwise(moments(log)))[::every]
    for number, ((position, now), (following, moment)) in enumerate(cuts):
        world = next(world for world in stands if world.position == position)
        cold = world.copy() if number % 2 else restored(world, log)
        name = f"cut-{position}"
        log.fork(name, "main", position)
        woken = turns is None or Pen(log, name, cold).next_due(now) == next(at for at in turns if at > now)
        live(log, name, cold, moment)
        if not woken or log.head(name).digest != events[following - 1].digest:
            wrong.append(position)
    return wrong


def worlds(log: Log) -> Iterator[World]:
    """The world after each event of main, folded and never lived; the same object every time."""
    return unfold(log.read("main"))


def restored(world: World, log: Log) -> World:
    """A world made of what a snapshot of another keeps."""
    data = world.dump()
    other = World(log.opening())
    other.restore(world.position, data, {at: log.event("main", at) for at in needed(data)})
    return other


def differing_tails(log: Log, until: int, count: int, seed: int) -> list[int]:
    """Positions, of so many chosen by chance, from which living to the end did not end as the parent."""
    wrong = []
    for position, now in Random(seed).sample(moments(log)[:-1], count):
        name = f"tail-{position}"
        log.fork(name, "main", position)
        live(log, name, world_at(log, name, snapshots=position % 2 == 0), until, since=now)
        if log.head(name).digest != log.head("main").digest:
            wrong.append(position)
    return wrong
