"""Doubt: which of a story's assumptions a figure, or the effect of a supposition on it, hangs on."""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from statistics import mean
from typing import Any

from attrs import frozen

from events.errors import Wrong
from narrative.analysis.history import History, opening_of, story_of
from narrative.analysis.verdicts import DOUBT
from narrative.story.cast import parts
from narrative.story.faults import did_you_mean
from narrative.weighing.claims import CLAIMS, Claim
from narrative.weighing.contested import contested
from narrative.weighing.crew import Crew, Hands, Told, hired
from narrative.weighing.draws import Ranges, ranged
from narrative.weighing.ensemble import BASE, MONEY, Arm, Member, check_seeds, measures
from narrative.weighing.indices import morris, sobol
from narrative.weighing.judged import Asked, evidence_of
from narrative.weighing.paired import gathered
from narrative.weighing.spared import Row, sparing
from narrative.weighing.tails import Cut, tail

METHODS = ("tornado", "morris", "sobol")
MEASURES = (*MONEY, "fall", "collapsed", "defaults", "events")
Points = Sequence[Mapping[str, float]]


@frozen
class Value:
    """A figure at a point of the ranges; of a claim the verdict that it leans to, too."""

    figure: float
    verdict: str | None = None


Valued = Callable[[Points], Sequence[Value]]


class BadDoubt(Wrong):
    """A figure or a method that there is not."""


@frozen(kw_only=True)
class Doubting:
    """A doubt: a measure over so many seeds, by a method with so many samples, over which ranges."""

    measure: str = "end"
    method: str = "tornado"
    seeds: int = 3
    samples: int = 8
    over: Sequence[str] = ("ranges",)

    @property
    def claim(self) -> Claim | None:
        """The claim whose figure is doubted; None where it is a measure."""
        return next((one for one in CLAIMS if one.id == self.measure), None)

    def check(self, *, drawn: bool = False) -> None:
        """Raises BadDoubt or BadEnsemble for what could not be worked out, or `drawn`."""
        check_seeds(self.seeds)
        for what, name, known in (
            ("measure", self.measure, (*MEASURES, *(one.id for one in CLAIMS))),
            ("method", self.method, METHODS),
        ):
            if name not in known:
                remedy = did_you_mean(name, known, f"There are {', '.join(known)}.")
                raise BadDoubt(f"There is no {what} {name}. {remedy}")
        if drawn and self.method != METHODS[0]:
            raise BadDoubt(
                f"A picture is drawn of a {METHODS[0]}, and {self.method} gives none. Leave one of them out."
            )
        if self.samples < 2:
            raise BadDoubt(f"{self.samples} samples tell nothing of a range. Ask for 2 or more.")


def doubted(
    found: History,
    before: Cut,
    arms: Sequence[Arm],
    asked: Doubting,
    crew: Crew,
    told: Told | None = None,
) -> dict[str, Any]:
    """How a measure at the end of the tails of a cut, or an arm's mean effect on it over paired seeds, moves
    with each parameter: what moves it most comes first. Raises BadDoubt, BadRange, NoIndices.
    """
    with hired(crew) as hands, sparing(found, DOUBT, hands):
        weighed = _weighed(found, asked, lambda points: _figures(before, arms, asked, points, hands, told))
    iso = story_of(found).calendar.iso
    head = {"at": iso(before.at), "until": iso(before.until), "question": arms[-1].supposed.question}
    return {**weighed, **head, "money": asked.measure in MONEY}


def doubted_claim(
    found: History, asked: Doubting, judging: Asked, crew: Crew, told: Told | None = None
) -> dict[str, Any]:
    """How the figure of a claim moves with each parameter, and which of them flips the verdict that its mean
    alone leans to. Raises BadDoubt where it is untested, BadRange, NoIndices.
    """
    claim = asked.claim
    assert claim is not None  # who asks has looked

    def valued(points: Points) -> Sequence[Value]:
        evidence = evidence_of(found, judging, hands, told)
        values = contested(evidence, claim, points)
        why = next((one for one in values if isinstance(one, str)), None)
        if why is not None:
            raise BadDoubt(f"{claim.id} is untested at some point of the ranges. {why}")
        return [Value(*one) for one in values if not isinstance(one, str)]

    with hired(crew) as hands, sparing(found, DOUBT, hands):
        weighed = _weighed(found, asked, valued)
    story = story_of(found)
    ends = {"at": story.calendar.iso(story.start), "until": story.calendar.iso(story.until)}
    return {**weighed, **ends, "question": claim.words, "money": False}


def _weighed(found: History, asked: Doubting, valued: Valued) -> dict[str, Any]:
    asked.check()
    story = story_of(found)
    playing = {part.process for part in parts(story, opening_of(found).cast)}
    ranges = ranged(story, playing, asked.over)
    if not ranges:
        raise BadDoubt("No parameter that is read here has a range, so there is nothing to doubt.")
    central, told = _told(asked, ranges, valued)
    by = {"tornado": "swing", "morris": "steps", "sobol": "whole"}[asked.method]
    rows = [
        {"parameter": name, "low": ranges[name][0], "high": ranges[name][1], **told[name]}
        for name in sorted(ranges, key=lambda name: (-told[name][by], name))
    ]
    return {
        **story.money.plain,
        "story": story.id,
        "branch": found.branch,
        "measure": asked.measure,
        "method": asked.method,
        "seeds": asked.seeds,
        "central": central.figure,
        "verdict": central.verdict,
        "parameters": rows,
    }


def _told(asked: Doubting, ranges: Ranges, valued: Valued) -> tuple[Value, dict[str, dict[str, Any]]]:
    """The figure under the values in force, and by parameter what the method says of it."""
    if asked.method != "tornado":
        (central,) = valued([{}])
        indices = morris if asked.method == "morris" else sobol
        return central, indices(ranges, asked.samples, lambda points: [one.figure for one in valued(points)])
    central, *ends = valued([{}, *_ends(ranges)])
    pairs = zip(ends[::2], ends[1::2], strict=True)  # two points a parameter
    return central, {name: _moved(central, *pair) for name, pair in zip(ranges, pairs, strict=True)}


def _ends(ranges: Mapping[str, tuple[float, float]]) -> list[dict[str, float]]:
    return [{name: value} for name, span in ranges.items() for value in span]


def _moved(central: Value, low: Value, high: Value) -> dict[str, Any]:
    """A bar of the tornado. It flips where a claim leans to another verdict at an end; where the figure is a
    measure's, if it has the other sign there, or none.
    """
    was, ends = central.figure, (low.figure, high.figure)
    told = {"at_low": low.figure, "at_high": high.figure, "swing": max(abs(one - was) for one in ends)}
    if central.verdict is None:
        return {**told, "flips": any(was * one <= 0 for one in ends) and was != 0}
    flips = {low.verdict, high.verdict} != {central.verdict}
    return {**told, "flips": flips, "verdict_low": low.verdict, "verdict_high": high.verdict}


def _figures(
    before: Cut, arms: Sequence[Arm], asked: Doubting, points: Points, hands: Hands, told: Told | None
) -> list[Value]:
    """The figure at each point: the mean over seeds, of the effect where something is supposed. Raises
    BadDoubt where a member failed, as a mean over others would be of another chance.
    """
    seeds = range(1, asked.seeds + 1)
    crowd = [Member(seed=seed, draw=draw, set=point) for draw, point in enumerate(points) for seed in seeds]
    lived = gathered(partial(_member, before, arms, asked.measure), crowd, hands, told)
    if lived.failed:
        member, why = lived.failed[0]
        raise BadDoubt(f"Seed {member.seed} failed with {dict(member.set)}: {why}")
    found = [row[asked.measure] for row in lived.rows[arms[-1].name]]
    if len(arms) > 1:
        found = [one - row[asked.measure] for one, row in zip(found, lived.rows[BASE], strict=True)]
    size = asked.seeds
    return [Value(mean(found[i : i + size])) for i in range(0, len(found), size)]


def _member(before: Cut, arms: Sequence[Arm], measure: str, member: Member) -> dict[str, Row]:
    """A measure of all actors together in each arm; nothing where it cannot be known."""
    tails = {arm.name: tail(before, arm.under(member), member.seed) for arm in arms}
    return {name: {measure: measures(found).get((measure, None)) or 0.0} for name, found in tails.items()}
