"""The screens of the books whole: who is exposed to whom, who paid whom, and who holds what."""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.text import Text

from events.event import OUTSIDE
from narrative.cli.rows import Fitted, grid
from narrative.cli.screen import titled
from narrative.text.numbers import MARKS, UNKNOWN, money, plain_date

if TYPE_CHECKING:
    from narrative.verbs.answers.looking import EventBrief
    from narrative.verbs.answers.weighing import Exposed, Failing, Hurt, Sectors, Shaken

GRAVE = ("Default", "Liquidation", "MarginCall")
PAIRS, FAILS, LOSSES = 16, 8, 4  # on a screen; --json has all of them


def draw_exposure(found: "Exposed") -> None:
    """Print the screen of `exposure`."""
    console = Console(highlight=False)
    where = f"{found.story}@{found.branch}  #{found.position}  {plain_date(found.moment)}"
    console.print(Text(where, style="dim"), Text())
    console.print(titled("Exposed", _pairs(found), "the largest pairs among the named; never added up"))
    console.print(titled("If one fails", _fails(found), "by loans and stakes, and with open orders"))
    unit = {"currency": found.currency, "digits": found.digits}
    if found.counted_twice:
        said = f"Of {money(found.value, unit)} of value, {money(found.counted_twice, unit)} are companies'"
        console.print(Text(f"{said} stakes in each other, and counted twice.", style="dim"))
    for loss in found.written_down:
        way = " → ".join(f"#{position}" for position in loss.path)
        console.print(f"{loss.actor} wrote {money(loss.amount, unit)} on {loss.of} down: {way}")


def _pairs(found: "Exposed") -> RenderableType:
    named = [one for one in found.exposures if OUTSIDE not in (one.debtor, one.holder)]
    unit = {"currency": found.currency, "digits": found.digits}
    table = grid(1, "left", "left", "right", "left", "left")
    for one in named[:PAIRS]:
        table.add_row(one.debtor, f"→ {one.holder}", money(one.amount, unit), one.kind, one.rung)
    more = len(found.exposures) - len(named[:PAIRS])
    return Group(table, Text(f"{more} more, those to and of outside among them, in --json", style="dim"))


def _fails(found: "Exposed") -> RenderableType:
    if not found.failing:
        return Text("nobody owes anybody anything", style="dim")
    lines: list[RenderableType] = []
    for row in found.failing[:FAILS]:
        lines += [
            Text.assemble((row.actor, "bold"), f"  others lose {_span(row.low, row.high)} of all"),
            Padding(_hurt(row, found), (0, 0, 0, 2)),
        ]
    return Group(*lines)


def _span(low: float, high: float) -> str:
    """Parts of one in per cent, to a tenth; both where they differ."""
    ends = dict.fromkeys(f"{100 * part:.1f}" for part in (low, high))
    return f"{' to '.join(ends)} %"


def _hurt(row: "Failing", found: "Exposed") -> RenderableType:
    unit = {"currency": found.currency, "digits": found.digits}
    table = grid(2, "left", "right", "left")
    for loss in row.losses[:LOSSES]:
        sums = " to ".join(dict.fromkeys(money(sum_, unit) for sum_ in (loss.low, loss.high)))
        table.add_row(loss.actor, sums, Text(" → ".join(loss.path), style="dim"))
    return table


def draw_shaken(found: "Exposed", shaken: "Shaken") -> None:
    """Print the screen of `exposure` with a shock."""
    console = Console(highlight=False)
    cut, end = plain_date(shaken.at), plain_date(shaken.until)
    console.print(Text(f"{found.story}@{found.branch}  cut on {cut}, lived on to {end}", style="dim"))
    console.print(Text(shaken.question or "The shock reaches nothing here."), Text())
    without = f"worth on {end} without the shock and with it"
    console.print(titled("Who is hurt", _hurt_by(found, shaken), without))
    console.print(titled("Exposed", _moved(found, shaken), f"on {cut}, and on {end} without and with"))


def _hurt_by(found: "Exposed", shaken: "Shaken") -> RenderableType:
    unit = {"currency": found.currency, "digits": found.digits}
    losers = sorted([one for one in shaken.losses if one.lost > 0], key=_grave)
    if not losers:
        return Text("nobody is worth less by it", style="dim")
    lines: list[RenderableType] = []
    for one in losers[:FAILS]:
        worth = " → ".join(
            UNKNOWN if sum_ is None else money(sum_, unit) for sum_ in (one.without, one.after)
        )
        if one.without is None and one.after is None:
            worth = "of what is known of it; its cash is not"
        lines.append(Text.assemble((one.actor, "bold"), f"  loses {money(one.lost, unit)}  {worth}"))
        lines += [Padding(Text(said, style="dim"), (0, 0, 0, 2)) for said in _led(one)]
    more, gained = len(losers) - len(losers[:FAILS]), len(shaken.losses) - len(losers)
    if more or gained:
        lines.append(Text(f"{more} more lose by it and {gained} gain; --json has all of them", style="dim"))
    return Group(*lines)


def _led(one: "Hurt") -> Iterator[str]:
    """Lines of the way from the shock to a loss; or that none is known."""
    yield from map(_brief, one.way)
    if one.missed is not None:
        said = f"{plain_date(one.missed.moment)} {MARKS[one.missed.origin]} {one.missed.gist}"
        yield f"no cause leads there from the shock: with it this round is not made: {said}"
    elif one.way and not one.tied:
        at_round = ": a round names no price as its cause" if one.way[-1].kind == "Funding" else ""
        yield f"no cause leads there from the shock{at_round}"
    elif not one.way:
        yield "no one event took it, and no cause leads there from the shock"


def _grave(one: "Hurt") -> int:
    """Whom something befell comes before who only lost; of each, who lost most comes first."""
    last = one.way[-1].kind if one.way else None
    return GRAVE.index(last) if last in GRAVE else len(GRAVE)


def _brief(event: "EventBrief") -> str:
    return f"#{event.position} {plain_date(event.moment)} {MARKS[event.origin]} {event.gist}"


def _moved(found: "Exposed", shaken: "Shaken") -> RenderableType:
    """The pairs among the named that the shock moves, those first that it moves most."""
    unit = {"currency": found.currency, "digits": found.digits}
    moved = [
        one for one in shaken.pairs if OUTSIDE not in (one.debtor, one.holder) and one.without != one.after
    ]
    moved.sort(key=lambda one: -abs(one.after - one.without))
    table = grid(1, "left", "left", "left", "right", "right", "right")
    for one in moved[:PAIRS]:
        sums = (money(sum_, unit) for sum_ in (one.before, one.without, one.after))
        table.add_row(one.debtor, f"→ {one.holder}", f"{one.kind}, {one.rung}", *sums)
    more = len(shaken.pairs) - len(moved[:PAIRS])
    return Group(table, Text(f"{more} more, those that it does not move among them, in --json", style="dim"))


def draw_sectors(found: "Sectors") -> None:
    """Print the screen of `sectors`."""
    console = Console(highlight=False)
    where = f"{found.story}@{found.branch}  {plain_date(found.since)} to {plain_date(found.until)}"
    console.print(Text(where, style="dim"), Text())
    console.print(titled("Transactions", _transactions(found), "got, and below zero given"))
    for claim, remark in CLAIMS.items():
        if any(held.claim == claim for held in found.balances):
            console.print(titled(claim.capitalize(), _balances(found, claim), remark))
    if found.cash_unknown:
        unknown = ", ".join(found.cash_unknown)
        said = (
            "Opening cash is unknown, so theirs is no balance but what the log moved, and costs are in it "
            f"only as far as they are told: {unknown}."
        )
        console.print(Text(said, style="dim"))


CLAIMS = {
    "cash": "outside holds the other side of every opening",
    "loans": "lent, and below zero owed",
    "shares": "held at the day's value, and below zero issued",
    "shares lent": "lent at the day's value, and below zero borrowed",
    "margins": "left for borrowed shares, and below zero held for others",
}


SHORT = {  # what fits above a column of a terminal
    "goods and services": "goods",
    "sales outside": "sales",
    "new stakes": "stakes",
    "shares traded": "traded",
    "borrowing fees": "fees",
    "change in loans": "loans",
    "change in margins": "margins",
    "change in cash": "cash",
}


def _transactions(found: "Sectors") -> RenderableType:
    """A line a sector, a column a row of the matrix: there are more sectors than kinds of transaction. Both
    the columns and the lines sum to zero.
    """
    rows = found.transactions
    amounts = {
        sector: [row.cells.get(sector, 0) for row in rows]
        for sector in sorted({sector for row in rows for sector in row.cells})
    }
    lines = [
        (sector, *(_cell(amount, found, 2) for amount in those), _sum(those, found))
        for sector, those in amounts.items()
    ]
    zeros = (_sum(row.cells.values(), found) for row in rows)
    heads = [SHORT.get(row.row, row.row) for row in rows]
    return Fitted(("sector", *heads, "sum"), [*lines, ("sum", *zeros, "")], matrix=True)


def _sum(amounts: Iterable[int], found: "Sectors") -> str:
    return _cell(sum(amounts), found) or "0"


def _balances(found: "Sectors", claim: str) -> RenderableType:
    columns = ("opening", "flows", "revaluation", "closing")
    rows = [held for held in found.balances if held.claim == claim]
    lines = [
        (_named(held.sector, claim, found), *(_cell(held[name], found) for name in columns)) for held in rows
    ]
    zeros = (_sum((held[name] for held in rows), found) for name in columns)
    return Fitted(("sector", *columns), [*lines, ("sum", *zeros)], matrix=True)


def _named(sector: str, claim: str, found: "Sectors") -> str:
    """A sector, and beside it that its cash is none that anybody counted, where nobody's opening is known."""
    members = {*found.sectors.get(sector, ())}
    moved = claim == "cash" and members and members <= {*found.cash_unknown}
    return f"{sector} (flows alone)" if moved else sector


def _cell(amount: int, found: "Sectors", figures: int = 3) -> str:
    return (
        money(amount, {"currency": found.currency, "digits": found.digits}, figures=figures) if amount else ""
    )
