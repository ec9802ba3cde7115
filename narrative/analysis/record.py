"""A history's record of prices, beside its readings: last closes, and shares of a rise.

Nothing is given where a story has no quotes. A close is what a market paid, and never agreement of the model.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import exp, expm1
from typing import Any, NamedTuple

from attrs import frozen

from events.books.accounts import Posting, posted
from events.event import Event
from events.funding_facts import MarginCall
from events.market_facts import Quote, Split
from events.record_facts import Opening
from narrative.books.decomposition import PARTS, Decomposed, decomposed
from narrative.books.table import TABLE
from narrative.engine.world import World

# What a gain at constant shares is split into; what is told is what it moved, less what has faded.
SPLIT = ("told", "flow", "policy", "liquidity", "market", "sector", "own")
# Of what is their own: that of actors whose own part went the way of the move, and against it. One nearly
# undoes the other, since the sector's part is what actors have in common.
OWN = ("own_with", "own_against")


class Close(NamedTuple):
    """A last quote: its moment, and price times the shares there were then, in the smallest unit."""

    moment: int
    value: int


def closes(world: World, events: Sequence[Event]) -> dict[str, Close]:
    """The last close of each asset that has shares, of those quoted in `events`, the last that the world
    has folded.
    """
    last: dict[str, Event] = {}
    for event in reversed(events):
        if isinstance(event.fact, Quote) and event.fact.asset not in last:
            last[event.fact.asset] = event
            if len(last) == len(world.fold.state["quoted"]):
                break
    first = min((event.position for event in last.values()), default=0)
    added = _shares_added(event for event in events if last and event.position > first)
    found = {}
    for asset, event in sorted(last.items()):
        assert isinstance(event.fact, Quote)
        since = sum(count for position, count in added.get(asset, ()) if position > event.position)
        shares = event.fact.shares or world.fold.sum("shares", asset) - since
        if shares > 0:
            found[asset] = Close(event.moment, event.fact.price * shares)
    return found


def follows_closes(events: Iterable[Event]) -> bool:
    """True of a history whose prices are the closes on record: the record and its market alone, nothing
    supposed. What other processes do comes on top of a price. `events` are from the opening.
    """
    return not any(
        event.origin == "supposed" or (isinstance(event.fact, Opening) and event.fact.cast != "market")
        for event in events
    )


def every_close(events: Iterable[Event]) -> Iterator[tuple[str, int, int]]:
    """Each close of each asset with shares, in order: the asset, its position, and its price times the
    shares there were then. `events` are a history's from its opening.
    """
    counted: dict[str, int] = {}
    for event in events:
        fact = event.fact
        if isinstance(fact, Quote):
            if shares := fact.shares or counted.get(fact.asset):
                yield fact.asset, event.position, fact.price * shares
        elif rows := _SHARES.get(event.kind):
            for _, asset, count in posted(rows, fact):
                counted[asset] = counted.get(asset, 0) + count


def least_pledged(events: Iterable[Event]) -> dict[str, Close]:
    """Of each actor with pledged shares on whom no call was made, the least that they were worth at a close.
    A loan on them is smaller than what its lender's limit allows of that: else a call would stand there.
    """
    pledged: dict[str, dict[str, int]] = {}
    prices: dict[str, int] = {}
    least: dict[str, Close] = {}
    called = set()
    for event in events:
        fact = event.fact
        if isinstance(fact, MarginCall):
            called.add(fact.borrower)
        for _, key, count in posted(_PLEDGED.get(event.kind, ()), fact):
            owner, _, asset = key.partition("/")
            held = pledged.setdefault(owner, {})
            held[asset] = held.get(asset, 0) + count
        if isinstance(fact, Split) and fact.price:
            prices[fact.asset] = fact.price
        if isinstance(fact, Quote):
            prices[fact.asset] = fact.price
            for owner, held in pledged.items():
                if held.get(fact.asset) and all(asset in prices for asset, count in held.items() if count):
                    worth = sum(count * prices[asset] for asset, count in held.items() if count)
                    if owner not in least or worth < least[owner].value:
                        least[owner] = Close(event.moment, worth)
    return {owner: close for owner, close in least.items() if owner not in called}


def _shares_added(events: Iterable[Event]) -> Mapping[str, list[tuple[int, int]]]:
    """By asset, the positions at which shares were added, and how many."""
    found: dict[str, list[tuple[int, int]]] = {}
    for event in events:
        if rows := _SHARES.get(event.kind):
            for _, asset, count in posted(rows, event.fact):
                found.setdefault(asset, []).append((event.position, count))
    return found


def _posting(account: str) -> dict[str, list[Posting]]:
    """The rows that post to an account, by kind."""
    rows = [row for row in TABLE.postings if row.account == account]
    return {row.kind: [each for each in rows if each.kind == row.kind] for row in rows}


_SHARES, _PLEDGED = _posting("shares"), _posting("pledged")
SHARED = frozenset(_SHARES)  # the kinds that say how many shares there are
CLOSING = {"Quote", *_SHARES}  # the kinds of which a close and its shares are made


def shares_by(event: Event) -> Iterator[tuple[str, int]]:
    """The shares that an event adds to each company, or takes away."""
    for _, asset, count in posted(_SHARES.get(event.kind, ()), event.fact):
        yield asset, count


def parts(world: World, asset: str, at: int) -> Decomposed | None:
    """The parts of a quoted company's value; None where nothing was quoted or it has no opening value."""
    return decomposed(world.readings, asset, at) if world.fold.last("quoted", asset) is not None else None


class NamedPart(NamedTuple):
    """A part of a value by its name: its 1e-9 ln, and what it adds in the smallest unit where parts are
    taken in the order of attribution, and where they are taken in reverse: its bounds.
    """

    part: str
    ln: int
    amount: int
    reverse: int


def named_parts(world: World, asset: str, at: int) -> list[NamedPart]:
    """The parts of a quoted company's value after its opening, in the order of attribution; taken either
    way they and the opening add up to the value. Empty where `parts` is None.
    """
    made, opening, value = (
        parts(world, asset, at),
        world.fold.last("value", asset),
        world.readings.value(asset, at),
    )
    if made is None or opening is None or value is None:
        return []
    names = PARTS[1:]
    forward = _amounts(made, names, opening, value)
    backward = _amounts(made, names[::-1], opening, value)
    return [NamedPart(name, getattr(made, name), forward[name], backward[name]) for name in names]


def explained(world: World, actor: str, at: int) -> float | None:
    """A company's value, in smallest units, if only news, trades, policy and liquidity moved it; or None."""
    made = parts(world, actor, at)
    if made is None:
        return None
    return exp((made.whole - made.market - made.sector - made.own) * 1e-9)


def _amounts(made: Decomposed, names: Sequence[str], opening: int, value: int) -> dict[str, int]:
    """The amount each part adds after the parts before it, in the smallest unit; the last takes the rest."""
    found, before, ln = {}, opening, 0
    for name in names[:-1]:
        ln += getattr(made, name)
        after = round(opening * exp(ln * 1e-9))
        found[name], before = after - before, after
    return found | {names[-1]: value - before}


@frozen
class Side:
    """The companies that markets moved one way since the opening, at constant shares: how many, by how much
    in the smallest unit (below zero where down), and the parts of the move, which add up to it. The parts
    named in `OWN` stand beside them: they add up to what is the companies' own.
    """

    many: int
    moved: float
    split: Mapping[str, float]

    @property
    def shares(self) -> dict[str, float | None]:
        """The parts as parts of one; None where nobody moved this way."""
        return {
            name: round(part / self.moved, 9) if self.moved else None for name, part in self.split.items()
        }


@frozen
class Rise:
    """The moves of quoted companies since the opening: of those that rose, of those that fell, and the worth
    of shares issued since, in the smallest unit (below zero where more were bought back).
    """

    up: Side
    down: Side
    issued: float

    @property
    def plain(self) -> dict[str, Any]:
        """As `--json` carries it: whole units of money, and parts as parts of one."""
        return {
            "gained": round(self.up.moved),
            "lost": round(-self.down.moved),
            "issued": round(self.issued),
            "lifted": self.up.many,
            "lowered": self.down.many,
            "shares": self.up.shares,
            "shares_lost": self.down.shares,
        }


def rise(world: World, at: int) -> Rise | None:
    """The moves of quoted companies from the opening to a moment, up and down, each split by its parts of the
    logarithm; None where nothing was quoted.
    """
    found = [(asset, made) for asset in sorted(world.listed) if (made := parts(world, asset, at)) is not None]
    if not found:
        return None
    moves, issued = [], 0.0
    for asset, made in found:
        opening, ln = world.fold.last("value", asset) or 0, made.whole - made.opening - made.issued
        moved = opening * expm1(ln * 1e-9)
        issued += (world.readings.value(asset, at) or 0) - opening - moved
        moves.append((ln, moved, made))
    return Rise(_side([m for m in moves if m[0] > 0]), _side([m for m in moves if m[0] < 0]), issued)


def _side(moves: Sequence[tuple[int, float, Decomposed]]) -> Side:
    split = {
        name: sum(
            moved * (getattr(made, name) + (made.faded if name == "told" else 0)) / ln
            for ln, moved, made in moves
        )
        for name in SPLIT
    }
    own = [(made.own / ln, moved * made.own / ln) for ln, moved, made in moves]
    split["own_with"] = sum(part for way, part in own if way > 0)
    split["own_against"] = sum(part for way, part in own if way < 0)
    return Side(len(moves), sum((moved for _, moved, _ in moves), 0.0), split)
