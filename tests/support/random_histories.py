"""Random histories for what reads whole logs: facts of several kinds, branches of branches."""

from typing import Any

from hypothesis import strategies as st

from events.event import Draft
from events.facts import Announcement, Note, Order, Payment
from events.fields import Fact, Told
from events.funding_facts import Funding
from events.log import Log
from events.market_facts import Repricing

NAMES = st.sampled_from(["lab", "chips", "outside", "Crédit & Cie", 'a "b"\\c'])
SUMS = st.integers(0, 2**53)
TEXTS = st.text(max_size=20)


@st.composite
def facts(draw: st.DrawFn) -> Fact:
    told = None
    if draw(st.booleans()):
        told = Told(
            entry="e",
            headline=draw(TEXTS),
            source=draw(TEXTS),
            confidence="low",
            tone=draw(st.none() | st.floats(-1, 1)),
            stated=draw(st.none() | SUMS),
            participants=tuple(draw(st.lists(NAMES, max_size=2))),
        )
    kind = draw(st.sampled_from([Announcement, Funding, Note, Order, Payment, Repricing]))
    one, other, amount = draw(NAMES), draw(NAMES), draw(st.none() | SUMS)
    plain: dict[type[Fact], dict[str, Any]] = {
        Announcement: {"subject": one, "ceiling": amount},
        Funding: {"company": one, "investor": other, "amount": amount},
        Note: {"author": one, "text": draw(TEXTS)},
        Order: {
            "buyer": one,
            "seller": other,
            "order": f"{one}-1",
            "amount": amount,
            "due": -(amount or 0) // 10**6,
        },
        Payment: {"payer": one, "payee": other, "amount": amount or 0},
        Repricing: {"asset": one, "fast": -(amount or 0), "tone": amount},
    }
    return kind(told=told, **plain[kind])


def grow(draw: st.DrawFn, log: Log, branch: str, moments: int) -> None:
    """Some moments of some acts on a branch."""
    head = log.head(branch)
    moment = head.moment if head.moment is not None else draw(st.integers(-(10**10), 10**9))
    for _ in range(moments):
        moment += draw(st.integers(1, 10**6))
        end = log.head(branch).position
        origin = draw(st.sampled_from(["recorded", "modelled", "supposed"]))
        causes = (draw(st.integers(1, end)),) if end and draw(st.booleans()) else ()
        acts = [
            (Draft(draw(NAMES), draw(facts()), origin, causes=causes), Draft("x", draw(facts()), within=(0,)))
            for _ in range(draw(st.integers(1, 2)))
        ]
        log.append(branch, end, moment, acts)


def fill(draw: st.DrawFn, log: Log) -> None:
    """Main, and up to three branches, each off any earlier one between any two of its moments."""
    grow(draw, log, "main", draw(st.integers(1, 5)))
    for number in range(draw(st.integers(0, 3))):
        parent = draw(st.sampled_from([branch.name for branch in log.branches()]))
        ends = {row.moment: row.position for row in log.rows(parent)}
        name, cut = f"b{number}", draw(st.sampled_from([0, *ends.values()]))
        question, target = draw(st.sampled_from(["", "what if?"])), draw(st.none() | st.just(10**12))
        log.fork(name, parent, cut, question, target=target)
        grow(draw, log, name, draw(st.integers(0, 3)))
        if draw(st.booleans()):
            log.lived(name, 10**12)
