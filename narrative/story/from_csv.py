"""A story begun from plain facts: a CSV file becomes a folder that passes `check`.

Columns date, kind, actor, headline and source, in any order; amount, counterparty and every other
field of a kind may stand beside them. An empty cell is nothing said: a counterparty that a kind
needs is then `outside`, and what is announced is an intention. Every balance is unknown until
somebody writes it in, and what could not be read is told at once, each fault with its line.
"""

import csv
import re
import unicodedata
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from io import StringIO
from operator import itemgetter
from pathlib import Path
from typing import Any

from attrs import define, field

from events.event import OUTSIDE
from events.fields import LIMIT
from events.files import BadFormat, Taken, folder_beside, read_whole, reading, unled
from events.formats.jsonl_reader import MOST, BadFile
from narrative.story.calendar import BadDate, Calendar
from narrative.story.faults import Fault, Page, StoryFaults, did_you_mean, listed
from narrative.story.keys import TELLABLE, Field, entry_fields, names_actors, own_fields, party_fields
from narrative.story.model import RESERVED, Unit
from narrative.story.positions import Path as Place
from narrative.story.positions import line_of
from narrative.story.reader import files_of
from narrative.story.template import Facts, head_of, timeline_of
from narrative.story.toml import page_of
from narrative.text.numbers import SCALES, count

NEEDED = ("date", "kind", "actor", "headline", "source")
_NUMBERS = ("money", "whole", "count", "number")
UNIT = Unit(currency="USD", digits=2, written_in=1)
_SCALES = {name.strip(): len(str(scale)) - 1 for scale, name in SCALES}
_SCALED = re.compile(rf"(.*?)\s*({'|'.join(_SCALES)})")
_KINDS = {kind.lower(): kind for kind in TELLABLE}
MOST_ROWS = 120_000  # facts of a file: each takes some 2 kB of memory, and a story holds as many
_ABSURD = 40  # digits before or after the point that no number of a story has
# Remedies for a timeline, as they are for a cell.
_IN_CELLS = {
    "the story's unit without quotes, as 6.6": f"{UNIT.currency} without commas, as 6600000 or 6.6m",
    ", or give [money] more digits": "",
    'a text in "quotes"': "a text",
    "the name of what was opened, as `narrative show` prints it": "the `id` of the row that opened it",
}


class _Enough(Exception):
    """So many faults that no more are looked for."""


@define(slots=False)
class _Sheet(Page):
    """A CSV file being read. Its facts stand `at` lines of their own, since they are sorted."""

    at: dict[Place, int] = field(factory=dict)
    repeats: list[str] = field(factory=list)  # rows that stand twice, in words

    def line(self, path: Place) -> int:
        return line_of(self.at, path)

    def fault(self, path: Place, what: str, meant: str = "") -> None:
        for written, plain in _IN_CELLS.items():
            meant = meant.replace(written, plain)
        self.note(self.line(path), what, meant)

    def note(self, line: int, what: str, meant: str) -> None:
        """Notes a fault on a line. Raises _Enough."""
        if len(self.faults) == MOST:
            raise _Enough
        self.faults.append(Fault(self.file, line, what, meant))


def plain_facts(file: Path, story: str | Path | None) -> bool:
    """Whether a file is read as plain facts: by its ending, or as a story is asked of what is no history."""
    if file.suffix.lower() in (".csv", ".tsv", ".tab"):
        return True
    if story is None:
        return False
    try:
        with reading(file) as opened:
            return not opened.read(64).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{")
    except OSError:
        return False


def target_of(file: Path, db: str | Path | None, story: str | Path | None) -> Path:
    """The path an import goes to: a new folder for a CSV of plain facts, a new database for anything else.

    Raises BadFormat where the file and the target do not belong together, Unwritable where a link stands at
    a target that was not named.
    """
    if plain_facts(file, story):
        if db is not None:
            raise BadFormat(
                f"{file} is read as plain facts, which become a story and no database; give --story."
            )
        return unled(file.with_suffix("")) if story is None else Path(story)
    if story is not None:
        raise BadFormat(f"{file} is read as an exported history, which becomes a database; give --db.")
    return unled(file.with_suffix(".db")) if db is None else Path(db)


def drafted(file: Path, folder: Path) -> dict[str, Any]:
    """Write the story that a file of plain facts begins, read as `check` reads a folder.

    Raises BadFile where the file cannot be read, StoryFaults with every fault, Taken where something
    stands already; then nothing is written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Taken(
            f"{folder} exists and is not an empty folder; nothing was written. Name another with --story."
        )
    page = _Sheet(str(file), "", {"event": []})
    try:
        names, moments = _read(page, file)
        facts: Facts = page.data["event"]
        dated = [moment for moment in moments if moment != LIMIT] or [0]
        head = page_of(str(folder / "replay.toml"), head_of(file, facts, names, dated, UNIT))
        found = files_of(folder, head, page).faults
    except _Enough:
        rest = f"… These are {count(MOST)} faults; the rest of the file was not looked at."
        raise StoryFaults(page.faults, rest) from None
    if found:  # what was made of a fact with a fault may have one too, which is no second
        raise StoryFaults([one for one in found if one.file == page.file] or found)
    files = {"replay.toml": head.text, "timeline.toml": timeline_of(file, facts, moments)}
    with folder_beside(folder, tuple(files)) as part:
        for name, text in files.items():
            (part / name).write_text(text, encoding="utf-8")
    written = [str(folder / name) for name in files]
    return {"story": folder.name, "files": written, "entries": len(facts), "repeats": page.repeats}


def _read(page: _Sheet, file: Path) -> tuple[dict[str, str], list[int]]:
    """Puts the facts on the page, in order of date, as the tables of a timeline; gives their actors' names by
    id, and the moments of the facts, LIMIT for what is no date.
    """
    names: dict[str, str] = {}
    lines: dict[str, int] = {}
    facts: list[tuple[int, int, dict[str, Any]]] = []
    stood: dict[tuple[tuple[str, str], ...], int] = {}
    for line, row in _rows(page, file):
        if len(facts) == MOST_ROWS:
            page.note(
                line, f"there are more than {count(MOST_ROWS)} facts", "Import them in parts, a story each."
            )
            break
        first = stood.setdefault(tuple(row.items()), line)
        if first != line:
            page.repeats.append(f"line {line} repeats line {first}")
        if "kind" in row:
            row["kind"] = _KINDS.get(row["kind"].lower(), row["kind"])
        fact: dict[str, Any] = {key: _value(row.get("kind", ""), key, text) for key, text in row.items()}
        _name_actors(page, line, fact, names, lines)
        facts.append((_moment(fact), line, _placed(fact)))
    facts.sort(key=itemgetter(0))
    taken, counted = {str(fact["id"]) for *_, fact in facts if "id" in fact}, Counter[str]()
    for index, (_, line, fact) in enumerate(facts):
        if "id" not in fact:
            fact["id"] = _id(fact, taken, counted)
        page.at["event", index] = line
    page.data["event"] = [fact for *_, fact in facts]
    return dict(sorted(names.items())), [moment for moment, *_ in facts]


def _rows(page: _Sheet, file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows that can be read, with their lines, as column and text."""
    try:
        raw = read_whole(file)
    except OSError as error:
        raise BadFile(f"{file} cannot be read: {error.strerror}. Nothing was written.") from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        page.note(line, "this line is not UTF-8 text", "Save the file as UTF-8.")
        return
    # Spreadsheets put semicolons where a comma stands in numbers; what was pasted has tabs.
    delimiter = max(",;\t", key=text.partition("\n")[0].count)
    reader = csv.reader(StringIO(text, newline=""), strict=True, delimiter=delimiter)
    csv.field_size_limit(max(csv.field_size_limit(), len(text)))  # a timeline may hold texts as long
    line = 1
    try:
        header = [cell.strip().lower() for cell in next(reader, [])]
        if not _check_header(page, header):
            return
        line = reader.line_num + 1
        for cells in reader:
            if len(cells) != len(header) and any(cells):
                what = f"this row has {len(cells)} cells, and the header {len(header)}"
                page.note(line, what, f'A text with "{delimiter}" in it stands in "quotes".')
            elif any(cells):
                found = {key: cell.strip() for key, cell in zip(header, cells, strict=True)}
                yield line, {key: cell for key, cell in found.items() if cell}
            line = reader.line_num + 1
    except csv.Error as error:
        page.note(line, f"this row does not read as CSV ({error})", "Close its quotes.")
    if line == 2 and not page.faults:
        page.note(1, "there are no facts below the header", "Write one a row.")


def _check_header(page: _Sheet, header: Sequence[str]) -> bool:
    known = [
        field.name for kind in TELLABLE for field in entry_fields(kind) if field.sort not in ("link", "table")
    ]
    before = len(page.faults)
    for name in header:
        if name not in known:
            remedy = did_you_mean(
                name, known, f"It takes {listed(NEEDED)}, counterparty, and fields of the kinds."
            )
            page.note(1, f'there is no column "{name}"', remedy)
        elif header.count(name) > 1:
            page.note(1, f'the column "{name}" stands twice', "Keep one.")
    for name in NEEDED:
        if name not in header:
            remedy = f"The first line names the columns: {', '.join((*NEEDED, 'amount'))}."
            page.note(1, f'the column "{name}" is missing', remedy)
    return len(page.faults) == before


def _value(kind: str, key: str, text: str) -> object:
    """A cell as a timeline would have it."""
    found = _fields(kind).get(key) if kind in TELLABLE else None
    if found is not None and found.many:
        return [part.strip() for part in text.split(";") if part.strip()]
    sort = found.sort if found is not None else "money" if key == "amount" else "text"
    return _number(text, scaled=sort == "money") if sort in _NUMBERS else text


@cache
def _fields(kind: str) -> Mapping[str, Field]:
    """The fields of a kind by name."""
    return {field.name: field for field in entry_fields(kind)}


def _number(text: str, *, scaled: bool) -> object:
    """A number as it is written, a sum also as 6.6m; the text where it is none."""
    found = _SCALED.fullmatch(text.lower()) if scaled else None
    try:
        number = Decimal(f"{found[1]}e{_SCALES[found[2]]}" if found else text)
    except InvalidOperation:
        return text
    if not number.is_finite() or abs(number.adjusted()) > _ABSURD:
        return text
    return int(number) if number == number.to_integral_value() else number


def _placed(fact: dict[str, Any]) -> dict[str, Any]:
    """A fact with what goes without saying, and whose one amount stands where its kind has room for it:
    firm, a ceiling, or only stated.
    """
    kind = fact.get("kind")
    own = {field.name for field in own_fields(kind)} if kind in TELLABLE else {"amount"}
    fact.setdefault("confidence", "low")
    if kind == "Announcement":
        fact.setdefault("status", "intention")
    if kind == "Note" and "headline" in fact:
        fact.setdefault("text", fact["headline"])
    if kind in TELLABLE and any(f.name == "counterparty" and f.needed for f in party_fields(kind)):
        fact.setdefault("counterparty", OUTSIDE)
    if "amount" in fact and ("amount" not in own or fact.get("status", "firm") != "firm"):
        fact.setdefault("ceiling" if "ceiling" in own else "stated", fact.pop("amount"))
    return fact


def _name_actors(
    page: _Sheet, line: int, fact: dict[str, Any], names: dict[str, str], lines: dict[str, int]
) -> None:
    """Names of actors become their ids; the first spelling of each is kept, with its line. A fault where
    names that differ in more than case and stops come to one id: money of one would go to the other.
    """
    kind = fact.get("kind", "")
    fields = ("actor", "counterparty", *(names_actors(kind) if kind in TELLABLE else ()))
    for key in fields:
        written = fact.get(key)
        if not isinstance(written, str) or written == OUTSIDE:
            continue
        slug = _slug(written)
        if not slug or slug in RESERVED:
            what = f'the {key} "{written}" cannot name an actor'
            page.note(line, what, f"Use a name of Latin letters, not {listed(RESERVED)}.")
        elif _spelt(names.get(slug, written)) != _spelt(written):
            what = f'"{written}" and "{names[slug]}" of line {lines[slug]} both come to the id "{slug}"'
            page.note(line, what, "Write one of them with other Latin letters or digits, or both alike.")
        fact[key] = slug or "unnamed"  # so that it is one fault
        names.setdefault(fact[key], written)
        lines.setdefault(fact[key], line)


@lru_cache(maxsize=65_536)  # a name stands in many rows
def _slug(name: str) -> str:
    """The id of an actor of that name: small Latin letters and digits; empty where it has none."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


@lru_cache(maxsize=65_536)
def _spelt(name: str) -> str:
    """A name without what people write now one way and now another: case, spaces, hyphens and stops."""
    return re.sub(r"[\s\-_.,'\u2019]+", "", unicodedata.normalize("NFKC", name).casefold())


def _moment(fact: Mapping[str, Any]) -> int:
    try:
        return Calendar().written(str(fact.get("date", "")))
    except BadDate:
        return LIMIT  # a fault of its own, and never the order's


def _id(fact: Mapping[str, Any], taken: set[str], counted: Counter[str]) -> str:
    """A name of its own for a fact that has none."""
    parts = [str(fact.get(key, "")) for key in ("date", "kind", "actor")]
    plain = re.sub(r"[^a-z0-9]+", "-", "-".join(parts).lower()).strip("-") or "fact"
    while True:
        counted[plain] += 1
        found = plain if counted[plain] == 1 else f"{plain}-{counted[plain]}"
        if found not in taken:
            taken.add(found)
            return found
