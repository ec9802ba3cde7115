"""Items as paragraphs: what happened, what the books take of it, and how the market took it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from attrs import field, frozen

from events.event import Event
from events.facts import Lapse, Note
from events.record_facts import Supposition, Withheld
from narrative.analysis.circle import rung
from narrative.analysis.notes import READER, is_readers
from narrative.prose.counting import MOVED, asset_of, besides, counted, drift, kinds, sourced, total, unsaid
from narrative.prose.items import Item
from narrative.prose.parts import Notes, Paragraph, Sentence
from narrative.prose.sentences import Speech, by, step_of
from narrative.story.observed import Observed
from narrative.text.numbers import change
from narrative.text.words import aside, clean, listed, sentence, several

CROWD = 4  # so many acts of one kind on one day are told as one
NAMED = 4  # whose moves on one piece of news are told by name
HOLD = "modelled"


@frozen
class Writer:
    """Writes the paragraphs of one text: holds its words, its notes and what was observed.

    `bare`: nothing in this history is on record, so that no sentence need say that it is the model's.
    `whole`: every event is told singly. `steps`: what is said of events that a turn of the circle took.
    `events`: the whole log, of which a reader's note may be about any.
    """

    speech: Speech
    notes: Notes
    observed: Observed
    bare: bool
    whole: bool
    steps: Mapping[int, str] = field(factory=dict)
    events: Sequence[Event] = ()

    def days(self, items: Iterable[Item], least: float = MOVED) -> tuple[Paragraph, ...]:
        """A paragraph a day, in order. Moves of prices smaller than `least` are left to be counted."""
        calendar = self.speech.story.calendar
        found: dict[str, list[Item]] = defaultdict(list)
        for item in items:
            found[calendar.day(item.head.moment)].append(item)
        return tuple(
            Paragraph(self._day(those, max(least, MOVED)), self.speech.day(those[0].head.moment), date)
            for date, those in found.items()
        )

    def besides(self, events: Sequence[Event]) -> list[Paragraph]:
        """Paragraphs that count the events not told singly."""
        return besides(self.speech, self.notes, events, bare=self.bare)

    def _day(self, items: Sequence[Item], least: float) -> tuple[Sentence, ...]:
        crowds: dict[str, list[Item]] = defaultdict(list)
        for item in items:
            if item.head.origin == HOLD and not self.whole:
                crowds[item.head.kind].append(item)
        said: list[Sentence] = []
        for item in items:
            crowd = crowds[item.head.kind] if item.head.origin == HOLD else []
            if len(crowd) < CROWD:
                said += self.item(item, least)
            elif item is crowd[0]:
                said += self._crowd(crowd)
        return tuple(said)

    def _crowd(self, crowd: Sequence[Item]) -> list[Sentence]:
        """Many acts of one kind on one day, as one sentence and the largest of them."""
        heads = [item.head for item in crowd]
        largest = max(heads, key=lambda event: rung(event.fact)[1] or 0)
        text = f"{counted(self.speech, heads)} come on this day{'' if self.bare else ' in the model'}"
        if rung(largest.fact)[1]:
            text += f"; in the largest, {self.speech.plain(largest)}"
        also = [event for item in crowd for event in item.also]
        if also:
            text += f"; with them {'come' if len(also) > 1 else 'comes'} {kinds(self.speech, also)}"
        said = Sentence(sentence(text), HOLD, (), tuple(e.position for e in (*heads, *also)))
        taken = [event for item in crowd for event in item.taken]
        return [said, *drift(self.speech, taken, "on these")]

    # --- one item ---------------------------------------------------------------------------------

    def item(self, item: Item, least: float) -> list[Sentence]:
        """An item: its head, what else was done, and how the market took it."""
        if item.head.origin == HOLD:
            same = [event for event in (item.head, *item.also) if event.origin == HOLD]
            said = [*self._done(same), *(s for e in item.also if e.origin != HOLD for s in self._told(e))]
        else:
            said = [one for event in (item.head, *item.also) for one in self._told(event)]
        taken = self._taken(item, least)
        return [*said, taken] if taken is not None else said

    def _told(self, event: Event) -> list[Sentence]:
        speech = self.speech
        if event.origin == HOLD:
            return self._done([event])
        if is_readers(event):
            return [Sentence(self._noted(event), "", (), (event.position,))]
        if unsaid(event):  # the engine keeps the books straight; nobody told of it
            return [Sentence(aside(speech.plain(event)), event.origin, (), (event.position,))]
        if isinstance(event.fact, Supposition):
            text = speech.supposed(event)
        elif event.origin == "supposed" and not isinstance(event.fact, Withheld):
            place = " in place of what is on record" if speech.on_record(event) else ""
            text = f"Supposed{place}: {sentence(speech.plain(event))}"
        else:
            text = speech.told(event)
        words = " ".join(part for part in (text, speech.weight(event)) if part)
        sources = self.notes.of(sourced(self.speech, self._behind(event)))
        said = Sentence(words, event.origin, sources, (event.position,))
        return [said, *self._steps([event])]

    def _behind(self, event: Event) -> list[Event]:
        """The events whose source stands for this one: of a plan that is past, those that told of it."""
        if not isinstance(event.fact, Lapse):
            return [event]
        return [self.events[cause - 1] for cause in event.causes if cause <= len(self.events)]

    def _noted(self, event: Event) -> str:
        """A reader's note, and what it is about."""
        assert isinstance(event.fact, Note)
        who = "a reader notes" if event.actor == READER else f"a reader ({clean(event.actor)}) notes"
        about = [
            f"#{cause}, “{self.speech.told(self.events[cause - 1]).rstrip('.')}”"
            for cause in event.causes
            if cause <= len(self.events)
        ]
        return aside(f"{who}{', about ' if about else ''}{listed(about)}: {clean(event.fact.text)}")

    def _steps(self, events: Sequence[Event]) -> list[Sentence]:
        """A sentence for each event that is a step of a whole turn of the circle; equal ones once."""
        return [
            Sentence(text) for text in dict.fromkeys(self.steps.get(e.position, "") for e in events) if text
        ]

    def _done(self, events: Sequence[Event]) -> list[Sentence]:
        """The sentences on what a process did in one act."""
        text = self.speech.done(events)
        text = sentence(text if self.bare else f"in the model, {text}")
        positions = tuple(event.position for event in events)
        return [Sentence(text, HOLD, self.notes.of(events), positions), *self._steps(events)]

    def _taken(self, item: Item, least: float) -> Sentence | None:
        """How the market took it: what moved enough to be told."""
        assets: dict[str, list[Event]] = defaultdict(list)
        for event in item.taken:
            if step_of(event.fact):
                assets[asset_of(event)].append(event)
        moved = {a: those for a, those in assets.items() if self.whole or abs(total(those)) >= least}
        still = [event for event in item.taken if self.whole and not step_of(event.fact)]
        if not moved and not still:
            return None
        news = "this news" if item.head.fact.told else "this"
        parts = [f"{self._moved(moved, item)} on {news}"] if moved else []
        text = "; ".join([*parts, *(self.speech.plain(event) for event in still)])
        if not self.bare and item.head.origin != HOLD:
            text = f"in the model, {text}"
        told = [*(event for those in moved.values() for event in those), *still]
        return Sentence(sentence(text), HOLD, (), tuple(event.position for event in told))

    def _moved(self, moved: Mapping[str, Sequence[Event]], item: Item) -> str:
        """The gains and losses in words: the largest and those observed by name, the others as a range."""
        steps = {asset: total(those) for asset, those in moved.items()}
        seen = {asset: self._seen(asset, those, item) for asset, those in moved.items()}
        order = sorted(steps, key=lambda asset: -abs(steps[asset]))
        named = [a for i, a in enumerate(order) if i < NAMED or seen[a] is not None]
        named = order if len(order) - len(named) < 2 else named
        parts = []
        for verb, way in (("gains", 1), ("loses", -1)):
            said: list[str] = []
            for asset in (asset for asset in named if steps[asset] * way > 0):
                beside = "" if seen[asset] is None else f" (observed: {change(seen[asset])})"
                does = "" if said else f" {verb}"
                whose = self.speech.whose(asset, moved[asset][-1].moment)
                said.append(f"{whose}{does} {by(steps[asset])}{beside}")
            others = sorted(abs(steps[a]) for a in order if a not in named and steps[a] * way > 0)
            if others:
                ends = dict.fromkeys((by(others[0]), by(others[-1])))
                does = "" if said else (" gain" if way > 0 else " lose")
                said.append(f"{several(len(others), 'other')}{does} {' to '.join(ends)}")
            parts += [listed(said)] if said else []
        return "; ".join(parts)

    def _seen(self, asset: str, repricings: Sequence[Event], item: Item) -> float | None:
        """A company's observed return on the news its repricings read, as a part of one; None if unknown."""
        causes = {cause for event in repricings for cause in event.causes}
        for event in (item.head, *item.also):
            told = event.fact.told
            if event.position in causes and event.origin == "recorded" and told is not None:
                step = self.observed.step(asset, told.entry)
                if step is not None:
                    return step
        return None
