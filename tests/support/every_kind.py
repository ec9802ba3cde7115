"""Facts of every kind: firm, as a ceiling, with no sum, with no other party, and with somebody outside."""

from collections.abc import Iterator

from attrs import fields

from events.fields import Fact
from events.market_facts import Repricing
from events.record_facts import Endowment, Supposition
from narrative.story.supposition import Supposed

DAY = 86_400
# By the name of a field, in every kind that has it. Sums are cents, rates basis points, steps 1e-9 of ln.
VALUES: dict[str, int | str] = {
    "amount": 500_000_000_00, "ceiling": 9_000_000_000_00, "unattributed": 70_000_000_00,
    "post_money": 80_000_000_000_00, "settles": 400_000_000_00, "secured": 300_000_000_00,
    "credit": 60_000_000_00, "cost": 450_000_000_00, "news": 500_000_000_00, "value": 40_000_000_000_00,
    "owed": 800_000_000_00, "worth": 900_000_000_00, "uncounted": 3_000, "forgiven": 60_000_000_00,
    "called": 20_000_000_00, "cash": 100_000_000_00, "debt": 200_000_000_00, "margin": 50_000_000_00,
    "backlog": 900_000_000_00,
    "needed": 30_000_000_00, "held": 29_000_000_00,
    "room": 21_000_000_00,
    "shares": 2_500_000, "warrants": 160_000_000, "pledged": 344_000, "stake": 12_000, "part": 10_000_000,
    "rate": 450, "surprise": 25, "due": 40 * DAY, "since": 1 * DAY,
    "until": 70 * DAY, "accrued": 30 * DAY, "moment": 20 * DAY,
    "fast": 30_000_000, "slow": -50_000_000, "lasting": 20_000_000, "log_mark": 5, "fatigue": 1,
    "diluted": -10_000_000, "consideration": "shares of another", "spill": -6_000_000,
    "attributed": 0, "stands": 7_000_000_00,
    "tone": 500_000, "strength": 700_000, "tired": 100_000, "impact": -4_000_000, "impulse": 1_000, "seed": 1,
    "new": 2, "old": 1, "floated": 5_000_000,
    "price": 202_89, "market": 12_000_000, "sector": -3_000_000, "own": 31_000_000, "gap": 40_000_000,
    "period": 10 * DAY, "revenue": 14_926_000_000_00, "operating": 4_277_000_000_00, "net": -110_000_000_00,
    "trailing_revenue": 59_018_000_000_00, "trailing_operating": 17_964_000_000_00,
    "ordered": 380_000_000_00, "trailing_net": 12_441_000_000_00, "capex": 8_502_000_000_00,
    "beside_news": 31_000_000, "issued": -5_000,
    "fee": 3_000_000_00, "waived": 900, "borrowed": 700,
    "order": "order:1", "loan": "loan:1", "call": "call:1", "of": "words", "project": "a project",
    "entry": "words", "text": "Look here.", "reason": "It follows another.", "story": "tiny",
    "edition": "1", "model": "2", "cast": "full", "process": "supplying", "kind": "Delivery",
    "account": "cash",
}  # fmt: skip  # one table
# Who stands in the fields that name somebody, in order: no two are one, so that no two can be exchanged.
ACTORS = ("lab", "cloud", "chips")
SUMS = {"amount", "unattributed", "credit", "shares", "warrants"}  # at most one of them is firm
# Which of the optional fields are left out, besides those that a kind may be without.
KNOWN: dict[str, set[str]] = {
    "firm": {"ceiling", "unattributed", "credit", "warrants"},
    "ceiling": SUMS,
    "unknown": {*SUMS, "ceiling", "until", "impulse"},
    "other sum": {"ceiling", "amount", "shares"},
    "alone": {"ceiling", "unattributed", "credit", "warrants", "post_money", "due", "rate", "account"},
}
REPRICED = {"rises": "fast", "falls": "slow", "marked": "log_mark"}  # all three parts add up to nothing


def variants(kind: type[Fact]) -> Iterator[tuple[str, Fact]]:
    """Facts of a kind, each by what is known of it; none twice."""
    every, optional = _whole(kind), {f.name for f in fields(kind) if f.default is None}
    others = {*kind.parties[1:], "asset"}
    known = {name: every.keys() - (without & optional) for name, without in KNOWN.items()}
    known["alone"] -= others & optional
    known |= {name: {"asset", part} for name, part in REPRICED.items() if kind is Repricing}
    if kind is Endowment:  # it opens one account
        known = {"firm": {"holder", "cash"}}
    seen: list[Fact] = []
    for name, those in known.items():
        fact = kind(**{field: value for field, value in every.items() if field in those})
        if fact not in seen:
            yield name, fact
            seen.append(fact)
    for party in kind.parties:
        firm = {field: value for field, value in every.items() if field in known["firm"]}
        yield f"{party} outside", kind(**firm | {party: "outside"})


def _whole(kind: type[Fact]) -> dict[str, int | str]:
    """All fields of a kind but `told`."""
    names = [field.name for field in fields(kind) if field.name != "told"]
    who = [
        name
        for name in dict.fromkeys((*kind.parties, "debtor", "asset", "purse", "holder", "lender"))
        if name in names
    ]
    found = {name: VALUES[name] for name in names if name not in who}
    if kind is Supposition:
        found["text"] = Supposed(question="What if it rained?").dump()
    return found | dict(zip(who, ACTORS, strict=False))
