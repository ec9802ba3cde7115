"""Random rewirings: the same sums out of each party and into each, to other parties than they went to.

They say how much of what goes round would go round if nobody had chosen with whom to deal. Where everybody
pays about as much as it gets, every rewiring goes round too; there `scattered` says more, in which each sum
is paid to anybody. Chance has an address (see `narrative.engine.chance`): the same flows are always rewired
alike.
"""

from collections.abc import Sequence

from narrative.analysis.measures.circulation import Flows, circulating
from narrative.engine.chance import Chance

DRAWS = 199  # so that the 5 % and 95 % points are draws themselves
_CHANCE = Chance(0)

Piece = tuple[str, str, int]


def rewired(flows: Flows, draw: int) -> dict[tuple[str, str], int]:
    """One random rewiring: every party pays and receives as much in all as it did, and nobody itself.

    Sums out and sums in are laid end to end, each in a random order, and paid where they lie beside
    each other; what would go from a party to itself changes places with other pieces.
    """
    edges = sorted(edge for edge, amount in flows.items() if amount and edge[0] != edge[1])

    def shuffled(side: str) -> list[tuple[str, str]]:
        drawn = [_CHANCE.uniform("rewiring", side, f"{i}", draw) for i in range(len(edges))]
        return [edge for _, edge in sorted(zip(drawn, edges, strict=True))]

    out, into = shuffled("out"), shuffled("into")
    pieces: list[Piece] = []
    i = j = 0
    left, room = (flows[out[0]], flows[into[0]]) if edges else (0, 0)
    while i < len(out):
        amount = min(left, room)
        pieces.append((out[i][0], into[j][1], amount))
        left, room = left - amount, room - amount
        if not left and (i := i + 1) < len(out):
            left = flows[out[i]]
        if not room and (j := j + 1) < len(into):
            room = flows[into[j]]
    found: dict[tuple[str, str], int] = {}
    for payer, payee, amount in _parted(pieces):
        found[payer, payee] = found.get((payer, payee), 0) + amount
    return found


def _parted(pieces: Sequence[Piece]) -> list[Piece]:
    """Pieces of which none goes from a party to itself, with each party's sums as they were. There is always
    room: in no flows does a party pay and receive more than all that is paid.
    """
    own = [piece for piece in pieces if piece[0] == piece[1]]
    found = [piece for piece in pieces if piece[0] != piece[1]]
    while own:
        party, _, amount = own.pop()
        for where, (payer, payee, other) in enumerate([*found, *own]):
            if party in (payer, payee):
                continue
            moved = min(amount, other)
            rest = [(payer, payee, other - moved)] if other > moved else []
            if where < len(found):
                found[where : where + 1] = rest
            else:
                own[where - len(found) : where - len(found) + 1] = rest
            found += [(party, payee, moved), (payer, party, moved)]
            if amount > moved:
                own.append((party, party, amount - moved))
            break
    return found


def by_chance(flows: Flows) -> list[int]:
    """The maximum circulation of DRAWS random rewirings, the least first."""
    return sorted(circulating(rewired(flows, draw)) for draw in range(DRAWS))


def scattered(flows: Flows, parties: Sequence[str], draw: int) -> dict[tuple[str, str], int]:
    """Pay each party's sums as they are, but each of them to any other of some parties, drawn at random."""
    found: dict[tuple[str, str], int] = {}
    for number, (payer, payee) in enumerate(sorted(flows)):
        others = [party for party in parties if party != payer]
        chosen = others[int(_CHANCE.uniform("scattering", f"{number}", "", draw) * len(others))]
        found[payer, chosen] = found.get((payer, chosen), 0) + flows[payer, payee]
    return found


def by_scattering(flows: Flows, parties: Sequence[str]) -> list[int]:
    """The maximum circulation of DRAWS scatterings, the least first."""
    return sorted(circulating(scattered(flows, parties, draw)) for draw in range(DRAWS))
