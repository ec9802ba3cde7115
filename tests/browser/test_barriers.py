"""axe-core looks for barriers: nothing serious, in light and in dark, wide and narrow."""

from importlib.util import find_spec
from pathlib import Path

import pytest

import narrative

AXE = Path(find_spec("axe_core_python").origin).with_name("axe.min.js")


def barriers(reader):
    if not reader.js("return Boolean(window.axe)"):
        reader.js(AXE.read_text(encoding="utf-8"))
    found = reader.driver.execute_async_script(
        "const done = arguments[0]; axe.run(document, {resultTypes: ['violations']}).then((seen) => done("
        "seen.violations.map((v) => [v.impact, v.id, v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160))])))"
    )
    return [one for one in found if one[0] in ("serious", "critical")]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("width", "address"),
    [
        (1280, "#at={0.surge}&branch=calm"),
        (360, "#at={0.end}&chart=output"),
        (1920, "#at={0.contract}&chart=belief"),
    ],
)
def test_axe_finds_nothing_serious(reader, ai_page, ai, scheme, width, address):
    reader.media(prefers_color_scheme=scheme)
    reader.size(width)
    reader.open(ai_page, address.format(ai))
    assert barriers(reader) == []


def test_axe_finds_nothing_serious_while_the_future_is_hidden(reader, ai_page, ai):
    reader.open(ai_page, f"#at={ai.surge}&future=hidden")
    assert barriers(reader) == []


def test_axe_finds_nothing_serious_in_a_crowd(reader, crowd_page):
    reader.open(crowd_page)
    assert barriers(reader) == []


@pytest.mark.parametrize(
    ("other", "scheme", "widths"),
    [("@calm", "light", (360, 1280, 1920)), ("@calm", "dark", (360, 1280, 1920)), (None, "dark", (360,))],
)
def test_axe_finds_nothing_serious_in_what_is_told(reader, ai_page, folder, other, scheme, widths):
    db = str(ai_page.with_name("ai-2025.db"))
    file = folder / f"told{other}.html"
    narrative.tell(db, other and f"{db}{other}", output=file)
    reader.media(prefers_color_scheme=scheme)
    for width in widths:
        reader.size(width)
        reader.open(file)
        assert reader.js("return document.documentElement.scrollWidth") == width
        assert barriers(reader) == []
        assert reader.complaints() == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_an_origin_has_one_colour_wherever_it_is_told(reader, ai_page, folder, scheme):
    told = folder / f"{scheme}.html"
    narrative.tell(str(ai_page.with_name("ai-2025.db")), output=told)
    reader.media(prefers_color_scheme=scheme)
    colours = [reader.open(page).js(COLOURS) for page in (ai_page, told)]
    assert colours[0] == colours[1]
    assert len(set(colours[0])) == 5


COLOURS = """
const style = getComputedStyle(document.documentElement);
const names = ['recorded', 'modelled', 'supposed', 'ink', 'paper'];
return names.map((name) => style.getPropertyValue(`--${name}`));
"""
