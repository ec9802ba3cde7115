"""What a timeline takes back, beside what it told: sums below nothing would stand in the books."""

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal

from events.facts import Cancellation, Delivery, Order, Retraction
from narrative.scenario import Entry, Unit
from narrative.story.entries import Seen
from narrative.story.faults import Page, did_you_mean


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
    for one, entry in zip(seen, entries, strict=True):
        for replaced in (told[link.id] for link in entry.links if link.kind == "replaces"):
            announced[replaced.id] = 0
            if isinstance(replaced.fact, Order):
                ordered[replaced.fact.order] = 0
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
        announced[entry.id] += getattr(entry.fact, "ceiling", None) or 0


def _could_retract(page: Page, one: Seen, entry: Entry, of: str, told: Mapping[str, Entry]) -> bool:
    """Whether a retraction is of an earlier entry, and a sum taken back by whoever announced it."""
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
