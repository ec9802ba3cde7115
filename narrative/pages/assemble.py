"""Page data into one HTML file: our scripts, our style and uPlot's file inside, and nothing outside.

A Content-Security-Policy names each script and style by its hash and forbids all else, so that
no request leaves the page even where somebody plants one.
"""

import json
import re
from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from html import escape
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from events.errors import Wrong
from events.event import ORIGINS
from narrative.prose.html import base
from narrative.text.glossary import legend

_HERE = Path(__file__).parent
# In the order in which they stand in the page: each uses only what stands before it, or waits for `start`.
SCRIPTS = (
    "figures", "dates", "data", "state", "hidden", "elements", "strip", "marks", "chart", "values", "claims",
    "ring", "circle", "list", "why", "branches", "play", "saved", "start",
)  # fmt: skip  # one list
_SLOT = re.compile(r"@@(\w+)@@")
# Marks that turn the direction of writing: with one a name would write the numbers after it backwards.
_TURNING = dict.fromkeys((0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)))


# uPlot 1.6.16. What stands in pages, and is named in their policy, is the file that was tried and no other.
_UPLOT = {
    "uPlot.iife.js": "655bc8aa33781e8721c5af6b59f1699c03c9bda951aa74a6ab518ac20cc4326d",
    "uPlot.min.css": "3f121cd4a997b634e07a887658850018e475c26f0bddd874109a8d382c19de87",
}


class MissingChart(Wrong):
    """The package that brings uPlot's files is not installed, or brings others than those of `_UPLOT`."""


def assembled(data: Mapping[str, Any]) -> str:
    """The whole page."""
    drawing, drawing_style = _uplot()
    style = drawing_style + base() + _read("page.css")
    ours = "\n".join(_read(f"{name}.js") for name in SCRIPTS)
    script = f"(() => {{\n'use strict';\n{ours}\n}})();"
    slots = {
        "policy": _policy((drawing, script), (style,)),
        **{name: escape(data["story"][name].translate(_TURNING)) for name in ("title", "question")},
        **{origin: escape(legend(origin)) for origin in ORIGINS},
        "licence": _read("uplot-licence.txt"),
        "style": style,
        "data": embedded(data),
        "drawing": drawing,
        "script": script,
    }
    # One pass: what a slot is filled with is never looked through for slots.
    return _SLOT.sub(lambda found: slots[found[1]], _read("page.html"))


def embedded(data: Mapping[str, Any]) -> str:
    """JSON that cannot end the script element it stands in."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    text = text.translate(_TURNING)
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _policy(scripts: tuple[str, ...], styles: tuple[str, ...]) -> str:
    kinds = (("script-src", scripts), ("style-src", styles))
    hashes = "; ".join(f"{kind} {' '.join(map(_hash, texts))}" for kind, texts in kinds)
    return f"default-src 'none'; {hashes}; img-src data:; base-uri 'none'; form-action 'none'"


def _hash(text: str) -> str:
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _uplot() -> tuple[str, str]:
    spec = find_spec("uplot")  # not imported: only its files are wanted
    for place in (spec.submodule_search_locations or ()) if spec else ():
        files = [Path(place) / "static" / name for name in _UPLOT]
        if all(file.is_file() for file in files):
            script, style = map(_pinned, files)
            return script, style
    raise MissingChart(
        "The charts of a page are drawn by uPlot, which is not installed; "
        "`pip install 'narrative-engine[page]'` brings it."
    )


def _pinned(file: Path) -> str:
    """The text of a file of uPlot. Raises MissingChart where it is not the one that pages are made with."""
    raw = file.read_bytes()
    found = sha256(raw).hexdigest()
    if found != _UPLOT[file.name]:
        raise MissingChart(
            f"{file.name} of the package uplot-python has the SHA-256 {found[:16]}…, and pages are made with "
            f"{_UPLOT[file.name][:16]}… alone; `pip install uplot-python==1.1.1` brings that."
        )
    return raw.decode()


def _read(name: str) -> str:
    return (_HERE / name).read_text(encoding="utf-8")
