"""Shocks as people say them, turned into suppositions: "market -30% 2025-11-03", "rates +100bp".

Each is words and figures; what comes of it is entries that happen too, parameters, entries told otherwise
or not at all, and links that carry nothing, all in the words of a what-ifs file. So a shock can do nothing
that a supposition could not, and can be read before it is lived.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from math import log
from typing import Any

from attrs import evolve, frozen

from events.event import OUTSIDE
from narrative.books.flows import ends
from narrative.books.readings import NANO
from narrative.story.calendar import DAY, BadDate
from narrative.story.faults import Unfit, did_you_mean, listed
from narrative.story.model import Entry, Story
from narrative.story.rounds import last_round
from narrative.whatif.request import Asked, Request, flags_page, request
from narrative.whatif.state import Standing

# What can be said, each with an example.
EXAMPLES = {
    "market": "market -30% 2025-11-03",
    "ACTOR": "nvidia -50% 2025-11-03",
    "rates": "rates +100bp 2025-11-03",
    "revenue": "revenue openai -50% 2025-11-03",
    "delay": "delay chips 180d 2025-11-03",
    "news": "news ai-2025-004 x2",
    "all news": "news all x0.5",
    "liquidity": "liquidity -2sd 2025-11-03",
    "link": "link nvidia->openai off 2025-11-03",
}
# For each: how many words say of what, and the form of the size.
_FORMS = {
    "market": (0, "%"),
    "rates": (0, "bp"),
    "revenue": (1, "%"),
    "delay": (1, "d"),
    "news": (1, "x"),
    "liquidity": (0, "sd"),
    "link": (1, "off"),
}
_SIZE = {
    "%": re.compile(r"([+-]?\d{1,4}(?:\.\d{1,6})?)%"),
    "bp": re.compile(r"([+-]?\d{1,4})bp"),
    "d": re.compile(r"(\d{1,4})d"),
    "x": re.compile(r"x(\d{1,3}(?:\.\d{1,6})?)"),
    "sd": re.compile(r"([+-]?\d{1,2}(?:\.\d{1,6})?)sd"),
    "off": re.compile("(off)"),
}
_WHEN = re.compile(r"\d{4}-\d\d-\d\d(T[\d:]+)?")
HIGHEST = Decimal(1000)  # per cent: a price that rises to eleven times itself in a moment is no shock
SOURCE = "supposed: a shock"
DEMAND = "demand"
ALL_NEWS = "all"  # as the subject of a shock to news
Value = Callable[[str, int], int | None]  # what an actor is worth just before a moment, if known
Part = Mapping[str, Any]  # of a what-ifs file, as its keys


@frozen(kw_only=True)
class Shock:
    """One shock as it was read: of what (`kind`, `subject`), how much, and from when on, if that was said."""

    kind: str
    subject: str
    size: Decimal | None
    moment: int | None


def shocked(asked: Request, standing: Standing, value: Value | None = None) -> Request:
    """A request with its shocks spelt out as suppositions; one without shocks as it is.

    `value` says what an unlisted company is worth just before a moment; without it, its last told round
    does. A shock to a part of a parameter takes a part of what is asked for beside it, where it is. What is
    wrong with a shock is noted where it was asked.
    """
    if not asked.shock:
        return asked
    given = {one.name: one.value for one in asked.set}
    standing = evolve(standing, parameters={**standing.parameters, **given})
    pages, moments, parts = [], [], dict(asked.parts)
    for number, one in enumerate(asked.shock, 1):
        try:
            shock = _read(one.name, standing.story)
            told, moment = _spelt(shock, number, standing, value, _since(shock, asked, standing.story))
        except Unfit as unfit:
            evolve(one.spot, label=f'shock "{one.name}"').fault(f" {unfit.what}", unfit.meant)
            continue
        pages.append(flags_page(**told))
        moments.append(moment)
        parts |= {name: of for name, of in _parts(shock, standing).items() if of[0] not in given}
    return evolve(_together(asked, pages, moments, standing.story), parts=parts)


def _together(asked: Request, pages: list[Any], moments: list[int | None], story: Story) -> Request:
    spelt = request(None, *pages)
    at = asked.at
    forks = [moment for moment in moments if moment is not None]
    if at is None and forks:
        at = Asked(name="at", value=story.calendar.iso(min(forks)), spot=asked.shock[0].spot)
    question = asked.question or f"What if {'; '.join(one.name for one in asked.shock)}?"
    return evolve(
        asked,
        pages=(*asked.pages, *pages),
        question=question,
        at=at,
        without=asked.without + spelt.without,
        set=asked.set + spelt.set,
        change=asked.change + spelt.change,
        off=asked.off + spelt.off,
        shock=(),
    )


def _read(text: str, story: Story) -> Shock:
    """The words of a shock. Raises Unfit, with what would do."""
    words = text.split()
    moment = None
    if words and _WHEN.fullmatch(words[-1]):
        try:
            moment = story.calendar.written(words.pop())
        except BadDate as error:
            raise Unfit(f"does not read: {str(error).rstrip('.')}") from None
    kind = words[0] if words and words[0] in _FORMS else "ACTOR"
    named, form = _FORMS.get(kind, (1, "%"))
    rest = words[1:] if kind in _FORMS else words
    found = _SIZE[form].fullmatch(rest[-1]) if len(rest) == named + 1 else None
    if found is None:
        if kind == "ACTOR" and words and len(words) < 3:
            meant(words[0], story)
        raise Unfit("does not read", f"Shocks are said as {listed(EXAMPLES.values())}.")
    if kind in ("ACTOR", "revenue", "delay"):
        meant(rest[0], story)
    size = None if form == "off" else Decimal(found[1])
    return Shock(kind=kind, subject=rest[0] if named else "", size=size, moment=moment)


def _since(shock: Shock, asked: Request, story: Story) -> int | None:
    """The moment of a shock: its own, or just after the fork that was asked for as a date; None for news
    that is heard otherwise whenever it is told.
    """
    anytime = shock.kind == "news" and (shock.subject != ALL_NEWS or asked.at is None)
    if shock.moment is not None or anytime:
        return shock.moment
    if asked.at is None or asked.at.value.startswith("#"):
        raise Unfit("does not say when", "Add a day, as 2025-11-03, or fork with --at a date.")
    return story.calendar.at(asked.at.value) + 1


def _spelt(
    shock: Shock, number: int, standing: Standing, value: Value | None, moment: int | None
) -> tuple[Part, int | None]:
    """The part of a what-ifs file that a shock comes to, and the fork that it needs, if it needs one."""
    story = standing.story
    if moment is not None and not standing.since < moment <= story.until:
        iso = story.calendar.iso
        raise Unfit(
            f"would come on {iso(moment)}",
            f"It can come after {iso(standing.since)} and up to {iso(story.until)}.",
        )
    if shock.kind == "news":
        return _news(shock, standing, moment), None
    assert moment is not None  # `_since` gives all others one
    if shock.kind in ("market", "ACTOR"):
        return {"event": _prices(shock, number, standing, value, moment)}, None
    if shock.kind in _HAPPENING:
        return _HAPPENING[shock.kind](shock, number, standing, moment), None
    return _FROM_THEN_ON[shock.kind](shock, standing, moment), moment - 1


# --- who is meant ---------------------------------------------------------------------------------


def meant(name: str, story: Story) -> list[str]:
    """The actors that an id, a name or a role stands for, a role also by its many or by what is made in
    it, as labs and chips. Raises Unfit where it names nobody.
    """
    found = [a.id for a in story.actors if name.casefold() in (a.id.casefold(), a.name.casefold())]
    found = found or [a.id for a in story.actors if name in a.roles]
    if not found and len(name) > len("abs") and name.endswith("s"):
        found = [a.id for a in story.actors if any(role.startswith(name[:-1]) for role in a.roles)]
    if not found:
        known = [*(a.id for a in story.actors), *sorted({role for a in story.actors for role in a.roles})]
        remedy = did_you_mean(name, known, f"It takes an actor, as {known[0]}, or a role.")
        raise Unfit(f'names "{name}", which is no actor or role of this story', remedy)
    return found


def _bank(standing: Standing) -> str:
    """The story's central bank: who sets rates in its timeline, or plays that role."""
    setting = [entry.actor for entry in standing.timeline if entry.kind == "PolicyRate"]
    banks = [a.id for a in standing.story.actors if "central-bank" in a.roles]
    found = list(dict.fromkeys([*setting, *banks]))
    if not found:
        raise Unfit("has nobody to set rates", "The story knows no central bank.")
    return found[0]


# --- prices ---------------------------------------------------------------------------------------


def _prices(shock: Shock, number: int, standing: Standing, value: Value | None, moment: int) -> list[Part]:
    part = _part(shock)
    story = standing.story
    if shock.kind == "market":
        names = [actor.id for actor in story.actors if actor.listed]
    else:
        names = meant(shock.subject, story)
    listed_ = {actor.id for actor in story.actors if actor.listed}
    told = _told(number, story, moment)
    return [
        _step(told, name, part, shock)
        if name in listed_
        else _round(told, name, part, shock, _worth(name, moment, standing, value), story)
        for name in names
    ]


def _part(shock: Shock, *, all_of_it: bool = False) -> Decimal:
    """The size of a shock as a part of one; what is earned may end, a price may not. Raises Unfit for one
    out of range.
    """
    assert shock.size is not None
    low = shock.size >= -100 if all_of_it else shock.size > -100
    if not low or shock.size > HIGHEST or not shock.size:
        takes = "-100% to" if all_of_it else "more than -100% and up to"
        raise Unfit(f"is by {shock.size}%", f"It takes {takes} {HIGHEST}%, and not 0.")
    return shock.size / 100


def _told(number: int, story: Story, moment: int) -> dict[str, Any]:
    """The fields that every entry of a shock takes."""
    return {
        "id": f"shock-{number}",
        "date": story.calendar.iso(moment),
        "source": SOURCE,
        "confidence": "assumption",
    }


def _step(told: Part, asset: str, part: Decimal, shock: Shock) -> Part:
    """A listed price that moves by a part of itself, and stays there."""
    return {
        **told,
        "id": f"{told['id']}-{asset}",
        "kind": "Repricing",
        "actor": asset,
        "lasting": round(log(1.0 + float(part)) / NANO),
        "headline": f"The price of {asset} moves by {shock.size:+}% at a stroke",
    }


def _round(told: Part, asset: str, part: Decimal, shock: Shock, worth: int, story: Story) -> Part:
    """An unlisted company of which old shares change hands at another price: its register says so."""
    after = int((worth * (1 + part)).to_integral_value())
    return {
        **told,
        "id": f"{told['id']}-{asset}",
        "kind": "Trade",
        "actor": OUTSIDE,
        "counterparty": OUTSIDE,
        "asset": asset,
        "post_money": Decimal(after).scaleb(-story.money.digits) / story.money.written_in,
        "headline": f"Shares of {asset} change hands at {shock.size:+}% of what it was worth",
    }


def _worth(asset: str, moment: int, standing: Standing, value: Value | None) -> int:
    """The value of an unlisted company just before a moment. Raises Unfit where nobody knows."""
    found = (
        value(asset, moment)
        if value is not None
        else last_round(standing.timeline, standing.story.actors, asset, moment)
    )
    if not found:
        raise Unfit(f"names {asset}, whose value nobody knows then", "Name one whose value is told.")
    return found


# --- policy ---------------------------------------------------------------------------------------


def _rates(shock: Shock, number: int, standing: Standing, moment: int) -> Part:
    """A decision nobody expected, and every later one told as far from where it was."""
    assert shock.size is not None
    step = int(shock.size)
    if not step or abs(step) > 2000:
        raise Unfit(f"is by {step} basis points", "It takes up to 2000bp either way, and not 0.")
    bank = _bank(standing)
    decided = [e for e in standing.timeline if e.kind == "PolicyRate" and e.actor == bank]
    level = _level(bank, decided, moment, standing.story) + step
    later = {e.id: e.fact.rate + step for e in decided if e.moment >= moment}  # type: ignore[attr-defined]  # a PolicyRate's
    if min([level, *later.values()]) < 0:
        raise Unfit(f"takes the rate to {min([level, *later.values()])} basis points", "Rates end at 0.")
    happens = {
        **_told(number, standing.story, moment),
        "kind": "PolicyRate",
        "actor": bank,
        "rate": level,
        "surprise": step,
        "headline": f"{bank} moves its rate by {step:+} basis points, and nobody expected it",
    }
    return {"event": [happens], "change": {name: {"rate": rate} for name, rate in later.items()}}


def _level(bank: str, decided: list[Entry], moment: int, story: Story) -> int:
    before = [entry.fact.rate for entry in decided if entry.moment < moment]  # type: ignore[attr-defined]  # as above
    if before:
        return int(before[-1])
    actor = next(actor for actor in story.actors if actor.id == bank)
    opened = next((b.number for b in actor.opening if b.account == "rate" and b.number is not None), None)
    if opened is None:
        raise Unfit("has no rate to move", f"Nothing says at which {bank} stood then.")
    return opened


def _liquidity(shock: Shock, number: int, standing: Standing, moment: int) -> Part:
    assert shock.size is not None
    if not shock.size or abs(shock.size) > 10:
        raise Unfit(f"is by {shock.size} deviations", "It takes up to 10sd either way, and not 0.")
    happens = {
        **_told(number, standing.story, moment),
        "kind": "Liquidity",
        "actor": _bank(standing),
        "impulse": int(shock.size / Decimal(repr(NANO))),
        "headline": f"Money in markets changes by {shock.size:+} standard deviations",
    }
    return {"event": [happens]}


# --- what is earned, delivered, told and linked -----------------------------------------------------


def _revenue(shock: Shock, standing: Standing, moment: int) -> Part:
    """Sales to customers outside, as told and as a process would have it."""
    part = 1 + _part(shock, all_of_it=True)
    names = meant(shock.subject, standing.story)
    told = {
        entry.id: {"amount": _written(entry.fact.amount, part, standing.story)}  # type: ignore[attr-defined]  # a Sale's
        for entry in standing.timeline
        if entry.kind == "Sale" and entry.actor in names and entry.moment >= moment
    }
    return {"change": told, "set": _scaled(names, part, standing)}


def _written(amount: int, part: Decimal, story: Story) -> Decimal:
    whole = int((amount * part).to_integral_value())
    return Decimal(whole).scaleb(-story.money.digits) / story.money.written_in


def _scaled(names: list[str], part: Decimal, standing: Standing) -> dict[str, Decimal]:
    known = standing.parameters
    return {name: Decimal(repr(known[of])) * part for name, of in _demands(names, standing).items()}


def _demands(names: list[str], standing: Standing) -> dict[str, str]:
    """Each actor's own demand, and the parameter in force that says it: its own, or that of all."""
    known = standing.parameters
    own = {f"{DEMAND}.{actor}": DEMAND for actor in names}
    return {one: one if one in known else all_ for one, all_ in own.items() if all_ in known}


def _parts(shock: Shock, standing: Standing) -> dict[str, tuple[str, float]]:
    """The parameters that a shock sets to a part of another in force, as `Request.parts`."""
    if shock.kind != "revenue":
        return {}
    part = 1 + _part(shock, all_of_it=True)
    names = _demands(meant(shock.subject, standing.story), standing)
    return {one: (of, float(part)) for one, of in names.items()}


def _delay(shock: Shock, standing: Standing, moment: int) -> Part:
    """Deliveries that come later, as told and as a process would make them."""
    assert shock.size is not None
    days = int(shock.size)
    if not 0 < days <= 3650:
        raise Unfit(f"is by {days} days", "It takes 1d to 3650d.")
    names, story = meant(shock.subject, standing.story), standing.story
    told = {
        entry.id: {"date": story.calendar.iso(entry.moment + days * DAY)}
        for entry in standing.timeline
        if entry.kind == "Delivery" and entry.actor in names and moment <= entry.moment
        if entry.moment + days * DAY <= story.until
    }
    gone = [
        entry.id
        for entry in standing.timeline
        if entry.kind == "Delivery" and entry.actor in names and moment <= entry.moment
        if entry.moment + days * DAY > story.until
    ]
    known = standing.parameters
    late = {f"delivery_delay.{name}": days for name in names if "delivery_delay" in known}
    return {"change": told, "without": gone, "set": late}


def _news(shock: Shock, standing: Standing, moment: int | None) -> Part:
    """An entry that is heard so many times as strongly; all that weigh with markets, from a moment on."""
    assert shock.size is not None
    if shock.subject == ALL_NEWS:
        first = standing.since + 1 if moment is None else moment
        coming = [e for e in standing.timeline if e.moment >= first and e.id not in standing.withheld]
        heard = {entry.id: _louder(entry, shock.size) for entry in coming if _strength(entry)}
        if not heard:
            raise Unfit("finds no news", "Nothing that is still told weighs with markets.")
        return {"change": {name: {"strength": strength} for name, strength in heard.items()}}
    if moment is not None:
        raise Unfit("says a day, and an entry is told on its own", "Leave the day out.")
    entry = next((entry for entry in standing.timeline if entry.id == shock.subject), None)
    if entry is None:
        known = [one.id for one in standing.timeline]
        raise Unfit(
            f'names "{shock.subject}", which is no entry of this history',
            did_you_mean(shock.subject, known, "`narrative log` lists what is told."),
        )
    if not _strength(entry):
        raise Unfit(f"names {entry.id}, which weighs nothing with markets", "Name one with a strength.")
    return {"change": {entry.id: {"strength": _louder(entry, shock.size)}}}


def _strength(entry: Entry) -> float:
    return entry.fact.told.strength or 0.0 if entry.fact.told else 0.0


def _louder(entry: Entry, times: Decimal) -> Decimal:
    strength = Decimal(repr(_strength(entry)))
    if strength * times > 1:
        most = (Decimal(1) / strength).quantize(Decimal("0.01"), rounding="ROUND_DOWN")
        raise Unfit(
            f"would have {entry.id} weigh {(strength * times).normalize():f}, its strength being "
            f"{strength.normalize():f}",
            f"Words weigh 1 at most: up to x{most}.",
        )
    return strength * times


def _link(shock: Shock, standing: Standing, moment: int) -> Part:
    """Nothing more goes from one actor to another: what is told of it is left out, and nobody does it."""
    giver, arrow, taker = shock.subject.partition("->")
    if not arrow:
        raise Unfit("names no link", "It takes giver->taker, as nvidia->openai.")
    pairs = [
        (one, other)
        for one in meant(giver, standing.story)
        for other in meant(taker, standing.story)
        if one != other
    ]
    if not pairs:
        raise Unfit("links one to itself", "It takes giver->taker, as nvidia->openai.")
    gone = [
        entry.id
        for entry in standing.timeline
        if entry.moment >= moment and ends(entry.fact) in pairs and entry.id not in standing.withheld
    ]
    return {"without": gone, "off": [f"{one}->{other}" for one, other in pairs]}


_HAPPENING = {"rates": _rates, "liquidity": _liquidity}
# From the fork on, so each says where it is.
_FROM_THEN_ON = {"revenue": _revenue, "delay": _delay, "link": _link}
