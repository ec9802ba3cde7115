"""The claims made about such manias, each with what would speak against it, judged by a history.

A claim is words, a switch that takes away what it is about, and a judge: a function of evidence. No verdict
is written here; other evidence, another verdict. Thresholds are the story's, or the usual ones.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from attrs import frozen

from narrative.story.model import Thresholds
from narrative.text.numbers import interval, share
from narrative.text.words import listed
from narrative.weighing.judging import (
    FAILS,
    HOLDS,
    REFUTED,
    UNDECIDED,
    UNTESTED,
    Bound,
    Estimate,
    alike,
    all_of,
    any_of,
    joined,
    over,
    under,
)
from narrative.weighing.mirrored import LEAD, OUTPUT, leading
from narrative.weighing.paired import BASE, Arms, adds, adds_plainly, stands
from narrative.weighing.simulacrum import NAMES as PARTED
from narrative.weighing.struck import Tried, arm

ALIKE = {"circle": "goes round", "self_financed": "of sales sellers could have paid", "belief": "is belief"}


class Seen(Protocol):
    """The evidence that claims are judged by."""

    @property
    def acting(self) -> bool: ...
    @property
    def thresholds(self) -> Thresholds: ...
    @property
    def last_day(self) -> str: ...
    @property
    def names(self) -> Mapping[str, str]: ...
    @property
    def arms(self) -> Arms: ...
    @property
    def unearned(self) -> Estimate | None: ...
    @property
    def cash_of_words(self) -> int | None: ...
    @property
    def struck(self) -> Arms | None: ...
    @property
    def tried(self) -> tuple[Sequence[Tried], Mapping[str, str]]: ...
    @property
    def severed(self) -> Arms | None: ...
    @property
    def made(self) -> Arms | None: ...
    @property
    def other(self) -> Arms | None: ...


@frozen
class Finding:
    """A verdict, the figure it rests on, and one plain sentence; `of` is the shock that the figure is of."""

    verdict: str
    figure: Estimate | None
    said: str
    of: str | None = None


Judge = Callable[[Seen, str | None], Finding]


@frozen(kw_only=True)
class Claim:
    """A claim: its words, what shows it, the prepared what-ifs that could be its switch (the first that a
    story has), what speaks against it (with thresholds by their names), the command that makes one of the
    branches behind it or shows its parts, and its judge. `shocks` are the first words of the shocks that it
    takes, "" all of them.
    """

    id: str
    words: str
    shown: str
    fails: str
    judge: Judge
    command: str
    switches: tuple[str, ...] = ()
    shocks: tuple[str, ...] = ()


def _unknown(why: str) -> Finding:
    return Finding(UNTESTED, None, f"{why}.")


def _part(found: Estimate) -> str:
    return f"{share(found.value)} {interval(share(found.low), share(found.high))}"


def _moves(found: Estimate) -> bool:
    """Whether an effect is any: where there is none at all, the switch does not reach what is measured."""
    return (found.low, found.high) != (0.0, 0.0)


def _called(seen: "Seen", kind: str) -> str:
    """A kind of shock, or a link, with the names of its actors: delay NVIDIA, NVIDIA → OpenAI."""
    if "->" in kind:
        return " → ".join(seen.names.get(one, one) for one in kind.split("->"))
    return " ".join(seen.names.get(word, word) for word in kind.split())


def _paired(measure: str, thing: str) -> Judge:
    """The judge of "it adds to a measure", by the paired branch without it."""

    def judge(seen: Seen, switch: str | None) -> Finding:
        found = adds(seen.arms, switch, measure) if switch is not None else None
        if found is None:
            return _unknown(_no_switch(seen, switch))
        said = (
            f"would be lower by {_part(found)} without it"
            if _moves(found)
            else "would be the same without it"
        )
        return Finding(over(found, seen.thresholds.matters), found, f"{thing} {said}.")

    return judge


def _no_switch(seen: Seen, switch: str | None) -> str:
    if switch is None:
        return "The story prepares no what-if that takes it away"
    return "With the market alone nobody answers; it takes the full cast" if not seen.acting else "Not lived"


def _expectations(seen: Seen, _: str | None) -> Finding:
    found = seen.unearned
    if found is None:
        return _unknown("No results are on file to hold prices against")
    said = f"Of the rise to the highest values, {_part(found)} is not accounted for by results a year on."
    return Finding(over(found, seen.thresholds.unearned), found, said)


def _injection(seen: Seen, switch: str | None) -> Finding:
    moved = seen.cash_of_words
    if moved is None:
        return _unknown("Nothing is announced")
    weaker = _paired("financed", "Finance raised")(seen, switch)
    if moved:
        return Finding(weaker.verdict, weaker.figure, f"Announcements move cash themselves. {weaker.said}")
    said = (
        f"No announcement moves any cash; the weaker form, that more is raised, {_as_read(weaker.verdict)}."
    )
    return Finding(REFUTED, weaker.figure, f"{said} {weaker.said}")


def _as_read(verdict: str) -> str:
    return verdict if verdict in (HOLDS, FAILS) else f"is {verdict}"


def _in_shares(seen: Seen, _: str | None) -> Finding:
    late, least, most, count = (
        stands(seen.arms, BASE, name) for name in ("late_shares", "late_least", "late_most", "share_deals")
    )
    if late is None or least is None or most is None or count is None:
        return _unknown("No deal is paid in shares")
    of = Bound(
        over="deals", end="", of=round(count.value), value=late.value, low=least.value, high=most.value
    )
    found = joined([*late.bounds, of])
    assert found is not None  # of one bound or more there is a figure
    said = f"After half of the rise come {_part(found)} more of the deals paid in shares than of the time."
    return Finding(over(found, 0.0), found, said)


def _circle(seen: Seen, _: str | None) -> Finding:
    beyond, round_ = (stands(seen.arms, BASE, name) for name in ("beyond", "circle"))
    chance = stands(seen.arms, BASE, "chance")
    if beyond is None or round_ is None or chance is None:
        return _unknown("Too little is paid between named parties to rewire")
    said = (
        f"{share(round_.value)} of what is paid goes round, and {share(chance.value)} is what 95 % of random "
        f"rewirings stay below: a difference of {_part(beyond)}."
    )
    return Finding(over(beyond, 0.0), beyond, said)


def _undelivered(seen: Seen, _: str | None) -> Finding:
    found = stands(seen.arms, BASE, "delivered_part")
    if found is None:
        return _unknown("Nobody but the market plays, so nothing is delivered on what is ordered")
    return Finding(
        under(found, seen.thresholds.delivered),
        found,
        f"{_part(found)} of what is committed to is delivered by the end.",
    )


def _temporary(seen: Seen, _: str | None) -> Finding:
    found = stands(seen.arms, BASE, "realised")
    if found is None:
        return _unknown("Nobody named holds a large stake of known value")
    said = f"Sold at once, large stakes would bring {_part(found)} of their mark."
    return Finding(under(found, seen.thresholds.realised), found, said)


def _deeper(seen: Seen, switch: str | None) -> Finding:
    found = adds_plainly(seen.arms, switch, "fall") if switch is not None else None
    if found is None:
        return _unknown(_no_switch(seen, switch))
    said = (
        f"is {_part(found)} of value deeper with them" if _moves(found) else "would be the same without them"
    )
    return Finding(over(found, seen.thresholds.matters), found, f"The deepest fall {said}.")


def _metastable(seen: Seen, _: str | None) -> Finding:
    struck = seen.struck
    alone = stands(struck, BASE, "collapsed", counted=True) if struck is not None else None
    if struck is None or alone is None:
        return _unknown(_no_shock(seen))
    kinds = [one.dial.kind for one in seen.tried[0]]
    beyond = {
        kind: found
        for kind in kinds
        if (found := stands(struck, arm(kind, "fair"), "broke", counted=True)) is not None
    }
    stayed = [stands(struck, arm(kind, "back"), "stayed", counted=True) for kind in kinds]
    breaks = any_of([over(found, seen.thresholds.sure - 1e-9) for found in beyond.values()])
    stays = any_of([over(found, seen.thresholds.broken) for found in stayed])
    stays = UNDECIDED if stays == UNTESTED else stays  # what does not break cannot come back
    worst = max(beyond, key=lambda kind: beyond[kind].value, default=None)
    most = "nothing was tried" if worst is None else f"{_called(seen, worst)} breaks {_part(beyond[worst])}"
    said = (
        f"Unshocked {share(alone.value)} collapse (at most {share(alone.high)}); by no more than half a "
        f"collapse of its own, {most}."
    )
    return Finding(all_of(under(alone, seen.thresholds.calm), breaks, stays), alone, said, worst)


def _no_shock(seen: Seen) -> str:
    return "The story does not say in figures what breaks it" if seen.acting else _no_switch(seen, "")


def _trigger(kind: str) -> Judge:
    """The judge of "this kind of shock breaks it", at what is plausible."""

    def judge(seen: Seen, _: str | None) -> Finding:
        struck = seen.struck
        if struck is None:
            return _unknown(_no_shock(seen))
        tried, refused = seen.tried
        one = next((one.dial for one in tried if one.dial.kind.split()[0] == kind), None)
        if one is None:
            why = next((why for name, why in refused.items() if name.split()[0] == kind), None)
            return _unknown(why or "No shock of that kind can be turned up")
        found = stands(struck, arm(one.kind, "plausible"), "broke", counted=True)
        fall = stands(struck, arm(one.kind, "plausible"), "fall")
        if found is None or fall is None:
            return _unknown("It collapses without any shock")
        said = (
            f"{one.plausible:g} {one.unit} break {_part(found)}, the deepest fall being {share(fall.value)}."
        )
        return Finding(over(found, seen.thresholds.broken), found, said, one.kind)

    return judge


def _one_link(seen: Seen, _: str | None) -> Finding:
    severed = seen.severed
    if severed is None:
        return _unknown(_no_switch(seen, ""))
    costs = {
        name: (total, excess)
        for name in severed.rows
        if (total := stands(severed, name, "total")) and (excess := stands(severed, name, "excess"))
    }
    if not costs:
        return _unknown("No link is among those that its collapse is about")
    worst = max(costs, key=lambda name: costs[name][0].value)
    total, excess = costs[worst]
    verdicts = [
        all_of(over(one, seen.thresholds.unwound), over(other, seen.thresholds.matters))
        for one, other in costs.values()
    ]
    said = (
        f"{_called(seen, worst)} costs most: {_part(total)} of what is listed, others {_part(excess)} more "
        "than by falls of its two ends alone."
    )
    return Finding(any_of(verdicts), total, said, f"link {worst}")


def _infinite(seen: Seen, switch: str | None) -> Finding:
    found = stands(seen.arms, switch, "failed", counted=True) if switch is not None else None
    fewer = adds_plainly(seen.arms, switch, "failed", counted=True) if switch is not None else None
    if found is None or fewer is None:
        return _unknown(_no_switch(seen, switch))
    more = Estimate(-fewer.value, -fewer.high, -fewer.low)
    said = (
        f"Without any demand from outside somebody fails by {seen.last_day} in "
        f"{_part(found)}, which is {_part(more)} more than with it."
    )
    return Finding(
        all_of(over(found, seen.thresholds.broken), over(more, seen.thresholds.matters)), found, said
    )


def _again(seen: Seen, _: str | None) -> Finding:
    if seen.other is None:
        return _unknown("It takes a second story beside it")
    pairs = {
        name: (one, other)
        for name in ALIKE
        if (one := stands(seen.arms, BASE, name)) and (other := stands(seen.other, BASE, name))
    }
    if not pairs:
        return _unknown("The two have no measure in common")
    gaps = {
        name: Estimate(a.value - b.value, a.low - b.high, a.high - b.low) for name, (a, b) in pairs.items()
    }
    widest = max(gaps, key=lambda name: abs(gaps[name].value))
    told = [f"{share(a.value)} and {share(b.value)} {ALIKE[name]}" for name, (a, b) in pairs.items()]
    said = f"Here and there {listed(told)}; they differ most by {_part(gaps[widest])}."
    return Finding(
        all_of(*(alike(a, b, seen.thresholds.alike) for a, b in pairs.values())), gaps[widest], said
    )


def _mirrors(seen: Seen, _: str | None) -> Finding:
    if seen.made is None:
        return _unknown(_no_switch(seen, ""))
    lead = stands(seen.made, BASE, LEAD)
    if lead is None:
        return _unknown("Nothing of it could be switched off")
    parts = {name: stands(seen.made, BASE, name) for name in PARTED}
    told = [f"{name} {share(found.value)}" for name, found in parts.items() if found]
    ahead = f"{_ahead(seen.made)}; the largest of the three is so by {_part(lead)}"
    said = f"Of what they move: {listed(told)}. {ahead}."
    return Finding(over(lead, 0.0), lead, said)


def _ahead(made: Arms) -> str:
    """The three that could have made the growth without output, by whether each is surely ahead of it."""
    ways = {HOLDS: "ahead of output", FAILS: "not ahead of it", UNDECIDED: "ahead or not"}
    found = {name: over(stands(made, BASE, leading(name)), 0.0) for name in PARTED if name != OUTPUT}
    groups = {way: [name for name, verdict in found.items() if verdict == way] for way in ways}
    said = "; ".join(f"{ways[way]}: {listed(names)}" for way, names in groups.items() if names)
    return said[:1].upper() + said[1:]


BRANCH = "what-if {history} --from {switch} --reseed {seed} --name {switch}-{seed}"
BREAK = 'fragility {history} --at {day} --seeds {seeds} --shock "{of}"'
CLAIMS = (
    Claim(
        id="expectations", words="Prices follow expectations, not output",
        shown="values at their highest beside results then and a year on",
        fails="less than {unearned} of the rise is unaccounted for", judge=_expectations,
        command="replay {history}",
    ),
    Claim(
        id="injection", words="An announcement works like a gift of money",
        shown="repricing beside the cash account, which does not move",
        fails="finance raised surely falls by less than {matters} without announcements", judge=_injection,
        command=BRANCH, switches=("no-announcements", "half-tone"),
    ),
    Claim(
        id="collateral", words="A higher value is turned into borrowing, and that into orders",
        shown="orders with and without lending against value",
        fails="orders surely fall by less than {matters} without it", judge=_paired("ordered", "Orders"),
        command=BRANCH, switches=("no-debt", "no-pledging"),
    ),
    Claim(
        id="share-money", words="Inflated shares serve as money",
        shown="deals paid in shares, before and after half of the rise",
        fails="they are no more frequent after it", judge=_in_shares, command="log {history} --kind Issue",
    ),
    Claim(
        id="circle", words="Capital goes round the same few firms",
        shown="what goes round of all that is paid", fails="random rewirings with the same totals do as much",
        judge=_circle, command="measure circularity {history}",
    ),
    Claim(
        id="false-output", words="Circulating money looks like growth",
        shown="deliveries with and without reinvestment",
        fails="they surely fall by less than {matters} without it", judge=_paired("delivered", "Deliveries"),
        command=BRANCH, switches=("no-reinvestment", "no-chip-reinvestment"),
    ),
    Claim(
        id="no-delivery", words="Wealth rises while little is delivered",
        shown="delivered of committed by the end, over seeds", fails="{delivered} or more is delivered",
        judge=_undelivered, command="measure output {history}",
    ),
    Claim(
        id="temporary", words="The wealth is temporary, not stored",
        shown="what large stakes would bring, sold at once",
        fails="{realised} or more of their mark", judge=_temporary, command="sectors {history}",
    ),
    Claim(
        id="oxygen", words="Rate cuts feed it", shown="the highest value with and without the cuts",
        fails="it surely falls by less than {matters} without them",
        judge=_paired("peak", "The highest value"),
        command=BRANCH, switches=("holds-for-cuts", "no-cuts"),
    ),
    Claim(
        id="worse", words="Cuts make the fall deeper", shown="the deepest fall with and without the cuts",
        fails="it is surely deeper by less than {matters} of value", judge=_deeper,
        command=BRANCH, switches=("holds-for-cuts", "no-cuts"),
    ),
    Claim(
        id="metastable", words="It holds itself up until something breaks",
        shown="least sizes of shocks, by seed",
        fails="more than {calm} break unshocked, no shock breaks {sure} beyond its size, or it comes back",
        judge=_metastable, command=BREAK, shocks=("",),
    ),
    Claim(
        id="delay", words="A delay of deliveries breaks it", shown="the same, of delays",
        fails="what is plausible breaks less than {broken} of the seeds", judge=_trigger("delay"),
        command=BREAK, shocks=("delay",),
    ),
    Claim(
        id="liquidity", words="Money leaving markets breaks it", shown="the same, of money",
        fails="what is plausible breaks less than {broken} of the seeds", judge=_trigger("liquidity"),
        command=BREAK, shocks=("liquidity",),
    ),
    Claim(
        id="fiscal", words="A turn of the government's purse breaks it", shown="the same, of the purse",
        fails="what is plausible breaks less than {broken} of the seeds", judge=_trigger("fiscal"),
        command=BREAK, shocks=("fiscal",),
    ),
    Claim(
        id="one-link", words="One broken link unwinds the whole", shown="losses by link against a placebo",
        fails="less than {unwound} of all listed is lost, or others lose no more than by falls of its ends",
        judge=_one_link, command=BREAK,
    ),
    Claim(
        id="infinite", words="Without demand from outside, burning money only delays the end",
        shown="who fails when nobody outside pays",
        fails="in less than {broken} of the seeds somebody fails, or no more do than with it",
        judge=_infinite, command=BRANCH, switches=("demand-none",),
    ),
    Claim(
        id="again", words="It is 1999 again with new ingredients", shown="two stories aligned",
        fails="they differ by more than their bands and {alike}", judge=_again,
        command="claims {history} --only again --beside {other}",
    ),
    Claim(
        id="mirrors", words="Narratives, the central bank and algorithms make the growth among themselves",
        shown="shares of the growth by Shapley", fails="output has the largest share",
        judge=_mirrors,
        command="measure simulacrum {history} --seeds {seeds}",
    ),
)  # fmt: skip  # a table
