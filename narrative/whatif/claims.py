"""The claims made about such manias, each with what would speak against it, judged by a history.

A claim is words, a switch that takes away what it is about, and a judge: a function of evidence. No verdict
is written here; other evidence, another verdict. Thresholds are the author's.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from attrs import frozen

from narrative.text.numbers import share
from narrative.whatif.critical import wilson
from narrative.whatif.judging import (
    FAILS,
    HOLDS,
    REFUTED,
    UNTESTED,
    Estimate,
    all_of,
    any_of,
    averaged,
    over,
    rises,
    under,
)
from narrative.whatif.paired import Arms, adds, adds_plainly

HALF = 0.5
WHOLE_LOSS = 0.2  # of what is listed: a link that costs more unwinds a whole
REALISED = 0.8  # of a mark: who would get more has stored it
CALM, SURE = 0.05, 0.95


class Seen(Protocol):
    """The evidence that claims are judged by."""

    @property
    def acting(self) -> bool: ...
    @property
    def arms(self) -> Arms: ...
    @property
    def unearned(self) -> Estimate | None: ...
    @property
    def cash_of_words(self) -> int | None: ...
    @property
    def circle(self) -> Mapping[str, Any] | None: ...
    @property
    def in_shares(self) -> tuple[Estimate, float] | None: ...
    @property
    def realised(self) -> Estimate | None: ...
    @property
    def delivered(self) -> Sequence[float] | None: ...
    @property
    def fragility(self) -> Mapping[str, Any] | None: ...
    @property
    def links(self) -> Sequence[Mapping[str, Any]]: ...
    def failed(self, switch: str) -> Estimate | None: ...


@frozen
class Finding:
    """A verdict, the figure it rests on, and one plain sentence."""

    verdict: str
    figure: Estimate | None
    said: str


Judge = Callable[[Seen, str | None], Finding]


@frozen(kw_only=True)
class Claim:
    """A claim: its words, what shows it, the prepared what-ifs that could be its switch (the first that a
    story has), what speaks against it, the command that shows the figure, and its judge.
    """

    id: str
    words: str
    shown: str
    fails: str
    judge: Judge
    command: str
    switches: tuple[str, ...] = ()


def _unknown(why: str) -> Finding:
    return Finding(UNTESTED, None, f"{why}.")


def _part(found: Estimate) -> str:
    return f"{share(found.value)} [{share(found.low)}, {share(found.high)}]"


def _paired(measure: str, thing: str) -> Judge:
    """The judge of "it adds to a measure", by the paired branch without it."""

    def judge(seen: Seen, switch: str | None) -> Finding:
        found = adds(seen.arms, switch, measure) if switch is not None else None
        if found is None:
            return _unknown(_no_switch(seen, switch))
        return Finding(rises(found), found, f"{thing} would differ by {_part(found)} without it.")

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
    return Finding(over(found, HALF), found, said)


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
    if seen.in_shares is None:
        return _unknown("No deal is paid in shares")
    found, time = seen.in_shares
    said = (
        f"{_part(found)} of deals paid in shares came after half of the rise, in {share(time)} of the time."
    )
    return Finding(over(found, time), found, said)


def _circle(seen: Seen, _: str | None) -> Finding:
    if seen.circle is None:
        return _unknown("Too little is paid between named parties to rewire")
    part, chance = seen.circle["share"], seen.circle["chance"]
    found = Estimate(part, part, part)
    said = f"{share(part)} of what is paid goes round; rewired at random, up to {share(chance['high'])} does."
    return Finding(over(found, chance["high"]), found, said)


def _undelivered(seen: Seen, _: str | None) -> Finding:
    if seen.delivered is None:
        return _unknown("Nobody but the market plays, so nothing is delivered on what is ordered")
    found = averaged(seen.delivered)
    return Finding(
        under(found, HALF), found, f"{_part(found)} of what is committed to is delivered by the end."
    )


def _temporary(seen: Seen, _: str | None) -> Finding:
    found = seen.realised
    if found is None:
        return _unknown("Nobody named holds a large stake of known value")
    said = f"Sold at once, large stakes would bring {_part(found)} of their mark."
    return Finding(under(found, REALISED), found, said)


def _deeper(seen: Seen, switch: str | None) -> Finding:
    found = adds_plainly(seen.arms, switch, "fall") if switch is not None else None
    if found is None:
        return _unknown(_no_switch(seen, switch))
    return Finding(rises(found), found, f"The deepest fall is {_part(found)} of value deeper with them.")


def _metastable(seen: Seen, _: str | None) -> Finding:
    told = seen.fragility
    if told is None:
        return _unknown(_no_switch(seen, ""))
    alone = Estimate(**told["unshocked"])
    calm = under(alone, CALM)
    breaks = any_of([over(Estimate(**one["beyond"]), SURE - 1e-9) for one in told["shocks"]])
    back = [wilson(s["stayed_broken"], s["looked_back"]) for s in told["shocks"] if s["looked_back"]]
    stays = any_of([over(Estimate(one.value, one.low, one.high), HALF) for one in back])
    best = max(told["shocks"], key=lambda one: one["beyond"]["value"], default=None)
    broke = 0.0 if best is None else best["beyond"]["value"]
    said = (
        f"Unshocked {share(alone.value)} collapse (at most {share(alone.high)}); at no size of any shock do "
        f"more than {share(broke)}, but for falls that are a collapse by themselves."
    )
    return Finding(all_of(calm, breaks, stays), alone, said)


def _trigger(kind: str) -> Judge:
    """The judge of "this kind of shock breaks it", at what is plausible."""

    def judge(seen: Seen, _: str | None) -> Finding:
        told = seen.fragility
        if told is None:
            return _unknown(_no_switch(seen, ""))
        one = next((one for one in told["shocks"] if one["kind"].split()[0] == kind), None)
        if one is None:
            why = next((why for name, why in told["refused"].items() if name.split()[0] == kind), None)
            return _unknown(
                f"The story {why.rstrip('.')}" if why else "No shock of that kind can be turned up"
            )
        found = Estimate(**one["at_plausible"])
        fall = "" if one["fall"] is None else f", the deepest fall {share(one['fall'])}"
        said = f"{one['plausible']:g} {one['unit']} break {_part(found)} of seeds{fall}."
        return Finding(over(found, HALF), found, said)

    return judge


def _one_link(seen: Seen, _: str | None) -> Finding:
    if not seen.links:
        return _unknown(_no_switch(seen, ""))
    worst = seen.links[0]
    total, excess = Estimate(**worst["total"]), Estimate(**worst["excess"])
    said = (
        f"{worst['link']} costs most: {_part(total)} of what is listed, others {_part(excess)} more than by "
        "falls of its two ends alone."
    )
    return Finding(all_of(over(total, WHOLE_LOSS), rises(excess)), total, said)


def _infinite(seen: Seen, switch: str | None) -> Finding:
    found = seen.failed(switch) if switch is not None else None
    fewer = adds_plainly(seen.arms, switch, "failed") if switch is not None else None
    if found is None or fewer is None:
        return _unknown(_no_switch(seen, switch))
    more = Estimate(-fewer.value, -fewer.high, -fewer.low)
    said = (
        f"Without any demand from outside somebody fails in {_part(found)} of seeds by the end, which is "
        f"{_part(more)} more than with it."
    )
    return Finding(all_of(over(found, HALF), rises(more)), found, said)


def _untried(why: str) -> Judge:
    def judge(_: Seen, __: str | None) -> Finding:
        return _unknown(why)

    return judge


NOT_ABOVE = "it is surely less than a fiftieth"
CLAIMS = (
    Claim(
        id="expectations", words="Prices follow expectations, not output",
        shown="values at their highest beside results then and a year on",
        fails="less than half of the rise is unaccounted for", judge=_expectations, command="replay {0}",
    ),
    Claim(
        id="injection", words="An announcement works like a gift of money",
        shown="repricing beside the cash account, which does not move",
        fails=f"finance raised does not fall without announcements: {NOT_ABOVE}", judge=_injection,
        command="measure injection {0}", switches=("no-announcements", "half-tone"),
    ),
    Claim(
        id="collateral", words="A higher value is turned into borrowing, and that into orders",
        shown="orders with and without lending against value",
        fails=f"orders are the same without it: {NOT_ABOVE}", judge=_paired("ordered", "Orders"),
        command="what-if {0} --from {1} --name {1}", switches=("no-debt", "no-pledging"),
    ),
    Claim(
        id="share-money", words="Inflated shares serve as money",
        shown="deals paid in shares, before and after half of the rise",
        fails="they are no more frequent after it", judge=_in_shares, command="log {0} --kind Issue",
    ),
    Claim(
        id="circle", words="Capital goes round the same few firms",
        shown="what goes round of all that is paid", fails="random rewirings with the same totals do as much",
        judge=_circle, command="measure circularity {0}",
    ),
    Claim(
        id="false-output", words="Circulating money looks like growth",
        shown="deliveries with and without reinvestment",
        fails=f"they are the same without it: {NOT_ABOVE}", judge=_paired("delivered", "Deliveries"),
        command="what-if {0} --from {1} --name {1}", switches=("no-reinvestment", "no-chip-reinvestment"),
    ),
    Claim(
        id="no-delivery", words="Wealth rises while little is delivered",
        shown="delivered of committed by the end, over seeds", fails="half or more is delivered",
        judge=_undelivered, command="measure output {0}",
    ),
    Claim(
        id="temporary", words="The wealth is temporary, not stored",
        shown="what large stakes would bring, sold at once",
        fails="four fifths or more of their mark", judge=_temporary, command="claims {0} --only temporary",
    ),
    Claim(
        id="oxygen", words="Rate cuts feed it", shown="the highest value with and without the cuts",
        fails=f"it is the same without them: {NOT_ABOVE}", judge=_paired("peak", "The highest value"),
        command="what-if {0} --from {1} --name {1}", switches=("holds-for-cuts",),
    ),
    Claim(
        id="worse", words="Cuts make the fall deeper", shown="the deepest fall with and without the cuts",
        fails="it is no deeper: by surely less than a fiftieth of value", judge=_deeper,
        command="what-if {0} --from {1} --name {1}", switches=("holds-for-cuts",),
    ),
    Claim(
        id="metastable", words="It holds itself up until something breaks",
        shown="least sizes of shocks, by seed",
        fails="it breaks by itself, no shock breaks it beyond its own size, or it comes back",
        judge=_metastable, command="fragility {0} --at {2} --seeds {3}",
    ),
    Claim(
        id="delay", words="A delay of deliveries breaks it", shown="the same, of delays",
        fails="what is plausible breaks less than half of the seeds", judge=_trigger("delay"),
        command="fragility {0} --at {2} --seeds {3}",
    ),
    Claim(
        id="liquidity", words="Money leaving markets breaks it", shown="the same, of money",
        fails="what is plausible breaks less than half of the seeds", judge=_trigger("liquidity"),
        command="fragility {0} --at {2} --seeds {3}",
    ),
    Claim(
        id="fiscal", words="A turn of the government's purse breaks it", shown="the same, of the purse",
        fails="what is plausible breaks less than half of the seeds", judge=_trigger("fiscal"),
        command="fragility {0} --at {2} --seeds {3}",
    ),
    Claim(
        id="one-link", words="One broken link unwinds the whole", shown="losses by link against a placebo",
        fails="a fifth of what is listed is not lost, or others lose no more than by falls of its ends alone",
        judge=_one_link, command="claims {0} --only one-link --at {2} --seeds {3}",
    ),
    Claim(
        id="infinite", words="Without demand from outside, burning money only delays the end",
        shown="who fails when nobody outside pays",
        fails="in less than half of the seeds somebody fails, or no more do than with it",
        judge=_infinite, command="what-if {0} --from {1} --name {1}", switches=("demand-none",),
    ),
    Claim(
        id="again", words="It is 1999 again with new ingredients", shown="two stories aligned",
        fails="they differ by more than their bands", judge=_untried("It takes a second story beside it"),
        command="compare {0} OTHER",
    ),
    Claim(
        id="mirrors", words="Narratives, the central bank and algorithms make the growth among themselves",
        shown="shares of the growth by Shapley", fails="output has the largest share",
        judge=_untried("It takes the eight on and off combinations, which are not lived yet"),
        command="claims {0} --only mirrors",
    ),
)  # fmt: skip  # a table
