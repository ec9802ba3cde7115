"""The lines of belief under the table of `replay`: spans, and of whom."""

import pytest

from narrative.cli.believing import believing, reported, span

DOLLARS = {"currency": "USD", "digits": 2}


def read(name: str, valuation: int, most: float, **more: object) -> dict[str, object]:
    spans = {
        "announced": {"low": 0.1, "high": most},
        "above_results": {"low": -0.2092, "high": -0.1738},
        "growth": {"low": 1.0, "high": 1.0},
        "claim": None,
        "break_even": None,
    }
    return {"name": name, "valuation": valuation, "belief_spans": spans | more, "reported": None}


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
    (line,) = believing([read("Nvidia", 10, 0.43)], DOLLARS)
    assert line.plain == (
        "Nvidia, belief: 10–43 % announced, not delivered · −21 to −17 % above paid results · "
        "100 % growth not yet earned"
    )


def test_what_would_have_to_be_circular_and_what_was_reported_is_said() -> None:
    actor = read("Nvidia", 10, 0.43, break_even=0.3345)
    told = {
        "period": "2025-07-31", "published": "2025-08-27", "revenue": 16_521_800_000_000,
        "operating": 9_598_100_000_000, "net": None, "backlog": None, "source": "a filing",
    }  # fmt: skip  # one row
    first, second = believing([actor | {"reported": told}], DOLLARS)
    assert first.plain.endswith(
        "growth not yet earned; its rise is unsupported only if more than 33 % of its revenue growth is "
        "circular"
    )
    assert second.plain == "  ● reported 2025-08-27: in four quarters $165 bn revenue, $96 bn operating"
    bare = dict.fromkeys(("revenue", "operating", "net")) | {"backlog": 5_000_000_000_000}
    assert reported(told | bare, DOLLARS).plain == (
        "  ● reported 2025-08-27: the quarter to 2025-07-31; backlog $50 bn"
    )


def test_the_largest_have_one_and_who_was_promised_most() -> None:
    actors = [read(name, 100 - i, 0.5 if name == "E" else 0.1) for i, name in enumerate("ABCDEF")]
    assert [line.plain[0] for line in believing(actors, DOLLARS)] == ["A", "B", "C", "E"]


def test_who_is_known_in_part_has_none() -> None:
    assert not list(believing([read("A", 1, 0.1, growth=None)], DOLLARS))
