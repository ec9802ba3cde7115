"""A whole history in plain words: title, finding, cast, chapters, ending and notes, as data."""

from collections.abc import Collection, Sequence
from typing import Any

import attrs

from events.event import Event
from narrative.history import History
from narrative.observed import observed_beside
from narrative.picture import picture
from narrative.prose.actors import cast_list
from narrative.prose.chapters import Cut, cuts, largest_fall, steps_of, whole_turns
from narrative.prose.finding import finding
from narrative.prose.framing import citation, ending, how_cut, shown, turned
from narrative.prose.items import OPENING, Item, items, weights
from narrative.prose.paragraphs import Writer
from narrative.prose.parts import Chapter, Notes, Sentence
from narrative.prose.sentences import Speech
from narrative.prose.words import clean, listed, sentence
from narrative.replay import RUNGS, rungs, walk
from narrative.scenario import Story

BUDGET = 64  # items told singly; the rest is counted


def chronicle(history: History, position: int, moment: int, *, whole: bool = False) -> dict[str, Any]:
    """One history up to a position, in plain words."""
    told = picture(history, position, moment)
    events = list(history.log.read(history.branch, 1, position))
    story = Story.load(getattr(events[0].fact, "text"))  # noqa: B009  # an Opening has one
    speech, notes = Speech(story), Notes()
    bare = all(e.origin == "modelled" for e in events if e.kind not in OPENING)
    steps = steps_of(story, events)
    writer = Writer(speech, notes, observed_beside(story), bare, whole, steps)
    cast = cast_list(speech, notes, events)
    fall = largest_fall(history, events[0].moment, moment)
    cut = cuts(story, events, fall, moment)
    chapters = told_chapters(history, writer, events, cut, moment)
    return {
        **head_of(told, speech, moment),
        "finding": [finding(told), turned(story, events)],
        "circle": [{"step": s["step"], "text": clean(s["text"]), "shown": shown(s)} for s in told["circle"]],
        "cast": cast,
        "cut": how_cut(speech, cut, fall),
        "chapters": [attrs.asdict(chapter) for chapter in chapters],
        "ending": ending(speech, told, events, moment),
        "citation": citation(told),
        "notes": [attrs.asdict(note) for note in notes.rows()],
    }


def head_of(told: dict[str, Any], speech: Speech, moment: int) -> dict[str, Any]:
    """Which history this is, and up to when."""
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
    history: History, writer: Writer, events: Sequence[Event], cut: Sequence[Cut], until: int
) -> list[Chapter]:
    """Every chapter with its lead, what is told of it, and what is counted."""
    story = writer.speech.story
    found = items(events)
    chosen = found if writer.whole else chosen_of(story, events, found)
    told = {item.head.position for item in chosen}
    edges = [*(c.moment for c in cut), until + 1]
    stands = standing(history, [events[0].moment, *(edge - 1 for edge in edges[1:])])
    chapters = []
    for i, one in enumerate(cut):
        mine = [item for item in found if edges[i] <= item.head.moment < edges[i + 1]]
        days = writer.days(item for item in mine if item.head.position in told)
        said = {p for paragraph in days for s in paragraph.sentences for p in s.positions}
        rest = [event for item in mine for event in item.events if event.position not in said]
        rest.sort(key=lambda event: event.position)
        since, last = story.calendar.day(one.moment), story.calendar.day(edges[i + 1] - 1)
        lead = lead_of(writer, (one.moment, edges[i + 1] - 1), stands[i], stands[i + 1])
        chapters.append(Chapter(one.title, since, last, lead, (*days, *writer.besides(rest))))
    return chapters


Stand = tuple[dict[str, int], float]  # the four rungs, and the listed companies' value


def standing(history: History, moments: Sequence[int]) -> list[Stand]:
    """How things stood after each of some moments."""
    return [
        (rungs(world), sum(world.readings.value(actor, at) or 0 for actor in world.listed))
        for at, world in walk(history.log, history.branch, moments)
    ]


def lead_of(writer: Writer, span: tuple[int, int], before: Stand, after: Stand) -> tuple[Sentence, ...]:
    """What a chapter comes to: how far each rung and the listed companies' value moved in it."""
    speech = writer.speech
    steps = {rung: after[0][rung] - before[0][rung] for rung in RUNGS}
    up = [(rung, speech.money(step)) for rung, step in steps.items() if step > 0]
    grew = [f"{money} {rung if i else f'was {rung}'}" for i, (rung, money) in enumerate(up)]
    fell = [f"{speech.money(-step)} of what stood {rung}" for rung, step in steps.items() if step < 0]
    text = f"From {speech.day(span[0])} to {speech.day(span[1])}, "
    text += f"{listed(grew)}" if grew else "nothing was announced, committed, paid or delivered"
    text += f"; on balance, {listed(fell)} fell away" if fell else ""
    said = [Sentence(sentence(text))]
    if before[1] and after[1]:
        step = after[1] / before[1] - 1
        way = "rose" if step > 0 else "fell"
        moved = f"{way} by {abs(step) * 100:.1f} %, to {speech.money(after[1])}"
        if abs(step) < 0.0005:
            moved = f"ended where they began, at {speech.money(after[1])}"
        said.append(Sentence(f"In the model the listed companies together {moved}.", "modelled"))
    return tuple(said)


def chosen_of(
    story: Story,
    events: Sequence[Event],
    found: Sequence[Item],
    budget: int = BUDGET,
    apart: Collection[int] = (),
) -> list[Item]:
    """The items worth telling singly."""
    through = {taken.event.position for turn in whole_turns(story, events) for taken in turn.taken}
    weighed = weights(found, through, apart)
    order = sorted(range(len(found)), key=lambda i: (-weighed[i], i))
    return [found[i] for i in sorted(order[:budget])]
