"""A claim at points of the ranges: its figure, and the verdict that its mean alone would have there.

Points are lived by the same seeds, so that what differs from one to another is the assumption's doing. The
mean alone says which way a claim leans; whether it is decided, `claims` says, over chance and all ranges.
"""

from collections.abc import Mapping, Sequence
from itertools import compress

from attrs import evolve, frozen

from narrative.story.model import Thresholds
from narrative.weighing.claims import Claim
from narrative.weighing.ensemble import Member
from narrative.weighing.evidence import Evidence
from narrative.weighing.judging import Estimate
from narrative.weighing.paired import Arms
from narrative.weighing.struck import Tried


@frozen
class At:
    """The evidence of a history at one point, as of a history in which nothing is left to chance."""

    evidence: Evidence
    point: int

    @property
    def acting(self) -> bool:
        """Whether everybody plays."""
        return self.evidence.acting

    @property
    def last_day(self) -> str:
        """The day to which everything is lived."""
        return self.evidence.last_day

    @property
    def names(self) -> Mapping[str, str]:
        """The name of each actor, by its id."""
        return self.evidence.names

    @property
    def thresholds(self) -> Thresholds:
        """The figures by which claims are judged."""
        return self.evidence.thresholds

    @property
    def arms(self) -> Arms:
        """The arms of all switches there."""
        return _of(self.evidence.arms, self.point)

    @property
    def unearned(self) -> Estimate | None:
        """The part of a rise on record that no result accounts for, which is the same at every point."""
        return self.evidence.unearned

    @property
    def cash_of_words(self) -> int | None:
        """The cash that announcements moved, as the history was lived."""
        return self.evidence.cash_of_words

    @property
    def tried(self) -> tuple[Sequence[Tried], Mapping[str, str]]:
        """The kinds of shock that are tried, and why each other one is not."""
        return self.evidence.tried

    @property
    def struck(self) -> Arms | None:
        """Members there under each kind of shock."""
        return None if self.evidence.struck is None else _of(self.evidence.struck, self.point)

    @property
    def severed(self) -> Arms | None:
        """Members there with each link broken."""
        return None if self.evidence.severed is None else _of(self.evidence.severed, self.point)

    @property
    def made(self) -> Arms | None:
        """Members there, parted among who makes the growth."""
        return None if self.evidence.made is None else _of(self.evidence.made, self.point)

    @property
    def other(self) -> Arms | None:
        """The arms of the history beside this one."""
        return self.evidence.other


def _of(arms: Arms, point: int) -> Arms:
    """The members of one point alone."""
    mine = [member.draw == point for member in arms.members]
    return Arms(
        members=[evolve(member, draw=0) for member in compress(arms.members, mine)],
        rows={name: list(compress(rows, mine)) for name, rows in arms.rows.items()},
        alone=True,
    )


def contested(
    evidence: Evidence, claim: Claim, points: Sequence[Mapping[str, float]]
) -> list[tuple[float, str] | str]:
    """The figure of a claim at each point with the verdict it leans to; or why there is none."""
    evidence.points = [
        Member(seed=seed, draw=place, set=point)
        for place, point in enumerate(points)
        for seed in evidence.seeds
    ]
    switch = evidence.switch(claim.switches)
    found = [claim.judge(At(evidence, place), switch) for place in range(len(points))]
    return [one.said if one.figure is None else (one.figure.value, one.verdict) for one in found]
