"""What companies reported: read with every fault's line, added up over four quarters, told when published."""

from pathlib import Path

import pytest
from attrs import evolve
from support.anchored import anchored
from support.asking import ask
from support.cutting import differing_cuts
from support.faulty_story import R, line_in, written
from support.lives import lived
from support.tiny import DAY
from support.two_folds import agree

from events.record_facts import Result
from narrative.books.table import TABLE
from narrative.engine.run import world_at
from narrative.story.faults import Fault
from narrative.story.model import Reported, Story
from narrative.story.reader import read_story
from narrative.whatif.check import check_story

FILE = "results.toml"
RECORD = """[record]
until = 2025-05-31
source = "the test"
confidence = "high"

[calendar]
"""
# In millions, of a story written in billions: losses, a fraction, two quarters told in one prospectus.
QUARTERS = "written_in = 1_000_000\n"
ENDS = ("2024-03-31", "2024-06-30", "2024-09-30", "2024-12-31", "2025-03-31")
KNOWN = ("2024-12-02", "2024-12-02", "2024-12-02T16:05:00", "2025-02-03T16:05:00", "2025-05-05T16:05:00")
REVENUE = ("100", "200", "300.5", "400", "500")
NET = ("-10", "-20", "-30", "40", "50")


def quarter(end: str, known: str, revenue: str, net: str) -> str:
    return (
        f'\n[[result]]\nactor = "lab"\nperiod = {end}\npublished = {known}\n'
        f'revenue = {revenue}\nnet = {net}\nsource = "results of {end}"\nconfidence = "high"\n'
    )


GOOD = QUARTERS + "".join(map(quarter, ENDS, KNOWN, REVENUE, NET))


def with_results(folder: Path, text: str = GOOD, *, record: bool = True) -> Path:
    story = written(folder, *([(R, "[calendar]\n", RECORD)] if record else []))
    (story / FILE).write_text(text)
    return story


def results(folder: Path, text: str = GOOD) -> tuple[Reported, ...]:
    return read_story(with_results(folder, text)).results


def test_sums_are_read_in_the_files_own_unit_and_may_be_losses(tmp_path: Path) -> None:
    found = results(tmp_path)
    assert [one.revenue for one in found] == [
        10_000_000_000,
        20_000_000_000,
        30_050_000_000,
        4 * 10**10,
        5 * 10**10,
    ]
    assert [one.net for one in found][:2] == [-1_000_000_000, -2_000_000_000]
    assert {one.operating for one in found} == {None}


def test_four_quarters_are_added_up_once_all_four_are_on_file(tmp_path: Path) -> None:
    found = results(tmp_path)
    assert [one.trailing_revenue for one in found] == [None, None, None, 100_050_000_000, 140_050_000_000]
    assert [one.trailing_net for one in found] == [None, None, None, -2_000_000_000, 4_000_000_000]
    assert {one.trailing_operating for one in found} == {None}


def test_a_quarter_that_is_missing_makes_four_unknown_and_is_no_fault(tmp_path: Path) -> None:
    gone = GOOD.replace(quarter(ENDS[2], KNOWN[2], REVENUE[2], NET[2]), "")
    story = with_results(tmp_path, gone)
    assert check_story(story) == ()
    assert [one.trailing_revenue for one in read_story(story).results] == [None] * 4


def test_a_figure_that_is_missing_makes_its_own_sum_unknown_alone(tmp_path: Path) -> None:
    last = results(tmp_path, GOOD.replace("net = -30\n", ""))[-1]
    assert (last.trailing_revenue, last.trailing_net) == (140_050_000_000, None)


def test_a_story_without_results_is_written_as_before(tmp_path: Path) -> None:
    story = with_results(tmp_path)
    assert "results" in read_story(story).dump()
    assert Story.load(read_story(story).dump()) == read_story(story)
    (story / FILE).unlink()
    assert '"results"' not in read_story(story).dump()


@pytest.mark.parametrize(
    ("old", "new", "at", "what"),
    [
        ('actor = "lab"', 'actor = "lob"', 'actor = "lob"', 'actor is "lob", which is no actor'),
        (KNOWN[4], "2025-06-02", "published = 2025-06-02", "was published on 2025-06-02, after 2025-05-31"),
        (
            f"period = {ENDS[4]}",
            "period = 2024-12-31",
            "",
            "ends 0 days after that of line 30: it stands twice",
        ),
        (
            f"period = {ENDS[4]}",
            "period = 2025-01-31",
            "period = 2025-01-31",
            "ends 31 days after that of line 30",
        ),
        ("revenue = 500", "revenue = nan", "revenue = nan", "revenue is NaN"),
        ("revenue = 500", 'revenue = "500"', 'revenue = "500"', "revenue is the text"),
        ("revenue = 500", "revenue = 0.123456789", "revenue = 0.123456789", "fraction of the smallest unit"),
        ("revenue = 500", "revenue = -90_000_000_000", "revenue = -90_000_000_000", "more than 2**53"),
        (KNOWN[4], "2025-03-01", "published = 2025-03-01", "before its quarter is over"),
        (
            KNOWN[3],
            "2025-05-09",
            "published = 2025-05-05T16:05:00",
            "before that of line 30, which it follows",
        ),
        ("revenue = 500", "revenu = 500", "revenu = 500", 'has no field "revenu"'),
        ("written_in = 1_000_000", "written_in = 0", "written_in = 0", "written_in is 0"),
        ("written_in = 1_000_000", "in = 1", "in = 1", 'has no field "in"'),
        ('source = "results of 2025-03-31"\n', "", "", 'lacks "source"'),
    ],
)
def test_every_fault_has_its_line(tmp_path: Path, old: str, new: str, at: str, what: str) -> None:
    before, found, after = GOOD.rpartition(old)
    assert found
    story = with_results(tmp_path, before + new + after)
    fault = one(check_story(story))
    assert (Path(fault.file).name, what in fault.what) == (FILE, True), fault
    if at:
        assert fault.line == line_in(story, FILE, at)


def test_four_quarters_beyond_what_is_kept_are_a_fault(tmp_path: Path) -> None:
    text = GOOD
    for revenue in REVENUE:
        text = text.replace(f"revenue = {revenue}\n", "revenue = 80_000_000\n")
    found = check_story(with_results(tmp_path, text))
    assert ["add up to more than 2**53" in fault.what for fault in found] == [True, True]


def test_results_need_a_record(tmp_path: Path) -> None:
    fault = one(check_story(with_results(tmp_path, record=False)))
    assert fault.what == "results.toml stands beside it, and nothing says up to when it is the record"


def one(found: tuple[Fault, ...]) -> Fault:
    assert len(found) == 1, found
    return found[0]


# --- told ----------------------------------------------------------------------------------------


def reported(day: int, company: str, revenue: int | None, backlog: int | None = None) -> Reported:
    return Reported(
        day * DAY, company, (day - 30) * DAY - 1, revenue, None, None, revenue, None, None, None, backlog,
        "the test", "high", None,
    )  # fmt: skip  # one row


def test_a_result_is_told_when_published_and_one_known_before_is_not() -> None:
    told = (reported(-5, "chips", 10**12), reported(3, "chips", 2 * 10**12, 10**11), reported(3, "cloud", -5))
    log = lived(evolve(anchored(), results=told))
    fold = world_at(log, "main", log.head("main").position).fold
    found = [event for event in log.read("main") if isinstance(event.fact, Result)]
    assert [(e.moment, e.actor, e.origin) for e in found] == [
        (3 * DAY, "chips", "recorded"), (3 * DAY, "cloud", "recorded"),
    ]  # fmt: skip  # an event a row
    assert fold.last("trailing_revenue", "chips") == 2 * 10**12
    assert fold.last("told_backlog", "chips") == 10**11
    assert fold.last("trailing_revenue", "cloud") == -5
    assert fold.last("told_backlog", "cloud") is None
    assert found[0].fact.told is not None
    assert found[0].fact.told.source == "the test"


def test_results_are_told_alike_wherever_a_history_is_cut_and_however_it_is_folded() -> None:
    told = (reported(-5, "chips", 10**12), reported(3, "cloud", -5), reported(6, "chips", None, 10**11))
    log = lived(evolve(anchored(), results=told))
    events = list(log.read("main"))
    agree(TABLE, events, world_at(log, "main", events[-1].position).fold.half_lives)
    assert differing_cuts(log) == []


def test_a_branch_is_told_the_same_results() -> None:
    told = (reported(3, "cloud", -5), reported(6, "chips", 10**12, 10**11))
    log = lived(evolve(anchored(), results=told))
    ask(log, "other", without=["words"])
    found = [[e.fact for e in log.read(name) if isinstance(e.fact, Result)] for name in ("main", "other")]
    assert found[0] == found[1]
    assert len(found[0]) == 2
