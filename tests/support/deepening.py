"""Run the loop into a database, and three suppositions one upon the other; complete what is there.

A program for `killing`: python -m support.deepening DATABASE. Whatever it finds, it goes on
from, and on a whole database it does nothing.
"""

import sys
from typing import Any

import narrative
from events.errors import Wrong

DEEP: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("a", "main", {"set": {"pledge_share": 0.6}, "at": "2025-02-28"}),
    ("b", "a", {"inject": [
        {"id": "aside", "date": "2025-05-02", "kind": "Funding", "actor": "lab", "counterparty": "outside",
         "amount": 5, "headline": "more", "source": "supposed", "confidence": "assumption", "tone": 0.5,
         "strength": 1.0}
    ]}),
    ("c", "b", {"set": {"delivery_delay": 90.0}, "reseed": 9, "at": "2025-08-01"}),
)  # fmt: skip  # one supposition a branch


def grow(database: str) -> None:
    """Main and the three branches, from whatever there is of them."""
    try:
        narrative.resume(database)
    except Wrong:
        narrative.run("loop", db=database, seed=12)
    known = {row["branch"] for row in narrative.branches(database)}
    for name, parent, asked in DEEP:
        if name in known:
            narrative.resume(f"{database}@{name}")
        else:
            narrative.what_if(f"{database}@{parent}", name=name, **asked)


if __name__ == "__main__":
    grow(sys.argv[1])
