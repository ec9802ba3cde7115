"""Sums that a timeline counts or takes back, beside what it told before: no money counts twice, and nothing
goes out that did not come in.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from heapq import heappop, heappush
from math import log

from events.books.accounts import Posting, posted
from events.facts import Announcement, Cancellation, Delivery, Order, Retraction
from events.fields import LIMIT, Fact
from events.market_facts import Liquidity, PolicyRate, Repricing
from narrative.books.table import TABLE, UNITS
from narrative.story.entries import Seen
from narrative.story.faults import Page, did_you_mean
from narrative.story.model import Actor, Entry, Unit

# Accounts that hold what is still there, and how a person says that it is. They begin at nothing or at an
# opening balance, and below nothing they say nonsense.
HELD = {
    "outstanding": "is outstanding",
    "owed": "is owed",
    "called": "is called",
    "pledged": "stand pledged",
    "secured": "stand pledged for it",
    "borrowed": "are borrowed",
    "short_margin": "is left as margin",
    "announced": "is announced",
    "committed": "is committed",
    "obligations": "is to be paid",
}
STEEP = 30.0  # ln, either way, that told steps may take a price: ten trillion times
WILD = 10_000  # basis points of surprise, and standard deviations of liquidity, that nobody ever saw
# What an entry that replaces another takes back of it: a ceiling, and what is left of an order.
_UNDONE = ("announced",)
_UNDONE_ORDER = (*_UNDONE, "backlog", "committed", "obligations", "outstanding", "ordered")
# Orders and announcements are weighed one by one, by `check_taken_back`.
_WEIGHED = ("owed", "called", "pledged", "secured", "borrowed", "short_margin", "obligations")


_FIRM = (
    "Only a ceiling and what is left of an order are taken back: mend the sum of the one replaced, or tell "
    "the difference alone."
)
_INSIDE = (
    "Say the sum of the part as `stated`, since the whole counts it; or take it out of the whole, whose "
    "`was` gives the amount before."
)


def _summed(kind: str) -> list[Posting]:
    """The rows of a kind that add to a sum of money or of shares."""
    rows = TABLE.rows(kind)
    return [
        r for r in rows if TABLE.account(r.account).fold == "sum" and UNITS[r.account] in ("money", "shares")
    ]


def counted_twice(entry: Entry, told: Mapping[str, Entry]) -> Iterator[tuple[str, str, str]]:
    """Whom a link of an entry names, what would count twice by it, and the remedy."""
    for link in entry.links:
        other = told.get(link.id)
        if other is None:
            continue
        if link.kind == "replaces" and other.moment <= entry.moment and (left := _left_standing(other.fact)):
            yield link.id, f' replaces "{link.id}", whose sum stays in {left}', _FIRM
        both = sorted(_raised(entry.fact) & _raised(other.fact)) if link.kind == "part_of" else ()
        if both and not (
            other.was and other.was.amount
        ):  # it says that its sum was mended, as to stand without its parts
            yield link.id, f' is part of "{link.id}", and both add to {" of ".join(both[0])}', _INSIDE


def _left_standing(fact: Fact) -> str | None:
    """An account in which a sum of a fact stays when it is replaced, or None where all is taken back."""
    undone = _UNDONE_ORDER if isinstance(fact, Order) else _UNDONE
    rows = [row for row in _summed(type(fact).__name__) if row.account not in undone or row.sign < 0]
    found = sorted(posted(rows, fact), key=lambda posting: posting[0] == "cash")  # a purse says least
    return f"{found[0][0]} of {found[0][1]}" if found else None


def _raised(fact: Fact) -> set[tuple[str, str]]:
    """The (account, key) pairs at which a fact adds to a sum."""
    return {
        (account, key) for account, key, amount in posted(_summed(type(fact).__name__), fact) if amount > 0
    }


def check_counted_once(page: Page, seen: Sequence[Seen]) -> None:
    """No link that is to keep money from counting twice stands where it would count twice all the same."""
    entries = {one.entry.id: one.entry for one in seen if one.entry is not None}
    for one in seen:
        if one.entry is not None:
            for name, what, meant in counted_twice(one.entry, entries):
                path = next(path for path, _, other in one.links if other == name)
                page.fault(path, f'entry "{one.id}"{what}', meant)


def check_held(page: Page, actors: Sequence[Actor], seen: Sequence[Seen], unit: Unit | None) -> None:
    """No more is repaid, met, settled or freed than is owed, called or pledged. As `check_taken_back`, of a
    timeline without faults alone; where an opening balance is unknown nothing can be said.
    """
    if page.faults or unit is None or any(one.entry is None for one in seen):
        return
    opened = {
        f"{actor.id}/{balance.asset}": balance.posted
        for actor in actors
        for balance in actor.opening
        if balance.account == "pledged"
    }
    held = Counter({("pledged", key): shares or 0 for key, shares in opened.items()})
    for one in seen:
        assert one.entry is not None
        rows = [row for row in TABLE.rows(one.entry.kind) if row.account in _WEIGHED]
        found = [(row, *posting) for row in rows for posting in posted([row], one.entry.fact)]
        pledged = {key for _, account, key, _ in found if account == "pledged"}
        for row, account, key, amount in found:
            left = max(held[account, key], 0)
            held[account, key] += amount
            # Which loan shares were pledged for when the story opened is not said.
            known = opened.get(key, 0) is not None and not (account == "secured" and pledged & opened.keys())
            if known and amount < 0 and -amount > left:
                sums = [_count(-amount, account, unit), _count(left, account, unit)]
                what = f'entry "{one.id}" takes {sums[0]} off "{key}", of which {sums[1]} {HELD[account]}'
                page.fault((*one.path, str(row.value)), what, "Lower it.")


def _count(amount: int, account: str, unit: Unit) -> str:
    return f"{amount:,} shares" if UNITS[account] == "shares" else _plain(amount, unit)


def check_steps(page: Page, actors: Sequence[Actor], seen: Sequence[Seen]) -> None:
    """No told step or rate takes a price where it cannot be counted, or to nothing: a slip of units, since a
    step is in 1e-9 of ln. Fading parts count in their own step alone.
    """
    values = {a.id: b.posted for a in actors for b in a.opening if b.account == "value" and b.posted}
    lasting: Counter[str] = Counter()
    for one in seen:
        match one.entry.fact if one.entry is not None else None:
            case Repricing(asset=asset) as fact:
                lasting[asset] += fact.lasting or 0
                ln = (lasting[asset] + (fact.fast or 0) + (fact.slow or 0)) / 1e9
                most = log(LIMIT / values[asset]) if asset in values else STEEP
                if not -STEEP <= ln <= most:
                    what = f'entry "{one.id}" takes the price of {asset} to e^{ln:.4g} of what it was'
                    key = next(
                        key for key in ("lasting", "fast", "slow") if getattr(fact, key) or key == "slow"
                    )
                    page.fault((*one.path, key), what, "A step is in 1e-9 of ln: 20000000 is about 2 %.")
            case PolicyRate(surprise=surprise) if abs(surprise) > WILD:
                what = f'entry "{one.id}" has a surprise of {surprise:,} basis points'
                page.fault((*one.path, "surprise"), what, f"It takes up to {WILD:,}, a hundred per cent.")
            case Liquidity(impulse=int(impulse)) if abs(impulse) > WILD * 10**9:
                what = f'entry "{one.id}" has an impulse of {impulse / 1e9:,.0f} standard deviations'
                page.fault((*one.path, "impulse"), what, "It is in 1e-9 of one: 1000000000 is one.")


def check_taken_back(page: Page, seen: Sequence[Seen], unit: Unit | None) -> None:
    """No more is taken back of what was announced, nor given up of an order, than is left of it. Sums are
    weighed in a timeline without faults alone: one that could not be read would make faults of others.
    """
    entries = [one.entry for one in seen if one.entry is not None]
    if page.faults or unit is None or len(entries) < len(seen):
        return
    told: dict[str, Entry] = {}
    announced: Counter[str] = Counter()  # by entry
    ordered: Counter[str] = Counter()  # by order
    ending: list[tuple[int, str]] = []  # when what was announced is over, and which
    for one, entry in zip(seen, entries, strict=True):
        for replaced in (told[link.id] for link in entry.links if link.kind == "replaces"):
            announced[replaced.id] = 0
            if isinstance(replaced.fact, Order):
                ordered[replaced.fact.order] = 0
        _let_lapse(ending, announced, entry.moment)
        match entry.fact:
            case Retraction(of=str(of), ceiling=ceiling):
                if _could_retract(page, one, entry, of, told):
                    _check_left(page, one, "ceiling", ceiling or 0, of, announced[of], unit)
                announced[of] -= ceiling or 0
            case Cancellation(order=order, amount=amount):
                _check_left(page, one, "amount", amount, order, ordered[order], unit)
                ordered[order] -= amount
            case Order(order=order, amount=amount):
                ordered[order] += amount or 0
            case Delivery(order=str(order), amount=amount):  # what goes beyond the order is unattributed
                ordered[order] = max(ordered[order] - (amount or 0), 0)
        told[entry.id] = entry
        heappush(ending, (_until(entry.fact), entry.id))
        announced[entry.id] += getattr(entry.fact, "ceiling", None) or 0


def _until(fact: Fact) -> int:
    """The moment at which nothing is left of what a fact announces."""
    return fact.until or LIMIT if isinstance(fact, Announcement) else LIMIT


def _let_lapse(ending: list[tuple[int, str]], announced: Counter[str], moment: int) -> None:
    """Nothing is left of what was announced for a time that is over; `ending` is a heap of when each is."""
    while ending and ending[0][0] < moment:
        announced[heappop(ending)[1]] = 0


def _could_retract(page: Page, one: Seen, entry: Entry, of: str, told: Mapping[str, Entry]) -> bool:
    """True for a retraction of an earlier entry, and of a sum by whoever announced it; else notes a fault."""
    if of not in told:
        what = f'entry "{one.id}" takes back "{of}", which no earlier entry tells'
        remedy = did_you_mean(of, told, "Name an earlier entry by its id, or leave `of` out.")
        page.fault((*one.path, "of"), what, remedy)
        return False
    if getattr(entry.fact, "ceiling", None) and told[of].actor != entry.actor:
        what = f'entry "{one.id}" is of "{entry.actor}" and takes back what "{told[of].actor}" announced'
        page.fault((*one.path, "actor"), what, "Let its actor be the one who announced it.")
        return False
    return True


def _check_left(page: Page, one: Seen, key: str, amount: int, name: str, left: int, unit: Unit) -> None:
    if amount > left:
        sums = [_plain(amount, unit), _plain(left, unit)]
        what = f'entry "{one.id}" takes back {sums[0]} of "{name}", of which {sums[1]} stands'
        page.fault((*one.path, key), what, "Lower its sum.")


def _plain(amount: int, unit: Unit) -> str:
    """A sum as the files write it."""
    return f"{(Decimal(amount) / (unit.written_in * 10**unit.digits)).normalize():,f}"
