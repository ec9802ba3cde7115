"""Conditions as people write them, each checked against what a history has, made into a Filter."""

import re
from collections.abc import Collection, Iterable, Iterator
from fractions import Fraction
from math import ceil
from typing import Unpack

from events.errors import Wrong
from events.event import ORIGINS
from events.facts import FAMILIES, KINDS
from events.fields import CONFIDENCES, LIMIT
from narrative.analysis.conditions import Conditions, Names
from narrative.analysis.filter import Filter
from narrative.analysis.history import BadSpan, History, means_position, position_of, story_of
from narrative.analysis.resolve import UnknownName, actor_named, unknown
from narrative.story.model import RESERVED, Story
from narrative.story.provenance import RANKS
from narrative.text.numbers import short

LONG = 5_000  # letters of a text that is looked for: more than any fact should hold, less than SQLite takes
_SCALES = {"": 0, "k": 3, "m": 6, "bn": 9, "tn": 12}
_SUM = re.compile(r"([0-9]+)(?:\.([0-9]{1,15}))?(|k|m|bn|tn)")


class BadSum(Wrong):
    """A sum that cannot be read."""


def filtered(history: History, *, ahead: bool = False, **given: Unpack[Conditions]) -> Filter:
    """The filter that conditions make, each checked against what a history has; `ahead` lets a span end where
    it has no events yet.

    Raises UnknownName with the nearest, BadSum, BadDate, BadPosition, BadSpan.
    """
    story = story_of(history)
    since, until = given.get("since"), given.get("until")
    first, start = _end(history, story, since, 0, ahead=ahead)
    last, stop = _end(history, story, until, 1, ahead=ahead)
    if (first and last and first > last) or (start is not None and stop is not None and start > stop):
        raise BadSpan(f"{since} lies after {until}; give the earlier one as --since.")
    return Filter(
        names={what: names for what, names in _names(history, story, given) if names},
        least=_least(given.get("least"), story),
        text=_readable(given.get("text", "")),
        first=first or 1,
        last=last,
        since=start,
        until=stop,
    )


def _names(history: History, story: Story, given: Conditions) -> Iterator[tuple[str, frozenset[str]]]:
    """The conditions by names, each name a known one."""
    yield "kind", _kinds(given.get("kind", ()), given.get("family", ()))
    yield "origin", _known("origin", given.get("origin", ()), ORIGINS)
    named = {*everybody(history, story), *RESERVED}
    for who, names in (
        ("actor", given.get("actor", ())),
        ("counterparty", given.get("counterparty", ())),
        ("party", given.get("party", ())),
    ):
        yield who, frozenset(actor_named(story, name, named) for name in _each(names))
    yield "narrative", _known("narrative", given.get("narrative", ()), {each.id for each in story.narratives})
    yield "confidence", _known("confidence", given.get("confidence", ()), (*CONFIDENCES, *RANKS))


def everybody(history: History, story: Story) -> set[str]:
    """The actors of a story, and all others who acted in its log."""
    return {*(actor.id for actor in story.actors), *(actor for _, _, actor in history.log.met())}


def _kinds(kind: Names, family: Names) -> frozenset[str]:
    """The kinds named; with families, those of them that are in one."""
    named = _known("kind", kind, KINDS)
    families = _known("family", family, FAMILIES)
    held = frozenset(each.__name__ for name in families for each in FAMILIES[name])
    if named and families and not named & held:
        raise UnknownName(
            f"{_listed(named)} is in no family {_listed(families)}, so no event is both; leave one away."
        )
    return named & held if named and families else named | held


def _listed(names: Iterable[str]) -> str:
    return " or ".join(sorted(names))


def _each(given: Names) -> Collection[str]:
    return [given] if isinstance(given, str) else given


def _known(what: str, given: Names, known: Iterable[str]) -> frozenset[str]:
    """The names given, each a known one in either case."""
    meant = {name.lower(): name for name in known}
    for name in sorted(_each(given)):
        if name.lower() not in meant:
            raise unknown(what, name, meant.values())
    return frozenset(meant[name.lower()] for name in _each(given))


def _end(
    history: History, story: Story, at: int | str | None, day: int, *, ahead: bool
) -> tuple[int | None, int | None]:
    """(position, moment) of one end of a span: one of them, or neither."""
    if at is None:
        return None, None
    if isinstance(at, int) or means_position(at):
        return position_of(history, at, ahead=ahead), None
    return None, story.calendar.at(at) if day else story.calendar.written(at, 0)


def _least(given: int | str | None, story: Story) -> int | None:
    """A sum as people write it (1bn, 2.5 m, 40000), in smallest units. A number is in those already."""
    if given is None or (isinstance(given, int) and 0 <= given <= LIMIT):
        return given
    if isinstance(given, int) and given > LIMIT:
        raise BadSum(f"A number above {LIMIT:,} is beyond any sum that a log can hold.")
    if not isinstance(given, str):
        raise BadSum(f"{given} is no sum; give a whole number of smallest units, or a text as 1bn.")
    text = given.replace(",", "").replace("_", "").replace(" ", "").lower()
    found = _SUM.fullmatch(text)
    if found is None:
        raise BadSum(
            f'"{short(given)}" is no sum; write it in {story.money.currency}, as 1bn, 2.5m or 40000.'
        )
    whole, part = found[1].lstrip("0") or "0", found[2] or "0"
    smallest: int = 10 ** (_SCALES[found[3]] + story.money.digits)
    # Thousands of digits are no number to Python, so that their length is looked at first.
    if len(whole) > len(str(LIMIT)) or Fraction(f"{whole}.{part}") * smallest > LIMIT:
        raise BadSum(f'"{short(given)}" is beyond any sum that a log can hold.')
    return ceil(Fraction(f"{whole}.{part}") * smallest)


def _readable(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise UnknownName(f"{text!a} is not UTF-8 text, so no event holds it.") from None
    if len(text) > LONG:
        raise UnknownName(f"A text of {len(text):,} letters is too long; look for {LONG:,} of them at most.")
    return text
