"""What-ifs as they are written: the layout of the file, and what flags make of it."""

import tomllib
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from narrative.story.catalogue import find_story, list_stories
from narrative.story.keys import Field, entry_fields
from narrative.story.schema import story_schemas
from narrative.whatif.prepared import prepared
from narrative.whatif.request import KEYS, NUMBER, file_page, flags_page, request, typed

FIELDS = {field.name: field for field in entry_fields("Order")}


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("amount", "12", 12),
        ("amount", "12.50", Decimal("12.50")),
        ("amount", "1_000", 1000),
        ("amount", "much", "much"),  # faulted where it is read
        ("headline", "12", "12"),
        ("headline", '"12"', "12"),
        ("headline", "a = b", "a = b"),
        ("status", "reported", "reported"),
        ("counterparty", "cloud", "cloud"),
        ("date", "2025-12-10", date(2025, 12, 10)),
        ("date", "2025-12-10T16:00:00", datetime(2025, 12, 10, 16)),  # noqa: DTZ001  # local, as stories are
        ("date", "1720-02-30", "1720-02-30"),
        ("participants", '["a", "b"]', ["a", "b"]),
        ("headline", "", ""),
    ],
)
def test_a_flags_text_becomes_what_a_file_would_hold(field: str, text: str, value: object) -> None:
    assert typed(text, FIELDS[field]) == value


def test_what_is_no_text_stays_as_it_is() -> None:
    assert typed(Decimal("0.1"), NUMBER) == Decimal("0.1")
    assert typed(True, Field(name="x", attribute="x", sort="flag")) is True


def test_python_numbers_are_read_as_they_are_printed() -> None:
    page = flags_page(change={"a": {"amount": 6.6}}, set={"p": 0.1}, reseed=0, without=(), question="")
    assert page.data == {
        "change": {"a": {"amount": Decimal("6.6")}},
        "set": {"p": Decimal("0.1")},
        "reseed": 0,
    }


@pytest.mark.parametrize(
    ("at", "text"),
    [("2025-09-10", "2025-09-10"), ("2025-09-10T12:00:00", "2025-09-10T12:00:00"), ('"#412"', "#412")],
)
def test_at_is_a_day_a_time_or_a_position(tmp_path: Path, at: str, text: str) -> None:
    path = tmp_path / "a.toml"
    path.write_text(f'question = "?"\nat = {at}\n')
    asked = request(file_page(path))
    assert asked.faults == []
    assert asked.at is not None
    assert asked.at.value == text


@pytest.mark.parametrize("at", ["7", "true", "09:00:00", "2025-09-10T12:00:00Z", "2025-09-10T12:00:00.5"])
def test_nothing_else_is_a_moment(tmp_path: Path, at: str) -> None:
    path = tmp_path / "a.toml"
    path.write_text(f'question = "?"\nat = {at}\n')
    (fault,) = request(file_page(path)).faults
    assert (fault.line, "a position" in fault.meant) == (2, True)


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ('question = "?"\nset = 3\n', [2]),
        ('question = "?"\nchange = ["a"]\n', [2]),
        ('question = "?"\n[change]\nchips = 3\n', [3]),
        ('question = ""\n', [1]),
        ('question = "?"\nwithout = "a"\n', [2]),
        ('question = "?"\nwithot = ["a"]\nkeeep = []\n', [2, 3]),
        ('question = "?"\n[set]\np = "x"\nq.lab = true\n', [3, 4]),
    ],
)
def test_what_the_layout_does_not_hold_is_faulted_where_it_stands(
    tmp_path: Path, text: str, lines: list[int]
) -> None:
    path = tmp_path / "a.toml"
    path.write_text(text)
    assert sorted(fault.line for fault in request(file_page(path)).faults) == lines


def shown(value: Any) -> Any:
    """TOML as an editor shows it to a schema."""
    if isinstance(value, dict):
        return {key: shown(one) for key, one in value.items()}
    if isinstance(value, list):
        return [shown(one) for one in value]
    return value.isoformat() if isinstance(value, date | datetime) else value


def test_the_published_schema_is_of_that_layout() -> None:
    schema = story_schemas()["what-ifs/*.toml"]
    assert schema["properties"].keys() == set(KEYS)
    validator = pytest.importorskip("jsonschema").Draft7Validator(schema)
    for story in list_stories():
        for name in prepared(find_story(story)):
            text = (find_story(story) / "what-ifs" / f"{name}.toml").read_text()
            assert list(validator.iter_errors(shown(tomllib.loads(text)))) == []
    for bad in ('without = ["a"]', 'question = "?"\nkep = []', 'question = "?"\n[change.a]\namuont = 3'):
        assert list(validator.iter_errors(tomllib.loads(bad))), bad
