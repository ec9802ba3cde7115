"""A story begun from plain facts: a CSV file becomes a folder that passes `check`.

Columns date, kind, actor, amount, headline and source, in any order; counterparty and every other
field of a kind may stand beside them. An empty cell is nothing said. Every balance is unknown until
somebody writes it in, and what could not be read is told at once, each fault with its line.
"""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from io import StringIO
from pathlib import Path
from typing import Any

import tomlkit

from events.fact import LIMIT
from events.formats.beside import Taken, folder_beside
from narrative.calendar import DAY, BadDate, Calendar
from narrative.scenario import OUTSIDE, RESERVED, Unit
from narrative.story.amounts import Ground
from narrative.story.check import check_story
from narrative.story.checks import check_entries
from narrative.story.entries import Seen, read_entries
from narrative.story.faults import Fault, Page, StoryFaults, did_you_mean, listed
from narrative.story.links import check_names
from narrative.story.shape import TELLABLE, entry_fields, names_actors, own_fields
from narrative.story.starting import parameter_tables

NEEDED = ("date", "kind", "actor", "headline", "source")
_NUMBERS = ("money", "whole", "count", "number")
_UNIT = Unit(currency="USD", digits=2, written_in=1)
_FILES = ("replay.toml", "timeline.toml")

Facts = list[dict[str, Any]]


def drafted(file: Path, folder: Path) -> dict[str, Any]:
    """Write the story that a file of plain facts begins. Raises StoryFaults with every fault, Taken
    where something stands already; then nothing is written.
    """
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Taken(
            f"{folder} exists and is not an empty folder; nothing was written. Name another with --story."
        )
    page, names = _read(file)
    seen = _checked(page, set(names))
    if page.faults:
        raise StoryFaults(page.faults)
    calendar = Calendar()
    facts = page.data["event"]
    with folder_beside(folder, _FILES) as part:
        (part / "timeline.toml").write_text(_timeline(file, facts, seen, calendar), encoding="utf-8")
        (part / "replay.toml").write_text(_replay(file, facts, names, seen, calendar), encoding="utf-8")
        wrong = check_story(part)
        if wrong:
            raise StoryFaults(wrong)
    return {"story": folder.name, "files": [str(folder / name) for name in _FILES], "entries": len(facts)}


# --- reading --------------------------------------------------------------------------------------


def _read(file: Path) -> tuple[Page, dict[str, str]]:
    """The facts as the tables of a timeline, in order of date, and the actors they name, each by its id."""
    page, lines = Page(str(file), "", {"event": []}), {}
    rows = list(_rows(page, file))
    names: dict[str, str] = {}
    facts = []
    for line, row in rows:
        fact: dict[str, Any] = {key: _value(row.get("kind", ""), key, text) for key, text in row.items()}
        _name_actors(page, line, fact, names)
        facts.append((line, _placed(fact)))
    facts.sort(key=lambda pair: _moment(pair[1]))
    ids: set[str] = set()
    for index, (line, fact) in enumerate(facts):
        fact.setdefault("id", _id(fact, ids))
        ids.add(str(fact["id"]))
        lines[("event", index)] = line
    page.data["event"] = [fact for _, fact in facts]
    page.__dict__["lines"] = lines  # a CSV file has its own
    return page, dict(sorted(names.items()))


def _rows(page: Page, file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows that can be read, with their lines, as column and text."""
    raw = file.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        page.faults.append(Fault(page.file, line, "this line is not UTF-8 text", "Save the file as UTF-8."))
        return
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    line = 1
    try:
        header = [cell.strip() for cell in next(reader, [])]
        if not _check_header(page, header):
            return
        line = reader.line_num + 1
        for cells in reader:
            if len(cells) != len(header) and any(cells):
                what = f"this row has {len(cells)} cells, and the header {len(header)}"
                page.faults.append(Fault(page.file, line, what, 'A text with a comma stands in "quotes".'))
            elif any(cells):
                found = {key: cell.strip() for key, cell in zip(header, cells, strict=True)}
                yield line, {key: cell for key, cell in found.items() if cell}
            line = reader.line_num + 1
    except csv.Error as error:
        page.faults.append(
            Fault(page.file, line, f"this row does not read as CSV ({error})", "Close its quotes.")
        )
    if line == 2 and not page.faults:
        page.faults.append(Fault(page.file, 1, "there are no facts below the header", "Write one a row."))


def _check_header(page: Page, header: Sequence[str]) -> bool:
    known = [
        field.name for kind in TELLABLE for field in entry_fields(kind) if field.sort not in ("link", "table")
    ]
    before = len(page.faults)
    for name in header:
        if name not in known:
            remedy = did_you_mean(
                name, known, f"It takes {listed(NEEDED)}, counterparty, and fields of the kinds."
            )
            page.faults.append(Fault(page.file, 1, f'there is no column "{name}"', remedy))
        elif header.count(name) > 1:
            page.faults.append(Fault(page.file, 1, f'the column "{name}" stands twice', "Keep one."))
    for name in NEEDED:
        if name not in header:
            remedy = f"The first line names the columns: {', '.join((*NEEDED, 'amount'))}."
            page.faults.append(Fault(page.file, 1, f'the column "{name}" is missing', remedy))
    return len(page.faults) == before


def _value(kind: str, key: str, text: str) -> object:
    """A cell as a timeline would have it."""
    field = next((f for f in entry_fields(kind) if f.name == key), None) if kind in TELLABLE else None
    if field is not None and field.many:
        return [part.strip() for part in text.split(";") if part.strip()]
    if key == "amount" or (field is not None and field.sort in _NUMBERS):
        try:
            number = Decimal(text)
        except InvalidOperation:
            return text
        return int(number) if number.is_finite() and number == number.to_integral_value() else number
    return text


def _placed(fact: dict[str, Any]) -> dict[str, Any]:
    """A fact whose one amount stands where its kind has room for it: firm, a ceiling, or only stated."""
    own = {field.name for field in own_fields(fact["kind"])} if fact.get("kind") in TELLABLE else {"amount"}
    fact.setdefault("confidence", "low")
    if "amount" in fact and ("amount" not in own or fact.get("status", "firm") != "firm"):
        fact.setdefault("ceiling" if "ceiling" in own else "stated", fact.pop("amount"))
    return fact


def _name_actors(page: Page, line: int, fact: dict[str, Any], names: dict[str, str]) -> None:
    """Names of actors become their ids; the first spelling of each is kept."""
    kind = fact.get("kind", "")
    fields = ("actor", "counterparty", *(names_actors(kind) if kind in TELLABLE else ()))
    for key in fields:
        written = fact.get(key)
        if not isinstance(written, str) or written == OUTSIDE:
            continue
        slug = re.sub(r"[^a-z0-9]+", "-", written.lower()).strip("-")
        if not slug or slug in RESERVED:
            what = f'the {key} "{written}" cannot name an actor'
            page.faults.append(
                Fault(page.file, line, what, f"Use a name of letters, not {listed(RESERVED)}.")
            )
        else:
            fact[key] = slug
            names.setdefault(slug, written)


def _moment(fact: Mapping[str, Any]) -> int:
    try:
        return Calendar().written(str(fact.get("date", "")))
    except BadDate:
        return LIMIT  # a fault of its own, and never the order's


def _id(fact: Mapping[str, Any], taken: Iterable[str]) -> str:
    parts = [str(fact.get(key, "")) for key in ("date", "kind", "actor")]
    plain = found = re.sub(r"[^a-z0-9]+", "-", "-".join(parts).lower()).strip("-") or "fact"
    number = 1
    while found in taken:
        number += 1
        found = f"{plain}-{number}"
    return found


def _checked(page: Page, actors: set[str]) -> tuple[Seen, ...]:
    """The facts read as the entries of a timeline are; the page notes what is wrong with them."""
    narratives = {str(fact["narrative"]) for fact in page.data["event"] if "narrative" in fact}
    ground = Ground(unit=_UNIT, actors=actors, narratives=narratives)
    seen = read_entries(page, ground)
    check_entries(page, seen, ground.calendar, None)
    check_names(page, seen)
    return seen


# --- writing --------------------------------------------------------------------------------------


def _timeline(file: Path, facts: Facts, seen: Sequence[Seen], calendar: Calendar) -> str:
    document = tomlkit.document()
    document.add(
        tomlkit.comment(f"Read from {file.name}. What stands here was said there, and nothing else.")
    )
    entries = tomlkit.aot()
    for fact, one in zip(facts, seen, strict=True):
        table = tomlkit.table()
        first = ["id", "date", "kind", "actor", "counterparty", "amount", "ceiling"]
        for key in (*first, *(key for key in fact if key not in first)):
            if key == "date" and one.moment is not None:
                day = calendar.day(one.moment) if len(fact["date"]) <= 10 else calendar.iso(one.moment)
                table.add(key, tomlkit.value(day))
            elif key in fact:
                table.add(key, _item(fact[key]))
        entries.append(table)
    document.add("event", entries)
    return tomlkit.dumps(document)


def _item(value: object) -> Any:
    return tomlkit.value(f"{value:f}") if isinstance(value, Decimal) else tomlkit.item(value)


def _replay(
    file: Path, facts: Facts, names: Mapping[str, str], seen: Sequence[Seen], calendar: Calendar
) -> str:
    moments = [one.moment for one in seen if one.moment is not None]
    start = min(moments) - (DAY if min(moments) % DAY == 0 else 0)
    document = tomlkit.document()
    document.add(
        tomlkit.comment(f"Begun from the plain facts of {file.name}. `narrative check` says what is wrong.")
    )
    document.add("title", tomlkit.item(file.stem.replace("-", " ").replace("_", " ").capitalize()))
    document.add("question", tomlkit.item("How much of what grew was output, and how much was belief?"))
    document.add("edition", tomlkit.item("1"))
    document.add("from", tomlkit.value(calendar.day(start)))
    document.add("until", tomlkit.value(calendar.day(max(moments))))
    money = tomlkit.table()
    money.add("currency", _UNIT.currency)
    money.add("digits", _UNIT.digits)
    money.add("written_in", _UNIT.written_in)
    money.comment("assumed: mend it if the facts are in another currency, or in millions")
    document.add("money", money)
    document.add("narrative", _narratives(facts))
    document.add("actor", _actors(file, names, calendar.day(start)))
    document.add("cast", tomlkit.item({"default": "none"}))
    document.add("collapse", tomlkit.item({"text": "Not said yet."}))
    return tomlkit.dumps(document) + parameter_tables()


def _narratives(facts: Facts) -> Any:
    found = tomlkit.aot()
    for name in sorted({str(fact["narrative"]) for fact in facts if "narrative" in fact}):
        found.append(tomlkit.item({"id": name, "sentence": name}))
    return found


def _actors(file: Path, names: Mapping[str, str], day: str) -> Any:
    found = tomlkit.aot()
    for slug, name in names.items():
        actor = tomlkit.table()
        actor.add("id", slug)
        actor.add("name", name)
        opening = tomlkit.aot()
        for account in ("value", "cash", "debt"):
            balance = tomlkit.table()
            balance.add("account", account)
            balance.add("unknown", True)
            balance.add("date", tomlkit.value(day))
            balance.add("source", f"not said in {file.name}")
            balance.add("confidence", "assumption")
            opening.append(balance)
        actor.add("opening", opening)
        found.append(actor)
    return found
