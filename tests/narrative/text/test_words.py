"""Names, counts and lists as prose has them."""

import pytest

from narrative.story.calendar import Calendar
from narrative.text import words


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
    assert words.prose_name(name) == said


def test_small_counts_are_written_out():
    assert [words.in_words(n) for n in (0, 1, 12, 13, 1_200)] == ["no", "one", "twelve", "13", "1,200"]
    assert [words.times(n) for n in (1, 2, 3)] == ["once", "twice", "three times"]
    assert words.several(1, "loan") == "one loan"
    assert words.several(2, "delivery", "deliveries") == "two deliveries"


def test_lists_are_lists_of_a_sentence():
    assert words.listed([]) == ""
    assert words.listed(["a"]) == "a"
    assert words.listed(["a", "b"]) == "a and b"
    assert words.listed(["a", "b", "c"]) == "a, b and c"


def test_a_sentence_has_a_capital_and_one_end():
    assert words.sentence("the cloud pays") == "The cloud pays."
    assert words.sentence("xAI raises money") == "xAI raises money."
    assert words.sentence("Is it so?") == "Is it so?"
    assert words.sentence("He said “so.”") == "He said “so.”"


def test_text_stays_on_its_line_and_runs_one_way():
    assert words.clean("a\n\n# b\tc\x00\u202ed\u2028e") == "a # b c d e"


def test_a_span_is_told_in_months_of_the_storys_calendar():
    calendar = Calendar(kind="julian")
    may, june, next_year = (calendar.moment(*day) for day in ((1720, 5, 3), (1720, 6, 30), (1721, 1, 2)))
    assert words.months(calendar, may, may) == "in May 1720"
    assert words.months(calendar, may, june) == "between May and June 1720"
    assert words.months(calendar, june, next_year) == "between June 1720 and January 1721"
    assert calendar.long_day(june) == "30 June 1720"
