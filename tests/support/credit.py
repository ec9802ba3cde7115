"""A world of money: a founder who owns most of a cloud, a bank, a lab, a maker of chips.

A share of the cloud costs 10,000, there are 1,000,000,000 of them; figures are round so that what
processes decide can be checked by hand.
"""

from collections.abc import Sequence
from math import log

from attrs import evolve

from events.event import Draft, Event
from events.facts import Order, Payment, Trade
from events.fields import Fact
from events.funding_facts import Funding, Loan, Pledge
from events.market_facts import Repricing
from narrative.books.readings import NANO
from narrative.engine.run import live
from narrative.engine.world import World
from narrative.story.cast import Part
from narrative.story.model import Actor, Entry, Role, Standing, Story
from support.tiny import DAY, balance, entry, story, told
from support.worlds import assumed, began, relation

CLOSE = 16 * 3600
PRICE = 10_000
SHARES = 1_000_000_000
STAKE = 625_000_000
TERMS = {
    "lending_rate": 0.0,
    "call_ltv": 0.35,
    "cure_days": 3.0,
    "haircut": 0.0,
    "impact": 1.0,
    "impact_half_life": 1e7,
    "pledge_review": 7.0,
    "pledge_share": 1.0,
    "pledge_ltv": 0.2,
    "pledge_use": 1.0,
    "invest_review": 30.0,
    "invest_share": 0.4,
    "invest_vendor_share": 0.0,
    "invest_term": 360.0,
    "invest_warrants": 0.0,
    "invest_guarantee": 0.0,
    "writedown_threshold": 0.2,
    "fund_review": 30.0,
    "fund_runway": 12.0,
    "fund_round": 0.2,
    "fund_premium": 1.0,
    "fund_term": 720.0,
    "debt_share": 0.3,
    "modelled_tone": 1.0,
    "modelled_strength": 1.0,
}
LINKS = (
    relation("lends", "bank", "founder"),
    relation("supplies", "chips", "cloud"),
    relation("invests", "chips", "lab"),
)
ACTORS = (
    Actor(id="bank", name="Bank", roles=("lender",), opening=(balance("cash", 5_000_000_000_000),)),
    Actor(
        id="founder",
        name="Founder",
        roles=("founder",),
        opening=(balance("cash", 0), balance("debt", 0), balance("stake", STAKE, "cloud")),
    ),
    Actor(
        id="cloud",
        name="Cloud",
        roles=("cloud",),
        listed=True,
        opening=(
            balance("value", PRICE * SHARES),
            balance("shares", SHARES),
            balance("cash", 100_000_000_000),
            balance("debt", 0),
        ),
    ),
    Actor(
        id="chips",
        name="Chips",
        roles=("chipmaker",),
        listed=True,
        opening=(
            balance("value", 50_000_000_000_000),
            balance("shares", 1_000_000_000),
            balance("cash", 1_000_000_000_000),
        ),
    ),
    Actor(
        id="lab",
        name="Lab",
        roles=("lab",),
        opening=(
            balance("post_money", 1_000_000_000_000),
            balance("shares", 100_000_000),
            balance("cash", 50_000_000_000),
            balance("debt", 0),
        ),
    ),
)
LENDER = Role(process="lending", latency=1, of=("bank",))
OWNER = Role(process="pledging", latency=1, of=("founder",))
COURT = Role(process="insolvency", latency=1)
SETTLED = {  # by which a court settles
    "default_recovery": 0.4,
    "default_alpha": 0.5,
    "default_beta": 0.7,
    "default_equity": 0.05,
    "default_file_days": 30.0,
    "default_emerge_days": 90.0,
}


def credit(
    roles: Sequence[Role] = (),
    links: Sequence[Standing] = LINKS,
    entries: tuple[Entry, ...] = (),
    **parameters: float,
) -> Story:
    """The story, with parameters of one's choosing; a double underscore stands for the dot."""
    plain = story(entries)
    return evolve(
        plain,
        actors=ACTORS,
        parameters=assumed(**(TERMS | parameters)),
        links=tuple(links),
        cast=evolve(plain.cast, default="full", role=tuple(roles)),
        circle=(),
        until=240 * DAY,
    )


class Life:
    """A history that is told by hand and lived in between."""

    def __init__(self, plain: Story, seed: int = 1) -> None:
        self.log, self.world = began(plain, seed)

    def told(self, moment: int, *facts: Fact) -> "Life":
        """Facts posted at a moment, each its own act."""
        acts = [(Draft("test", fact),) for fact in facts]
        for event in self.log.append("main", self.world.position, moment, acts):
            self.world.step(event)
        return self

    def lived(self, until: int) -> "Life":
        """Lived on by the story's full cast."""
        live(self.log, "main", self.world, until)
        return self

    def priced(self, moment: int, price: float, asset: str = "cloud") -> "Life":
        """The asset's share costs so much from a moment on."""
        before = self.world.readings.price(asset, moment)
        assert before is not None
        return self.told(moment, Repricing(asset=asset, lasting=round(log(price / before) / NANO)))

    def events(self, *kinds: str) -> list[Event]:
        return [event for event in self.log.read("main") if not kinds or event.kind in kinds]

    def facts(self, *kinds: str) -> list[Fact]:
        return [event.fact for event in self.events(*kinds)]


def drawn(owed: int, shares: int, *, rate: int = 0, at: int = 0, asset: str = "cloud") -> tuple[Fact, Fact]:
    """A loan of the bank's to the founder, and the shares behind it, as a process names them."""
    name = f"loan:founder:bank:{asset}:{at}"
    return (
        Loan(borrower="founder", lender="bank", loan=name, amount=owed, secured=owed, rate=rate, accrued=at),
        Pledge(pledger="founder", lender="bank", asset=asset, shares=shares, loan=name),
    )


def part(process: str, actor: str, **reads: tuple[str, ...]) -> Part:
    return Part(process, actor, reads=reads)


BANK = part("lending", "bank")
LOAN = "loan:founder:bank:cloud:0"


# A year of use is a dollar for a dollar of capacity, so 100 billion units of capacity bring 100 a year.
BUYERS = {
    "demand": 1.0,
    "base_capacity__lab": 1_000_000_000.0,  # dollars: 100 billion units
    "required_return": 0.25,
    "exit_years": 2.0,
    "exit_sales": 16.0,
    "growth_most": 1.0,
}


def secured(owed: int, shares: int, **parameters: float) -> Life:
    """A loan from the first day on, its cash spent, seen by the bank alone."""
    rate = int(parameters.pop("rate", 0))
    return Life(credit((LENDER,), **parameters)).told(1, *drawn(owed, shares, rate=rate), spent(owed))


def spent(amount: int) -> Trade:
    """The founder's cash leaves for shares of which nobody counts how many."""
    return Trade(seller="outside", buyer="founder", asset="chips", amount=amount)


def earned(amount: int) -> Trade:
    """The founder gets cash the same way."""
    return Trade(seller="founder", buyer="outside", asset="chips", amount=amount)


# --- a whole story ------------------------------------------------------------------------------

EVERYBODY = (
    Role(process="market", latency=3_600, reads={"Funding": ("company",), "Investment": ("company",)}),
    Role(process="lending", latency=1, of=("bank", "chips", "outside")),
    Role(process="pledging", latency=1, of=("founder",)),
    Role(
        process="investing",
        latency=2 * DAY,
        reads={"Payment": ("payee",), "Order": ("seller",)},
        of=("chips",),
    ),
    Role(process="funding", latency=1, of=("lab", "cloud")),
)


def ups_and_downs() -> Story:
    """Eight months: orders and payments, a rise, two falls with a recovery between, a down round, a crash."""

    def at(day: int, fact: Fact) -> Entry:
        name = f"day-{day}"
        return entry(name, day * DAY + 9 * 3_600, evolve(fact, told=told(name)))

    def step(percent: int) -> Repricing:
        return Repricing(asset="cloud", lasting=round(log(1 + percent / 100) / NANO))

    def order(buyer: str, amount: int, day: int) -> Order:
        return Order(buyer=buyer, seller="chips", order=f"order-{day}", amount=amount, due=(day + 150) * DAY)

    return credit(
        EVERYBODY,
        (*LINKS, relation("invests", "founder", "chips")),
        (
            at(3, order("lab", 90_000_000_000, 3)),
            at(5, Payment(payer="cloud", payee="chips", amount=40_000_000_000)),
            at(9, step(50)),
            at(12, order("cloud", 160_000_000_000, 12)),
            at(20, Payment(payer="cloud", payee="chips", amount=30_000_000_000)),
            at(40, step(-48)),
            at(42, step(12)),
            at(80, step(-30)),
            at(81, step(45)),
            at(
                120,
                Funding(company="lab", investor="outside", amount=4_000_000_000, post_money=300_000_000_000),
            ),
            at(200, step(-90)),
        ),
        lending_rate=700.0,
        pledge_ltv=0.25,
        pledge_use=0.7,
        pledge_share=0.8,
        cure_days=3.0,
        impact_half_life=5.0,
        invest_vendor_share=0.3,
        invest_term=100.0,
        invest_warrants=0.05,
        debt_share=0.001,
    )


# --- laws ---------------------------------------------------------------------------------------


def broken(world: World) -> list[str]:
    """Which of the laws of money, debt and shares do not hold in a world that was lived."""
    state = world.fold.state
    secured = sum(owed for loan, owed in state["owed"].items() if loan.startswith("loan:"))
    laws = {
        "cash sums to zero": sum(state["cash"].values()) == 0,
        "no purse is below zero": all(held >= 0 for who, held in state["cash"].items() if who != "outside"),
        "debt is what was lent": sum(state["debt"].values()) == sum(state["lent"].values()),
        "nobody paid more than owed": all(owed >= 0 for owed in state["owed"].values()),
        "margin debt is what secured loans owe": secured == sum(state["margin_debt"].values()),
        "pledged shares stand behind loans": sum(state["pledged"].values()) == sum(state["secured"].values()),
        "nobody pledges more than it holds": all(
            0 <= shares <= state["stake"].get(key, 0) for key, shares in state["pledged"].items()
        ),
        "stakes add up to the shares": stakes(world) == {k: v for k, v in state["shares"].items() if v},
    }
    return [law for law, holds in laws.items() if not holds]


def lost(world: World) -> list[str]:
    """Which of the laws that hold of every history do not, whatever was told in it."""
    books = world.fold.state
    shares = {asset: held for asset, held in books["shares"].items() if held}
    laws = {
        "cash": sum(books["cash"].values()) == 0,
        "debt": sum(books["debt"].values()) == sum(books["lent"].values()),
        "shares": stakes(world) == shares,
        "orders": all(left >= 0 for left in books["outstanding"].values()),
        "loans": all(left >= 0 for left in books["owed"].values()),
    }
    return [law for law, holds in laws.items() if not holds]


def stakes(world: World) -> dict[str, int]:
    """Shares held by everyone together, by asset."""
    found: dict[str, int] = {}
    for key, shares in world.fold.state["stake"].items():
        asset = key.partition("/")[2]
        found[asset] = found.get(asset, 0) + shares
    return {asset: shares for asset, shares in found.items() if shares}
