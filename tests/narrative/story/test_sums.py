"""What a timeline takes back, beside what it told before."""

from pathlib import Path

import pytest
from support.faulty_story import T, line_in, written

from narrative.whatif.check import check_story

MORE = """
[[event]]
id = "{id}"
date = {date}
kind = "{kind}"
actor = "lab"
{fields}
headline = "news"
source = "an example, not a fact"
confidence = "assumption"
"""
# The demo announces 30 with "plan" on 3 February and orders 10 with "chips" on 1 April.
COUNTERPARTY = 'counterparty = "chipmaker"\n'


def more(name: str, kind: str, day: str, fields: str) -> str:
    return MORE.format(id=name, kind=kind, date=day, fields=fields)


def said(folder: Path, *entries: str) -> list[str]:
    story = written(folder)
    path = story / T
    path.write_text(path.read_text() + "".join(entries))
    return [
        f"{fault.line - line_in(story, T, entries[-1]) + 1}: {fault.what}" for fault in check_story(story)
    ]


def retraction(name: str, day: str, ceiling: str, of: str = "plan") -> str:
    return more(name, "Retraction", day, f'of = "{of}"\nceiling = {ceiling}')


def cancellation(name: str, day: str, amount: str) -> str:
    return more(name, "Cancellation", day, f'{COUNTERPARTY}order = "chips"\namount = {amount}')


def test_what_stands_can_be_taken_back_in_parts(tmp_path: Path) -> None:
    assert said(tmp_path, retraction("one", "2025-05-01", "20"), retraction("two", "2025-05-02", "10")) == []


def test_no_more_is_taken_back_than_was_announced(tmp_path: Path) -> None:
    found = said(tmp_path, retraction("one", "2025-05-01", "20"), retraction("two", "2025-05-02", "10.5"))
    assert found == ['8: entry "two" takes back 10.5 of "plan", of which 10 stands']


def test_what_is_taken_back_was_told_before(tmp_path: Path) -> None:
    found = said(tmp_path, retraction("one", "2025-05-01", "1", of="plam"))
    assert found == ['7: entry "one" takes back "plam", which no earlier entry tells']


def test_a_sum_is_taken_back_by_who_announced_it(tmp_path: Path) -> None:
    other = retraction("one", "2025-05-01", "1").replace('actor = "lab"', 'actor = "chipmaker"')
    assert said(tmp_path, other) == ['6: entry "one" is of "chipmaker" and takes back what "lab" announced']


def test_words_without_a_sum_may_be_taken_back_by_another(tmp_path: Path) -> None:
    other = more("one", "Retraction", "2025-05-01", 'of = "plan"').replace('"lab"', '"chipmaker"')
    assert said(tmp_path, other) == []


def test_no_more_is_given_up_of_an_order_than_is_left_of_it(tmp_path: Path) -> None:
    delivered = more("part", "Delivery", "2025-05-01", 'order = "chips"\namount = 4')
    delivered = delivered.replace('actor = "lab"', 'actor = "chipmaker"\ncounterparty = "lab"')
    assert said(tmp_path, delivered, cancellation("up", "2025-05-02", "6")) == []


@pytest.mark.parametrize(("delivered", "left"), [("4", "6"), ("40", "0")])
def test_more_than_is_left_of_an_order_cannot_be_given_up(tmp_path: Path, delivered: str, left: str) -> None:
    part = more("part", "Delivery", "2025-05-01", f'order = "chips"\namount = {delivered}')
    part = part.replace('actor = "lab"', 'actor = "chipmaker"\ncounterparty = "lab"')
    assert said(tmp_path, part, cancellation("up", "2025-05-02", "7")) == [
        f'9: entry "up" takes back 7 of "chips", of which {left} stands'
    ]


def test_what_was_replaced_is_taken_back_already(tmp_path: Path) -> None:
    link = 'replaces = [{ id = "plan", basis = "author", reason = "r" }]'
    new = more("new", "Announcement", "2025-04-15", f"ceiling = 5\n{link}")
    assert said(tmp_path, new, retraction("old", "2025-05-01", "1")) == [
        '8: entry "old" takes back 1 of "plan", of which 0 stands'
    ]


def test_an_order_that_was_replaced_cannot_be_given_up(tmp_path: Path) -> None:
    link = 'replaces = [{ id = "chips", basis = "author", reason = "r" }]'
    new = more("new", "Order", "2025-04-15", f"{COUNTERPARTY}amount = 5\n{link}")
    assert said(tmp_path, new, cancellation("up", "2025-05-02", "1")) == [
        '9: entry "up" takes back 1 of "chips", of which 0 stands'
    ]


def test_an_order_is_given_up_once(tmp_path: Path) -> None:
    found = said(tmp_path, cancellation("up", "2025-05-02", "6"), cancellation("again", "2025-05-03", "5"))
    assert found == ['9: entry "again" takes back 5 of "chips", of which 4 stands']
