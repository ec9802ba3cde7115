"""The market: reads each fact at its latency and reprices what the story says it touches.

Equation (7): a step of ``tone * strength * c * (A / MC)**gamma * exp(-phi * n)`` in ln, with A the sum
in the news, MC the asset's market value (as last quoted, where it is) and n how tired readers are of
it; the lasting share goes to `lasting` and the rest, fast and slow, to belief. News without a sum moves
`silent_step` instead of ``c * (A / MC)**gamma``. What a process did has no teller: its strength is
`modelled_strength`, its tone `modelled_tone` with the sign of its kind. Words are taken well or ill, by
`words_spread` about `words_tone`. A private company is worth its last post-money; its price is marked
after every new one. With neither price nor post-money there is no repricing.
"""

from math import exp

from events.event import Act, Draft, Event
from events.facts import Announcement
from events.market_facts import Repricing
from narrative.books.readings import NANO
from narrative.engine.stakes import marked, private
from narrative.engine.world import World
from narrative.story.cast import Part

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
# Whether a deed of a process is good or bad news. A Sale is neither: it makes belief lasting itself.
MODELLED = {
    "Order": 1.0,
    "Funding": 1.0,
    "Investment": 1.0,
    "Delay": -1.0,
    "Cancellation": -1.0,
    "Writedown": -1.0,
    "Default": -1.0,
}


def due(world: World, part: Part, now: int) -> int | None:
    """The next moment at which a fact reaches the market."""
    return world.next_letter(part.name, now)


def decide(world: World, part: Part, now: int) -> list[Act]:
    """One repricing an asset and fact read."""
    acts: list[Act] = []
    for event in world.letters(part.name, now):
        company = _revalued(world, event)
        if company:
            post_money = world.fold.last("post_money", company)
            acts.append((marked(world, company, post_money, now, causes=(event.position,)),))
        for asset, weight in _assets(world, part, event):
            if asset != company:
                fact = _reprice(world, event, asset, weight, now)
                if fact is not None:
                    acts.append((Draft(part.actor, fact, causes=(event.position,)),))
    return acts


def _assets(world: World, part: Part, event: Event) -> list[tuple[str, float]]:
    """The assets that a fact touches, by the story's list, each with its weight."""
    found: dict[str, float] = {}
    for name in part.reads[event.kind]:
        if name == "*":
            for asset in sorted(world.listed):
                found.setdefault(asset, world.parameters["sector_weight"])
        else:
            asset = getattr(event.fact, name)
            if asset is not None:
                found[asset] = 1.0
    return sorted(found.items())


def _revalued(world: World, event: Event) -> str | None:
    """The private company whose post-money this fact sets."""
    if getattr(event.fact, "post_money", None) is None:
        return None
    company: str = getattr(event.fact, "company", None) or event.fact.asset  # type: ignore[attr-defined]  # a Trade's
    return company if private(world, company) else None


def _reprice(world: World, event: Event, asset: str, weight: float, now: int) -> Repricing | None:
    known = world.parameters
    tone, strength = _voice(world, event)
    value = world.readings.quoted(asset) or world.readings.value(asset, now)
    if not tone or not strength or not value:
        return None
    news = _news(event)
    size = known["silent_step"]
    if news:
        size = known["impulse_coefficient"] * (news / value) ** known["impulse_exponent"]
    tired = world.fold.fading("fatigue", asset, now)
    step = tone * strength * weight * size * exp(-known["fatigue_rate"] * tired) / NANO
    lasting, fast = known["lasting_share"], known["fast_share"]
    return Repricing(
        asset=asset,
        fast=round(step * (1.0 - lasting) * fast),
        slow=round(step * (1.0 - lasting) * (1.0 - fast)),
        lasting=round(step * lasting),
        fatigue=1,
        news=news,
        value=value,
        tone=round(tone / MICRO),
        strength=round(strength * weight / MICRO),
        tired=round(tired / MICRO),
    )


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
