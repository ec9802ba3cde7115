"""Shocks of a history, as claims ask of them: whether what is plausible breaks it, whether anything does
beyond its own size, and whether it comes back.

A fall of prices is itself a fall. Each kind is therefore tried at its largest size, or, where that would be
half a collapse by itself, at the largest that is not.
"""

from collections.abc import Mapping, Sequence
from functools import partial
from math import floor

from attrs import frozen

from events.errors import Wrong
from narrative.analysis.collapse import of
from narrative.story.model import Story
from narrative.story.supposition import Supposed
from narrative.weighing.crew import ALONE, Hands, Told
from narrative.weighing.dials import FISCAL, Dial, dial, own, usual
from narrative.weighing.ensemble import Member
from narrative.weighing.fragility import NEARLY, UNDONE, broke, drop, story_at
from narrative.weighing.paired import BASE, Arms, gathered, measured, under
from narrative.weighing.spared import Row
from narrative.weighing.tails import Cut, Tail, supposed, tail, world_of
from narrative.whatif.request import BadSupposition, Request

HALF_OF_IT = 0.5  # of what counts as a collapse: a shock that is as much by itself breaks nothing else


@frozen(kw_only=True)
class Tried:
    """A kind of shock: its dial, and the largest size of it that is not half a collapse by itself."""

    dial: Dial
    fair: float


def kinds(before: Cut, wanted: Sequence[str] = ()) -> tuple[tuple[Tried, ...], dict[str, str]]:
    """The kinds of shock that a story can be tried by, of those that begin with a `wanted` word if there are
    any, and why each other one cannot.
    """
    story, found, refused = story_at(before), [], {}
    worth = _worth(before)
    for kind in (*usual(story), FISCAL):
        if wanted and kind.split()[0] not in wanted:
            continue
        try:
            one = dial(kind, story)
            supposed(before, one.request(one.most))
        except BadSupposition as bad:
            why = f"{bad.faults[0].what}. {bad.faults[0].meant}".partition('" ')[2].strip()
            refused[kind] = f"The story {why.rstrip('.')}"
        except Wrong as error:
            refused[kind] = str(error).partition(". ")[0]
        else:
            found.append(Tried(dial=one, fair=_fair(one, story, worth)))
    return tuple(found), refused


def _worth(before: Cut) -> dict[str, int]:
    """Values at a cut of the listed actors that collapse is about, in smallest units."""
    world, names = world_of(before), of(story_at(before))
    return {
        actor.id: world.readings.value(actor.id, before.at) or 0
        for actor in world.story.actors
        if actor.listed and actor.id in names
    }


def _fair(one: Dial, story: Story, worth: Mapping[str, int]) -> float:
    fall = story.collapses.fall if story.collapses is not None else None
    alone = own(one, 1.0, story, worth)
    if fall is None or not alone:
        return one.most
    steps = floor(HALF_OF_IT * fall / alone / one.step)
    return round(min(one.most, max(steps, 1) * one.step), 9)


def struck(
    before: Cut,
    tried: Sequence[Tried],
    members: Sequence[Member],
    *,
    hands: Hands = ALONE,
    told: Told | None = None,
) -> Arms:
    """Members under shocks just after a cut: the base as it is measured, and by kind the arms that `arm`
    names. A row has `broke` (1 or 0) where the member does not collapse unshocked, and the deepest `fall`;
    that of a fall taken back has `stayed`, whether it stays broken, where it broke and time is left.
    """
    return gathered(partial(_member, before, tried), members, hands, told)


def arm(kind: str, which: str) -> str:
    """The name of the arm of a kind of shock at its "plausible" or "fair" size, or taken "back"."""
    return f"{kind}|{which}"


def _member(before: Cut, tried: Sequence[Tried], member: Member) -> dict[str, Row]:
    calm = _lived(before, None, member)
    rows: dict[str, Row] = {BASE: measured(calm)}
    for one in tried:
        rows |= _tried(before, one, member, calm)
    return rows


def _tried(before: Cut, one: Tried, member: Member, calm: Tail) -> dict[str, Row]:
    kind, sizes = one.dial.kind, {"plausible": min(one.dial.plausible, one.dial.most), "fair": one.fair}
    tails = {size: _lived(before, one.dial.request(size), member) for size in dict.fromkeys(sizes.values())}
    rows = {arm(kind, which): _row(tails[size], calm) for which, size in sizes.items()}
    if one.dial.priced and broke(tails[one.fair]) and not broke(calm):
        rows[arm(kind, "back")] = _back(before, one, member, calm)
    return rows


def _row(found: Tail, calm: Tail) -> Row:
    row = {"fall": drop(found)}
    return row if broke(calm) else {**row, "broke": float(broke(found))}


def _back(before: Cut, one: Tried, member: Member, calm: Tail) -> Row:
    """Whether a history stays broken when the fall of prices that broke it is taken back: at the end it is
    worth less than nine tenths of what it would have been, or somebody has failed.
    """
    later = before.at + UNDONE
    if later + UNDONE > before.until:
        return {}
    day = story_at(before).calendar.day(later)
    found = _lived(before, one.dial.undone(one.fair, day), member)
    back = found.total[-1] >= NEARLY * calm.total[-1] and not found.sums["defaults"]
    return {"stayed": float(not back)}


def _lived(before: Cut, asked: Request | None, member: Member) -> Tail:
    what = Supposed() if asked is None else supposed(before, asked, member.set)
    return tail(before, under(what, member), member.seed)
