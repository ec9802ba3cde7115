"""Counts and lists as prose has them."""

from narrative.text import words


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
