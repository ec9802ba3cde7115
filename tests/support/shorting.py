"""A market of one follower that sells short: a cloud worth 10,000 a share falls, and jumps by half."""

from math import log

from attrs import evolve

from events.market_facts import Repricing
from narrative.books.readings import NANO
from narrative.story.model import Actor, Entry, Role, Story
from support.credit import ACTORS, credit
from support.tiny import DAY, balance, entry, told

CASH = 5_000_000_000_000
TRADING = {
    "trading_size": 0.5,
    "trading_scale": 0.1,
    "trading_pace": 1.0,
    "trading_stop": 0.15,
    "trading_least": 0.0,
    "trend_half_life_fast": 10.0,
    "trend_half_life_slow": 60.0,
    "impact": 0.0,
    "short_size": 1.0,
    "short_supply": 0.2,
    "short_initial": 0.5,
    "short_maintenance": 0.3,
    "short_fee": 25.0,
}


def market(*entries: Entry, cash: int = CASH, **parameters: float) -> Story:
    """A cloud and chips, five times as much in all, and a fund that follows trends up and down."""
    role = Role(process="trading", latency=1, of=("fund",))
    plain = credit((role,), entries=entries, **(TRADING | parameters))
    fund = Actor(id="fund", name="Fund", roles=("trader",), opening=(balance("cash", cash),))
    return evolve(plain, actors=(*ACTORS, fund))


def step(day: int, part: float) -> Entry:
    """The cloud is worth so much more from the morning of a day on."""
    ln = round(log(1.0 + part) / NANO)
    fact = Repricing(asset="cloud", lasting=ln, attributed=ln, told=told(f"day-{day}"))
    return entry(f"day-{day}", day * DAY + 9 * 3_600, fact)


def squeezed(*, jump: float = 0.5, cash: int = CASH, **parameters: float) -> Story:
    """It falls by a quarter, and by as much again; a month later it jumps, by half where nothing is said."""
    return market(step(3, -0.25), step(8, -0.25), step(40, jump), cash=cash, **parameters)
