"""One broken link, and what it costs others beyond what the loss of its two ends would have cost them anyway.

The placebo is a fall of the two ends' own prices by as much as they lose when the link is gone: it says what
a fall of that size does by itself. What others lose more is the link's doing.
"""

from collections.abc import Sequence
from functools import partial

from narrative.analysis.collapse import of
from narrative.story.supposition import Supposed
from narrative.weighing.crew import ALONE, Hands, Told
from narrative.weighing.dials import pairs
from narrative.weighing.ensemble import Member
from narrative.weighing.fragility import story_at
from narrative.weighing.paired import BASE, Arms, gathered, measured, under
from narrative.weighing.spared import Row
from narrative.weighing.tails import Cut, Tail, supposed, tail
from narrative.whatif.request import flags_page, request

LEAST = 0.001  # a loss of less is no fall to be matched


def links(before: Cut) -> list[tuple[str, str]]:
    """The links of a story among those that collapse is about, givers and takers."""
    story = story_at(before)
    meant = of(story)
    return [pair for pair in pairs(story) if meant.issuperset(pair)]


def severed(
    before: Cut, members: Sequence[Member], *, hands: Hands = ALONE, told: Told | None = None
) -> Arms:
    """Each link broken just after a cut, an arm a link by its name, `giver->taker`: its costs as parts of
    what listed actors are worth together at the end without the break. A row has the `total`, what `others`
    than its ends lose, and the `excess` of that over the placebo.
    """
    return gathered(partial(_member, before, links(before)), members, hands, told)


def _member(before: Cut, found: Sequence[tuple[str, str]], member: Member) -> dict[str, Row]:
    calm = tail(before, under(Supposed(), member), member.seed)
    return {BASE: measured(calm), **{"->".join(pair): _loss(before, calm, pair, member) for pair in found}}


def _loss(before: Cut, calm: Tail, pair: tuple[str, str], member: Member) -> Row:
    listed = [actor.id for actor in story_at(before).actors if actor.listed]
    others = [name for name in listed if name not in pair]
    whole = sum(calm.end[name] or 0 for name in listed)
    broken = _shocked(before, [f"link {'->'.join(pair)} off"], member)
    falls = {name: _lost(calm, broken, [name], calm.end[name] or 0) for name in pair if calm.end.get(name)}
    shocks = [f"{name} -{100 * part:.3f}%" for name, part in falls.items() if LEAST < part < 1.0]
    placebo = _shocked(before, shocks, member) if shocks else calm
    lost, anyway = _lost(calm, broken, others, whole), _lost(calm, placebo, others, whole)
    return {"total": _lost(calm, broken, listed, whole), "others": lost, "excess": lost - anyway}


def _lost(calm: Tail, other: Tail, names: Sequence[str], whole: int) -> float:
    gap = sum((calm.end[name] or 0) - (other.end[name] or 0) for name in names)
    return gap / whole if whole else 0.0


def _shocked(before: Cut, shocks: Sequence[str], member: Member) -> Tail:
    what = supposed(before, request(None, flags_page(shock=list(shocks))), member.set)
    return tail(before, under(what, member), member.seed)
