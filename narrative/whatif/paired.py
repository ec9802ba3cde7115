"""Arms of a history over seeds: each seed lived on from one cut as it stands and under each supposition.

The arms of a seed share its chance, so that what differs is the supposition's doing. Of recorded prices each
arm is lived at both ends of what news leaves open: with each asset's own share of it, and without.
"""

from collections.abc import Mapping, Sequence

from attrs import evolve, frozen

from narrative.story.supposition import Supposed
from narrative.whatif.crew import ALONE, Failed, Hands, Told
from narrative.whatif.fragility import drop
from narrative.whatif.judging import Estimate, averaged, both
from narrative.whatif.tails import Cut, Tail, tail

BASE = ""  # the arm that supposes nothing
OWN = "residual_own"
Row = Mapping[str, float]  # what is measured of one arm
Arms = Mapping[str, Sequence[Row]]  # by arm, a row a seed; the arms of the other end as ``name|own``


def lived(
    before: Cut,
    arms: Mapping[str, Supposed],
    seeds: Sequence[int],
    *,
    ends: bool,
    hands: Hands = ALONE,
    told: Told | None = None,
) -> tuple[dict[str, list[Row]], list[Failed]]:
    """Every arm over all seeds, the base among them, with both `ends` where prices are recorded; and the
    seeds that failed, which are in no arm.
    """
    all_arms = {BASE: Supposed(), **arms}
    if ends:
        all_arms |= {
            f"{name}|own": evolve(one, set={**one.set, OWN: 0.0}) for name, one in tuple(all_arms.items())
        }
    rows, failed = hands.by_seed(_lived, [Job(before, all_arms, seed) for seed in seeds], told)
    return {name: [row[name] for row in rows] for name in all_arms}, failed


@frozen
class Job:
    """One seed of a cut history, to be lived in every arm."""

    before: Cut
    arms: Mapping[str, Supposed]
    seed: int


def _lived(job: Job) -> dict[str, Row]:
    return {name: measured(tail(job.before, one, job.seed)) for name, one in job.arms.items()}


def measured(found: Tail) -> dict[str, float]:
    """Measures of a tail that claims ask for. Money in smallest units, falls as parts of one."""
    sums = found.sums
    return {
        "peak": float(max(found.total)),
        "fall": drop(found),
        "financed": float(sums["raised"] + sums["borrowed"]),
        "ordered": float(sums["ordered"]),
        "revenue": float(sums["revenue"]),
        "committed": float(sums["committed"]),
        "delivered": float(sums["delivered"]),
        "failed": float(sums["defaults"] > 0),
    }


def adds(arms: Arms, switch: str, measure: str) -> Estimate | None:
    """The part of a measure that comes of the thing which a switch takes away: paired,
    over seeds, and at both ends where they were lived. None where the switch was not lived.
    """
    found = []
    for end in ("", "|own"):
        rows, others = arms.get(f"{BASE}{end}"), arms.get(f"{switch}{end}")
        if rows is None or others is None:
            continue
        base = sum(row[measure] for row in rows) / len(rows)
        gaps = [row[measure] - other[measure] for row, other in zip(rows, others, strict=True)]
        found.append(averaged([gap / base if base else gap for gap in gaps]))
    return both(*found) if found else None


def adds_plainly(arms: Arms, switch: str, measure: str) -> Estimate | None:
    """The difference that a switch makes, in the measure's own unit, as of falls, which are parts already."""
    found = [
        averaged([row[measure] - other[measure] for row, other in zip(rows, others, strict=True)])
        for end in ("", "|own")
        if (rows := arms.get(f"{BASE}{end}")) is not None
        and (others := arms.get(f"{switch}{end}")) is not None
    ]
    return both(*found) if found else None
