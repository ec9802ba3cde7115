"""The tally of an ensemble: what came of each member in each arm, and what that says."""

from array import array
from collections.abc import Iterable, Iterator, Sequence
from math import isnan, nan
from typing import Any

from attrs import asdict, define, evolve, field

from narrative.analysis.effects import Effect, Level, effect, level
from narrative.weighing.critical import apart, wilson
from narrative.weighing.ensemble import BASE, COUNTED, Arm, BadEnsemble, Member, Named, Outcome

CHANCE, RANGES = "chance", "ranges"  # what members differ by: seeds alone, or draws over ranges too
HAPPENS = "collapsed"  # 1 or 0 in a member


@define(kw_only=True)
class Tally:
    """The measures of members by arm, in the order of the members whatever the order they came in: a float
    each, as of a large ensemble nothing else is held.
    """

    arms: Sequence[Arm]
    members: Sequence[Member]
    events: int = 0
    done: int = 0
    failed: list[Outcome] = field(factory=list)
    _places: dict[tuple[int, int], int] = field(init=False)  # of members in columns
    _columns: dict[str, dict[Named, "array[float]"]] = field(factory=dict)  # by arm, no number where unknown

    @_places.default
    def _placed(self) -> dict[tuple[int, int], int]:
        return {(one.seed, one.draw): place for place, one in enumerate(self.members)}

    def take(self, outcomes: Iterable[Outcome]) -> None:
        """Take in what came of some members."""
        for one in outcomes:
            self.done += 1
            self.events += one.events
            if one.failed is not None:
                self.failed.append(one)
                continue
            place = self._places[one.member.seed, one.member.draw]
            columns = self._columns.setdefault(one.arm, {})
            for name, value in one.measures.items():
                if value is not None and name[0] != "parameter":
                    if name not in columns:
                        columns[name] = array("d", [nan]) * len(self.members)
                    columns[name][place] = value

    def plain(self) -> dict[str, Any]:
        """Levels and effects as plain data, and who failed. Raises BadEnsemble where nobody is left."""
        if not self._columns:
            one = self.failed[0]
            raise BadEnsemble(f"No member came to its end. The first, seed {one.member.seed}: {one.failed}")
        failed = sorted(self.failed, key=lambda one: (one.member.draw > 0, one.member.seed, one.arm))
        return {
            "members": len(self.members),
            "events": self.events,
            "levels": [
                {"arm": arm, "over": over, "measure": name[0], "of": name[1], **asdict(found)}
                for arm, over, name, found in self.levels()
            ],
            "effects": [
                {
                    "arm": arm,
                    "over": over,
                    "measure": name[0],
                    "of": name[1],
                    **asdict(found),
                    "inside": found.inside,
                }
                for arm, over, name, found in self.effects()
            ],
            "failed": [
                {"seed": one.member.seed, "draw": one.member.draw, "arm": one.arm, "error": one.failed or ""}
                for one in failed
            ],
        }

    def levels(self) -> Iterator[tuple[str, str, Named, Level]]:
        """The level of each measure in each arm, over chance and over ranges too."""
        for over, crowd in self._crowds():
            for arm in self.arms:
                for name in self._names():
                    values = [one for one in (self._of(arm.name, m, name) for m in crowd) if one is not None]
                    if values:
                        yield arm.name, over, name, _level(values, name)

    def effects(self) -> Iterator[tuple[str, str, Named, Effect]]:
        """The effect of each arm on each measure, over the members of which both are known."""
        for over, crowd in self._crowds():
            for arm in (arm for arm in self.arms if arm.name != BASE):
                for name in self._names():
                    both = ((self._of(BASE, m, name), self._of(arm.name, m, name)) for m in crowd)
                    pairs = [(one, other) for one, other in both if one is not None and other is not None]
                    if pairs:
                        yield arm.name, over, name, _effect(pairs, name)

    def value(self, arm: str, member: Member, measure: str) -> float:
        """A measure of all actors together, of a member in an arm that did not fail."""
        return self._of(arm, member, (measure, None)) or 0.0

    def _crowds(self) -> Iterator[tuple[str, list[Member]]]:
        yield CHANCE, [one for one in self.members if not one.draw]
        drawn = [one for one in self.members if one.draw]
        if drawn:
            yield RANGES, drawn

    def _names(self) -> list[Named]:
        names = {name: None for columns in self._columns.values() for name in columns}
        alone = [name for name in names if name[1] is None]
        return [*alone, *sorted((name for name in names if name[1] is not None), key=str)]

    def _of(self, arm: str, member: Member, name: Named) -> float | None:
        column = self._columns.get(arm, {}).get(name)
        value = nan if column is None else column[self._places[member.seed, member.draw]]
        return None if isnan(value) else value


def _level(values: Sequence[float], name: Named) -> Level:
    """The level of a measure; of what happens or does not, by its count."""
    found = level(values, counted=name[0] in COUNTED)
    if name[0] != HAPPENS or found.low is None:
        return found
    part = wilson(round(sum(values)), len(values))
    return evolve(found, low=part.low, high=part.high)


def _effect(pairs: Sequence[tuple[float, float]], name: Named) -> Effect:
    """The effect on a measure; on what happens or does not, by how many pairs differ which way."""
    found = effect(pairs)
    if name[0] != HAPPENS or found.low is None:
        return found
    low, high = apart(pairs)
    return evolve(found, low=low, high=high)
