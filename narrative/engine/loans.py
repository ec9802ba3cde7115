"""Loans, the shares behind them and the margin calls on them, read off the accounts.

A process names a loan for its parties: ``loan:borrower:lender:asset:moment`` with shares behind it,
``bond:borrower:lender:moment`` and ``credit:…`` without. A told loan is looked up in the timeline.
The loans of one borrower from one lender on one asset are one facility: all its shares stand behind
all its loans, so that a rise in price makes room to borrow without another pledge.
"""

from math import ceil
from operator import attrgetter

from attrs import field, frozen

from events.event import Draft
from events.funding_facts import Cure, Interest, Loan, Pledge, Release, Repayment
from narrative.engine.ids import moment_of, parts_of
from narrative.engine.world import World
from narrative.story.calendar import DAY

INTEREST_YEAR = 365 * DAY  # whatever the calendar says, as loans are written
BASIS = 10_000
QUARTER = 90 * DAY
PURPOSES = ("loan", "bond", "credit")
OWED = ("owed", "owed_rate", "owed_due", "owed_since")
SECURED = (*OWED, "secured")
CALLED = ("called", "call_due")


@frozen
class Owing:
    """One open loan."""

    name: str
    borrower: str
    lender: str
    asset: str | None
    owed: int
    rate: int
    since: int | None
    due: int | None
    source: tuple[int, ...]
    asked: int | None = field(init=False)  # when it asks for something: interest each quarter, all at its end

    @asked.default
    def _asks(self) -> int | None:
        if self.since is None or not self.rate:
            return self.due
        return self.since + QUARTER if self.due is None else min(self.since + QUARTER, self.due)

    def interest(self, at: int) -> int:
        """Interest since it was last added."""
        return 0 if self.since is None else interest(self.owed, self.rate, at - self.since)

    def to_date(self, at: int) -> int:
        """The sum owed at a moment, with interest up to then, in the smallest unit."""
        return self.owed + self.interest(at)


@frozen
class Call:
    """One open margin call."""

    name: str
    amount: int
    due: int


@frozen
class Facility:
    """The debt of one borrower to one lender on one asset, oldest loan first. `pledges` gives the shares put
    up with each loan: those of paid loans first, then in the order in which the loans were opened.
    """

    borrower: str
    lender: str
    asset: str
    loans: tuple[Owing, ...] = ()
    pledges: tuple[tuple[str, int], ...] = ()
    shares: int = field(init=False)  # behind all of it
    asked: int | None = field(init=False)  # when one of its loans first asks for something
    _carried: tuple[int, int, int] = field(init=False)  # owed, times rate, times rate and since

    @shares.default
    def _pledged(self) -> int:
        return sum([shares for _, shares in self.pledges])

    @asked.default
    def _asks(self) -> int | None:
        return min([loan.asked for loan in self.loans if loan.asked is not None], default=None)

    @_carried.default
    def _sums(self) -> tuple[int, int, int]:
        owed = yearly = since = 0
        for loan in self.loans:
            owed += loan.owed
            if loan.since is not None:
                yearly += loan.owed * loan.rate
                since += loan.owed * loan.rate * loan.since
        return owed, yearly, since

    def to_date(self, at: int) -> int:
        """The sum owed on all its loans at a moment, with interest up to then, in the smallest unit."""
        return sum(loan.to_date(at) for loan in self.loans)

    def at_most(self, at: int) -> int:
        """The sum owed at a moment with interest, or a little more, without looking at each loan."""
        owed, yearly, since = self._carried
        return owed + (yearly * at - since) // (INTEREST_YEAR * BASIS) + len(self.loans) + 1


def interest(principal: int, rate: int, seconds: int) -> int:
    """Simple interest at basis points a year of 365 days, to the nearest smallest unit."""
    whole = INTEREST_YEAR * BASIS
    return (2 * principal * rate * seconds + whole) // (2 * whole)


def lending_rate(world: World, lender: str) -> int:
    """Basis points a year on a new loan: the policy rate over the lender, if there is one, plus its
    spread. A story's only central bank is over everyone; of several, the one that regulates it.
    """
    banks = world.fold.state["rate"]
    over = world.linked("regulates", to=lender) if len(banks) > 1 else tuple(banks)
    policy: int = next((banks[bank] for bank in over if bank in banks), 0)
    return max(policy + round(world.parameter("lending_rate", lender)), 0)


def shares_behind(owed: int, limit: float, price: float) -> int:
    """Shares whose value times `limit` covers a debt."""
    return ceil(owed / (limit * price))


# --- what is open -------------------------------------------------------------------------------


def loans(world: World, *, borrower: str | None = None, lender: str | None = None) -> tuple[Owing, ...]:
    """Open loans of a borrower, a lender or both, oldest first."""
    return world.cached(OWED, (borrower, lender), lambda: _loans(world, borrower, lender))


def _loans(world: World, borrower: str | None, lender: str | None) -> tuple[Owing, ...]:
    if borrower is not None or lender is not None:
        return tuple(
            loan
            for loan in loans(world)
            if borrower in (None, loan.borrower) and lender in (None, loan.lender)
        )
    return tuple(sorted(open_loans(world), key=attrgetter("source", "name")))


def open_loans(world: World) -> list[Owing]:
    """Open loans in no order."""
    found = world.each("owed", lambda name: (_owing(world, name),))
    return [loan for (loan,) in found if loan is not None]


def facilities(
    world: World, *, borrower: str | None = None, lender: str | None = None
) -> tuple[Facility, ...]:
    """Loans with shares behind them, and shares still held behind loans that are paid, by facility."""
    return world.cached(SECURED, (borrower, lender), lambda: _facilities(world, borrower, lender))


def _facilities(world: World, borrower: str | None, lender: str | None) -> tuple[Facility, ...]:
    if borrower is not None or lender is not None:
        return tuple(
            facility
            for facility in facilities(world)
            if borrower in (None, facility.borrower) and lender in (None, facility.lender)
        )
    owing: dict[tuple[str, str, str], list[Owing]] = {}
    for loan in loans(world):
        if loan.asset is not None:
            owing.setdefault((loan.borrower, loan.lender, loan.asset), []).append(loan)
    pledges: dict[tuple[str, str, str], list[tuple[str, int]]] = {}
    secured = world.fold.state["secured"]
    for name in sorted(secured, key=lambda name: (world.source(name), moment_of(name), name)):
        terms = _terms(world, name)
        if terms is not None and terms[2] is not None:
            pledges.setdefault((terms[0], terms[1], terms[2]), []).append((name, secured[name]))
    known: dict[tuple[str, str, str], Facility] = world.cached((), "facilities", dict)
    for key in {*owing, *pledges}:
        behind, on = tuple(owing.get(key, ())), tuple(pledges.get(key, ()))
        kept = known.get(key)
        if kept is None or kept.loans != behind or kept.pledges != on:
            known[key] = Facility(*key, loans=behind, pledges=on)
    return tuple([known[key] for key in sorted({*owing, *pledges})])


def in_hand(world: World, facility: Facility) -> int:
    """Shares of a facility that its lender can sell: all that are pledged to it, as far as the borrower
    holds so many, or nobody knows how many it holds.
    """
    key = f"{facility.borrower}/{facility.asset}"
    if key not in world.fold.state["stake"]:
        return facility.shares
    return min(facility.shares, max(world.fold.sum("stake", key), 0))


def uncounted(world: World, facility: Facility) -> int | None:
    """Shares that a borrower pledged of an asset, where nobody counted its own: it holds so many at least."""
    key = f"{facility.borrower}/{facility.asset}"
    return None if key in world.fold.state["stake"] else world.fold.sum("pledged", key)


def call_on(world: World, facility: Facility) -> Call | None:
    """The open margin call on a facility."""
    return calls(world).get((facility.borrower, facility.lender, facility.asset))


def calls(world: World) -> dict[tuple[str, ...], Call]:
    """The open margin calls of processes, by borrower, lender and asset."""
    return world.cached(CALLED, "calls", lambda: _calls(world))


def _calls(world: World) -> dict[tuple[str, ...], Call]:
    open_ = sorted(world.fold.state["called"].items(), reverse=True)
    found = {
        parts_of(name, "call"): Call(name, amount, world.fold.last("call_due", name) or 0)
        for name, amount in open_
    }
    return {parties: call for parties, call in found.items() if parties is not None}


Terms = tuple[str, str, str | None]  # borrower, lender, asset


def _terms(world: World, name: str) -> Terms | None:
    """Borrower, lender and pledged asset, if any, of a loan by its name; None where the loan is not known."""
    purpose = name.partition(":")[0]
    parts = parts_of(name, purpose) if purpose in PURPOSES else None
    if parts is not None:
        return parts[0], parts[1], parts[2] if len(parts) > 2 else None
    told = _told(world, name)
    return None if told is None else (told[0].borrower, told[0].lender, _told_pledge(world, name))


def asset_behind(world: World, name: str) -> str | None:
    """The asset whose shares stand behind a loan, by the loan's name; None where there is none."""
    terms = _terms(world, name)
    return None if terms is None else terms[2]


def _told(world: World, name: str) -> tuple[Loan, int] | None:
    """The loan of that name in the record, where most are named for their entries, and its moment."""
    named = world.timeline.named.get(name)
    for entry in world.timeline.entries if named is None else (named,):
        if isinstance(entry.fact, Loan) and entry.fact.loan == name:
            return entry.fact, entry.moment
    return None


def _told_pledge(world: World, name: str) -> str | None:
    facts = (entry.fact for entry in world.timeline.entries)
    return next((fact.asset for fact in facts if isinstance(fact, Pledge) and fact.loan == name), None)


def _owing(world: World, name: str) -> Owing | None:
    terms = _terms(world, name)
    if terms is None:
        return None
    since = world.fold.last("owed_since", name)
    if since is None:
        told = _told(world, name)
        since = told[1] if told is not None else None
    return Owing(
        name=name,
        borrower=terms[0],
        lender=terms[1],
        asset=terms[2],
        owed=world.fold.sum("owed", name),
        rate=world.fold.last("owed_rate", name) or 0,
        since=since,
        due=world.fold.last("owed_due", name),
        source=world.source(name),
    )


# --- facts of paying back -----------------------------------------------------------------------


def accruing(actor: str, loan: Owing, at: int, within: tuple[int, ...] = ()) -> list[Draft]:
    """Interest to date, added to what is owed; nothing while it rounds to nothing."""
    amount = loan.interest(at)
    if amount == 0:
        return []
    fact = Interest(
        borrower=loan.borrower,
        lender=loan.lender,
        loan=loan.name,
        amount=amount,
        secured=amount if loan.asset is not None else None,
        accrued=at,
    )
    return [Draft(actor, fact, causes=loan.source, within=within)]


def repaying(
    actor: str,
    owing: tuple[Owing, ...],
    amount: int,
    at: int,
    *,
    causes: tuple[int, ...] = (),
    within: tuple[int, ...] = (),
) -> list[Draft]:
    """Interest to date and a repayment, a loan after the other, until an amount is used up."""
    drafts = []
    for loan in owing:
        paid = min(amount, loan.to_date(at))
        if paid > 0:
            fact = Repayment(
                borrower=loan.borrower,
                lender=loan.lender,
                loan=loan.name,
                amount=paid,
                secured=paid if loan.asset is not None else None,
            )
            earlier = tuple(sorted({*loan.source, *causes}))
            drafts += [*accruing(actor, loan, at, within), Draft(actor, fact, causes=earlier, within=within)]
            amount -= paid
    return drafts


def cured(
    world: World,
    actor: str,
    facility: Facility,
    call: Call,
    amount: int,
    reason: str,
    within: tuple[int, ...] = (),
) -> Draft:
    """So much of a call is met, or no longer needed, for a reason in words."""
    borrower, lender, causes = facility.borrower, facility.lender, world.source(call.name)
    fact = Cure(borrower=borrower, lender=lender, call=call.name, amount=amount, reason=reason)
    return Draft(actor, fact, causes=causes, within=within)


def releasing(actor: str, facility: Facility, shares: int, within: tuple[int, ...] = ()) -> list[Draft]:
    """So many of a facility's shares come free."""
    drafts = []
    for name, held in facility.pledges:
        free = min(shares, held)
        if free > 0:
            fact = Release(
                pledger=facility.borrower,
                lender=facility.lender,
                asset=facility.asset,
                shares=free,
                loan=name,
            )
            drafts.append(Draft(actor, fact, within=within))
            shares -= free
    return drafts
