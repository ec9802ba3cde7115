"""axe-core looks for barriers: nothing serious, in light and in dark, wide and narrow."""

from importlib.util import find_spec
from pathlib import Path

import pytest

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
@pytest.mark.parametrize(("width", "address"), [(1280, "#at=251&branch=calm"), (360, "#at=420&chart=output")])
def test_axe_finds_nothing_serious(reader, ai_page, scheme, width, address):
    reader.media(prefers_color_scheme=scheme)
    reader.size(width)
    reader.open(ai_page, address)
    assert barriers(reader) == []


def test_axe_finds_nothing_serious_while_the_future_is_hidden(reader, ai_page):
    reader.open(ai_page, "#at=251&future=hidden")
    assert barriers(reader) == []
