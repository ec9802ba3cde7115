"""The ground that a told fact stands on, in a branch where it has moved.

A record tells what happened in a world that was as it was. Where a supposition has made another, a round is
not raised at a value that is gone, nobody pays out of an empty purse, and what is in default signs nothing.
A round of a private company was priced against what is listed, so it presupposes that too. An entry says in
`needs` what it presupposes, or its kind does; where that no longer holds it is told smaller, or not at all,
with the reason. Nothing recorded is dropped where nothing is supposed.
"""

from collections.abc import Collection, Iterator

from attrs import evolve, fields_dict, frozen

from events.event import OUTSIDE
from events.fields import Fact
from events.funding_facts import Default
from narrative.books.flows import ends, money_rows
from narrative.engine.defaults import in_default
from narrative.engine.level import listed_values, recorded
from narrative.engine.stakes import private
from narrative.engine.world import World
from narrative.story.model import Entry, Need
from narrative.story.supposition import FOLLOWING

# Author's choices: below this part of the value on record a round or a bond is not to be had, and from the
# other part up it is told as it was, since prices of rounds are not that exact.
LEAST, SAME = 0.5, 0.9
# By kind, the field whose purse pays and the one whose value bears it, where the kind has such.
_PAYS = {"Payment": "payer", "Investment": "investor", "Repayment": "borrower", "Trade": "buyer"}
_BEARS = {"Funding": "company", "Investment": "company", "Loan": "borrower"}
# Fields that shrink with the sum: where less is paid, and where it is paid at a lower value.
_LESS = ("amount", "settles", "secured", "shares", "part")
_LOWER = ("amount", "post_money")


@frozen(kw_only=True)
class Told:
    """How an entry is told: its fact as it can be, None where it cannot, and why not as it was."""

    fact: Fact | None
    reason: str = ""


def grounded(world: World, entry: Entry, here: Collection[str]) -> Told:
    """An entry as this history bears it; `here` are those told before it in the same moment."""
    whole = Told(fact=entry.fact)
    if not world.timeline.suppositions or entry.id in world.timeline.supposed:
        return whole
    for need in entry.needs if entry.needs is not None else _usual(entry):
        told = _held(world, entry, need, here)
        if told is not None:
            return told
    return whole


def _usual(entry: Entry) -> Iterator[Need]:
    """The presuppositions of a kind: the entries that it rests on are told, who signs is not in default,
    who pays has the money, and what is raised stands on a value. Words presuppose nothing: all may speak.
    """
    for link in entry.links:
        if link.kind in FOLLOWING:
            yield Need(entry=link.id)
    if not money_rows(entry.kind) or entry.kind == "Announcement":
        return
    for party in dict.fromkeys(ends(entry.fact)):
        if party is not None and party != OUTSIDE:
            yield Need(solvent=party)
    pays, bears = (getattr(entry.fact, kinds.get(entry.kind, ""), None) for kinds in (_PAYS, _BEARS))
    firm = getattr(entry.fact, "amount", None)
    if bears not in (None, OUTSIDE) and (firm or getattr(entry.fact, "post_money", None)):
        yield Need(mark=bears, least=LEAST, otherwise="shrunk")
    if pays not in (None, OUTSIDE) and firm:
        yield Need(cash=pays, otherwise="shrunk")


def _held(world: World, entry: Entry, need: Need, here: Collection[str]) -> Told | None:
    """How an entry is told where a need of it does not hold; None where it does, or does not matter."""
    if need.otherwise == "told":
        return None
    if need.entry is not None:
        # One that was asked away took with it what was not kept.
        earlier, asked = world.timeline.named.get(need.entry), need.entry in world.timeline.withheld
        due = earlier is not None and earlier.moment < entry.moment and not asked
        missing = due and not (need.entry in world.told or need.entry in here)
        return Told(fact=None, reason=f"{need.entry}, on which it rests, was not told") if missing else None
    if need.solvent is not None:
        lost = in_default(world, need.solvent) and not _on_record(world, need.solvent)
        return Told(fact=None, reason=f"{need.solvent} is in default") if lost else None
    if need.cash is not None:
        return _paid(world, entry, need)
    return _marked(world, entry, need)


def _on_record(world: World, debtor: str) -> bool:
    """Whether the record itself tells of the default in which a debtor is: it then knows what came of it."""
    since = world.fold.last("defaulted", debtor)
    return any(
        isinstance(entry.fact, Default) and (entry.fact.debtor, entry.moment) == (debtor, since)
        for entry in world.timeline.entries
        if entry.id in world.told and entry.id not in world.timeline.supposed
    )


def _paid(world: World, entry: Entry, need: Need) -> Told | None:
    assert need.cash is not None
    amount, cash = getattr(entry.fact, "amount", None) or 0, world.readings.cash(need.cash)
    if cash is None or cash >= amount:
        return None
    if cash <= 0 or need.otherwise == "untold":
        return Told(fact=None, reason=f"{need.cash} has not got the money")
    part = f"{100 * cash // amount} % of it"
    return Told(fact=_scaled(entry.fact, _LESS, cash, amount), reason=f"{need.cash} has money for {part}")


def _marked(world: World, entry: Entry, need: Need) -> Told | None:
    assert need.mark is not None
    who, value, then = _lowest(world, need.mark, entry.moment)
    if not then or value is None or value >= SAME * then:
        return None
    part = f"{who} is worth {max(100 * value // then, 0)} % of what it was on record"
    if need.otherwise == "untold" or value < (need.least or LEAST) * then:
        return Told(fact=None, reason=part)
    return Told(fact=_scaled(entry.fact, _LOWER, value, then), reason=part)


def _lowest(world: World, actor: str, at: int) -> tuple[str, int | None, int | None]:
    """The value of an actor in this history and on record, just before an entry; of a private one that of
    all that is listed, where it lost the larger part: its mark knows nothing of markets before it is set.
    """
    value, then = world.readings.value(actor, at), recorded(world, actor, at)
    if value is not None and then and private(world, actor):
        listed, before = listed_values(world, at)
        if listed * then < value * before:
            return "what is listed", listed, before
    return actor, value, then


def _scaled(fact: Fact, names: tuple[str, ...], part: int, whole: int) -> Fact:
    """A fact with the fields of these names that it has in proportion, in whole units."""
    held = {name: getattr(fact, name) for name in names if name in fields_dict(type(fact))}
    return evolve(fact, **{name: one * part // whole for name, one in held.items() if one is not None})
