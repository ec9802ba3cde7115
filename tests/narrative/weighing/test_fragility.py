"""When it breaks: least sizes by seed, the same by any number of workers, and why nothing breaks."""

import re
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from support.lives import lived, named

import narrative
from events.errors import Wrong
from narrative.analysis.history import History
from narrative.charts.heat import map_drawn
from narrative.story.model import Plausible, Story
from narrative.weighing import fragility
from narrative.weighing.breakages import Breaking, dates, fragilities
from narrative.weighing.crew import Crew, hired
from narrative.weighing.critical import least
from narrative.weighing.dials import dial, own, pairs, usual
from narrative.weighing.fragility import Fallen, Undefined, cut_at
from narrative.weighing.tails import Cut, Tail, supposed, tail
from narrative.whatif.request import BadSupposition

LATE = "2025-11-30"
KINDS = {"rates": "PolicyRate", "liquidity": "Liquidity"}


@cache
def story(**collapse: Any) -> Story:
    told = named("loop")
    assert told.collapses is not None
    return evolve(told, collapses=evolve(told.collapses, **collapse))


@cache
def history(**collapse: Any) -> History:
    return History(lived(story(**collapse), cast="full"), "main", "a log")


def asked(*shocks: str, at: str = LATE, seeds: int = 2, **collapse: Any) -> dict[str, Any]:
    moment = story().calendar.at(at)
    return fragilities(history(**collapse), [moment], Breaking(shocks=shocks, seeds=seeds))


def test_a_fall_of_the_market_breaks_by_its_own_size_alone() -> None:
    (market,) = asked("market")["shocks"]
    assert all(30.0 < size <= 40.0 for size in market["sizes"])  # two fifths count as a collapse
    assert (market["by_own_size"], market["not_monotone"], market["metastable"]) == (2, 0, False)
    assert market["own"] == pytest.approx(market["sizes"][0] / 100, abs=0.01)
    assert market["at_plausible"]["value"] == 1.0
    assert [one["value"] for one in market["curve"]] == sorted(one["value"] for one in market["curve"])


def test_the_size_that_is_found_breaks_and_a_step_less_does_not() -> None:
    (deep,) = asked("market", seeds=1)["shocks"]
    (shallow,) = asked("market", seeds=1, fall=0.2)["shocks"]
    for found, fall in ((deep, 0.4), (shallow, 0.2)):
        (size,) = found["sizes"]
        before = cut_at(history(fall=fall), story().calendar.at(LATE))
        broke = [
            fragility.broke(tail(before, supposed(before, dial("market", story()).request(one)), 1))
            for one in (size, round(size - 0.1, 1))
        ]
        assert broke == [True, False]
        assert size <= 100 * fall  # the rest had gone from the highest value before
    assert shallow["sizes"][0] < deep["sizes"][0]


def test_what_breaks_at_once_is_lived_no_further_and_says_what_whole_tails_say(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of sizes that break at once ten days are lived, and of the one that is told the whole."""
    before = cut_at(history(), story().calendar.at(LATE))
    until: list[int] = []

    def noted(cut: Cut, *asked: Any, **more: Any) -> Tail:
        until.append(cut.until)
        return tail(cut, *asked, **more)

    monkeypatch.setattr(fragility, "tail", noted)
    market = dial("market", story())
    (found,) = fragility.shaken(fragility.Job(before, (market,), 7)).kinds
    assert until.count(before.at + 10 * 86_400) >= 8  # halvings
    assert until.count(before.until) < until.count(before.at + 10 * 86_400)

    def breaks(size: float) -> bool:
        return fragility.broke(tail(before, supposed(before, market.request(round(size, 9))), 7))

    assert found.size == least(breaks, market.most, market.step)
    assert found.size is not None
    told = tail(before, supposed(before, market.request(found.size)), 7)
    assert found.fall == fragility.drop(told)
    assert found.nearest == fragility.hurt(before, told, tail(before, seed=7))


def test_what_a_seed_loses_unshocked_is_not_the_shock_s_doing() -> None:
    """The lab loses half by its own round either way, and the shock takes a tenth from the chip maker."""
    before = cut_at(history(), story().calendar.at(LATE))
    plain = tail(before)
    peak = {**plain.peak, "lab": 200, "chips": 100, "cloud": 100}
    calm = evolve(plain, peak=peak, end={**plain.end, "lab": 100, "chips": 100, "cloud": 100})
    assert fragility.hurt(before, evolve(calm, end={**calm.end, "chips": 90}), calm) == "chips"
    assert fragility.hurt(before, calm, calm) is None


def test_what_breaks_nothing_says_what_stood_in_the_way() -> None:
    (delay,) = asked("delay chips")["shocks"]
    assert delay["sizes"] == [None, None]
    assert (delay["fall_needed"], delay["broke"]) == (0.4, 0)
    assert 0.0 < delay["fall"] < 0.4
    assert delay["nearest"] in {actor.id for actor in story().actors}
    assert delay["basin"]["value"] == 1.0


def test_what_collapses_by_itself_takes_no_shock() -> None:
    found = asked("haircut", fall=0.002, at="2025-01-10")
    assert found["unshocked"]["value"] == 1.0
    assert found["shocks"][0]["sizes"] == [0.0, 0.0]
    assert not found["shocks"][0]["metastable"]


def test_a_link_is_there_or_not() -> None:
    (link,) = asked("link chips->lab")["shocks"]
    assert (link["unit"], link["looked"], len(link["curve"])) == ("", 0, 1)


def test_a_turn_of_the_purse_strikes_everybody_who_sells_outside() -> None:
    one = dial("fiscal", story())
    assert one.who == ("lab", "cloud")
    assert [shock.name for shock in one.request(12.5).shock] == ["revenue lab -12.5%", "revenue cloud -12.5%"]
    assert not one.priced
    with pytest.raises(Wrong, match="Nobody in loop sells"):
        dial("fiscal", evolve(story(), actors=()))


def test_dates_make_a_map() -> None:
    days = [story().calendar.at(day) for day in (LATE, "2025-12-15")]
    found = fragilities(history(), days, Breaking(shocks=["market"], seeds=1))
    assert [cell["at"][:10] for cell in found["map"]] == [LATE, "2025-12-15"]
    assert found["map"][0]["median"] == found["shocks"][0]["sizes"][0]


def test_workers_change_nothing() -> None:
    moment = story().calendar.at("2025-12-10")
    with hired(Crew(workers=2)) as hands:
        many = fragilities(history(), [moment], Breaking(shocks=["market"], seeds=3), hands)
    assert many == fragilities(history(), [moment], Breaking(shocks=["market"], seeds=3))


# --- the map, and what is kept --------------------------------------------------------------------


def test_a_map_has_a_date_every_so_often_before_what_was_lived_ends() -> None:
    calendar = story().calendar
    days = [calendar.day(one) for one in dates(history(), [], "1q")]
    assert days == ["2025-03-31", "2025-06-30", "2025-09-30"]  # the story ends with the year
    later = [calendar.at("2025-07-15")]
    assert [calendar.day(one) for one in dates(history(), later, "1q")] == ["2025-07-15", "2025-09-30"]
    with pytest.raises(Undefined, match="Nothing says when it is to be broken"):
        dates(history(), [], None)


def test_dates_by_which_it_has_collapsed_are_named_and_the_first_must_not_be() -> None:
    """With a fall of a five hundredth that counts, it has collapsed by itself in the first months."""
    first, late = (story().calendar.at(day) for day in ("2025-01-10", "2025-12-10"))
    asked_ = Breaking(shocks=["haircut"], seeds=1)
    found = fragilities(history(fall=0.002), [first, late], asked_)
    assert [one[:10] for one in found["fallen"]] == ["2025-12-10"]
    assert {cell["at"][:10] for cell in found["map"]} == {"2025-01-10"}
    with pytest.raises(Fallen):
        fragilities(history(fall=0.002), [late], asked_)


def test_what_each_seed_does_is_kept_and_gone_on_with(tmp_path: Path) -> None:
    moments = [story().calendar.at(day) for day in (LATE, "2025-12-15")]
    asked_ = Breaking(shocks=["market", "rates"], seeds=2, output=tmp_path / "shaken")
    said: list[tuple[int, int]] = []

    def stop(done: int, whole: int) -> None:
        said.append((done, whole))
        if done == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        fragilities(history(), moments, asked_, told=stop)
    assert said[-1] == (3, 4)
    assert len(list((tmp_path / "shaken").iterdir())) == 3
    found = fragilities(history(), moments, asked_, told=lambda done, whole: said.append((done, whole)))
    assert said[-1] == (3, 4)  # one was left to do, of the second date
    assert found == fragilities(history(), moments, asked_)
    assert found | {"output": None} == fragilities(history(), moments, evolve(asked_, output=None))
    rows = narrative.query(str(tmp_path / "shaken"), "SELECT seed, size FROM shaken WHERE kind = 'market'")
    assert [row["size"] for row in rows][:2] == found["shocks"][0]["sizes"]
    with pytest.raises(Wrong, match="is not of what is asked here"):
        fragilities(history(), moments[:1], asked_)


def test_the_costliest_link_comes_first_beside_falls_of_its_ends() -> None:
    moment = story().calendar.at("2025-08-31")
    told = fragilities(history(), [moment], Breaking(shocks=["haircut"], seeds=2, links=True))
    costs = [one["total"]["value"] for one in told["links"]]
    assert {one["link"] for one in told["links"]} >= {"lab->cloud", "cloud->chips", "chips->lab"}
    assert costs == sorted(costs, reverse=True)
    assert all(one["others"]["value"] <= 1.0 for one in told["links"])
    assert asked("haircut")["links"] == []


def test_the_map_is_drawn_with_words_for_who_cannot_see_it(tmp_path: Path) -> None:
    cell = {"at": "2025-03-31T23:59:59", "kind": "market", "unit": "%", "plausible": 50.0, "median": 36.0,
            "at_plausible": 1.0, "own": True, "fall": None}  # fmt: skip  # a cell
    rates = cell | {"kind": "rates", "unit": "bp", "plausible": 300.0, "median": None, "at_plausible": 0.0,
                    "own": False, "fall": 0.02}  # fmt: skip  # a cell
    found = {"story": "loop", "seeds": 6, "definition": "It halves.", "map": [cell, rates],
             "fallen": ["2025-06-30T23:59:59"]}  # fmt: skip  # an answer
    map_drawn(found, tmp_path / "map.svg")
    svg = (tmp_path / "map.svg").read_text(encoding="utf-8")
    for text in ("36 %*", "falls 2 %", "market, 50 %", "rates, 300 bp", "2025-03-31", "2025-06-30", "fallen"):
        assert f">{text}<" in svg, text
    assert "Parts of 6 seeds that what is plausible breaks. market, 50 %: 100 % on 2025-03-31." in svg
    map_drawn(found, tmp_path / "map.png")
    assert (tmp_path / "map.png").read_bytes()[:8] == b"\x89PNG\r\n\x1a\n"


def test_a_picture_of_another_kind_is_refused_before_anything_is_lived() -> None:
    with pytest.raises(Wrong, match=r"end it in \.svg or \.png"):
        narrative.fragility("nobody.db", at=LATE, picture="map.gif")


# --- the way down ---------------------------------------------------------------------------------


def test_it_breaks_at_one_size_and_comes_back_at_another() -> None:
    """Lived by hand: with so much left all comes back to what it is under so much from the first, and with a
    thirty-second of the size more it does not.
    """
    before = cut_at(history(), story().calendar.at("2025-03-31"))
    market = dial("market", story())
    (found,) = fragility.shaken(fragility.Job(before, (market,), 1)).kinds
    assert found.size is not None
    day = story().calendar.day(before.at + fragility.UNDONE)

    def back(left: float) -> bool:
        down = tail(before, supposed(before, market.undone(found.size or 0.0, day, left)), 1)
        up = tail(before, supposed(before, market.request(left)) if left else None, 1)
        fewer = down.sums["defaults"] <= up.sums["defaults"]
        return fewer and down.total[-1] >= 0.9 * up.total[-1]

    assert found.back == back(0.0)
    if found.remains is not None:
        step = round(found.size / 32 + 0.1, 1)
        assert back(found.remains)
        assert found.remains + step >= found.size or not back(round(found.remains + step, 1))
    (told,) = asked("market", at="2025-03-31", seeds=1)["shocks"]
    assert told["ways"] == [{"up": found.size, "down": found.remains}]
    assert told["gap"] == found.size - (found.remains or 0.0)


def test_a_shock_is_taken_back_down_to_what_is_left_of_it() -> None:
    """From 0.6 to 0.9 of a price is half as much again; of 300 points 200 go."""
    asked_ = [shock.name for shock in dial("market", story()).undone(40.0, "2025-07-01", 10.0).shock]
    assert asked_ == ["market -40%", "market +50.000% 2025-07-01"]
    asked_ = [shock.name for shock in dial("rates", story()).undone(300.0, "2025-07-01", 100.0).shock]
    assert asked_ == ["rates +300bp", "rates -200bp 2025-07-01"]


def test_a_story_says_what_is_plausible_of_its_shocks() -> None:
    said = Plausible(
        source="author", market=20.0, price=30.0, rates=900.0, delay=90.0, haircut=0.2, fiscal=5.0
    )
    told = evolve(story(), plausible=said)
    sizes = {
        kind: (one.plausible, one.most, one.stated)
        for kind in (
            "market",
            "chips",
            "rates",
            "liquidity",
            "delay chips",
            "haircut",
            "fiscal",
            "link chips->lab",
        )
        for one in (dial(kind, told),)
    }
    usual_ = {kind: dial(kind, story()) for kind in sizes}
    assert sizes == {
        "market": (20.0, 90.0, True),
        "chips": (30.0, 95.0, True),
        "rates": (900.0, 900.0, True),  # what is plausible is tried
        "liquidity": (3.0, 10.0, False),
        "delay chips": (90.0, usual_["delay chips"].most, True),
        "haircut": (0.2, usual_["haircut"].most, True),
        "fiscal": (5.0, 100.0, True),
        "link chips->lab": (1.0, 1.0, False),
    }
    assert not any(one.stated for one in usual_.values())
    assert Story.load(told.dump()) == told
    assert '"plausible"' not in story().dump()  # a story that says nothing is written as it was


# --- dials ----------------------------------------------------------------------------------------


def test_the_usual_shocks_are_those_of_the_story() -> None:
    assert usual(story()) == (
        "market", "rates", "liquidity", "chips", "delay chips", "revenue lab", "haircut",
    )  # fmt: skip  # one list
    assert usual(named("ai-2025"))[3:] == ("nvidia", "delay nvidia", "revenue openai", "haircut")
    refused = asked("haircut", seeds=1)["refused"]
    assert refused == {}


def test_the_part_of_a_fall_that_is_the_shock_itself() -> None:
    worth = {"chips": 3000, "cloud": 1000}
    assert own(dial("market", story()), 40.0, story(), worth) == pytest.approx(0.4)
    assert own(dial("chips", story()), 40.0, story(), worth) == pytest.approx(0.3)
    assert own(dial("delay chips", story()), 40.0, story(), worth) == 0.0


def test_rates_and_money_are_taken_back_as_falls_are() -> None:
    """What is raised by surprise is lowered by surprise as far, and money that left comes back."""
    before = cut_at(history(), story().calendar.at("2025-03-31"))
    for kind, size, field in (("rates", 300.0, "surprise"), ("liquidity", 3.0, "impulse")):
        one = dial(kind, story())
        told = tail(before, supposed(before, one.undone(size, "2025-07-01")), 1, keep=True).log
        shocks = [event for event in told if event.origin == "supposed"][1:]  # behind the supposition
        assert [event.kind for event in shocks] == [KINDS[kind]] * 2
        assert sum(getattr(event.fact, field) for event in shocks) == 0
        assert getattr(shocks[0].fact, field) != 0
    assert not dial("delay chips", story()).undoable
    assert not dial("revenue lab", story()).undoable


def test_money_goes_from_buyers_to_sellers_and_from_who_invests() -> None:
    assert pairs(story())[:3] == (("lab", "cloud"), ("cloud", "chips"), ("chips", "lab"))


# --- refused --------------------------------------------------------------------------------------


def test_what_cannot_be_answered_says_so() -> None:
    with pytest.raises(Wrong, match="0 seeds say nothing"):
        asked("market", seeds=0)
    none = evolve(story(), actors=tuple(evolve(one, roles=()) for one in story().actors))
    with pytest.raises(BadSupposition, match="nobody to set rates"):
        fragilities(
            History(lived(none, until=none.start + 86_400), "main", "a log"),
            [none.start + 3_600],
            Breaking(shocks=["rates"], seeds=1),
        )
    with pytest.raises(Wrong, match="Kinds are said without a size"):
        asked("market -30% please")
    with pytest.raises(Undefined, match=r"main has collapsed on .* already, by fall") as refused:
        asked("market", fall=0.002)
    day = date.fromisoformat(str(refused.value).split(" on ")[1][:10])
    with pytest.raises(Undefined):
        asked("haircut", seeds=1, fall=0.002, at=str(day + timedelta(days=1)))
    before = str(day - timedelta(days=1))  # as it is told to ask
    assert asked("haircut", seeds=1, fall=0.002, at=before)["unshocked"]["value"] == 1.0
    bare = evolve(story(), collapses=None)
    with pytest.raises(Undefined, match="does not say in figures what breaks it"):
        fragilities(
            History(lived(bare, until=bare.start + 86_400), "main", "a log"),
            [bare.start + 3_600],
            Breaking(shocks=["market"], seeds=1),
        )
    with pytest.raises(Wrong, match="0 workers cannot work"), hired(Crew(workers=0)):
        pass


@pytest.mark.parametrize("said", ["market -10%", "chips -30%", "rates +100bp", "delay", "delay chips 9d", ""])
def test_kinds_are_said_without_a_size_and_of_somebody_where_they_are(said: str) -> None:
    with pytest.raises(Wrong, match=f'"{re.escape(said)}" is no kind of shock. Kinds are said'):
        dial(said, named("loop"))
