"""A whole history in plain words: title, finding, cast, chapters, ending and notes, as data."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from functools import partial
from typing import Any

import attrs

from events.event import Event
from narrative.analysis.history import History, story_of
from narrative.analysis.observing import observed_of
from narrative.analysis.overview import picture
from narrative.analysis.replay import along
from narrative.analysis.verdicts import judged_of
from narrative.prose.actors import cast_list
from narrative.prose.chapters import Cut, cuts, steps_of
from narrative.prose.choosing import chosen_of, least_told
from narrative.prose.falls import Fall, falls_of, on_record, together
from narrative.prose.finding import finding, verdict
from narrative.prose.framing import citation, end_said, ending, how_cut, shown, turned
from narrative.prose.items import OPENING, PRICES, items
from narrative.prose.moving import Moved, left_of_calls, moved
from narrative.prose.paragraphs import Writer
from narrative.prose.parts import Chapter, Notes, Sentence
from narrative.prose.sentences import Speech
from narrative.text.words import clean, listed, sentence

BUDGET = 64  # items told singly; the rest is counted


def chronicle(history: History, position: int, moment: int, *, whole: bool = False) -> dict[str, Any]:
    """One history up to a position, in plain words."""
    events = list(history.log.read(history.branch, 1, position))
    told = picture(history, events, moment)
    story = story_of(history)
    speech, notes = Speech(story, left_of_calls(events)), Notes()
    bare = all(e.origin == "modelled" for e in events if not isinstance(e.fact, OPENING))
    steps = steps_of(story, events)
    writer = Writer(speech, notes, observed_of(history), bare, whole, steps, events)
    cast = cast_list(speech, notes, events)
    falls = falls_of(events, moment)
    cut = cuts(story, events, falls, moment)
    chapters = told_chapters(writer, events, cut, moment)
    return {
        **head_of(told, speech, moment),
        "finding": [
            finding(told),
            *end_said(told),
            turned(story, events),
            *filter(None, [verdict(told["collapse"])]),
        ],
        **({"claims": claims_told(history)} if position == history.log.head(history.branch).position else {}),
        "circle": [{"step": s["step"], "text": clean(s["text"]), "shown": shown(s)} for s in told["circle"]],
        "cast": cast,
        "cut": how_cut(speech, cut, falls),
        "chapters": [attrs.asdict(chapter) for chapter in chapters],
        "ending": ending(speech, told, events, moment),
        "citation": citation(told),
        "notes": [attrs.asdict(note) for note in notes.rows()],
    }


def claims_told(history: History) -> dict[str, Any]:
    """The verdicts on a whole history that are kept beside it, a row a claim, and what they rest on."""
    judged = judged_of(history)
    rows = [{name: clean(str(row[name])) for name in ("claim", "verdict", "said")} for row in judged["rows"]]
    return {"said": judged["said"], "rows": rows}


def head_of(told: dict[str, Any], speech: Speech, moment: int) -> dict[str, Any]:
    """The head of a chronicle as plain data: the history, its title and question, and its last day."""
    return {
        **{name: told[name] for name in _HEAD},
        "title": clean(speech.story.title),
        "question": clean(speech.story.question),
        "day": speech.day(moment),
    }


_HEAD = (
    "story", "edition", "currency", "digits", "branch", "position", "moment", "digest", "events", "recorded",
    "modelled",
)  # fmt: skip  # one list


# --- chapters -------------------------------------------------------------------------------------


def told_chapters(
    writer: Writer,
    events: Sequence[Event],
    cut: Sequence[Cut],
    until: int,
) -> list[Chapter]:
    """Every chapter with its lead, what is told of it, and what is counted."""
    story = writer.speech.story
    found = items(events)
    edges = [*(c.moment for c in cut), until + 1]
    chapter_of = partial(bisect_right, edges)
    chosen = found if writer.whole else chosen_of(story, events, found, chapter_of, BUDGET)
    told = {item.head.position for item in chosen}
    stands = standing(events, [events[0].moment, *(edge - 1 for edge in edges[1:])])
    chapters = []
    for i, one in enumerate(cut):
        span = edges[i], edges[i + 1] - 1
        mine = [item for item in found if span[0] <= item.head.moment <= span[1]]
        least = least_told(item for item in mine if item.head.position not in told)
        days = writer.days((item for item in mine if item.head.position in told), least)
        said = {p for paragraph in days for s in paragraph.sentences for p in s.positions}
        rest = [event for item in mine for event in item.events if event.position not in said]
        rest += prices_in(events, span)
        rest.sort(key=lambda event: event.position)
        since, last = map(story.calendar.day, span)
        books = moved(event for event in events if span[0] <= event.moment <= span[1])
        text = f"From {writer.speech.day(span[0])} to {writer.speech.day(span[1])}, "
        text = sentence(text + taken_in(writer.speech, books))
        recorded = on_record(events, *span)
        lead = (Sentence(text), *worth(writer.speech, span, stands[i : i + 2], one.fall, recorded))
        chapters.append(Chapter(one.title, since, last, lead, (*days, *writer.besides(rest))))
    return chapters


def prices_in(events: Iterable[Event], span: tuple[int, int]) -> list[Event]:
    """The quotes and residuals of a span, which are counted and never told singly."""
    return [e for e in events if isinstance(e.fact, PRICES) and span[0] <= e.moment <= span[1]]


def standing(events: Sequence[Event], moments: Sequence[int]) -> list[int]:
    """The summed value of the listed companies after each of some moments, in smallest units."""
    return [together(world, at) for at, world in along(events, moments)]


def taken_in(speech: Speech, books: Sequence[Moved]) -> str:
    """The sums announced, committed, paid and delivered, and those that no longer stand, in words."""
    grew = [(one.rung, speech.money(one.up), _share(speech, one)) for one in books if one.up]
    parts = [f"{money} {rung if i else f'was {rung}'}{share}" for i, (rung, money, share) in enumerate(grew)]
    text = listed(parts) or "nothing was announced, committed, paid or delivered"
    fell = [f"{speech.money(one.down)} {one.rung}" for one in books if one.down]
    ends = "stand" if len(fell) > 1 else "stands"
    return f"{text}; {listed(fell)} earlier no longer {ends}" if fell else text


def _share(speech: Speech, one: Moved) -> str:
    """How much of it is the model's, or supposed, where not all is of one origin."""
    mine = [
        f"{speech.money(amount)} of it {origin}" for origin, amount in one.origins if origin != "recorded"
    ]
    return f" ({listed(mine)})" if len(one.origins) > 1 else ""


def worth(
    speech: Speech, span: tuple[int, int], ends: Sequence[int], fall: Fall | None, recorded: bool
) -> tuple[Sentence, ...]:
    """How far the listed companies' value moved over a chapter; in that of their largest fall, how far
    it fell. `recorded`: that rests on closes on record, and is the model's alone between them.
    """
    before, after = ends
    if not before or not after:
        return ()
    step = after / before - 1
    moved = f"{'rose' if step > 0 else 'fell'} by {abs(step) * 100:.1f} %, to {speech.money(after)}"
    if abs(step) < 0.0005:
        moved = f"ended where they began, at {speech.money(after)}"
    if fall is not None and fall.bottom > span[1]:
        lowest = speech.day(fall.bottom)
        moved += f", on the way to the bottom of a fall of {fall.size * 100:.1f} % on {lowest}"
    elif fall is not None:
        moved = f"fell by {fall.size * 100:.1f} % from highest to lowest, to {speech.money(fall.lowest)}"
        lowest, last = speech.day(fall.bottom), speech.day(span[1])
        moved += "" if lowest == last else f" on {lowest}; on {last} they stood at {speech.money(after)}"
    said = "By closes on record" if recorded else "In the model"
    return (Sentence(f"{said} the listed companies together {moved}.", "modelled"),)
