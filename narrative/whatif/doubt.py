"""Doubt: which of a story's assumptions a figure, or the effect of a supposition on it, hangs on."""

from collections.abc import Mapping, Sequence
from statistics import mean
from typing import Any

from attrs import frozen

from events.errors import Wrong
from narrative.analysis.history import History, opening_of, story_of
from narrative.engine.run import Progress
from narrative.story.cast import parts
from narrative.story.faults import did_you_mean
from narrative.whatif.crew import Crew, Hands, Lost, hired
from narrative.whatif.draws import Ranges, ranged
from narrative.whatif.ensemble import BASE, MONEY, Arm, Member, Outcome, check_seeds, divided, lived, lost
from narrative.whatif.indices import Figure, morris, sobol
from narrative.whatif.tails import Cut
from narrative.whatif.tally import Tally

METHODS = ("tornado", "morris", "sobol")
MEASURES = (*MONEY, "fall", "collapsed", "defaults", "events")


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

    def check(self, *, drawn: bool = False) -> None:
        """Raises BadDoubt or BadEnsemble for what could not be worked out, or `drawn`."""
        check_seeds(self.seeds)
        for what, name, known in (("measure", self.measure, MEASURES), ("method", self.method, METHODS)):
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
    progress: Progress | None = None,
) -> dict[str, Any]:
    """How a measure at the end of the tails of a cut, or an arm's mean effect on it over paired seeds, moves
    with each parameter: what moves it most comes first. Raises BadDoubt, BadRange, NoIndices.
    """
    asked.check()
    story = story_of(found)
    playing = {part.process for part in parts(story, opening_of(found).cast)}
    ranges = ranged(story, playing, asked.over)
    if not ranges:
        raise BadDoubt("No parameter that is read here has a range, so there is nothing to doubt.")

    with hired(crew) as hands:
        central, told = _told(
            asked, ranges, lambda points: _figures(before, arms, asked, points, hands, progress)
        )
    by = {"tornado": "swing", "morris": "steps", "sobol": "whole"}[asked.method]
    rows = [
        {"parameter": name, "low": ranges[name][0], "high": ranges[name][1], **told[name]}
        for name in sorted(ranges, key=lambda name: (-told[name][by], name))
    ]
    iso = story.calendar.iso
    return {
        **story.money.plain,
        "story": story.id,
        "branch": found.branch,
        "at": iso(before.at),
        "until": iso(before.until),
        "question": arms[-1].supposed.question,
        "measure": asked.measure,
        "money": asked.measure in MONEY,
        "method": asked.method,
        "seeds": asked.seeds,
        "central": central,
        "parameters": rows,
    }


def _told(asked: Doubting, ranges: Ranges, figure: Figure) -> tuple[float, dict[str, dict[str, Any]]]:
    """The figure under the values in force, and by parameter what the method says of it."""
    if asked.method != "tornado":
        (central,) = figure([{}])
        return central, (morris if asked.method == "morris" else sobol)(ranges, asked.samples, figure)
    central, *ends = figure([{}, *_ends(ranges)])
    pairs = zip(ends[::2], ends[1::2], strict=True)  # two points a parameter
    return central, {name: _moved(central, *pair) for name, pair in zip(ranges, pairs, strict=True)}


def _ends(ranges: Mapping[str, tuple[float, float]]) -> list[dict[str, float]]:
    return [{name: value} for name, span in ranges.items() for value in span]


def _moved(central: float, low: float, high: float) -> dict[str, Any]:
    """A bar of the tornado. It flips where the figure has the other sign, or none, at an end."""
    flips = any(central * one <= 0 for one in (low, high)) and central != 0
    swing = max(abs(low - central), abs(high - central))
    return {"at_low": low, "at_high": high, "swing": swing, "flips": flips}


def _figures(
    before: Cut,
    arms: Sequence[Arm],
    asked: Doubting,
    points: Sequence[Mapping[str, float]],
    hands: Hands,
    progress: Progress | None,
) -> list[float]:
    """The figure at each point: the mean over seeds, of the effect where something is supposed. Raises
    BadDoubt where a member failed, as a mean over others would be of another chance.
    """
    seeds = range(1, asked.seeds + 1)
    crowd = [Member(seed=seed, draw=draw, set=point) for draw, point in enumerate(points) for seed in seeds]
    works = divided(before, arms, crowd)
    tally = Tally(arms=arms, members=crowd)

    def tick() -> None:
        if progress is not None:
            progress(tally.done, tally.events, len(crowd) * len(arms))

    def done(place: int, found: list[Outcome] | Lost) -> None:
        tally.take(lost(works[place], found.said) if isinstance(found, Lost) else found)
        tick()

    hands.work(lived, works, done, tick)
    if tally.failed:
        one = tally.failed[0]
        raise BadDoubt(f"Seed {one.member.seed} failed with {dict(one.member.set)}: {one.failed}")
    last = arms[-1].name

    def one_of(member: Member) -> float:
        value = tally.value(last, member, asked.measure)
        return value if last == BASE else value - tally.value(BASE, member, asked.measure)

    size = asked.seeds
    return [mean(map(one_of, crowd[i : i + size])) for i in range(0, len(crowd), size)]
