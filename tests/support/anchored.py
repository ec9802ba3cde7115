"""A small story with quotes: three assets and an index, ten days with prices, one of them listed late.

The cloud has no close on the seventh day, the lab is private until the fifth, and the chip maker issues
shares between two quotes. A plan of the bank's, of which a tenth is taken back, is past on the eighth
day; on the ninth each share of the cloud becomes two, and later its founder is given some. Prices are in
cents, and large, so that whole cents hide nothing.
"""

from collections.abc import Mapping

from attrs import evolve

from events.facts import Announcement, Investment, Issue, Retraction
from events.market_facts import PolicyRate, Split
from narrative.story.model import Actor, Cast, Parameter, Priced, Record, Role, Story
from support.tiny import DAY, PARAMETERS, balance, entry, story, told

CLOSE = 16 * 3600 - 2
BETAS = {
    "market_beta": 1.5,
    "sector_beta": 1.0,
    "sector_weight_in": 1.0,
    "residual_own": 1.0,
    "residual_sector": 1.0,
}
# Day: prices of a share in cents, and the index's level times 100.
PRICES: Mapping[int, Mapping[str, int]] = {
    1: {"cloud": 100_000, "chips": 50_000, "index": 10_000},
    2: {"cloud": 110_000, "chips": 51_000, "index": 10_100},
    5: {"cloud": 132_000, "chips": 49_000, "lab": 40_000, "index": 10_050},
    6: {"cloud": 128_000, "chips": 52_000, "lab": 60_000, "index": 10_200},
    7: {"chips": 53_000, "lab": 58_000, "index": 10_300},
    8: {"cloud": 140_000, "chips": 54_000, "lab": 61_000, "index": 10_400},
    9: {"cloud": 45_000, "chips": 40_000, "lab": 30_000, "index": 9_000},
}
SHARES = {"cloud": 10**9, "chips": 2 * 10**9, "lab": 5 * 10**8}
ISSUED = 10**8  # of the chip maker's, told on the sixth day


def parameter(name: str, value: float) -> Parameter:
    return Parameter(
        name=name, value=value, low=0.0, high=1000.0, unit="-", reads="acting", source="the test",
        confidence="assumption",
    )  # fmt: skip  # one row


def quotes() -> tuple[Priced, ...]:
    found = [
        Priced(day * DAY + CLOSE, asset, price, _shares(asset, day))
        for day, prices in PRICES.items()
        for asset, price in prices.items()
    ]
    return tuple(sorted(found, key=lambda one: (one.moment, one.asset)))


def _shares(asset: str, day: int) -> int | None:
    if asset == "index":
        return None
    issued = ISSUED if asset == "chips" and day > 6 else 0
    return (SHARES[asset] + issued) * (2 if asset == "cloud" and day > 8 else 1)  # split on the ninth day


def anchored(**betas: float) -> Story:
    """The story, with parameters of one's choosing."""
    actors = (
        Actor(
            id="lab", name="Lab", roles=("lab",), listed=True,
            opening=(balance("post_money", 15 * 10**12),),
        ),
        Actor(
            id="cloud", name="Cloud", roles=("cloud",), listed=True,
            opening=(balance("value", 95 * 10**12), balance("shares", 10**9), balance("cash", 10**12)),
        ),
        Actor(
            id="chips", name="Chips", roles=("chipmaker",), listed=True,
            opening=(balance("value", 98 * 10**12), balance("shares", 2 * 10**9), balance("cash", 10**12)),
        ),
        Actor(id="index", name="Index", roles=("index",)),
        Actor(id="bank", name="Bank", roles=("bank",)),
        Actor(id="founder", name="Founder", opening=(balance("pledged", 10**6, "cloud"),)),
    )  # fmt: skip  # a row an actor
    reads = {"Announcement": ("subject", "counterparty"), "Investment": ("company",)}
    role = (
        Role(process="market", latency=3600, reads=reads),
        Role(process="anchoring", latency=1, reads={"Quote": ("asset",)}),
    )
    plain = story(
        (
            entry(
                "words", 2 * DAY + 9 * 3600,
                Announcement(
                    subject="lab", counterparty="cloud", ceiling=10**12,
                    told=told("words", status="intention", tone=1.0, strength=1.0),
                ),
            ),
            entry(
                "plan", 3 * DAY,
                Announcement(
                    subject="bank", ceiling=10**12, since=DAY, until=8 * DAY - 1,
                    told=told("plan", status="intention"),
                ),
            ),
            entry("less", 4 * DAY, Retraction(subject="bank", of="plan", ceiling=10**11, told=told("less"))),
            entry("cut", 5 * DAY, PolicyRate(bank="bank", rate=400, surprise=-10, told=told("cut"))),
            entry(
                "stake", 6 * DAY + 17 * 3600,
                Investment(
                    investor="outside", company="chips", amount=5 * 10**12, shares=ISSUED,
                    told=told("stake", tone=0.0, strength=0.0),
                ),
            ),
            entry("split", 9 * DAY + 9 * 3600, Split(asset="cloud", new=2, old=1, told=told("split"))),
            entry(
                "gift", 11 * DAY, Issue(issuer="cloud", holder="founder", shares=10**7, told=told("gift")),
            ),
        ),
        until=20 * DAY,
        actors=actors,
        circle=(),
        cast=Cast(role=role),
    )  # fmt: skip  # a row an entry
    return evolve(
        plain,
        parameters=tuple(parameter(name, value) for name, value in (PARAMETERS | BETAS | betas).items()),
        record=Record(until=10 * DAY, source="the test", confidence="high"),
        quotes=quotes(),
    )
