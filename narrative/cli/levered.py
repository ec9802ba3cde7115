"""The screen of `measure leverage`: who borrows on what, how deep falls went, and the benchmark."""

from typing import TYPE_CHECKING

from rich.console import Group, RenderableType
from rich.text import Text

from narrative.cli.rows import Fitted
from narrative.cli.screen import titled
from narrative.text.numbers import UNKNOWN, change, money, plain_date, share, sparkline

if TYPE_CHECKING:
    from narrative.verbs.answers.measures import Fallen, Leverage, Pledging

ANEW = "anew: what would be lent on more shares, and the leverage that this makes"


def leverage_parts(found: "Leverage") -> list[RenderableType]:
    """The parts of the screen, in their order."""
    owners = found.over_time[-1].owners if found.over_time else []
    who = _owners(found, owners) if owners else Text("nobody's shares are pledged, or no price is known")
    fell = _falls(found) if found.falls else Text("nothing that is pledged fell")
    return [
        titled("Who pledges", who),
        titled("Deepest fall of what is pledged", fell, "while it is, and what of it came by what"),
        titled("Benchmark", _benchmark(found), f"an asset that pays 1, or {found.payoff:g} on bad news"),
    ]


def _owners(found: "Leverage", owners: "list[Pledging]") -> RenderableType:
    unit = {"currency": found.currency, "digits": found.digits}
    rows = [
        (
            one.actor,
            money(one.collateral, unit),
            UNKNOWN if one.owed is None else money(one.owed, unit),
            share(one.loan_to_value),
            _times(one.leverage),
            f"{share(one.lent_anew)}, {_times(one.leverage_anew)}" if one.lent_anew is not None else UNKNOWN,
            _by_month(found, one.actor),
        )
        for one in owners
    ]
    head = ("", "pledged", "owed", "loan/v.", "leverage", "anew", "by month")
    return Group(Fitted(head, rows), Text(ANEW, style="dim"))


def _by_month(found: "Leverage", actor: str) -> str:
    """The leverage by month as a line; nothing where it is never known."""
    months = [{one.actor: one.leverage for one in then.owners}.get(actor) for then in found.over_time]
    return sparkline(months, 8)


def _falls(found: "Leverage") -> RenderableType:
    rows = [
        (
            one.asset,
            *(_ln(-part) for part in (one.fall, one.news, one.trades, one.unexplained)),
            _amplified(one),
        )
        for one in found.falls
    ]
    ends = [
        (one.asset, name, plain_date(moment), _times(pledged.leverage), _times(pledged.leverage_anew))
        for one in found.falls
        for name, moment, pledged in (("before", one.since, one.before), ("after", one.until, one.after))
    ]
    return Group(
        Fitted(("", "in ln", "news", "trades", "unexplained", "times as deep"), rows),
        Text(),
        Fitted(("", "", "day", "leverage", "anew"), ends, ("", "day")),
    )


def _amplified(one: "Fallen") -> str:
    """The fall as a multiple of that of news; both ends where they differ."""
    if one.amplification is None:
        return "little news"
    return " to ".join(dict.fromkeys(map(_times, (one.amplification.low, one.amplification.high))))


def _benchmark(found: "Leverage") -> RenderableType:
    held = found.benchmark
    rows = [
        (name, f"{one.price:.3f}", f"{one.buyer:.3f}", _times(one.leverage))
        for name, one in (
            ("two periods, nobody borrows", held.alone),
            ("two periods, on credit", held.leveraged),
            ("three, on credit, before news", held.before),
            ("three, on credit, after bad news", held.after),
        )
    ]
    said = (
        f"On bad news the price moves by {change(-held.fall)}, and what its buyer takes the asset to be "
        f"worth by {change(-held.news)}: {held.amplification:.2f} times as deep, in ln."
    )
    return Group(Fitted(("", "price", "marginal buyer", "leverage"), rows), Text(said, style="dim"))


def _times(value: float | None) -> str:
    return UNKNOWN if value is None else f"{value:.2f}"


def _ln(value: float) -> str:
    return f"{value:{'+' if abs(value) >= 0.0005 else ''}z.3f}".replace("-", "−")
