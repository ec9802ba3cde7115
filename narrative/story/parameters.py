"""The parameters that a story must give, because a reading or a process asks for them."""

from collections.abc import Collection

from narrative.books.table import ACCOUNTS

HALF_LIVES = tuple(account.half_life for account in ACCOUNTS if account.half_life)
READING = (*HALF_LIVES, "duration", "liquidity_sensitivity")
# How a market hears what processes do, which no record gives a tone.
HEARD = ("modelled_tone", "modelled_strength", "words_tone", "words_spread")
# By process.
ACTING = {
    "market": (
        "impulse_coefficient",
        "impulse_exponent",
        "silent_step",
        "lasting_share",
        "fast_share",
        "fatigue_rate",
        "sector_weight",
    ),
    "announcing": (
        "announce_rate",
        "announce_branching",
        "announce_ceiling",
        "announce_multiple",
        "announce_belief",
        "announce_headroom",
        *HEARD,
    ),
    "ordering": ("order_review", "order_leverage", "order_belief", "order_lead", "order_least", *HEARD),
    "supplying": (
        "supply_review",
        "supply_capacity",
        "supply_yield",
        "supply_instalments",
        "supply_patience",
        "delivery_delay",
        "slip_days",
        *HEARD,
    ),
    "earning": ("earn_review", "demand", "demand_limit", "lasting_conversion"),
    "investing": (
        "invest_review",
        "invest_share",
        "invest_vendor_share",
        "invest_term",
        "invest_warrants",
        "invest_guarantee",
        "writedown_threshold",
        "lending_rate",
        *HEARD,
    ),
    "funding": (
        "fund_review",
        "fund_runway",
        "fund_round",
        "fund_premium",
        "fund_term",
        "debt_share",
        "lending_rate",
        *HEARD,
    ),
    "pledging": (
        "pledge_review",
        "pledge_share",
        "pledge_ltv",
        "pledge_use",
        "haircut",
        "call_ltv",
        "lending_rate",
        *HEARD,
    ),
    "lending": ("call_ltv", "cure_days", "haircut", "impact", *HEARD),
}
# What a story may leave out, and what stays undone then.
OPTIONAL = {"supplying": ("told_lead",)}


def asked_by(processes: Collection[str], name: str) -> bool:
    """Whether a cast of these processes asks for a parameter; one that none of ours knows counts."""
    base = name.partition(".")[0]
    asking = {process for table in (ACTING, OPTIONAL) for process, names in table.items() if base in names}
    return base in READING or not asking or not asking.isdisjoint(processes)
