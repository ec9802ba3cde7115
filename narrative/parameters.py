"""The parameters that a story must give, because a reading or a process asks for them."""

from narrative.books import ACCOUNTS

HALF_LIVES = tuple(account.half_life for account in ACCOUNTS if account.half_life)
READING = (*HALF_LIVES, "duration", "liquidity_sensitivity")
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
}
