"""A chronicle as one page to read: nothing is fetched, nothing runs, and all text is text."""

import re
from collections.abc import Mapping, Sequence
from html import escape
from importlib.resources import files
from typing import Any

from narrative.prose.markdown import READING, is_link
from narrative.prose.parts import sure
from narrative.text.numbers import MARKS
from narrative.text.words import MATCHED

Told = Mapping[str, Any]
_UNIT = re.compile(r"(\d) (%|tn\b|bn\b|m\b|k\b)")
# Words written from right to left; digits after one would change places with it.
_LETTERS = "[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]+"
_TURNED = re.compile(rf"{_LETTERS}(?:\s+{_LETTERS})*")
_DARK = re.compile(r':root\[data-theme="dark"\] (\{[^}]*\})')
POLICY = "default-src 'none'; style-src 'unsafe-inline'"


def page(told: Told) -> str:
    """The whole document."""
    # Nothing runs here that could set a theme: the reader's own setting does.
    style = _DARK.sub("@media (prefers-color-scheme: dark) { :root \\1 }", base()) + _read("html.css")
    pair = "periods" in told
    kind = ' class="pair"' if pair else ""
    parts = (
        front(told),
        *(chapter(one) for one in told["chapters"]),
        sides(told) if pair else "",
        back(told),
    )
    body = "\n".join(part for part in parts if part)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">\n'
        f"<title>{escape(told['title'])}</title>\n<style>\n{style}</style>\n</head>\n"
        f"<body>\n<main>\n<article{kind}>\n{body}\n</article>\n</main>\n</body>\n</html>\n"
    )


def base() -> str:
    """The style that all our pages share."""
    return _read("base.css")


def _read(name: str) -> str:
    return files("narrative.prose").joinpath(name).read_text(encoding="utf-8")


def front(told: Told) -> str:
    """Title, question, finding, how to read it, the circle and the cast."""
    parts = [
        f'<header>\n<h1>{escape(told["title"])}</h1>\n<p class="question">{escape(told["question"])}</p>',
        *(f'<p class="finding">{unbroken(escape(text))}</p>' for text in told["finding"]),
        f'<p class="reading">{escape(READING)} {escape(told["cut"])}</p>\n</header>',
    ]
    if "claims" in told:
        parts.append(claims(told["claims"]))
    if told["circle"]:
        steps = "\n".join(
            f"<li>{escape(step['text'])}: <small>{escape(step['shown'])}</small></li>"
            for step in told["circle"]
        )
        said = f"<p>Steps are {MATCHED}.</p>"
        parts.append(f"<section>\n<h2>The circle</h2>\n{said}\n<ol>\n{steps}\n</ol>\n</section>")
    people = "\n".join(map(_actor, told["cast"]))
    parts.append(f"<section>\n<h2>Who is in it</h2>\n<dl>\n{people}\n</dl>\n</section>")
    return "\n".join(parts)


def claims(told: Told) -> str:
    """The verdicts that are kept beside a history, as a section; or how to have them."""
    said = f"<p>{unbroken(escape(told['said']))}</p>"
    rows = "\n".join(
        f'<tr><th scope="row">{escape(one["verdict"])}</th><td>{escape(one["claim"])}</td>'
        f"<td>{unbroken(escape(one['said']))}</td></tr>"
        for one in told["rows"]
    )
    if not rows:
        return f'<section class="claims">\n{said}\n</section>'
    heads = "".join(f'<th scope="col">{text}</th>' for text in ("verdict", "claim", "why"))
    table = f'<div class="wide"><table>\n<tr>{heads}</tr>\n{rows}\n</table></div>'
    return f'<section class="claims">\n<h2>What is claimed of it</h2>\n{table}\n{said}\n</section>'


def _actor(actor: Told) -> str:
    role = f" <small>{escape(actor['roles'])}</small>" if actor["roles"] else ""
    note = f"{escape(actor['note'])} " if actor["note"] else ""
    return f"<dt>{escape(actor['name'])}{role}</dt>\n<dd>{note}{sentences(actor['sentences'])}</dd>"


def chapter(one: Told) -> str:
    """A chapter as a section."""
    inside = "\n".join(map(paragraph, one["paragraphs"]))
    return (
        f"<section>\n<h2>{escape(one['title'])}</h2>\n"
        f'<p class="lead">{sentences(one["lead"])}</p>\n{inside}\n</section>'
    )


def sides(told: Told) -> str:
    """Two histories after their parting, in two columns, period by period."""
    parted = f"<h2>Where they part</h2>\n<p>{escape(told['parted'])}</p>"
    parts = [f"<section>\n{parted}\n</section>"]
    for period in told["periods"]:
        both = "\n".join(map(paragraph, period["both"]))
        columns = "\n".join(map(_column, told["labels"], period["sides"]))
        together = f'<div class="both">\n<h4>In both</h4>\n{both}\n</div>\n' if both else ""
        own = f'<div class="sides">\n{columns}\n</div>\n' if any(period["sides"]) else ""
        parts.append(f"<section>\n<h3>{escape(period['title'])}</h3>\n{together}{own}</section>")
    return "\n".join((*parts, differences(told)))


def _column(label: str, paragraphs: Sequence[Told]) -> str:
    inside = "\n".join(map(paragraph, paragraphs)) or "<p>Nothing else.</p>"
    return f"<div>\n<h4>{escape(label)}</h4>\n{inside}\n</div>"


def differences(told: Told) -> str:
    """The section with a table of what differs at the end of two histories, as HTML."""
    rows = "\n".join(
        f'<tr><th scope="row">{escape(one["name"])}</th><td>{escape(one["what"])}</td>'
        + "".join(f"<td>{unbroken(escape(value))}</td>" for value in one["values"])
        + "</tr>"
        for one in told["differences"]
    )
    heads = "".join(f'<th scope="col">{escape(text)}</th>' for text in ("", "what", *told["labels"]))
    whole = f'<div class="wide"><table>\n<tr>{heads}</tr>\n{rows}\n</table></div>'
    inside = whole if rows else "<p>Nothing differs.</p>"
    return f"<section>\n<h2>What differs at the end</h2>\n{inside}\n</section>"


def paragraph(one: Told) -> str:
    """A paragraph under its date."""
    day = f'<time datetime="{escape(one["date"])}">{escape(one["day"])}</time> ' if one["day"] else ""
    kind = "" if one["day"] else ' class="besides"'
    return f"<p{kind}>{day}{sentences(one['sentences'])}</p>"


def unbroken(text: str) -> str:
    """Text in which no line is broken between a number and its unit, and no number turned around."""
    return _TURNED.sub("<bdi>\\g<0></bdi>", _UNIT.sub("\\1&nbsp;\\2", text))


def sentences(said: Sequence[Told]) -> str:
    """Sentences in the colour of their origin, its mark where it changes, and their notes."""
    parts, before = [], ""
    for one in said:
        origin = one["origin"]
        mark = ""
        if origin and origin != before:
            mark = f'<abbr title="{origin}">{MARKS[origin]}</abbr> '
        before = origin or before
        notes = "".join(f'<sup><a href="#note-{n}">{n}</a></sup>' for n in one["notes"])
        text = f"{mark}{unbroken(escape(one['text']))}{notes}"
        parts.append(f'<span class="{origin}">{text}</span>' if origin else text)
    return " ".join(parts)


def back(told: Told) -> str:
    """The end of a chronicle as HTML: how it stood, what it rests on, how to cite it, and the notes."""
    ending = told["ending"]
    weak = "\n".join(f"<li>{escape(text)}</li>" for text in ending["weak"]) or "<li>Nothing is guessed.</li>"
    return "\n".join(
        (
            f"<section>\n<h2>How it stood at the end</h2>\n{stood(told)}",
            "" if "endings" in told else table(ending["actors"]),
            f"</section>\n<section>\n<h2>What this rests on</h2>\n<ul>\n{weak}\n</ul>\n</section>",
            f'<footer>\n<p class="citation">{escape(told["citation"])}</p>',
            notes(told["notes"]),
            "</footer>",
        )
    )


def stood(told: Told) -> str:
    """The four rungs at the end, of each history told."""
    if "endings" not in told:
        return f"<p>{escape(told['ending']['stood'])}</p>"
    return "\n".join(
        f"<p><b>{escape(label)}</b>: {escape(end['stood'])}</p>"
        for label, end in zip(told["labels"], told["endings"], strict=True)
    )


def table(actors: Sequence[Told]) -> str:
    """The table of actors' values at first, now and observed, with their belief, as HTML; empty if none."""
    if not actors:
        return ""
    rows = "\n".join(
        f'<tr><th scope="row">{escape(row["name"])}</th>'
        + "".join(f"<td>{unbroken(escape(row[name]))}</td>" for name in ("then", "now", "observed", "belief"))
        + "</tr>"
        for row in actors
    )
    heads = "".join(
        f'<th scope="col">{head}</th>'
        for head in ("In the model ◆", "at first", "now", "observed ●", "belief")
    )
    return f'<div class="wide"><table>\n<tr>{heads}</tr>\n{rows}\n</table></div>'


def notes(rows: Sequence[Told]) -> str:
    """The footnotes."""
    if not rows:
        return ""
    lines = "\n".join(
        f'<li id="note-{row["number"]}">{"; ".join(map(_source, row["sources"]))}.</li>' for row in rows
    )
    return f"<h2>Sources</h2>\n<ol>\n{lines}\n</ol>"


def _source(source: Told) -> str:
    text = escape(source["source"])
    if is_link(source["url"]):
        text = f'<a href="{escape(source["url"])}" rel="noreferrer">{text}</a>'
    return f"{text} <small>– {escape(sure(source['confidence']))}</small>"
