"""The market: reads each fact at its latency, on days on which it sits, and reprices what the story says it
touches.

Equation (7): a step of ``tone * strength * c * (A / MC)**gamma * exp(-phi * n)`` in ln, with A the sum
in the news, MC the asset's market value (as last quoted, where it is) and n how tired readers are of
it; the lasting share goes to `lasting` and the rest, fast and slow, to belief. News without a sum moves
`silent_step` instead of ``c * (A / MC)**gamma``, and words that name a sum never move less than
that; an order or a round that a process made is no words, and moves by its sum alone. No step is beyond
`LARGEST`. What a process did has no teller: its strength is `modelled_strength`, its tone
`modelled_tone` with the sign of its kind. Words are taken well or ill, by `words_spread` about
`words_tone`. With neither price nor post-money there is no repricing.

Who takes an order back, or an entry, takes what it gave: the same part of its step as of its sum, no
more. Bookkeeping by which one entry takes the place of another moves nothing, since the words of the new
one are the news. A loss of w in a holder's books moves the holder by ``ln(1 - w / V)``, for good.
A private company's value is its last post-money, which no news moves: its log price says at what its
next round is made, and is marked after every new one.
"""

from collections.abc import Iterable, Iterator
from math import exp, log

from events.event import Act, Draft, Event
from events.facts import Announcement, Cancellation, Order, Retraction, Writedown
from events.market_facts import Repricing
from narrative.books.readings import LARGEST, NANO
from narrative.engine.stakes import marked
from narrative.engine.world import World
from narrative.story.cast import Part
from narrative.story.scopes import reached

ACCOUNTS = ("unread",)
PARAMETERS = (
    "impulse_coefficient",
    "impulse_exponent",
    "silent_step",
    "lasting_share",
    "fast_share",
    "fatigue_rate",
    "sector_weight",
)
MICRO = 1e-6
# Whether a deed of a process is good or bad news. A Sale is neither: it makes belief lasting itself. Nor is a
# Cancellation: it takes back what its order gave.
MODELLED = {
    "Order": 1.0,
    "Funding": 1.0,
    "Investment": 1.0,
    "Delay": -1.0,
    "Writedown": -1.0,
    "Default": -1.0,
}


def due(world: World, part: Part, now: int) -> int | None:
    """The next moment at which a fact reaches the market."""
    return world.next_letter(part.name, now)


def decide(world: World, part: Part, now: int) -> list[Act]:
    """One repricing an asset and fact read."""
    acts: list[Act] = []
    pending = Pending(world)
    for event in world.letters(part.name, now):
        company = _revalued(world, event)
        if company:
            post_money = world.fold.last("post_money", company)
            acts.append((marked(world, company, post_money, now, causes=(event.position,)),))
        taken = list(_taken_back(world, event, pending))
        for fact in taken or _read(world, part, event, now):
            if fact.asset != company:
                acts.append((Draft(part.actor, fact, causes=(event.position,)),))
                pending.take(fact)
    return acts


def _read(world: World, part: Part, event: Event, now: int) -> Iterator[Repricing]:
    for asset, weight in _assets(world, part, event):
        lost = _loss(event, asset)
        fact = _written_off(world, asset, lost, now) if lost else _reprice(world, event, asset, weight, now)
        if fact is not None:
            yield fact


def _assets(world: World, part: Part, event: Event) -> list[tuple[str, float]]:
    """The assets that a fact touches, by the story's list and its own scope, each with its weight."""
    scope = event.fact.told.scope if event.fact.told else None
    beside: Iterable[str] = reached(world.story.actors, event.fact)
    if scope is None and "*" in part.reads[event.kind]:
        beside = world.listed
    found = dict.fromkeys(beside, world.parameters["sector_weight"])
    for name in part.reads[event.kind]:
        asset = getattr(event.fact, name) if name != "*" else None
        if asset is not None:
            found[asset] = 1.0
    return sorted(found.items())


def _revalued(world: World, event: Event) -> str | None:
    """The company whose post-money this fact sets, where its log price starts from that."""
    if getattr(event.fact, "post_money", None) is None:
        return None
    company: str = getattr(event.fact, "company", None) or event.fact.asset  # type: ignore[attr-defined]  # a Trade's
    by_price = company in world.listed and world.fold.last("value", company) is not None
    return None if by_price else company


def _reprice(world: World, event: Event, asset: str, weight: float, now: int) -> Repricing | None:
    known = world.parameters
    tone, strength = _voice(world, event)
    value = _value(world, asset, now)
    if not tone or not strength or not value:
        return None
    news = _news(event)
    size = known["silent_step"]
    if news:
        summed = known["impulse_coefficient"] * (news / value) ** known["impulse_exponent"]
        size = max(size, summed) if are_words(event) else summed
    tired = world.fold.fading("fatigue", asset, now)
    step = bounded(tone * strength * weight * size * exp(-known["fatigue_rate"] * tired))
    lasting, fast = known["lasting_share"], known["fast_share"]
    fading = round(step * (1.0 - lasting))
    of_fast = round(step * (1.0 - lasting) * fast)
    order, stands = _subject(event)
    return Repricing(
        asset=asset,
        fast=of_fast,
        slow=fading - of_fast,
        lasting=step - fading,
        attributed=step,
        order=order,
        stands=stands,
        fatigue=1,
        news=news,
        value=value,
        tone=round(tone / MICRO),
        strength=round(strength * weight / MICRO),
        tired=round(tired / MICRO),
    )


def _value(world: World, asset: str, now: int) -> int | None:
    """The market value that news is held against: as last quoted, but of a company that was in default, of
    which what is on record tells nothing, as it stands.
    """
    failed = world.fold.last("defaulted", asset) is not None
    return (None if failed else world.readings.quoted(asset)) or world.readings.value(asset, now)


def bounded(step: float) -> int:
    """A step of a log price in whole 1e-9 ln, cut to what one step may be."""
    return max(min(round(step / NANO), LARGEST), -LARGEST)


def are_words(event: Event) -> bool:
    """Whether a fact was told, or announced: words are not weaker for naming a sum."""
    return event.fact.told is not None or isinstance(event.fact, Announcement)


def _voice(world: World, event: Event) -> tuple[float, float]:
    """Tone and strength of a fact: as it was told, or by its kind where a process made it."""
    told = event.fact.told
    if told is not None:
        return told.tone or 0.0, told.strength or 0.0
    if event.origin != "modelled":
        return 0.0, 0.0
    if isinstance(event.fact, Announcement):
        mark = world.chance.uniform("market", "market: how words are taken", event.actor, event.moment)
        tone = world.parameters["words_tone"] + (2.0 * mark - 1.0) * world.parameters["words_spread"]
    elif event.kind in MODELLED:
        tone = MODELLED[event.kind] * world.parameters["modelled_tone"]
    else:
        return 0.0, 0.0
    return tone, world.parameters["modelled_strength"]


def _news(event: Event) -> int | None:
    """The sum in the news: what nobody had told before where the entry says so, else what is firm,
    else a ceiling, else the sum as the words gave it."""
    fact = event.fact
    if fact.told and fact.told.news is not None:
        return fact.told.news
    for name in ("amount", "unattributed", "ceiling"):
        found: int | None = getattr(fact, name, None)
        if found:
            return found
    return fact.told.stated if fact.told else None


# --- losses, and what is taken back ---------------------------------------------------------------


def _loss(event: Event, asset: str) -> int:
    """The sum that a write-down takes out of an asset's own books."""
    fact = event.fact
    if not isinstance(fact, Writedown) or fact.holder != asset:
        return 0
    return (fact.amount or 0) + (fact.credit or 0)


def _written_off(world: World, holder: str, lost: int, now: int) -> Repricing | None:
    value = _value(world, holder, now)
    if not value:
        return None
    step = bounded(log(1.0 - lost / value)) if lost < value else -LARGEST
    return Repricing(asset=holder, lasting=step, attributed=step, news=lost, value=value)


def _subject(event: Event) -> tuple[str | None, int | None]:
    """The order or the entry that a fact is known by, and its sum, of which a part may be taken back."""
    fact = event.fact
    if isinstance(fact, Order):
        return fact.order, fact.amount
    return (fact.told.entry if fact.told else None), getattr(fact, "ceiling", None)


class Pending:
    """The steps of orders and entries that stand, and the sums left of those, as far as this moment moved
    them.
    """

    def __init__(self, world: World) -> None:
        self._fold = world.fold
        self._moved: dict[str, int] = {}
        self._stands: dict[str, int] = {}

    def of(self, order: str) -> list[tuple[str, int, int | None]]:
        """The assets that an order or entry moved, each with its step and the sum left, None for unknown."""
        keys = (key for key in {*self._fold.state["pending"], *self._moved} if key.endswith(f"/{order}"))
        found = []
        for key in sorted(keys):
            step = self._fold.sum("pending", key) + self._moved.get(key, 0)
            if step:
                left = self._stands.get(key, self._fold.last("pending_sum", key))
                found.append((key.partition("/")[0], step, left))
        return found

    def take(self, fact: Repricing) -> None:
        """Take in a repricing that is about to be appended."""
        if fact.order is not None:
            key = f"{fact.asset}/{fact.order}"
            self._moved[key] = self._moved.get(key, 0) + (fact.attributed or 0)
            if fact.stands is not None:
                self._stands[key] = fact.stands


def _taken_back(world: World, event: Event, pending: Pending) -> Iterator[Repricing]:
    """The repricings that take back the part of a step that its order or entry was given up by."""
    fact = event.fact
    if isinstance(fact, Cancellation):
        order, gone = fact.order, fact.amount
    elif isinstance(fact, Retraction) and fact.of is not None:
        order, gone = fact.of, fact.ceiling or 0
    else:
        return
    if fact.told is None and event.origin != "modelled":
        return  # an entry takes the place of another
    share = world.parameters["lasting_share"], world.parameters["fast_share"]
    for asset, step, left in pending.of(order):
        part = gone / left if left and 0 < gone < left else 1.0
        back = -round(step * part)
        fading = round(back * (1.0 - share[0]))
        fast = round(back * (1.0 - share[0]) * share[1])
        yield Repricing(
            asset=asset,
            fast=fast,
            slow=fading - fast,
            lasting=back - fading,
            attributed=back,
            order=order,
            stands=left - gone if left is not None and part < 1.0 else None,
            news=gone or None,
        )
