"""A branch that was just lived, as lines."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import UNSET

from narrative.cli.spread import chance_lines
from narrative.prose.finding import verdict
from narrative.text.numbers import count, money, plain_date
from narrative.text.words import residual

if TYPE_CHECKING:
    from narrative.verbs.answers.living import Forked

MOVED = 3  # values that are shown of those a branch moves


def forked_lines(told: "Forked") -> Iterator[str]:
    """How much was told and lived after the fork, on which ground, whether it collapses, what it moves."""
    after = told.recorded + told.lived + told.supposed
    yield (
        f"{told.db}@{told.branch}: {count(after)} events after the fork at {told.at}, of which "
        f"{count(told.recorded)} recorded, {count(told.lived)} lived and {count(told.supposed)} "
        f"supposed; lived to {told.until}"
    )
    if told.unmoved is not None:
        yield f"Nothing differs from {told.parent}: {told.unmoved}."
    yield from _ground(told)
    yield f"digest {told.digest}"
    if told.collapse is not None:
        yield verdict(told.collapse.plain())
    yield from _ends(told)
    if told.chance is not UNSET:
        yield from chance_lines(told.chance)


def _ground(told: "Forked") -> Iterator[str]:
    """How much of the record is not told, told smaller, or stands on ground that has moved."""
    clauses = [
        (told.withheld, "recorded facts are not told"),
        (told.shrunk, "are told smaller"),
        (told.unsettled, "stand on ground that has moved by more than a tenth"),
    ]
    said = [f"{count(len(found))} {clause}" for found, clause in clauses if found]
    if said:
        yield f"{'; '.join(said)} (--json lists them)."


def _ends(told: "Forked") -> Iterator[str]:
    """The values that are moved most, which end of the residual they are, and how to live the other."""
    if not told.ends or not told.residual:
        return
    unit = {"currency": told.currency, "digits": told.digits}
    names = [told.branch, *([told.other_end] if told.other_end else [])]
    yield f"\nmoved most by {plain_date(told.ends[0].at)}:"
    for row in told.ends[:MOVED]:
        parent, reached = money(row.parent, unit), [money(value, unit) for value in row.reached]
        if {parent} == set(reached) and row is not told.ends[0]:
            break  # each moves less than the one before: what reads the same says nothing
        there = (f"{value} in {name}" for value, name in zip(reached, names, strict=True))
        yield f"  {row.actor}: {parent} in {told.parent}, {', '.join(there)}"
    sentence = f"In {told.branch} {residual(told.residual)}"
    if told.other_end:
        sentence += f"; in {told.other_end} nothing of each asset's own is, from the fork on"
    elif told.residual.get("residual_own"):
        sentence += f". The other end is the same with --name {told.branch}-own-0 --set residual_own=0"
        sentence += "; --ends lives both"
    yield f"{sentence}."
