"""The finding of a history in one sentence, as every door says it."""

from collections.abc import Mapping
from typing import Any

from narrative.text.numbers import money, share


def finding(told: Mapping[str, Any]) -> str:
    """How much was said for each unit delivered, and how much of the gain is belief; of what `replay`
    tells.
    """
    rungs, gain = told["rungs"], told["belief"]
    announced, committed, delivered = (money(rungs[r], told) for r in ("announced", "committed", "delivered"))
    said = f"{announced} stands announced and {committed} committed, "
    said += f"against {delivered} delivered" if rungs["delivered"] else "and nothing is delivered"
    if gain["share"] is None:
        return f"{said}; the model lifts no listed actor above its opening value."
    lifted = money(gain["gained"], told)
    return (
        f"{said}; of the {lifted} by which the model lifts listed actors, {share(gain['share'])} is belief."
    )
