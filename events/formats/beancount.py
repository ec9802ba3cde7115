"""Beancount: the journal of one purse account, for an independent accountant's program to check.

Every event that posts to the account is a transaction whose legs are the postings of the table, so
that it balances if the table conserves; at the end stands an assertion for each purse, so that an
amount altered on both sides is noticed too. Amounts are exact. Dates are proleptic Gregorian. An
account is opened on the day it is first posted to.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta

from events.books.accounts import Table, posted
from events.errors import Wrong
from events.event import OUTSIDE, Event
from events.fields import Fact

_EPOCH = date(1970, 1, 1)


class TooFar(Wrong):
    """A moment that no date of this format can write."""


def lines(
    events: Iterable[Event], table: Table, account: str, *, title: str, currency: str, digits: int
) -> Iterator[str]:
    """The lines of a journal. `digits` is how many decimals of the currency the smallest unit is."""
    unit = commodity(currency)
    yield f"; {_plain(title)}"
    yield "; Written by narrative-engine; days are proleptic Gregorian."
    yield f'option "title" "{_plain(title)}"'
    yield f'option "operating_currency" "{unit}"'
    rows = {
        kind: tuple(row for row in table.rows(kind) if row.account == account)
        for kind in {row.kind for row in table.postings}
    }
    names: dict[str, str] = {}
    taken: set[str] = set()
    held: dict[str, int] = {}
    day, last = None, 0
    for event in events:
        legs = [(key, amount) for _, key, amount in posted(rows.get(event.kind, ()), event.fact)]
        if day is None:
            yield f"\n{_day(event.moment)} commodity {unit}"
        day, last = _day(event.moment), event.moment
        if not legs:
            continue
        for key, _ in legs:
            if key not in names:
                names[key] = _account(key, taken)
                taken.add(names[key])
                yield f"\n{day} open {names[key]} {unit}"
        yield from _transaction(event, day)
        for key, amount in legs:
            held[key] = held.get(key, 0) + amount
            yield f"  {names[key]}  {money(amount, digits)} {unit}"
    if day is not None:
        after = _day(last, 1)  # an assertion holds for how its day begins
        yield ""
        yield from (f"{after} balance {names[key]}  {money(held[key], digits)} ~ 0 {unit}" for key in names)


def _transaction(event: Event, day: str) -> Iterator[str]:
    told = event.fact.told
    text = told.headline if told else _between(event.fact)
    yield f'\n{day} * "{event.kind}" "{_plain(text)}" #{event.origin}'
    yield f"  position: {event.position}"
    yield f'  actor: "{_plain(event.actor)}"'
    if told:
        yield f'  source: "{_plain(told.source)}"'
        yield f'  confidence: "{told.confidence}"'


def _between(fact: Fact) -> str:
    parties = [getattr(fact, name) for name in fact.parties]
    return " to ".join(party for party in parties if party)


def money(amount: int, digits: int) -> str:
    """A sum in the smallest unit as an exact decimal."""
    whole, rest = divmod(abs(amount), 10**digits)
    return f"{'-' if amount < 0 else ''}{whole}{f'.{rest:0{digits}d}' if digits else ''}"


def commodity(currency: str) -> str:
    """A currency's name as Beancount takes one: capitals and digits, a letter first."""
    name = re.sub(r"[^A-Z0-9]+", "-", currency.upper()).strip("-") or "XXX"
    name = name if name[0].isalpha() else f"X-{name}"
    return (name if len(name) > 1 else f"{name}X")[:24].rstrip("-")


def _account(key: str, taken: Collection[str]) -> str:
    name = re.sub(r"[^A-Za-z0-9]+", "-", key).strip("-") or "X"
    root = "Equity" if key == OUTSIDE else "Assets:Cash"
    plain = found = f"{root}:{name[0].upper()}{name[1:]}"
    number = 1
    while found in taken:
        number += 1
        found = f"{plain}-{number}"
    return found


def _day(moment: int, later: int = 0) -> str:
    """The day of a moment, or one so many days later."""
    try:
        return (_EPOCH + timedelta(days=later, seconds=moment)).isoformat()
    except OverflowError:
        raise TooFar(
            f"The moment {moment} lies outside the years 1 to 9999 that Beancount can write; "
            "export JSON Lines or Parquet."
        ) from None


def _plain(text: str) -> str:
    """A text between quotation marks: on one line, with its own marks escaped."""
    one = " ".join("".join(c if c.isprintable() or c.isspace() else "?" for c in text).split())
    return one.replace("\\", "\\\\").replace('"', '\\"')
