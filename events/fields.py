"""Fields of facts: their rules and units, what a fact opens, and where it was told.

Money (`amount`, `ceiling`, …) is whole units of the story's smallest unit. `amount` is firm and
posts to the books; `ceiling` is anything less than firm and posts to what was announced alone;
`stated` (inside `told`) is a sum as the words of the day gave it, and posts nowhere. `quantity`
with `unit` never posts to money; `per` marks a rate. Log prices are whole 1e-9 of ln.
Classes have validators and no converters: the codec runs the first and not the second.
"""

from collections.abc import Callable, Mapping
from functools import cache
from math import isfinite
from types import MappingProxyType
from typing import Any, ClassVar, Literal

from attrs import Attribute, field, fields, frozen

from events.errors import BadFact

LIMIT = 2**53
CONFIDENCES = ("high", "medium", "low", "assumption")
STATUSES = ("firm", "ceiling", "intention", "reported", "denied", "withdrawn")
Status = Literal["firm", "ceiling", "intention", "reported", "denied", "withdrawn"]
Confidence = Literal["high", "medium", "low", "assumption"]
# In what whole numbers (and the few that are not whole) are counted: see the maker of each below.
UnitName = Literal[
    "money", "shares", "count", "moment", "rate", "ln", "part", "millionths", "deviations", "number"
]
OF_ACCOUNT = "of account"  # of a field whose unit is that of the account which its fact names


def _whole(instance: object, attribute: "Attribute[Any]", value: object) -> None:
    if value is None:
        return
    if type(value) is not int or not -LIMIT <= value <= LIMIT:
        raise BadFact(
            f"{type(instance).__name__}.{attribute.name} is {value!r}; "
            "it takes a whole number within ±2**53 of the smallest unit."
        )


def _sum(instance: object, attribute: "Attribute[Any]", value: object) -> None:
    _whole(instance, attribute, value)
    if value is not None and value < 0:  # type: ignore[operator]  # _whole left an int
        raise BadFact(
            f"{type(instance).__name__}.{attribute.name} is {value}; a sum is never negative: "
            "the kind of fact says which way it goes."
        )


def _name(instance: object, attribute: "Attribute[Any]", value: object) -> None:
    if value is None:
        return
    if type(value) is not str or not value or "/" in value:
        raise BadFact(
            f"{type(instance).__name__}.{attribute.name} is {value!r}; "
            "it takes a name that is not empty and has no '/'."
        )


def _finite(instance: object, attribute: "Attribute[Any]", value: object) -> None:
    if value is None:
        return
    if type(value) not in (int, float) or not isfinite(value):  # type: ignore[arg-type]  # a number here
        raise BadFact(f"{type(instance).__name__}.{attribute.name} is {value!r}; it takes a finite number.")


def _field(validator: Callable[..., None], needed: bool, **says: str) -> Any:
    if needed:
        return field(validator=validator, metadata=says)
    return field(default=None, validator=validator, metadata=says)


# --- what a field holds, one maker each; `units` and `named` read off a class what its makers said --------


def name(*, of: str, needed: bool = True) -> Any:
    """A name: of an "actor", an "entry", an "order", …"""
    return _field(_name, needed, of=of)


def who(needed: bool = True) -> Any:
    """The name of an actor."""
    return name(of="actor", needed=needed)


def money(needed: bool = False, *, signed: bool = False) -> Any:
    """A sum in the story's smallest unit, below nothing only where it is signed."""
    return _field(_whole if signed else _sum, needed, unit="money")


def shares(needed: bool = False, *, signed: bool = False) -> Any:
    """A number of shares, or of warrants on them, below nothing only where it is signed."""
    return _field(_whole if signed else _sum, needed, unit="shares")


def count(needed: bool = False) -> Any:
    """A number of anything else."""
    return _field(_whole, needed, unit="count")


def moment(needed: bool = False, *, of_day: Literal["start", "end"] | None = None) -> Any:
    """A moment in seconds from 1970-01-01T00:00:00; one that is written as a day alone is, where it says
    so, the first or the last second of it.
    """
    return _field(_whole, needed, unit="moment", **({"of_day": of_day} if of_day else {}))


def rate(needed: bool = False) -> Any:
    """A rate a year, or a step of one, in basis points."""
    return _field(_whole, needed, unit="rate")


def log_price(needed: bool = False) -> Any:
    """A step or a level of a log price, in 1e-9 ln."""
    return _field(_whole, needed, unit="ln")


def part() -> Any:
    """A part of a whole, in 1e-9 of it."""
    return _field(_whole, needed=False, unit="part")


def millionths() -> Any:
    """A plain number in 1e-6."""
    return _field(_whole, needed=False, unit="millionths")


def deviations() -> Any:
    """A number of standard deviations, in 1e-9."""
    return _field(_whole, needed=False, unit="deviations")


def in_account(*, signed: bool = False) -> Any:
    """So much of the account that the fact names in its own field `account`: in the unit of that."""
    return _field(_whole if signed else _sum, needed=True, unit=OF_ACCOUNT)


def real(unit: "UnitName" = "number") -> Any:
    """A number with a fraction, or None."""
    return _field(_finite, needed=False, unit=unit)


def never_negative(attribute: "Attribute[Any]") -> bool:
    """Whether the field's rule keeps it from being negative."""
    return attribute.validator is _sum


def units(cls: type) -> Mapping[str, str]:
    """The unit of each field of a class that holds a number, by its name: a UnitName, or OF_ACCOUNT."""
    return _said(cls, "unit")


def named(cls: type) -> Mapping[str, str]:
    """The sort of name ("actor", "order", …) that each field of a class holds, by the field's own name."""
    return _said(cls, "of")


def of_day(cls: type) -> Mapping[str, str]:
    """The second of its day ("start", "end") that each field of a class holds, by the field's own name."""
    return _said(cls, "of_day")


@cache
def _said(cls: Any, what: str) -> Mapping[str, str]:
    return MappingProxyType({a.name: a.metadata[what] for a in fields(cls) if what in a.metadata})


@frozen(kw_only=True)
class Told:
    """The source of a recorded or supposed fact, and the words it came in. `stated` is the sum in those
    words where it posts nothing; `news` the part of it that nobody had told before; `known` the moment at
    which a deed became known, where that is later than the deed; `scope` whose prices it bears on besides
    those it names: nobody's, their sector's, everyone's, or what the kind says (None).
    """

    entry: str = name(of="entry")
    headline: str
    source: str
    confidence: Confidence
    status: Status = "firm"
    url: str | None = None
    narrative: str | None = field(default=None, metadata={"of": "narrative"})
    tone: float | None = real()
    strength: float | None = real()
    stated: int | None = money(signed=True)
    news: int | None = money()
    quantity: float | None = real("count")
    unit: str | None = None
    per: Literal["year", "month"] | None = None
    instrument: str | None = None
    participants: tuple[str, ...] = ()
    note: str | None = None
    known: int | None = moment()
    scope: Literal["named", "sector", "everyone"] | None = None


@frozen(kw_only=True)
class Fact:
    """The root of every kind. `parties` names the fields that `actor` and `counterparty` of a
    timeline entry fill; `version` is the shape written today. `opens` is the field by which a kind
    names what it opens (an order, a loan, a call); `rests_on` the fields by which it names what must
    have been opened before. Any other field of such a name may name what nothing has opened.
    `worked_out` are fields that no entry gives: who tells the fact works them out.
    """

    parties: ClassVar[tuple[str, ...]] = ()
    version: ClassVar[int] = 2
    opens: ClassVar[str | None] = None
    rests_on: ClassVar[tuple[str, ...]] = ()
    worked_out: ClassVar[tuple[str, ...]] = ()

    told: Told | None = None

    def __attrs_post_init__(self) -> None:
        if self.told is None or self.told.status == "firm":
            return
        if getattr(self, "amount", None) is not None:
            raise BadFact(
                f"{type(self).__name__} of entry {self.told.entry} has an amount with status "
                f"{self.told.status}; only firm sums stand in amount, put it in ceiling."
            )
