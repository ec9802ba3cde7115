"""The lines of belief under the table of `replay`: spans, and of whom."""

import pytest

from narrative.cli.believing import believing, span


def read(name: str, valuation: int, most: float, **more: object) -> dict[str, object]:
    spans = {
        "announced": {"low": 0.1, "high": most},
        "above_results": {"low": -0.2092, "high": -0.1738},
        "growth": {"low": 1.0, "high": 1.0},
        "claim": None,
    }
    return {"name": name, "valuation": valuation, "belief_spans": spans | more}


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0.104, 0.43, "10–43 %"),
        (1.0, 1.0, "100 %"),
        (0.101, 0.104, "10 %"),
        (-0.2092, -0.1738, "−21 to −17 %"),
        (-0.05, 0.1, "−5 to 10 %"),
        (-0.001, 0.001, "0 %"),
    ],
)
def test_a_span_in_per_cent(low: float, high: float, said: str) -> None:
    assert span({"low": low, "high": high}) == said


def test_an_actor_has_one_line() -> None:
    (line,) = believing([read("Nvidia", 10, 0.43)])
    assert line.plain == (
        "Nvidia, belief: 10–43 % announced · −21 to −17 % above paid results · 100 % growth not yet earned"
    )


def test_the_largest_have_one_and_who_was_promised_most() -> None:
    actors = [read(name, 100 - i, 0.5 if name == "E" else 0.1) for i, name in enumerate("ABCDEF")]
    assert [line.plain[0] for line in believing(actors)] == ["A", "B", "C", "E"]


def test_who_is_known_in_part_has_none() -> None:
    assert not list(believing([read("A", 1, 0.1, growth=None)]))
