"""Two histories of one story: told once up to where they part, then side by side."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import attrs
from attrs import evolve, frozen

from events.event import Event
from narrative.analysis.compare import check_alike, match, parting
from narrative.analysis.history import History
from narrative.analysis.observing import observed_of
from narrative.analysis.overview import picture
from narrative.prose.actors import cast_list
from narrative.prose.chapters import cuts
from narrative.prose.choosing import chosen_of, least_told
from narrative.prose.chronicle import head_of, told_chapters
from narrative.prose.falls import falls_of
from narrative.prose.finding import finding, verdict
from narrative.prose.framing import citation, end_said, ending, how_cut, shown, turned
from narrative.prose.items import OPENING, PRICES, Item, items
from narrative.prose.moving import left_of_calls
from narrative.prose.paragraphs import Writer
from narrative.prose.parts import Notes, Paragraph, as_met
from narrative.prose.sentences import Speech
from narrative.story.calendar import Calendar
from narrative.text.words import clean

BUDGET = 36  # items of each history told singly after they part
DIFFERENCES = 12  # readings told of that differ at the end
COMPARED = ("valuation", "announced", "committed", "paid", "delivered", "backlog", "debt", "cash")
WORDS = {"valuation": "value"}
_SEASONS = ("January to March", "April to June", "July to September", "October to December")


@frozen
class End:
    """One of two histories, up to where it is told."""

    label: str
    history: History
    position: int
    moment: int


def side_by_side(one: End, other: End, *, whole: bool = False) -> dict[str, Any]:
    """Two histories in plain words. Raises NotComparable."""
    common = parting(one.history, other.history)
    logs = [list(end.history.log.read(end.history.branch, 1, end.position)) for end in (one, other)]
    story, shared = check_alike([one.history, other.history], cast=True), logs[0][: common.position]
    speech, notes = Speech(story, left_of_calls(logs[0]) | left_of_calls(logs[1])), Notes()
    every = [event for log in logs for event in log if not isinstance(event.fact, OPENING)]
    bare = all(event.origin == "modelled" for event in every)
    writer = Writer(speech, notes, observed_of(one.history), bare, whole, events=shared)
    cast = cast_list(speech, notes, logs[0])
    pictures = [picture(end.history, log, end.moment) for end, log in zip((one, other), logs, strict=True)]
    chapters, cut = _shared(writer, shared)
    tails = [log[common.position :] for log in logs]
    told = [_told(writer, *pair) for pair in zip(logs, tails, tails[::-1], strict=True)]
    periods = _periods(writer, told, logs, tails)
    parts = [part for q in periods for part in (q["both"], *q["sides"])]
    paragraphs = [
        *cast,
        *(p for c in chapters for p in c["paragraphs"]),
        *(p for part in parts for p in part),
    ]
    footnotes = as_met([s for p in paragraphs for s in p["sentences"]], notes)
    return {
        **head_of(pictures[0], speech, one.moment),
        "labels": [clean(one.label), clean(other.label)],
        "finding": [
            " ".join(
                filter(
                    None,
                    (
                        f"{clean(end.label)}: {finding(seen)}",
                        *end_said(seen),
                        turned(story, log),
                        verdict(seen["collapse"]),
                    ),
                )
            )
            for end, seen, log in zip((one, other), pictures, logs, strict=True)
        ],
        "circle": [
            {
                "step": step["step"],
                "text": clean(step["text"]),
                "shown": f"{shown(step)} in {clean(one.label)}, {shown(beside)} in {clean(other.label)}",
            }
            for step, beside in zip(pictures[0]["circle"], pictures[1]["circle"], strict=True)
        ],
        "cast": cast,
        "cut": cut,
        "chapters": chapters,
        "parted": _parted(speech, shared, tails),
        "periods": periods,
        "differences": _differences(speech, pictures),
        "endings": [
            ending(speech, seen, log, end.moment)
            for end, seen, log in zip((one, other), pictures, logs, strict=True)
        ],
        "ending": ending(speech, pictures[0], logs[0], one.moment),
        "citation": " ".join(map(citation, pictures)),
        "notes": footnotes,
    }


def _shared(writer: Writer, shared: Sequence[Event]) -> tuple[list[dict[str, Any]], str]:
    """The chapters of a past two histories share, as plain data, and in words how they were cut."""
    if not any(not isinstance(event.fact, OPENING) for event in shared):
        return [], "The two part where they open."
    until = shared[-1].moment
    falls = falls_of(shared, until)
    cut = cuts(writer.speech.story, shared, falls, until, "the largest fall that both share")
    chapters = told_chapters(writer, shared, cut, until)
    return [attrs.asdict(chapter) for chapter in chapters], how_cut(writer.speech, cut, falls)


def _told(writer: Writer, log: Sequence[Event], tail: Sequence[Event], beside: Sequence[Event]) -> list[Item]:
    """The items of one history after the parting that are worth telling singly: first of all those
    of which the other knows nothing.
    """
    there = set(map(match, beside))
    apart = {event.position for event in tail if event.origin != "modelled" and match(event) not in there}
    found = items(tail)
    quarter_of = partial(_quarter, writer.speech.story.calendar)
    return found if writer.whole else chosen_of(writer.speech.story, log, found, quarter_of, BUDGET, apart)


def _periods(
    writer: Writer,
    told: Sequence[Sequence[Item]],
    logs: Sequence[Sequence[Event]],
    tails: Sequence[Sequence[Event]],
) -> list[dict[str, Any]]:
    """Quarter by quarter: what both tell alike, and what each tells for itself."""
    calendar = writer.speech.story.calendar
    wanted = {match(item.head) for items_ in told for item in items_}  # told of one is told of both
    found = [items(tail) for tail in tails]
    periods = []
    closes = [[event for event in tail if isinstance(event.fact, PRICES)] for tail in tails]
    moments = [item.head.moment for side in found for item in side]
    moments += [event.moment for side in closes for event in side]
    for quarter in sorted({_quarter(calendar, moment) for moment in moments}):
        sides, rests = [], []
        for log, side, prices in zip(logs, found, closes, strict=True):
            mine = [item for item in side if _quarter(calendar, item.head.moment) == quarter]
            least = least_told(item for item in mine if match(item.head) not in wanted)
            told_here = (item for item in mine if match(item.head) in wanted)
            days = evolve(writer, events=log).days(told_here, least)
            said = {p for paragraph in days for one in paragraph.sentences for p in one.positions}
            rest = [e for item in mine for e in item.events if e.position not in said]
            rest += [event for event in prices if _quarter(calendar, event.moment) == quarter]
            sides.append(days)
            rests.append(sorted(rest, key=lambda e: e.position))
        both = set(map(match, rests[0])) & set(map(match, rests[1]))
        alike = writer.besides([e for e in rests[0] if match(e) in both])
        own = [writer.besides([e for e in rest if match(e) not in both]) for rest in rests]
        periods.append(_period(quarter, sides, alike, own))
    return periods


def _period(
    quarter: tuple[int, int],
    sides: Sequence[Sequence[Paragraph]],
    besides: Sequence[Paragraph],
    own: Sequence[Sequence[Paragraph]],
) -> dict[str, Any]:
    both = set(map(_words, sides[0])) & set(map(_words, sides[1]))
    alike = [paragraph for paragraph in sides[0] if _words(paragraph) in both]
    return {
        "title": f"{_SEASONS[quarter[1]]} {quarter[0]}",
        "both": [attrs.asdict(paragraph) for paragraph in (*alike, *besides)],
        "sides": [
            [attrs.asdict(p) for p in (*(p for p in side if _words(p) not in both), *rest)]
            for side, rest in zip(sides, own, strict=True)
        ],
    }


def _words(paragraph: Paragraph) -> tuple[str, ...]:
    return (paragraph.date, *(sentence.text for sentence in paragraph.sentences))


def _quarter(calendar: Calendar, moment: int) -> tuple[int, int]:
    year, month, _ = calendar.date(moment)
    return year, (month - 1) // 3


def _parted(speech: Speech, shared: Sequence[Event], tails: Sequence[Sequence[Event]]) -> str:
    """Up to where the two are one."""
    if not any(tails):
        return "The two have not parted yet."
    if not shared:
        return "The two share nothing: they part where they open."
    return f"The two are one history up to {speech.day(shared[-1].moment)}."


def _differences(speech: Speech, pictures: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The readings that differ most at the end of each."""
    found: list[tuple[int, dict[str, Any]]] = []
    for actor in speech.story.actors:
        ends = [told["actors"][actor.id] for told in pictures]
        for name in COMPARED:
            first, second = (values[name] for values in ends)
            if first == second or first is None or second is None:
                continue
            texts = [speech.money(first), speech.money(second)]
            if texts[0] != texts[1]:
                row = {"name": clean(actor.name), "what": WORDS.get(name, name), "values": texts}
                found.append((abs(first - second), row))
    found.sort(key=lambda pair: -pair[0])
    return [row for _, row in found[:DIFFERENCES]]
