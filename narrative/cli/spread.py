"""Effects over many seeds as lines: each with its interval, and whether it is inside chance."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from shutil import get_terminal_size
from textwrap import wrap
from typing import TYPE_CHECKING

from narrative.cli.rows import Column, across, downwards
from narrative.text.numbers import UNKNOWN, change, count, money, plain_date, share
from narrative.text.words import listed

if TYPE_CHECKING:
    from narrative.verbs.answers.doubts import Doubt, Doubted
    from narrative.verbs.answers.ensembles import Chance, EffectOf, Ensemble, Level, MemberFailed
    from narrative.verbs.answers.weighing import Estimate, Fit

PARTS = ("fall", "collapsed")  # measures that are parts of one
ACTORS = 5  # moved most, of those that a screen shows
WEAKEST = 12  # parameters that a screen shows
DOUBTS = {
    "tornado": ("at_low", "at_high", "swing"),
    "morris": ("steps", "steps_reach", "spread"),
    "sobol": ("first", "first_reach", "whole", "whole_reach"),
}
SHARES = DOUBTS["sobol"]
SHOWN = 3  # members that failed
ERRORS = (
    ("fitted", "mean absolute error"),
    ("written", "  of the story's own values"),
    ("no_reaction", "  of no reaction to news"),
    ("still", "  of prices that stand still"),
    ("over_written", "less than its own values by"),
    ("over_none", "less than no reaction by"),
    ("over_still", "less than standing still by"),
)
BETTER = {
    True: "On spans with news the fit errs surely less than no reaction to it.",
    False: "On spans with news the fit errs surely more than no reaction to it.",
    None: "On spans with news the fit errs no less, surely, than no reaction to it.",
}
OVER = {"chance": "over chance", "ranges": "over chance and ranges"}


def ensemble_lines(found: "Ensemble") -> Iterator[str]:
    """The lines of an ensemble: its size, a table an arm, and who failed."""
    unit = {"currency": found.currency, "digits": found.digits}
    yield (
        f"{found.story}@{found.branch} cut at {plain_date(found.at)} and lived to {plain_date(found.until)}: "
        f"{count(found.members)} members in {len(found.arms)} arm{'s' * (len(found.arms) != 1)}, "
        f"{count(found.events)} events"
    )
    if found.over:
        yield f"drawn over the ranges of {len(found.over)} parameters, a draw a seed"
    for arm in found.arms:
        rows = [one for one in found.effects if one.arm == arm.arm]
        if rows:
            yield from ("", f"{arm.arm}: {arm.question}" if arm.question else arm.arm)
            yield from effect_lines(rows, found.money, unit, found.private)
    if len(found.arms) == 1:
        yield ""
        yield from _levels(found.levels, found.money, unit)
    yield from failed_lines(found.failed)
    yield from [f"\n{found.output} holds every member"] * (found.output is not None)
    yield from [f"\n{found.kept} is a branch now"] * (found.kept is not None)


def chance_lines(found: "Chance") -> Iterator[str]:
    """The lines of what a branch does beside chance."""
    unit = {"currency": found.currency, "digits": found.digits}
    seeds = f"{count(found.seeds)} seed{'s' * (found.seeds != 1)}"
    yield f"\nbeside chance, over {seeds} lived to {plain_date(found.until)} with and without:"
    yield from effect_lines(found.effects, found.money, unit, found.private)
    yield from failed_lines(found.failed)


def effect_lines(
    found: "Sequence[EffectOf]", sums: Iterable[str], unit: Mapping[str, object], private: Sequence[str]
) -> Iterator[str]:
    """The effects on a history's own measures, then on the actors that are moved most, and which of those
    are `private`.
    """
    alone = [one for one in found if one.of is None and (one.same < one.pairs or one.measure == "collapsed")]
    first = [one for one in found if one.of is not None and one.measure == "end" and one.over == "chance"]
    moved = sorted(first, key=lambda one: (-abs(_part(one)), str(one.of)))[:ACTORS]
    names = {one.of for one in moved if one.same < one.pairs}
    rows = [*alone, *(one for one in found if one.measure == "end" and one.of in names)]
    order = list(dict.fromkeys((one.measure, one.of) for one in rows))
    rows.sort(key=lambda one: order.index((one.measure, one.of)))  # over chance, and below it over ranges too
    if not rows or all(one.same == one.pairs for one in found):
        yield "  nothing differs, in any pair"
        return
    table = [
        Column("", [f"{one.measure}{f' of {one.of}' if one.of else ''}" for one in rows]),
        Column("", [OVER[one.over] for one in rows]),
        Column("without", [_said(one.base, one.measure, sums, unit) for one in rows], number=True),
        Column("difference", [_signed(one.difference, one.measure, sums, unit) for one in rows], number=True),
        Column("", [_change(one) for one in rows], number=True),
        Column("95 % interval", [_span(one, sums, unit) for one in rows]),
        Column("", ["inside chance" if one.inside else "" for one in rows]),
    ]
    over = Column("over", [one.over for one in rows])
    inside = Column("chance", ["inside" if one.inside else "" for one in rows])
    # A part of the mean can be worked out from it, so where there is little room it goes before lines do.
    yield from _fitted(table, [table[0], over, *table[2:4], table[5], inside])
    same = max(one.same for one in rows)
    if same:
        whole = next(one for one in rows if one.same == same)
        yield f"  {whole.measure} is the same in {same} of {whole.pairs} pairs"
    yield from _private([name for name in private if name in names])


def _private(names: Sequence[str]) -> Iterator[str]:
    """Why the value of a company without a price does not fall where those of others do."""
    if names:
        said = "is private: it" if len(names) == 1 else "are private: each"
        text = f"{listed(names)} {said} stands at its last round, which only another round moves."
        yield from (f"  {line}" for line in wrap(text, _width()))


def _levels(found: "Sequence[Level]", sums: Iterable[str], unit: Mapping[str, object]) -> Iterator[str]:
    rows = [one for one in found if one.of is None]
    of = Column("", [one.measure for one in rows])
    figures = [
        Column("mean", [_said(one.mean, one.measure, sums, unit) for one in rows], number=True),
        Column("95 % interval", [_span(one, sums, unit) for one in rows]),
        Column("95 % of members", [_between(one.least, one.most, one.measure, sums, unit) for one in rows]),
    ]
    over = Column("", [OVER[one.over] for one in rows])
    yield from _fitted([of, over, *figures], [of, Column("over", [one.over for one in rows]), *figures])


def doubt_lines(found: "Doubt") -> Iterator[str]:
    """The lines of a doubt: the figure, and the parameters that move it, most first."""
    unit, sums = {"currency": found.currency, "digits": found.digits}, [found.measure] * found.money
    claim = found.verdict is not None
    effect = bool(found.question) and not claim
    what = f"{'the effect on ' * effect}{found.measure}{': ' * bool(found.question)}{found.question}"
    said, kind = _signed if effect else _said, PARTS[0] if claim else found.measure
    where = f"{found.story}@{found.branch} cut at {plain_date(found.at)}"
    width = get_terminal_size((120, 24)).columns
    yield from wrap(f"{where} and lived to {plain_date(found.until)}: {what}", width)
    seeds = f"{count(found.seeds)} seed{'s' * (found.seeds != 1)}"
    leans = f": its mean leans to {found.verdict}" if claim else ""
    yield f"{said(found.central, kind, sums, unit)} as it is, a mean over {seeds}{leans}\n"
    rows = found.parameters[:WEAKEST]
    heads = [Column("", [one.parameter for one in rows])]
    heads.append(Column("range", [f"{one.low:g} to {one.high:g}" for one in rows]))
    for name in DOUBTS[found.method]:
        values = [one[name] for one in rows]
        cells = [f"{one:.2f}" if name in SHARES else _said(one, kind, sums, unit) for one in values]
        heads.append(Column(name.replace("_", " "), cells, number=True))
    if found.method == "tornado":
        heads.append(Column("", [_flips(one, claim=claim) for one in rows]))
    yield from _fitted(heads)
    if len(found.parameters) > len(rows):
        yield f"  and {len(found.parameters) - len(rows)} more that move it less; --json has them"


def fit_lines(found: "Fit") -> Iterator[str]:
    """The lines of a fit: its numbers beside those of the story, its errors on the rest, what that says."""
    on, rest = found.training, found.rest
    yield (
        f"{found.story}: fitted up to {plain_date(found.until)} on {count(on.spans)} spans between quotes of "
        f"{on.assets} assets, {on.told} with news;\n"
        f"held against {count(rest.spans)} spans up to {plain_date(found.record)}, {rest.told} with news\n"
    )
    rows = found.parameters
    yield from _fitted(
        [
            Column("", [one.parameter for one in rows]),
            Column("as written", [f"{one.written:z.3f}" for one in rows], number=True),
            Column("fitted", [f"{one.fitted:z.3f}" for one in rows], number=True),
            Column("95 % of draws", [_reach(one.low, one.high) for one in rows]),
            Column("", ["at an end of its range" if one.at_end else "" for one in rows]),
        ]
    )
    yield f"\n  {'':<31}{'all spans':<26}spans with news"
    for name, text in ERRORS:
        yield f"  {text:<31}{_erring(found.all[name]):<26}{_erring(found.told[name])}".rstrip()
    yield f"\n{BETTER[found.better]}"
    yield f"Errors are in ln; [from, to] holds 95 % of {found.draws:,} draws of weeks."
    yield from wrap(f"Method: {found.method}.", 100)


def _erring(found: "Estimate") -> str:
    return UNKNOWN if found.value is None else f"{found.value:z.4f} {_reach(found.low, found.high, 4)}"


def _reach(low: float | None, high: float | None, digits: int = 3) -> str:
    return UNKNOWN if low is None or high is None else f"[{low:z.{digits}f}, {high:z.{digits}f}]"


def _flips(one: "Doubted", *, claim: bool) -> str:
    if not one.flips:
        return ""
    return f"{one.verdict_low} to {one.verdict_high}" if claim else "flips it"


def failed_lines(found: "Sequence[MemberFailed]") -> Iterator[str]:
    """The members that failed, the first ones by name."""
    if found:
        yield f"\n{count(len(found))} did not come to an end and count nowhere:"
    for one in found[:SHOWN]:
        draw = f", draw {one.draw}" if one.draw else ""
        yield f"  seed {one.seed}{draw} in {one.arm}: {one.error}"
    if len(found) > SHOWN:
        yield "  --json names the others"


def _fitted(*tables: Sequence[Column]) -> Iterator[str]:
    """The first of some tables for which there is room, each with less in it; or the first one downwards."""
    width = _width()
    drawn = (across(table, width) for table in tables)
    lines = next((one for one in drawn if one is not None), None)
    found = downwards(tables[0], width) if lines is None else lines
    yield from (f"  {line}".rstrip() for line in found)


def _width() -> int:
    return get_terminal_size((120, 24)).columns - 2


def _part(one: "EffectOf") -> float:
    return one.difference / one.base if one.base else 0.0


def _change(one: "EffectOf") -> str:
    return change(_part(one)) if one.base and one.measure not in PARTS else ""


def _said(value: float, measure: str, sums: Iterable[str], unit: Mapping[str, object]) -> str:
    if measure in PARTS:
        return share(value)
    return money(value, unit) if measure in sums else f"{value:z,.2f}".replace("-", "−")


def _signed(value: float, measure: str, sums: Iterable[str], unit: Mapping[str, object]) -> str:
    return f"{'+' if value > 0 else ''}{_said(value, measure, sums, unit)}"


def _span(one: "EffectOf | Level", sums: Iterable[str], unit: Mapping[str, object]) -> str:
    if one.low is None or one.high is None:
        return UNKNOWN
    return _between(one.low, one.high, one.measure, sums, unit)


def _most(one: "Level", sums: Iterable[str], unit: Mapping[str, object]) -> str:
    return _between(one.least, one.most, one.measure, sums, unit)


def _between(low: float, high: float, measure: str, sums: Iterable[str], unit: Mapping[str, object]) -> str:
    return f"{_said(low, measure, sums, unit)} to {_said(high, measure, sums, unit)}"
