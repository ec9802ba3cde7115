"""The sentence of every kind of fact, long and short, is one that somebody has read beside the posting table.

Both are said of facts with a firm sum, with a ceiling, with none; without the other party; and with
somebody outside in each place. ``python tests/golden/test_sentences.py`` writes them anew.
"""

import re
import sys
from collections.abc import Iterator
from difflib import unified_diff
from pathlib import Path

import pytest

from events.event import Event
from events.facts import KINDS
from events.fields import Fact
from narrative.books.flows import ends
from narrative.books.table import SUMS, TABLE
from narrative.pages.gather import phrases
from narrative.prose.sentences import Speech

sys.path.insert(0, str(Path(__file__).parents[1]))  # where this runs as a script
from support.every_kind import variants
from support.tiny import ten_days

FILE = Path(__file__).parent / "sentences.txt"
SAID = """Sentences are not those that were read:
{difference}
Read each new one beside its rows in narrative/books/table.py: who pays, owes, holds or promises what to
whom? If all are right, `python tests/golden/test_sentences.py` writes them down; if not, undo."""
SPEECH = Speech(ten_days())


def test_every_sentence_is_one_that_was_read() -> None:
    was, now = FILE.read_text(encoding="utf-8").splitlines(), list(lines())
    if was != now:
        difference = "\n".join(unified_diff(was, now, "read", "now", lineterm="", n=2))
        pytest.fail(SAID.format(difference=difference), pytrace=False)


@pytest.mark.parametrize("kind", KINDS)
def test_the_page_says_of_giver_and_taker_what_the_short_sentence_says(kind: str) -> None:
    """Of a fact that a page does not carry whole it knows these two alone."""
    phrase = phrases()[kind]
    fields = phrase["from"], phrase["to"]
    for _, fact in variants(KINDS[kind]):
        found = list(ends(fact))
        assert [
            getattr(fact, field) if field else end for field, end in zip(fields, found, strict=True)
        ] == found
    needed = re.findall(r"\{(\w+)\}", re.sub(r"\[[^\]]*\]", "", phrase["forms"][-1]))
    assert {*needed} & {*KINDS[kind].parties} <= {*fields}


@pytest.mark.parametrize("kind", sorted({row.kind for row in TABLE.postings} - {"Endowment"}))
def test_who_gives_on_the_page_gives_by_the_posting_table(kind: str) -> None:
    ways = {("cash", -1): "from", ("cash", 1): "to"}
    ways |= {(account, sign): way for account, way in GIVES.items() for sign in (1, -1)}
    for row in TABLE.rows(kind):
        way = ways.get((row.account, row.sign))
        if way is not None and row.value in SUMS:  # a margin goes and comes back
            assert (phrases()[kind][way] or "=outside") == row.key[0], row


GIVES = {
    "committed": "from",
    "backlog": "to",
    "delivered": "to",
}  # whose account it is, whichever way it moves


def lines() -> Iterator[str]:
    """The file: a kind, and under it what is said of each of its facts."""
    for name, kind in KINDS.items():
        yield name
        for known, fact in variants(kind):
            yield f"  {known}"
            yield f"    long   {SPEECH.formed(fact)}"
            yield f"    short  {SPEECH.short(event_of(fact))}"


def event_of(fact: Fact) -> Event:
    """The fact as an event that the chip maker's process made."""
    return Event(1, 0, type(fact).__name__, "modelled", "chips", (), fact, b"")


if __name__ == "__main__":
    FILE.write_text("\n".join(lines()) + "\n", encoding="utf-8")
