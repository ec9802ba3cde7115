"""Looking into a log: which of its events, in the order of positions, and the rest as it comes."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from decimal import Decimal
from math import ceil
from time import sleep
from typing import Any

import msgspec
from attrs import evolve, frozen

from events.codec import encode, nearest, to_event
from events.errors import Wrong
from events.event import ORIGINS, Event
from events.fact import CONFIDENCES, LIMIT, Fact
from events.facts import FAMILIES, KINDS, Opening
from events.finding import Sought
from narrative.calendar import BadDate, Calendar, count
from narrative.history import BadSpan, History, lived_to, opening_of
from narrative.loop import parties
from narrative.scenario import RESERVED, Story

POLL = 0.3  # seconds between two looks at a log that is being written
FAMILY = {
    **{name: kinds for name, kinds in FAMILIES.items() if name.isalpha()},
    "market": FAMILIES["market, policy"],
    "policy": FAMILIES["market, policy"],
    "record": FAMILIES["the record"],
}
SUMS = ("amount", "unattributed", "ceiling")  # the sum of an event is the first of these that it has
_SCALES = {"": 0, "k": 3, "m": 6, "bn": 9, "tn": 12}
Names = str | Collection[str]


class UnknownName(Wrong):
    """A kind, an actor or another name that this history does not have."""


class BadSum(Wrong):
    """A sum that cannot be read."""


@frozen(kw_only=True)
class Asked:
    """Which events: every condition given must hold, an empty one is none. Positions and moments of
    both ends are included; None is open.
    """

    kinds: frozenset[str] = frozenset()
    origins: frozenset[str] = frozenset()
    actors: frozenset[str] = frozenset()
    counterparty: frozenset[str] = frozenset()
    narratives: frozenset[str] = frozenset()
    confidence: frozenset[str] = frozenset()
    least: int | None = None
    text: str = ""
    first: int = 1
    last: int | None = None
    since: int | None = None
    until: int | None = None

    @property
    def everything(self) -> bool:
        """Whether nothing but a span was asked for."""
        named = self.kinds or self.origins or self.actors or self.counterparty or self.narratives
        return not (named or self.confidence or self.text or self.least is not None)

    def keeps(self, event: Event) -> bool:
        """Whether an event is one of those."""
        return self._in_span(event) and (self.everything or self._meets(event))

    def _in_span(self, event: Event) -> bool:
        return (
            self.first <= event.position
            and (self.last is None or event.position <= self.last)
            and (self.since is None or event.moment >= self.since)
            and (self.until is None or event.moment <= self.until)
        )

    def _meets(self, event: Event) -> bool:
        told = event.fact.told
        return (
            _among(event.kind, self.kinds)
            and _among(event.origin, self.origins)
            and _among(event.actor, self.actors)
            and (not self.counterparty or not self.counterparty.isdisjoint(others(event)))
            and _among(told.narrative if told else None, self.narratives)
            and _among(told.confidence if told else None, self.confidence)
            and (self.least is None or (sum_of(event.fact) or 0) >= self.least)
            and (not self.text or _plain(self.text) in _plain("\n".join(texts(event.fact))))
        )

    def sought(self) -> Sought:
        """What a store can tell of this without reading the events."""
        holding = [frozenset(self.counterparty), self.narratives, self.confidence]
        return Sought(
            kinds=self.kinds or None,
            origins=self.origins or None,
            actors=self.actors or None,
            holding=tuple(msgspec.json.encode(min(names)) for names in holding if len(names) == 1),
            words=_words(self.text),
            least=self.least or 0,
        )


def _among(name: str | None, names: frozenset[str]) -> bool:
    return not names or name in names


def _plain(text: str) -> bytes:
    return text.encode().lower()  # of bytes: A to Z alone, as the store does


def _words(text: str) -> tuple[str, ...]:
    """The longest part of a text that is stored as it is written."""
    written = "".join(letter if letter.isprintable() and letter not in '"\\' else "\n" for letter in text)
    longest = max(written.split("\n"), key=len)
    return (longest,) if longest else ()


def others(event: Event) -> set[str]:
    """Everyone an event names but the one who acts."""
    fact = event.fact
    named = {*parties(fact), getattr(fact, "asset", None), *(fact.told.participants if fact.told else ())}
    return {name for name in named if name} - {event.actor}


def sum_of(fact: Fact) -> int | None:
    """The sum of money in a fact: what is firm, else a ceiling, else as the words of the day gave it."""
    for name in SUMS:
        found: int | None = getattr(fact, name, None)
        if found:
            return found
    return fact.told.stated if fact.told else None


def texts(fact: object) -> Iterator[str]:
    """Every text in a fact, but for the whole story that an Opening carries."""
    plain = plain_fact(fact) if isinstance(fact, Fact) else fact
    if isinstance(plain, str):
        yield plain
    elif isinstance(plain, Mapping):
        for name, value in plain.items():
            if not (name == "text" and isinstance(fact, Opening)):
                yield from texts(value)
    elif isinstance(plain, list):
        for value in plain:
            yield from texts(value)


def plain_fact(fact: Fact) -> dict[str, Any]:
    """A fact as JSON has it: lists, no tuples."""
    plain: dict[str, Any] = msgspec.json.decode(encode(fact))
    return plain


def plain_event(event: Event, calendar: Calendar) -> dict[str, Any]:
    """An event as a line of plain data."""
    return {
        "position": event.position,
        "moment": calendar.iso(event.moment),
        "kind": event.kind,
        "origin": event.origin,
        "actor": event.actor,
        "causes": list(event.causes),
        "fact": plain_fact(event.fact),
        "digest": event.digest.hex(),
    }


# --- asking -------------------------------------------------------------------------------------


def asked(  # noqa: PLR0913  # one argument a flag
    history: History,
    *,
    since: int | str | None = None,
    until: int | str | None = None,
    kind: Names = (),
    family: Names = (),
    origin: Names = (),
    actor: Names = (),
    counterparty: Names = (),
    narrative: Names = (),
    confidence: Names = (),
    least: int | str | None = None,
    text: str = "",
) -> Asked:
    """What is asked of a history. Raises UnknownName with the nearest, BadSum, BadDate, BadSpan."""
    story = Story.load(opening_of(history).text)
    known = {name.lower(): name for name in KINDS}
    families = _known("family", family, FAMILY)
    kinds = {known[name] for name in _known("kind", _lower(kind), known, shown=KINDS)}
    kinds |= {each.__name__ for name in families for each in FAMILY[name]}
    named = {*everybody(history, story), *RESERVED}
    first, start = _end(story.calendar, since, 0)
    last, stop = _end(story.calendar, until, 1)
    if (first and last and first > last) or (start is not None and stop is not None and start > stop):
        raise BadSpan(f"{since} lies after {until}; give the earlier one as --since.")
    return Asked(
        kinds=frozenset(kinds),
        origins=_known("origin", origin, ORIGINS),
        actors=_known("actor", actor, named),
        counterparty=_known("actor", counterparty, named),
        narratives=_known("narrative", narrative, {each.id for each in story.narratives}),
        confidence=_known("confidence", confidence, CONFIDENCES),
        least=_least(least, story),
        text=_readable(text),
        first=first or 1,
        last=last,
        since=start,
        until=stop,
    )


def everybody(history: History, story: Story) -> set[str]:
    """Who is in a story, and who acted in its log besides."""
    return {*(actor.id for actor in story.actors), *(actor for _, _, actor in history.log.met())}


def _lower(names: Names) -> list[str]:
    return [name.lower() for name in ([names] if isinstance(names, str) else names)]


def _known(what: str, given: Names, known: Iterable[str], shown: Iterable[str] = ()) -> frozenset[str]:
    """The names given, each a known one."""
    names = frozenset([given] if isinstance(given, str) else given)
    for name in sorted(names - set(known)):
        raise unknown(what, name, shown or known)
    return names


def unknown(what: str, name: str, known: Iterable[str]) -> UnknownName:
    """That a name is none of those known, with the nearest of them."""
    ordered = sorted(known)
    lower = {word.lower(): word for word in ordered}
    near = lower.get(nearest(name.lower(), lower) or "")
    many = f"{', '.join(ordered[:12])}{' and others' if len(ordered) > 12 else ''}"
    hint = f'Did you mean "{near}"?' if near else f"There are: {many}."
    return UnknownName(f'"{name}" is no {what} of this history. {hint}')


def _end(calendar: Calendar, at: int | str | None, day: int) -> tuple[int | None, int | None]:
    """(position, moment) of one end of a span: one of them, or neither."""
    if at is None:
        return None, None
    text = str(at)
    number = count(text.removeprefix("#"))
    if number == 0 or (number is None and (text.startswith("#") or isinstance(at, int))):
        raise BadDate(f'"{text}" is no position; they count from #1.')
    if number is not None:
        return number, None
    return None, calendar.at(text) if day else calendar.written(text, 0)


def _least(given: int | str | None, story: Story) -> int | None:
    """A sum as people write it (1bn, 2.5 m, 40000), in smallest units. A number is in those already."""
    if given is None or isinstance(given, int):
        return given
    text = given.replace(",", "").replace("_", "").replace(" ", "").lower()
    number = text.rstrip("bknmt")
    whole, _, part = number.partition(".")
    scale = _SCALES.get(text[len(number) :])
    if scale is None or count(whole) is None or (part and count(part) is None) or number.endswith("."):
        raise BadSum(f'"{given}" is no sum; write it in {story.money.currency}, as 1bn, 2.5m or 40000.')
    value = ceil(Decimal(f"{whole}.{part or 0}").scaleb(scale + story.money.digits))
    if value > LIMIT:
        raise BadSum(f'"{given}" is beyond any sum that a log can hold.')
    return value


def _readable(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise UnknownName(f"{text!a} is not UTF-8 text, so no event holds it.") from None
    return text


# --- looking ------------------------------------------------------------------------------------


def looked(history: History, wanted: Asked) -> Iterator[Event]:
    """Those events that are there now, in order."""
    log, branch = history.log, history.branch
    first, last = wanted.first, wanted.last
    if wanted.since is not None:
        first = max(first, log.position_at(branch, wanted.since - 1) + 1)
    if wanted.until is not None:
        end = log.position_at(branch, wanted.until)
        last = end if last is None else min(last, end)
    rows = (
        log.rows(branch, first, last) if wanted.everything else log.find(branch, wanted.sought(), first, last)
    )
    return filter(wanted.keeps, map(to_event, rows))


def pages(history: History, wanted: Asked, *, follow: bool = False) -> Iterator[Iterator[Event]]:
    """Those events: at once, and where the log is followed again whenever there are more."""
    seen = wanted.first - 1
    while True:
        head = history.log.head(history.branch)
        if head.position > seen:
            ahead = _narrowed(wanted, seen + 1, head.position)
            yield looked(history, ahead)
            seen = head.position
        ended = wanted.last is not None and seen >= wanted.last
        past = wanted.until is not None and lived_to(history) > wanted.until
        if not follow or ended or past:
            return
        sleep(POLL)


def _narrowed(wanted: Asked, first: int, last: int) -> Asked:
    return evolve(wanted, first=first, last=last if wanted.last is None else min(last, wanted.last))
