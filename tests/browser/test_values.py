"""Figures at a moment, as the page shows them beside what is on record or was observed."""

import re
from datetime import datetime
from itertools import pairwise
from pathlib import Path

from support.faulty_story import watched

import narrative
from narrative.cli.believing import span
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
                else f"{money(found['observed'], {'currency': 'USD', 'digits': 2})}, 3 Feb 2025"
            )
            assert cells[1] == said, row["moment"]
            shown.append((row["moment"][:10], said))
    assert {said for day, said in shown if "2025-02-03" < day <= "2025-03-20"} == {"$520 bn, 3 Feb 2025"}
    assert {said for day, said in shown if day > "2025-03-21"} == {"no observation"}


def test_a_figure_of_the_finding_is_not_broken_into_lines(reader, ai_page, ai):
    reader.open(ai_page, f"#at={ai.surge}")
    raw = reader.js("return document.getElementById('finding').textContent")
    assert re.findall(r"\d (?:%|bn|tn)", raw) == []
    assert len(re.findall("\\d\u00a0(?:%|bn|tn)", raw)) > 4


def test_what_was_reported_stands_under_the_values_with_its_day(reader, ai_page, ai):
    """Nvidia's four quarters to July 2025, of results.toml: 35,082 + 39,331 + 44,062 + 46,743 = 165,218
    million, published on 2025-08-27.
    """
    events = ai.rows
    (told,) = (
        row.position
        for row in events
        if row.kind == "Result" and row.actor == "nvidia" and row.moment.startswith("2025-08-27")
    )
    said = "Nvidia $165\u00a0bn (27 Aug 2025)"
    reader.open(ai_page, f"#at={told}")
    assert said in reader.one("#values-remark").get_attribute("textContent")
    reader.go(max(row.position for row in events if row.moment < events[told - 1].moment))
    assert said not in reader.one("#values-remark").get_attribute("textContent")
    reader.go(len(events))
    assert "Revenue reported of four quarters: Nvidia" in reader.one("#values-remark").text


def test_the_words_of_the_page_are_one_click_away(reader, ai_page):
    reader.open(ai_page)
    words = reader.one("#words-told")
    assert not words.is_displayed()
    reader.js("document.querySelector('#glossary summary').click()")
    assert words.is_displayed()
    found = {
        dt.text: dd.text
        for dt, dd in zip(reader.all("#words-told dt"), reader.all("#words-told dd"), strict=True)
    }
    assert found == {one.word: one.says for one in narrative.define()}
    assert reader.all("#rungs th[title]")[0].get_attribute("title") == found["announced"]


def test_closes_are_bold_and_what_is_explained_is_shaded_while_few_are_shown(reader, ai_page, ai):
    reader.open(ai_page, f"#at={ai.surge}")
    assert len(reader.all(".labels span")) == 3
    assert "bold: closes on record · thin, shaded under it" in reader.text("#chart-legend")
    reader.click('#values [data-actor="oracle"] input')  # a fourth: more would hide one another
    assert reader.text("#chart-legend") == "bold: closes on record"
    reader.click('[data-chart="belief"]')
    assert reader.text("#chart-legend") == ""


def test_belief_stands_in_three_spans_as_replay_has_them(reader, ai_page, ai):
    reader.open(ai_page, f"#at={ai.surge}&show=oracle.openai")
    day = re.match(r"As of (.*?)\.", reader.text("#spans-remark"))[1]
    at = datetime.strptime(f"{day} +0000", "%d %b %Y %z").strftime("%Y-%m-%dT00:00:00")
    spans = narrative.replay(str(ai_page.with_name("ai-2025.db")), at=at)["actors"]["oracle"]["belief_spans"]
    shown = [cell.text for cell in reader.all("#spans tbody td")]
    assert shown == [span(spans[name]) for name in ("announced", "above_results", "growth")]
    assert [row.text for row in reader.all("#spans tbody th")] == ["Oracle"]  # of OpenAI nothing is known
    reader.go(1)
    assert reader.text("#spans-remark") == ""
