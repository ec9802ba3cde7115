"""When it breaks: least sizes by seed, the same by any number of workers, and why nothing breaks."""

from datetime import date, timedelta
from functools import cache
from typing import Any

import pytest
from attrs import evolve
from support.lives import lived, named

from events.errors import Wrong
from narrative.analysis.history import History
from narrative.story.model import Story
from narrative.whatif.crew import Crew, hired
from narrative.whatif.dials import dial, own, pairs, usual
from narrative.whatif.fragility import Undefined, fragilities
from narrative.whatif.request import BadSupposition

LATE = "2025-11-30"


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
    return fragilities(history(**collapse), [moment], shocks=shocks, seeds=seeds)


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
    assert shallow["sizes"][0] < deep["sizes"][0]
    assert shallow["sizes"][0] == pytest.approx(20.0, abs=3.0)


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
    found = fragilities(history(), days, shocks=["market"], seeds=1)
    assert [cell["at"][:10] for cell in found["map"]] == [LATE, "2025-12-15"]
    assert found["map"][0]["median"] == found["shocks"][0]["sizes"][0]


def test_workers_change_nothing() -> None:
    moment = story().calendar.at("2025-12-10")
    with hired(Crew(workers=2)) as hands:
        many = fragilities(history(), [moment], shocks=["market"], seeds=3, hands=hands)
    assert many == fragilities(history(), [moment], shocks=["market"], seeds=3)


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
            shocks=["rates"],
            seeds=1,
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
            shocks=["market"],
            seeds=1,
        )
    with pytest.raises(Wrong, match="0 workers cannot work"), hired(Crew(workers=0)):
        pass
