"""A line an event, but for what happens by itself and often."""

import pytest
from support.every_kind import variants
from support.tiny import ten_days

from events.event import Event
from events.facts import KINDS
from narrative.cli.lines import lines
from narrative.prose.kinds import KINDS as TELLINGS
from narrative.prose.sentences import Speech

BY_ITSELF = {"Repricing", "Interest", "Sale", "Endowment", "OpenLoan", "Refusal", "Quote", "Residual"}


@pytest.mark.parametrize("kind", KINDS)
def test_what_happens_by_itself_and_often_shares_a_line_and_nothing_else_does(kind: str) -> None:
    _, fact = next(variants(KINDS[kind]))
    three = [Event(place, 0, kind, "modelled", "chips", (), fact, b"") for place in (1, 2, 3)]
    said = list(lines(three, Speech(ten_days()), fold=True))
    assert (len(said) == 1) is (kind in BY_ITSELF)
    assert len(list(lines(three, Speech(ten_days()), fold=False))) == 3
    if kind in BY_ITSELF:
        assert f"3 {TELLINGS[kind].many} to #3" in said[0]
