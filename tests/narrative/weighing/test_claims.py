"""Verdicts on claims: none written by hand, and each is another where the evidence is another."""

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from attrs import define, evolve, field, fields
from support.lives import AI, lived, named

import narrative
from events.errors import Wrong
from narrative.analysis.history import ChangedModel, History
from narrative.story.catalogue import find_story, list_stories
from narrative.story.model import Story, Thresholds
from narrative.story.supposition import Supposed
from narrative.weighing import paired
from narrative.weighing.claims import CLAIMS, Claim
from narrative.weighing.dials import Dial
from narrative.weighing.ensemble import Member
from narrative.weighing.judged import Asked, weighed
from narrative.weighing.judging import (
    FAILS,
    HOLDS,
    REFUTED,
    UNDECIDED,
    UNTESTED,
    Estimate,
)
from narrative.weighing.mirrored import led
from narrative.weighing.paired import Arms, Row, adds_plainly
from narrative.weighing.simulacrum import NAMES
from narrative.weighing.struck import Tried, arm, kinds
from narrative.weighing.tails import Cut, Tail, cut, supposed
from narrative.whatif.prepared import prepared

VERDICTS = {HOLDS, FAILS, UNDECIDED, UNTESTED, REFUTED}
UP, NONE, WIDE = ([10.0, 11.0, 10.0], [0.0, 0.01, -0.01], [60.0, -60.0, 0.0])


@define
class Fake:
    """Evidence that is made up."""

    acting: bool = True
    thresholds: Thresholds = field(factory=Thresholds)
    arms: Arms = field(factory=Arms)
    unearned: Estimate | None = None
    cash_of_words: int | None = None
    last_day: str = "2025-12-31"
    struck: Arms | None = None
    tried: tuple[Sequence[Tried], Mapping[str, str]] = ((), {})
    severed: Arms | None = None
    made: Arms | None = None
    other: Arms | None = None
    names: Mapping[str, str] = {}


def claim(name: str) -> Claim:
    return next(one for one in CLAIMS if one.id == name)


def exact(value: float, reach: float = 0.01) -> Estimate:
    return Estimate(value, value - reach, value + reach)


def crowd(count: int) -> tuple[Member, ...]:
    """So many seeds with the values in force, and as many draws of one seed each."""
    known = tuple(Member(seed=i) for i in range(count))
    return (*known, *(Member(seed=i, draw=i + 1) for i in range(count)))


def table(**rows: Sequence[Row]) -> Arms:
    """Arms whose rows are the same over chance and over draws; `base` is the one that supposes nothing."""
    found = {"" if name == "base" else name.replace("__", "|"): [*row, *row] for name, row in rows.items()}
    return Arms(members=crowd(len(next(iter(rows.values())))), rows=found)


def arms(measure: str, gaps: Sequence[float], of: float = 100.0) -> Arms:
    """A base arm, and one that lacks so much of a measure, member by member."""
    return table(base=[{measure: of} for _ in gaps], off=[{measure: of - gap} for gap in gaps])


def level(measure: str, *values: float) -> Arms:
    """A base arm with so much of a measure, member by member."""
    return table(base=[{measure: value} for value in values])


DIALS = {
    kind: Tried(dial=Dial(kind=kind, said="", unit="d", most=10.0, plausible=5.0, step=1.0), fair=10.0)
    for kind in ("delay chips", "liquidity", "fiscal")
}


def shocked(kind: str, broke: float, *, alone: float = 0.0, stayed: float = 1.0, seeds: int = 80) -> Fake:
    """So large a part of seeds broken by a kind of shock, and by nothing, and staying so when it is taken
    back.
    """

    def ones(part: float) -> list[float]:
        return [float(i < part * seeds) for i in range(seeds)]

    rows = {
        "": [{"collapsed": one} for one in ones(alone)],
        arm(kind, "plausible"): [{"broke": one, "fall": 0.1} for one in ones(broke)],
        arm(kind, "fair"): [{"broke": one} for one in ones(broke)],
        arm(kind, "back"): [{"stayed": one} for one in ones(stayed)],
    }
    members = tuple(Member(seed=i) for i in range(seeds))
    return Fake(struck=Arms(members=members, rows=rows), tried=((DIALS[kind],), {}))


def late(value: float, reach: float) -> Row:
    return {
        "late_shares": value, "late_least": value - reach, "late_most": value + reach, "share_deals": 9.0,
    }  # fmt: skip  # a row


def parted(*sums: int) -> Row:
    """The row of a growth made by narratives, the central bank, algorithms and output."""
    return led(dict(zip(NAMES, map(Fraction, sums), strict=True)))


def cost(total: float, excess: float) -> Arms:
    """A link that costs so much whenever it breaks."""
    return table(**{"base": [{}] * 3, "a->b": [{"total": total, "excess": excess}] * 3})


def alike(circle: float) -> Arms:
    return level("circle", circle, circle)


# Of each claim: evidence by which it holds, and by which it fails; or another verdict that it can have. What
# takes a switch is judged by a switch that works, and by one that is broken: it takes nothing away.
OTHER: dict[str, list[tuple[Fake, str]]] = {
    "expectations": [(Fake(unearned=exact(0.8)), HOLDS), (Fake(unearned=exact(0.2)), FAILS)],
    "injection": [
        (Fake(cash_of_words=0, arms=arms("financed", UP)), REFUTED),
        (Fake(cash_of_words=5, arms=arms("financed", UP)), HOLDS),
        (Fake(cash_of_words=5, arms=arms("financed", NONE)), FAILS),
    ],
    "share-money": [
        (Fake(arms=table(base=[late(0.5, 0.1)] * 3)), HOLDS),
        (Fake(arms=table(base=[late(-0.5, 0.1)] * 3)), FAILS),
        (Fake(arms=table(base=[late(0.5, 0.6)] * 3)), UNDECIDED),  # few deals say little
    ],
    "circle": [
        (Fake(arms=table(base=[{"circle": 0.4, "chance": 0.2, "beyond": 0.2}] * 3)), HOLDS),
        (Fake(arms=table(base=[{"circle": 0.1, "chance": 0.2, "beyond": -0.1}] * 3)), FAILS),
    ],
    "no-delivery": [
        (Fake(arms=level("delivered_part", 0.1, 0.12, 0.1)), HOLDS),
        (Fake(arms=level("delivered_part", 0.8, 0.81, 0.8)), FAILS),
    ],
    "temporary": [
        (Fake(arms=level("realised", 0.5, 0.51, 0.5)), HOLDS),
        (Fake(arms=level("realised", 0.9, 0.91, 0.9)), FAILS),
    ],
    "metastable": [
        (shocked("delay chips", 1.0), HOLDS),
        (shocked("delay chips", 0.1), FAILS),
        (shocked("delay chips", 1.0, stayed=0.0), FAILS),
        (shocked("delay chips", 1.0, alone=0.5), FAILS),
    ],
    **{
        kind.split()[0]: [
            (shocked(kind, part), verdict) for part, verdict in ((0.9, HOLDS), (0.1, FAILS), (0.5, UNDECIDED))
        ]
        for kind in DIALS
    },
    "one-link": [
        (Fake(severed=cost(0.4, 0.1)), HOLDS),
        (Fake(severed=cost(0.1, 0.1)), FAILS),
        (Fake(severed=cost(0.4, 0.0)), FAILS),
    ],
    "infinite": [
        (Fake(arms=table(base=[{"failed": 0.0}] * 80, off=[{"failed": 1.0}] * 80)), HOLDS),
        (Fake(arms=table(base=[{"failed": 1.0}] * 80, off=[{"failed": 1.0}] * 80)), UNDECIDED),
        (Fake(arms=table(base=[{"failed": 0.0}] * 80, off=[{"failed": 0.0}] * 80)), FAILS),
    ],
    "again": [
        (Fake(arms=alike(0.30), other=alike(0.31)), HOLDS),
        (Fake(arms=alike(0.30), other=alike(0.60)), FAILS),
        (Fake(arms=level("circle", 0.1, 0.5), other=alike(0.3)), UNDECIDED),
    ],
    "mirrors": [
        (Fake(made=table(base=[parted(70, 9, 1, 20)] * 3)), HOLDS),
        (Fake(made=table(base=[parted(20, 9, 1, 70)] * 3)), FAILS),
        (Fake(made=table(base=[parted(20, 9, 1, 70), parted(70, 9, 1, 20)] * 2)), UNDECIDED),
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


@pytest.mark.parametrize("name", [one.id for one in CLAIMS])
def test_each_verdict_is_another_by_other_evidence(name: str) -> None:
    for seen, verdict in OTHER[name]:
        assert claim(name).judge(seen, "off").verdict == verdict, seen
    assert len({verdict for _, verdict in OTHER[name]}) > 1


# By threshold: a claim and evidence, its verdict by the usual one, and by another.
BEYOND: dict[str, tuple[str, Fake, str, float]] = {
    "unearned": ("expectations", OTHER["expectations"][0][0], HOLDS, 0.9),
    "delivered": ("no-delivery", OTHER["no-delivery"][0][0], HOLDS, 0.05),
    "realised": ("temporary", OTHER["temporary"][0][0], HOLDS, 0.4),
    "broken": ("delay", OTHER["delay"][0][0], HOLDS, 0.99),
    "calm": ("metastable", OTHER["metastable"][0][0], HOLDS, 0.01),
    "sure": ("metastable", OTHER["metastable"][0][0], HOLDS, 0.97),
    "unwound": ("one-link", OTHER["one-link"][0][0], HOLDS, 0.5),
    "alike": ("again", OTHER["again"][0][0], HOLDS, 0.001),
    "matters": ("oxygen", Fake(arms=arms("peak", [1.0, 1.1, 1.0])), FAILS, 0.001),
}  # fmt: skip  # a table


@pytest.mark.parametrize("name", [field.name for field in fields(Thresholds)])
def test_another_threshold_of_a_story_is_another_verdict(name: str) -> None:
    of, seen, verdict, value = BEYOND[name]
    assert claim(of).judge(seen, "off").verdict == verdict
    other = evolve(seen, thresholds=evolve(Thresholds(), **{name: value}))
    assert claim(of).judge(other, "off").verdict not in {verdict, UNTESTED}


def test_what_speaks_against_a_claim_is_said_by_the_thresholds_of_the_story() -> None:
    story = evolve(named("loop"), claims=Thresholds(delivered=0.9))
    assert Story.load(story.dump()) == story
    assert '"claims"' not in named("loop").dump()  # as it was written before stories had any
    found = History(lived(story, cast="full", until=story.start + 86_400), "main", "a.db")
    (one,) = judged(found, "loop", "no-delivery", seeds=1, draws=0)["claims"]
    assert one["fails_if"] == "90 % or more is delivered"


@pytest.mark.parametrize("name", [one.id for one in CLAIMS if one.switches])
def test_a_switch_that_takes_nothing_away_makes_no_claim_hold(name: str) -> None:
    seen = next(seen for seen, verdict in OTHER[name] if verdict == HOLDS)
    assert claim(name).judge(seen, "off").verdict == HOLDS
    broken = evolve(seen.arms, rows={**seen.arms.rows, "off": seen.arms.rows[""]})
    found = claim(name).judge(evolve(seen, arms=broken), "off")
    assert found.verdict == FAILS
    assert ("would be the same without" in found.said) == (name != "infinite")


@pytest.mark.parametrize("name", [one.id for one in CLAIMS if one.switches])
def test_what_holds_over_chance_and_not_over_the_ranges_is_undecided(name: str) -> None:
    seen = next(seen for seen, verdict in OTHER[name] if verdict == HOLDS)
    rows = seen.arms.rows
    whole = len(seen.arms.members)
    half = [*rows["off"][: whole // 2], *rows[""][whole // 2 :]]  # under every draw nothing comes of it
    (bounded,) = [claim(name).judge(evolve(seen, arms=evolve(seen.arms, rows={**rows, "off": half})), "off")]
    assert bounded.verdict == UNDECIDED
    assert bounded.figure is not None
    assert {bound.over for bound in bounded.figure.bounds} == {"chance", "ranges"}


def test_mirrors_says_who_is_ahead_of_output_and_who_is_not() -> None:
    """Narratives are 56 less 34 ahead; a bank with 40 and 20 in turn, beside output with 20 and 40, may
    be or not.
    """
    said = claim("mirrors").judge(Fake(made=table(base=[parted(56, 9, 1, 34)] * 3)), None).said
    assert said == (
        "Of what they move: narratives 56 %, central bank 9 %, algorithms 1 % and output 34 %. Ahead of "
        "output: narratives; not ahead of it: central bank and algorithms; the largest of the three is so by "
        "22 % [22 %, 22 %]."
    )
    turns = [parted(56, 40, 1, 20), parted(56, 20, 1, 40)] * 10
    said = claim("mirrors").judge(Fake(made=table(base=turns)), None).said
    assert "Ahead of output: narratives; not ahead of it: algorithms; ahead or not: central bank;" in said


def test_sentences_call_actors_by_their_names() -> None:
    names = {"a": "Alpha", "b": "Beta AG", "chips": "Chips Inc."}
    said = claim("one-link").judge(Fake(severed=cost(0.4, 0.1), names=names), None)
    assert said.said.startswith("Alpha → Beta AG costs most: 40 %")
    assert said.of == "link a->b"  # as a command takes it
    said = claim("metastable").judge(evolve(shocked("delay chips", 1.0), names=names), None)
    assert "delay Chips Inc. breaks 100 %" in said.said


def test_three_pairs_that_agree_are_no_certainty_that_all_do() -> None:
    """Newcombe's method 10 of three pairs in which nothing happens: 0, and 1.96²/(3 + 1.96²) = 0.561
    either way.
    """
    seen = Arms(
        members=[Member(seed=seed) for seed in (1, 2, 3)],
        rows={"": [{"failed": 0.0}] * 3, "off": [{"failed": 0.0}] * 3},
    )
    found = adds_plainly(seen, "off", "failed", counted=True)
    assert found is not None
    assert found.value == 0.0
    assert (-found.low, found.high) == (pytest.approx(0.5615, abs=1e-4),) * 2


def test_all_is_lived_to_a_day_that_is_asked_for(tmp_path: Path) -> None:
    """Two years after the story's end, the money of whoever has no demand from outside is gone."""
    db = str(tmp_path / "loop.db")
    narrative.run("loop", db=db, cast="full", until="2025-02-01")
    asked: dict[str, Any] = {"only": "infinite", "seeds": 2, "draws": 0, "workers": 1}
    short, far = (narrative.claims(db, **asked, until=day) for day in (None, "2027-12-31"))
    assert short.until == "2025-12-31T23:59:59"
    assert far.until == "2027-12-31T23:59:59"
    assert short.claims[0].figure.value == 0.0
    assert far.claims[0].figure.value > 0.0
    assert "by 2027-12-31" in far.claims[0].said
    assert far.claims[0].command.endswith("--until 2027-12-31")
    assert far.claims[0].branch.endswith("--until 2027-12-31")
    with pytest.raises(
        narrative.Error, match="Shocks come at 2025-07-02T11:59:59, and nothing is lived after"
    ):
        narrative.claims(db, **asked, until="2025-03-01")


@pytest.mark.parametrize("name", [one.id for one in CLAIMS])
def test_what_there_is_no_evidence_of_is_untested_and_says_why(name: str) -> None:
    found = claim(name).judge(Fake(), None)
    assert found.verdict == UNTESTED
    assert found.said.endswith(".")


def test_no_verdict_is_written_beside_a_claim() -> None:
    text = (Path(__file__).parents[3] / "narrative" / "weighing" / "claims.py").read_text(encoding="utf-8")
    table = text[text.index("\nCLAIMS = (") :]
    words = "|".join(map(re.escape, VERDICTS))
    assert not re.findall(rf'"(?:{words})"|\b(?:HOLDS|FAILS|UNDECIDED|UNTESTED|REFUTED)\b', table)
    for one in CLAIMS:
        assert not re.search(r"\b(holds|undecided|untested|refuted)\b", f"{one.shown} {one.fails}"), one.id


def test_every_switch_is_prepared_by_a_story() -> None:
    known = {name for story in list_stories() for name in prepared(find_story(story))}
    assert {name for one in CLAIMS for name in one.switches} <= known


def test_who_leads_is_who_moves_more_than_output() -> None:
    parts = dict.fromkeys(NAMES, Fraction(0)) | {"narratives": Fraction(60), "output": Fraction(-20)}
    found = led(parts | {"rest": Fraction(1000)})
    assert (found["narratives"], found["output"], found["lead"]) == (0.75, -0.25, 1.0)
    assert led(dict.fromkeys(NAMES, Fraction(0))) == {}


# --- of a history -----------------------------------------------------------------------------------


def judged(found: History, said: str, *only: str, seeds: int = 3, draws: int = 2) -> dict[str, Any]:
    return weighed(found, None, Asked(said=said, only=only, seeds=seeds, draws=draws))


def test_a_history_is_judged_alike_each_time() -> None:
    story = named("loop")
    short = evolve(story, until=story.calendar.at("2025-06-30"))
    found = History(lived(short, cast="full"), "main", "a.db")
    asked = ("collateral", "circle", "expectations")
    told = judged(found, "loop", *asked)
    rows = {row["id"]: row for row in told["claims"]}
    assert (rows["collateral"]["switch"], rows["expectations"]["verdict"]) == ("no-debt", UNTESTED)
    assert {row["verdict"] for row in rows.values()} <= VERDICTS
    assert rows["collateral"]["branch"] == "narrative what-if loop --from no-debt --reseed 1 --name no-debt-1"
    assert rows["collateral"]["command"] == "narrative claims loop --only collateral --seeds 3 --draws 2"
    assert (told["ranges"] > 50, told["each"], told["failed"]) == (True, 3, [])
    assert judged(found, "loop", *asked) == told
    (alone,) = judged(found, "loop", "collateral", seeds=1, draws=0)["claims"]
    assert (alone["figure"]["low"], alone["figure"]["high"]) == (None, None)  # of one seed nothing bounds it


def test_each_switch_broken_on_purpose_changes_the_figure_of_a_history(tmp_path: Path) -> None:
    """Long enough for each to make a difference; a switch that takes nothing away adds nothing, to the last
    unit, and what fails without any demand fails with all of it.
    """
    folder = copytree(find_story("loop"), tmp_path / "loop")
    found = History(lived(named("loop"), cast="full"), "main", "a.db")
    names = [one.id for one in CLAIMS if one.switches]
    end = named("loop").calendar.at("2026-12-31")
    asked = Asked(said=str(folder), only=names, seeds=2, draws=0, until=end)
    works = {one["id"]: one for one in weighed(found, None, asked)["claims"]}
    for one in works.values():
        (folder / "what-ifs" / f"{one['switch']}.toml").write_text(
            'question = "Nothing?"\n', encoding="utf-8"
        )
    broken = {one["id"]: one for one in weighed(found, None, asked)["claims"]}
    assert [name for name in names if works[name]["figure"] == broken[name]["figure"]] == []
    assert {name: broken[name]["figure"]["value"] for name in names} == dict.fromkeys(names, 0.0)
    verdicts = {name: broken[name]["verdict"] for name in names}
    few = {"injection": REFUTED, "infinite": UNDECIDED}  # a count of two says little
    assert verdicts == {name: few.get(name, FAILS) for name in names}


def goes_round(found: History) -> str:
    """The part that goes round of what is paid in a history, as the claim on it says."""
    (one,) = weighed(found, None, Asked(said="b.db", only=["circle"], seeds=2, draws=0))["claims"]
    return str(one["said"]).partition(" of what")[0]


def test_a_story_beside_another_is_lived_through_its_own_time(monkeypatch: pytest.MonkeyPatch) -> None:
    story = named("loop")
    day = story.calendar.at
    short = evolve(story, until=day("2025-06-30"))
    mine, other = (History(lived(one, cast="full"), "main", "a.db") for one in (short, story))
    asked = Asked(said="a.db", only=["again"], seeds=2, draws=0, at=day("2025-02-01"), beside="b.db")
    (again,) = weighed(mine, other, asked)["claims"]
    assert goes_round(mine) != goes_round(other)
    assert f"Here and there {goes_round(mine)} and {goes_round(other)} goes round" in again["said"]
    assert again["command"] == (
        "narrative claims a.db --only again --seeds 2 --draws 0 --at 2025-02-01 --beside b.db"
    )
    assert again["branch"] == "narrative claims a.db --only again --beside b.db"
    (alike,) = weighed(other, other, evolve(asked, seeds=9))["claims"]
    assert (alike["verdict"], alike["figure"]["value"]) == (HOLDS, 0.0)
    live = paired.tail

    def failing(before: Cut, what: Supposed, seed: int, *, keep: bool = False) -> Tail:
        if before.until == story.until and seed == 2:
            raise Wrong("the market was closed.")
        return live(before, what, seed, keep=keep)

    monkeypatch.setattr(paired, "tail", failing)
    (one,) = weighed(mine, other, asked)["failed"]
    assert (one["seed"], one["arm"], one["error"]) == (2, "b.db", "Wrong: the market was closed.")


def test_a_branch_that_supposes_something_is_not_judged_as_if_it_did_not(tmp_path: Path) -> None:
    db = str(tmp_path / "loop.db")
    narrative.run("loop", db=db, until="2025-03-31")
    narrative.what_if(db, name="numb", at="2025-03-01", set={"announce_rate": 0}, until="2025-03-31")
    for asked in (
        lambda: narrative.claims(f"{db}@numb", seeds=1, draws=0, workers=1),
        lambda: narrative.doubt(f"{db}@numb", measure="collateral", seeds=1, workers=1),
        lambda: narrative.claims(db, only="again", beside=f"{db}@numb", seeds=1, workers=1),
    ):
        with pytest.raises(Wrong, match=r"numb supposes something from 2025-03-01 on.*Judge main"):
            asked()


def test_with_the_market_alone_what_takes_a_cast_is_untested() -> None:
    story = named(AI)
    found = History(lived(story, until=story.calendar.at("2024-12-31")), "main", "b.db")
    told = judged(found, AI, "collateral", "expectations", "temporary", seeds=1)
    assert told["claims"][0]["verdict"] == UNTESTED
    assert "full cast" in told["claims"][0]["said"]


def test_sizes_that_are_not_half_a_collapse_can_be_said_and_taken_back() -> None:
    story = named("loop")
    before = cut(History(lived(story, cast="full"), "main", "d.db"), story.start, story.until)
    tried, refused = kinds(before)
    fair = {one.dial.kind: one.fair for one in tried}
    assert (fair["market"], refused) == (20.0, {})  # two fifths count as a collapse
    assert all(round(size, 3) == size for size in fair.values())  # as they are written, in steps of a dial
    for one in tried:
        supposed(before, one.dial.request(one.fair))
        if one.dial.priced:
            supposed(before, one.dial.undone(one.fair, "2025-06-30"))


def test_a_history_of_another_model_is_not_lived_on(monkeypatch: pytest.MonkeyPatch) -> None:
    found = History(lived(named("loop"), cast="full", until=named("loop").start + 3_600), "main", "c.db")
    monkeypatch.setattr("narrative.analysis.history.MODEL", "9")
    with pytest.raises(ChangedModel):
        judged(found, "loop", "circle", seeds=1)


def test_a_claim_that_is_none_is_refused() -> None:
    found = History(lived(named("loop"), until=named("loop").start + 3_600), "main", "c.db")
    with pytest.raises(Wrong, match=r'"circel" is no claim\. Did you mean "circle"'):
        judged(found, "loop", "circel", seeds=1)
