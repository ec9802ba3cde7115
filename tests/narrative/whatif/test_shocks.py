"""Shocks as people say them: what each is spelt out as, that it does that, and what is refused."""

import tomllib
from decimal import Decimal
from functools import cache
from typing import Any

import pytest
from support.asking import ask, end
from support.lives import AI, lived, named

from events.log import Log
from narrative.story.calendar import DAY
from narrative.whatif.request import BadSupposition, flags_page, request
from narrative.whatif.shocks import shocked
from narrative.whatif.state import Standing

NOVEMBER = "2025-11-03"


@cache
def loop() -> Log:
    story = named("loop")
    return lived(story, cast="full", until=story.calendar.at("2025-10-15"))


@cache
def standing(story: str) -> Standing:
    return Standing.of(named(story))


def spelt(*shocks: str, story: str = AI, **asked: Any) -> dict[str, Any]:
    """The part of a what-ifs file that shocks come to, of all their pages."""
    found = shocked(request(None, flags_page(shock=list(shocks), **asked)), standing(story))
    assert found.faults == []
    parts: dict[str, Any] = {"at": found.at.value if found.at else None}
    for page in found.pages[1:]:
        for key, value in page.data.items():
            parts[key] = [*parts.get(key, []), *value] if isinstance(value, list) else value
    return parts


def refused(shock: str, story: str = AI, **asked: Any) -> str:
    found = shocked(request(None, flags_page(shock=[shock], **asked)), standing(story))
    assert len(found.faults) == 1
    return f"{found.faults[0].what}. {found.faults[0].meant}"


def spoken(shock: str) -> str:
    return refused(shock).removeprefix(f'shock "{shock}" ')


# --- spelt out ------------------------------------------------------------------------------------


def test_the_market_falls_by_three_tenths_of_each_listed_price() -> None:
    events = spelt(f"market -30% {NOVEMBER}")["event"]
    assert [one["actor"] for one in events] == [a.id for a in named(AI).actors if a.listed]
    assert {one["lasting"] for one in events} == {-356_674_944}  # ln 0.7 = -0.356674943939
    assert {(one["kind"], one["date"]) for one in events} == {("Repricing", "2025-11-03T09:00:00")}


def test_one_listed_price_halves_and_an_unlisted_company_changes_hands_at_half() -> None:
    (nvidia,) = spelt(f"nvidia -50% {NOVEMBER}")["event"]
    assert nvidia["lasting"] == -693_147_181  # ln 0.5
    (openai,) = spelt(f"OpenAI -50% {NOVEMBER}")["event"]
    assert (openai["kind"], openai["post_money"]) == ("Trade", 250)  # of 500 bn, told in October 2025


def test_rates_move_by_surprise_and_every_later_decision_stands_as_far_from_where_it_was() -> None:
    found = spelt(f"rates +100bp {NOVEMBER}")
    (decided,) = found["event"]
    assert (decided["rate"], decided["surprise"]) == (500, 100)  # 4.00 percent told on 2025-10-29
    assert found["change"] == {
        f"ai-2025-{entry}": {"rate": 475} for entry in ("099", "114", "129", "134", "143")
    }


def test_revenue_halves_as_told_and_as_a_process_would_have_it() -> None:
    found = spelt(f"revenue openai -50% {NOVEMBER}")
    assert (found["at"], found["set"]) == ("2025-11-03T08:59:59", {"demand.openai": Decimal("0.15")})


def test_revenue_halves_from_what_is_asked_for_beside_it() -> None:
    """Half of 0.8 is 0.4, where 0.3 is in force."""
    found = spelt(f"revenue openai -50% {NOVEMBER}", set={"demand": 0.8})
    assert found["set"] == {"demand.openai": Decimal("0.4")}
    asked = request(None, flags_page(shock=[f"revenue openai -50% {NOVEMBER}"], set={"demand": 0.8}))
    assert shocked(asked, standing(AI)).parts == {}  # whoever says a value has it, whatever is drawn
    plain = shocked(request(None, flags_page(shock=[f"revenue openai -50% {NOVEMBER}"])), standing(AI))
    assert plain.parts == {"demand.openai": ("demand", 0.5)}


def test_a_delay_moves_what_is_told_and_leaves_out_what_would_come_after_the_end() -> None:
    found = spelt(f"delay nvidia 180d {NOVEMBER}")
    entries = {entry.id: entry for entry in named(AI).entries}
    day = named(AI).calendar
    assert found["set"] == {"delivery_delay.nvidia": 180}
    assert found["change"]
    for name, fields in found["change"].items():
        assert day.at(fields["date"]) - entries[name].moment == 180 * DAY
    assert all(entries[name].moment + 180 * DAY > named(AI).until for name in found["without"])


def test_news_are_heard_twice_as_strongly() -> None:
    assert spelt("news ai-2025-004 x2")["change"] == {
        "ai-2025-004": {"strength": Decimal("0.8")}
    }  # it was 0.4


def test_all_news_is_heard_half_as_strongly_from_a_day_on_or_whenever_it_is_told() -> None:
    weighs = {e.id: e for e in named(AI).entries if e.fact.told and e.fact.told.strength}
    halved = spelt("news all x0.5")["change"]
    assert halved.keys() == weighs.keys()
    assert halved["ai-2025-004"] == {"strength": Decimal("0.2")}
    day = named(AI).calendar.written(NOVEMBER)
    assert spelt(f"news all x0.5 {NOVEMBER}")["change"].keys() == {
        name for name, entry in weighs.items() if entry.moment >= day
    }
    assert "ai-2025-004" not in spelt("news all x0.5", at=NOVEMBER)["change"]


def test_liquidity_is_counted_in_deviations() -> None:
    (event,) = spelt(f"liquidity -2sd {NOVEMBER}")["event"]
    assert (event["kind"], event["impulse"]) == ("Liquidity", -2_000_000_000)


def test_a_link_goes_with_all_that_is_told_of_it() -> None:
    found = spelt("link nvidia->openai off 2025-06-01")
    assert found["off"] == ["nvidia->openai"]
    assert found["without"] == [f"ai-2025-{one}" for one in ("056", "116", "122", "124b", "142")]


def test_several_shocks_are_one_supposition() -> None:
    found = spelt(f"nvidia -50% {NOVEMBER}", f"amd -10% {NOVEMBER}")
    assert [one["id"] for one in found["event"]] == ["shock-1-nvidia", "shock-2-amd"]


def test_a_shock_without_a_day_comes_just_after_the_fork() -> None:
    (event,) = spelt("nvidia -50%", at=NOVEMBER)["event"]
    assert event["date"] == "2025-11-04T00:00:00"


# --- lived ----------------------------------------------------------------------------------------


def test_a_price_falls_by_as_much_as_was_said() -> None:
    log = loop()
    ask(log, "fall", shock=["cloud -30% 2025-06-02"], until="2025-06-02T09:00:00", at="2025-06-02T08:59:59")
    ask(log, "calm", at="2025-06-02T08:59:59", until="2025-06-02T09:00:00")
    at = named("loop").calendar.at("2025-06-02T09:00:00")
    values = [end(log, one).readings.log_price("cloud", at) for one in ("fall", "calm")]
    assert values[0] - values[1] == pytest.approx(-0.356674944, abs=1e-9)


def test_nothing_goes_over_a_link_that_is_off() -> None:
    log = loop()
    ask(log, "cut", shock=["link chips->lab off 2025-03-03"])
    given = [e for e in log.read("cut") if e.kind == "Investment" and e.actor == "chips"]
    before = named("loop").calendar.at("2025-03-03")
    assert all(event.moment <= before for event in given)
    assert any(e.kind == "Investment" and e.actor == "chips" and e.moment > before for e in log.read("main"))


def test_the_file_that_a_dry_run_prints_asks_the_same() -> None:
    log = loop()
    said = ask(log, "one", shock=["cloud -30% 2025-06-02", "revenue lab -50% 2025-06-02"])
    file = tomllib.loads(said["supposes"])
    assert "shock" not in file
    again = ask(log, "two", inject=file.pop("event"), **file)
    assert again["digest"] == said["digest"]


# --- refused --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("shock", "said"),
    [
        ("nvidea -50% 2025-11-03", 'names "nvidea", which is no actor or role of this story. Did you mean'),
        ("market -130% 2025-11-03", "is by -130%. It takes more than -100% and up to 1000%, and not 0."),
        ("nvidea -50%", 'names "nvidea", which is no actor'),
        ("revenue nobody -50%", 'names "nobody", which is no actor'),
        ("revenue openai -101% 2025-11-03", "is by -101%. It takes -100% to 1000%, and not 0."),
        ("nvidia -100% 2025-11-03", "is by -100%. It takes more than -100% and up to 1000%, and not 0."),
        ("link nvidia->Nvidia off 2025-11-03", "links one to itself. It takes giver->taker"),
        ("market +0% 2025-11-03", "is by 0%. It takes more than -100% and up to 1000%, and not 0."),
        ("market -30%", "does not say when. Add a day, as 2025-11-03, or fork with --at a date."),
        (
            "market -30% 2019-01-01",
            "would come on 2019-01-01T09:00:00. It can come after 2024-08-01T",
        ),
        ("market -30% 2025-02-30", "does not read: 2025-02-30 is no date: February 2025 has 28 days"),
        ("rates -900bp 2025-11-03", "takes the rate to -525 basis points. Rates end at 0."),
        ("rates +1% 2025-11-03", 'does not read. Shocks are said as "market -30% 2025-11-03"'),
        (
            "news ai-2025-004 x3",
            "would have ai-2025-004 weigh 1.2, its strength being 0.4. Words weigh 1 at most: up to x2.5",
        ),
        ("news ai-2025-004 x2 2025-11-03", "says a day, and an entry is told on its own. Leave the day out."),
        ("news all x2", "would have ai-2025-009 weigh 1.6, its strength being 0.8. Words weigh 1 at most"),
        ("news nothing x2", 'names "nothing", which is no entry of this history.'),
        ("delay nvidia 0d 2025-11-03", "is by 0 days. It takes 1d to 3650d."),
        ("liquidity -99sd 2025-11-03", "is by -99 deviations. It takes up to 10sd either way, and not 0."),
        ("link nvidia off 2025-11-03", "names no link. It takes giver->taker, as nvidia->openai."),
        ("market", "does not read."),
    ],
)
def test_a_shock_that_cannot_be_is_refused_in_a_sentence(shock: str, said: str) -> None:
    assert said in spoken(shock)


def test_a_shock_that_was_lived_already_is_refused_before_anything_is_made() -> None:
    log = loop()
    ask(log, "later", at="2025-08-01", reseed=3, until="2025-08-10")
    with pytest.raises(BadSupposition, match="It can come after"):
        ask(log, "never", of="later", shock=["cloud -30% 2025-06-02"])
    assert "never" not in [branch.name for branch in log.branches()]


def test_who_makes_chips_may_be_said_so() -> None:
    # Whoever has a role that begins as the word does, in any story: nobody of them need be called so.
    said, by_role = spelt(f"delay chips 180d {NOVEMBER}"), spelt(f"delay chipmaker 180d {NOVEMBER}")
    assert by_role["set"].items() < said["set"].items()
    assert said["set"].keys() - by_role["set"].keys() == {"delivery_delay.arm"}  # the one chip-designer
    assert 'names "xs"' in refused(f"delay xs 180d {NOVEMBER}")
