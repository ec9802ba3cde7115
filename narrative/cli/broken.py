"""The screen of `fragility`: how large a shock breaks a history."""

from collections.abc import Iterator
from statistics import median
from typing import TYPE_CHECKING

import click

from narrative.cli.guard import shown
from narrative.text.numbers import UNKNOWN, interval, plain_date, share
from narrative.text.words import listed, several

if TYPE_CHECKING:
    from narrative.verbs.answers.breaking import Bounded, Broken, Fragility, Place, SizeAt

SHOWN = 3  # seeds that failed


def draw_fragility(found: "Fragility") -> None:
    """Print the screen of `fragility`."""
    found = shown(found)
    click.echo(
        f"{found.story}@{found.branch} at {plain_date(found.at)}, lived on to {plain_date(found.until)} by "
        f"{several(found.seeds, 'seed')}\ncollapse: {found.definition}\n"
    )
    alone = found.unshocked
    click.echo(
        f"unshocked: collapses in {round(alone.value * found.seeds)} of {found.seeds} "
        f"{interval(share(alone.low), share(alone.high))}\n"
    )
    for one in found.shocks:
        click.echo("\n".join(_shock(one, found.seeds)))
    for kind, why in found.refused.items():
        click.echo(f"{kind}: not tried; the story {why}")
    for line in _links(found):
        click.echo(line)
    if len({cell.at for cell in found.map}) + len(found.fallen) > 1:
        click.echo("\n" + "\n".join(_map(found)))
    for line in _failed(found):
        click.echo(line)


def _links(found: "Fragility") -> Iterator[str]:
    """Lines of broken links, the costliest first, beside falls of their ends."""
    if found.links:
        yield "\na link broken costs of what is listed, in all and others beyond falls of its two ends alone:"
    for one in found.links[:SHOWN]:
        yield f"  {one.link:<24} {_between(one.total):<24} {_between(one.excess)}"
    if len(found.links) > SHOWN:
        yield f"  and {len(found.links) - SHOWN} that cost less; --json has them"


def _between(one: "Bounded") -> str:
    return f"{share(one.value)} {interval(share(one.low), share(one.high))}"


def _failed(found: "Fragility") -> Iterator[str]:
    """The seeds that failed, the first ones by number."""
    if found.failed:
        yield f"\nfailed, and counted nowhere: {several(len(found.failed), 'seed')}"
    for one in found.failed[:SHOWN]:
        yield f"  seed {one.seed}: {one.error}"
    if len(found.failed) > SHOWN:
        yield "  --json names the others"


def _shock(one: "Broken", seeds: int) -> Iterator[str]:
    far = "the link gone" if not one.unit else f"up to {_size(one.most, one.unit)}"
    yield f"{one.kind}: breaks {one.broke} of {seeds}, {far}"
    if one.broke:
        yield from _sizes(one)
    if one.fall is not None:
        near = f", and {one.nearest} lost most by it" if one.nearest else ""
        need = "" if one.fall_needed is None else f" of the {share(one.fall_needed)} that count as a collapse"
        yield f"  what stood: the deepest fall was {share(one.fall)}{need} (median){near}; no default"
    if one.not_monotone:
        yield f"  in {one.not_monotone} of {one.looked} seeds looked at, a larger shock broke less"


def _sizes(one: "Broken") -> Iterator[str]:
    if one.unit:
        quantiles = ", ".join(
            f"{round(100 * at.part)} % by {_quantile(at, one.unit)}" for at in one.quantiles
        )
        yield f"  {quantiles}"
        at, whole = one.at_plausible, _size(one.plausible, one.unit)
        said = "which the story takes to be plausible" if one.stated else "which is plausible"
        yield f"  at {whole}, {said}: {share(at.value)} {interval(share(at.low), share(at.high))}"
    how = [f"{one.by_default} by a default"] if one.by_default else []
    if one.by_own_size and one.own is not None:
        how.append(f"{one.by_own_size} by its own size: the shock itself is a fall of {share(one.own)}")
    if how:
        yield f"  {'; '.join(how)}"
    if one.unit:
        span = interval(share(one.basin.low), share(one.basin.high))
        yield f"  of sizes up to that, {share(one.basin.value)} {span} break nothing"
    if one.looked_back and one.gap is not None:
        stayed = f"{one.stayed_broken} of {one.looked_back} stay broken"
        yield f"  taken back after 90 days, {stayed}; {_hysteresis(one, one.gap)}"


def _hysteresis(one: "Broken", gap: float) -> str:
    """The size at which it breaks going up, beside the one at which it comes back going down."""
    up = _size(median(way.up for way in one.ways), one.unit)
    downs = [way.down for way in one.ways if way.down is not None]
    least = " or more" if one.stayed_broken else ""
    if not downs:
        return f"it breaks at {up} going up and at none comes back going down"
    down = _size(median(downs), one.unit)
    said = f"it breaks at {up} going up and comes back at {down} going down"
    return f"{said}: a gap of {_size(gap, one.unit)}{least}"


def _quantile(at: "SizeAt", unit: str) -> str:
    if at.value is None:
        return "none tried"
    low, high = (UNKNOWN if end is None else f"{end:g}" for end in (at.low, at.high))
    return f"{_size(at.value, unit)} {interval(low, high)}"


def _size(size: float, unit: str) -> str:
    return f"{size:g}" if unit == "1" else f"{size:g} {unit}"


def _map(found: "Fragility") -> Iterator[str]:
    """A line a shock, a column a date: the median of least sizes."""
    dates = list(dict.fromkeys(cell.at for cell in found.map))
    kinds = list(dict.fromkeys(cell.kind for cell in found.map))
    sizes = {(cell.at, cell.kind): cell for cell in found.map}
    yield "least size that breaks half of the seeds, by date, or how far they fall; * by its own size"
    yield f"  {'':<20}" + "".join(f"{plain_date(at):>13}" for at in dates)
    for kind in kinds:
        said = [_cell(sizes.get((at, kind))) for at in dates]
        yield f"  {kind:<20}" + "".join(f"{one:>13}" for one in said)
    if found.fallen:
        yield f"  collapsed without a shock by {listed(plain_date(at) for at in found.fallen)}"


def _cell(cell: "Place | None") -> str:
    if cell is None:
        return UNKNOWN
    if cell.median is None:
        return UNKNOWN if cell.fall is None else f"falls {share(cell.fall)}"
    return f"{_size(cell.median, cell.unit) if cell.unit else 'breaks'}{'*' * cell.own}"
