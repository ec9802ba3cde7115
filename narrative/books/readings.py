"""Readings: pure functions of the accounts at one moment. Nothing is remembered, nothing decided.

Equations (3') to (5): ``ln P = ln P0 + lasting + belief + flow + b * sector_flow - duration *
sum(surprise)/1e4 + psi * liquidity + market + sector + own + diluted``; market, sector and own are what news
does not explain of quoted prices, and nothing where nothing is quoted; diluted is what shares given for
nothing take. Log prices in the accounts are whole 1e-9 of ln; here they are plain ln. Money is whole
smallest units. None means that a balance the reading needs is unknown, which is not zero.
"""

from collections.abc import Callable, Iterable, Mapping
from math import exp, floor, log
from typing import Any, Literal

from attrs import Factory, field, frozen

from events.books.accounts import Fold
from events.errors import Overflow
from events.market_facts import Repricing

NANO = 1e-9
LARGEST = floor(log(2.0) / NANO)  # of one step, in 1e-9 ln, up or down: a price doubles, or halves
STEEPEST = 600.0  # ln, of which exp is still a number
COUNTED = 2.0**63 - 1024  # smallest units, as columns hold them
# The accounts that a price is read off.
PRICE = (
    "value", "post_money", "mark", "shares", "floated", "lasting", "belief_fast", "belief_slow", "flow",
    "sector_flow", "surprise", "liquidity", "market_part", "sector_part", "own_part", "diluted", "quoted",
)  # fmt: skip  # one list


def whole_step(fact: Repricing) -> int:
    """The whole step of a repricing, in 1e-9 of ln; 0 where it only marks or makes belief lasting."""
    return (fact.fast or 0) + (fact.slow or 0) + (fact.lasting or 0)


def beyond(fact: Repricing) -> bool:
    """True where a step was worked out from a sum above the market value: no case behind (7) was."""
    return fact.tone is not None and (fact.news or 0) > (fact.value or 0)


STEADY = ("lasting", "diluted", "market_part", "sector_part", "own_part")  # what stays in a log price
Reader = Callable[[str, int], float]  # a fading sum of a key at a moment
Held = Callable[[str], Any]  # what an account holds of a key, or None


class _Accounts:
    """The accounts that a price is read off, each looked up once: a price is read thousands of times."""

    def __init__(self, fold: Fold) -> None:
        read, held = fold.readers, fold.state
        self.fast: Reader = read["belief_fast"]
        self.slow: Reader = read["belief_slow"]
        self.flow: Reader = read["flow"]
        self.sector: Reader = read["sector_flow"]
        self.liquid: Reader = read["liquidity"]
        self.readers: dict[str, Reader] = read
        self.steady: tuple[Callable[[str, int], int], ...] = tuple(held[name].get for name in STEADY)
        self.value: Held = held["value"].get
        self.floated: Held = held["floated"].get
        self.shares: Callable[[str, int], int] = held["shares"].get
        self.post_money: Held = held["post_money"].get
        self.mark: Held = held["mark"].get
        self.quoted: Held = held["quoted"].get
        self.betas: dict[str, float] = {}  # the parameters of readings do not change


def _accounts(readings: "Readings") -> _Accounts:
    return _Accounts(readings.fold)


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
    _of: _Accounts = field(init=False, eq=False, repr=False, default=Factory(_accounts, takes_self=True))

    # --- price and belief -----------------------------------------------------------------------

    def belief(self, asset: str, at: int) -> float:
        """Belief in ln: the fast and the slow part together."""
        fold = self.fold
        return NANO * (fold.fading("belief_fast", asset, at) + fold.fading("belief_slow", asset, at))

    def flow(self, asset: str, at: int) -> float:
        """Pressure of trades still in the price, in ln."""
        return NANO * self.fold.fading("flow", asset, at)

    def sector_flow(self, asset: str, at: int) -> float:
        """Pressure in an asset's price of trades in any share of the sector, in ln."""
        return self.sector_beta(asset) * NANO * self.fold.fading("sector_flow", "sector", at)

    def above(self, mean: Literal["fast", "slow"], asset: str, at: int) -> float:
        """How far a price lies above a fading mean of its own, in ln: the steps that news, trades and quotes
        made of late, each as far as it has not faded; not what moves all prices alike.
        """
        read = self._of.readers[f"trend_{mean}"]
        return NANO * (read(asset, at) + self.sector_beta(asset) * read("sector", at))

    def sector_beta(self, asset: str) -> float:
        """The part of what moves the sector that moves an asset: its own, or the story's, or 1."""
        found = self._of.betas.get(asset)
        if found is None:
            known = self.parameters
            found = known.get(f"sector_beta.{asset}", known.get("sector_beta", 1.0))
            self._of.betas[asset] = found
        return found

    def log_price(self, asset: str, at: int) -> float:
        """ln(P / P0)."""
        return self._priced(asset, at)[0]

    def _priced(self, asset: str, at: int) -> tuple[float, float, float]:
        """ln(P / P0), and the belief and the flow in it."""
        return self._with(asset, at, self.policy() + self.liquidity(at), self._of.sector("sector", at))

    def _with(self, asset: str, at: int, common: float, sector: float) -> tuple[float, float, float]:
        """As `_priced`, with what all prices of a moment have in common, and the pressure on the sector."""
        of = self._of
        belief = NANO * (of.fast(asset, at) + of.slow(asset, at))
        flow = NANO * of.flow(asset, at)
        lasting, diluted, market, own_sector, own = of.steady
        steady = NANO * (
            lasting(asset, 0) + diluted(asset, 0) + market(asset, 0) + own_sector(asset, 0) + own(asset, 0)
        )
        pressed = common + self.sector_beta(asset) * NANO * sector
        return steady + belief + flow + pressed, belief, flow

    def policy(self) -> float:
        """The part of every log price that surprises of the central bank so far make, in ln."""
        return -self.parameters["duration"] * self.fold.sum("surprise", "market") / 1e4

    def liquidity(self, at: int) -> float:
        """The part of every log price that money added to markets makes at a moment, in ln."""
        sensitive = self.parameters["liquidity_sensitivity"]
        return sensitive * NANO * self.fold.fading("liquidity", "market", at)

    def unexplained(self, asset: str) -> int:
        """The part of an asset's quoted prices so far that the news does not explain, in 1e-9 ln."""
        total = self.fold.sum
        return total("market_part", asset) + total("sector_part", asset) + total("own_part", asset)

    def quoted(self, asset: str) -> int | None:
        """Market value at the last quote, at today's count of shares; None where nothing was quoted."""
        price = self.fold.last("quoted", asset)
        return price * self.fold.sum("shares", asset) if price is not None else None

    def gap(self, asset: str, price: int, shares: int | None, at: int) -> float | None:
        """How far a quoted price lies above the log price, in ln, equation (16); None where it is unknown
        what the log price carries.
        """
        base, mark = self._base(asset)
        count = self.fold.sum("shares", asset)
        if not (asset in self.listed and self.fold.last("value", asset) is not None):
            count = (
                shares or count
            )  # a company that was not listed has as many shares as its first quote says
        if not base or count <= 0:
            return None
        return log(price * count / base) - (self.log_price(asset, at) - mark)

    def belief_share(self, asset: str, at: int) -> float:
        """The part of a value that goes if the story goes: 1 - exp(-max(belief + flow, 0))."""
        return _share(self.belief(asset, at), self.flow(asset, at))

    def registered(self, asset: str) -> bool:
        """True where a value is a register, the last post-money, which nothing but the next moves: of a
        company that is not listed, or was never quoted since.
        """
        of = self._of
        if asset in self.listed and of.value(asset) is not None:
            return False
        return of.quoted(asset) is None

    def value(self, asset: str, at: int) -> int | None:
        """Market value: by price and shares where there is a price, so that new shares add to it; else the
        last post-money as it stands.
        """
        base, mark = self._base(asset)
        if base is None or self.registered(asset):
            return None if base is None else round(base)
        return _risen(asset, base, self._priced(asset, at)[0] - mark)

    def values(self, assets: Iterable[str], at: int) -> dict[str, int | None]:
        """The market value of each asset, as `value` has it."""
        common, sector = self.policy() + self.liquidity(at), self._of.sector("sector", at)
        found: dict[str, int | None] = {}
        for asset in assets:
            base, mark = self._base(asset)
            if base is None or self.registered(asset):
                found[asset] = None if base is None else round(base)
            else:
                found[asset] = _risen(asset, base, self._with(asset, at, common, sector)[0] - mark)
        return found

    def implied(self, asset: str, at: int) -> int | None:
        """The value at which a private company's next round would be made if it followed readers all the
        way: its last post-money carried by the log price since it was marked.
        """
        base, mark = self._base(asset)
        return None if base is None else round(base * exp(self.log_price(asset, at) - mark))

    def believed(self, asset: str, at: int) -> tuple[int, float, float] | tuple[None, None, None]:
        """Value, belief and belief share, each read once; None where the value is unknown."""
        value = self.value(asset, at)
        if value is None:
            return None, None, None
        _, belief, flow = self._priced(asset, at)
        return value, belief, _share(belief, flow)

    def _base(self, asset: str) -> tuple[float | None, float]:
        """The value that the log price carries, if known, and the log price at which it was set, in ln."""
        of = self._of
        opening = of.value(asset)
        if asset in self.listed and opening is not None:
            floated = of.floated(asset)
            return opening * (of.shares(asset, 0) / floated if floated else 1.0), 0.0
        base = of.post_money(asset)
        return (opening if base is None else base), NANO * (of.mark(asset) or 0)

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
        return self.a_share(asset, self.value(asset, at))

    def a_share(self, asset: str, value: int | None) -> float | None:
        """A value of an asset in smallest units a share; None where either is unknown."""
        shares = self._counted(asset)
        return value / shares if value is not None and shares > 0 else None

    def _counted(self, asset: str) -> int:
        """The shares of a company, where they are counted: since the opening, or since a first quote."""
        of = self._of
        return of.shares(asset, 0) if of.floated(asset) or of.quoted(asset) else 0

    def least_price(self, asset: str, since: int, until: int | None) -> float | None:
        """The price is nowhere lower between two moments (or ever after) while nothing is appended:
        each part of it fades towards nothing, so it is least at one of the ends.
        """
        base, mark = self._base(asset)
        shares = self._counted(asset)
        if base is None or shares <= 0:
            return None
        if self.registered(asset):
            return base / shares
        fold, policy = self.fold, self.parameters["duration"] * self.fold.sum("surprise", "market") / 1e4
        steady = NANO * (fold.sum("lasting", asset) + fold.sum("diluted", asset) + self.unexplained(asset))
        least = steady - policy - mark - NANO  # for what rounding takes
        sensitive = self.parameters["liquidity_sensitivity"]
        for account, key, weight in (
            ("belief_fast", asset, NANO),
            ("belief_slow", asset, NANO),
            ("flow", asset, NANO),
            ("liquidity", "market", NANO * sensitive),
            ("sector_flow", "sector", NANO * self.sector_beta(asset)),
        ):
            ends = (
                fold.fading(account, key, since),
                0.0 if until is None else fold.fading(account, key, until),
            )
            least += min(weight * ends[0], weight * ends[1])
        return (base * exp(min(least, STEEPEST)) - 1.0) / shares

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


def _risen(asset: str, base: float, rise: float) -> int:
    """A base carried by so much of ln. Raises Overflow beyond what can be counted."""
    if not rise <= STEEPEST or base * exp(rise) > COUNTED:
        raise Overflow(
            f"The price of {asset} has come to e^{rise:.4g} of what it was: its value is beyond what can "
            "be counted. Mend the step, the rate or the parameter that moved it so far."
        )
    return round(base * exp(rise))


def _share(belief: float, flow: float) -> float:
    return 1.0 - exp(-max(belief + flow, 0.0))
