"""The parameters that a story must give: those of readings, and those that its processes declare."""

from collections.abc import Collection
from math import log

from narrative.books.table import ACCOUNTS
from narrative.story.calendar import YEAR_IN_DAYS
from narrative.story.declared import declared, ours

HALF_LIVES = tuple(account.half_life for account in ACCOUNTS if account.half_life)
# Half-lives that a story may leave out, in days. A flow that halves its weight in the first, and never
# changes, weighs what it brings in a year: ln 2 of one. The others are those of a price's fading means.
LEFT_OUT = {
    "trailing_half_life": log(2.0) * YEAR_IN_DAYS,
    "trend_half_life_fast": 10.0,
    "trend_half_life_slow": 60.0,
}
READING = (*(name for name in HALF_LIVES if name not in LEFT_OUT), "duration", "liquidity_sensitivity")
# How a market hears what a process does, which no record gives a tone: asked for by each that does any.
HEARD = ("modelled_tone", "modelled_strength", "words_tone", "words_spread")


def asked_by(processes: Collection[str], name: str) -> bool:
    """Whether one of the processes, or a reading, asks for a parameter. True also for one that no process
    at all, of the given or of ours, asks for.
    """
    base = name.partition(".")[0]
    asking = {process for process in {*ours(), *processes} if base in _asked(process)}
    return base in READING or not asking or not asking.isdisjoint(processes)


def _asked(process: str) -> tuple[str, ...]:
    found = declared(process)
    return (*found.parameters, *found.optional, *found.reading)
