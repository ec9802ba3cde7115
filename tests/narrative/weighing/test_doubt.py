"""Doubt: each parameter at both ends of its range, beside what an ensemble says of the same."""

import pytest

import narrative
from events.errors import Wrong
from narrative.weighing.doubt import Value, _moved

ASKED = {"at": "2025-10-31", "shock": "market -40%", "seeds": 2, "workers": 1}
OVER = ("announce_rate", "pledge_ltv")


@pytest.fixture(scope="module")
def db(tmp_path_factory) -> str:
    path = tmp_path_factory.mktemp("doubt") / "loop.db"
    narrative.run("loop", db=path)
    return str(path)


def test_the_middle_of_a_tornado_is_what_an_ensemble_says(db):
    found = narrative.doubt(db, **ASKED, over=OVER)
    many = narrative.ensemble(db, **ASKED)
    (end,) = (one for one in many.effects if (one.measure, one.of) == ("end", None))
    assert found.central == pytest.approx(end.difference)
    assert {one.parameter for one in found.parameters} == set(OVER)
    assert [one.swing for one in found.parameters] == sorted(
        (o.swing for o in found.parameters), reverse=True
    )
    for one in found.parameters:
        ends = (abs(one.at_low - found.central), abs(one.at_high - found.central))
        assert (one.swing, one.flips) == (pytest.approx(max(ends)), False)  # a fall of 40 % stays one


def test_an_end_of_a_range_is_what_setting_it_does(db):
    found = narrative.doubt(db, at="2025-10-31", seeds=2, workers=1, over="announce_rate")
    (one,) = found.parameters
    many = narrative.ensemble(db, at="2025-10-31", seeds=2, workers=1, set={"announce_rate": one.low})
    (end,) = (row for row in many.levels if (row.arm, row.measure, row.of) == ("supposed", "end", None))
    assert one.at_low == pytest.approx(end.mean)


def test_morris_asks_salib(db):
    pytest.importorskip("SALib")
    found = narrative.doubt(db, **{**ASKED, "seeds": 1}, over=OVER, method="morris", samples=2)
    assert all(one.steps >= 0 for one in found.parameters)
    assert "swing" not in found.parameters[0]


def test_what_flips_a_verdict_is_an_end_of_a_range_at_which_its_mean_lies_elsewhere(db):
    found = narrative.doubt(db, measure="delay", seeds=1, workers=1, over=OVER)
    assert (found.verdict, found.question) == ("fails", "A delay of deliveries breaks it")
    assert not any(one.flips for one in found.parameters)  # nothing breaks it at either end of these
    moved = [
        _moved(Value(0.2, "holds"), Value(0.1, "holds"), Value(-0.1, "fails")),
        _moved(Value(0.2, "holds"), Value(0.1, "holds"), Value(0.5, "holds")),
    ]
    assert [one["flips"] for one in moved] == [True, False]
    assert moved[0]["verdict_high"] == "fails"


def test_the_figure_of_a_claim_as_it_is_is_that_of_claims(db):
    found = narrative.doubt(db, measure="collateral", seeds=2, workers=1, over="announce_rate")
    (claim,) = narrative.claims(db, only="collateral", seeds=2, draws=0, workers=1)["claims"]
    assert found.central == pytest.approx(claim["figure"]["value"])
    (one,) = found.parameters
    # no word is said at its lower end, and what nobody orders is ordered no less without debt
    assert one.swing == pytest.approx(max(abs(end - found.central) for end in (one.at_low, one.at_high)))


def test_a_claim_is_doubted_without_another_supposition(db):
    with pytest.raises(Wrong, match="has a switch of its own"):
        narrative.doubt(db, measure="collateral", shock="market -40%", seeds=1)
    with pytest.raises(Wrong, match="again is untested"):
        narrative.doubt(db, measure="again", seeds=1, workers=1, over="announce_rate")


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        ({"measure": "ends"}, 'There is no measure ends. Did you mean "end"'),
        ({"method": "tornados"}, 'There is no method tornados. Did you mean "tornado"'),
        ({"seeds": 0}, "nobody in it"),
        ({"samples": 1}, "tell nothing"),
        ({"over": "announce_rate=2..1"}, "upside down"),
    ],
)
def test_what_cannot_be_doubted_is_refused_in_a_sentence(db, flags, said):
    with pytest.raises(Wrong) as caught:
        narrative.doubt(db, **{**ASKED, **flags})
    assert said in str(caught.value)
