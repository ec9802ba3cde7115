"""Payments of those who cannot pay in full: Eisenberg and Noe (2001), and with costs of default Rogers and
Veraart (2013), in whole smallest units.

A debtor that holds less than it owes, with what others pay it, pays ``alpha`` of what it holds and ``beta``
of what it is paid, each creditor its part of it; the rest is lost as costs. Of several ways to settle that
are each consistent, the one that pays most is found: everyone is taken to pay in full at first, and nobody
who can is ever found in default (`<`, never `<=`). The other way round, from nothing upwards, ends elsewhere
and may end at what settles nothing (Rogers and Veraart's example 3.3).

Who defaults and about how much is found in floats, in one order of sums; what is paid comes of whole
numbers alone, starting above and going down to what every purse can bear.
"""

from collections.abc import Mapping
from math import ceil

from attrs import frozen

MILLION = 1_000_000
PAD = 1e-9  # of a sum: more than floats get wrong, so that whole numbers start above
HALF = 0.5  # of a smallest unit: to be short by less is rounding, and no default
Owed = Mapping[str, Mapping[str, int]]  # debtor -> creditor -> sum


@frozen
class Cleared:
    """One settlement. `paid` by debtor and creditor, `defaults` in the order of the alphabet, `costs` what is
    lost of what each of them held and was paid.
    """

    paid: dict[str, dict[str, int]]
    defaults: tuple[str, ...]
    costs: dict[str, int]


def clear(held: Mapping[str, int], owed: Owed, *, alpha: float = 1.0, beta: float = 1.0) -> Cleared:
    """The greatest settlement of what debtors owe, each with what it holds, in the smallest unit. A creditor
    that is no debtor may stand for anybody outside. Parts are exact to 1e-6.

    Debtors in default keep nothing: what they do not pay is `costs`, below one unit for each creditor on
    the way where alpha and beta are 1.
    """
    debts = {who: {to: due for to, due in sorted(owed[who].items()) if due > 0} for who in sorted(owed)}
    whole = {who: sum(debts[who].values()) for who in debts}
    purses = {who: max(held.get(who, 0), 0) for who in debts}
    about, lost = _about(purses, debts, whole, (alpha, beta))
    parts = (round(alpha * MILLION), round(beta * MILLION))
    paid = {who: min(ceil(about[who] * (1.0 + PAD)) + 1, whole[who]) for who in debts}
    paid |= {who: whole[who] for who in debts if who not in lost}
    while True:
        into = _into(paid, debts, whole)
        least = {who: min(paid[who], _able(purses[who], into[who], parts, who in lost)) for who in debts}
        if least == paid:
            break
        paid = least
    shared = {who: dealt(paid[who], debts[who]) for who in debts}
    into = {who: sum(shared[payer].get(who, 0) for payer in debts) for who in debts}
    costs = {who: purses[who] + into[who] - paid[who] for who in sorted(lost)}
    return Cleared(shared, tuple(sorted(lost)), costs)


def dealt(amount: int, claims: Mapping[str, int]) -> dict[str, int]:
    """An amount over claims by their size, in whole units that sum to it: each its part rounded down, and one
    unit more to those whose remainders are largest, first by name of equals. Nobody gets more than it claims.
    """
    whole = sum(claims.values())
    if not whole:
        return {}
    amount = min(amount, whole)
    found = {to: amount * due // whole for to, due in claims.items()}
    order = sorted(claims, key=lambda to: (-(amount * claims[to] % whole), to))
    for to in order[: amount - sum(found.values())]:
        found[to] += 1
    return found


def _into(paid: Mapping[str, int], debts: Owed, whole: Mapping[str, int]) -> dict[str, int]:
    """The sum each debtor is sure to be paid: its parts of what others pay, each rounded down."""
    into = dict.fromkeys(debts, 0)
    for who, claims in debts.items():
        for to, due in claims.items():
            if to in into:
                into[to] += paid[who] * due // whole[who]
    return into


def _able(purse: int, into: int, parts: tuple[int, int], in_default: bool) -> int:
    return (parts[0] * purse + parts[1] * into) // MILLION if in_default else purse + into


# --- who defaults, and about how much they pay ----------------------------------------------------


def _about(
    purses: Mapping[str, int], debts: Owed, whole: Mapping[str, int], parts: tuple[float, float]
) -> tuple[dict[str, float], set[str]]:
    """Payments in floats, and who is in default: all pay in full at first, and whoever is then short pays
    what it can, as often as others fall short of that.
    """
    shares = {
        who: [(payer, claims[who] / whole[payer]) for payer, claims in debts.items() if who in claims]
        for who in debts
    }
    lost: set[str] = set()
    while True:
        about = _paying(purses, shares, whole, parts, sorted(lost))
        held = {who: purses[who] + sum([about[payer] * part for payer, part in shares[who]]) for who in debts}
        short = {who for who in debts if whole[who] - held[who] >= HALF}
        if short <= lost:
            return about, lost
        lost |= short


def _paying(
    purses: Mapping[str, int],
    shares: Mapping[str, list[tuple[str, float]]],
    whole: Mapping[str, int],
    parts: tuple[float, float],
    lost: list[str],
) -> dict[str, float]:
    """The payments where just these are in default: ``x = alpha e + beta (L' 1 + P' x)``, by elimination.
    Each column's diagonal outweighs the rest of it, so that no rows need to change places.
    """
    alpha, beta = parts
    place = {who: i for i, who in enumerate(lost)}
    rows, right = [], []
    for who in lost:
        row, known = [0.0] * len(lost), alpha * purses[who]
        for payer, part in shares[who]:
            if payer in place:
                row[place[payer]] -= beta * part
            else:
                known += beta * part * whole[payer]
        row[place[who]] += 1.0
        rows.append(row)
        right.append(known)
    for i, pivot in enumerate(rows):
        for j in range(i + 1, len(rows)):
            if rows[j][i]:
                factor = rows[j][i] / pivot[i]
                rows[j][i:] = [a - factor * b for a, b in zip(rows[j][i:], pivot[i:], strict=True)]
                right[j] -= factor * right[i]
    found: list[float] = [0.0] * len(lost)
    for i in reversed(range(len(lost))):
        rest = sum([a * x for a, x in zip(rows[i][i + 1 :], found[i + 1 :], strict=True)])
        found[i] = (right[i] - rest) / rows[i][i]
    return {who: float(whole[who]) for who in whole} | dict(zip(lost, found, strict=True))
