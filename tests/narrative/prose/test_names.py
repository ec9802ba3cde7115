"""Names of actors and months as sentences have them."""

import pytest

from narrative.prose import names
from narrative.story.calendar import Calendar


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("A cloud", "the cloud"),
        ("The cloud's founder", "the cloud's founder"),
        ("Federal Reserve", "the Federal Reserve"),
        ("US government", "the US government"),
        ("Vehicle leasing chips to xAI", "the vehicle leasing chips to xAI"),
        ("South Sea Company", "the South Sea Company"),
        ("Oracle", "Oracle"),
        ("xAI", "xAI"),
        ("Larry Ellison", "Larry Ellison"),
        ("Blue Owl", "Blue Owl"),
    ],
)
def test_names_have_the_article_they_need(name, said):
    assert names.prose_name(name) == said


def test_a_span_is_told_in_months_of_the_storys_calendar():
    calendar = Calendar(kind="julian")
    may, june, next_year = (calendar.moment(*day) for day in ((1720, 5, 3), (1720, 6, 30), (1721, 1, 2)))
    assert names.months(calendar, may, may) == "in May 1720"
    assert names.months(calendar, may, june) == "between May and June 1720"
    assert names.months(calendar, june, next_year) == "between June 1720 and January 1721"
    assert calendar.long_day(june) == "30 June 1720"
