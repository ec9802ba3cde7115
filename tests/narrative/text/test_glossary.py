"""The words of the screens: each is defined once, is found under any of its names, and leads to others."""

import re
from collections import defaultdict

import pytest
from click.testing import CliRunner

import narrative
from events.event import ORIGINS
from narrative.analysis.measures.measuring import MEASURES
from narrative.analysis.record import SPLIT
from narrative.books.decomposition import PARTS
from narrative.books.table import RUNGS
from narrative.cli import main
from narrative.cli.believing import DEFINITIONS
from narrative.story.provenance import RANKS
from narrative.text.glossary import WORDS, UnknownWord, defined, legend
from narrative.weighing.judging import FAILS, HOLDS, REFUTED, UNDECIDED, UNTESTED
from narrative.weighing.simulacrum import NAME as SIMULACRUM
from narrative.weighing.switches import PLAYERS

# What `define` must know, read off the lists that screens are made of.
SHOWN = {
    *DEFINITIONS.values(),
    *RUNGS,
    *ORIGINS,
    *SPLIT,
    *PARTS[1:],
    *RANKS[:-1],
    *MEASURES,
    SIMULACRUM,
    *(player.name for player in PLAYERS),
    *(HOLDS, FAILS, UNDECIDED, UNTESTED, REFUTED),
    "belief",
    "residual",
    "collateral",
}


@pytest.mark.parametrize("word", sorted(SHOWN))
def test_every_word_that_a_screen_takes_from_a_list_is_defined(word):
    assert defined(word).says.endswith(".")


def test_no_name_means_two_words():
    named = defaultdict(set)
    for one in WORDS:
        for name in (one.word, *one.also):
            named[name.lower().replace("-", " ").replace("_", " ")].add(one.word)
    assert {name: words for name, words in named.items() if len(words) > 1} == {}
    assert len({one.word for one in WORDS}) == len(WORDS)


def test_words_beside_a_word_are_words():
    words = {one.word for one in WORDS}
    for one in WORDS:
        assert set(one.see) <= words - {one.word}, one.word


def test_a_definition_is_made_of_whole_sentences():
    for one in WORDS:
        assert re.match(r"[A-Z●◆▲]", one.says), one.word
        assert "  " not in one.says


def test_case_and_hyphens_do_not_matter():
    assert {defined(name).word for name in ("LTV", "loan-to-value", "loan_to_value", " Loan to  Value ")} == {
        "loan-to-value"
    }
    assert defined("own part").word == "own"


def test_a_legend_is_the_first_sentence_as_it_stands_after_a_colon():
    assert legend("recorded") == "told by the timeline, with its source"
    assert legend("delivered") == "the fourth rung: what was ordered was handed over"


def test_an_unknown_word_has_its_closest_ones():
    with pytest.raises(
        UnknownWord, match=r'"beleif" is no word of the screens\. The closest words are: belief'
    ):
        defined("beleif")
    with pytest.raises(UnknownWord, match="`narrative define` lists those there are"):
        defined("xyzzy")
    done = CliRunner().invoke(main, ["define", "beleif"])
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (2, "", 1)


def test_the_command_says_it_and_lists_all():
    done = CliRunner().invoke(main, ["define", "rungs"])
    assert done.stdout.startswith("rung (rungs, funnel)\n  One of four stages")
    assert "See also: announced, committed, paid, delivered\n" in done.stdout
    every = CliRunner().invoke(main, ["define"]).stdout.splitlines()
    assert [line.partition(":")[0] for line in every] == [one.word for one in WORDS]
    assert [one.word for one in narrative.define()] == [one.word for one in WORDS]
