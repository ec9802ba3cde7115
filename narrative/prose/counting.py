"""Sentences that count the events not told singly: how many of each kind, and how prices drifted."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import partial

from events.event import Event
from events.facts import Cancellation, Retraction
from events.market_facts import PolicyRate, Quote, Repricing
from events.record_facts import Outcome
from narrative.prose.items import PRICES
from narrative.prose.kinds import KINDS
from narrative.prose.names import months
from narrative.prose.parts import Notes, Paragraph, Sentence, Source
from narrative.prose.sentences import Speech, lasts, step_of
from narrative.text.words import aside, capital, clean, listed, sentence, several, times

MOVED = 0.01  # the least move of a price that is worth a name
ASSETS = 4  # whose further repricings are told by name
# How what is counted begins, by origin.
OPENINGS = (
    ("recorded", "Also on record in these months: "),
    ("supposed", "Also supposed: "),
    ("modelled", "Besides, in the model: "),
)


def besides(speech: Speech, notes: Notes, events: Sequence[Event], *, bare: bool) -> list[Paragraph]:
    """All of some events: what is on record, what the model did, how prices drifted, and the closes."""
    paragraphs, quoted = [], [event for event in events if isinstance(event.fact, PRICES)]
    events = [event for event in events if not isinstance(event.fact, PRICES)]
    for origin, opening in OPENINGS:
        mine = [event for event in events if event.origin == origin]
        those = [event for event in mine if not isinstance(event.fact, Repricing) and not unsaid(event)]
        said = []
        if those:
            text = sentence(f"{'Besides: ' if bare else opening}{kinds(speech, those)}")
            sources = notes.together(sourced(speech, those))
            said = [Sentence(text, origin, sources, tuple(e.position for e in those))]
        if kept := [event for event in mine if unsaid(event)]:
            text = aside(f"{'with these' if those else 'besides'}, {taken_back(speech, kept)}")
            said.append(Sentence(text, origin, (), tuple(e.position for e in kept)))
        prices = [event for event in mine if isinstance(event.fact, Repricing)]
        said += drift(speech, prices, "" if origin == "modelled" else opening.rstrip(": ") + ",", notes)
        if said:
            paragraphs.append(Paragraph(tuple(said)))
    return [*paragraphs, Paragraph(closed(speech, notes, quoted))] if quoted else paragraphs


def closed(speech: Speech, notes: Notes, events: Sequence[Event]) -> tuple[Sentence, ...]:
    """How many closes some events hold, and how many moves of prices the news leaves open."""
    closes = [event for event in events if isinstance(event.fact, Quote)]
    moves = [event for event in events if not isinstance(event.fact, Quote)]
    said, record = [], speech.story.record
    if closes:
        sources = notes.on(Source(capital(clean(record.source)), None, record.confidence)) if record else ()
        stand = "stands" if len(closes) == 1 else "stand"
        text = f"on record in these months {stand} {several(len(closes), 'close')}"
        said.append(Sentence(sentence(text), closes[0].origin, sources, tuple(e.position for e in closes)))
    if moves:
        text = f"in the model the news leaves {several(len(moves), 'move')} of prices open"
        said.append(Sentence(sentence(text), moves[0].origin, (), tuple(e.position for e in moves)))
    return tuple(said)


def unsaid(event: Event) -> bool:
    """True for a retraction or cancellation that nobody told: the engine's, of what an entry replaces."""
    taken_back = isinstance(event.fact, Retraction | Cancellation)
    return taken_back and event.origin != "modelled" and event.fact.told is None


def taken_back(speech: Speech, events: Sequence[Event]) -> str:
    """So many announcements and orders taken back, and what they came to."""
    said = []
    for kind in (Retraction, Cancellation):
        those = [event for event in events if isinstance(event.fact, kind)]
        much = sum(getattr(e.fact, "ceiling", None) or getattr(e.fact, "amount", None) or 0 for e in those)
        worth = f", {speech.money(much)}{' in all' if len(those) > 1 else ''}" if much else ""
        if those:
            said.append(f"{several(len(those), KINDS[kind.__name__].one, KINDS[kind.__name__].many)}{worth}")
    return listed(said)


def sourced(speech: Speech, events: Iterable[Event]) -> list[Event]:
    """The events whose source may be cited: all but supposed ones that replace an entry of the record."""
    return [event for event in events if event.origin != "supposed" or not speech.on_record(event)]


def kinds(speech: Speech, events: Iterable[Event]) -> str:
    """So many of each kind, the most frequent first, and last what is of no other kind."""
    found: dict[str, list[Event]] = defaultdict(list)
    for event in events:
        found[event.kind].append(event)
    return listed(
        counted(speech, those)
        for those in sorted(
            found.values(), key=lambda those: (isinstance(those[0].fact, Outcome), -len(those))
        )
    )


def counted(speech: Speech, events: Sequence[Event]) -> str:
    """So many events of one kind, and what they come to."""
    kind = KINDS[events[0].kind]
    text = several(len(events), kind.one, kind.many)
    rates = [rate for e in events if (rate := getattr(e.fact, "rate", None)) is not None]
    if isinstance(events[0].fact, PolicyRate):
        first, last = rates[0] / 100, rates[-1] / 100
        return f"{text} ({first:g} %{'' if first == last else f' at first, {last:g} % at last'})"
    firm = sum(getattr(e.fact, "amount", None) or getattr(e.fact, "unattributed", None) or 0 for e in events)
    most = sum(getattr(e.fact, "ceiling", None) or 0 for e in events)
    sums = [speech.money(firm)] if firm else []
    up_to = "" if isinstance(events[0].fact, Retraction) else "up to "
    sums += [f"{up_to}{speech.money(most)}{' more' if firm else ''}"] if most else []
    return f"{text} ({' and '.join(sums)})" if sums else text


def drift(
    speech: Speech, repricings: Sequence[Event], opening: str = "", notes: Notes | None = None
) -> list[Sentence]:
    """How the market moved prices in steps not told singly: by name where it moved them most. `opening`
    stands in place of the months it took. All are of one origin; `notes` takes their sources.
    """
    assets: dict[str, list[Event]] = defaultdict(list)
    for event in repricings:
        if step_of(event.fact):
            assets[asset_of(event)].append(event)
    order = sorted(assets, key=lambda asset: (-_largest(assets[asset]), asset))
    named = [asset for asset in order[:ASSETS] if _largest(assets[asset]) >= MOVED]
    told = [event for asset in named for event in assets[asset]]
    rest = [event for asset in order if asset not in named for event in assets[asset]]
    said = []
    _said = partial(_sentence, notes)
    if told:
        when = months(speech.story.calendar, min(e.moment for e in told), max(e.moment for e in told))
        parts = [
            f"{speech.whose(asset, assets[asset][-1].moment)} {_both_ways(assets[asset])}" for asset in named
        ]
        opening = opening or f"{when}, in steps not told here,"
        text = f"{opening} the market marks {'; '.join(parts)}"
        said.append(_said(text, told))
    if rest:
        other = "other " if named else ""
        whose = several(len(order) - len(named), f"{other}company", f"{other}companies")
        number = several(len(rest), "small repricing")
        if number[0].isdigit():  # no sentence begins with a figure
            number = f"{'another' if named else 'in all,'} {number}"
        verb = "changes" if len(rest) == 1 else "change"
        said.append(_said(f"{number} of {whose} {verb} little", rest))
    still = [event for event in repricings if not step_of(event.fact)]
    if marked := [event for event in still if not lasts(event.fact)]:
        names, alone = _names(speech, marked)
        funding = (
            "is marked at the value of its funding" if alone else "are marked at the value of their fundings"
        )
        said.append(_said(f"{names} {funding}", marked))
    if kept := [event for event in still if lasts(event.fact)]:
        much = speech.money(sum(lasts(event.fact) for event in kept))
        said.append(_said(f"{much} of belief in {_names(speech, kept)[0]} becomes lasting value", kept))
    return said


def _names(speech: Speech, repricings: Sequence[Event]) -> tuple[str, bool]:
    """Whose prices they are, and whether it is one alone."""
    names = list(dict.fromkeys(speech.names(asset_of(event)) for event in repricings))
    return listed(names), len(names) == 1


def asset_of(event: Event) -> str:
    """Whose price a repricing moves."""
    assert isinstance(event.fact, Repricing)
    return event.fact.asset


def _sentence(notes: Notes | None, text: str, events: Sequence[Event]) -> Sentence:
    sources = notes.together(events) if notes is not None else ()
    return Sentence(sentence(text), events[0].origin, sources, tuple(event.position for event in events))


def _both_ways(events: Sequence[Event]) -> str:
    said = []
    for way, those in zip(("up", "down"), _ways(events), strict=True):
        if those:
            size = abs(total(those)) * 100
            much = f"{size:.0f} %" if size >= 0.95 else "less than 1 %"
            said.append(f"{way} {times(len(those))}, by {much}{' in all' if len(those) > 1 else ''}")
    return ", and ".join(said)


def _largest(events: Sequence[Event]) -> float:
    return max(abs(total(those)) for those in _ways(events))


def _ways(events: Sequence[Event]) -> tuple[list[Event], list[Event]]:
    return [e for e in events if step_of(e.fact) > 0], [e for e in events if step_of(e.fact) < 0]


def total(events: Sequence[Event]) -> float:
    """The whole return of several steps, one after another."""
    whole = 1.0
    for event in events:
        whole *= 1 + step_of(event.fact)
    return whole - 1
