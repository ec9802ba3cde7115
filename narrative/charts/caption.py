"""The caption under a chart: its lines, the moves it names, its sources, and its history."""

from collections.abc import Sequence

from events.branch import MAIN
from narrative.analysis.ends import end_shown
from narrative.analysis.history import History
from narrative.analysis.observing import observed_rows
from narrative.charts.draw import Line
from narrative.charts.moves import Move
from narrative.engine.run import world_at
from narrative.story.model import Story
from narrative.text.words import clean


def caption_of(
    name: str,
    story: Story,
    found: Sequence[History],
    labels: Sequence[str],
    lines: Sequence[Line],
    moves: Sequence[Move],
) -> tuple[str, ...]:
    """The lines of a caption: the kinds of line, the told moves by number, sources, and the history."""
    heads = [history.log.head(history.branch) for history in found]
    which = "; ".join(
        f"{label} at #{head.position}, digest {head.digest.hex()[:16]}…{_end_shown(history)}"
        for label, head, history in zip(labels, heads, found, strict=True)
    )
    seen = "Lines are the replay's"
    if any(line.closed for line in lines):
        seen += "; what is bold goes through closes on record"
    if any(line.recorded for line in lines):
        seen = "Bold lines join closes on record"
        seen += (
            "; thin ones are where news, policy and new shares alone would have taken them"
            if any(line.explained for line in lines)
            else ""
        )
        seen += "" if all(line.recorded for line in lines) else "; the others are the replay's"
    seen += "; rings are what was observed." if any(line.observed for line in lines) else "."
    missing = observed_rows(found[0]).missing if name == "valuation" else None
    seen += f" {clean(missing)}." if missing else ""
    if name == "rungs":
        seen = "Lines are the replay's, and are never added together."
    if name == "circle":
        seen = "Numbers are the circle's steps; a turn in blue took each of them, one in orange broke off."
    return (
        f"A replay, not a forecast. {seen}",
        *(f"{number}. {move.words(story.calendar)}" for number, move in enumerate(moves, 1)),
        _sources(story, lines, moves),
        f"Story {story.id}, edition {clean(story.edition)}: {clean(which)}",
    )


def _end_shown(history: History) -> str:
    """In brackets, of a branch of recorded prices, which end of what news does not explain it is."""
    if history.branch == MAIN:  # a fold less
        return ""
    end = end_shown(history.branch, world_at(history.log, history.branch))
    return f" ({end})" if end else ""


def _sources(story: Story, lines: Sequence[Line], moves: Sequence[Move]) -> str:
    """The line of sources: of closes and of the news that is named; of the rest, where they stand."""
    found = []
    if any(line.recorded or line.closed for line in lines) and story.record is not None:
        found.append(f"{clean(story.record.source)}, to {story.calendar.long_day(story.record.until)}")
    found += dict.fromkeys(move.source for move in moves)
    told = sum(entry.fact.told is not None for entry in story.entries)
    found.append(f"{told} entries of the timeline, each with its own in `narrative tell {story.id}`")
    return f"Sources: {'; '.join(found)}."
