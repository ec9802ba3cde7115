"""The frame of a chronicle: how chapters were cut, how it ended, what is weak, how to cite it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from events.event import ORIGINS, Event
from narrative.analysis.circle import in_cash, turns, whole
from narrative.books.table import RUNGS
from narrative.prose.chapters import AFTER, FALL, Cut
from narrative.prose.falls import Fall
from narrative.prose.sentences import Speech, unsurprising
from narrative.story.model import Story
from narrative.text.numbers import count, money, share
from narrative.text.words import clean, in_words, listed, sentence, several, times


def turned(story: Story, events: Sequence[Event]) -> str:
    """How often the circle turned, in a sentence."""
    if not story.circle:
        return "The story names no circle."
    found = turns(story, events)
    if not found:
        return "The circle was never begun."
    every = sum(not turn.missing for turn in found)
    tied, cash = sum(map(whole, found)), sum(map(in_cash, found))
    have = f"{_none(every)} of these turns {'has' if every == 1 else 'have'} every step"
    return (
        f"The circle was begun {times(len(found))}; {have}, {_none(tied)} with each tied to one before by a "
        f"cause or a source, and {_none(cash)} closed in cash."
    )


def _none(number: int) -> str:
    return in_words(number) if number else "none"


def shown(step: dict[str, Any]) -> str:
    """How often a step of the circle is seen, and by whom."""
    seen = [f"{count(len(step[origin]))} {origin}" for origin in ORIGINS if step[origin]]
    return listed(seen) or "missing"


def end_said(told: Mapping[str, Any]) -> list[str]:
    """The sentence on which end of what news does not explain a branch is; none of a main line."""
    return [sentence(f"of recorded prices in this branch {told['end']}")] if told["end"] else []


def how_cut(speech: Speech, cut: Sequence[Cut], falls: Sequence[Fall]) -> str:
    """In a sentence, why the chapters begin where they do."""
    if len(cut) == 1:
        return "There is one chapter: no turn of the circle, no break and no fall divides it."
    whys: dict[str, list[str]] = {}
    for one in cut[1:]:
        whys.setdefault(one.why, []).append(speech.day(one.moment))
    parts = [f"{why} ({listed(days)})" for why, days in whys.items()]
    text = f"Chapters are cut {listed(parts)}"
    if falls and any(one.title.startswith((FALL, AFTER)) for one in cut):
        where = "by closes on record" if falls[0].recorded else "in the model"
        sizes = listed([f"{fall.size * 100:.1f} %" for fall in falls])
        text += f"; {f'those falls are {sizes}' if len(falls) > 1 else f'that fall is {sizes}'} {where}"
    return sentence(text)


def ending(speech: Speech, told: dict[str, Any], events: Sequence[Event], moment: int) -> dict[str, Any]:
    """How it stood at the end, on four rungs, and what is weak about it."""
    sums = [speech.money(told["rungs"][rung]) for rung in RUNGS]
    stood = [
        f"{much} {'' if i else 'stood '}{rung}"
        for i, (much, rung) in enumerate(zip(sums, RUNGS, strict=True))
    ]
    actors = sorted(
        (a for a in told["actors"].values() if a["valuation"] is not None), key=lambda a: -a["valuation"]
    )
    return {
        "stood": f"On {speech.day(moment)} {listed(stood)}. The four are never added together.",
        "actors": [
            {
                "name": clean(actor["name"]),
                "then": speech.money(actor["valuation_then"]),
                "now": speech.money(actor["valuation"]),
                "observed": _beside(speech, actor, told["observed_missing"]),
                "belief": share(actor["belief_share"]),
            }
            for actor in actors[:10]
        ],
        "weak": [
            *weak(told["assumptions"]),
            ranked(told["assumptions_by"], told["db"]),
            *_unsurprised(events),
        ],
    }


def _beside(speech: Speech, actor: dict[str, Any], missing: str | None) -> str:
    """The last close on record with its day; without one what was observed with its day, which is no
    record; `missing` where that was not found."""
    if actor["recorded"] is not None:
        return f"{speech.money(actor['recorded'])}, close of {actor['recorded_on']}"
    if actor["observed"] is None:
        return "no observation" if missing is None else "observations not found"
    return f"{speech.money(actor['observed'])}, observed {actor['observed_on']}"


def weak(assumptions: Iterable[dict[str, Any]]) -> list[str]:
    """The weakest things the figures rest on, a sentence each."""
    rows = list(assumptions)
    guessed = [row for row in rows if "count" not in row]
    said = [
        sentence(
            f"{clean(row['what']).replace('_', ' ').replace('.', ' of ')} is taken as {_plain(row['value'])}"
            f"{_unit(row['unit'])}, and could be {_plain(row['low'])} to {_plain(row['high'])}"
            f" ({clean(row['source'])})"
        )
        for row in guessed[:4]
    ]
    if len(guessed) > 4:
        said.append(f"{count(len(guessed) - 4)} more parameters are guessed.")
    for row in rows:
        if row.get("what") == "unknown balances":
            said.append(sentence(f"unknown, and left blank: {several(row['count'], 'opening balance')}"))
        elif "count" in row:
            said.append(sentence(f"told by weak sources: {several(row['count'], 'fact')}"))
    return said


def ranked(by: str, db: str) -> str:
    """In a sentence, by what the weakest assumptions are ranked."""
    if by == "swing":
        return "Guesses are ranked by how far each moves the value at the end."
    return (
        f"Guesses are ranked by the width of their ranges; `narrative doubt {db}` ranks them by what they do."
    )


def _unsurprised(events: Sequence[Event]) -> list[str]:
    number = sum(map(unsurprising, events))
    return (
        [sentence(f"that nobody was surprised by {several(number, 'rate decision')} is assumed")]
        if number
        else []
    )


def _plain(number: float) -> str:
    return money(number, {}) if abs(number) >= 10_000 else f"{number:g}"


def _unit(unit: str) -> str:
    return "" if unit in ("1", "-", "") else f" {clean(unit)}"


def citation(told: dict[str, Any]) -> str:
    """How to cite this telling."""
    return (
        f"“{clean(told['title'])}”, story {told['story']}, edition {clean(told['edition'])}, branch "
        f"{told['branch']} at event {count(told['position'])}, digest {told['digest']}. A replay, not a "
        "forecast and not advice."
    )
