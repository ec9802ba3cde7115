"""Draws over the ranges that a story declares of its parameters, spread evenly: a Latin hypercube.

Each range is cut into as many strata as there are draws, and each stratum is drawn from once. Which, and
where in it, is chance by address: a parameter's draws do not change with which others are drawn.
"""

from collections.abc import Collection, Mapping

from events.errors import Wrong
from narrative.engine.chance import fraction
from narrative.story.faults import did_you_mean
from narrative.story.model import Story
from narrative.story.parameters import asked_by

EVERY = "ranges"  # asks for every range
Ranges = Mapping[str, tuple[float, float]]


class BadRange(Wrong):
    """Parameters that cannot be drawn."""


def ranged(story: Story, playing: Collection[str], names: Collection[str] = ()) -> Ranges:
    """The ranges of a story's acting parameters that somebody who plays asks for, by name: of `names` if
    there are any but "ranges"; "NAME=LOW..HIGH" narrows one. Raises BadRange for one that has none, is upside
    down, or goes beyond what is declared.
    """
    known = {one.name: one for one in story.parameters if one.reads == "acting"}
    wide = {
        name: (one.low, one.high)
        for name, one in known.items()
        if one.low < one.high and asked_by(playing, name)
    }
    found: dict[str, tuple[float, float]] = {}
    for text in names:
        name, narrowed, span = text.partition("=")
        if name == EVERY:
            found |= {one: span for one, span in wide.items() if one not in found}
        elif name not in wide:
            remedy = did_you_mean(name, wide, f'Name one that has a range and is read, or "{EVERY}" for all.')
            raise BadRange(f"{name} has no range that could be drawn over. {remedy}")
        else:
            found[name] = _narrowed(name, span, wide[name]) if narrowed else wide[name]
    return found


def _narrowed(name: str, written: str, wide: tuple[float, float]) -> tuple[float, float]:
    low, dots, high = written.partition("..")
    try:
        span = (float(low), float(high))
    except ValueError:
        raise BadRange(f'A range is written as {name}=LOW..HIGH, and "{name}={written}" is none.') from None
    if not dots or span[0] >= span[1]:
        raise BadRange(f"The range {name}={written} is upside down or empty. Give the lower value first.")
    if not wide[0] <= span[0] <= span[1] <= wide[1]:
        raise BadRange(
            f"The range {name}={written} goes beyond {wide[0]:g}..{wide[1]:g}, which the story declares."
        )
    return span


def latin(ranges: Ranges, count: int, first: int = 0) -> list[dict[str, float]]:
    """So many draws over ranges: of each parameter one in every stratum of its range. Another `first` gives
    others, as another seed would.
    """
    columns = {}
    for name, (low, high) in ranges.items():
        ranks = sorted(range(count), key=lambda i: fraction(f"stratum\x1f{name}\x1f{first + i}"))
        within = [fraction(f"within\x1f{name}\x1f{first + i}") for i in range(count)]
        columns[name] = [
            low + (high - low) * (rank + part) / count for rank, part in zip(ranks, within, strict=True)
        ]
    return [{name: column[i] for name, column in columns.items()} for i in range(count)]
