"""DebtRank: how much of the worth in a network is hit, by way of who is owed what, when some are hit.

``h_j(t) = min(1, h_j(t-1) + sum_i W_ij h_i)`` with ``W_ij = min(1, A_ji / E_j)``: the part of the buffer E
of j that its claim A on i is. Distress is a part of one's buffer, from 0 to 1, which is default; it is
passed on before anybody defaults. In the version of 2012 everybody passes it on once, in that of 2015
what came since is passed on until nothing more comes.
"""

from collections.abc import Mapping

from attrs import frozen

SOURCE = (
    "Battiston, Puliga, Kaushik, Tasca and Caldarelli 2012, Scientific Reports 2:541; "
    "Bardoscia, Battiston, Caccioli and Caldarelli 2015, PLoS ONE 10(6)"
)

Amounts = Mapping[str, float]
Claims = Mapping[str, Amounts]  # creditor -> debtor -> amount
ROUNDS = 1_000  # of the version of 2015, whose steps shrink for ever
LEAST = 1e-12  # of a buffer: less is nothing


@frozen
class Distress:
    """Distress of each node, as a part of its buffer; the part of all `sizes` that is lost beyond the first
    blow; and by node the one from which most of its distress came (None: it was hit first, or not at all).
    """

    stress: Mapping[str, float]
    lost: float
    through: Mapping[str, str | None]


def debtrank(
    claims: Claims, buffers: Amounts, sizes: Amounts, blow: Amounts, *, repeatedly: bool = False
) -> Distress:
    """The distress after a blow, which gives the part of its buffer that each node loses first; passed on
    once (2012), or `repeatedly` (2015). A node without a buffer is in default once anything it holds is.
    """
    nodes = sorted(buffers)
    owed: dict[str, list[str]] = {}
    for creditor in nodes:
        for debtor in claims.get(creditor, ()):
            owed.setdefault(debtor, []).append(creditor)
    stress = {node: min(1.0, blow.get(node, 0.0)) for node in nodes}
    coming = {node: stress[node] for node in nodes if stress[node]}
    spent: set[str] = set()
    most: dict[str, tuple[float, str]] = {}
    for _ in range(ROUNDS):
        if not coming:
            break
        spent |= coming.keys()
        before, after = stress, dict(stress)
        for debtor, news in coming.items():
            for node in owed.get(debtor, ()):  # others have nothing to lose by it
                passed = _weight(claims, buffers, node, debtor) * news
                after[node] = min(1.0, after[node] + passed)
                if passed > most.get(node, (0.0, ""))[0]:
                    most[node] = (passed, debtor)
        stress = after
        risen = {node: after[node] - before[node] for node in nodes if after[node] - before[node] > LEAST}
        coming = risen if repeatedly else {node: after[node] for node in risen if node not in spent}
    whole = sum(sizes[node] for node in nodes)
    lost = sum(sizes[node] * (stress[node] - min(1.0, blow.get(node, 0.0))) for node in nodes)
    through = {node: None if node in blow or node not in most else most[node][1] for node in nodes}
    return Distress(stress, lost / whole if whole else 0.0, through)


def _weight(claims: Claims, buffers: Amounts, creditor: str, debtor: str) -> float:
    claim = claims.get(creditor, {}).get(debtor, 0.0)
    if claim <= 0 or creditor == debtor:
        return 0.0
    return min(1.0, claim / buffers[creditor]) if buffers[creditor] > 0 else 1.0


def path(found: Distress, node: str) -> list[str]:
    """The way by which distress came to a node, from the one hit first: at each step from whom most came."""
    way, at = [node], found.through.get(node)
    while at is not None and at not in way:
        way.append(at)
        at = found.through.get(at)
    return way[::-1]
