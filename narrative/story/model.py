"""A story as values: who is in it, what is told of them, and under which assumptions it is read.

The annotations say what stands in the files as well: `Money` is written in the story's unit and
kept in whole smallest units, `Moment` is written as a date (`Start` and `End`: its first and last
second). `narrative.story.keys` reads them, so that reading, checking and the published schema have one
definition. What markets did is not in here.
"""

from functools import lru_cache
from typing import Annotated, Any, Literal, get_args, get_type_hints

import msgspec
from attrs import field, fields, frozen

from events.codec import decode, encode, kind_of
from events.errors import BadFact
from events.event import OUTSIDE
from events.fields import Confidence, Fact
from narrative.story.calendar import Calendar

Money = Annotated[int, "money"]
Signed = Annotated[int, "signed money"]
Count = Annotated[int, "count"]
Moment = Annotated[int, "date"]
Start = Annotated[int, "start"]
End = Annotated[int, "end"]
Name = Annotated[str, "name"]
ActorId = Annotated[str, "actor"]
Party = Annotated[str, "party"]
Holder = Annotated[str, "role or actor"]
Casting = Literal["none", "market", "full"]
CASTS: tuple[str, ...] = get_args(Casting)
KindName = Annotated[str, "kind"]
NarrativeId = Annotated[str, "narrative"]
EntryId = Annotated[str, "entry"]

# Ids that the engine uses itself: the purse of everyone else, the market, the one who tells.
RESERVED = (OUTSIDE, "market", "story")
# What an actor may hold when the story opens: sums of money, and plain numbers (shares; rates in
# basis points).
MoneyAccount = Literal["value", "post_money", "cash", "debt", "margin", "backlog"]
NumberAccount = Literal["shares", "pledged", "stake", "rate", "surprise"]
INDEX = "index"  # the role of an actor whose quotes are levels times 100: it has no value of its own
ASSET_ACCOUNTS = ("pledged", "stake")
LINKS = ("restates", "part_of", "pays", "replaces", "follows")


@frozen(kw_only=True)
class Narrative:
    """A story that people tell each other, and the narratives that contradict it."""

    id: Name
    sentence: str
    rivals: tuple[NarrativeId, ...] = ()


@frozen(kw_only=True)
class Balance:
    """The balance of an actor in one account when the story opens. `unknown` is not zero: it is
    shown as unknown, and what needs it stays blank. Where everyone plays, somebody may have to spend
    it: the full cast alone opens with what is `assumed` of it, which is an assumption.
    """

    account: MoneyAccount | NumberAccount
    asset: ActorId | None = None
    amount: Money | None = None
    number: int | None = None
    unknown: bool = False
    assumed: Money | None = None
    moment: Moment
    published: Moment | None = None
    source: str
    confidence: Confidence
    url: str | None = None
    note: str | None = None

    @property
    def posted(self) -> int | None:
        """The balance in whole smallest units, shares or basis points; None where unknown."""
        return self.number if self.amount is None else self.amount

    def opened(self, cast: str) -> int | None:
        """The balance that a history of a cast opens with; None where it is unknown."""
        return self.assumed if self.unknown and cast == "full" else self.posted


@frozen(kw_only=True)
class Actor:
    """A company, a person or an authority. `listed`: its shares have a daily price."""

    id: Name
    name: str
    roles: tuple[str, ...] = ()
    listed: bool = False
    note: str | None = None
    opening: tuple[Balance, ...] = ()


@frozen(kw_only=True)
class Standing:
    """A relation between two actors that holds when the story opens."""

    kind: Literal[
        "supplies", "buys", "hosts", "leases", "lends", "owns", "invests", "leads", "guarantees",
        "advises", "regulates", "governs",
    ]  # fmt: skip  # one list
    from_: Party
    to: Party
    source: str | None = None
    confidence: Confidence | None = None
    note: str | None = None


@frozen(kw_only=True)
class Step:
    """One step of the circle: who acts on whom, and by which kinds of fact one sees it."""

    step: Count
    text: str
    from_: tuple[Holder, ...]
    to: tuple[Holder, ...]
    kinds: tuple[KindName, ...]


@frozen(kw_only=True)
class Role:
    """A process in the cast. `reads`: the kinds it reacts to and the fields that name the actors
    it reprices ("*" is every listed actor); `of`: the roles or actors it plays, all if empty.
    """

    process: str
    latency: Count
    reads: dict[KindName, tuple[str, ...]] = field(factory=dict)
    of: tuple[Holder, ...] = ()
    from_: Start | None = None
    until: End | None = None
    note: str | None = None


@frozen(kw_only=True)
class Cast:
    """The roles of processes that play actors. `default` is the cast that `run` takes without `--cast`."""

    default: Casting = "market"
    role: tuple[Role, ...] = ()


@frozen(kw_only=True)
class Parameter:
    """A number that is read (`reading`: half-lives) or acted on (`acting`: thresholds). `fitted` names
    the entries whose observed outcome it was fitted on: agreement with those proves nothing."""

    name: Name
    value: float
    low: float
    high: float
    unit: str
    reads: Literal["reading", "acting"]
    source: str
    confidence: Confidence
    fitted: tuple[str, ...] = ()
    note: str | None = None


@frozen(kw_only=True)
class Record:
    """Up to when quotes and results are the record, which every process sees; what came later judges."""

    until: End
    source: str
    confidence: Confidence
    note: str | None = None


class Priced(msgspec.Struct, frozen=True, array_like=True):
    """One row of quotes.csv: what a market paid for a share at a moment, in the smallest unit (of an index
    its level times 100), and the shares outstanding, None where the row does not say."""

    moment: int
    asset: str
    price: int
    shares: int | None


class Reported(msgspec.Struct, frozen=True, array_like=True):
    """A quarter of a company as the fact `Result` has it, known from a moment on, and whence it is."""

    moment: int
    company: str
    period: int
    revenue: int | None
    operating: int | None
    net: int | None
    trailing_revenue: int | None
    trailing_operating: int | None
    trailing_net: int | None
    capex: int | None
    backlog: int | None
    source: str
    confidence: Confidence
    url: str | None


class Gap(msgspec.Struct, frozen=True, array_like=True):
    """The part of one quoted price that the reference reading leaves open, as the fact `Residual` has it."""

    moment: int
    asset: str
    market: int
    sector: int
    own: int
    issued: int | None
    beside_news: int | None
    gap: int
    value: int | None


@frozen(kw_only=True)
class Unit:
    """The story's money: the smallest unit is 10**-digits of the currency, and every sum in the
    files is in `written_in` of the currency.
    """

    currency: str
    digits: Count = 2
    written_in: Count = 1

    @property
    def plain(self) -> dict[str, Any]:
        """Currency and decimals as plain data: in answers, and for `narrative.text.numbers.money`."""
        return {"currency": self.currency, "digits": self.digits}

    def smallest(self, currency: float) -> int:
        """A sum of the currency in whole smallest units."""
        return round(currency * 10.0**self.digits)


@frozen(kw_only=True)
class Link:
    """How an entry stands to an earlier one. The first four keep money from being counted twice."""

    kind: Literal["restates", "part_of", "pays", "replaces", "follows"]
    id: Name
    basis: Literal["source", "author"]
    reason: str


@frozen(kw_only=True)
class Need:
    """One thing that an entry presupposes: that another `entry` was told, that an actor is `solvent` (not in
    default), that its `cash` is enough for the sum, or that its `mark` (value) is at least the part
    `least` of the recorded one. Where it does not hold in a branch, the entry is `otherwise` untold, told
    smaller in proportion, or told all the same.
    """

    entry: EntryId | None = None
    solvent: ActorId | None = None
    cash: ActorId | None = None
    mark: ActorId | None = None
    least: float | None = None
    otherwise: Literal["untold", "shrunk", "told"] = "untold"


@frozen(kw_only=True)
class Was:
    """The raw record of an entry before it was retyped, merged or corrected, and the reason."""

    type: str | None = None
    amount: str | None = None
    reason: str


@frozen(kw_only=True)
class Collapse:
    """The definition of collapse in a story: in words and, where it is to be evaluated, in figures.

    Those of the actors and roles in `of` that are listed lose a part `fall` of the highest value that they
    had together at a close of the last `within` days; or, with `default`, one of them is in default.
    """

    text: str
    of: tuple[Holder, ...] = ()
    fall: float | None = None
    within: Count | None = None
    default: bool = False


@frozen(kw_only=True)
class Thresholds:
    """The figures by which claims are judged, parts of one, where the author of a story wants others.

    A claim holds beyond them: more than `unearned` of a rise is not accounted for by results, less than
    `delivered` of what is committed to is, a stake would bring less than `realised` of its mark, more than
    `broken` of members break or fail, less than `calm` by themselves and `sure` at some size, a link costs
    more than `unwound` of all that is listed, two stories differ by less than `alike`. An effect that is
    surely below `matters` is none.
    """

    unearned: float = 0.5
    delivered: float = 0.5
    realised: float = 0.8
    broken: float = 0.5
    calm: float = 0.05
    sure: float = 0.95
    unwound: float = 0.2
    alike: float = 0.1
    matters: float = 0.02


def thresholds_of(story: "Story") -> Thresholds:
    """The figures by which claims are judged on a story: its own, or the usual ones."""
    return Thresholds() if story.claims is None else story.claims


@frozen(kw_only=True)
class Plausible:
    """The largest size of a kind of shock that a story takes to be plausible, of those that it says: falls of
    all prices (`market`), of one (`price`), of what somebody (`revenue`) or everybody (`fiscal`) is paid from
    outside, in per cent; `rates` in basis points, `liquidity` in standard deviations that leave, `delay` in
    days, and a lender's `haircut` as a part of one.
    """

    source: str
    market: float | None = None
    price: float | None = None
    rates: float | None = None
    liquidity: float | None = None
    delay: float | None = None
    revenue: float | None = None
    fiscal: float | None = None
    haircut: float | None = None

    def of(self, kind: str) -> float | None:
        """The size of a kind by its name here; None where nothing is said of it."""
        found: float | None = getattr(self, kind)
        return found


@frozen(kw_only=True)
class Entry:
    """One told event of the timeline; `fact` is what the telling appends at `moment`."""

    id: str
    moment: int
    kind: str
    actor: str
    fact: Fact
    links: tuple[Link, ...] = ()
    was: Was | None = None
    needs: tuple[Need, ...] | None = None  # None: what is usual of its kind


@frozen(kw_only=True)
class Story:
    """Everything a run needs to know, as the `Opening` fact carries it."""

    id: str
    title: str
    question: str
    edition: str
    start: int
    until: int
    money: Unit
    calendar: Calendar
    narratives: tuple[Narrative, ...]
    actors: tuple[Actor, ...]
    links: tuple[Standing, ...]
    circle: tuple[Step, ...]
    cast: Cast
    parameters: tuple[Parameter, ...]
    collapse: str
    entries: tuple[Entry, ...]
    collapses: Collapse | None = None  # where it is said in figures
    claims: Thresholds | None = None  # where they are not the usual ones
    plausible: Plausible | None = None
    record: Record | None = None
    quotes: tuple[Priced, ...] = ()  # in order of moment and asset
    # In order of moment, company and period. Those known when the story opens are not told: they are what
    # everybody knew.
    results: tuple[Reported, ...] = ()
    reference: tuple[Gap, ...] = ()  # found out when a history of it is begun

    def dump(self) -> str:
        """The whole story as canonical JSON."""
        plain: dict[str, Any] = {name: getattr(self, name) for name in _DECODERS}
        # A story without them is written as it was before stories had quotes: its digests stay.
        plain = {name: value for name, value in plain.items() if name not in _LATER or value}
        plain["entries"] = [kept(entry) for entry in self.entries]
        return _ENCODER.encode(plain).decode()

    @staticmethod
    @lru_cache(maxsize=4)  # every branch of a history begins with the same Opening
    def load(text: str) -> "Story":
        """The story in a text that `dump` made. Raises BadFact for any other text."""
        try:
            parts = msgspec.json.decode(text, type=dict[str, msgspec.Raw])
            plain = {
                name: decoder.decode(parts[name])
                for name, decoder in _DECODERS.items()
                if name in parts or name not in _LATER
            }
        except (msgspec.MsgspecError, KeyError, RecursionError) as error:
            raise BadFact(
                f"The story in this log does not read as one: {error}. It was written by another "
                "version of this program, or damaged; `narrative verify` tells which."
            ) from None
        entries = tuple(map(entry_of, plain.pop("entries")))
        return Story(entries=entries, **plain)


class Kept(msgspec.Struct):
    """An entry as it is stored: its fact is decoded by kind, not by annotation."""

    id: str
    moment: int
    kind: str
    actor: str
    fact: msgspec.Raw
    links: tuple[Link, ...]
    was: Was | None
    needs: tuple[Need, ...] | None = None


def kept(entry: Entry) -> Kept:
    """An entry ready to be stored."""
    fact, links = msgspec.Raw(encode(entry.fact)), entry.links
    return Kept(entry.id, entry.moment, kind_of(entry.fact), entry.actor, fact, links, entry.was, entry.needs)


def entry_of(stored: Kept) -> Entry:
    """The entry that was stored, its fact lifted to today's shape."""
    return Entry(
        id=stored.id,
        moment=stored.moment,
        kind=stored.kind.partition("@")[0],
        actor=stored.actor,
        fact=decode(stored.kind, stored.fact),
        links=stored.links,
        was=stored.was,
        needs=stored.needs,
    )


_LATER = (
    "collapses",
    "claims",
    "plausible",
    "record",
    "quotes",
    "results",
    "reference",
)  # fields that stories of older histories lack
_ENCODER = msgspec.json.Encoder(order="sorted")
_HINTS = get_type_hints(Story) | {"entries": list[Kept]}
_DECODERS: dict[str, Any] = {a.name: msgspec.json.Decoder(_HINTS[a.name]) for a in fields(Story)}
