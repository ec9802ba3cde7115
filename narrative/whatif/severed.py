"""One broken link, and what it costs others beyond what the loss of its two ends would have cost them anyway.

The placebo is a fall of the two ends' own prices by as much as they lose when the link is gone: it says what
a fall of that size does by itself. What others lose more is the link's doing.
"""

from collections.abc import Sequence
from typing import Any

from attrs import asdict, frozen

from narrative.analysis.collapse import of
from narrative.story.supposition import Supposed
from narrative.whatif.crew import ALONE, Failed, Hands, Told
from narrative.whatif.dials import pairs
from narrative.whatif.fragility import story_at
from narrative.whatif.judging import averaged
from narrative.whatif.request import flags_page, request
from narrative.whatif.tails import Cut, Tail, supposed, tail

LEAST = 0.001  # a loss of less is no fall to be matched


@frozen
class Loss:
    """Costs of a link in one seed, as parts of what listed actors are worth together at the end without the
    break: in all, others than its ends, and others in the placebo.
    """

    total: float
    others: float
    placebo: float


@frozen
class Job:
    """One seed of a cut history, in which each of some links is broken."""

    before: Cut
    links: Sequence[tuple[str, str]]
    seed: int


def severed(
    before: Cut, seeds: Sequence[int], hands: Hands = ALONE, told: Told | None = None
) -> tuple[list[dict[str, Any]], list[Failed]]:
    """Each link of a story among those that collapse is about, broken just after a cut: what it costs, the
    costliest first, as plain data; and the seeds that failed, which count nowhere.
    """
    story = story_at(before)
    meant = of(story)
    links = [pair for pair in pairs(story) if meant.issuperset(pair)]
    rows, failed = hands.by_seed(_losses, [Job(before, links, seed) for seed in seeds], told)
    found = [
        {
            "link": f"{giver}->{taker}",
            "total": asdict(averaged([row[place].total for row in rows])),
            "others": asdict(averaged([row[place].others for row in rows])),
            "excess": asdict(averaged([row[place].others - row[place].placebo for row in rows])),
        }
        for place, (giver, taker) in enumerate(links)
    ]
    return sorted(found, key=lambda one: -one["total"]["value"]), failed


def _losses(job: Job) -> list[Loss]:
    calm = tail(job.before, seed=job.seed)
    return [_loss(job.before, calm, pair, job.seed) for pair in job.links]


def _loss(before: Cut, calm: Tail, pair: tuple[str, str], seed: int) -> Loss:
    listed = [actor.id for actor in story_at(before).actors if actor.listed]
    others = [name for name in listed if name not in pair]
    whole = sum(calm.end[name] or 0 for name in listed)
    broken = tail(before, _asked(before, [f"link {'->'.join(pair)} off"]), seed)
    falls = {name: _lost(calm, broken, [name], calm.end[name] or 0) for name in pair if calm.end.get(name)}
    shocks = [f"{name} -{100 * part:.3f}%" for name, part in falls.items() if LEAST < part < 1.0]
    placebo = tail(before, _asked(before, shocks), seed) if shocks else calm
    return Loss(
        _lost(calm, broken, listed, whole),
        _lost(calm, broken, others, whole),
        _lost(calm, placebo, others, whole),
    )


def _lost(calm: Tail, other: Tail, names: Sequence[str], whole: int) -> float:
    gap = sum((calm.end[name] or 0) - (other.end[name] or 0) for name in names)
    return gap / whole if whole else 0.0


def _asked(before: Cut, shocks: Sequence[str]) -> Supposed:
    return supposed(before, request(None, flags_page(shock=list(shocks))))
