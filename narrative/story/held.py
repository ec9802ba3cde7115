"""A story out of a log held to the rules of `check`: whoever wrote the log need not have written it by us.

What a log may not hold at all stands in `unfit`, which every opening of a history asks: without it no
figure, date or file name could be made. An import is held to every rule of a table besides.
"""

from collections.abc import Iterable, Iterator
from math import isfinite
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

from attrs import asdict, fields

from narrative.story.calendar import DAY
from narrative.story.declared import BadProcess, UnknownProcess, declared
from narrative.story.model import Plausible, Role, Story
from narrative.story.parameters import HALF_LIVES, READING
from narrative.story.rules import RULES


def is_plain(name: str) -> bool:
    """Whether a name can be that of a file beside one, and no way to another place."""
    ways = {PurePosixPath(name).name, PureWindowsPath(name).name}
    return ways == {name} and name not in ("", ".", "..") and name.isprintable()


def unfit(story: Story) -> Iterator[str]:
    """Yield, in words, all of a story that no history of it could be shown with."""
    if not is_plain(story.id):
        yield f"its id {story.id!a} is no plain name"
    if story.until <= story.start:
        yield "it ends before it begins"
    if not 0 <= story.money.digits <= 9 or story.money.written_in < 1:
        yield f"its money has {story.money.digits} digits, written in {story.money.written_in}"
    if not 0 <= story.calendar.hour < DAY or not 0 <= story.calendar.close < DAY:
        yield f"its days have the seconds {story.calendar.hour} and {story.calendar.close}"
    if not 5 <= story.calendar.week <= 7:
        yield f"its markets sit on {story.calendar.week} days a week"
    yield from _unjudged(story)
    values = {parameter.name: parameter.value for parameter in story.parameters}
    for name, value in values.items():
        half_life = name.partition(".")[0] in HALF_LIVES
        if not isfinite(value) or (half_life and value <= 0):
            yield f"its parameter {name!a} is {value:g}"
    lacking = [name for name in READING if name not in values]
    if lacking:
        yield f"it lacks the parameter {lacking[0]}"


def _unjudged(story: Story) -> Iterator[str]:
    """Yield, in words, all by which nobody could say whether it breaks."""
    if story.collapses is not None and (story.collapses.within or 1) < 1:
        yield f"its fall is within {story.collapses.within} days"
    if story.plausible is not None:
        yield from (what for _, what, _ in RULES[Plausible](asdict(story.plausible)))


def lacking(story: Story) -> Iterator[str]:
    """Yield, in words, each parameter that a process of its cast asks for today and a story lacks. An
    older history may lack what a process asks for since.
    """
    given = {parameter.name for parameter in story.parameters}
    for role in story.cast.role:
        try:
            asked = declared(role.process)
        except (UnknownProcess, BadProcess):
            continue
        for name in sorted({*asked.parameters, *asked.reading} - given):
            yield f"it lacks the parameter {name}, which {role.process} asks for"


def broken(story: Story) -> Iterator[str]:
    """Yield, in words, whatever of a story its tables' own rules refuse; that a process lies here is none."""
    yield from unfit(story)
    tables: list[Iterable[Any]] = [
        (story.money,), story.links, story.circle, story.cast.role, story.parameters, story.actors,
        (balance for actor in story.actors for balance in actor.opening), filter(None, (story.claims,)),
    ]  # fmt: skip  # one list
    for table in (table for each in tables for table in each):
        values = {f.name: value for f in fields(type(table)) if (value := getattr(table, f.name)) is not None}
        for key, what, meant in RULES[type(table)](values):
            if not (type(table) is Role and key == "process"):
                yield f"{what} ({key}); {meant.rstrip('.')}"
    for name, ids in (
        ("actor", [a.id for a in story.actors]),
        ("parameter", [p.name for p in story.parameters]),
    ):
        twice = sorted({one for one in ids if ids.count(one) > 1})
        if twice:
            yield f"the {name} {twice[0]!a} stands twice"
