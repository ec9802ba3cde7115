"""While the future is hidden a page shows what it would show had nothing come after."""

from pathlib import Path

import pytest

import narrative

EARLY = "2025-02-26"  # of two years
# All but the strip and the plot, which lie on the whole calendar; the foot names the digest.
SEEN = """
const main = document.getElementById('main').cloneNode(true);
main.querySelector('#plot').remove();
main.querySelectorAll('[hidden]').forEach((one) => one.remove());
return main.innerHTML + document.querySelector('header').innerText + document.querySelector('.now').innerText
  + document.getElementById('weak').innerText;
"""
DRAWN = """
return [narrative.chart.range, narrative.chart.drawn.map((line) => line.label),
  document.getElementById('strip').getAttribute('aria-valuemax'),
  [...document.querySelectorAll('.labels span')].map((one) => one.textContent)];
"""


@pytest.fixture(scope="session")
def short_page(folder):
    """The same history, of which nothing came after the day that is looked at."""
    db = folder / "ai-short" / "ai-2025.db"
    db.parent.mkdir()
    narrative.run("ai-2025", db=db, until=EARLY)
    return Path(narrative.page(str(db), output=db.with_name("ai.html"))["page"])


@pytest.mark.parametrize("chart", ["valuation", "belief", "loan", "output"])
def test_a_hidden_future_is_as_if_it_had_never_been(reader, ai_page, short_page, ai, chart):
    address = f"#at={ai.by(EARLY)}&future=hidden&chart={chart}"
    seen, drawn = [], []
    for page in (ai_page, short_page):
        reader.open(page, address)
        reader.js("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
        seen.append(reader.still().js(SEEN))
        drawn.append(reader.js(DRAWN))
    assert seen[0] == seen[1]
    assert drawn[0] == drawn[1]


def test_nothing_is_drawn_where_no_veil_lies(reader, ai_page, ai):
    reader.open(ai_page, f"#at={ai.by(EARLY)}&future=hidden&scale=log")
    drawn = (
        "const { ctx, bbox } = narrative.chart.chart;"
        "return ctx.getImageData(0, 0, ctx.canvas.width, Math.floor(bbox.top) - 1).data.some((part) => part)"
    )
    assert reader.js(drawn) is False


def test_what_is_hidden_comes_as_the_hand_reaches_it(reader, ai_page, ai):
    reader.open(ai_page, f"#at={ai.by(EARLY)}&future=hidden&chart=output")
    actors = "return [...document.querySelectorAll('#values tbody tr')].map((row) => row.dataset.actor)"
    kinds = "return [...document.getElementById('kinds').options].map((one) => one.text)"
    circle = "return [...narrative.circle.nodes.keys()]"
    early = [reader.js(code) for code in (actors, kinds, circle)]
    reader.go(ai.by("2026-02-28"))
    assert reader.js("return document.getElementById('circle').viewBox.baseVal.width") > 600
    late = [reader.js(code) for code in (actors, kinds, circle)]
    for before, after in zip(early, late, strict=True):
        assert set(before) < set(after)
    reader.go(ai.by(EARLY))
    assert [reader.js(code) for code in (actors, kinds, circle)] == early


def test_at_the_end_hiding_begins_anew(reader, ai_page, ai):
    reader.open(ai_page)
    reader.click("#hide")
    first = reader.js("return narrative.histories[0].moment[0]")
    assert reader.js("return narrative.state.moment") == first
    reader.open(ai_page, "#future=hidden")
    assert reader.js("return narrative.state.moment") == first
    reader.go(ai.by(EARLY))
    reader.click("#hide")
    reader.click("#hide")
    assert reader.position == ai.by(EARLY)


def test_a_branch_is_not_named_before_it_parts(reader, ai_page, ai):
    reader.open(ai_page, f"#at={ai.unparted}&future=hidden")
    assert not reader.one("#branches").is_displayed()
    assert "calm" not in reader.js("return document.body.innerText")
    reader.go(ai.fork + 1)
    assert reader.one("#branches").is_displayed()
    assert "calm" in reader.text("#citation")
    reader.click('[data-branch="1"]')
    reader.go(ai.unparted)
    assert reader.text("#parting") == ""
    reader.click("#hide")
    assert "First divergence" in reader.text("#parting")


def test_no_caption_is_promised(reader, hostile_page):
    reader.open(hostile_page, "#at=9999&future=hidden")
    about = reader.js("return narrative.state.position")
    reader.click("#caption-back")
    assert reader.position < about
    assert not reader.one("#caption-on").is_enabled()
    reader.click("#hide")
    assert reader.one("#caption-on").is_enabled()
