"""A split, worked out: what it makes of each count of shares, so that postings need no product.

Shares and prices change and values do not. Each count is rounded down to whole shares; those outside
hold the rest, so that shares held are shares outstanding. The whole count and the count at
the opening change alike, so that no value does; of a price in whole smallest units rounding may leave
half of one.
"""

from collections.abc import Callable, Iterator

from attrs import evolve

from events.event import OUTSIDE
from events.market_facts import Split
from narrative.engine.loans import asset_behind
from narrative.engine.world import World

Sum = Callable[[str, str], int]  # an account's sum as it stands, by account and key


def worked_out(world: World, split: Split, total: Sum, keys: Callable[[str], list[str]]) -> list[Split]:
    """The split as it is told, first, with what it makes of all shares; then one a holder, one a loan of
    shares and one a loan that shares stand behind. `total` and `keys` read the accounts as they stand in this
    moment.
    """
    asset, fold = split.asset, world.fold

    def more(count: int) -> int | None:
        return count * split.new // split.old - count or None

    floated, price = fold.last("floated", asset), fold.last("quoted", asset)
    found = [
        evolve(
            split,
            shares=more(total("shares", asset)),
            floated=None if floated is None else round(floated * split.new / split.old),
            price=None if price is None else max(round(price * split.old / split.new), 1),
        )
    ]
    bare = Split(asset=asset, new=split.new, old=split.old)
    for holder in _holders(asset, keys):
        stake = None if holder == OUTSIDE else more(total("stake", f"{holder}/{asset}"))
        pledged = more(total("pledged", f"{holder}/{asset}"))
        warrants = more(total("warrants", f"{holder}/{asset}"))
        found.append(evolve(bare, holder=holder, stake=stake, pledged=pledged, warrants=warrants))
    for key in keys("borrowed"):
        borrower, lender, of = key.split("/")
        if of == asset:
            found.append(evolve(bare, holder=borrower, lender=lender, borrowed=more(total("borrowed", key))))
    found += [
        evolve(bare, loan=loan, secured=more(total("secured", loan)))
        for loan in keys("secured")
        if asset_behind(world, loan) == asset
    ]
    return [found[0], *(one for one in found[1:] if _says(one))]


def _says(split: Split) -> bool:
    counts = (split.stake, split.pledged, split.warrants, split.borrowed, split.secured)
    return any(count is not None for count in counts)


def _holders(asset: str, keys: Callable[[str], list[str]]) -> Iterator[str]:
    """Names of those who hold, pledged or may draw shares of an asset, in the order of their names."""
    found = {key for account in ("stake", "pledged", "warrants") for key in keys(account)}
    yield from sorted({key.partition("/")[0] for key in found if key.partition("/")[2] == asset})
