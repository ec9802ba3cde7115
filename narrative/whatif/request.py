"""Suppositions as they are written: a what-ifs file, files of injected entries, flags.

All three become pages of one layout, so that they are read and faulted alike. The request that they make
is weighed against a history by `narrative.whatif.plan`.
"""

import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path as FilePath
from typing import Any

from attrs import evolve, frozen

from events.errors import Wrong
from narrative.analysis.history import means_position
from narrative.story.calendar import BadDate
from narrative.story.convert import Spot, take
from narrative.story.faults import Fault, Page, Unfit, did_you_mean, listed
from narrative.story.keys import LISTS, QUESTION, Field, Fields
from narrative.story.model import Story
from narrative.story.toml import read_page
from narrative.story.values import CONVERT

NUMBER = Field(name="value", attribute="value", sort="number")
KEYS = ("question", "at", "without", "keep", "shock", "off", "reseed", "set", "change", "event")
_NAMED = ("without", "keep", "shock", "off")
# Sorts whose values are texts, which a flag gives without quotes.
_TEXTS = (
    "text", "name", "reference", "choice", "actor", "party", "role or actor", "narrative", "entry", "kind",
    "clock",
)  # fmt: skip  # one list


class BadSupposition(Wrong):
    """A supposition that cannot be made of this history; its text has a line for each fault."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(sorted(set(faults)))
        super().__init__("\n".join(map(_worded, self.faults)))


def _worded(fault: Fault) -> str:
    return str(fault) if fault.file else f"{fault.what}. {fault.meant}".rstrip()


@frozen(kw_only=True)
class Asked:
    """One thing asked: the name it stands under, what is said of it there, and where."""

    name: str
    value: Any = None
    spot: Spot


@frozen(kw_only=True)
class Request:
    """All that is asked, as far as it can be read without a history. `parts` has, of parameters that a shock
    sets to a part of one in force, which that is and the part: where it is drawn otherwise, so are they.
    """

    pages: tuple[Page, ...]
    question: str | None
    at: Asked | None
    reseed: int | None
    without: tuple[Asked, ...]
    keep: tuple[Asked, ...]
    set: tuple[Asked, ...]
    change: tuple[Asked, ...]
    shock: tuple[Asked, ...] = ()
    off: tuple[Asked, ...] = ()
    parts: Mapping[str, tuple[str, float]] = {}

    @property
    def faults(self) -> list[Fault]:
        """Every fault noted so far."""
        return [fault for page in self.pages for fault in page.faults]


def flags_page(**asked: Any) -> Page:
    """The page of what flags and arguments ask, laid out as a what-ifs file. It has no file and no lines."""
    given = {name: value for name, value in asked.items() if value not in (None, "", (), [], {})}
    return Page("", "", {name: _plain(value) for name, value in given.items()})


def file_page(path: FilePath | str) -> Page:
    """A what-ifs file. Raises Wrong where there is none."""
    return _read(path, "a what-ifs file")


def inject_page(path: FilePath | str) -> Page:
    """A file of entries to inject, as in timeline.toml. Raises Wrong where there is none."""
    page = _read(path, "a file of entries to inject")
    for key in sorted(page.data.keys() - {"event"}):
        page.fault((key,), f'a file of entries has no "{key}"', "A whole what-if is read with --from.")
        del page.data[key]
    return page


def _read(path: FilePath | str, what: str) -> Page:
    if not FilePath(path).is_file():
        raise Wrong(f"{path} is no file; {what} was to be read from it.")
    return read_page(FilePath(path))


def request(file: Page | None, *others: Page) -> Request:
    """The request of all pages together. A later page goes first where only one can."""
    pages = (*((file,) if file is not None else ()), *others)
    question, at, reseed = None, None, None
    found: dict[str, list[Any]] = {"set": [], "change": [], **{key: [] for key in _NAMED}}
    for page in pages:
        if page.unread:
            continue
        spot = Spot(page=page, label="the what-if")
        for key in sorted(page.data.keys() - set(KEYS)):
            spot.under(key).fault(f' has no "{key}"', did_you_mean(key, KEYS, f"It takes {listed(KEYS)}."))
        fields: Fields = (evolve(QUESTION, needed=page is file), *LISTS)
        names = {field.name for field in fields}
        values, _ = take(spot, {key: page.data[key] for key in page.data.keys() & names}, fields)
        question = values.get("question") or question
        reseed = reseed if values.get("reseed") is None else values["reseed"]
        at = _at(spot.under("at"), page.data["at"]) if "at" in page.data else at
        for key in _NAMED:
            for i, name in enumerate(values.get(key) or ()):
                if name is not None:
                    found[key].append(Asked(name=name, spot=spot.under(key, i)))
        found["set"] += _settings(spot.under("set"), page.data.get("set", {}))
        found["change"] += _changes(spot.under("change"), page.data.get("change", {}))
    lists: dict[str, Any] = {key: tuple(value) for key, value in found.items()}
    return Request(pages=pages, question=question, at=at, reseed=reseed, **lists)


def fork_moment(asked: Request, story: Story) -> int | None:
    """The moment that `at` gives as a date; None where it gives none. Raises BadSupposition."""
    at = asked.at
    if at is None or at.value.startswith("#"):
        return None
    try:
        moment = story.calendar.at(at.value)
    except BadDate as error:
        raise refused(at, f" does not read: {str(error).rstrip('.')}") from None
    if moment < story.start:
        opens = story.calendar.iso(story.start)
        raise refused(at, f" is {at.value}, before the history opens on {opens}", "Fork later.")
    return moment


def refused(asked: Asked, what: str, meant: str = "") -> BadSupposition:
    """Return the error for a fault in one thing asked, with every other fault of its page."""
    evolve(asked.spot, label=asked.name).fault(what, meant)
    return BadSupposition(asked.spot.page.faults)


def _at(spot: Spot, written: object) -> Asked | None:
    match written:
        case datetime() if written.tzinfo is None and not written.microsecond:
            return Asked(name="at", value=written.isoformat(), spot=spot)
        case str() if means_position(written):
            return Asked(name="at", value=f"#{written.removeprefix('#')}", spot=spot)
        case str() | date() if not isinstance(written, datetime):
            return Asked(name="at", value=str(written), spot=spot)
    spot.fault(f": at is {written}", 'It takes a day, a time without a zone, or a position as "#412".')
    return None


def _settings(spot: Spot, table: object) -> list[Asked]:
    """Parameters by name; `name.actor` may be written as a key of two parts."""
    found: list[Asked] = []
    if not isinstance(table, dict):
        spot.fault(": set is no table", "Parameters stand under [set], as name = 0.5.")
        return found
    for name, value in table.items():
        own = value.items() if isinstance(value, dict) else ()
        found += [read for key, one in own if (read := _setting(spot.under(name, key), f"{name}.{key}", one))]
        if not isinstance(value, dict) and (read := _setting(spot.under(name), name, value)):
            found.append(read)
    return found


def _setting(spot: Spot, name: str, written: object) -> Asked | None:
    try:
        value = CONVERT["number"](typed(written, NUMBER) if _loose(spot) else written, NUMBER, spot.ground)
    except Unfit as unfit:
        spot.fault(f": parameter {name} {unfit.what}", unfit.meant)
        return None
    return Asked(name=name, value=value, spot=spot)


def _changes(spot: Spot, table: object) -> list[Asked]:
    """Entries by id, each with the fields that read otherwise."""
    found: list[Asked] = []
    if not isinstance(table, dict):
        spot.fault(": change is no table", 'Changed fields stand under [change."id"], as amount = 100.')
        return found
    for name, fields in table.items():
        if isinstance(fields, dict):
            found.append(Asked(name=name, value=fields, spot=spot.under(name)))
        else:
            remedy = f'Write the fields under [change."{name}"].'
            spot.under(name).fault(f': what changes in "{name}" is no table', remedy)
    return found


def _loose(spot: Spot) -> bool:
    """True on a page without a file, where texts are taken as a command line gives them."""
    return not spot.page.file


def as_written(spot: Spot, fields: Mapping[str, Any], known: Sequence[Field]) -> dict[str, Any]:
    """Changed fields as a file has them: a command line's texts become values of their fields."""
    by_name = {field.name: field for field in known}
    if not _loose(spot):
        return dict(fields)
    return {key: typed(value, by_name[key]) if key in by_name else value for key, value in fields.items()}


def typed(written: object, field: Field) -> object:
    """A text from a command line as the value it would be in a file, if the field takes no text."""
    if not isinstance(written, str) or not written:
        return written
    if field.sort in _TEXTS and not field.many and written[0] not in "\"'":
        return written
    try:
        return tomllib.loads(f"value = {written}", parse_float=Decimal)["value"]
    except (ValueError, ArithmeticError, RecursionError):  # no TOML, or more than its reader takes
        return written


def _plain(value: Any) -> Any:
    """A Python value as reading TOML gives it: decimals are exact, as they are printed."""
    if isinstance(value, bool | str | int):
        return value
    if isinstance(value, float):
        return Decimal(repr(value))
    if isinstance(value, Mapping):
        return {str(key): _plain(one) for key, one in value.items()}
    return [_plain(one) for one in value] if isinstance(value, list | tuple | set) else value
