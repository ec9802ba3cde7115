"""What a campaign counts: trials, how they ended, and each fault with what brings it about again."""

from collections import Counter

from attrs import Factory, define
from trial import Ended, against

FAULTS = ("lost", "wrong", "traceback", "script", "order", "over 10 s", "over 1 GB", "hung", "other ending")


@define
class Tally:
    """Counts of one kind of trial. `ends` are lawful ends by name, `faults` all others with their story."""

    kind: str
    tried: int = 0
    verbs: int = 0
    ends: Counter[str] = Factory(Counter)
    faults: list[tuple[str, str]] = Factory(list)

    def saw(self, ended: Ended, address: object) -> Ended:
        """Count a verb that was run, and what no verb may do; gives it back."""
        self.verbs += 1
        for fault in against(ended):
            self.fault(fault, f"{address}: {ended.said}")
        return ended

    def fault(self, kind: str, story: str) -> None:
        """Note a fault."""
        assert kind in FAULTS, kind
        self.faults.append((kind, story))


def table(tallies: list[Tally]) -> str:
    """A row for each kind of trial, as docs/measured.md holds them."""
    rows = [
        "| kind | tried | verbs | ended | lost | wrong, exit 0 | tracebacks | scripts, orders | over limit |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for one in tallies:
        count = Counter(kind for kind, _ in one.faults)
        cells = [
            count["lost"],
            count["wrong"],
            count["traceback"],
            count["script"] + count["order"],
            sum(count[kind] for kind in FAULTS[5:]),
        ]
        ends = "; ".join(f"{number} {name}" for name, number in sorted(one.ends.items()))
        rows.append(f"| {one.kind} | {one.tried} | {one.verbs} | {ends} | {' | '.join(map(str, cells))} |")
    return "\n".join(rows)
