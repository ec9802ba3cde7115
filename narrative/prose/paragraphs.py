"""Items as paragraphs of a day, and what is not told singly as sentences that count it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from events.event import Event
from narrative.figures import change
from narrative.loop import rung
from narrative.observed import Observed
from narrative.prose.items import Item
from narrative.prose.kinds import KINDS
from narrative.prose.parts import Notes, Paragraph, Sentence
from narrative.prose.sentences import Speech, by, step_of
from narrative.prose.words import listed, months, sentence, several, times

MOVED = 0.01  # the least step of a price that is told with the news it followed
CROWD = 4  # so many acts of one kind on one day are told as one
NAMED = 4  # whose moves on one piece of news are told by name
ASSETS = 4  # whose further repricings are told by name
HOLD = "modelled"


class Writer:
    """Writes the paragraphs of one text: holds its words, its notes and what was observed.

    `bare`: nothing in this history is on record, so that no sentence need say that it is the model's.
    """

    def __init__(self, speech: Speech, notes: Notes, observed: Observed, *, bare: bool, whole: bool) -> None:
        self.speech, self.notes, self.observed = speech, notes, observed
        self.bare, self.whole = bare, whole

    # --- what is told -----------------------------------------------------------------------------

    def days(self, items: Iterable[Item]) -> tuple[Paragraph, ...]:
        """A paragraph a day, in order."""
        calendar = self.speech.story.calendar
        found: dict[str, list[Item]] = defaultdict(list)
        for item in items:
            found[calendar.day(item.head.moment)].append(item)
        return tuple(
            Paragraph(self._day(those), self.speech.day(those[0].head.moment), date)
            for date, those in found.items()
        )

    def _day(self, items: Sequence[Item]) -> tuple[Sentence, ...]:
        crowds: dict[tuple[str, str], list[Item]] = defaultdict(list)
        for item in items:
            crowds[item.head.kind, item.head.origin].append(item)
        said: list[Sentence] = []
        for item in items:
            crowd = crowds[item.head.kind, item.head.origin]
            if item.head.origin == HOLD and len(crowd) >= CROWD and not self.whole:
                if item is crowd[0]:
                    said += self._crowd(crowd)
            else:
                said += self.item(item)
        return tuple(said)

    def item(self, item: Item) -> list[Sentence]:
        """An item: its head, what else was done, and how the market took it."""
        if item.head.origin == HOLD:
            same = [e for e in (item.head, *item.also) if e.origin == HOLD]
            said = [self._done(same), *(self._head(e) for e in item.also if e.origin != HOLD)]
        else:
            said = [self._head(event) for event in (item.head, *item.also)]
        taken = self._taken(item)
        return [*said, taken] if taken is not None else said

    def _head(self, event: Event) -> Sentence:
        speech = self.speech
        if event.kind == "Supposition":
            text = speech.supposed(event)
        elif event.origin == HOLD:
            return self._done([event])
        elif event.origin == "supposed":
            text = f"Supposed: {sentence(speech.plain(event))}"
        else:
            text = speech.told(event)
        weight = speech.weight(event)
        text = f"{text} {weight}" if weight else text
        return Sentence(text, event.origin, self.notes.of([event]), (event.position,))

    def _done(self, events: Sequence[Event]) -> Sentence:
        """What a process did in one act."""
        text = self.speech.done(events)
        text = sentence(text if self.bare else f"in the model, {text}")
        return Sentence(text, HOLD, self.notes.of(events), tuple(e.position for e in events))

    def _taken(self, item: Item) -> Sentence | None:
        """How the market took it: what moved enough to be told."""
        told = [e for e in item.taken if self.whole or abs(step_of(e.fact)) >= MOVED]
        if not told:
            return None
        moved = [e for e in told if step_of(e.fact)]
        marked = [e for e in told if not step_of(e.fact)]
        parts = self._moved(moved, item.head)
        text = f"{parts} on {'this news' if item.head.fact.told else 'this'}" if parts else ""
        if marked:
            new = f"the market takes the new value of {listed(map(self._asset, marked))} as it stands"
            text = f"{text}; {new}" if text else new
        if not self.bare and item.head.origin != HOLD:
            text = f"in the model, {text}"
        return Sentence(sentence(text), HOLD, (), tuple(e.position for e in told))

    def _moved(self, events: Sequence[Event], head: Event) -> str:
        """Who gained and who lost: the largest and those observed by name, the others by their span."""
        order = sorted(events, key=lambda e: (-abs(step_of(e.fact)), e.position))
        named = [e for i, e in enumerate(order) if i < NAMED or self._seen(e, head) is not None]
        if len(order) - len(named) < 2:
            named = order
        rest = [step_of(e.fact) for e in order if e not in named]
        parts = []
        for verb, way in (("gains", 1), ("loses", -1)):
            those = [e for e in named if step_of(e.fact) * way > 0]
            said = [
                f"{self._asset(e)} {verb if not i else ''} {by(step_of(e.fact))}{self._beside(e, head)}"
                for i, e in enumerate(those)
            ]
            steps = sorted(abs(step) for step in rest if step * way > 0)
            if steps:
                ends = list(dict.fromkeys((by(steps[0]), by(steps[-1]))))
                said.append(f"{several(len(steps), 'other')} {' to '.join(ends)}")
            if said:
                parts.append(" ".join(listed(said).split()))
        return "; ".join(parts)

    def _asset(self, event: Event) -> str:
        return self.speech.names(getattr(event.fact, "asset"))  # noqa: B009  # a Repricing has one

    def _seen(self, event: Event, head: Event) -> float | None:
        """What was observed of a repricing, where its news is on record."""
        told = head.fact.told
        if told is None or head.origin != "recorded":
            return None
        return self.observed.step(getattr(event.fact, "asset"), told.entry)  # noqa: B009  # a Repricing has one

    def _beside(self, event: Event, head: Event) -> str:
        seen = self._seen(event, head)
        return "" if seen is None else f" (observed: {change(seen)})"

    def _crowd(self, crowd: Sequence[Item]) -> list[Sentence]:
        """Many acts of one kind on one day, as one sentence and the largest of them."""
        heads = [item.head for item in crowd]
        largest = max(heads, key=lambda event: rung(event.fact)[1] or 0)
        where = "" if self.bare else " in the model"
        text = f"{self._counted(heads)} come on this day{where}"
        if rung(largest.fact)[1]:
            text += f"; in the largest, {self.speech.plain(largest)}"
        also = [e for item in crowd for e in item.also]
        if also:
            text += f"; with them {'come' if len(also) > 1 else 'comes'} {self._kinds(also)}"
        said = [Sentence(sentence(text), HOLD, (), tuple(e.position for e in (*heads, *also)))]
        drift = self.drift([e for item in crowd for e in item.taken])
        return [*said, *drift]

    # --- what is counted --------------------------------------------------------------------------

    def besides(self, events: Sequence[Event]) -> list[Paragraph]:
        """All that is not told singly: what is on record, what the model did, how prices drifted."""
        paragraphs = []
        for origin, opening in (
            ("recorded", "Also on record in these months: "),
            ("supposed", "Also supposed: "),
            (HOLD, "Besides: " if self.bare else "In the model there were besides "),
        ):
            those = [e for e in events if e.origin == origin and e.kind != "Repricing"]
            said = self._summed(those, origin, opening) if those else []
            if origin == HOLD:
                said += self.drift([e for e in events if e.kind == "Repricing"])
            if said:
                paragraphs.append(Paragraph(tuple(said)))
        return paragraphs

    def _summed(self, events: Sequence[Event], origin: str, opening: str) -> list[Sentence]:
        positions = tuple(e.position for e in events)
        text = sentence(opening + self._kinds(events))
        return [Sentence(text, origin, self.notes.together(events), positions)]

    def _kinds(self, events: Iterable[Event]) -> str:
        kinds: dict[str, list[Event]] = defaultdict(list)
        for event in events:
            kinds[event.kind].append(event)
        return listed(self._counted(those) for those in sorted(kinds.values(), key=lambda those: -len(those)))

    def _counted(self, events: Sequence[Event]) -> str:
        """So many events of one kind, and what they come to."""
        kind = KINDS[events[0].kind]
        text = several(len(events), kind.one, kind.many)
        if events[0].kind == "PolicyRate":
            first, last = (getattr(events[i].fact, "rate") / 100 for i in (0, -1))  # noqa: B009  # it has one
            return (
                f"{text} ({first:g} % at first, {last:g} % at last)"
                if len(events) > 1
                else f"{text} ({last:g} %)"
            )
        firm = sum(
            getattr(e.fact, "amount", None) or getattr(e.fact, "unattributed", None) or 0 for e in events
        )
        most = sum(getattr(e.fact, "ceiling", None) or 0 for e in events)
        sums = [f"{self.speech.money(firm)}"] if firm else []
        sums += [f"up to {self.speech.money(most)}{' more' if firm else ''}"] if most else []
        return f"{text} ({' and '.join(sums)})" if sums else text

    def drift(self, repricings: Sequence[Event]) -> list[Sentence]:
        """How the market moved prices in small steps: by name where it moved them most."""
        assets: dict[str, list[Event]] = defaultdict(list)
        for event in repricings:
            if step_of(event.fact):
                assets[getattr(event.fact, "asset")].append(event)  # noqa: B009  # a Repricing has one
        order = sorted(assets, key=lambda asset: (-_largest(assets[asset]), asset))
        named = [asset for asset in order[:ASSETS] if _largest(assets[asset]) >= MOVED]
        told = [e for asset in named for e in assets[asset]]
        rest = [e for asset in order if asset not in named for e in assets[asset]]
        said = []
        if told:
            when = months(
                self.speech.story.calendar, min(e.moment for e in told), max(e.moment for e in told)
            )
            parts = [f"{self.speech.names(asset)} {_both_ways(assets[asset])}" for asset in named]
            text = f"{when}, in steps not told here, the market marks {'; '.join(parts)}"
            said.append(Sentence(sentence(text), HOLD, (), tuple(e.position for e in told)))
        if rest:
            other = "other " if named else ""
            whose = several(len(order) - len(named), f"{other}company", f"{other}companies")
            verb = "changes" if len(rest) == 1 else "change"
            text = f"{several(len(rest), 'small repricing')} of {whose} {verb} little"
            said.append(Sentence(sentence(text), HOLD, (), tuple(e.position for e in rest)))
        still = [e for e in repricings if not step_of(e.fact)]
        if still:
            names = listed(dict.fromkeys(map(self._asset, still)))
            text = f"after each funding the market takes the new value of {names} as it stands"
            said.append(Sentence(sentence(text), HOLD, (), tuple(e.position for e in still)))
        return said


def _both_ways(events: Sequence[Event]) -> str:
    said = []
    for way, those in zip(("up", "down"), _ways(events), strict=True):
        if those:
            size = abs(_total(those)) * 100
            much = f"{size:.0f} %" if size >= 0.95 else "less than 1 %"
            said.append(f"{way} {times(len(those))}, by {much}{' in all' if len(those) > 1 else ''}")
    return ", and ".join(said)


def _largest(events: Sequence[Event]) -> float:
    return max(abs(_total(those)) for those in _ways(events))


def _ways(events: Sequence[Event]) -> tuple[list[Event], list[Event]]:
    return [e for e in events if step_of(e.fact) > 0], [e for e in events if step_of(e.fact) < 0]


def _total(events: Sequence[Event]) -> float:
    """The whole return of several steps, one after another."""
    whole = 1.0
    for event in events:
        whole *= 1 + step_of(event.fact)
    return whole - 1
