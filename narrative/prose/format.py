"""In which format a chronicle is written out, and writing it."""

from pathlib import Path
from typing import Any

from events.files import BadFormat, beside
from narrative.analysis.compare import check_apart
from narrative.prose.chronicle import chronicle
from narrative.prose.html import page
from narrative.prose.markdown import markdown
from narrative.prose.sides import End, side_by_side

FORMATS = {"markdown": markdown, "html": page}
SUFFIXES = {".md": "markdown", ".markdown": "markdown", ".html": "html", ".htm": "html"}


def format_of(wanted: str | None, output: str | Path | None) -> str:
    """The format that is said, or else that a file's name says. Raises BadFormat."""
    if wanted is None:
        suffix = Path(output).suffix.lower() if output is not None else ".md"
        if suffix not in SUFFIXES:
            raise BadFormat(f"{output} ends in no format that is told in; end it in .md or .html.")
        return SUFFIXES[suffix]
    if wanted not in FORMATS:
        raise BadFormat(f'"{wanted}" is no format that is told in; choose {" or ".join(FORMATS)}.')
    return wanted


def chronicled(ends: list[End], *, whole: bool) -> dict[str, Any]:
    """One history in plain words, or two side by side. Raises TwiceNamed, NotComparable."""
    check_apart([end.history for end in ends])
    if len(ends) == 2:
        return side_by_side(*ends, whole=whole)
    return chronicle(ends[0].history, ends[0].position, ends[0].moment, whole=whole)


def written_out(told: dict[str, Any], wanted: str, output: str | Path | None) -> dict[str, Any]:
    """A chronicle with its text, which is written to a file where one is named. Raises Unwritable."""
    text = FORMATS[wanted](told)
    if output is not None:
        with beside(Path(output)) as part:
            part.write_text(text, encoding="utf-8")
    return {**told, "format": wanted, "text": text, "file": None if output is None else str(output)}
