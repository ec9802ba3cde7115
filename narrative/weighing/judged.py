"""Every claim judged by a history, as plain data: the answer of `claims`."""

from collections.abc import Sequence
from math import isfinite
from typing import Any

from attrs import asdict, evolve, frozen

from events.errors import Wrong
from narrative.analysis.ends import kept_by
from narrative.analysis.history import History, address, check_model, opening_of, story_of
from narrative.story.faults import did_you_mean, listed
from narrative.story.model import Story
from narrative.text.numbers import share
from narrative.weighing.claims import BRANCH, CLAIMS, Claim, Finding
from narrative.weighing.crew import ALONE, Hands, Told
from narrative.weighing.crowd import EACH
from narrative.weighing.evidence import Evidence
from narrative.weighing.fragility import seeded
from narrative.weighing.judging import UNTESTED, Bound, Estimate
from narrative.weighing.paired import Arms
from narrative.whatif.fork import as_it_stands, folder_of

LIVED = ("arms", "struck", "severed", "made")  # of evidence, each with members of its own


@frozen(kw_only=True)
class Asked:
    """A request for verdicts: on which claims, all if none is named; over so many seeds from the `first` on,
    and so many draws over ranges; with shocks at a day, half-way through the story if absent; `said` is the
    address by which commands name the history, `beside` that of another; all is lived `until` a moment, the
    story's end if absent.
    """

    said: str
    only: Sequence[str] = ()
    seeds: int = 20
    first: int = 1
    draws: int = 20
    at: int | None = None
    until: int | None = None
    beside: str | None = None

    def chosen(self) -> list[Claim]:
        """The claims that are asked for. Raises Wrong for one that is none."""
        return [_named(name) for name in self.only] or list(CLAIMS)

    def counted(self) -> range:
        """The seeds. Raises Wrong for none, and for seeds below 0."""
        if self.first < 0:
            raise Wrong(f"Seeds begin at 0 or above, and {self.first} lies below. Ask for another first one.")
        return range(self.first, self.first + len(seeded(self.seeds)))


def weighed(
    found: History, other: History | None, asked: Asked, hands: Hands = ALONE, told: Told | None = None
) -> dict[str, Any]:
    """Each claim that is asked of, with its verdict by a history, beside another where there is one, as plain
    data. Raises Wrong for what cannot be asked, and ChangedModel.
    """
    for one in filter(None, (found, other)):
        if opening_of(one).cast == "full":  # with the market alone nothing is lived on
            check_model(one)
    evidence = evidence_of(found, asked, hands, told)
    if other is not None and asked.beside is not None:
        # Moments are the first one's: each is lived through its own story.
        alone = evolve(asked, said=asked.beside, only=["again"], at=None, until=None)
        evidence.beside = evidence_of(other, alone, hands, told)
    return claimed(evidence, asked)


def evidence_of(found: History, asked: Asked, hands: Hands, told: Told | None) -> Evidence:
    """The evidence of a history for what is asked. Raises Wrong for what cannot be asked."""
    story, claims = story_of(found), asked.chosen()
    _check_plain(found, story)
    at = (story.start + story.until) // 2 if asked.at is None else asked.at
    until = story.until if asked.until is None else asked.until
    if until <= at:
        shock, last = map(story.calendar.iso, (at, until))
        raise Wrong(
            f"Shocks come at {shock}, and nothing is lived after {last}. Live further, or shock earlier."
        )
    evidence = Evidence(
        found=found,
        folder=folder_of(address(asked.said).story, story.id),
        at=at,
        until=until,
        seeds=asked.counted(),
        draws=asked.draws,
        hands=hands,
        told=told,
        shocks=[] if any("" in one.shocks for one in claims) else [k for one in claims for k in one.shocks],
    )
    names = [evidence.switch(claim.switches) for claim in claims]
    evidence.switches = list(dict.fromkeys(name for name in names if name is not None))
    return evidence


def _check_plain(found: History, story: Story) -> None:
    """Raises Wrong for a branch that supposes something, where members are lived from the opening on."""
    since = as_it_stands(found, story, None).since
    if opening_of(found).cast == "full" and since > story.start:
        day = story.calendar.day(since)
        raise Wrong(
            f"{found.branch} supposes something from {day} on, and claims are judged from the opening on, "
            "where nothing is supposed yet. Judge main; `narrative ensemble` weighs a what-if."
        )


def claimed(evidence: Evidence, asked: Asked) -> dict[str, Any]:
    """Each claim that is asked of, with its verdict and all that it rests on."""
    found, story = evidence.found, evidence.story
    rows = [judged_by(claim, evidence, asked) for claim in asked.chosen()]
    return {
        "story": story.id,
        "branch": found.branch,
        "cast": opening_of(found).cast,
        "seeds": asked.seeds,
        "first": asked.first,
        "draws": asked.draws,
        "each": min(EACH, asked.seeds),
        "ranges": len(evidence.ranges),
        "at": story.calendar.iso(evidence.at),
        "until": story.calendar.iso(evidence.until),
        "ends": kept_by(found) is not None,
        "beside": asked.beside,
        "claims": rows,
        "failed": [*_failed(evidence, ""), *_failed(evidence.beside, asked.beside)],
    }


def _failed(evidence: Evidence | None, whose: str | None) -> list[dict[str, Any]]:
    """The members of a history that did not come to their end, of whatever was lived; `whose` is it."""
    lots = [] if evidence is None else [vars(evidence).get(name) for name in LIVED]
    return [
        {"seed": member.seed, "draw": member.draw, "arm": whose, "error": why}
        for arms in lots
        if isinstance(arms, Arms)
        for member, why in arms.failed
    ]


def _named(name: str) -> Claim:
    for claim in CLAIMS:
        if claim.id == name:
            return claim
    known = [claim.id for claim in CLAIMS]
    raise Wrong(f'"{name}" is no claim. {did_you_mean(name, known, f"Claims are {listed(known)}.")}')


def judged_by(claim: Claim, evidence: Evidence, asked: Asked) -> dict[str, Any]:
    """A claim with its verdict, as plain data."""
    switch = evidence.switch(claim.switches)
    found = claim.judge(evidence, switch)
    return {
        "id": claim.id,
        "claim": claim.words,
        "shown_by": claim.shown,
        "switch": switch,
        "fails_if": claim.fails.format(**{n: share(x) for n, x in asdict(evidence.thresholds).items()}),
        "verdict": found.verdict,
        "figure": None if found.figure is None else _plain(found.figure),
        "said": found.said,
        "command": f"narrative {_again(claim, evidence, asked)}",
        "branch": None if found.verdict == UNTESTED else _look(claim, found, evidence, asked, switch),
    }


def _again(claim: Claim, evidence: Evidence, asked: Asked) -> str:
    """The command that gives a figure again."""
    first = f" --first {asked.first}" if asked.first != 1 else ""
    day = f" --at {evidence.story.calendar.day(evidence.at)}" if asked.at is not None else ""
    other = f" --beside {asked.beside}" if asked.beside is not None and claim.id == "again" else ""
    seeds = f" --seeds {asked.seeds}{first} --draws {asked.draws}"
    return f"claims {asked.said} --only {claim.id}{seeds}{day}{_until(evidence, asked)}{other}"


def _until(evidence: Evidence, asked: Asked) -> str:
    return "" if asked.until is None else f" --until {evidence.story.calendar.day(evidence.until)}"


def _look(claim: Claim, found: Finding, evidence: Evidence, asked: Asked, switch: str | None) -> str:
    """The command that makes one of the branches behind a figure, or shows what it is made of."""
    further = _until(evidence, asked) if claim.command == BRANCH else ""
    return f"narrative {claim.command}{further}".format(
        history=asked.said,
        switch=switch,
        day=evidence.story.calendar.day(evidence.at),
        seeds=asked.seeds,
        seed=asked.first,
        of=found.of,
        other=asked.beside,
    )


def _plain(figure: Estimate) -> dict[str, Any]:
    """A figure as plain data: what nothing bounds is None, as JSON has no word for it."""
    return {
        "value": figure.value,
        "low": _known(figure.low),
        "high": _known(figure.high),
        "bounds": [_bound(one) for one in figure.bounds],
    }


def _bound(one: Bound) -> dict[str, Any]:
    return asdict(one) | {"low": _known(one.low), "high": _known(one.high)}


def _known(value: float) -> float | None:
    return value if isfinite(value) else None
