"""A tiny story of four actors, small enough to check by hand."""

from events.facts import Announcement, Order
from events.fields import Told
from events.funding_facts import Funding
from narrative.story.calendar import Calendar
from narrative.story.model import Actor, Balance, Cast, Entry, Link, Parameter, Role, Step, Story, Unit

DAY = 86_400
PARAMETERS = {
    "belief_half_life_fast": 25.0,
    "belief_half_life_slow": 250.0,
    "fatigue_half_life": 60.0,
    "impact_half_life": 5.0,
    "liquidity_half_life": 90.0,
    "excitement_half_life": 10.0,
    "capacity_half_life": 700.0,
    "duration": 5.0,
    "liquidity_sensitivity": 0.02,
    "impulse_coefficient": 0.5,
    "impulse_exponent": 0.5,
    "silent_step": 0.05,
    "lasting_share": 0.25,
    "fast_share": 0.6,
    "fatigue_rate": 0.1,
    "sector_weight": 0.5,
}


def told(entry: str, **more: object) -> Told:
    return Told(entry=entry, headline=entry, source="a newspaper", confidence="high", **more)


def balance(account: str, posted: int | None, asset: str | None = None) -> Balance:
    kind = "amount" if account in ("cash", "debt", "value", "margin", "post_money", "backlog") else "number"
    known = {"unknown": True} if posted is None else {kind: posted}
    return Balance(account=account, asset=asset, moment=0, source="a filing", confidence="high", **known)


def entry(name: str, moment: int, fact: object, links: tuple[Link, ...] = ()) -> Entry:
    actor = getattr(fact, fact.parties[0])
    return Entry(id=name, moment=moment, kind=type(fact).__name__, actor=actor, fact=fact, links=links)


def link(kind: str, name: str) -> Link:
    return Link(kind=kind, id=name, basis="author", reason="for the test")


def story(entries: tuple[Entry, ...], **more: object) -> Story:
    plain = {
        "id": "tiny",
        "title": "Tiny",
        "question": "Does it turn?",
        "edition": "1",
        "start": 0,
        "until": 100 * DAY,
        "money": Unit(currency="USD", digits=2, written_in=1),
        "calendar": Calendar(),
        "narratives": (),
        "actors": (
            Actor(id="lab", name="Lab", roles=("lab",), opening=(balance("cash", 1_000),)),
            Actor(
                id="cloud",
                name="Cloud",
                roles=("cloud",),
                listed=True,
                opening=(
                    balance("value", 10_000),
                    balance("shares", 100),
                    balance("cash", 500),
                    balance("debt", None),
                ),
            ),
            Actor(
                id="chips",
                name="Chips",
                roles=("chipmaker",),
                listed=True,
                opening=(balance("value", 40_000),),
            ),
            Actor(
                id="founder", name="Founder", roles=("founder",), opening=(balance("pledged", 20, "cloud"),)
            ),
        ),
        "links": (),
        "circle": (
            Step(
                step=1, text="a lab announces", from_=("lab",), to=("cloud",), kinds=("Announcement", "Order")
            ),
            Step(step=2, text="the lab raises", from_=("lab",), to=(), kinds=("Funding",)),
            Step(step=3, text="chips invests back", from_=("chipmaker",), to=("lab",), kinds=("Investment",)),
        ),
        "cast": Cast(
            role=(
                Role(
                    process="market",
                    latency=3600,
                    reads={
                        "Announcement": ("subject", "counterparty"),
                        "Order": ("seller",),
                        "Funding": ("company",),
                        "Fiscal": ("*",),
                    },
                ),
            )
        ),
        "parameters": tuple(
            Parameter(
                name=name,
                value=value,
                low=0.0,
                high=1000.0,
                unit="-",
                reads="acting",
                source="the test",
                confidence="assumption",
            )
            for name, value in PARAMETERS.items()
        ),
        "collapse": "never",
        "entries": entries,
    }
    return Story(**(plain | more))


def ten_days() -> Story:
    """Ten days: words, a contract that replaces them, a round, silence."""
    return story(
        (
            entry(
                "words",
                1 * DAY,
                Announcement(
                    subject="lab",
                    counterparty="cloud",
                    ceiling=2_500,
                    told=told("words", status="intention", tone=1.0, strength=1.0),
                ),
            ),
            entry(
                "contract",
                3 * DAY,
                Order(
                    buyer="lab",
                    seller="cloud",
                    order="contract",
                    amount=2_000,
                    due=90 * DAY,
                    told=told("contract", tone=0.5, strength=0.5),
                ),
                (link("replaces", "words"),),
            ),
            entry(
                "round",
                5 * DAY,
                Funding(
                    company="lab",
                    investor="outside",
                    amount=700,
                    post_money=5_000,
                    told=told("round", tone=1.0, strength=1.0),
                ),
                (link("follows", "contract"),),
            ),
        )
    )
