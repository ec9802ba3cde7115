"""Who is hurt by a shock, how much and by which way: by hand arithmetic, and what is refused."""

from typing import Any

import pytest
from msgspec.structs import replace
from support.credit import LENDER, PRICE, Life, credit, secured, spent
from support.lives import lived, named
from support.tiny import DAY

import narrative
from events.errors import Wrong
from narrative.analysis.history import History
from narrative.cli.accounting import draw_shaken
from narrative.engine.run import world_at
from narrative.weighing.ensemble import BadEnsemble
from narrative.weighing.shaken import shaken
from narrative.whatif.fork import requested
from narrative.whatif.request import BadSupposition


def shook(log: Any, *shocks: str, until: str | None = None, **flags: Any) -> dict[str, Any]:
    found = History(log, "main", "a log")
    asked = {"shock": shocks, **flags}
    return shaken(found, lambda more: requested(found, None, None, (), {**asked, **more}), until)


def called(fall: str = "-80%") -> dict[str, Any]:
    """3,000 of 1,000,000 million a share pledged, lived a day, and then the cloud falls."""
    life = secured(300_000_000_000, 100_000_000, impact=0.0).lived(2 * DAY)
    return shook(life.log, f"cloud {fall} 1970-01-02", until="1970-01-07")


def lost(told: dict[str, Any], actor: str) -> Any:
    return next(one for one in told["losses"] if one["actor"] == actor)


def test_a_loss_is_what_is_worth_less_than_without_the_shock() -> None:
    """The cloud is worth 10,000 billion, of which four fifths go. The founder held 6,250 less 300 that it
    owed; its 100 million pledged shares bring 200, and 50 million more the rest: it holds 475 million then.
    """
    told = called()
    cloud, founder = lost(told, "cloud"), lost(told, "founder")
    whole = PRICE * 1_000_000_000
    assert (cloud["before"], cloud["without"]) == (whole, whole)
    assert cloud["lost"] == pytest.approx(0.8 * whole, rel=1e-8)
    assert founder["without"] - founder["after"] == founder["lost"]
    assert founder["lost"] == pytest.approx(5_950_000_000_000 - 475_000_000 * 2_000, rel=1e-8)
    assert {one["actor"] for one in told["losses"]} == {"cloud", "founder"}


def test_the_way_leads_from_the_shock_through_the_price_to_call_sale_and_default() -> None:
    told = called("-99%")  # of 625 million shares at 100 not a quarter of the loan is paid
    assert [event.kind for event in lost(told, "founder")["way"]] == [
        "Repricing", "MarginCall", "Liquidation", "Default",
    ]  # fmt: skip  # one way
    assert [event.origin for event in lost(told, "founder")["way"]][:2] == ["supposed", "modelled"]
    assert [event.kind for event in lost(told, "cloud")["way"]] == ["Repricing"]


def test_exposures_before_and_after_both() -> None:
    pairs = {(one["debtor"], one["holder"], one["kind"]): one for one in called()["pairs"]}
    owed = pairs["founder", "bank", "loan"]
    assert (owed["rung"], owed["before"], owed["without"]) == ("paid", 300_000_000_000, 300_000_000_000)
    assert owed["after"] == 0
    held = pairs["cloud", "founder", "stake"]
    assert held["without"] == 6_250_000_000_000
    assert held["after"] == pytest.approx(475_000_000 * 2_000, rel=1e-8)


def test_a_private_company_loses_by_the_round_that_set_its_register() -> None:
    life = Life(credit()).lived(2 * DAY)
    told = shook(life.log, "lab -40% 1970-01-02", until="1970-01-07")
    assert lost(told, "lab")["lost"] == 400_000_000_000  # of 1,000 billion
    assert [event.kind for event in lost(told, "lab")["way"]] == ["Trade"]


def test_who_holds_what_fell_loses_by_that() -> None:
    """Nobody calls: the founder's loss is the fall of its stake, and so is its way."""
    life = Life(credit((LENDER,))).told(1, spent(0)).lived(2 * DAY)
    founder = lost(shook(life.log, "cloud -10% 1970-01-02", until="1970-01-07"), "founder")
    assert founder["lost"] == pytest.approx(625_000_000_000, rel=1e-8)
    assert [event.kind for event in founder["way"]] == ["Repricing"]


def test_a_way_begins_at_the_shock_or_is_said_to_be_tied_to_it_by_no_cause() -> None:
    """A lab is marked down at its next round, whose causes are orders and deliveries, and no price."""
    log = lived(named("loop"), cast="full", until=named("loop").calendar.at("2025-08-31"))
    losses = [one for one in shook(log, "market -80%", at="2025-06-30")["losses"] if one["lost"] > 0]
    assert {one["actor"] for one in losses} >= {"founder", "cloud", "chips", "lab"}
    for one in losses:
        assert one["tied"] == (bool(one["way"]) and one["way"][0].origin == "supposed")
        assert one["tied"] or len(one["way"]) <= 1
    (lab,) = (one for one in losses if one["actor"] == "lab")
    (marked,) = lab["way"]
    assert (marked.kind, marked.fact.post_money, lab["tied"], lab["missed"]) == (
        "Funding", lab["after"], False, None,
    )  # fmt: skip  # one round


def test_a_private_company_loses_by_a_round_that_is_smaller_or_not_made(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """After a fall by half SpaceX goes public at half of what it did, and Anthropic raises nothing."""
    found = narrative.exposure("ai-2025", at="2025-10-30", shock="market -50%")
    by = {one.actor: one for one in found.shaken.losses}
    (public,) = by["spacex"].way
    assert (public.kind, public.origin, by["spacex"].tied) == ("Funding", "modelled", False)
    assert by["spacex"].after == pytest.approx(by["spacex"].without / 2, rel=0.05)
    raised = by["anthropic"].missed
    assert raised is not None
    assert (raised.kind, raised.origin, by["anthropic"].way) == ("Funding", "recorded", [])
    assert "65 billion Series H at 965 billion" in raised.gist  # of May 2026, as it is told
    draw_shaken(found, found.shaken)
    said = " ".join(capsys.readouterr().out.split())
    assert "no cause leads there from the shock: a round names no price as its cause" in said
    assert "no cause leads there from the shock: with it this round is not made: 2026-05-28" in said


def test_a_rise_is_a_loss_below_zero_and_has_no_way() -> None:
    life = Life(credit((LENDER,))).lived(2 * DAY)
    cloud = lost(shook(life.log, "cloud +10% 1970-01-02", until="1970-01-07"), "cloud")
    assert cloud["lost"] == pytest.approx(-1_000_000_000_000, rel=1e-8)
    assert cloud["way"] == ()


def test_the_history_without_the_shock_is_the_history_itself() -> None:
    """`before` and `without` are those of the plain history at the cut and at the end."""
    story = named("loop")
    log = lived(story, cast="full", until=story.calendar.at("2025-06-30"))
    told = shook(log, "market -50%", at="2025-04-30", until="2025-06-30")
    whole = story.calendar.at("2025-06-30")
    world = world_at(log, "main")
    assert lost(told, "chips")["without"] == world.readings.value("chips", whole)
    cut = world_at(log, "main", log.position_at("main", story.calendar.at("2025-04-30")))
    assert lost(told, "chips")["before"] == cut.readings.value("chips", story.calendar.at("2025-04-30"))
    assert told["position"] == cut.position


@pytest.fixture(scope="module")
def loop(tmp_path_factory: pytest.TempPathFactory) -> str:
    db = str(tmp_path_factory.mktemp("shaken") / "loop.db")
    narrative.run("loop", db=db, cast="full", until="2025-04-30")
    return db


@pytest.mark.parametrize(
    ("shock", "says"),
    [
        ("nvidea -50% 2025-03-01", "which is no actor or role of this story. It takes an actor, as lab"),
        ("market -150% 2025-03-01", "It takes more than -100% and up to 1000%, and not 0."),
        ("rates +9000bp 2025-03-01", "It takes up to 2000bp either way, and not 0."),
        ("market -30% 2024-03-01", "It can come after 2025-01-01T00:00:00 and up to 2025-12-31T23:59:59."),
        ("market -30%", "Add a day, as 2025-11-03, or fork with --at a date."),
    ],
)
def test_a_shock_that_cannot_be_is_refused_with_what_would_do(loop: str, shock: str, says: str) -> None:
    with pytest.raises(BadSupposition, match="shock") as refused:
        narrative.exposure(loop, shock=shock)
    assert says in str(refused.value)
    assert str(refused.value).count("\n") == 0


def test_a_cut_that_was_not_lived_to_and_a_day_without_a_shock_are_refused(loop: str) -> None:
    with pytest.raises(BadEnsemble, match="lies after 2025-04-30"):
        narrative.exposure(loop, shock="market -30% 2025-07-01")
    with pytest.raises(Wrong, match="without a shock: add one, as"):
        narrative.exposure(loop, until="2025-04-30")


def test_nothing_is_written_and_the_answer_has_the_way_in_words(loop: str) -> None:
    before = narrative.branches(loop)
    found = narrative.exposure(loop, shock=["market -80% 2025-03-03", "lab -50% 2025-03-03"])
    assert narrative.branches(loop) == before
    assert (found.moment, found.shaken.at) == ("2025-03-03T08:59:59", "2025-03-03T08:59:59")
    assert found.shaken.question == "What if market -80% 2025-03-03; lab -50% 2025-03-03?"
    chips = next(one for one in found.shaken.losses if one.actor == "chips")
    assert "chips" in chips.way[0].gist
    assert "shaken" not in narrative.exposure(loop)


def test_the_screen_names_first_whom_something_befell(loop: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The founder, who is called and fails, lost less than the chip maker, which only fell."""
    found = narrative.exposure(loop, shock="market -80% 2025-03-03")
    assert [one.actor for one in found.shaken.losses].index("chips") == 0
    draw_shaken(found, found.shaken)
    lines = capsys.readouterr().out.splitlines()
    named = [line.split()[0] for line in lines if "  loses $" in line]
    assert named[0] == "founder"
    assert "chips" in named


def test_a_loss_of_one_whose_cash_is_unknown_says_so(loop: str, capsys: pytest.CaptureFixture[str]) -> None:
    found = narrative.exposure(loop, shock="market -80% 2025-03-03")
    losses = [replace(one, without=None, after=None) for one in found.shaken.losses if one.actor == "founder"]
    draw_shaken(found, replace(found.shaken, losses=losses))
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "  loses $" in line]
    assert line.rstrip().endswith("of what is known of it; its cash is not")
