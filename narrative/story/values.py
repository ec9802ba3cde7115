"""One written value at a time: exact sums, moments, numbers, names."""

import re
from collections.abc import Callable, Collection
from datetime import date, datetime, time
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from math import isfinite, log10
from typing import Any

from attrs import frozen

from events.event import OUTSIDE
from events.fields import LIMIT
from narrative.story.calendar import DAY, BadDate, Calendar, seconds
from narrative.story.faults import Unfit, did_you_mean, listed
from narrative.story.keys import TELLABLE, Field
from narrative.story.model import Unit
from narrative.text.numbers import short

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_REFERENCE = re.compile(rf"{_NAME.pattern}(:{_NAME.pattern})*")

MOST = 1e18  # of a number that is no sum; beyond it arithmetic leaves what 64 bits hold
LONGEST = 1_000_000  # letters of a text
_NAMED = 200  # letters of a name
_LISTED = 100  # names of a story that a remedy lists
_SAMPLES = {
    "text": 'a text in "quotes"',
    "name": "a name of letters, digits, '-', '_' and '.'",
    "reference": "the name of what was opened, as `narrative show` prints it",
    "actor": "the id of an actor",
    "party": f'the id of an actor, or "{OUTSIDE}"',
    "role or actor": "the id of an actor, or a role that an actor has",
    "narrative": "the id of a narrative",
    "entry": "the id of an entry of the timeline",
    "kind": "a kind of fact, as Order",
    "whole": "a whole number",
    "count": "a whole number, not negative",
    "number": "a number",
    "money": "a sum in the story's unit without quotes, as 6.6",
    "signed money": "a sum in the file's unit without quotes, below zero for a loss",
    "date": "a day as 2025-09-10 or a time as 2025-09-10T16:00:00",
    "day": "a day as 2025-12-25",
    "clock": 'a time of day in quotes, as "09:00"',
    "flag": "true or false",
    "reads": 'kinds and their fields, as { Order = ["seller"] }',
    "table": "a table",
}


@frozen(kw_only=True)
class Ground:
    """The calendar, unit and names that a story's words are read against. None: not known, not looked up."""

    calendar: Calendar = Calendar()  # noqa: RUF009  # frozen
    unit: Unit | None = None
    actors: Collection[str] | None = None
    roles: Collection[str] = ()
    narratives: Collection[str] | None = None
    entries: Collection[str] | None = None
    quoted: Collection[str] = ()  # actors whose prices are the record, and up to when
    recorded: int | None = None

    @cached_property
    def parties(self) -> Collection[str] | None:
        """All that may stand on a side of a deal."""
        return None if self.actors is None else frozenset((*self.actors, OUTSIDE))

    @cached_property
    def holders(self) -> Collection[str] | None:
        """All that may hold something, by name or by role."""
        return None if self.actors is None else frozenset((*self.actors, *self.roles, OUTSIDE))


def sample(field: Field) -> str:
    """The values that a field takes, in words, for the remedy of a fault."""
    if field.sort == "choice":
        return listed(field.choices)
    one = _SAMPLES[{"start": "date", "end": "date"}.get(field.sort, field.sort)]
    return f"a list, each {one}" if field.many else one


def described(written: object) -> str:
    """A written value in words."""
    match written:
        case bool():
            return str(written).lower()
        case str():
            return f'the text "{short(written)}"' if written else "an empty text"
        case int() | Decimal():
            return f"the number {_plain(written)}"
        case list():
            return "a list"
        case dict():
            return "a table"
    return f"the time {written}" if isinstance(written, datetime | time) else f"the date {written}"


def _unfit(written: object, field: Field) -> Unfit:
    return Unfit(f"is {described(written)}", f"It takes {sample(field)}.")


def whole_units(written: int | Decimal, unit: Unit) -> int:
    """A sum in the story's unit as whole smallest units, exactly. Raises Unfit."""
    if isinstance(written, Decimal):
        if not written.is_finite():
            raise Unfit(f"is {written}", "It takes a number; a sum nobody knows is left out.")
        if written.adjusted() > 40:
            raise _too_large(written, unit)
        if written.adjusted() < -40 and written:
            raise _too_small(written, unit)
    plain = written if isinstance(written, int) else Fraction(written)
    exact = plain * unit.written_in * 10**unit.digits
    if exact < 0:
        raise Unfit(
            f"is {_plain(written)}",
            "A sum is never negative: the kind and its parties say which way it goes.",
        )
    if exact.denominator != 1:
        raise _too_small(written, unit)
    if exact > LIMIT:
        raise _too_large(written, unit)
    return int(exact)


def _too_small(written: int | Decimal, unit: Unit) -> Unfit:
    step = Decimal(1).scaleb(-unit.digits)
    sum_ = f"{_plain(written)} times {unit.written_in:,} {unit.currency}"
    return Unfit(
        f"is {sum_}, which has a fraction of the smallest unit",
        f"The story counts in {step} {unit.currency}: round the sum, or give [money] more digits.",
    )


def _too_large(written: int | Decimal, unit: Unit) -> Unfit:
    return Unfit(
        f"is {_plain(written)} times {unit.written_in:,} {unit.currency}, more than 2**53 smallest units",
        "Sums stay exact below that: check the unit, or give [money] fewer digits.",
    )


_ABSURD = 10**40  # no number of a story is written out so far


def _plain(written: int | Decimal) -> str:
    """A number as people write it: without an exponent, unless it is absurd."""
    if isinstance(written, Decimal) and written.is_finite() and abs(written.adjusted()) <= 40:
        return f"{written:f}"
    if isinstance(written, int) and abs(written) >= _ABSURD:
        return f"of about {int(written.bit_length() * log10(2)) + 1:,} digits"
    return str(written)


def _money(written: object, field: Field, ground: Ground) -> int | None:
    if isinstance(written, bool) or not isinstance(written, int | Decimal):
        raise _unfit(written, field)
    return None if ground.unit is None else whole_units(written, ground.unit)


def _signed(written: object, field: Field, ground: Ground) -> int | None:
    # Of a flag, which is no number, minus would make one.
    if isinstance(written, bool) or not isinstance(written, int | Decimal):
        raise _unfit(written, field)
    if not isfinite(written) or written >= 0:
        return _money(written, field, ground)
    amount = _money(-written, field, ground)
    return None if amount is None else -amount


def _whole(written: object, field: Field, _: Ground) -> int:
    if isinstance(written, bool) or not isinstance(written, int):
        raise _unfit(written, field)
    if abs(written) > LIMIT or (written < 0 and field.sort == "count"):
        raise Unfit(f"is {_plain(written)}", f"It takes {sample(field)} up to 2**53.")
    return written


def _number(written: object, field: Field, _: Ground) -> float:
    if isinstance(written, bool) or not isinstance(written, int | Decimal):
        raise _unfit(written, field)
    if isinstance(written, Decimal) and not isfinite(written):
        raise Unfit(f"is {written}", "It takes a finite number; one nobody knows is left out.")
    if not -MOST <= written <= MOST:
        raise Unfit(f"is {_plain(written)}", f"It takes a number within ±{MOST:g}.")
    return float(written)


def _date(written: object, field: Field, ground: Ground) -> int:
    second = {"start": 0, "end": DAY - 1}.get(field.sort, ground.calendar.hour)
    try:
        match written:
            case datetime():
                return _time(written, ground.calendar)
            case date():
                return ground.calendar.moment(written.year, written.month, written.day, second)
            case str():
                return ground.calendar.written(written, second)
    except BadDate as error:
        raise Unfit(f"does not read: {str(error).rstrip('.')}") from None
    raise _unfit(written, field)


def _time(written: datetime, calendar: Calendar) -> int:
    if written.tzinfo is not None:
        raise Unfit(f"is {written}, with a time zone", "Moments have none: write the local time without it.")
    if written.microsecond:
        raise Unfit(f"is {written}, with a fraction of a second", "Moments are whole seconds.")
    second = written.hour * 3600 + written.minute * 60 + written.second
    return calendar.moment(written.year, written.month, written.day, second)


def _day(written: object, field: Field, _: Ground) -> str:
    """A day alone, kept as it is written: the calendar that it is of may still be unread."""
    match written:
        case datetime():
            raise _unfit(written, field)
        case date():
            return written.isoformat()
        case str() if _DAY.fullmatch(written):
            return written
    raise _unfit(written, field)


def _clock(written: object, field: Field, _: Ground) -> int:
    try:
        match written:
            case str():
                return seconds(written)
            case time():
                return seconds(written.isoformat("seconds"))
    except BadDate as error:
        raise Unfit(f"does not read: {str(error).rstrip('.')}") from None
    raise _unfit(written, field)


def _flag(written: object, field: Field, _: Ground) -> bool:
    if not isinstance(written, bool):
        raise _unfit(written, field)
    return written


def _text(written: object, field: Field, _: Ground) -> str:
    if not isinstance(written, str) or not written.strip():
        raise _unfit(written, field)
    if len(written) > LONGEST:
        raise Unfit(f"has {len(written):,} letters", f"It takes up to {LONGEST:,}.")
    return written


def _name(written: object, field: Field, ground: Ground) -> str:
    text = _text(written, field, ground)
    if len(text) > _NAMED:
        raise Unfit(f"has {len(text):,} letters", f"A name has up to {_NAMED}.")
    if not (_NAME if field.sort == "name" else _REFERENCE).fullmatch(text):
        raise _unfit(written, field)
    return text


def _choice(written: object, field: Field, ground: Ground) -> str:
    text = _text(written, field, ground)
    if text not in field.choices:
        takes = f"It takes {sample(field)}."
        remedy = did_you_mean(text, field.choices)
        if len(field.choices) <= 8:
            remedy = f"{remedy} {takes}".lstrip()
        raise Unfit(f'is "{text}"', remedy or takes)
    return text


def _known(what: str, words: Callable[[Ground], Collection[str] | None]) -> Callable[..., str]:
    def convert(written: object, field: Field, ground: Ground) -> str:
        text = _text(written, field, ground)
        known = words(ground)
        if known is not None and text not in known:
            raise Unfit(f'is "{text}", which is no {what}', did_you_mean(text, known, _all(known)))
        return text

    return convert


def _all(known: Collection[str]) -> str:
    if len(known) > _LISTED:
        return f"The story has {len(known):,} of them, and none that is spelt nearly so."
    return f"It takes {listed(sorted(known))}." if known else "The story has none yet."


CONVERT: dict[str, Callable[[object, Field, Ground], Any]] = {
    "text": _text,
    "name": _name,
    "reference": _name,
    "choice": _choice,
    "actor": _known("actor of this story", lambda ground: ground.actors),
    "party": _known("actor of this story", lambda ground: ground.parties),
    "role or actor": _known("actor or role of this story", lambda ground: ground.holders),
    "narrative": _known("narrative of this story", lambda ground: ground.narratives),
    "entry": _known("entry of this timeline", lambda ground: ground.entries),
    "kind": _known("kind of fact", lambda _: TELLABLE),
    "whole": _whole,
    "count": _whole,
    "number": _number,
    "money": _money,
    "signed money": _signed,
    "date": _date,
    "start": _date,
    "end": _date,
    "day": _day,
    "clock": _clock,
    "flag": _flag,
}
