"""Readings taken apart: the postings behind a figure, as parts that add up.

Parts of a sum are whole and add up exactly. Parts of a log price, and of belief, are each posting's
step faded to the moment; they are rounded to whole 1e-9 of ln so that they add up as listed. Parts
of a value or a belief share are each part's share of the logarithm, times the whole; what rounding
leaves is the residual. Nothing here reads a log: it is given the rows that may post.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from heapq import merge
from math import floor, log
from operator import attrgetter
from typing import NamedTuple, TypeVar

import msgspec
from attrs import frozen

from events.books.accounts import Posting, faded
from events.codec import decode, encode, is_today, kind_of
from events.event import Event, Row
from events.facts import KINDS
from events.search import Sought
from narrative.analysis.replay import reading as readings_of
from narrative.books.readings import PRICE
from narrative.books.table import TABLE
from narrative.engine.world import World

BILLION = 10**9  # log prices are counted in its parts: the other way round from `readings.NANO`
SHOWN = 0.5  # of 1e-9 ln: parts are shown in whole ones
FELT = (
    100  # half-lives after which nothing shows of a step: of the largest 2^-70 of 1e-9 ln, and less of others
)
EVERYONE = (("=market",), ("=sector",))  # the keys of what touches every price, as the table writes them
SUMS = {
    "cash": "cash", "debt": "debt", "backlog": "backlog", "announced": "announced",
    "committed": "committed", "paid": "paid", "delivered": "delivered",
}  # fmt: skip  # reading: account
ACCOUNTS = {
    **{name: (account,) for name, account in SUMS.items()},
    "belief": ("belief_fast", "belief_slow"),
    "belief_share": ("belief_fast", "belief_slow", "flow"),
    "valuation": PRICE,
    "collateral": ("pledged",),
    "loan_to_value": ("margin_debt",),
}
UNITS = {"belief": "ln", "belief_share": "share", "loan_to_value": "share"}  # the others are money


T = TypeVar("T", Row, Event, Row | Event)


class Moved(NamedTuple):
    """One posting: what it adds to an account, or sets it to."""

    account: str
    key: str
    amount: int


class Part(NamedTuple):
    """The part of one event in a figure. `role`: opening or base (what it starts from), step, or faded
    (what has gone, since a private company was last marked, of a step before that). `amount` is in
    the figure's own unit, `ln` in 1e-9 where the figure has a logarithm.
    """

    row: Row
    role: str
    amount: int
    ln: int | None = None
    moved: tuple[Moved, ...] = ()


@frozen(kw_only=True)
class Figure:
    """A reading and its parts, largest first. `total` is the sum of the parts and the residual, in 1e-9
    where the unit is ln or share; None where a balance is unknown, and the parts are what moved since.
    `whole`: the accounts, which no search made, say that no part which would show was missed.
    """

    actor: str
    reading: str
    unit: str
    value: float | None
    total: int | None
    ln: int | None
    parts: tuple[Part, ...]
    residual: int
    residual_ln: int
    whole: bool


Moves = Sequence[tuple[Row, tuple[Moved, ...]]]

# --- what posts ---------------------------------------------------------------------------------


class Search(NamedTuple):
    """A search in a log: for these, from a moment on."""

    sought: Sought
    since: int


def searches(world: World, actor: str, reading: str, at: int) -> list[Search]:
    """The searches, one after the other, by which a log finds all that may show in an actor's reading."""
    rows = [row for row in TABLE.postings if row.account in _accounts(reading)]
    begun = world.opened
    # A kind that touches every price is looked for under no name: for as long as it is felt.
    free: dict[str, int] = {}
    for row in rows:
        if row.key in EVERYONE:
            since = _felt(world, actor, row.account, at)
            free[row.kind] = min(free.get(row.kind, since), since)
    keyed = [row for row in rows if row.key not in EVERYONE and free.get(row.kind) != begun]
    name, holders = msgspec.json.encode(actor), {row.key[0] for row in keyed}
    # Where one field alone says whose account it is, what names the actor in another is passed over.
    held = b'"%b":%b' % (holders.pop().encode(), name) if len(holders) == 1 else b":" + name
    named = Search(Sought(kinds={row.kind for row in keyed}, holding=(held,)), begun)
    by_span = {since: {kind for kind in free if free[kind] == since} for since in sorted(free.values())}
    return [named, *(Search(Sought(kinds=kinds), since) for since, kinds in by_span.items())]


def _felt(world: World, actor: str, account: str, at: int) -> int:
    """The moment since which a posting to an account may show in an actor's log price at another."""
    life = _LIVES.get(account)
    if life is None or not _by_price(world, actor):  # a company that is marked feels them since its mark, too
        return world.opened
    return max(at - round(FELT * world.fold.half_lives[life]), world.opened)


def once(searched: Iterable[Iterable[T]]) -> Iterator[T]:
    """Yield what searches found in order of position, each row once: two may find the same one."""
    last = 0
    for row in merge(*searched, key=attrgetter("position")):
        if row.position > last:
            last = row.position
            yield row


def _accounts(reading: str) -> tuple[str, ...]:
    return ACCOUNTS[reading]


def _moves(rows: Iterable[Row | Event], accounts: Sequence[str], actor: str) -> Moves:
    """The rows that post to any of `accounts`, of an actor or the whole market, with what they post."""
    posts: dict[str, Post] = {}  # by kind@version
    found = []
    for each in rows:
        row = _row(each) if isinstance(each, Event) else each
        if row.stamp not in posts:
            posts[row.stamp] = _post(row, accounts, actor)
        moved = posts[row.stamp](row.body)
        if moved:
            found.append((row, moved))
    return found


# Account, sign, field or constant of the amount, field of the first part of the key, of the second; the row.
Rule = tuple[str, int, str | int, str, str | None, Posting]
Post = Callable[[bytes], tuple[Moved, ...]]


def _rules(kind: str, accounts: Sequence[str]) -> list[Rule]:
    """The rules by which a kind posts to any of `accounts`, of actors and of the whole market."""
    return [
        (row.account, row.sign or 1, row.value, row.key[0], (*row.key, None)[1], row)
        for row in TABLE.rows(kind)
        if row.account in accounts and (row.key in EVERYONE or not row.key[0].startswith("="))
    ]


def _row(event: Event) -> Row:
    causes = ",".join(map(str, event.causes))
    stamp, body = kind_of(event.fact), encode(event.fact)
    return Row(event.position, event.moment, stamp, event.origin, event.actor, causes, body, event.digest)


def _post(row: Row, accounts: Sequence[str], actor: str) -> Post:
    """A function from a stored fact of this row's kind@version to its postings to any of `accounts`: it reads
    the posting fields alone, as plain data, ten times as fast as a fact; an older fact is lifted first.
    """
    stamp = row.stamp
    rules = _rules(row.kind, accounts) if row.kind in KINDS else []
    if not rules:
        return lambda _: ()
    named = {name for _, _, *named, _ in rules for name in named if isinstance(name, str)}
    names = {name for name in named if not name.startswith("=")}
    given = {name for *_, rule in rules for name in rule.given}
    typed = dict.fromkeys(names, int | str | None) | dict.fromkeys(given, object)
    fields = msgspec.defstruct("fields", [(name, held, None) for name, held in typed.items()])
    read = msgspec.json.Decoder(fields).decode
    if is_today(stamp):
        return lambda body: tuple(_posted(rules, read(body), actor))
    return lambda body: tuple(_posted(rules, read(encode(decode(stamp, body))), actor))


def _posted(rules: Sequence[Rule], fact: msgspec.Struct, actor: str) -> list[Moved]:
    moved, get = [], partial(getattr, fact)
    for account, sign, value, first, second, rule in rules:
        if (not first.startswith("=") and get(first) != actor) or not rule.applies(get):
            continue
        amount = value if isinstance(value, int) else get(value)
        if amount is None:
            continue
        if second is None:
            moved.append(Moved(account, first[1:] if first[0] == "=" else actor, sign * amount))
        elif (other := second.removeprefix("=") if second[0] == "=" else get(second)) is not None:
            moved.append(Moved(account, f"{actor}/{other}", sign * amount))
    return moved


# --- figures ------------------------------------------------------------------------------------


def figure(world: World, rows: Iterable[Row | Event], actor: str, reading: str, at: int) -> Figure:
    """A reading of an actor at a moment, taken apart. `rows` hold at least all that post to it, up to
    the world's position and in order.
    """
    value = readings_of(world, actor, at)[reading]
    moves = _moves(rows, _accounts(reading), actor)
    if reading in SUMS:
        return _sum(actor, reading, value, moves)
    if reading == "valuation":
        return _value(world, actor, value, moves, at)
    if reading in ("belief", "belief_share"):
        return _belief(world, actor, reading, value, moves, at)
    return _secured(world, actor, reading, value, moves, at)


def _role(row: Row) -> str:
    return "opening" if row.kind == "Endowment" else "step"


def _sum(actor: str, reading: str, value: int | None, moves: Moves) -> Figure:
    parts = [
        Part(
            row, _role(row), moved[0].amount if len(moved) == 1 else sum(m.amount for m in moved), None, moved
        )
        for row, moved in moves
    ]
    return _figure(actor, reading, value, value, parts, whole=sum(part.amount for part in parts) == value)


def _belief(world: World, actor: str, reading: str, value: float | None, moves: Moves, at: int) -> Figure:
    readings = world.readings
    whole = readings.belief(actor, at) + (readings.flow(actor, at) if reading == "belief_share" else 0.0)
    exact = [sum(_now(world, actor, m, row.moment, at) for m in moved) for row, moved in moves]
    total_ln = round(whole * BILLION)
    steps = _rounded(exact, total_ln)
    total = None if value is None else round(value * BILLION)
    if reading == "belief":
        amounts = steps
    else:  # where belief is below nothing, nothing of the value rests on it, and the total is 0
        factor = (total or 0) / total_ln if total_ln else 0.0
        amounts = [round(step * factor) for step in steps]
    parts = [
        Part(row=row, role=_role(row), amount=amount, ln=step, moved=moved)
        for (row, moved), amount, step in zip(moves, amounts, steps, strict=True)
    ]
    full = abs(sum(exact) - whole * BILLION) < SHOWN
    return _figure(actor, reading, value, total, parts, ln=total_ln, whole=full)


def _secured(world: World, actor: str, reading: str, value: float | None, moves: Moves, at: int) -> Figure:
    """Collateral: each pledge at today's price. Loan to value: each debt over the collateral's value."""
    readings = world.readings
    collateral = readings.collateral(actor, at)
    parts = []
    for row, moved in moves:
        if reading == "collateral":
            prices = [readings.price(m.key.partition("/")[2], at) for m in moved]
            amount = sum(m.amount * (price or 0.0) for m, price in zip(moved, prices, strict=True))
        else:
            amount = sum(m.amount for m in moved) * BILLION / collateral if collateral else 0.0
        parts.append(Part(row=row, role=_role(row), amount=round(amount), moved=moved))
    total = None if value is None else round(value * (1 if reading == "collateral" else BILLION))
    return _figure(actor, reading, value, total, parts)


def _value(world: World, actor: str, value: int | None, moves: Moves, at: int) -> Figure:
    """The log price: ln of what it starts from + new shares + each step of the price, faded to the moment."""
    found = _base(world, actor, moves)
    if not value or found is None:
        return _figure(actor, "valuation", value, value, [])
    base, amount, marked = found
    if world.readings.registered(actor):
        ln = round(log(amount) * BILLION)
        begin = "opening" if base.kind == "Endowment" else "base"
        part = Part(base, begin, amount, ln)
        return _figure(actor, "valuation", value, value, [part], ln=ln, whole=amount == value)
    mark = world.fold.last("mark", actor) or 0 if marked is not None else 0
    exact = [(row, moved, _step(world, actor, moved, (row.moment, at), marked)) for row, moved in moves]
    grown = dict(_grown(moves)) if _by_price(world, actor) else {}
    steps = [
        (row, moved, step + grown.get(row.position, 0.0))
        for row, moved, step in exact
        if step or row.position in grown
    ]
    whole = log(amount) * BILLION + sum(grown.values()) + world.readings.log_price(actor, at) * BILLION - mark
    total_ln = round(whole)
    first, *rest = _rounded([log(amount) * BILLION, *(step for *_, step in steps)], total_ln)
    rise = log(value / amount) if value > 0 else 0.0
    factor = (value - amount) / rise if abs(rise) > 1e-12 else float(amount)
    begin = "opening" if base.kind == "Endowment" else "base"
    parts = [Part(row=base, role=begin, amount=amount, ln=first)]
    for (row, moved, _), ln in zip(steps, rest, strict=True):
        role = "faded" if marked is not None and row.moment < marked else "step"
        parts.append(Part(row=row, role=role, amount=round(ln / BILLION * factor), ln=ln, moved=moved))
    gap = (log(value / amount) if value > 0 else 0.0) * BILLION - sum(step for *_, step in steps)
    full = abs(gap) < SHOWN + BILLION / value  # a value is whole smallest units
    return _figure(actor, "valuation", value, value, parts, ln=total_ln, whole=full)


def _by_price(world: World, actor: str) -> bool:
    """Whether an actor is worth its shares at their price, and not its last post-money."""
    return actor in world.listed and world.fold.last("value", actor) is not None


def _base(world: World, actor: str, moves: Moves) -> tuple[Row, int, int | None] | None:
    """The row that set the value from which the price moves, the value, and when it was marked, or None; None
    where no row did.
    """
    listed = _by_price(world, actor)
    named = "value" if listed or world.fold.last("post_money", actor) is None else "post_money"
    bases = [(row, m.amount) for row, moved in moves for m in moved if m.account == named]
    marks = [row.moment for row, moved in moves for m in moved if m.account == "mark"]
    if not bases:
        return None
    row, amount = bases[-1]
    return row, amount, marks[-1] if marks and not listed else None


def _grown(moves: Moves) -> Iterator[tuple[int, float]]:
    """Positions of events that changed the number of shares, each with its step of value in 1e-9 of ln."""
    shares, floated, level = 0, 0, 0.0
    for row, moved in moves:
        shares += sum(m.amount for m in moved if m.account == "shares")
        floated = next((m.amount for m in moved if m.account == "floated"), floated)
        now = log(shares / floated) * BILLION if floated and shares > 0 else level
        if now != level:
            yield row.position, now - level
            level = now


def _step(
    world: World, actor: str, moved: Sequence[Moved], span: tuple[int, int], marked: int | None
) -> float:
    """The sum of a row's postings in an actor's log price at the end of a span that begins when it posted,
    less the same at a later mark, in 1e-9 ln.
    """
    moment, at = span
    step = sum(_now(world, actor, m, moment, at) for m in moved)
    if marked is not None and moment < marked:
        step -= sum(_now(world, actor, m, moment, marked) for m in moved)
    return step


def _now(world: World, actor: str, moved: Moved, moment: int, at: int) -> float:
    """The part of an actor's log price at `at` that a posting made at `moment` is, in 1e-9 of ln."""
    life = _LIVES.get(moved.account)
    if life is not None:
        left = faded(moved.amount, moment, at, world.fold.half_lives[life])
        if moved.account == "sector_flow":
            return left * world.readings.sector_beta(actor)
        return left * (world.parameters["liquidity_sensitivity"] if moved.account == "liquidity" else 1.0)
    if moved.account in ("lasting", "diluted", "market_part", "sector_part", "own_part"):
        return float(moved.amount)
    if moved.account == "surprise":
        return -world.parameters["duration"] * moved.amount / 1e4 * BILLION
    return 0.0


_LIVES = {account.name: account.half_life for account in TABLE.accounts if account.half_life}


def _rounded(exact: Sequence[float], total: int) -> list[int]:
    """Whole numbers that add up to the total, each within one of the exact one. Where no such numbers
    are, the nearest: the caller shows what is left.
    """
    whole = [floor(each) for each in exact]
    missing = total - sum(whole)
    if not 0 <= missing <= len(whole):
        return [round(each) for each in exact]
    by_rest = sorted(range(len(whole)), key=lambda i: (whole[i] - exact[i], i))
    for i in by_rest[:missing]:
        whole[i] += 1
    return whole


def _figure(
    actor: str,
    reading: str,
    value: float | None,
    total: int | None,
    parts: list[Part],
    *,
    ln: int | None = None,
    whole: bool = False,
) -> Figure:
    parts = [part for part in parts if part.amount or part.ln]
    parts.sort(key=lambda part: (-abs(part.amount), -abs(part.ln or 0), part.row.position))
    made, made_ln = sum(part.amount for part in parts), sum(part.ln or 0 for part in parts)
    return Figure(
        actor=actor,
        reading=reading,
        unit=UNITS.get(reading, "money"),
        value=value,
        total=total,
        ln=ln,
        parts=tuple(parts),
        residual=0 if total is None else total - made,
        residual_ln=0 if ln is None else ln - made_ln,
        whole=whole,
    )
