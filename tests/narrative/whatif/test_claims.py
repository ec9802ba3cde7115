"""Verdicts on claims: none written by hand, and each is another where the evidence is another."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from attrs import define, evolve, field
from support.lives import AI, lived, named

from events.errors import Wrong
from narrative.analysis.history import History
from narrative.story.catalogue import find_story, list_stories
from narrative.whatif.claims import CLAIMS, Claim
from narrative.whatif.judged import claimed
from narrative.whatif.judging import (
    FAILS,
    HOLDS,
    REFUTED,
    UNDECIDED,
    UNTESTED,
    Estimate,
    all_of,
    any_of,
    averaged,
    both,
    over,
    rises,
    under,
)
from narrative.whatif.paired import Arms
from narrative.whatif.prepared import prepared

VERDICTS = {HOLDS, FAILS, UNDECIDED, UNTESTED, REFUTED}
NOT_LIVED = {"again", "mirrors", "fiscal"}  # nothing tests them yet, and they say so
UP, NONE, WIDE = ([10.0, 11.0, 10.0], [0.0, 0.01, -0.01], [60.0, -60.0, 0.0])


@define
class Fake:
    """Evidence that is made up."""

    acting: bool = True
    arms: Arms = field(factory=dict)
    unearned: Estimate | None = None
    cash_of_words: int | None = None
    circle: Mapping[str, Any] | None = None
    in_shares: tuple[Estimate, float] | None = None
    realised: Estimate | None = None
    delivered: Sequence[float] | None = None
    fragility: Mapping[str, Any] | None = None
    links: Sequence[Mapping[str, Any]] = ()
    failing: Estimate | None = None

    def failed(self, _: str) -> Estimate | None:
        return self.failing


def claim(name: str) -> Claim:
    return next(one for one in CLAIMS if one.id == name)


def exact(value: float, reach: float = 0.01) -> Estimate:
    return Estimate(value, value - reach, value + reach)


def part(value: float, reach: float = 0.01) -> dict[str, float]:
    return {"value": value, "low": value - reach, "high": value + reach}


def arms(measure: str, gaps: Sequence[float], of: float = 100.0) -> dict[str, list[dict[str, float]]]:
    """A base arm, and one that lacks so much of a measure, seed by seed."""
    return {"": [{measure: of} for _ in gaps], "off": [{measure: of - gap} for gap in gaps]}


def shocks(**kinds: Any) -> dict[str, Any]:
    """An answer of `fragility` with one kind of shock."""
    row = {
        "kind": "delay chips", "unit": "d", "plausible": 180.0, "fall": None, "beyond": part(0.0),
        "at_plausible": part(0.0), "stayed_broken": 0, "looked_back": 10,
    } | kinds  # fmt: skip  # a row
    return {"unshocked": part(0.0), "shocks": [row], "refused": {}}


# Of each claim: evidence by which it holds, and by which it fails; or another verdict that it can have.
OTHER: dict[str, list[tuple[Fake, str]]] = {
    "expectations": [(Fake(unearned=exact(0.8)), HOLDS), (Fake(unearned=exact(0.2)), FAILS)],
    "injection": [
        (Fake(cash_of_words=0, arms=arms("financed", UP)), REFUTED),
        (Fake(cash_of_words=5, arms=arms("financed", UP)), HOLDS),
        (Fake(cash_of_words=5, arms=arms("financed", NONE)), FAILS),
    ],
    "share-money": [(Fake(in_shares=(exact(0.9), 0.3)), HOLDS), (Fake(in_shares=(exact(0.2), 0.3)), FAILS)],
    "circle": [
        (Fake(circle={"share": 0.4, "chance": {"high": 0.2}}), HOLDS),
        (Fake(circle={"share": 0.1, "chance": {"high": 0.2}}), FAILS),
    ],
    "no-delivery": [(Fake(delivered=[0.1, 0.12]), HOLDS), (Fake(delivered=[0.8, 0.81]), FAILS)],
    "temporary": [(Fake(realised=exact(0.5)), HOLDS), (Fake(realised=exact(0.9)), FAILS)],
    "metastable": [
        (Fake(fragility=shocks(beyond=part(0.99), stayed_broken=10)), HOLDS),
        (Fake(fragility=shocks(beyond=part(0.1), stayed_broken=10)), FAILS),
        (Fake(fragility=shocks(beyond=part(0.99), stayed_broken=0)), FAILS),
        (Fake(fragility=shocks(beyond=part(0.99), stayed_broken=10) | {"unshocked": part(0.5)}), FAILS),
    ],
    "delay": [
        (Fake(fragility=shocks(at_plausible=part(0.9))), HOLDS),
        (Fake(fragility=shocks(at_plausible=part(0.1))), FAILS),
    ],
    "liquidity": [
        (Fake(fragility=shocks(kind="liquidity", at_plausible=part(0.9))), HOLDS),
        (Fake(fragility=shocks(kind="liquidity", at_plausible=part(0.1))), FAILS),
    ],
    "one-link": [
        (Fake(links=[{"link": "a->b", "total": part(0.4), "excess": part(0.1)}]), HOLDS),
        (Fake(links=[{"link": "a->b", "total": part(0.1), "excess": part(0.1)}]), FAILS),
        (Fake(links=[{"link": "a->b", "total": part(0.4), "excess": part(0.0)}]), FAILS),
    ],
    "infinite": [
        (Fake(failing=exact(0.9), arms=arms("failed", [-1.0, -1.0, -0.9])), HOLDS),
        (Fake(failing=exact(0.9), arms=arms("failed", [0.0, 0.0, 0.0])), FAILS),
        (Fake(failing=exact(0.1), arms=arms("failed", [-1.0, -1.0, -0.9])), FAILS),
    ],
    **{
        name: [
            (Fake(arms=arms(measure, [gap / scale for gap in UP], 100 / scale)), HOLDS),
            (Fake(arms=arms(measure, [gap / scale for gap in NONE], 100 / scale)), FAILS),
            (Fake(arms=arms(measure, [gap / scale for gap in WIDE], 100 / scale)), UNDECIDED),
        ]
        for name, measure, scale in (
            ("collateral", "ordered", 1), ("false-output", "delivered", 1),
            ("oxygen", "peak", 1), ("worse", "fall", 100),
        )
    },
}  # fmt: skip  # a table


@pytest.mark.parametrize("name", [one.id for one in CLAIMS if one.id not in NOT_LIVED])
def test_each_verdict_is_another_by_other_evidence(name: str) -> None:
    for seen, verdict in OTHER[name]:
        assert claim(name).judge(seen, "off").verdict == verdict, seen
    assert len({verdict for _, verdict in OTHER[name]}) > 1


@pytest.mark.parametrize("name", [one.id for one in CLAIMS])
def test_what_there_is_no_evidence_of_is_untested_and_says_why(name: str) -> None:
    found = claim(name).judge(Fake(), None)
    assert found.verdict == UNTESTED
    assert found.said.endswith(".")


def test_no_verdict_is_written_beside_a_claim() -> None:
    text = (Path(__file__).parents[3] / "narrative" / "whatif" / "claims.py").read_text(encoding="utf-8")
    table = text[text.index("\nCLAIMS = (") :]
    words = "|".join(map(re.escape, VERDICTS))
    assert not re.findall(rf'"(?:{words})"|\b(?:HOLDS|FAILS|UNDECIDED|UNTESTED|REFUTED)\b', table)
    for one in CLAIMS:
        assert not re.search(r"\b(holds|undecided|untested|refuted)\b", f"{one.shown} {one.fails}"), one.id


def test_every_switch_is_prepared_by_a_story() -> None:
    known = {name for story in list_stories() for name in prepared(find_story(story))}
    assert {name for one in CLAIMS for name in one.switches} <= known


# --- from numbers -----------------------------------------------------------------------------------


def test_verdicts_from_numbers() -> None:
    assert [rises(exact(value)) for value in (0.2, 0.015, 0.0)] == [HOLDS, HOLDS, FAILS]
    assert rises(exact(-0.3)) == FAILS  # it takes something away
    assert rises(Estimate(0.0, -0.5, 0.5)) == rises(exact(0.015, 0.02)) == UNDECIDED
    assert (over(exact(0.6), 0.5), over(exact(0.4), 0.5), over(exact(0.5), 0.5)) == (HOLDS, FAILS, UNDECIDED)
    assert (under(exact(0.4), 0.5), under(exact(0.6), 0.5)) == (HOLDS, FAILS)
    assert (all_of(HOLDS, FAILS), all_of(HOLDS, UNDECIDED), all_of(HOLDS, HOLDS)) == (FAILS, UNDECIDED, HOLDS)
    assert (any_of([UNTESTED, HOLDS]), any_of([FAILS, UNDECIDED]), any_of([])) == (HOLDS, UNDECIDED, UNTESTED)


def test_a_mean_of_one_seed_says_nothing_and_two_ends_are_one_interval() -> None:
    assert averaged([3.0]).high == float("inf")
    # 1, 2, 3: mean 2, deviation 1, so 1.959964 / sqrt(3) = 1.131586 either way
    assert averaged([1.0, 2.0, 3.0]).low == pytest.approx(2 - 1.131586, abs=1e-6)
    assert both(Estimate(5.0, 4.0, 6.0), Estimate(1.0, 0.0, 2.0)) == Estimate(5.0, 0.0, 6.0)


# --- of a history -----------------------------------------------------------------------------------


def test_a_history_is_judged_and_a_broken_switch_changes_it() -> None:
    story = named("loop")
    until = story.calendar.at("2025-06-30")
    short = evolve(story, until=until)
    found = History(lived(short, cast="full"), "main", "a.db")
    folder = find_story("loop")
    asked = ("collateral", "circle", "expectations")
    told = claimed(found, folder, "a.db", None, only=asked, seeds=3)
    rows = {row["id"]: row for row in told["claims"]}
    assert (rows["collateral"]["switch"], rows["expectations"]["verdict"]) == ("no-debt", UNTESTED)
    assert {row["verdict"] for row in rows.values()} <= VERDICTS
    assert rows["collateral"]["command"] == "narrative what-if a.db --from no-debt --name no-debt"
    bare = claimed(found, None, "a.db", None, only=["collateral"], seeds=3)
    assert bare["claims"][0]["verdict"] == UNTESTED
    again = claimed(found, folder, "a.db", None, only=asked, seeds=3)
    assert again == told
    (alone,) = claimed(found, folder, "a.db", None, only=["collateral"], seeds=1)["claims"]
    assert (alone["figure"]["low"], alone["figure"]["high"]) == (None, None)  # of one seed nothing bounds it


def test_with_the_market_alone_what_takes_a_cast_is_untested() -> None:
    story = named(AI)
    found = History(lived(story, until=story.calendar.at("2024-12-31")), "main", "b.db")
    told = claimed(found, find_story(AI), "b.db", None, only=["collateral", "expectations"], seeds=1)
    assert told["claims"][0]["verdict"] == UNTESTED
    assert "full cast" in told["claims"][0]["said"]


def test_a_claim_that_is_none_is_refused() -> None:
    found = History(lived(named("loop"), until=named("loop").start + 3_600), "main", "c.db")
    with pytest.raises(Wrong, match=r'"circel" is no claim\. Did you mean "circle"'):
        claimed(found, None, "c.db", None, only=["circel"], seeds=1)
