"""Readings: pure functions of the accounts at one moment. Nothing is remembered, nothing decided.

Equations (3) to (5): ``ln P = ln P0 + lasting + belief + flow - duration * sum(surprise)/1e4 +
psi * liquidity``. Log prices in the accounts are whole 1e-9 of ln; here they are plain ln. Money is
whole smallest units. None means that a balance the reading needs is unknown, which is not zero.
"""

from collections.abc import Mapping
from math import exp

from attrs import frozen

from events.accounts import Fold

NANO = 1e-9


@frozen
class Readings:
    """The accounts as they can be read.

    `parameters` are the reading parameters in force; `listed` the actors with a traded price;
    `known` the (actor, account) pairs whose opening balance the story gives.
    """

    fold: Fold
    parameters: Mapping[str, float]
    listed: frozenset[str]
    known: frozenset[tuple[str, str]]

    # --- price and belief -----------------------------------------------------------------------

    def belief(self, asset: str, at: int) -> float:
        """Belief in ln: the fast and the slow part together."""
        fold = self.fold
        return NANO * (fold.fading("belief_fast", asset, at) + fold.fading("belief_slow", asset, at))

    def flow(self, asset: str, at: int) -> float:
        """Pressure of trades still in the price, in ln."""
        return NANO * self.fold.fading("flow", asset, at)

    def log_price(self, asset: str, at: int) -> float:
        """ln(P / P0)."""
        policy = self.parameters["duration"] * self.fold.sum("surprise", "market") / 1e4
        liquid = self.parameters["liquidity_sensitivity"] * NANO * self.fold.fading("liquidity", "market", at)
        lasting = NANO * self.fold.sum("lasting", asset)
        return lasting + self.belief(asset, at) + self.flow(asset, at) - policy + liquid

    def belief_share(self, asset: str, at: int) -> float:
        """The part of a value that goes if the story goes: 1 - exp(-max(belief + flow, 0))."""
        return 1.0 - exp(-max(self.belief(asset, at) + self.flow(asset, at), 0.0))

    def value(self, asset: str, at: int) -> int | None:
        """Market value: by price and shares where listed, so that new shares add to it; else the last
        post-money carried by the log price since it was marked.
        """
        fold = self.fold
        opening = fold.last("value", asset)
        if asset in self.listed and opening is not None:
            floated = fold.last("floated", asset)
            grown = fold.sum("shares", asset) / floated if floated else 1.0
            return round(opening * grown * exp(self.log_price(asset, at)))
        base = fold.last("post_money", asset)
        if base is None:
            base = opening
        if base is None:
            return None
        mark = fold.last("mark", asset) or 0
        return round(base * exp(self.log_price(asset, at) - NANO * mark))

    # --- balances -------------------------------------------------------------------------------

    def cash(self, actor: str) -> int | None:
        """Opening cash and what the log moved since; None where the opening is unknown."""
        return self.fold.sum("cash", actor) if (actor, "cash") in self.known else None

    def debt(self, actor: str) -> int | None:
        """Opening debt and what the log added since; None where the opening is unknown."""
        return self.fold.sum("debt", actor) if (actor, "debt") in self.known else None

    # --- collateral -----------------------------------------------------------------------------

    def price(self, asset: str, at: int) -> float | None:
        """Smallest units a share; None where the opening count of shares is unknown."""
        shares = self.fold.sum("shares", asset) if self.fold.last("floated", asset) else 0
        value = self.value(asset, at)
        return value / shares if value is not None and shares > 0 else None

    def pledges(self, actor: str) -> dict[str, int]:
        """Shares an actor has pledged, by asset."""
        found = {}
        for key, shares in sorted(self.fold.state["pledged"].items()):
            holder, _, asset = key.partition("/")
            if holder == actor and shares:
                found[asset] = shares
        return found

    def collateral(self, actor: str, at: int) -> int | None:
        """Value of what an actor has pledged (5); None where it pledged nothing or no price is known."""
        total = 0.0
        pledges = self.pledges(actor)
        for asset, shares in pledges.items():
            price = self.price(asset, at)
            if price is None:
                return None
            total += shares * price
        return round(total) if pledges else None

    def belief_backed(self, actor: str, at: int) -> int | None:
        """The part of an actor's collateral that goes if the story goes."""
        if self.collateral(actor, at) is None:
            return None
        total = 0.0
        for asset, shares in self.pledges(actor).items():
            total += shares * (self.price(asset, at) or 0.0) * self.belief_share(asset, at)
        return round(total)

    def loan_to_value(self, actor: str, at: int) -> float | None:
        """Debt secured on the collateral over its value; None where either is unknown."""
        collateral, debt = self.collateral(actor, at), self.fold.sum("margin_debt", actor)
        known = (actor, "margin") in self.known or debt
        return debt / collateral if collateral and known else None
