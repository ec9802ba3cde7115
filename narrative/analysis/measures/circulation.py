"""Maximum circulation over sums that went from one to another, exact in whole numbers.

The largest part of some flows that nets to zero for everybody: ``max sum x_ab`` with ``0 <= x_ab <=
F_ab`` and as much into each node as out of it. Whole capacities have a whole optimum. It hangs on the
sums alone, not on the order in which they were paid.
"""

from collections import defaultdict, deque
from collections.abc import Mapping

Flows = Mapping[tuple[str, str], int]  # (from, to) -> sum in the smallest unit


class Circulation:
    """The maximum circulation of flows that are still growing. `total` is what goes round."""

    def __init__(self) -> None:
        self.total = 0
        # node -> neighbour -> what more may go that way; and what goes that way now.
        self._free: dict[str, dict[str, int]] = defaultdict(dict)
        self._gone: dict[str, dict[str, int]] = defaultdict(dict)

    def pay(self, payer: str, payee: str, amount: int) -> None:
        """Take in one more payment: what goes round grows along the best ways back, at most by its amount."""
        if payer == payee or not amount:
            return
        self._free[payer][payee] = self._free[payer].get(payee, 0) + amount
        while self._free[payer][payee] and (back := self._back(payee, payer)) is not None:
            way = [(payer, payee, True), *back]
            least = min((self._free if ahead else self._gone)[a][b] for a, b, ahead in way)
            for a, b, ahead in way:
                self._free[a][b] += -least if ahead else least
                self._gone[a][b] = self._gone[a].get(b, 0) + (least if ahead else -least)
                self.total += least if ahead else -least

    def _back(self, start: str, end: str) -> list[tuple[str, str, bool]] | None:
        """The way from `start` to `end` that makes most go round, of those the shortest; None where closing
        it makes nothing go round more. Each step as (from, to, True), or undone, (from, to, False).
        """
        many = 2 * sum(map(len, self._free.values())) + 2  # above the steps of any way, which only break ties
        undone = self._undone()
        cost, came = {start: 0}, dict[str, tuple[str, str, bool]]()
        ahead, waiting = deque([start]), {start}
        while ahead:
            node = ahead.popleft()
            waiting.discard(node)
            if node == end:  # on from there goes the payment itself, which the way is to close
                continue
            steps = [(b, 1 - many, (node, b, True)) for b, free in self._free[node].items() if free]
            steps += [(a, 1 + many, (a, node, False)) for a in undone[node]]
            for to, more, step in steps:
                if (found := cost[node] + more) < cost.get(to, found + 1):
                    cost[to], came[to] = found, step
                    if to not in waiting:
                        waiting.add(to)
                        ahead.append(to)
        if end not in cost or cost[end] >= many:
            return None
        way, node = [], end
        while node != start:
            a, b, forward = step = came[node]
            way.append(step)
            node = a if forward else b
        return way[::-1]

    def _undone(self) -> dict[str, list[str]]:
        """By node, the nodes from which something goes to it now, and need not."""
        found: dict[str, list[str]] = defaultdict(list)
        for a, gone in self._gone.items():
            for b, amount in gone.items():
                if amount:
                    found[b].append(a)
        return found


def circulating(flows: Flows) -> int:
    """The largest part of some flows that nets to zero for everybody, in the smallest unit."""
    found = Circulation()
    for (payer, payee), amount in sorted(flows.items()):
        found.pay(payer, payee, amount)
    return found.total


def returned(flows: Flows, actor: str, *, out: Flows | None = None, back: Flows | None = None) -> int:
    """The most of an actor's receipts that its own outlays could have paid, in the smallest unit: the maximum
    flow from it back to it. `out` gives other sums for the first hop, `back` for the last one.
    """
    end = f"{actor}/"  # where money comes back: nobody's name
    free: dict[str, dict[str, int]] = defaultdict(dict)
    for (a, b), amount in flows.items():
        if actor not in (a, b) and a != b:
            free[a][b] = amount
    for (a, b), amount in (flows if out is None else out).items():
        if a == actor != b:
            free[actor][b] = amount
    for (a, b), amount in (flows if back is None else back).items():
        if b == actor != a:
            free[a][end] = amount
    total = 0
    while way := _shortest(free, actor, end):
        least = min(free[a][b] for a, b in way)
        for a, b in way:
            free[a][b] -= least
            free[b][a] = free[b].get(a, 0) + least
        total += least
    return total


def _shortest(free: Mapping[str, Mapping[str, int]], start: str, end: str) -> list[tuple[str, str]]:
    """The steps of a shortest way on which something is free; none where there is no way."""
    came = {start: start}
    ahead = deque([start])
    while ahead and end not in came:
        node = ahead.popleft()
        for to, room in free.get(node, {}).items():
            if room and to not in came:
                came[to] = node
                ahead.append(to)
    way, node = list[tuple[str, str]](), end
    while node in came and node != start:
        way.append((came[node], node))
        node = came[node]
    return way[::-1]
