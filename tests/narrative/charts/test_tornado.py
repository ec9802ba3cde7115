"""A tornado as a picture: where its bars begin and end, its words for who cannot see it, whom it refuses."""

import re
from pathlib import Path
from typing import Any

import pytest

import narrative
from events.errors import Wrong
from narrative.charts.tornado import BARS, HIGH, LOW, alternative_of, bars, tornado_drawn


def parameter(name: str, low: float, high: float, at_low: float, at_high: float) -> dict[str, Any]:
    return {
        "parameter": name, "low": low, "high": high, "at_low": at_low, "at_high": at_high,
        "swing": max(abs(at_low - 3_000e9), abs(at_high - 3_000e9)),
    }  # fmt: skip  # one row


ANSWER: dict[str, Any] = {
    "story": "tiny", "branch": "main", "at": "2025-06-30T23:59:59", "until": "2025-12-31T23:59:59",
    "question": "", "measure": "end", "money": True, "method": "tornado", "seeds": 2, "central": 3_000e9,
    "currency": "USD", "digits": 0,
    "parameters": [
        parameter("wide", 0.1, 25e9, 2_000e9, 3_500e9),
        parameter("one-sided", 0.0, 1.0, 3_000e9, 3_200e9),
        parameter("idle", 0.0, 1.0, 3_000e9, 3_000e9),
    ],
}  # fmt: skip  # a table


def test_bars_go_from_the_figure_as_it_is_to_the_figure_at_each_end() -> None:
    rows, central, unit = bars(ANSWER)
    assert (central, unit) == (3_000.0, "$ bn")
    assert [(row["y"], row["end"], row["x"], row["to"]) for row in rows] == [
        ("wide, 0.1 to 25 bn", LOW, 3_000.0, 2_000.0),
        ("wide, 0.1 to 25 bn", HIGH, 3_000.0, 3_500.0),
        ("one-sided, 0 to 1", LOW, 3_000.0, 3_000.0),
        ("one-sided, 0 to 1", HIGH, 3_000.0, 3_200.0),
    ]


def test_no_more_bars_are_drawn_than_can_be_read() -> None:
    many = [{**ANSWER["parameters"][0], "parameter": f"p{i}"} for i in range(BARS + 5)]
    assert len(bars({**ANSWER, "parameters": many})[0]) == 2 * BARS


def test_a_figure_that_is_no_money_keeps_its_unit() -> None:
    rows, central, unit = bars({**ANSWER, "money": False, "central": 0.5, "parameters": [
        {"parameter": "p", "low": 0.0, "high": 1.0, "at_low": 0.25, "at_high": 0.75, "swing": 0.25},
    ]})  # fmt: skip  # a table
    assert (central, unit, [row["to"] for row in rows]) == (0.5, "", [0.25, 0.75])


@pytest.mark.parametrize("question", ["", "What if?"])
def test_the_picture_carries_its_words(tmp_path: Path, question: str) -> None:
    pytest.importorskip("vl_convert")
    answer, path = {**ANSWER, "question": question}, tmp_path / "a.svg"
    tornado_drawn(answer, path)
    text = path.read_text(encoding="utf-8")
    assert f"<desc>{alternative_of(answer)}</desc>" in text
    assert "wide, 0.1 to 25 bn" in text
    assert "1 more move it less, or not at all." in text
    assert ("Dashed: no effect." in text) is bool(question)
    tornado_drawn(answer, tmp_path / "a.png")
    assert (tmp_path / "a.png").read_bytes().startswith(b"\x89PNG")


def test_the_bars_words_have_both_ends() -> None:
    said = alternative_of(ANSWER)
    assert re.search(r"wide, 0\.1 to 25 bn: \$2 tn to \$3\.5 tn", said)
    assert "idle" not in said


def test_doubt_draws_what_it_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("vl_convert")
    monkeypatch.chdir(tmp_path)
    asked = {"at": "2025-11-30", "seeds": 1, "over": "announce_rate", "workers": 1}
    found = narrative.doubt("loop", **asked, picture="a.svg")  # type: ignore[arg-type]  # of every kind
    assert alternative_of(found.plain()) in Path("a.svg").read_text(encoding="utf-8")
    for picture, method, said in (
        ("a.gif", "tornado", "ends in no format"),
        ("a.svg", "morris", "gives none"),
    ):
        with pytest.raises(Wrong, match=said):
            narrative.doubt("loop", **asked, picture=picture, method=method)  # type: ignore[arg-type]  # as above
