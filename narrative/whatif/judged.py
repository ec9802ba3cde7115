"""Every claim judged by a history, as plain data: the answer of `claims`."""

from collections.abc import Sequence
from math import isfinite
from pathlib import Path
from typing import Any

from attrs import asdict

from events.errors import Wrong
from narrative.analysis.ends import kept_by
from narrative.analysis.history import History, opening_of, story_of
from narrative.story.faults import did_you_mean, listed
from narrative.whatif.claims import CLAIMS, Claim
from narrative.whatif.crew import ALONE, Hands, Told
from narrative.whatif.evidence import Evidence
from narrative.whatif.fragility import seeded
from narrative.whatif.judging import Estimate


def claimed(
    found: History,
    folder: Path | None,
    said: str,
    at: int | None,
    *,
    only: Sequence[str],
    seeds: int,
    hands: Hands = ALONE,
    told: Told | None = None,
) -> dict[str, Any]:
    """Each claim, or some by id, with its verdict, over so many seeds. `folder` is the story's, `said` the
    address by which commands name the history; shocks come at `at`, half-way through the story if absent.
    """
    story, asked = story_of(found), [_named(name) for name in only] or list(CLAIMS)
    at = (story.start + story.until) // 2 if at is None else at
    evidence = Evidence(found=found, folder=folder, at=at, seeds=seeded(seeds), hands=hands, told=told)
    chosen = {claim.id: evidence.switch(claim.switches) for claim in asked}
    evidence.switches = list(dict.fromkeys(name for name in chosen.values() if name is not None))
    day = story.calendar.day(at)
    rows = [_row(claim, evidence, chosen[claim.id], said, day, seeds) for claim in asked]
    return {
        "story": story.id,
        "branch": found.branch,
        "cast": opening_of(found).cast,
        "seeds": seeds,
        "at": story.calendar.iso(at),
        "ends": kept_by(found) is not None,
        "claims": rows,
        "failed": [asdict(one) for one in evidence.lost],
    }


def _named(name: str) -> Claim:
    for claim in CLAIMS:
        if claim.id == name:
            return claim
    known = [claim.id for claim in CLAIMS]
    raise Wrong(f'"{name}" is no claim. {did_you_mean(name, known, f"Claims are {listed(known)}.")}')


def _row(
    claim: Claim, evidence: Evidence, switch: str | None, said: str, day: str, seeds: int
) -> dict[str, Any]:
    found = claim.judge(evidence, switch)
    command = "claims {0} --only " + claim.id if claim.switches and switch is None else claim.command
    return {
        "id": claim.id,
        "claim": claim.words,
        "shown_by": claim.shown,
        "switch": switch,
        "fails_if": claim.fails,
        "verdict": found.verdict,
        "figure": None if found.figure is None else _bounded(found.figure),
        "said": found.said,
        "command": f"narrative {command.format(said, switch, day, seeds)}",
    }


def _bounded(figure: Estimate) -> dict[str, float | None]:
    """A figure as plain data: what nothing bounds is None, as JSON has no word for it."""
    return {name: value if isfinite(value) else None for name, value in asdict(figure).items()}
