"""Evidence by which claims are judged: figures of a history as it was lived, and of its arms over members."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

from attrs import define

from events.books.accounts import posted
from events.event import Event
from narrative.analysis.belief_spans import belief_spans
from narrative.analysis.collapse import totals
from narrative.analysis.ends import kept_by
from narrative.analysis.history import History, opening_of, story_of
from narrative.books.table import TABLE
from narrative.engine.run import world_at
from narrative.story.cast import parts
from narrative.story.model import Story, Thresholds, thresholds_of
from narrative.weighing.crew import ALONE, Hands, Told
from narrative.weighing.crowd import crowded
from narrative.weighing.draws import EVERY, Ranges, ranged
from narrative.weighing.ensemble import Member
from narrative.weighing.judging import Bound, Estimate
from narrative.weighing.mirrored import mirrored
from narrative.weighing.paired import BASE, OWN, Arms, lived
from narrative.weighing.portrait import IMPACT, pictured, realised
from narrative.weighing.severed import severed
from narrative.weighing.simulacrum import game_of
from narrative.weighing.struck import Tried, kinds, struck
from narrative.weighing.tails import Cut, cut, supposed
from narrative.whatif.prepared import prepared, what_if_file
from narrative.whatif.request import file_page, request


@define(slots=False)
class Evidence:
    """A history, and what is read off it or lived to judge claims; a figure is made when it is first asked.

    `at` is the moment at which shocks come, `until` that to which everything is lived; `folder` is the
    story's, where its prepared what-ifs lie; `switches` are those that are lived, `shocks` the first words of
    the kinds that are tried, all if empty. `members` are given where others than seeds and
    draws over every range are to be lived.
    """

    found: History
    folder: Path | None
    at: int
    until: int
    seeds: Sequence[int]
    draws: int = 0
    hands: Hands = ALONE
    told: Told | None = None
    switches: Sequence[str] = ()
    shocks: Sequence[str] = ()
    beside: "Evidence | None" = None
    points: Sequence[Member] | None = None

    @cached_property
    def story(self) -> Story:
        """The story that the history tells."""
        return story_of(self.found)

    @property
    def acting(self) -> bool:
        """Whether everybody plays: with the market alone neither chance nor a parameter changes much."""
        return opening_of(self.found).cast == "full"

    @property
    def last_day(self) -> str:
        """The day to which everything is lived."""
        return self.story.calendar.day(self.until)

    @cached_property
    def names(self) -> dict[str, str]:
        """The name of each actor, by its id."""
        return {actor.id: actor.name for actor in self.story.actors}

    @property
    def thresholds(self) -> Thresholds:
        """The figures by which claims are judged: the story's, or the usual ones."""
        return thresholds_of(self.story)

    @property
    def playing(self) -> set[str]:
        """The processes that play."""
        return {part.process for part in parts(self.story, opening_of(self.found).cast)}

    @cached_property
    def ranges(self) -> Ranges:
        """The ranges that are drawn over: of all that is read, but how much of what news leaves open is kept,
        of which both ends are lived.
        """
        every = ranged(self.story, self.playing, [EVERY])
        return {name: span for name, span in every.items() if name.partition(".")[0] != OWN}

    @cached_property
    def members(self) -> Sequence[Member]:
        """The seeds, and the draws by some of them."""
        return crowded(self.seeds, self.ranges, self.draws) if self.points is None else self.points

    @cached_property
    def events(self) -> list[Event]:
        """Every event of the history."""
        return list(self.found.log.read(self.found.branch))

    @cached_property
    def end(self) -> int:
        """The last moment that was lived."""
        return self.found.log.head(self.found.branch).lived or self.events[-1].moment

    def switch(self, names: Sequence[str]) -> str | None:
        """The first of some prepared what-ifs that the story has."""
        known = prepared(self.folder) if self.folder is not None else {}
        return next((name for name in names if name in known), None)

    # --- lived ------------------------------------------------------------------------------------

    @cached_property
    def arms(self) -> Arms:
        """The arms of all switches over the members, from the opening on. With the market alone, the history
        as it was lived and nothing else.
        """
        if not self.acting:
            return self._as_lived()
        before = self._cut(self.story.start)
        asked = {name: request(file_page(what_if_file(name, self.folder))) for name in self.switches}
        return lived(
            before,
            {name: supposed(before, one) for name, one in asked.items()},
            self.members,
            ends=kept_by(self.found) is not None,
            hands=self.hands,
            told=self.told,
        )

    def _as_lived(self) -> Arms:
        world = world_at(self.found.log, self.found.branch)
        listed = frozenset(actor.id for actor in self.story.actors if actor.listed)
        row = pictured(world, self.events, list(totals(self.events, listed, self.end)), self.end)
        impact = next((one for one in self.story.parameters if one.name == IMPACT), None)
        rows, members = [row], [Member(seed=opening_of(self.found).seed)]
        for draw, value in enumerate(() if impact is None else (impact.low, impact.high), 1):
            rows.append({**row, **dict(realised(world, self.end, value))})
            members.append(Member(seed=members[0].seed, draw=draw, set={IMPACT: value}))
        return Arms(members=members, rows={BASE: rows}, alone=True)

    @cached_property
    def tried(self) -> tuple[Sequence[Tried], Mapping[str, str]]:
        """The kinds of shock that are tried, and why each other one is not."""
        return kinds(self._cut(self.at), self.shocks)

    @cached_property
    def struck(self) -> Arms | None:
        """Members under each kind of shock; None where the story does not say what breaks it."""
        if not self.acting or self.story.collapses is None:
            return None
        return struck(self._cut(self.at), self.tried[0], self.members, hands=self.hands, told=self.told)

    @cached_property
    def severed(self) -> Arms | None:
        """Members with each link broken."""
        if not self.acting:
            return None
        return severed(self._cut(self.at), self.members, hands=self.hands, told=self.told)

    def _cut(self, at: int) -> Cut:
        return cut(self.found, at, self.until)

    @cached_property
    def made(self) -> Arms | None:
        """Members, each with the parts that narratives, the central bank, algorithms and output make."""
        if not self.acting:
            return None
        game = game_of(self.found, self.until, self.playing)
        return mirrored(game, self.members, self.hands, self.told)

    @cached_property
    def other(self) -> Arms | None:
        """The arms of the history beside this one, where there is one."""
        return None if self.beside is None else self.beside.arms

    # --- read off the history ---------------------------------------------------------------------

    @cached_property
    def unearned(self) -> Estimate | None:
        """The part of the highest values' rise on record that results up to a year later do not account for,
        over companies by value; from the least to the most that the figures allow.
        """
        world = world_at(self.found.log, self.found.branch)
        spans = belief_spans(world, self.events, self.end)
        known = [one["claim"] for one in spans.values() if one["claim"] is not None]
        whole = sum(one["top"] for one in known)
        if not whole:
            return None
        low, high = (sum(one[end] * one["top"] for one in known) / whole for end in ("low", "high"))
        middle = (low + high) / 2
        bound = Bound(over="figures", end="", of=len(known), value=middle, low=low, high=high)
        return Estimate(middle, low, high, (bound,))

    @cached_property
    def cash_of_words(self) -> int | None:
        """The cash that announcements moved themselves, in smallest units; None where there are none."""
        words = [event.fact for event in self.events if event.kind == "Announcement"]
        moved = [
            sum(abs(n) for a, _, n in posted(TABLE.rows("Announcement"), f) if a == "cash") for f in words
        ]
        return sum(moved) if words else None
