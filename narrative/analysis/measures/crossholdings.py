"""Cross-holdings counted once: what each party's holdings are worth in real assets, through all others.

``V = (I - C)^-1 p`` are values with stakes in others, in which a stake in a stake counts again. To those
outside a company is worth ``C^ V``, with C^ the part of it that no other in the network holds, and ``A = C^
(I - C)^-1`` says how much of each asset everybody's outside owners have in the end.
"""

from collections.abc import Mapping

SOURCE = "Elliott, Golub and Jackson 2014, American Economic Review 104(10)"

Parts = Mapping[str, Mapping[str, float]]  # holder -> company -> the part of the company that it holds
ROUNDS = 10_000
LEAST = 1e-15


def book_values(holdings: Parts, assets: Mapping[str, float]) -> dict[str, float]:
    """The value of each company with its stakes in others, which counts what is held twice over; `assets` are
    worth of real assets, by company. Raises ValueError where holders hold the whole of a company.
    """
    for company in assets:
        held = sum(parts.get(company, 0.0) for parts in holdings.values())
        if held >= 1.0:
            raise ValueError(f"{company} is held whole by others ({held:g}), so that no value can be told.")
    values = dict(assets)
    for _ in range(ROUNDS):
        again = {name: assets[name] + _stakes(holdings, values, name) for name in assets}
        if all(abs(again[name] - values[name]) <= LEAST * (1 + abs(again[name])) for name in assets):
            return again
        values = again
    return values


def own_assets(holdings: Parts, values: Mapping[str, float]) -> dict[str, float]:
    """The worth of each company without its stakes in others: ``p = (I - C) V``, `book_values` undone."""
    return {name: value - _stakes(holdings, values, name) for name, value in values.items()}


def _stakes(holdings: Parts, values: Mapping[str, float], holder: str) -> float:
    parts = holdings.get(holder, {})
    return sum(part * values[company] for company, part in parts.items() if company in values)


def market_values(holdings: Parts, assets: Mapping[str, float]) -> dict[str, float]:
    """The value of each company to those outside: it adds up to all real assets, each counted once."""
    return {
        company: value * (1.0 - sum(parts.get(company, 0.0) for parts in holdings.values()))
        for company, value in book_values(holdings, assets).items()
    }


def dependency(holdings: Parts, companies: tuple[str, ...]) -> dict[str, dict[str, float]]:
    """The matrix A: by company, the part of every company's real assets that its outside owners have."""
    one = {asset: market_values(holdings, {c: float(c == asset) for c in companies}) for asset in companies}
    return {company: {asset: one[asset][company] for asset in companies} for company in companies}
