"""Living a history: the only file that imports simpy, and the one place that acts.

One generator a part waits on a bell, decides from the world it sees and notes its acts. One turning
process finds the least moment due over all parts, rings those that are due, and appends what they
noted: a moment is atomic. Nothing above a `yield` is read below it except the part and the pen, so
any position between moments can be lived on from.
"""

from collections.abc import Callable, Generator, Sequence
from functools import cache

import simpy

from events.event import Act, Event
from events.log import Log
from narrative.books.table import TABLE
from narrative.engine.diary import diary
from narrative.engine.memo import spoiling
from narrative.engine.opening import MODEL
from narrative.engine.player import Player, player_of
from narrative.engine.settlement import Noted, settle
from narrative.engine.world import SHAPE, World, needed
from narrative.story.cast import Part

SNAPSHOT_EVERY = 1_000
NEVER = 1 << 62

Progress = Callable[[int, int, int], None]  # (moment, events so far, moment to be reached)


class Pen:
    """Holds the world of one branch while it is lived, and appends to its log."""

    def __init__(self, log: Log, branch: str, world: World, parts: Sequence[Part] | None = None) -> None:
        self.log, self.branch, self.world = log, branch, world
        self.parts = tuple(world.parts if parts is None else parts)
        self.players = [player_of(part) for part in self.parts]
        self.events = 0
        self.moments = 0
        self._bells: list[simpy.Event | None] = [None] * len(self.parts)
        self.failed: BaseException | None = None  # what stopped a part from deciding
        self._notes: list[Noted] = []
        self._dues = [NEVER] * len(self.parts)
        self._stale = set(range(len(self.parts)))
        self._wakes = _wakes(self.players)
        self._remembered = world.position

    def bell(self, env: simpy.Environment, index: int) -> simpy.Event:
        """The event a part waits on until it is next due."""
        bell = self._bells[index] = env.event()
        return bell

    def note(self, part: Part, acts: Sequence[Act]) -> None:
        """Keep what a part decided until the moment closes."""
        self._notes += [Noted(part, index, act) for index, act in enumerate(acts)]

    def next_due(self, now: int) -> int | None:
        """The least moment after now at which anybody is due."""
        for index in self._stale:
            due = self.players[index].due(self.world, now)
            self._dues[index] = NEVER if due is None else due
        self._stale.clear()
        least = min(self._dues, default=NEVER)
        return None if least == NEVER else least

    def ring(self, now: int) -> None:
        """Wake everyone who is due now; their next due is asked for when the moment has closed."""
        for index, due in enumerate(self._dues):
            if due == now and (bell := self._bells[index]) is not None:
                self._stale.add(index)
                bell.succeed()

    def close(self, now: int) -> None:
        """Append what was noted, and let the world move on."""
        notes, self._notes = self._notes, []
        acts = settle(self.world, notes) if notes else []
        if acts:
            self.append(now, acts)

    def append(self, now: int, acts: Sequence[Act]) -> tuple[Event, ...]:
        """Append one moment's acts and step the world through them. What the books cannot hold is
        refused before it is appended: an event that no world can fold would end the history."""
        world = self.world
        for act in acts:
            for draft in act:
                world.post(draft.fact, now)
        events = self.log.append(self.branch, world.position, now, acts, lived=True)
        for event in events:
            world.step(event, posted=True)
        for kind in {event.kind for event in events}:
            self._stale.update(self._wakes.get(kind, ()))
        self.events += len(events)
        self.moments += 1
        if self.world.position - self._remembered >= SNAPSHOT_EVERY:
            self._remembered = self.world.position
            self.log.remember(self.branch, self.world.position, self.world.dump(), fingerprint())
        return events


def _living(env: simpy.Environment, index: int, pen: Pen) -> Generator[simpy.Event, None, None]:
    player = pen.players[index]
    while True:
        yield pen.bell(env, index)
        try:
            pen.note(player.part, player.decide(pen.world, int(env.now)))
        except BaseException as error:  # noqa: BLE001  # an interrupt too: a moment is whole or is not
            pen.failed = error


def _turning(
    env: simpy.Environment, pen: Pen, until: int, progress: Progress | None
) -> Generator[simpy.Event, None, None]:
    page = diary("debug", story=pen.world.story.id, branch=pen.branch)
    while (due := pen.next_due(int(env.now))) is not None and due <= until:
        yield env.timeout(due - int(env.now))
        pen.ring(due)
        yield env.timeout(0)  # they have all noted what they do
        if pen.failed is not None:
            raise pen.failed
        before = pen.world.position
        pen.close(due)
        if page is not None and pen.world.position > before:
            moment = pen.world.story.calendar.iso(due)
            page.debug(
                "moment", moment=moment, position=pen.world.position, events=pen.world.position - before
            )
        if progress is not None:
            progress(due, pen.events, until)


def live(
    log: Log,
    branch: str,
    world: World,
    until: int,
    *,
    progress: Progress | None = None,
    parts: Sequence[Part] | None = None,
    since: int | None = None,
) -> Pen:
    """Live a branch on from where its world stands, through `until`.

    `since` is the moment up to which the branch has been lived when that is later than its last
    event. `parts` are started in the order given; the order does not matter.
    """
    pen = Pen(log, branch, world, parts)
    start = max(world.moment, since if since is not None else world.moment)
    env = simpy.Environment(initial_time=start)
    iso = world.story.calendar.iso
    page = diary("info", story=world.story.id, branch=branch)
    if page is not None:
        page.info("living", moment=iso(start), position=world.position, until=iso(max(until, start)))
    for index in range(len(pen.parts)):
        env.process(_living(env, index, pen))
    env.run(until=env.process(_turning(env, pen, until, progress)))
    log.lived(branch, max(until, start))
    log.flush()
    if page is not None:
        page.info("lived", moment=iso(max(until, start)), position=world.position, events=pen.events)
    return pen


def world_at(log: Log, branch: str, position: int | None = None, *, snapshots: bool = True) -> World:
    """The world of a branch at a position (its end by default), from a snapshot or from the start."""
    end = log.head(branch).position if position is None else position
    world = World(log.opening(branch))
    kept = log.recall(branch, end, fingerprint()) if snapshots else None
    if kept is not None:
        place, data = kept
        letters = {p: log.event(branch, p) for p in needed(data)}
        world.restore(place, data, letters)
    for event in log.read(branch, world.position + 1, end):
        world.step(event)
    return world


@cache
def fingerprint() -> str:
    """A text that changes with what a snapshot depends on besides the log: table, model, a world's shape."""
    return f"{TABLE.fingerprint()}-{MODEL}-{SHAPE}"


def _wakes(players: Sequence[Player]) -> dict[str, list[int]]:
    """By kind, the parts whose `due` may change when an event of that kind is appended."""
    found: dict[str, list[int]] = {"Supposition": list(range(len(players)))}
    for index, player in enumerate(players):
        reads = player.part.reads if "unread" in player.accounts else ()
        for kind in {*spoiling(player.accounts), *reads} - {"Supposition"}:
            found.setdefault(kind, []).append(index)
    return found
