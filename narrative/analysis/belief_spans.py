"""Belief in each company of a history at a moment, by three definitions (`narrative.books.belief`).

What a company reported by a moment is read off the story's own results, where those known when it
opened are the base; an account of the books holds a figure until the next, and could not say that one
has become unknown.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import log
from typing import Any

from attrs import define, field

from events.books.accounts import faded
from events.event import Event
from events.market_facts import Repricing, Residual
from narrative.books.belief import (
    FIGURES,
    Sums,
    Told,
    above_results,
    announced,
    break_even,
    growth,
    unearned,
    verdict,
)
from narrative.books.readings import NANO, whole_step
from narrative.engine.world import World
from narrative.story.calendar import DAY
from narrative.story.model import Reported, Story

YEAR = 365 * DAY
CLAIMED = ("revenue", "operating")
FADING = {"fast": "belief_half_life_fast", "slow": "belief_half_life_slow"}


def belief_spans(world: World, events: Iterable[Event], at: int) -> dict[str, dict[str, Any]]:
    """Of each actor the spans of belief and the claim that expectations rose and not output, as plain
    data; None is unknown. `events` are those of the history up to that moment.
    """
    news, results = _news(events), _by_company(world.story)
    return {
        actor.id: _spans(world, actor.id, at, news.get(actor.id), results.get(actor.id, ()))
        for actor in world.story.actors
    }


def _spans(
    world: World, company: str, at: int, news: "_News | None", results: Sequence[Reported]
) -> dict[str, Any]:
    opening, value = world.fold.last("value", company), world.readings.value(company, at)
    found: dict[str, Any] = dict.fromkeys(("announced", "above_results", "growth", "claim", "break_even"))
    if value is None:
        return found
    base, now = _sums(results, world.story.start), _sums(results, at)
    spans = {"growth": growth(value, now)}
    if news is not None and world.fold.last("quoted", company) is not None:
        told = [_told(one, world.fold.half_lives, results, at) for one in news.pieces]
        spans["announced"] = announced(told, _delivered(news, world.fold.half_lives, at))
    if opening:
        spans["above_results"] = above_results(opening, value, base, now)
        found["claim"] = _claim(world, company, at, opening, results)
        even = break_even(opening, value, base["revenue"], now["revenue"])
        found["break_even"] = None if even is None else round(even, 9)
    for name, span in spans.items():
        if span is not None:
            found[name] = {"low": round(span.low, 9), "high": round(span.high, 9), "by": list(span.by)}
    return found


# --- what was reported --------------------------------------------------------------------------


def _by_company(story: Story) -> Mapping[str, list[Reported]]:
    found: dict[str, list[Reported]] = defaultdict(list)
    for one in story.results:  # in order of their moments
        found[one.company].append(one)
    return found


def _sums(results: Sequence[Reported], at: int) -> Sums:
    """The sums of four quarters that a company had reported last by a moment."""
    count = bisect_right(results, at, key=lambda one: one.moment)
    return {name: getattr(results[count - 1], f"trailing_{name}") if count else None for name in FIGURES}


def reported_by(world: World, at: int) -> dict[str, dict[str, Any]]:
    """The result of each company that was published last by a moment, as plain data: the ends of its quarter
    and the day, what four quarters add up to in smallest units (None where one is not on file), the backlog.
    """
    found: dict[str, dict[str, Any]] = {}
    day = world.story.calendar.day
    for one in world.story.results:  # in order of their moments
        if one.moment <= at:
            sums = {name: getattr(one, f"trailing_{name}") for name in FIGURES}
            found[one.company] = {
                "period": day(one.period), "published": day(one.moment), **sums, "backlog": one.backlog,
                "source": one.source,
            }  # fmt: skip  # one row
    return found


def backed_spans(spans: Mapping[str, Mapping[str, Any]], worth: Mapping[str, int]) -> dict[str, Any]:
    """The part of a collateral that rests on belief, by the first two definitions: the span of each company
    weighted by what its shares are worth in it. `spans` are those of `belief_spans`, by company. None where
    that of a company is unknown.
    """
    found: dict[str, Any] = {}
    whole = sum(worth.values())
    for name in ("announced", "above_results"):
        parts = {company: spans[company][name] for company in worth}
        known = whole > 0 and all(parts.values())
        found[name] = (
            {
                end: round(sum(parts[one][end] * much for one, much in worth.items()) / whole, 9)
                for end in ("low", "high")
            }
            if known
            else None
        )
    return found


# --- what was told ------------------------------------------------------------------------------


@define
class _Piece:
    """News between two quotes that had none beside them: its repricings, and what quotes moved besides."""

    steps: list[tuple[int, Repricing]] = field(factory=list)
    beside: int = 0


@define
class _News:
    """The news told of one company, in pieces, and the repricings by which sales made belief lasting."""

    pieces: list[_Piece] = field(factory=lambda: [_Piece()])
    made: list[tuple[int, Repricing]] = field(factory=list)


def _news(events: Iterable[Event]) -> dict[str, _News]:
    found: dict[str, _News] = defaultdict(_News)
    for event in events:
        fact = event.fact
        if isinstance(fact, Repricing):
            if whole_step(fact):
                found[fact.asset].pieces[-1].steps.append((event.moment, fact))
            elif fact.lasting:
                found[fact.asset].made.append((event.moment, fact))
        elif isinstance(fact, Residual):
            pieces = found[fact.asset].pieces
            if fact.beside_news is not None:
                pieces[-1].beside += fact.own
            elif pieces[-1].steps:
                pieces.append(_Piece())
    return found


def _told(piece: _Piece, lives: Mapping[str, float], results: Sequence[Reported], at: int) -> Told:
    """A piece in ln, as it stands at a moment."""
    step = sum(whole_step(fact) for _, fact in piece.steps)
    left = sum(_fading(fact, moment, lives, at) + (fact.lasting or 0) for moment, fact in piece.steps)
    grown = None
    if piece.steps:
        before, after = (_sums(results, when)["revenue"] for when in (piece.steps[0][0], at))
        grown = log(after / before) if before and after and before > 0 and after > 0 else None
    part = min(max(left / step, 0.0), 1.0) if step else 0.0
    return Told(NANO * step, part, NANO * piece.beside, grown)


def _delivered(news: _News, lives: Mapping[str, float], at: int) -> float:
    """The part of the belief made lasting by sales that would not have faded by a moment, in ln."""
    return -NANO * sum(_fading(fact, moment, lives, at) for moment, fact in news.made)


def _fading(fact: Repricing, moment: int, lives: Mapping[str, float], at: int) -> float:
    """The sum of a repricing's fading parts as they stand at a moment, in 1e-9 ln."""
    return sum(
        faded(getattr(fact, part) or 0.0, moment, at, lives[half_life]) for part, half_life in FADING.items()
    )


# --- the claim ----------------------------------------------------------------------------------


def _claim(
    world: World, company: str, at: int, opening: int, results: Sequence[Reported]
) -> dict[str, Any] | None:
    """The verdict on the claim that expectations rose and output did not, at the highest value quoted so far:
    by results reported then, and a year later (or by `at`, where that is earlier). None where unknown.
    """
    top, when = max(_quoted(world.story, company, at), default=(0, 0), key=lambda one: (one[0], -one[1]))
    base = _sums(results, world.story.start)
    found = [
        part
        for moment in (when, min(when + YEAR, at))
        for name in CLAIMED
        if (part := unearned(opening, top, base[name], _sums(results, moment)[name])) is not None
    ]
    said = verdict(found)
    if said is None:
        return None
    day = world.story.calendar.day(when)
    return {
        "verdict": said, "top": top, "day": day, "low": round(min(found), 9), "high": round(max(found), 9),
    }  # fmt: skip  # one row


def _quoted(story: Story, company: str, at: int) -> list[tuple[int, int]]:
    """Market values on record so far, where their count of shares is known, each with its moment."""
    return [
        (one.price * one.shares, one.moment)
        for one in story.quotes
        if one.asset == company and one.moment <= at and one.shares
    ]
