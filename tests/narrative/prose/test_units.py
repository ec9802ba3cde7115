"""What a field or an account is counted in, as a person writes it; nobody writes a rate as a sum."""

from typing import get_args

import pytest

from events.fields import UnitName
from narrative.prose.units import decimal, written
from narrative.story.calendar import Calendar
from narrative.story.model import Unit

CENTS = Unit(currency="USD", digits=2, written_in=1)


@pytest.mark.parametrize(
    ("unit", "value", "said"),
    [
        ("rate", 450, "4.50 %"),  # 450 basis points
        ("rate", -25, "-0.25 %"),
        ("rate", 0, "0.00 %"),
        ("ln", 50_000_000, "0.050000000 ln"),  # of 1e-9 ln
        ("ln", -1, "−0.000000001 ln"),
        ("ln", 1e7 / 3, "0.003333333 ln"),  # as a fading account has it
        ("deviations", 500_000_000, "0.500000000 standard deviations"),
        ("millionths", 500_000, "0.500000"),
        ("number", 0.5, "0.5"),  # as a timeline says it
        ("part", 10_335_373, "1.03 %"),  # of 1e-9
        ("part", 10**9, "100.00 %"),
        ("part", 49_999, "< 0.01 %"),
        ("part", 50_000, "0.01 %"),
        ("part", 0, "0.00 %"),
        ("shares", 1_234_567, "1,234,567"),
        ("count", 1_234_567, "1,234,567"),
        ("count", 1.5, "1.500"),
        ("moment", 0, "1970-01-01T00:00:00"),
        ("money", 123, "$1.23"),
        ("money", 123.4, "$1.23"),
        ("money", None, "–"),
        (None, "a text", "a text"),
        (None, 5, "5"),  # of an account that no table knows
    ],
)
def test_a_value_is_written_in_its_unit(unit, value, said):
    assert written(unit, value, CENTS, Calendar()) == said


@pytest.mark.parametrize("unit", get_args(UnitName))
def test_no_unit_is_without_words(unit):
    assert written(unit, 1, CENTS, Calendar())


def test_decimals_are_exact():
    assert [decimal(number, 2) for number in (0, 5, 1234, -123_456)] == ["0.00", "0.05", "12.34", "−1,234.56"]
    assert decimal(2**53, 0) == "9,007,199,254,740,992"
