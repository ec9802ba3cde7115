"""What every fact has: the rules for its fields, and where it was told.

Money (`amount`, `ceiling`, …) is whole units of the story's smallest unit. `amount` is firm and
posts to the books; `ceiling` is anything less than firm and posts to what was announced alone;
`stated` (inside `told`) is a sum as the words of the day gave it, and posts nowhere. `quantity`
with `unit` never posts to money; `per` marks a rate. Log prices are whole 1e-9 of ln.
Classes have validators and no converters: the codec runs the first and not the second.
"""

from collections.abc import Callable
from math import isfinite
from typing import Any, ClassVar, Literal

from attrs import Attribute, field, frozen

from events.errors import BadFact

LIMIT = 2**53
CONFIDENCES = ("high", "medium", "low", "assumption")
STATUSES = ("firm", "ceiling", "intention", "reported", "denied", "withdrawn")
Status = Literal["firm", "ceiling", "intention", "reported", "denied", "withdrawn"]
Confidence = Literal["high", "medium", "low", "assumption"]


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


def _field(validator: Callable[..., None], *, needed: bool) -> Any:
    if needed:
        return field(validator=validator)
    return field(default=None, validator=validator)


def who(needed: bool = True) -> Any:
    return _field(_name, needed=needed)


def money(needed: bool = False) -> Any:
    return _field(_sum, needed=needed)


def number(needed: bool = False) -> Any:
    return _field(_whole, needed=needed)


def never_negative(attribute: "Attribute[Any]") -> bool:
    """Whether the field's rule keeps it from being negative."""
    return attribute.validator is _sum


@frozen(kw_only=True)
class Told:
    """Where a recorded or supposed fact comes from, and the words it came in. `stated` is the sum in
    those words where it posts nothing; `news` the part of it that nobody had told before.
    """

    entry: str = field(validator=_name)
    headline: str
    source: str
    confidence: Confidence
    status: Status = "firm"
    url: str | None = None
    narrative: str | None = None
    tone: float | None = field(default=None, validator=_finite)
    strength: float | None = field(default=None, validator=_finite)
    stated: int | None = number()
    news: int | None = money()
    quantity: float | None = field(default=None, validator=_finite)
    unit: str | None = None
    per: Literal["year", "month"] | None = None
    instrument: str | None = None
    participants: tuple[str, ...] = ()
    note: str | None = None


@frozen(kw_only=True)
class Fact:
    """The root of every kind. `parties` names the fields that `actor` and `counterparty` of a
    timeline entry fill; `version` is the shape written today.
    """

    parties: ClassVar[tuple[str, ...]] = ()
    version: ClassVar[int] = 1

    told: Told | None = None

    def __attrs_post_init__(self) -> None:
        if self.told is None or self.told.status == "firm":
            return
        if getattr(self, "amount", None) is not None:
            raise BadFact(
                f"{type(self).__name__} of entry {self.told.entry} has an amount with status "
                f"{self.told.status}; only firm sums stand in amount, put it in ceiling."
            )
