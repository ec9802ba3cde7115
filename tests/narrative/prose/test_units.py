"""What a field or an account is counted in, as a person writes it; nobody writes a rate as a sum."""

import pytest

from narrative.prose.units import decimal, written
from narrative.story.calendar import Calendar
from narrative.story.model import Unit

CENTS = Unit(currency="USD", digits=2, written_in=1)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("rate", 450, "4.50 %"),  # 450 basis points
        ("surprise", -25, "-0.25 %"),
        ("owed_rate", 0, "0.00 %"),
        ("fast", 50_000_000, "0.050000000 ln"),  # of 1e-9 ln
        ("lasting", -1, "−0.000000001 ln"),
        ("tone", 500_000, "0.500000"),  # of millionths
        ("tone", 0.5, "0.5"),  # as a timeline says it
        ("shares", 1_234_567, "1,234,567"),
        ("quantity", 1.5, "1.500"),
        ("due", 0, "1970-01-01T00:00:00"),
        ("amount", 123, "$1.23"),
        ("amount", None, "–"),
        ("unlisted", "a text", "a text"),
        ("listed", True, "True"),
    ],
)
def test_a_value_is_written_in_its_unit(name, value, said):
    assert written(name, value, CENTS, Calendar()) == said


def test_decimals_are_exact():
    assert [decimal(number, 2) for number in (0, 5, 1234, -123_456)] == ["0.00", "0.05", "12.34", "−1,234.56"]
    assert decimal(2**53, 0) == "9,007,199,254,740,992"
