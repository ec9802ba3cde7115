"""Estates of the defaulted: what each owes to whom, what its shares and its business bring, and what is
booked as lost.
"""

from math import ceil, floor, log

from attrs import define, field

from events.event import OUTSIDE, Draft
from events.facts import Cancellation, Trade, Writedown
from events.fields import Fact
from events.funding_facts import Clearing, Liquidation
from events.market_facts import Repricing
from narrative.books.readings import NANO
from narrative.engine.backers import worth
from narrative.engine.loans import (
    Facility,
    Owing,
    accruing,
    call_on,
    cured,
    facilities,
    in_hand,
    loans,
    releasing,
    repaying,
    uncounted,
)
from narrative.engine.orders import placed
from narrative.engine.selling import brought, sale, sales
from narrative.engine.stakes import private
from narrative.engine.world import World


@define
class Claim:
    """A debt of which something is left to get: by a loan, or by none where only the sum is known. Damages
    for orders that stop are owed from the default on and stand in nobody's books before it.
    """

    debtor: str
    creditor: str
    owed: int
    loan: Owing | None = None
    damages: bool = False
    settled: int = 0  # by whom nobody names, to its like: no longer owed, and nothing moves

    @property
    def name(self) -> str | None:
        """The loan's name."""
        return self.loan.name if self.loan else None

    def secured(self, amount: int) -> int | None:
        """So much of an amount as counts as lent on shares."""
        return amount if self.loan and self.loan.asset is not None else None


@define
class Settling:
    """One settlement as it grows: the act, and what sales bring each debtor and take of its shares."""

    world: World
    now: int
    drafts: list[Draft] = field(factory=list)
    brought: dict[str, int] = field(factory=dict)
    gone: dict[tuple[str, str], int] = field(factory=dict)

    def add(self, actor: str, fact: Fact, causes: tuple[int, ...] = (), within: tuple[int, ...] = ()) -> int:
        """Add a fact to the act; its offset there."""
        self.drafts.append(Draft(actor, fact, causes=causes, within=within))
        return len(self.drafts) - 1

    def because(self, debtor: str) -> tuple[int, ...]:
        """The position of a debtor's default in the log."""
        place = self.world.broke.get(debtor)
        return () if place is None else (place,)


def open_debts(world: World, debtor: str) -> bool:
    """Whether anything is left to settle of a debtor: a debt, pledged shares, or an order."""
    return bool(
        owes(world, debtor)
        or any(held for held in facilities(world, borrower=debtor) if held.shares)
        or orders_of(world, debtor)
    )


def owes(world: World, debtor: str) -> bool:
    """Whether a debtor owes anything, by a loan or otherwise."""
    return bool(loans(world, borrower=debtor) or unnamed(world, debtor))


def unnamed(world: World, debtor: str) -> int:
    """The sum a debtor owes by no loan that anybody named, as at the opening."""
    named = sum(loan.owed for loan in loans(world, borrower=debtor))
    return max(world.fold.sum("debt", debtor) - named, 0)


def orders_of(world: World, party: str) -> list[tuple[str, str, str]]:
    """Open orders by or from somebody: buyer, seller and name."""
    found = []
    for order in sorted(world.fold.state["outstanding"]):
        parties = placed(world, order)[0]
        if len(parties) == 2 and party in parties:
            found.append((parties[0], parties[1], order))
    return found


# --- what comes in ------------------------------------------------------------------------------


def seized(settling: Settling, facility: Facility) -> dict[str, int]:
    """Pledged shares come free and as many are sold as cover the debt; what is then left of each loan."""
    world, now = settling.world, settling.now
    left = {loan.name: loan.to_date(now) for loan in facility.loans}
    owed, price = sum(left.values()), world.readings.price(facility.asset, now)
    held = in_hand(world, facility)
    shares = min(ceil(owed / price), held) if price else 0
    if shares:
        proceeds = round(shares * (price or 0.0))
        call = call_on(world, facility)
        sold = Liquidation(
            lender=facility.lender,
            borrower=facility.borrower,
            loan=facility.loans[0].name,
            call=call.name if call else None,
            asset=facility.asset,
            shares=shares,
            amount=proceeds,
            uncounted=uncounted(world, facility),
        )
        settling.add(facility.lender, sold, settling.because(facility.borrower))
    settling.drafts += releasing(facility.lender, facility, facility.shares)
    if shares:
        _sold(settling, sale(world, facility.borrower, facility.asset, shares, proceeds, now))
        paid = min(owed, proceeds)
        settling.drafts += repaying(facility.lender, facility.loans, paid, now)
        _use(settling, facility.borrower, -paid)
        for loan in facility.loans:
            part = min(paid, left[loan.name])
            left[loan.name] -= part
            paid -= part
    call = call_on(world, facility)
    if call is not None:
        reason = "what was owed is settled"
        settling.drafts.append(cured(world, facility.lender, facility, call, call.amount, reason))
    return left


def sold_off(settling: Settling, debtor: str, needed: int) -> None:
    """Listed shares that a debtor holds of others are sold until they bring what is needed, or are gone."""
    gone = {asset: shares for (seller, asset), shares in settling.gone.items() if seller == debtor}
    for trade in sales(settling.world, debtor, needed, settling.now, gone, gone):
        _sold(settling, trade)


def _sold(settling: Settling, trade: Trade) -> None:
    seller, asset = trade.seller, trade.asset
    settling.add(seller, trade, settling.because(seller))
    settling.gone[seller, asset] = settling.gone.get((seller, asset), 0) + (trade.shares or 0)
    _use(settling, seller, brought((trade,)))


def _use(settling: Settling, debtor: str, amount: int) -> None:
    settling.brought[debtor] = settling.brought.get(debtor, 0) + amount


# --- what goes out ------------------------------------------------------------------------------


def claims_on(settling: Settling, debtor: str) -> list[Claim]:
    """Debts with interest to date, after what stood behind them was sold; nothing is left of the pledges."""
    world, now = settling.world, settling.now
    left: dict[str, int] = {}
    for facility in facilities(world, borrower=debtor):
        left |= seized(settling, facility)
    found = []
    for loan in loans(world, borrower=debtor):
        owed = left.get(loan.name, loan.to_date(now))
        repaid = loan.asset is not None and owed < loan.to_date(now)  # which added its interest
        if owed:
            settling.drafts += [] if repaid else accruing(loan.lender, loan, now)
            found.append(Claim(debtor, loan.lender, owed, loan))
    rest = unnamed(world, debtor)
    return [*found, Claim(debtor, OUTSIDE, rest)] if rest else found


def paid_out(settling: Settling, payer: str, claim: Claim, amount: int, *, called: bool = False) -> None:
    """A part of a claim is paid, out of an estate or as a guarantor does."""
    if amount:
        fact = Clearing(
            payer=payer,
            payee=claim.creditor,
            debtor=claim.debtor,
            loan=claim.name,
            amount=amount,
            settles=None if claim.damages else amount,
            secured=claim.secured(amount),
            called=amount if called else None,
        )
        causes = (*settling.because(claim.debtor), *(claim.loan.source if claim.loan else ()))
        settling.add(payer, fact, tuple(sorted({*causes})))


def written_off(settling: Settling, claim: Claim, lost: int) -> int | None:
    """The rest of a claim is owed no longer; its loss is its holder's. The offset of the fact, if any:
    damages that nobody paid were in no books, and what the order had promised went with the order.
    """
    forgiven = lost + claim.settled
    if not forgiven or claim.damages:
        return None
    fact = Writedown(
        holder=claim.creditor,
        asset=claim.debtor,
        loan=claim.name,
        credit=lost,
        forgiven=forgiven,
        secured=claim.secured(forgiven),
    )
    return settling.add(claim.creditor, fact, settling.because(claim.debtor))


def cancelled(settling: Settling, debtor: str, seen: set[str]) -> list[Claim]:
    """Orders by and from a debtor stop; of what it had ordered its sellers may claim `default_damages`."""
    world = settling.world
    part, found = world.optional("default_damages", debtor), []
    for buyer, seller, order in orders_of(world, debtor):
        left = world.fold.sum("outstanding", order)
        if order not in seen:
            seen.add(order)
            fact = Cancellation(buyer=buyer, seller=seller, order=order, amount=left)
            causes = (*settling.because(debtor), *world.source(order))
            settling.add(debtor, fact, tuple(sorted({*causes})))
        if buyer == debtor and floor(part * left):
            found.append(Claim(debtor, seller, floor(part * left), damages=True))
    return found


def business(world: World, debtor: str, now: int) -> int | None:
    """The value of a debtor's business to others: its market value, or of a private company no more than its
    sales are worth to buyers, whatever its last round said. None where it is unknown.
    """
    value = world.readings.value(debtor, now)
    if value is None or not private(world, debtor):
        return value
    return floor(min(worth(world, debtor, now), value))


def devalued(settling: Settling, debtor: str, kept: float, cause: int | None) -> None:
    """Owners are left a part of what their company was worth: its price falls, or its register does."""
    world, now = settling.world, settling.now
    value = world.readings.value(debtor, now)
    if not value:
        return
    if private(world, debtor):
        log_mark = round(world.readings.log_price(debtor, now) / NANO)
        fact = Repricing(asset=debtor, log_mark=log_mark, value=value, post_money=max(round(kept * value), 1))
    else:
        fact = Repricing(asset=debtor, lasting=round(log(kept) / NANO), value=value)
    causes, within = ((), (cause,)) if cause is not None else (settling.because(debtor), ())
    settling.add("market", fact, causes, within)
