"""Crowds: the seeds, and the draws over ranges of assumptions, by which claims are judged.

Some seeds are lived under the values in force: they say what chance does. Each draw is lived by a few of
the same seeds, so that the mean of a draw says what the assumptions do, with what chance is left in it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import inf, sqrt

from events.errors import Wrong
from narrative.analysis.effects import Level, level
from narrative.weighing.critical import wilson
from narrative.weighing.draws import Ranges, latin
from narrative.weighing.ensemble import Member
from narrative.weighing.judging import Bound

EACH = 3  # seeds by which a draw is lived
CHANCE, RANGES, LIVED = "chance", "ranges", "as lived"
Groups = Mapping[int, Sequence[float]]  # by draw, of which 0 has the values in force, a value a seed


def crowded(seeds: Sequence[int], ranges: Ranges, draws: int) -> tuple[Member, ...]:
    """Every seed under the values in force, and each of so many draws over ranges by a few of the seeds.
    Other seeds meet other draws. Raises Wrong for draws that say nothing.
    """
    if draws < 0 or draws == 1:
        many = "One draw says" if draws == 1 else f"{draws} draws say"
        raise Wrong(f"{many} nothing of ranges. Ask for 2 or more, or for 0 and chance alone.")
    known = [Member(seed=seed) for seed in seeds]
    points = latin(ranges, draws, seeds[0] - 1) if ranges else []
    each = min(EACH, len(seeds))
    drawn = [
        Member(seed=seeds[(place * each + turn) % len(seeds)], draw=place + 1, set=point)
        for place, point in enumerate(points)
        for turn in range(each)
    ]
    return (*known, *drawn)


def grouped(members: Sequence[Member], values: Iterable[float | None]) -> dict[int, list[float]]:
    """Values of members by draw; a member of which there is none is left out."""
    found: dict[int, list[float]] = defaultdict(list)
    for member, value in zip(members, values, strict=True):
        if value is not None:
            found[member.draw].append(value)
    return dict(found)


def bounded(
    groups: Groups, *, end: str = "", counted: bool = False, drawn: bool | None = None, exact: bool = False
) -> list[Bound]:
    """The bounds of a figure: over chance the 95 % interval of its mean at the values in force (Student's, or
    Wilson's of what is `counted`), over ranges the values between which 95 % of further draws would lie, by
    their means. Where draws were asked for (`drawn`, by default where there are any) and fewer than two know
    it, nothing bounds it. Of what is `exact` the mean is left to no chance.
    """
    found = []
    if known := groups.get(0):
        found.append(_exactly(sum(known) / len(known)) if exact else _by_chance(known, end, counted=counted))
    means = [sum(group) / len(group) for draw, group in sorted(groups.items()) if draw]
    if means if drawn is None else drawn:
        middle = sum(means) / len(means) if means else 0.0
        whole = level(means) if len(means) > 1 else None
        low, high = (-inf, inf) if whole is None else _further(whole)
        low, high = (max(low, 0.0), min(high, 1.0)) if counted else (low, high)
        found.append(Bound(over=RANGES, end=end, of=len(means), value=middle, low=low, high=high))
    return found


def _further(found: Level) -> tuple[float, float]:
    """Between which 95 % of further values lie: Student's interval of prediction, which is the wider the
    fewer there are, and no less than what 95 % of these lie between.
    """
    reach = 0.0 if found.high is None else (found.high - found.mean) * sqrt(found.members + 1)
    return min(found.least, found.mean - reach), max(found.most, found.mean + reach)


def _by_chance(known: Sequence[float], end: str, *, counted: bool) -> Bound:
    if counted:
        part = wilson(round(sum(known)), len(known))
        return Bound(over=CHANCE, end=end, of=len(known), value=part.value, low=part.low, high=part.high)
    found = level(known)
    low, high = (-inf if found.low is None else found.low, inf if found.high is None else found.high)
    return Bound(over=CHANCE, end=end, of=len(known), value=found.mean, low=low, high=high)


def _exactly(value: float) -> Bound:
    return Bound(over=LIVED, end="", of=1, value=value, low=value, high=value)
