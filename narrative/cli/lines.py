"""Events as lines for a reader: one each, or on one line those that say little."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

import click

from events.event import Event
from narrative.analysis.filter import rank_of, standing
from narrative.prose.gist import gist
from narrative.prose.kinds import KINDS
from narrative.prose.sentences import Speech
from narrative.story.calendar import Calendar
from narrative.story.model import Story
from narrative.text.numbers import MARKS, count
from narrative.text.words import clean, escaped
from narrative.verbs.looking import logged

# Only the terminal's own colours: they are chosen to be readable on its background, dark or light.
COLOURS = {"recorded": "green", "modelled": "magenta", "supposed": "cyan", "missing": "red"}
# What happens by itself and often: folded where several follow one another.
ROUTINE = frozenset(
    {"Repricing", "Interest", "Sale", "Endowment", "OpenLoan", "Refusal", "Quote", "Residual"}
)
FEW, MANY = 3, 1_000  # as many on one line at least, and at most


def json_lines(events: Iterable[Event], story: Story) -> Iterator[str]:
    """A line of JSON an event."""
    for event in events:
        plain = logged(event, story.calendar).plain()
        yield escaped(json.dumps(plain, ensure_ascii=False, allow_nan=False))


def lines(events: Iterable[Event], speech: Speech, *, fold: bool, sums: bool = False) -> Iterator[str]:
    """A line an event; with `fold`, routine events that follow one another share one; with `sums`, each
    says its sum and how firm that is.
    """
    run: list[Event] = []
    for event in events:
        routine = fold and event.kind in ROUTINE
        if run and (not routine or len(run) == MANY):
            yield from _folded(run, speech)
            run = []
        if routine:
            run.append(event)
        else:
            yield line(event, speech, sums=sums)
    yield from _folded(run, speech)


def _folded(run: Sequence[Event], speech: Speech) -> Iterator[str]:
    if len(run) < FEW:
        yield from (line(event, speech) for event in run)
        return
    counts = Counter(event.kind for event in run)
    said = ", ".join(
        f"{count(number)} {KINDS[kind].one if number == 1 else KINDS[kind].many}"
        for kind, number in counts.most_common()
    )
    until = f" to #{run[-1].position}"
    yield click.style(f"{_place(run[0], speech.story.calendar)}  … {said}{until}", dim=True)


def line(event: Event, speech: Speech, *, sums: bool = False) -> str:
    """An event on one line: where, when, whence, who, what, the rank of its source, and because of what."""
    value, stands = standing(event.fact) if sums else (None, "")
    much = f"{speech.money(value)} {stands}: " if value else ""
    causes = "".join(f" ←#{cause}" for cause in event.causes)
    source = f" ({rank})" if (rank := rank_of(event)) else ""
    return (
        f"{_place(event, speech.story.calendar)}  {mark(event.origin)} {event.kind:<13} "
        f"{clean(event.actor)}: {much}{gist(event, speech)}{click.style(source + causes, dim=True)}"
    )


def _place(event: Event, calendar: Calendar) -> str:
    return f"{'#' + str(event.position):<7}{calendar.iso(event.moment)}"


def mark(origin: str) -> str:
    """The mark of an origin, in its colour."""
    return click.style(MARKS[origin], fg=COLOURS[origin])
