"""The finding of a history in one sentence, as every door says it."""

from collections.abc import Mapping
from typing import Any

from narrative.text.numbers import count, money, plain_date, share
from narrative.text.words import listed

# The parts of a recorded rise as the finding names them; less than half a per cent goes unsaid, but for
# those that are always asked after. Exactly nothing of market or sector means that nobody looked: there is
# no index, or never enough that was quoted together.
NAMED = (
    ("told", " is told"),
    ("flow", " trades"),
    ("policy", " policy"),
    ("liquidity", " liquidity"),
    ("market", " market"),
    ("sector", " sector (what they have in common beyond it)"),
)
ALWAYS = ("told", "market", "sector")
SHOWN = 0.005


def finding(told: Mapping[str, Any]) -> str:
    """The finding in one sentence, and a second where the history was cut short."""
    if not told.get("meant"):
        return _found(told)
    end = plain_date(told["meant"])
    return (
        f"{_found(told)} Its run was cut short of {end}, where it was to end: narrative resume completes it."
    )


def _found(told: Mapping[str, Any]) -> str:
    """How much was said for each unit delivered; and of what `replay` tells of a rise, where prices are on
    record how much news, market and sector explain, and else how much is belief.
    """
    rungs, gain = told["rungs"], told["belief"]
    announced, committed, delivered = (money(rungs[r], told) for r in ("announced", "committed", "delivered"))
    said = f"{announced} stands announced and {committed} committed, "
    said += f"against {delivered} delivered" if rungs["delivered"] else "and nothing is delivered"
    if told["rise"] is not None:
        return f"{said}; {risen(told)}."
    if gain["share"] is None:
        return f"{said}; the model lifts no listed actor above its opening value."
    lifted = money(gain["gained"], told)
    return (
        f"{said}; of the {lifted} by which the model lifts listed actors, {share(gain['share'])} is belief."
    )


def _netted(shares: Mapping[str, float]) -> str:
    """The unexplained rest of some actors and of others, in brackets; empty where all went one way."""
    ways = shares["own_with"], shares["own_against"]
    if min(map(abs, ways)) < SHOWN:
        return ""
    return f" ({share(ways[0])} of some actors, {share(ways[1])} of others)"


def verdict(told: Mapping[str, Any] | None, called: str = "It") -> str:
    """Whether a history, `called` so, collapses by its story's definition, in a sentence or two; empty where
    the story has none in figures.
    """
    if told is None:
        return ""
    deepest = ""
    if told["fall"]:
        deepest = (
            f"{share(told['fall'])}, from {plain_date(told['fall_from'])} to {plain_date(told['fall_to'])}"
        )
    lost = f"{listed(told['defaulted'])} in default" if told["defaulted"] else "nobody in default"
    if not told["collapsed"]:
        fell = f"the deepest fall was {deepest}" if deepest else "nothing fell"
        return f"{called} does not collapse as the story defines it: {fell}, with {lost}."
    when = plain_date(told["at"])
    if told["by"] == "default":
        return f"{called} collapses on {when}, with {lost}."
    return f"{called} collapses on {when}: the deepest fall was {deepest}, with {lost}."


def risen(told: Mapping[str, Any]) -> str:
    """Of what markets added to quoted actors, or took where that is more, how much is told, the market's,
    the sector's and open; and how much of what is open one actor's undoes of another's.
    """
    rise = told["rise"]
    up = "lifted", rise["lifted"], rise["gained"], rise["shares"]
    down = "lowered", rise["lowered"], rise["lost"], rise["shares_lost"]
    (verb, many, much, shares), other = (up, down) if rise["gained"] >= rise["lost"] else (down, up)
    if not many:
        return "markets moved no listed actor from its opening price"
    aside = f" (and {other[0]} {count(other[1])} by {money(other[2], told)})" if other[1] else ""
    parts = [
        f"{share(shares[name])}{words}"
        for name, words in NAMED
        if name == "told" or (name in ALWAYS and shares[name]) or abs(shares[name]) >= SHOWN
    ]
    parts.append(f"the rest, {share(shares['own'])}, unexplained{_netted(shares)}")
    whom = f"{count(many)} listed actor{'s' * (many != 1)}"
    return f"of the {money(much, told)} by which markets {verb} {whom}{aside}, {listed(parts)}"
