"""The other eras of docs/stories.md are checked and lived as they are printed."""

import re
from pathlib import Path

import pytest
from support.asking import ask
from support.lives import lived

from events.log import Log
from narrative.engine.run import world_at
from narrative.story.catalogue import new_story
from narrative.story.model import Story
from narrative.story.reader import read_story
from narrative.whatif.check import check_story
from narrative.whatif.state import Standing

PAGE = Path(__file__).parents[2] / "docs" / "stories.md"
HEAD_1720, TIMELINE_1720, HEAD_1999, TIMELINE_1999 = re.findall(
    r"```toml\n(.*?)```", PAGE.read_text(encoding="utf-8").partition("## Other eras")[2], flags=re.DOTALL
)
MILLION = 10**6


def written(folder: Path, head: str, timeline: str) -> Story:
    """A story that `new` wrote, its head and timeline replaced by the page's."""
    story = folder / "era"
    new_story(story)
    replay = (story / "replay.toml").read_text(encoding="utf-8")
    (story / "replay.toml").write_text(head + replay[replay.index("[[parameter]]") :], encoding="utf-8")
    (story / "timeline.toml").write_text(timeline, encoding="utf-8")
    assert check_story(story) == ()
    return read_story(story)


@pytest.fixture
def south_sea(tmp_path: Path) -> Log:
    return lived(written(tmp_path, HEAD_1720, TIMELINE_1720))


def test_a_subscription_is_announced_whole_paid_in_parts_and_taken_back(south_sea: Log) -> None:
    world = world_at(south_sea, "main")
    sums = {name: world.fold.sum(name, "company") for name in ("announced", "cash", "raised", "delivered")}
    announced, paid = 5 * MILLION, 5 * MILLION  # 50 signed less 45 never to come; a tenth of 50 down
    assert sums == {"announced": announced, "cash": 500_000 + paid, "raised": paid, "delivered": 0}
    assert world.fold.sum("committed", "subscribers") == world.fold.sum("backlog", "company") == 0


def test_the_price_rises_at_the_list_falls_at_its_end_and_sleeps_at_the_instalment(south_sea: Log) -> None:
    events = list(south_sea.read("main"))
    moved = [(events[e.causes[0] - 1].fact.told.entry, e.fact.slow) for e in events if e.kind == "Repricing"]
    assert [(entry, slow > 0) for entry, slow in moved] == [("third-list", True), ("third-list-fails", False)]


def test_dates_print_in_the_calendar_of_the_day(south_sea: Log) -> None:
    story = world_at(south_sea, "main").story
    assert story.calendar.day(story.entries[0].moment) == "1720-06-17"
    assert Standing.of(story).ground.calendar.kind == "julian"


def test_without_the_list_nothing_of_it_is_told(south_sea: Log) -> None:
    gone = ask(south_sea, "calm", without="third-list")["withheld"]
    assert gone.keys() == {"third-list", "third-list-down", "third-list-fails"}
    assert world_at(south_sea, "calm").fold.sum("cash", "company") == 500_000


def test_as_an_order_a_subscription_would_be_commitment_and_backlog(tmp_path: Path) -> None:
    parts = TIMELINE_1720.split("[[event]]")[1]
    order = parts.replace('"Funding"', '"Order"').replace('actor = "company"', 'actor = "subscribers"')
    order = order.replace('counterparty = "subscribers"', 'counterparty = "company"')
    order = order.replace('status = "ceiling"\nceiling = 50', "amount = 50\ndue = 1720-07-01")
    world = world_at(lived(written(tmp_path, HEAD_1720, f"[[event]]{order}")), "main")
    assert world.fold.sum("committed", "subscribers") == world.fold.sum("backlog", "company") == 50 * MILLION


def test_vendor_finance_and_a_company_that_comes_to_market(tmp_path: Path) -> None:
    story = written(tmp_path, HEAD_1999, TIMELINE_1999)
    log = lived(story)
    before = world_at(log, "main", log.position_at("main", story.calendar.at("1999-05-31")))
    assert before.readings.value("carrier", before.moment) is None
    after = world_at(log, "main", log.position_at("main", story.calendar.at("1999-06-02")))
    assert after.readings.value("carrier", after.moment) == 5_000 * MILLION
    end = world_at(log, "main").fold
    assert end.sum("cash", "maker") == (2_000 - 1_500 + 1_500) * MILLION  # its own money came back to it
    assert end.sum("lent", "maker") == end.sum("debt", "carrier") == 1_500 * MILLION
    assert end.last("defaulted", "carrier") == story.calendar.moment(2001, 5, 31, 9 * 3600)
