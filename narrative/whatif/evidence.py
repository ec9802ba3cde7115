"""Evidence by which claims are judged: figures of a history as it was lived, and of its arms over seeds."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from math import expm1
from pathlib import Path
from typing import Any

from attrs import define, field

from events.books.accounts import posted
from events.event import OUTSIDE, Event
from events.facts import Issue
from narrative.analysis.belief_spans import belief_spans
from narrative.analysis.collapse import totals
from narrative.analysis.ends import kept_by
from narrative.analysis.history import History, opening_of, story_of
from narrative.analysis.measures.measuring import measured
from narrative.books.table import TABLE
from narrative.engine.run import world_at
from narrative.whatif.crew import ALONE, Failed, Hands, Told
from narrative.whatif.critical import wilson
from narrative.whatif.fragility import fragilities
from narrative.whatif.judging import Estimate
from narrative.whatif.paired import BASE, Arms, lived
from narrative.whatif.prepared import prepared, what_if_file
from narrative.whatif.request import file_page, request
from narrative.whatif.severed import severed
from narrative.whatif.tails import Cut, cut, supposed

LINK_SEEDS = 10  # each takes two tails a link


@define(slots=False)
class Evidence:
    """A history, and what is read off it or lived to judge claims; a figure is made when it is first asked.

    `at` is the moment at which shocks come; `folder` is the story's, where its prepared what-ifs lie.
    """

    found: History
    folder: Path | None
    at: int
    seeds: Sequence[int]
    hands: Hands = ALONE
    told: Told | None = None
    switches: Sequence[str] = ()
    lost: list[Failed] = field(factory=list)  # seeds of which nothing came, and which count nowhere

    @property
    def acting(self) -> bool:
        """Whether everybody plays: with the market alone neither chance nor a parameter changes much."""
        return opening_of(self.found).cast == "full"

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

    @cached_property
    def arms(self) -> Arms:
        """The arms of all switches over the seeds, from the opening on."""
        if not self.acting:
            return {}
        story = story_of(self.found)
        before = cut(self.found, story.start, story.until)
        asked = {name: request(file_page(what_if_file(name, self.folder))) for name in self.switches}
        arms, failed = lived(
            before,
            {name: supposed(before, one) for name, one in asked.items()},
            self.seeds,
            ends=kept_by(self.found) is not None,
            hands=self.hands,
            told=self.told,
        )
        self.lost += failed
        return arms

    # --- read off the history ---------------------------------------------------------------------

    @cached_property
    def unearned(self) -> Estimate | None:
        """The part of the highest values' rise that results up to a year later do not account for, over
        companies by value; from the least to the most that the figures allow.
        """
        world = world_at(self.found.log, self.found.branch)
        spans = belief_spans(world, self.events, self.end)
        known = [one["claim"] for one in spans.values() if one["claim"] is not None]
        whole = sum(one["top"] for one in known)
        if not whole:
            return None
        low, high = (sum(one[end] * one["top"] for one in known) / whole for end in ("low", "high"))
        return Estimate((low + high) / 2, low, high)

    @cached_property
    def cash_of_words(self) -> int | None:
        """The cash that announcements moved themselves, in smallest units; None where there are none."""
        words = [event.fact for event in self.events if event.kind == "Announcement"]
        moved = [
            sum(abs(n) for a, _, n in posted(TABLE.rows("Announcement"), f) if a == "cash") for f in words
        ]
        return sum(moved) if words else None

    @cached_property
    def circle(self) -> Mapping[str, Any] | None:
        """The part of all payments that went round, beside random rewirings; None where nothing was paid."""
        position = self.found.log.head(self.found.branch).position
        found = measured(self.found, "circularity", position, self.end)
        paid = next(one for one in found["rungs"] if one["rung"] == "paid")
        return paid if paid["gross"] and paid["chance"] is not None else None

    @cached_property
    def in_shares(self) -> tuple[Estimate, float] | None:
        """The part of deals paid in a company's own shares or warrants that came after half of the rise, and
        the part of time that did; None where nobody paid so.
        """
        listed = frozenset(actor.id for actor in story_of(self.found).actors if actor.listed)
        closes = list(totals(self.events, listed, self.end))
        moments = [e.moment for e in self.events if isinstance(e.fact, Issue) and e.fact.holder != OUTSIDE]
        if not moments or not closes:
            return None
        half = (closes[0][1] + max(total for _, total in closes)) / 2
        risen = next((close for close, total in closes if total >= half), self.end)
        start = self.events[0].moment
        found = wilson(sum(moment >= risen for moment in moments), len(moments))
        return Estimate(found.value, found.low, found.high), (self.end - risen) / (self.end - start)

    @cached_property
    def realised(self) -> Estimate | None:
        """The part of their mark that holders of large stakes would get, each selling all of it at once, by
        impact alone: (1 - exp(-x)) / x of x = impact times the part of all shares; over the range of impact.
        """
        world = world_at(self.found.log, self.found.branch)
        impact = next((one for one in world.story.parameters if one.name == "impact"), None)
        blocks: list[tuple[float, float]] = []
        for key, shares in sorted(world.fold.state["stake"].items()):
            holder, _, asset = key.partition("/")
            price, value = world.readings.price(asset, self.end), world.readings.value(asset, self.end)
            if holder != OUTSIDE and shares > 0 and price is not None and value:
                mark = float(price * shares)
                blocks.append((mark, min(mark / value, 1.0)))
        if impact is None or not blocks:
            return None
        return Estimate(*(_realised(blocks, one) for one in (impact.value, impact.high, impact.low)))

    # --- lived ------------------------------------------------------------------------------------

    def failed(self, switch: str) -> Estimate | None:
        """The part of seeds in which somebody fails under a switch."""
        rows = self.arms.get(switch)
        if not rows:
            return None
        found = wilson(round(sum(row["failed"] for row in rows)), len(rows))
        return Estimate(found.value, found.low, found.high)

    @cached_property
    def delivered(self) -> Sequence[float] | None:
        """By seed, what was delivered of all that was committed to."""
        rows = [*self.arms.get(BASE, ()), *self.arms.get(f"{BASE}|own", ())]
        known = [row["delivered"] / row["committed"] for row in rows if row["committed"] > 0]
        return known or None

    @cached_property
    def fragility(self) -> Mapping[str, Any] | None:
        """How large a shock breaks it, by kind; None where the story does not say what breaks it."""
        if not self.acting or story_of(self.found).collapses is None:
            return None
        found = fragilities(
            self.found, [self.at], shocks=(), seeds=len(self.seeds), hands=self.hands, told=self.told
        )
        self.lost += [Failed(one["seed"], one["error"]) for one in found["failed"]]
        return found

    @cached_property
    def links(self) -> list[dict[str, Any]]:
        """The cost of each link when it breaks, the costliest first."""
        if not self.acting:
            return []
        story = story_of(self.found)
        links, failed = severed(self._cut(story.until), self.seeds[:LINK_SEEDS], self.hands, self.told)
        self.lost += failed
        return links

    def _cut(self, until: int) -> Cut:
        return cut(self.found, self.at, until)


def _realised(blocks: Sequence[tuple[float, float]], impact: float) -> float:
    whole = sum(mark for mark, _ in blocks)
    return sum(mark * _part(impact * of) for mark, of in blocks) / whole


def _part(times: float) -> float:
    return -expm1(-times) / times if times else 1.0
