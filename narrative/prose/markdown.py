"""A chronicle as Markdown, with footnotes. Nothing from a timeline can be markup."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from narrative.prose.parts import sure
from narrative.text.numbers import MARKS
from narrative.text.words import MATCHED

Told = Mapping[str, Any]
# A dollar sign before a digit opens no formula, and an ampersand is one unless it begins an entity.
COLUMNS = ("name", "then", "now", "observed", "belief")
_MARKUP = re.compile(r"([\\`*_\[\]>|~]|<(?=[a-zA-Z/!?])|\$(?!\d)|&(?=#?\w+;))")
_LINK = re.compile(r"https?://[^\s<>\"'`\\|]+")


def escaped(text: str) -> str:
    """Text that Markdown shows as it is."""
    return _MARKUP.sub(r"\\\1", text)


def coded(text: str) -> str:
    """Text of our own in which a command stands between backticks, as Markdown that shows it as code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:  # a file's name has one too
        return escaped(text)
    return "`".join(part if number % 2 else escaped(part) for number, part in enumerate(parts))


def markdown(told: Told) -> str:
    """The whole chronicle of one history."""
    lines = [*front(told), *(line for chapter in told["chapters"] for line in _chapter(chapter))]
    if "periods" in told:
        lines += _sides(told)
    return "\n".join([*lines, *back(told)]) + "\n"


def _sides(told: Told) -> Iterable[str]:
    """Two histories after their parting: a section each, period by period."""
    labels = told["labels"]
    yield from ("", "## Where they part", "", escaped(told["parted"]))
    for period in told["periods"]:
        yield from ("", f"### {escaped(period['title'])}")
        for label, paragraphs in zip(("In both", *labels), (period["both"], *period["sides"]), strict=True):
            if paragraphs:
                yield from ("", f"#### {escaped(label)}")
            for paragraph in paragraphs:
                yield from ("", line(paragraph))
    yield from ("", "## What differs at the end", "")
    if told["differences"]:
        yield from (row(("In the books and the model", "what", *labels)), "|---|---|--:|--:|")
        yield from (row((one["name"], one["what"], *one["values"])) for one in told["differences"])
    else:
        yield "Nothing differs."


def row(cells: Iterable[str]) -> str:
    """A row of a table."""
    return f"| {' | '.join(map(escaped, cells))} |"


def front(told: Told) -> list[str]:
    """Title, question, finding, how to read it, and the cast."""
    lines = [f"# {escaped(told['title'])}", "", f"*{escaped(told['question'])}*", ""]
    lines += [line for text in told["finding"] for line in (escaped(text), "")]
    lines += _claims(told)
    lines += [f"{escaped(READING)} {escaped(told['cut'])}", ""]
    if told["circle"]:
        lines += ["## The circle", "", f"Steps are {MATCHED}.", ""]
        lines += [f"{step['step']}. {escaped(step['text'])}: {step['shown']}." for step in told["circle"]]
        lines.append("")
    lines += ["## Who is in it", ""]
    for actor in told["cast"]:
        role = f" ({escaped(actor['roles'])})" if actor["roles"] else ""
        note = f" {escaped(actor['note'])}" if actor["note"] else ""
        said = f" {sentences(actor['sentences'])}" if actor["sentences"] else ""
        lines.append(f"- **{escaped(actor['name'])}**{role}.{note}{said}")
    return lines


def _claims(told: Told) -> Iterable[str]:
    """The verdicts that are kept beside a history; nothing of two, or of a part of one."""
    if "claims" not in told:
        return
    rows = told["claims"]["rows"]
    if rows:
        yield from ("## What is claimed of it", "", row(("verdict", "claim", "why")), "|---|---|---|")
        yield from (row((one["verdict"], one["claim"], one["said"])) for one in rows)
        yield ""
    yield from (coded(told["claims"]["said"]), "")


READING = (
    "Marks say where each sentence comes from: ● recorded, told by the timeline with its source; ◆ "
    "modelled, decided by the model; ▲ supposed. The sums that open a chapter are added up from the log; "
    "sentences in brackets are worked out from it too, or noted by readers. Beside what the model makes "
    "of a price stands what was observed, where that was found beside the history. "
    "What is announced is not committed, what is committed is not paid, and what is paid is not "
    "delivered."
)


def _chapter(chapter: Told) -> Iterable[str]:
    yield from ("", f"## {escaped(chapter['title'])}", "", sentences(chapter["lead"]))
    for paragraph in chapter["paragraphs"]:
        yield from ("", line(paragraph))


def line(paragraph: Told) -> str:
    """A paragraph on one line."""
    day = f"**{escaped(paragraph['day'])}.** " if paragraph["day"] else ""
    return f"{day}{sentences(paragraph['sentences'])}"


def sentences(said: Sequence[Told]) -> str:
    """Sentences with their marks and notes; a mark stands where the origin changes."""
    parts, before = [], ""
    for one in said:
        mark = f"{MARKS[one['origin']]} " if one["origin"] and one["origin"] != before else ""
        before = one["origin"] or before
        notes = "".join(f"[^{number}]" for number in one["notes"])
        parts.append(f"{mark}{escaped(one['text'])}{notes}")
    return " ".join(parts)


def back(told: Told) -> list[str]:
    """The end of a chronicle as Markdown: how it stood, what it rests on, how to cite it, and the notes."""
    ending = told["ending"]
    lines = ["", "## How it stood at the end", ""]
    if "endings" in told:
        for label, end in zip(told["labels"], told["endings"], strict=True):
            lines += [f"{escaped(label)}: {escaped(end['stood'])}", ""]
    else:
        lines += [escaped(ending["stood"]), ""]
    if ending["actors"] and "endings" not in told:
        lines += ["| In the model ◆ | at first | now | observed ● | belief |", "|---|--:|--:|--:|--:|"]
        lines += [row(actor[name] for name in COLUMNS) for actor in ending["actors"]]
        lines.append("")
    lines += ["## What this rests on", ""]
    lines += [f"- {escaped(text)}" for text in ending["weak"]] or ["Nothing is guessed."]
    lines += ["", escaped(told["citation"]), ""]
    return [*lines, *(_note(note) for note in told["notes"])]


def _note(note: Told) -> str:
    return f"[^{note['number']}]: {'; '.join(map(_source, note['sources']))}."


def _source(source: Told) -> str:
    link = f" <{source['url']}>" if is_link(source["url"]) else ""
    return f"{escaped(source['source'])} – {sure(source['confidence'])}{link}"


def is_link(url: str | None) -> bool:
    """True for an http or https address without characters that would end a link early."""
    return url is not None and url.isprintable() and _LINK.fullmatch(url) is not None
