"""What markets did: read beside a story, in smallest units, and shown only while it is fresh."""

from pathlib import Path

import pytest
from support.faulty_story import OBS, OBSERVED, R, faults, line_in, written

from narrative.story.calendar import DAY, Calendar
from narrative.story.faults import StoryFaults
from narrative.story.observed import Observed, read_observed
from narrative.story.reader import read_story

MORE = """
[[observation]]
date = 2025-02-04
actor = "chipmaker"
kind = "one_day_return_pct"
value = -3.5
source = "a paper"
confidence = "low"
event_ids = ["plan"]
"""


def observed(folder: Path, *edits: tuple[str, str, str]) -> Observed:
    story = written(folder, *edits)
    return read_observed(story, read_story(story))


def _value(found: Observed, actor: str, at: int) -> float | None:
    last = found.last(actor, at)
    return None if last is None else last.value


def test_a_market_value_is_read_in_cents_at_the_close_of_its_day(tmp_path: Path) -> None:
    close = Calendar().moment(2025, 2, 3, 16 * 3600)
    found = observed(tmp_path)
    assert _value(found, "chipmaker", close) == 52_000_000_000_000
    assert _value(found, "chipmaker", close - 1) is None
    assert _value(found, "lab", close) is None


def test_an_old_market_value_is_no_longer_shown(tmp_path: Path) -> None:
    close = Calendar().moment(2025, 2, 3, 16 * 3600)
    found = observed(tmp_path)
    assert _value(found, "chipmaker", close + 45 * DAY) == 52_000_000_000_000
    assert _value(found, "chipmaker", close + 45 * DAY + 1) is None


@pytest.mark.parametrize(("unit", "cents"), [("USD", 52_000), ("USD m", 52 * 10**9), ("USD tn", 52 * 10**15)])
def test_the_unit_says_how_much(tmp_path: Path, unit: str, cents: int) -> None:
    found = observed(tmp_path, (OBS, '"USD bn"', f'"{unit}"'))
    assert _value(found, "chipmaker", Calendar().moment(2025, 2, 4)) == cents


def test_what_somebody_is_worth_is_money_as_a_market_value_is(tmp_path: Path) -> None:
    found = observed(tmp_path, (OBS, 'kind = "market_value"', 'kind = "net_worth"'))
    assert [row.value for row in found.rows] == [52_000_000_000_000]
    assert _value(found, "chipmaker", Calendar().moment(2025, 2, 4)) is None


def test_a_return_is_found_by_the_entry_it_answers(tmp_path: Path) -> None:
    found = observed(tmp_path, (OBS, 'event_ids = ["plan"]\n', MORE))
    assert found.step("chipmaker", "plan") == pytest.approx(-0.035)
    assert found.step("chipmaker", "round") is None
    assert found.step("lab", "plan") is None


def test_a_story_may_go_without(tmp_path: Path) -> None:
    story = written(tmp_path)
    (story / OBS).unlink()
    assert read_observed(story, read_story(story)).rows == ()


def test_a_faulty_file_is_refused_with_its_lines(tmp_path: Path) -> None:
    with pytest.raises(StoryFaults, match=rf"{OBS}:5: .*value"):
        observed(tmp_path, (OBS, "520", '"520"'))


def test_days_are_those_of_the_storys_calendar(tmp_path: Path) -> None:
    found = observed(
        tmp_path,
        (R, '"gregorian"', '"julian"'),
    )
    (row,) = found.rows
    assert row.moment == Calendar("julian").moment(2025, 2, 3, 16 * 3600)


def test_a_sum_of_another_currency_is_a_fault_at_its_unit(tmp_path: Path) -> None:
    for i, kind in enumerate(("market_value", "price")):
        folder = tmp_path / str(i)
        folder.mkdir()
        edit = (OBS, 'kind = "market_value"', f'kind = "{kind}"')
        story, (fault,) = faults(folder, edit, (OBS, '"USD bn"', '"JPY bn"'))
        assert fault.what == f'{kind} of chipmaker is in "JPY bn", and the story counts in USD'
        assert fault.line == line_in(story, OBS, "JPY bn")


def test_an_older_history_passes_over_what_it_does_not_know(tmp_path: Path) -> None:
    old = read_story(written(tmp_path))
    grown = "".join(
        OBSERVED.replace(was, new)
        for was, new in (
            ("520", "521"),  # as it was known
            ('"chipmaker"', '"yard"'),
            ('"USD bn"', '"JPY bn"'),
            ('["plan"]', '["plan", "since"]'),
        )
    )
    (tmp_path / "demo" / OBS).write_text(grown)
    found = read_observed(tmp_path / "demo", old)
    assert [(row.actor, row.value, row.entries) for row in found.rows] == [
        ("chipmaker", 521 * 10**11, ("plan",)),
        ("chipmaker", 520 * 10**11, ("plan",)),
    ]
