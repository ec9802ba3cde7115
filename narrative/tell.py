"""The verb `tell`: a history in plain words, as Markdown or as a page to read."""

from contextlib import ExitStack
from pathlib import Path
from typing import Any

from events.errors import Wrong
from events.formats.beside import beside
from narrative.compare import check_apart
from narrative.history import History, place, story_of
from narrative.living import performed
from narrative.prose.chronicle import chronicle
from narrative.prose.markdown import markdown
from narrative.prose.page import page
from narrative.prose.sides import End, side_by_side

FORMATS = {"markdown": markdown, "html": page}
SUFFIXES = {".md": "markdown", ".markdown": "markdown", ".html": "html", ".htm": "html"}


class BadFormat(Wrong):
    """A format that nothing is written in."""


def tell(
    history: str,
    other: str | None = None,
    *,
    at: str | None = None,
    format: str | None = None,  # noqa: A002  # as the flag is named
    output: str | Path | None = None,
    whole: bool = False,
) -> dict[str, Any]:
    """A history in plain words: as data, and written out in `text`. Two are told once up to where they
    part, then side by side. `whole` tells every event singly; `output` names a file to write, whose
    suffix says the format where `format` does not.

    Gives story, edition, title, question, day and digest; finding, circle, cast, chapters, ending and
    notes, of two parted, labels, periods and differs as well; format, text, and file (None where none
    was named). Raises BadFormat, TwiceNamed, Unwritable, BadDate for an `at` that the history does not
    have, and what opening a history raises (BadAddress, UnknownBranch, NotALog, Damaged).
    """
    wanted = _format(format, output)
    with ExitStack() as stack:
        ends = [_end(stack.enter_context(performed(name)), name, at) for name in (history, other) if name]
        check_apart([end.history for end in ends])
        if len(ends) == 2:
            told = side_by_side(*ends, whole=whole)
        else:
            told = chronicle(ends[0].history, ends[0].position, ends[0].moment, whole=whole)
    told |= {"format": wanted, "text": FORMATS[wanted](told), "file": None}
    if output is not None:
        with beside(Path(output)) as part:
            part.write_text(told["text"], encoding="utf-8")
        told["file"] = str(output)
    return told


def _end(found: History, label: str, at: str | None) -> End:
    position, moment = place(found, at, story_of(found).calendar)
    return End(label, found, position, moment)


def _format(wanted: str | None, output: str | Path | None) -> str:
    if wanted is None:
        suffix = Path(output).suffix.lower() if output is not None else ".md"
        if suffix not in SUFFIXES:
            raise BadFormat(f"{output} ends in no format that is told in; end it in .md or .html.")
        return SUFFIXES[suffix]
    if wanted not in FORMATS:
        raise BadFormat(f'"{wanted}" is no format that is told in; choose {" or ".join(FORMATS)}.')
    return wanted
