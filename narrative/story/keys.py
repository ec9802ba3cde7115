"""The keys of a story's files, read off the classes that their tables become.

A `Field` is one key of one table. `Head` says how replay.toml is laid out; an entry of
timeline.toml has the fields of `Told`, of its kind of fact, and those that `entry_fields` adds.
"""

from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from attrs import NOTHING, evolve, fields, frozen, has

from events.facts import KINDS, OPENS
from events.fields import Confidence, Fact, Told, named, of_day, units
from events.funding_facts import Shortfall
from events.market_facts import Quote
from narrative.story.calendar import Calendar
from narrative.story.model import (
    LINKS,
    Actor,
    ActorId,
    Cast,
    Collapse,
    Count,
    End,
    EntryId,
    Link,
    Moment,
    Money,
    Narrative,
    Need,
    Parameter,
    Plausible,
    Record,
    Signed,
    Standing,
    Start,
    Step,
    Thresholds,
    Unit,
    Was,
)

# Kinds that only the engine writes.
_OWN = (
    "Opening", "Endowment", "Supposition", "Withheld", "Refusal", "Quote", "Residual", "Result", "Lapse",
    "Shortfall", "OpenLoan",
)  # fmt: skip  # one list
TELLABLE: dict[str, type[Fact]] = {name: kind for name, kind in KINDS.items() if name not in _OWN}
# Kinds that a process of the cast may read: those, what quotes.csv tells, and who wants money.
READABLE: dict[str, type[Fact]] = TELLABLE | {"Quote": Quote, "Shortfall": Shortfall}

# The sort of a field that is counted in a unit, or names something, where its plain annotation does not
# say it. What processes open has names that are made of parts; new names have none, so that both stay apart.
_COUNTED = {"money": "money", "shares": "count", "moment": "date"}
_NAMED = {
    "actor": "actor", "narrative": "narrative", "entry": "name", "project": "name",
    **dict.fromkeys(OPENS.values(), "reference"),
}  # fmt: skip  # one table
_PLAIN = {str: "text", int: "whole", float: "number", bool: "flag"}


@frozen(kw_only=True)
class Head:
    """The layout of replay.toml."""

    title: str
    question: str
    edition: str
    from_: Start
    until: End
    money: Unit
    calendar: Calendar = Calendar()  # noqa: RUF009  # frozen
    narrative: tuple[Narrative, ...] = ()
    actor: tuple[Actor, ...] = ()
    link: tuple[Standing, ...] = ()
    circle: tuple[Step, ...] = ()
    cast: Cast = Cast()  # noqa: RUF009  # frozen
    parameter: tuple[Parameter, ...] = ()
    record: Record | None = None
    collapse: Collapse
    claims: Thresholds | None = None
    plausible: Plausible | None = None


@frozen(kw_only=True)
class Sighting:
    """The layout of an [[observation]]: one figure that markets showed, for screens alone."""

    moment: Moment
    actor: ActorId
    kind: Literal[
        "market_value", "net_worth", "price", "index", "return_pct", "one_day_return_pct",
        "peak_to_trough_pct", "yield_pct", "spread_bp",
    ]  # fmt: skip  # money first
    value: float
    unit: str | None = None
    basis: str | None = None
    source: str
    confidence: Confidence
    url: str | None = None
    event_ids: tuple[EntryId, ...] = ()
    note: str | None = None


@frozen(kw_only=True)
class Quarter:
    """The layout of a [[result]]: what a company reported of one quarter, and when that became known."""

    actor: ActorId
    period: End
    published: Moment
    revenue: Signed | None = None
    operating: Signed | None = None
    net: Signed | None = None
    capex: Signed | None = None
    backlog: Money | None = None
    source: str
    confidence: Confidence
    url: str | None = None
    note: str | None = None


@frozen(kw_only=True)
class Quarters:
    """The layout of results.toml. `written_in`: the unit of its sums where it is not the story's."""

    written_in: Count | None = None
    result: tuple[Quarter, ...] = ()


@frozen(kw_only=True, eq=False)  # each is made once, and is known by itself
class Field:
    """One key of a table: its name in the file, the attribute it fills, and the sort of its value."""

    name: str
    attribute: str
    sort: str
    needed: bool = False
    many: bool = False
    choices: tuple[str, ...] = ()
    table: type | None = None


Fields = tuple[Field, ...]


def shape(cls: Any) -> Fields:
    """The fields of a class, as they are written."""
    return _shape(cls)


@cache
def _shape(cls: Any) -> Fields:
    hints = get_type_hints(cls, include_extras=True)
    return tuple(_field(a.name, hints[a.name], a.default is NOTHING) for a in fields(cls))


def _field(attribute: str, hint: Any, needed: bool) -> Field:
    hint = _given(hint)
    if get_origin(hint) is tuple:
        return evolve(_field(attribute, get_args(hint)[0], needed), many=True)
    choices = _choices(hint)
    table = hint if has(hint) else None
    return Field(
        name="date" if attribute == "moment" else attribute.rstrip("_"),
        attribute=attribute,
        sort="choice" if choices else "table" if table else _sort(hint),
        needed=needed,
        choices=choices,
        table=table,
    )


def _sort(hint: Any) -> str:
    if get_origin(hint) is Annotated:
        return str(hint.__metadata__[0])
    return "reads" if get_origin(hint) is dict else _PLAIN[hint]


def _given(hint: Any) -> Any:
    """A hint without the None that marks it optional."""
    if get_origin(hint) in (Union, UnionType):
        parts = [part for part in get_args(hint) if part is not NoneType]
        return parts[0] if len(parts) == 1 else Union[tuple(parts)]  # noqa: UP007  # made at run time
    return hint


def _choices(hint: Any) -> tuple[str, ...]:
    if get_origin(hint) is Literal:
        return get_args(hint)
    if get_origin(hint) in (Union, UnionType):
        return tuple(choice for part in get_args(hint) for choice in _choices(part))
    return ()


@cache
def entry_fields(kind: str) -> Fields:
    """Every field of an entry of that kind."""
    return (*common_fields(), *party_fields(kind), *own_fields(kind))


@cache
def common_fields() -> Fields:
    """The fields that entries of every kind take."""
    return (
        Field(name="id", attribute="id", sort="name", needed=True),
        Field(name="date", attribute="date", sort="date", needed=True),
        Field(name="kind", attribute="kind", sort="choice", needed=True, choices=tuple(TELLABLE)),
        *told_fields(),
        *(Field(name=name, attribute=name, sort="link", many=True) for name in LINKS),
        Field(name="was", attribute="was", sort="table", table=Was),
        Field(name="needs", attribute="needs", sort="table", many=True, table=Need),
    )


@cache
def told_fields() -> Fields:
    """The fields that an entry's `told` takes, but for the entry's own id."""
    return tuple(field for field in _fact_fields(Told) if field.attribute != "entry")


@cache
def own_fields(kind: str) -> Fields:
    """The fields of a kind that actor, counterparty and date do not fill."""
    cls = READABLE[kind]
    taken = {*cls.parties, *cls.worked_out, "told", "moment", *(field.attribute for field in told_fields())}
    found = (field for field in _fact_fields(cls) if field.attribute not in taken)
    return tuple(evolve(f, needed=False, sort="name") if f.attribute == cls.opens else f for f in found)


@cache
def other_fields() -> frozenset[str]:
    """The names of fields that some kind takes and not every kind does."""
    every = {field.name for field in common_fields()}
    return frozenset(field.name for kind in TELLABLE for field in entry_fields(kind)) - every


@cache
def names_actors(kind: str) -> tuple[str, ...]:
    """The fields of a kind that name an actor."""
    cls = READABLE[kind]
    return (*cls.parties, *(f.name for f in own_fields(kind) if f.sort == "actor"))


def _fact_fields(cls: type[Fact | Told]) -> Fields:
    """The fields of a fact, each with the sort that its unit, or what it names, gives it."""
    sorts = {name: _COUNTED[unit] for name, unit in units(cls).items() if unit in _COUNTED}
    sorts |= of_day(cls)
    sorts |= {name: _NAMED[of] for name, of in named(cls).items() if of in _NAMED}
    return tuple(evolve(f, sort=sorts.get(f.attribute, f.sort)) for f in shape(cls))


@cache
def party_fields(kind: str) -> Fields:
    """Actor and counterparty, as far as a kind has parties for them to fill."""
    cls = TELLABLE[kind]
    needed = {field.attribute for field in shape(cls) if field.needed}
    return tuple(
        Field(name=name, attribute=party, sort="party", needed=party in needed)
        for name, party in zip(("actor", "counterparty"), cls.parties, strict=False)
    )


def link_fields() -> Fields:
    """The fields of one link; its kind is the key it stands under."""
    return tuple(field for field in shape(Link) if field.name != "kind")


# The keys of a what-ifs file, or of a supposition's flags, that are no tables.
QUESTION = Field(name="question", attribute="question", sort="text", needed=True)
LISTS = (
    Field(name="without", attribute="without", sort="name", many=True),
    Field(name="keep", attribute="keep", sort="name", many=True),
    Field(name="shock", attribute="shock", sort="text", many=True),
    Field(name="off", attribute="off", sort="text", many=True),
    Field(name="reseed", attribute="reseed", sort="whole"),
)
