"""The screens of `measure`: a figure, what it is by definition, and what it rests on."""

from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console, Group, RenderableType
from rich.text import Text

from narrative.analysis.measures.deals import RUNGS
from narrative.analysis.measures.rewiring import DRAWS
from narrative.cli.levered import leverage_parts
from narrative.cli.rows import Fitted
from narrative.cli.screen import READABLE, titled
from narrative.cli.spread import OVER
from narrative.text.numbers import UNKNOWN, change, money, plain_date, share, sparkline

if TYPE_CHECKING:
    from narrative.verbs.answers.measures import (
        Circularity,
        Circulating,
        Episode,
        Exuberance,
        Gain,
        Injection,
        LoopGains,
        Measured,
        Output,
        RoundThen,
        SharePlayed,
        Simulacrum,
        Span,
    )

RINGS, ACTORS, FAILED = 8, 8, 3  # on a screen; --json has all of them
NOT_PLAYED = "not played"


def draw(found: "Measured") -> None:
    """Print the screen of a measure."""
    console = Console(highlight=False)
    width = min(console.width, READABLE)
    where = f"{found.story}@{found.branch}  #{found.position}  {plain_date(found.moment)}"
    console.print(Text(where, style="dim"), Text(), width=width)
    for part in SCREENS[found.measure](found):
        console.print(part, width=width)
    console.print(Text(f"{found.definition}\nSource: {found.source}.", style="dim"), width=width)


def _circularity(found: "Circularity") -> list[RenderableType]:
    unit = {"currency": found.currency, "digits": found.digits}
    rows = [
        (
            level.rung,
            money(level.gross, unit),
            money(level.circulating, unit),
            share(level.share),
            _chance(level),
            _by_month(found.over_time, level.rung),
        )
        for level in found.rungs
    ]
    head = ("", "all of it", "goes round", "share", "by chance", "by month")
    parts = [
        titled("What goes round", Fitted(head, rows), "of what stands on a rung or further"),
        Text(f"By chance: 5 to 95 % of {DRAWS} random rewirings with everybody's totals.\n", style="dim"),
    ]
    for level in found.rungs:
        if level.rings:
            parts += [
                titled(f"Rings, {_reached(level)}", _rings(level, unit), "widest first"),
                titled(f"Who, {_reached(level)}", _who(level, unit), "at most"),
            ]
    return parts


def _reached(level: "Circulating") -> str:
    return level.rung if level.rung == RUNGS[-1] else f"{level.rung} or further"


def _chance(level: "Circulating") -> str:
    if level.chance is None:
        return "nothing could"
    found = f"{share(level.chance.low)} to {share(level.chance.high)}"
    return f"{found}: more" if level.chance.above else f"{found}: no more"


def _by_month(over_time: "Sequence[RoundThen]", rung: str) -> str:
    """The share by month as a line; nothing where nothing ever went round."""
    rounds = [one.rungs[rung] for one in over_time]
    if not any(one.circulating for one in rounds):
        return ""
    return sparkline([one.circulating / one.gross if one.gross else None for one in rounds], 12)


def _rings(level: "Circulating", unit: dict[str, object]) -> RenderableType:
    shown = level.rings[:RINGS]
    rows = [
        (
            " → ".join([*ring.parties, ring.parties[0]]),
            money(ring.least, unit),
            f"{ring.tied} of {len(ring.parties)}",
        )
        for ring in shown
    ]
    said = "tied: so many joints by a cause or a source's link; at the others two sums only share a party"
    more = len(level.rings) - len(shown)
    said += f"; {more} narrower ones in --json" if more else ""
    return Group(Fitted(("", "least sum", "tied"), rows), Text(said, style="dim"))


def _who(level: "Circulating", unit: dict[str, object]) -> RenderableType:
    rows = [
        (
            one.actor,
            money(one.received, unit),
            money(one.returned, unit),
            share(one.returned / one.received),
            money(one.sales, unit) if one.sales else UNKNOWN,
            share(one.self_financed / one.sales) if one.sales else UNKNOWN,
        )
        for one in level.actors[:ACTORS]
        if one.returned
    ]
    return Fitted(("", "received", "its own back", "", "sales", "self-financed"), rows)


def _output(found: "Output") -> list[RenderableType]:
    unit = {"currency": found.currency, "digits": found.digits}
    rungs = [(rung, money(amount, unit)) for rung, amount in found.rungs.items()]
    rungs += [("business as usual", money(found.usual, unit))] if found.usual else []
    rungs += [("paid by customers outside", money(found.outside, unit))]
    if found.companies:
        told = f"reported by {found.companies} companies, four quarters"
        grown = change(found.reported / found.reported_then - 1 if found.reported_then else None)
        rungs += [(told, f"{money(found.reported, unit)}, {grown} since the opening")]
    windows = [
        (
            f"{plain_date(one.since)} to {plain_date(one.until)}",
            money(one.sales, unit),
            money(one.outside, unit),
            " to ".join(dict.fromkeys(money(sum_, unit) for sum_ in (one.circular_low, one.circular_high))),
            money(one.undelivered, unit),
        )
        for one in found.windows
    ]
    growth = [("gross", _grown(found.gross)), ("net of circular", _grown(found.net_of_circular))]
    growth += [("net of undelivered", _grown(found.net_of_undelivered))]
    return [
        titled("What was said and what came of it", Fitted(("", ""), rungs), "never added up"),
        titled("Sales", Fitted(("", "sales", "from outside", "circular", "undelivered"), windows)),
        titled("Growth from one window to the next", Fitted(("", ""), growth)),
    ]


def _grown(found: "Span") -> str:
    """A growth; both ends where they differ."""
    if found.low is None and found.high is None:
        return "nothing to grow from"
    return " to ".join(dict.fromkeys(change(end) for end in (found.low, found.high)))


def _injection(found: "Injection") -> list[RenderableType]:
    unit = {"currency": found.currency, "digits": found.digits}
    rows = [
        (
            one.asset,
            money(one.gained, unit),
            " to ".join(money(end, unit, figures=2) for end in (one.purchases_low, one.purchases_high)),
            money(one.raised_after, unit),
            UNKNOWN if one.raised_by_gained is None else f"{one.raised_by_gained:.2f}",
            _daily(one.raised_after, one.days_after, unit),
            _daily(one.raised - one.raised_after, one.days_otherwise, unit),
        )
        for one in found.assets[:ACTORS]
    ]
    head = ("", "gained", "as if bought", "raised", "by gained", "a day", "otherwise")
    each = found.multiplier
    remark = f"multiplier {each.value:g} ({each.low:g} to {each.high:g}); raised within 60 days of a rise"
    return [titled("What news stands for", Fitted(head, rows), remark)]


def _daily(amount: int, days: int, unit: dict[str, object]) -> str:
    return money(amount / days, unit, figures=2) if days else UNKNOWN


def _exuberance(found: "Exuberance") -> list[RenderableType]:
    rows = [
        (
            one.asset,
            str(one.observations),
            f"{one.gsadf:z.2f}",
            f"{one.critical[1]:z.2f}",
            f"{100 * one.by_chance:.1f} %",
            _dated(one.episodes),
        )
        for one in found.assets
    ]
    head = ("", "prices", "GSADF", "95 % line", "by chance", "above it")
    return [
        titled(
            "Faster and faster",
            Fitted(head, rows, ("above it",)) if rows else Text("no price has weeks enough"),
        )
    ]


def _dated(episodes: "Sequence[Episode]") -> str:
    """The first episode in which the price rose, and how many others there are."""
    rising = [one for one in episodes if one.rising][:1]
    said = [f"from {plain_date(one.since)}" for one in rising]
    more = len(episodes) - len(rising)
    return " and ".join([*said, *([f"{more} more"] if more else [])])


def _gains(found: "LoopGains") -> list[RenderableType]:
    rows = [
        (who, _gain(each.up), _gain(each.down), (each.up and each.up.most) or "")
        for who, each in found.actors.items()
        if each.up is not None or (each.down is not None and each.down.high)
    ]
    known = Fitted(("", "up", "down", "up moved most by"), rows, ("up moved most by",))
    return [
        titled("Loop gains", known if rows else Text("no cast acts, or a balance is unknown"), "low to high")
    ]


def _gain(found: "Gain | None") -> str:
    return UNKNOWN if found is None else f"{found.value:.2f} ({found.low:.2f} to {found.high:.2f})"


def _simulacrum(found: "Simulacrum") -> list[RenderableType]:
    unit = {"currency": found.currency, "digits": found.digits}
    absent = {one.player for one in found.players if not one.plays}
    since = f"from {plain_date(found.since)}"
    made = [
        titled(f"What made the growth, {OVER[over]}", _made(those, absent, unit), since)
        for over in OVER
        if (those := [one for one in found.shares if one.over == over])
    ]
    off = [f"without {one.player}: {one.off if one.plays else NOT_PLAYED}" for one in found.players]
    off += ["intervals hold both ends of what news leaves open of prices"] if found.ends else []
    failed = [f"seed {one.seed} counts nowhere: {one.error}" for one in found.failed[:FAILED]]
    actors = [
        (one.actor, *(UNKNOWN if who in absent else money(sum_, unit) for who, sum_ in one.parts.items()))
        for one in found.actors
    ]
    return [
        *made,
        titled("Of whom", Fitted(("", *found.actors[0].parts), actors[:ACTORS]), "means over seeds"),
        Text("\n".join([*off, *failed, ""]), style="dim"),
    ]


def _made(found: "Sequence[SharePlayed]", absent: Collection[str], unit: dict[str, object]) -> RenderableType:
    """Shares with their intervals. Who has nothing to switch off was not tried: that is no share of 0."""
    rows = [
        (one.player, UNKNOWN, NOT_PLAYED, UNKNOWN)
        if one.player in absent
        else (
            one.player,
            money(one.amount.value, unit),
            _between(one, unit),
            UNKNOWN if one.share is None else share(one.share.value),
        )
        for one in found
    ]
    return Fitted(("", "gained", "95 % interval", "of it all"), rows)


def _between(found: "SharePlayed", unit: dict[str, object]) -> str:
    low, high = found.amount.low, found.amount.high
    return (
        "one seed bounds none"
        if low is None or high is None
        else f"{money(low, unit)} to {money(high, unit)}"
    )


SCREENS: dict[str, Callable[[Any], list[RenderableType]]] = {
    "circularity": _circularity,
    "output": _output,
    "injection": _injection,
    "exuberance": _exuberance,
    "gains": _gains,
    "leverage": leverage_parts,
    "simulacrum": _simulacrum,
}
