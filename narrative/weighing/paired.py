"""Arms of a history over seeds and draws: each member lived on from one cut as it stands and under each
supposition.

The arms of a member share its chance and its draw, so that what differs is the supposition's doing. Of
recorded prices each arm is lived at both ends of what news leaves open: with each asset's own share of it,
and without.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from attrs import evolve, field, frozen

from narrative.story.supposition import Supposed
from narrative.weighing.crew import ALONE, Hands, Lost, NobodyLived, Told
from narrative.weighing.critical import apart
from narrative.weighing.crowd import bounded, grouped
from narrative.weighing.ensemble import Member
from narrative.weighing.fragility import broke, drop
from narrative.weighing.judging import Bound, Estimate, joined
from narrative.weighing.portrait import portrait
from narrative.weighing.spared import Row
from narrative.weighing.tails import Cut, Tail, tail

BASE = ""  # the arm that supposes nothing
OWN = "residual_own"
GONE = "|own"  # of the name of an arm: at the end without each asset's own share
KEPT, WITHOUT = "kept", "gone"  # the ends, as they are called


@frozen(kw_only=True)
class Arms:
    """Members, and what is measured of each of them in each arm, in their order; a measure that cannot be
    known of one is absent from its row. `failed` has those that did not come to an end, and why. `alone` is
    said of a history in which nothing is left to chance.
    """

    members: Sequence[Member] = ()
    rows: Mapping[str, Sequence[Row]] = field(factory=dict)
    failed: Sequence[tuple[Member, str]] = ()
    alone: bool = False

    @property
    def draws(self) -> bool:
        """Whether any member is lived under a draw."""
        return any(member.draw for member in self.members)


def lived(
    before: Cut,
    arms: Mapping[str, Supposed],
    members: Sequence[Member],
    *,
    ends: bool,
    hands: Hands = ALONE,
    told: Told | None = None,
) -> Arms:
    """Every arm of all members, the base among them, with both `ends` where prices are recorded. Raises
    NobodyLived where no member comes to its end.
    """
    all_arms = {BASE: Supposed(), **arms}
    if ends:
        all_arms |= {
            f"{name}{GONE}": evolve(one, set={**one.set, OWN: 0.0}) for name, one in tuple(all_arms.items())
        }
    return gathered(partial(_member, before, all_arms), members, hands, told)


def gathered(
    live: "partial[dict[str, Row]]",
    members: Sequence[Member],
    hands: Hands = ALONE,
    told: Told | None = None,
) -> Arms:
    """The rows that `live` gives of each member by arm, as they were spared or are lived. Raises NobodyLived
    where none came to its end.
    """
    found: dict[int, Mapping[str, Row] | Lost] = {}
    lot = None if hands.spared is None else hands.spared.lot(live)
    for place, member in enumerate(members):
        if lot is not None and (rows := lot.read(place, member)) is not None:
            found[place] = rows
    left = [place for place in range(len(members)) if place not in found]

    def tick() -> None:
        if told is not None:
            told(len(found), len(members))

    def done(at: int, one: Mapping[str, Row] | Lost) -> None:
        place = left[at]
        found[place] = one
        if lot is not None and not isinstance(one, Lost):
            lot.put(place, members[place], one)
        tick()

    hands.work(live, [members[place] for place in left], done, tick)
    pairs = [(member, found[place]) for place, member in enumerate(members)]
    lived_ = [(member, one) for member, one in pairs if not isinstance(one, Lost)]
    failed = [(member, one.said) for member, one in pairs if isinstance(one, Lost)]
    if not lived_:
        raise NobodyLived(f"No member came to its end. The first, seed {failed[0][0].seed}: {failed[0][1]}")
    names = dict.fromkeys(name for _, rows in lived_ for name in rows)
    return Arms(
        members=tuple(member for member, _ in lived_),
        rows={name: [rows.get(name, {}) for _, rows in lived_] for name in names},
        failed=failed,
    )


def _member(before: Cut, arms: Mapping[str, Supposed], member: Member) -> dict[str, Row]:
    """Measures of each arm; of the base, which no switch touches, its portrait too."""

    def row(name: str, what: Supposed) -> Row:
        whole = name.removesuffix(GONE) == BASE
        found = tail(before, under(what, member), member.seed, keep=whole)
        return {**measured(found), **(portrait(before, found) if whole else {})}

    return {name: row(name, one) for name, one in arms.items()}


def under(what: Supposed, member: Member) -> Supposed:
    """A supposition under the draw of a member; what it sets itself goes before what was drawn."""
    return evolve(what, set={**member.set, **what.set})


def measured(found: Tail) -> dict[str, float]:
    """Measures of a tail that claims ask for. Money in smallest units, falls as parts of one."""
    sums = found.sums
    row = {
        "peak": float(max(found.total)),
        "fall": drop(found),
        "collapsed": float(broke(found)),
        "financed": float(sums["raised"] + sums["borrowed"]),
        "ordered": float(sums["ordered"]),
        "revenue": float(sums["revenue"]),
        "committed": float(sums["committed"]),
        "delivered": float(sums["delivered"]),
        "failed": float(sums["defaults"] > 0),
    }
    if sums["committed"] > 0:
        row["delivered_part"] = sums["delivered"] / sums["committed"]
    return row


# --- figures of arms --------------------------------------------------------------------------------


def adds(arms: Arms, switch: str, measure: str) -> Estimate | None:
    """The part of a measure that comes of the thing which a switch takes away: of the larger of what there is
    with it and without, paired, over chance and ranges, and at both ends where they were lived. None where
    the switch was not lived.
    """
    return joined(_paired(arms, switch, measure, _parts))


def adds_plainly(arms: Arms, switch: str, measure: str, *, counted: bool = False) -> Estimate | None:
    """The difference that a thing makes which a switch takes away, in the measure's own unit, as of falls,
    which are parts already; `counted` where it is 1 or 0.
    """
    found = _paired(arms, switch, measure, lambda pairs: [one - other for one, other in pairs], counted)
    return joined(found)


Pairs = Sequence[tuple[float, float]]  # with and without


def _parts(pairs: Pairs) -> list[float]:
    whole = max(sum(one for one, _ in pairs), sum(other for _, other in pairs)) / len(pairs)
    return [(one - other) / whole if whole > 0 else 0.0 for one, other in pairs]


def _paired(
    arms: Arms, switch: str, measure: str, of: Callable[[Pairs], Sequence[float]], counted: bool = False
) -> list[Bound]:
    found: list[Bound] = []
    for end, suffix in _ends(arms):
        rows, others = arms.rows.get(f"{BASE}{suffix}"), arms.rows.get(f"{switch}{suffix}")
        if rows is None or others is None:
            continue
        pairs: dict[int, list[tuple[float, float]]] = {}
        for member, row, other in zip(arms.members, rows, others, strict=True):
            if measure in row and measure in other:
                pairs.setdefault(member.draw, []).append((row[measure], other[measure]))
        groups = {draw: of(group) for draw, group in pairs.items()}
        bounds = bounded(groups, end=end, drawn=arms.draws, exact=arms.alone)
        if counted and 0 in pairs and not arms.alone:  # few pairs that all differ alike are no certainty
            low, high = apart([(other, one) for one, other in pairs[0]])
            bounds[0] = evolve(bounds[0], low=low, high=high)
        found += bounds
    return found


def stands(arms: Arms, arm: str, measure: str, *, counted: bool = False) -> Estimate | None:
    """The level of a measure in an arm, over chance and ranges and at both ends where they were lived;
    `counted` where it is 1 or 0. None where it was not lived, or is known of no member.
    """
    found: list[Bound] = []
    for end, suffix in _ends(arms):
        rows = arms.rows.get(f"{arm}{suffix}")
        groups = grouped(arms.members, [row.get(measure) for row in rows]) if rows is not None else {}
        if groups:
            found += bounded(groups, end=end, counted=counted, drawn=arms.draws, exact=arms.alone)
    return joined(found)


def _ends(arms: Arms) -> Sequence[tuple[str, str]]:
    """The ends that were lived: what each is called, and the suffix of its arms."""
    return ((KEPT, ""), (WITHOUT, GONE)) if f"{BASE}{GONE}" in arms.rows else (("", ""),)
