"""The conditions of `log`, spelled once: their names, what each takes, and its help.

From here come the arguments of the verb, the options of the command and what a Filter tests. This file
imports nothing of ours, so that a command line can be read before anything is loaded.
"""

from collections.abc import Collection, Iterator
from typing import Annotated, Any, NamedTuple, TypedDict, get_args, get_type_hints

Names = str | Collection[str]


class Says(NamedTuple):
    """The help of one condition in the command, and its metavar; `many` where it may be given repeatedly."""

    help: str
    metavar: str | None = None
    many: bool = False


class Conditions(TypedDict, total=False):
    """Conditions on events. All that are given must hold; names match in either case."""

    since: Annotated[int | str | None, Says("From that position or date on.", "WHEN")]
    until: Annotated[int | str | None, Says("Up to that position, or to the end of that date.", "WHEN")]
    kind: Annotated[Names, Says("Of that kind, as Order; repeat it for several.", many=True)]
    family: Annotated[
        Names,
        Says(
            "Of a family of kinds: announcement, order, investment, funding, market, policy, record.",
            many=True,
        ),
    ]
    origin: Annotated[Names, Says("recorded, modelled or supposed.", many=True)]
    party: Annotated[Names, Says("Done by that actor, or naming it.", "ACTOR", many=True)]
    actor: Annotated[Names, Says("Done by that actor.", many=True)]
    counterparty: Annotated[Names, Says("Naming that actor as another party.", "ACTOR", many=True)]
    narrative: Annotated[Names, Says("Told in that narrative.", many=True)]
    confidence: Annotated[
        Names,
        Says(
            "Told with that confidence (high, medium, low, assumption), or by a source of that rank: "
            "filing, company, agency, aggregator, memory, other.",
            many=True,
        ),
    ]
    least: Annotated[int | str | None, Says("Of that sum or more, in the story's currency, as 1bn.", "SUM")]
    text: Annotated[str, Says("With these words; A to Z in either case.")]


def conditions() -> Iterator[tuple[str, Says]]:
    """Every condition by name, in the order of the help, with what it says of itself."""
    hints: dict[str, Any] = get_type_hints(Conditions, include_extras=True)
    for name, hint in hints.items():
        yield name, get_args(hint)[1]
