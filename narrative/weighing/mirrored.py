"""The makers of growth: by member, the parts of narratives, the central bank, algorithms and output in what
listed companies gain, and by how much the largest of the first three leads output.
"""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import partial

from narrative.weighing.crew import ALONE, Hands, Told
from narrative.weighing.ensemble import Member
from narrative.weighing.paired import BASE, GONE, Arms, gathered
from narrative.weighing.simulacrum import NAMES, Game, Job, parted
from narrative.weighing.spared import Row

OUTPUT = "output"
LEAD = "lead"


def mirrored(game: Game, members: Sequence[Member], hands: Hands = ALONE, told: Told | None = None) -> Arms:
    """Members parted, a row an end: of all that the four move, either way, the part of each, below zero where
    it takes away; by how much each but output leads that; and the `lead` of the largest of them. A row is
    empty where none of them moves anything.
    """
    return gathered(partial(_member, game), members, hands, told)


def _member(game: Game, member: Member) -> dict[str, Row]:
    _, ends = parted(Job(game, member))
    return {f"{BASE}{suffix}": led(one.whole) for suffix, one in zip(("", GONE), ends, strict=False)}


def led(whole: Mapping[str, Fraction]) -> Row:
    """The row of a growth that is parted among the four, and the rest."""
    moved = sum(abs(whole[name]) for name in NAMES)
    if not moved:
        return {}
    row = {name: float(whole[name] / moved) for name in NAMES}
    leads = {leading(name): row[name] - row[OUTPUT] for name in NAMES if name != OUTPUT}
    return {**row, **leads, LEAD: max(leads.values())}


def leading(name: str) -> str:
    """The measure of by how much one of them leads output."""
    return f"{LEAD} of {name}"
