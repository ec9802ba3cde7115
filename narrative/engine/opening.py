"""The opening moment: the whole story, then one Endowment an actor and opening account, and what an actor
owes from before as loans that bear interest and fall due.

Debt of the opening is owed to whoever is outside. Where its part is played by `lending` and the story gives
an `opening_rate` (basis points a year), it stands in equal parts, one of which falls due at the end of each
of the `opening_term` years.
"""

from collections.abc import Mapping

from attrs import fields

from events.event import OUTSIDE, Act, Draft
from events.fields import Told
from events.record_facts import Endowment, Opening, OpenLoan
from narrative.engine.ids import named
from narrative.story.calendar import DAY, YEAR_IN_DAYS
from narrative.story.cast import parts
from narrative.story.model import Balance, Parameter, Story

MODEL = "5"  # of the processes: a history lived by another model says so when it is lived on


def opening_acts(story: Story, *, seed: int, cast: str) -> list[Act]:
    """The acts of a history's first moment."""
    opening = Opening(
        story=story.id, edition=story.edition, model=MODEL, seed=seed, cast=cast, text=story.dump()
    )
    endowments = [
        Draft(actor.id, _endowment(actor.id, balance, opened), "recorded")
        for actor in story.actors
        for balance in actor.opening
        if (opened := balance.opened(cast)) is not None and balance.account in ENDOWED
    ]
    return [(Draft("story", opening, "recorded"),), *((one,) for one in [*endowments, *_owed(story, cast)])]


def _owed(story: Story, cast: str) -> list[Draft]:
    collected = any(part.process == "lending" and part.actor == OUTSIDE for part in parts(story, cast))
    given = {parameter.name: parameter for parameter in story.parameters}
    drafts = []
    for actor in story.actors if collected else ():
        rate, term = _of("opening_rate", actor.id, given), _of("opening_term", actor.id, given)
        opened = {balance.account: balance.opened(cast) or 0 for balance in actor.opening}
        debt = opened.get("debt", 0) - opened.get("margin", 0)
        if rate is not None and term is not None and debt > 0:
            drafts += _ladder(actor.id, debt, rate, max(round(term.value), 1), story.start)
    return drafts


def _of(name: str, actor: str, given: Mapping[str, Parameter]) -> Parameter | None:
    return given.get(f"{name}.{actor}", given.get(name))


def _ladder(borrower: str, debt: int, rate: Parameter, years: int, start: int) -> list[Draft]:
    """A debt in equal parts, the first with what is left over: one falls due each year."""
    drafts = []
    for year in range(1, years + 1):
        due = start + round(year * YEAR_IN_DAYS * DAY)
        told = Told(
            entry=f"opening:{borrower}:loan:{year}",
            headline=f"{borrower} owes a part of its debt for {year} years more",
            source=rate.source,
            confidence=rate.confidence,
        )
        fact = OpenLoan(
            told=told,
            borrower=borrower,
            lender=OUTSIDE,
            loan=named("bond", borrower, OUTSIDE, moment=due),
            amount=debt // years + (debt % years if year == 1 else 0),
            rate=max(round(rate.value), 0),
            due=due,
            accrued=start,
        )
        drafts.append(Draft(borrower, fact, "recorded"))
    return drafts


ENDOWED = frozenset(a.name for a in fields(Endowment)) - {"told", "holder", "asset"}


def _endowment(holder: str, balance: Balance, opened: int) -> Endowment:
    told = Told(
        entry=f"opening:{holder}:{balance.account}",
        headline=f"{holder} opens with {balance.account}",
        source=balance.source,
        confidence="assumption" if balance.unknown else balance.confidence,
        url=balance.url,
        note=balance.note,
    )
    return Endowment(told=told, holder=holder, asset=balance.asset, **{balance.account: opened})
