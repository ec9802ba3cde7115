"""Ensembles: many tails from one cut, each seed lived once as the history has it and once in every arm.

The members of an ensemble are seeds, and draws of parameters over their ranges. All arms of a member meet the
same chance and the same draw, so that what differs is what is supposed. Members are lived in parts of a fixed
size, in any order and on any machine; what comes out does not depend on who lived them.
"""

from collections.abc import Iterable, Mapping, Sequence

from attrs import evolve, field, frozen

from events.errors import Wrong
from events.event import Event
from narrative.story.supposition import Supposed
from narrative.weighing.draws import Ranges, latin
from narrative.weighing.tails import SUMS, Cut, Tail, tail

BASE = "base"  # the arm that supposes nothing
PARTS = 16  # at least, where there are as many members; so that two workers end together
MOST = 10  # members of a part, so that little is lost with one
COUNTED = ("collapsed", "defaults")  # measures that count what happens
MONEY = ("end", "peak", "low", *(name for name in SUMS if name != "defaults"))

# A measure, and the actor or the parameter it is of, if it is of one.
Named = tuple[str, str | None]


class BadEnsemble(Wrong):
    """An ensemble that cannot be lived."""


@frozen(kw_only=True)
class Arm:
    """One way for every member to go: its name, and what is supposed. `parts` has the parameters of it that
    are a part of another, by name, with which that is: of what a member draws of that, where it does.
    """

    name: str
    supposed: Supposed
    parts: Mapping[str, tuple[str, float]] = field(factory=dict)

    def under(self, member: "Member") -> Supposed:
        """The supposition under the draw of a member, before which goes what the arm sets itself."""
        drawn = member.set
        scaled = {name: drawn[of] * part for name, (of, part) in self.parts.items() if of in drawn}
        return evolve(self.supposed, set={**drawn, **self.supposed.set, **scaled})


@frozen(kw_only=True)
class Member:
    """A seed, and the draw of parameters that its arms share: 0 is the values in force."""

    seed: int
    draw: int = 0
    set: Mapping[str, float] = field(factory=dict)


@frozen(kw_only=True)
class Outcome:
    """The figures of a member in an arm, and its events in `log` where they are kept. `failed` says in a
    sentence why there are no figures.
    """

    member: Member
    arm: str
    measures: Mapping[Named, float | None] = field(factory=dict)
    closes: tuple[int, ...] = ()
    total: tuple[int, ...] = ()
    events: int = 0
    failed: str | None = None
    log: tuple[Event, ...] = field(default=(), repr=False)


@frozen(kw_only=True)
class Work:
    """A part of an ensemble, which a worker lives: whole in itself, and pickled as it is."""

    number: int
    cut: Cut
    arms: tuple[Arm, ...]
    members: tuple[Member, ...]


def members(seeds: int, ranges: Ranges) -> tuple[Member, ...]:
    """The members of an ensemble: seeds 1 to N under the values in force, and each once more under a draw of
    its own where there are ranges. Raises BadEnsemble for no seeds.
    """
    check_seeds(seeds)
    known = [Member(seed=seed) for seed in range(1, seeds + 1)]
    drawn = latin(ranges, seeds) if ranges else []
    return (*known, *(Member(seed=i, draw=i, set=one) for i, one in enumerate(drawn, 1)))


def check_seeds(seeds: int) -> None:
    """Raises BadEnsemble for no seeds."""
    if seeds < 1:
        raise BadEnsemble(f"An ensemble of {seeds} seeds has nobody in it. Ask for 1 or more.")


def divided(cut: Cut, arms: Sequence[Arm], crowd: Sequence[Member]) -> list[Work]:
    """The parts in which members are lived: as large for every number of workers."""
    size = min(max(len(crowd) // PARTS, 1), MOST)
    parts = [tuple(crowd[i : i + size]) for i in range(0, len(crowd), size)]
    return [Work(number=n, cut=cut, arms=tuple(arms), members=p) for n, p in enumerate(parts)]


def lived(work: Work, *, log: bool = False) -> list[Outcome]:
    """Every member of a part in every arm, with its events if `log` asks for them. One that fails is an
    outcome too.
    """
    return [_lived(work.cut, arm, member, log) for member in work.members for arm in work.arms]


def lost(work: Work, said: str) -> list[Outcome]:
    """Outcomes of a part that nobody lived to its end: each of its members failed, and why."""
    return [Outcome(member=one, arm=arm.name, failed=said) for one in work.members for arm in work.arms]


def _lived(cut: Cut, arm: Arm, member: Member, log: bool) -> Outcome:
    try:
        found = tail(cut, arm.under(member), member.seed, keep=log)
    except Exception as error:  # noqa: BLE001  # a process of somebody's own may raise anything; others go on
        return Outcome(member=member, arm=arm.name, failed=f"{type(error).__name__}: {error}")
    return Outcome(
        member=member,
        arm=arm.name,
        measures=measures(found) | {("parameter", name): value for name, value in member.set.items()},
        closes=found.closes,
        total=found.total,
        events=found.events,
        log=found.log,
    )


def measures(found: Tail) -> dict[Named, float | None]:
    """The measures of a tail: of all listed actors together the value at the end, at its peak and at its
    lowest and the deepest fall from a peak, whether the history collapses (1 or 0), sums, and each actor's
    value at the end and at its peak. Money in smallest units.
    """
    alone: dict[Named, float | None] = {
        ("end", None): float(found.total[-1]),
        ("peak", None): float(max(found.total)),
        ("low", None): float(found.low),
        ("fall", None): _fall(found.total),
        ("events", None): float(found.events),
    }
    if found.verdict is not None:
        alone["collapsed", None] = float(found.verdict.at is not None)
    alone |= {(name, None): float(found.sums[name]) for name in SUMS}
    for name, values in (("end", found.end), ("peak", found.peak)):
        alone |= {(name, who): None if value is None else float(value) for who, value in values.items()}
    return alone


def _fall(total: Iterable[int]) -> float:
    """The deepest fall from an earlier close, a part of one."""
    deepest, peak = 0.0, 0
    for value in total:
        peak = max(peak, value)
        deepest = max(deepest, 1.0 - value / peak if peak else 0.0)
    return deepest
