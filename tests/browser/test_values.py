"""Figures at a moment, as the page shows them beside what is on record or was observed."""

import re
from itertools import pairwise
from pathlib import Path

from support.faulty_story import watched

import narrative
from narrative.text.numbers import money


def test_what_was_observed_is_shown_for_as_long_as_the_screen_shows_it(reader, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    watched(tmp_path, {"2025-02-03": 520})
    narrative.run("demo", db="demo.db")
    page = narrative.page("demo.db", output=tmp_path / "demo.html").page
    rows = list(narrative.log("demo.db"))
    shown = []
    reader.open(Path(page))
    for row, after in [*pairwise(rows), (rows[-1], None)]:
        if after is None or after["moment"] != row["moment"]:  # a moment is shown whole
            found = narrative.replay("demo.db", at=f"#{row['position']}")["actors"]["chipmaker"]
            reader.go(row["position"])
            cells = [cell.text for cell in reader.all('#values [data-actor="chipmaker"] .number')]
            said = (
                "no observation"
                if found["observed"] is None
                else money(found["observed"], {"currency": "USD", "digits": 2})
            )
            assert cells[1] == said, row["moment"]
            shown.append((row["moment"][:10], said))
    assert {said for day, said in shown if "2025-02-03" < day <= "2025-03-20"} == {"$520 bn"}
    assert {said for day, said in shown if day > "2025-03-21"} == {"no observation"}


def test_a_figure_of_the_finding_is_not_broken_into_lines(reader, ai_page, ai):
    reader.open(ai_page, f"#at={ai.surge}")
    raw = reader.js("return document.getElementById('finding').textContent")
    assert re.findall(r"\d (?:%|bn|tn)", raw) == []
    assert len(re.findall("\\d\u00a0(?:%|bn|tn)", raw)) > 4
