"""How worlds end: ``python tests/bench/ends.py TABLE [SEEDS [WORKERS]]``; tables are those in `TABLES`.

Every figure is over the stories' own values and the seeds 1 to SEEDS, paired where two are compared:
both lives stand on the same chance. What a Default missed is read off what it names as its cause.
"""

import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from math import sqrt
from pathlib import Path
from statistics import mean, stdev
from typing import TypeVar

from attrs import evolve, frozen

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.asking import ask
from support.lives import lived, named

from events.event import Event
from events.funding_facts import Default, Emergence
from events.log import Log
from narrative.analysis.collapse import collapse
from narrative.engine.defaults import in_default
from narrative.engine.run import world_at
from narrative.story.calendar import DAY
from narrative.story.model import Story
from narrative.whatif.fork import BrokenOff

LOOP, AI = "loop", "ai-2025"
END = "2028-12-31"
SHOCK = "2025-10-01"  # in loop: nine months in, when there is something to lose
MADE = "2026-06-30"  # in loop: when the lab has borrowed, and has much on order
DAYS = (1, 30, 90, 365)  # after a default
BOTH = ", where the other is in default by then too"
WHAT = ("value", "cash", f"value{BOTH}", f"cash{BOTH}")
CUTS = ("2025-04-04", "2025-11-03", "2026-07-02")
FALLS = {LOOP: ("market -80%", "lab -80%"), AI: ("market -80%", "openai -80%", "anthropic -80%")}
BILLION = 1_000_000_000
NOBODY = "nobody"  # fails where living broke off


@frozen
class Failure:
    """One default: who, when, and what was missed."""

    debtor: str
    day: str
    missed: str
    back: bool  # in default no longer at the end
    known: bool = False  # the record tells of it later on

    def __str__(self) -> str:
        return f"{self.debtor}: {self.missed}"


def with_(name: str, **values: float) -> Story:
    """A story with parameters at other values, from its first day on."""
    story = named(name)
    assert {*values} <= {p.name for p in story.parameters}
    chosen = tuple(evolve(p, value=values.get(p.name, p.value)) for p in story.parameters)
    return evolve(story, parameters=chosen)


def failures(events: Sequence[Event], story: Story) -> list[Failure]:
    """The defaults of a history, the first of each moment and debtor."""
    found: dict[tuple[str, int], Failure] = {}
    for place, event in enumerate(events):
        fact = event.fact
        if isinstance(fact, Default) and (fact.debtor, event.moment) not in found:
            back = any(
                isinstance(e.fact, Emergence) and e.fact.debtor == fact.debtor and e.moment > event.moment
                for e in events[place:]
            )
            day = story.calendar.day(event.moment)
            known = day < last_told(story).get(fact.debtor, "")
            found[fact.debtor, event.moment] = Failure(fact.debtor, day, _missed(event, events), back, known)
    return list(found.values())


def last_told(story: Story) -> dict[str, str]:
    """The last day on which the record tells a deed, a price or a result of each actor."""
    told = [
        (getattr(entry.fact, name), entry.moment) for entry in story.entries for name in entry.fact.parties
    ]
    told += [(quote.asset, quote.moment) for quote in story.quotes]
    told += [(result.company, result.moment) for result in story.results]
    return {who: story.calendar.day(moment) for who, moment in sorted(told, key=lambda one: one[1]) if who}


def _missed(event: Event, events: Sequence[Event]) -> str:
    """The payment that a debtor could not make, by what its Default names as its cause."""
    fact, because = event.fact, {events[place - 1].kind for place in event.causes}
    assert isinstance(fact, Default)
    if "Liquidation" in because:
        return "a call: what was pledged is sold and does not cover the loan"
    if because & {"Order", "Cancellation", "Delivery"}:
        return f"instalments of orders to {fact.creditor}"
    if because & {"Loan", "OpenLoan"}:
        return f"a loan of {fact.creditor}, or its interest"
    return "a guarantee" if fact.creditor is None else "running costs"


Found = TypeVar("Found")


def lives(name: str, seeds: int, do: Callable[[Story, int], Found], **values: float) -> list[Found]:
    """What `do` finds of each seed of a story, two at a time or as many as were asked for."""
    with ProcessPoolExecutor(int(sys.argv[3]) if len(sys.argv) > 3 else 2) as pool:
        return list(pool.map(partial(do, with_(name, **values)), range(1, seeds + 1), chunksize=5))


# --- histories ----------------------------------------------------------------------------------------


def main(story: Story, seed: int, end: str = END) -> Log:
    return lived(story, cast="full", seed=seed, until=story.calendar.at(end))


def unshocked(story: Story, seed: int) -> tuple[list[Failure], str | None, str | None]:
    """The failures of a history, and when and by what it collapses."""
    events = list(main(story, seed).read("main"))
    verdict = collapse(events, events[-1].moment)
    at = story.calendar.day(verdict.at) if verdict and verdict.at else None
    return failures(events, story), at, verdict.by if verdict else None


def fallen(story: Story, seed: int, at: str = SHOCK) -> list[Failure]:
    """The failures after everything falls by four fifths at a moment."""
    name = LOOP if story.title.startswith("The loop") else AI
    log = main(story, seed, at)
    stopped: list[Failure] = []
    try:
        ask(log, "fall", at=at, shock=list(FALLS[name]), until=END)
    except BrokenOff as error:  # a value that can no longer be counted; who failed by then is counted
        day = story.calendar.day(list(log.read("fall"))[-1].moment)
        stopped.append(Failure(NOBODY, day, f"living broke off: {str(error).partition(' is ')[0]}", False))
    return [one for one in failures(list(log.read("fall")), story) if one.day >= at] + stopped


# --- tables -------------------------------------------------------------------------------------------


def said(title: str, found: Sequence[Sequence[Failure]]) -> None:
    """Who fails, by what, in how many of the histories, when, and how often it comes back."""
    failed = sum(any(one.debtor != NOBODY for one in history) for history in found)
    print(f"\n{title}: somebody fails in {failed} of {len(found)}")
    firsts = [{(one.debtor, one.missed): one for one in reversed(history)} for history in found]
    for who, missed in sorted({key for first in firsts for key in first}):
        ones = [first[who, missed] for first in firsts if (who, missed) in first]
        days = sorted(one.day for one in ones)
        back, known = sum(one.back for one in ones), sum(one.known for one in ones)
        when = f"{days[0]} to {days[-1]}, median {days[len(days) // 2]}"
        line = f"  {who}: {missed} | {len(ones)} | {when} | {back} back"
        print(f"{line} | {known} while the record knows it alive")


def alone(seeds: int) -> None:
    """`loop` as it stands: over its span, and to the end of 2028."""
    found = lives(LOOP, seeds, unshocked)
    early = [[one for one in history if one.day <= "2025-12-31"] for history, _, _ in found]
    said("loop, over its span", early)
    said(f"loop, to {END}", [history for history, _, _ in found])
    collapsed = Counter(by for _, at, by in found if at)
    print(f"  collapse as the story defines it: {sum(collapsed.values())} of {seeds}, by {dict(collapsed)}")


def unpaid(seeds: int) -> None:
    """Nobody outside pays for any use."""
    said("loop, demand 0", [one[0] for one in lives(LOOP, seeds, unshocked, demand=0.0)])


def fall(seeds: int) -> None:
    """Everything falls by four fifths."""
    said(f"loop, -80 % on {SHOCK}", lives(LOOP, seeds, fallen))


def record(seeds: int) -> None:
    """The full cast of ai-2025: as it stands, and from three cuts, with nothing supposed but what is said."""
    found = lives(AI, seeds, unshocked)
    said("ai-2025, as it stands", [one[0] for one in found])
    for cut in CUTS:
        said(f"ai-2025, cut {cut}, nothing else", lives(AI, seeds, partial(cut_at, at=cut)))
        said(f"ai-2025, cut {cut}, demand 0", lives(AI, seeds, partial(cut_at, at=cut, demand=0)))
        said(f"ai-2025, cut {cut}, -80 %", lives(AI, seeds, partial(fallen, at=cut)))


def cut_at(story: Story, seed: int, at: str, **values: float) -> list[Failure]:
    """The failures on a branch of a cut, under other values or none."""
    log = main(story, seed, at)
    ask(log, "cut", at=at, set=dict(values), until=END)
    return [one for one in failures(list(log.read("cut")), story) if one.day >= at]


# --- pairs --------------------------------------------------------------------------------------------


def stopped(seeds: int) -> None:
    """Without the chip maker's money, and with a haircut on shares, beside the story itself."""
    base = lives(LOOP, seeds, figures)
    for what, values in {"invest_share 0": {"invest_share": 0.0}, "haircut 0.3": {"haircut": 0.3}}.items():
        other = lives(LOOP, seeds, figures, **values)
        print(f"\n{what}, {seeds} pairs, to {END}: mean difference [95 %], mean without it")
        for name in base[0]:
            print("  " + paired(name, [(a[name], b[name]) for a, b in zip(base, other, strict=True)]))


def figures(story: Story, seed: int) -> Mapping[str, float]:
    """Figures of one history, in billions."""
    log = main(story, seed)
    events, world = list(log.read("main")), world_at(log, "main")
    readings, state = world.readings, world.fold.state
    lost = failures(events, story)

    def total(kind: str, actor: str) -> float:
        made = [
            e.fact for e in events if e.kind == kind and actor in (e.actor, getattr(e.fact, "company", ""))
        ]
        return sum(getattr(fact, "amount", 0) or 0 for fact in made) / BILLION

    return {
        "lab: mark": (readings.value("lab", world.moment) or 0) / BILLION,
        "lab: cash": (readings.cash("lab") or 0) / BILLION,
        "lab: put in by the chip maker": total("Investment", "lab"),
        "lab: raised in rounds": total("Funding", "lab"),
        "lab: ordered": total("Order", "lab"),
        "lab: paid": state["paid"].get("lab", 0) / BILLION,
        "lab: taken from customers": state["revenue"].get("lab", 0) / BILLION,
        "lab: defaults": float(any(one.debtor == "lab" for one in lost)),
        "founder: defaults": float(any(one.debtor == "founder" for one in lost)),
        "founder: borrowed": total("Loan", "founder"),
        "cloud: ordered": total("Order", "cloud"),
    }


def paired(name: str, pairs: Sequence[tuple[float, float]]) -> str:
    gaps = [other - base for base, other in pairs]
    reach = 1.96 * stdev(gaps) / sqrt(len(gaps))
    middle, base = mean(gaps), mean(first for first, _ in pairs)
    return f"{name} | {middle:+.2f} [{middle - reach:+.2f}, {middle + reach:+.2f}] | {base:.2f}"


def helped(seeds: int) -> None:
    """Whoever defaults beside its twin, to whom somebody outside gave the sum it missed just before; apart
    those whose twin defaults too by the day looked at: they were in court longer, and no better for it.
    """
    pairs = [pair for one in lives(LOOP, seeds, twins) for pair in one]
    for days in DAYS:
        for what in WHAT:
            said_of(days, what, [pair[days, what] for pair in pairs if (days, what) in pair])


def twins(story: Story, seed: int) -> list[dict[tuple[int, str], float]]:
    """For the first default of each debtor: value and cash less its twin's, which paid what it was given."""
    story = evolve(story, until=story.calendar.at(END))  # so that a gift lies within it
    log = main(story, seed)
    events = list(log.read("main"))
    found: list[dict[tuple[int, str], float]] = []
    for event in first_defaults(events):
        fact = event.fact
        assert isinstance(fact, Default)
        gift = sum(
            e.fact.amount or 0
            for e in events
            if isinstance(e.fact, Default) and e.fact.debtor == fact.debtor and e.moment == event.moment
        )
        before = event.moment - 2
        given = {
            "id": "gift",
            "kind": "Payment",
            "actor": "outside",
            "counterparty": fact.debtor,
            "amount": gift / BILLION,
            "date": story.calendar.iso(event.moment - 1),
            "source": "supposed",
            "confidence": "assumption",
            "headline": "Somebody gives what would be missed",
        }
        name = f"twin-{fact.debtor}"
        ask(log, name, at=story.calendar.iso(before), inject=given, until=END)
        found.append(dict(_gaps(log, name, fact.debtor, event.moment, story)))
    return found


def made(seeds: int) -> None:
    """The lab is told to default in the middle of 2026, beside itself."""
    pairs = lives(LOOP, seeds, told_to)
    for days in DAYS:
        for what in WHAT:
            said_of(days, what, [pair[days, what] for pair in pairs if (days, what) in pair])


def told_to(story: Story, seed: int) -> dict[tuple[int, str], float]:
    story = evolve(story, until=story.calendar.at(END))
    at, log = story.calendar.at(MADE), main(story, seed)
    default = {
        "id": "made",
        "kind": "Default",
        "actor": "lab",
        "date": story.calendar.iso(at),
        "source": "supposed",
        "confidence": "assumption",
        "headline": "The lab is made to default",
    }
    ask(log, "made", at=story.calendar.iso(at - 1), inject=default, until=END)
    gaps = _gaps(log, "made", "lab", at, story)
    return {key: -gap for key, gap in gaps}  # of which the main line is the one that does not


def said_of(days: int, what: str, mine: Sequence[float]) -> None:
    if len(mine) > 1:
        better = sum(gap > 0 for gap in mine)
        line = paired("", [(0.0, gap) for gap in mine])
        print(f"{what} after {days} days | {len(mine)} pairs{line} | {better} better off")


def first_defaults(events: Sequence[Event]) -> list[Event]:
    firsts: dict[str, Event] = {}
    for event in events:
        if isinstance(event.fact, Default):
            firsts.setdefault(event.fact.debtor, event)
    return list(firsts.values())


def _gaps(
    log: Log, name: str, who: str, moment: int, story: Story
) -> Iterator[tuple[tuple[int, str], float]]:
    for days in DAYS:
        at = moment + days * DAY
        if at <= story.calendar.at(END):
            worlds = [world_at(log, branch, log.position_at(branch, at)) for branch in ("main", name)]
            late = BOTH if all(in_default(world, who) for world in worlds) else ""
            one, other = (w.readings.value(who, at) for w in worlds)
            cash = [w.readings.cash(who) or 0 for w in worlds]
            if one is not None and other is not None:
                yield (days, f"value{late}"), (one - other) / BILLION
            yield (days, f"cash{late}"), (cash[0] - cash[1]) / BILLION


TABLES = {
    "alone": alone,
    "demand": unpaid,
    "fall": fall,
    "record": record,
    "stopped": stopped,
    "helped": helped,
    "made": made,
}

if __name__ == "__main__":
    TABLES[sys.argv[1]](int(sys.argv[2]) if len(sys.argv) > 2 else 200)
