"""Rings: ways on which sums lead from one party over others back to it, the widest first.

Found in the sums alone, whatever the story calls its circle. A ring is as wide as its least sum. That
sums meet at a party does not make one the cause of the next: each joint is tied where an event of one
side descends from an event of the other, and else the two only share the party.
"""

from collections.abc import Iterator, Mapping, Sequence

from attrs import frozen

from events.event import Event
from narrative.analysis.measures.circulation import Flows
from narrative.analysis.measures.deals import Deal
from narrative.analysis.ties import drawn, tying
from narrative.story.model import Story

LONGEST = 8
MOST = 50


@frozen
class Ring:
    """A ring of parties, each paying the next and the last the first: its least sum in the smallest unit, and
    how many of its joints are tied by a cause or by a link that a source draws.
    """

    parties: tuple[str, ...]
    least: int
    tied: int

    @property
    def steps(self) -> list[tuple[str, str]]:
        """The (payer, payee) pairs along it."""
        return list(zip(self.parties, (*self.parties[1:], self.parties[0]), strict=True))


def rings(sums: Flows, ties: frozenset[tuple[tuple[str, str], tuple[str, str]]] = frozenset()) -> list[Ring]:
    """The MOST widest rings of no more than LONGEST parties, widest first, then shortest, then by name."""
    ahead: dict[str, set[str]] = {}
    found: list[Ring] = []
    for (payer, payee), amount in sorted(sums.items(), key=lambda item: (-item[1], item[0])):
        if found and len(found) >= MOST and amount < found[-1].least:
            break
        for way in _ways(ahead, payee, payer):
            start = way.index(min(way))
            found.append(_ring(tuple(way[start:] + way[:start]), amount, ties))
            if len(found) >= 10 * MOST:  # of one width beyond counting: some are as good as others
                break
        ahead.setdefault(payer, set()).add(payee)
    return sorted(found, key=lambda ring: (-ring.least, len(ring.parties), ring.parties))[:MOST]


def _ring(
    parties: tuple[str, ...], least: int, ties: frozenset[tuple[tuple[str, str], tuple[str, str]]]
) -> Ring:
    plain = Ring(parties, least, 0)
    steps = plain.steps
    tied = sum((a, b) in ties for a, b in zip(steps, (*steps[1:], steps[0]), strict=True))
    return Ring(parties, least, tied)


def _ways(ahead: Mapping[str, set[str]], start: str, end: str) -> Iterator[list[str]]:
    """Every way from one party to another that meets none twice, of no more than LONGEST parties."""
    left = _left(ahead, end)
    if start not in left:
        return
    stack = [[start]]
    while stack:
        way = stack.pop()
        if way[-1] == end:
            yield way
            continue
        stack += [
            [*way, to]
            for to in sorted(ahead.get(way[-1], ()), reverse=True)
            if to not in way and len(way) + 1 + left.get(to, LONGEST) <= LONGEST
        ]


def _left(ahead: Mapping[str, set[str]], end: str) -> dict[str, int]:
    """How many steps at least each party is from an end; those that never reach it are left out."""
    found, now = {end: 0}, {end}
    while now:
        now = {node for node, to in ahead.items() if node not in found and not to.isdisjoint(now)}
        found |= dict.fromkeys(now, 1 + max(found.values()))
    return found


def tied(
    story: Story, events: Sequence[Event], found: Sequence[Deal]
) -> frozenset[tuple[tuple[str, str], tuple[str, str]]]:
    """The pairs of (payer, payee), one after the other at a party, of which an event of one descends from an
    event of the other: by what a process gave as its cause, or by links that a source draws.
    """
    bits = {pair: 1 << i for i, pair in enumerate(sorted({(deal.payer, deal.payee) for deal in found}))}
    own: dict[int, int] = {}
    for deal in found:
        own[deal.position] = own.get(deal.position, 0) | bits[deal.payer, deal.payee]
    by = drawn(story)
    descent: list[int] = [0]
    together: dict[tuple[str, str], int] = dict.fromkeys(bits, 0)
    for event in events:
        before = 0
        for cause in tying(event, events, by):
            before |= descent[cause]
        mine = own.get(event.position, 0)
        descent.append(before | mine)
        for pair, bit in bits.items() if mine else ():
            if mine & bit:
                together[pair] |= before
    return frozenset(
        (one, two)
        for one in bits
        for two in bits
        if one[1] == two[0] and (together[one] & bits[two] or together[two] & bits[one])
    )
