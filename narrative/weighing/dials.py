"""Kinds of shock that can be turned up: how each is said at a size, how far it is tried, what is plausible.

How far and what is plausible, where a story does not say, are the author's choices, of the order of what
markets have seen: broad falls of a half in a year or two (2000 to 2002, 2007 to 2009), single shares that
lost four fifths, rates that rose by three points within a year (2022).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from decimal import Decimal

from attrs import evolve, frozen

from events.errors import Wrong
from narrative.engine.world import SERVED
from narrative.story.cast import parts
from narrative.story.faults import listed
from narrative.story.model import Story
from narrative.whatif.request import Request, flags_page, request
from narrative.whatif.shocks import HIGHEST, meant

HAIRCUT = "haircut"
FISCAL = "fiscal"
MONEY = ("supplies", "hosts", "buys", "invests", "lends")  # kinds of links by which money goes


@frozen(kw_only=True)
class Dial:
    """A kind of shock: `kind` as it was asked for, `said` with a place for its size in `unit`.

    It is tried up to `most` in steps of `step`; `plausible` is what could well happen, as the story says it
    (`stated`) or as is usual. A link has no size: it holds or does not, at 0 and 1. What strikes several at
    once is said of each of `who`.
    """

    kind: str
    said: str
    unit: str
    most: float
    plausible: float
    step: float
    who: tuple[str, ...] = ()
    stated: bool = False

    def request(self, size: float) -> Request:
        """The shock at a size, as it is asked of a what-if; without a day it comes just after the fork."""
        written = Decimal(repr(size))
        if self.kind == HAIRCUT:
            return request(None, flags_page(set={HAIRCUT: written}))
        said = self.said.format(_written(written))
        return request(None, flags_page(shock=[said.replace("WHO", one) for one in self.who] or [said]))

    @property
    def priced(self) -> bool:
        """Whether the shock is a fall of prices itself."""
        return self.unit == "%" and self.kind.split()[0] not in ("revenue", FISCAL)

    @property
    def undoable(self) -> bool:
        """Whether the shock can be taken back on a later day: a fall of prices, rates, or money that left."""
        return self.priced or self.unit in TURNED

    def undone(self, size: float, day: str, left: float = 0.0) -> Request:
        """A shock that is taken back on a later day, down to what is `left` of it."""
        whole, rest = Decimal(repr(size)), Decimal(repr(left))
        if self.priced:
            back = ((1 - rest / 100) / (1 - whole / 100) - 1) * 100
            again = f"{self.kind} +{min(back, HIGHEST).quantize(Decimal('0.001'))}% {day}"
        else:
            again = f"{self.kind} {TURNED[self.unit].format(_written(whole - rest))} {day}"
        return request(None, flags_page(shock=[self.said.format(_written(whole)), again]))


def _written(size: Decimal) -> str:
    return f"{size.normalize():f}"


TURNED = {"bp": "-{}bp", "sd": "+{}sd"}  # by unit, what takes a shock back that is no fall of prices
# By the first word: the rest of the words, the unit, the most tried, what is plausible, and a step.
_FORMS = {
    "market": ("-{}%", "%", 90.0, 50.0, 0.1),
    "rates": ("+{}bp", "bp", 500.0, 300.0, 1.0),
    "liquidity": ("-{}sd", "sd", 10.0, 3.0, 0.01),
    "delay": ("{}d", "d", 365.0, 180.0, 1.0),
    "revenue": ("-{}%", "%", 100.0, 50.0, 0.1),
    "link": ("off", "", 1.0, 1.0, 1.0),
}
_OF = ("delay", "revenue", "link")  # the first words that are of somebody
_ONE = ("-{}%", "%", 95.0, 80.0, 0.1)
_PURSE = 30.0  # per cent of all that is paid from outside: what the author takes for a plausible turn of it
PRICE = "price"  # of one, as a story says what is plausible of it
EXAMPLES = (
    "market", "nvidia", "rates", "liquidity", "delay chips", "revenue openai", HAIRCUT, FISCAL, "link a->b",
)  # fmt: skip  # one list


def dial(kind: str, story: Story) -> Dial:
    """The dial of a kind of shock, as "market" or "delay chips", with what the story takes to be plausible of
    it, where it says so. Raises Wrong for words that are none.
    """
    found = _dial(kind, story)
    name = kind.split(maxsplit=1)[0]
    name = name if name in (*_FORMS, HAIRCUT, FISCAL) else PRICE
    size = None if story.plausible is None or not found.unit else story.plausible.of(name)
    if size is None:
        return found
    return evolve(found, plausible=size, most=max(found.most, size), stated=True)


def _dial(kind: str, story: Story) -> Dial:
    words = kind.split()
    if words == [HAIRCUT]:
        return _haircut(story)
    if words == [FISCAL]:
        return _fiscal(story)
    if len(words) != (2 if words and words[0] in _OF else 1):
        raise Wrong(f'"{kind}" is no kind of shock. Kinds are said without a size, as {listed(EXAMPLES)}.')
    rest, unit, most, plausible, step = _FORMS.get(words[0], _ONE)
    if words[0] == "delay":
        most = min(most, max((p.high for p in story.parameters if p.name == "delivery_delay"), default=most))
    return Dial(
        kind=kind, said=f"{kind} {rest}", unit=unit, most=most, plausible=min(plausible, most), step=step
    )


def _haircut(story: Story) -> Dial:
    found = next((one for one in story.parameters if one.name == HAIRCUT), None)
    if found is None:
        raise Wrong(
            f"{story.id} has no parameter {HAIRCUT}, so its lenders take none. Ask for another shock."
        )
    return Dial(kind=HAIRCUT, said="", unit="1", most=found.high, plausible=found.high, step=0.001)


def _fiscal(story: Story) -> Dial:
    """A turn of the purse of everybody outside, the government's among them: whoever sells there sells less.
    Who of those outside it is that pays, no story of ours tells.
    """
    sellers = tuple(actor.id for actor in story.actors if _earns(story, actor.id))
    if not sellers:
        raise Wrong(
            f"Nobody in {story.id} sells to anybody outside, so no purse turns. Ask for another shock."
        )
    return Dial(
        kind=FISCAL, said="revenue WHO -{}%", unit="%", most=100.0, plausible=_PURSE, step=0.1, who=sellers
    )


def usual(story: Story) -> tuple[str, ...]:
    """The kinds of shock that a story is tried by where none is asked for: markets, who supplies most and
    who is supplied most, money and lenders. What its processes cannot do is left out.
    """
    links = [(link.from_, link.to) for link in story.links if link.kind == "supplies"]
    sellers = [seller for seller, _ in links if seller not in {to for _, to in links}]
    buyers = [to for _, to in links if _earns(story, to)]
    kinds = ["market", "rates", "liquidity"]
    kinds += [f"{before}{_most(sellers)}" for before in ("", "delay ") if sellers]
    kinds += [f"revenue {_most(buyers)}"] if buyers else []
    kinds += [HAIRCUT] if any(one.name == HAIRCUT for one in story.parameters) else []
    return tuple(kinds)


def _earns(story: Story, actor: str) -> bool:
    """Whether an actor sells use to anybody outside: it plays so, and has, or is supplied, what it sells."""
    plays = any(part.process == "earning" and part.actor == actor for part in parts(story, "full"))
    supplied = any(link.kind == "supplies" and link.to == actor for link in story.links)
    before = any(one.name == f"base_capacity.{actor}" for one in story.parameters)
    return plays and (supplied or before)


def _most(names: Sequence[str]) -> str:
    """The name that comes most often, the first of those that do."""
    return Counter(names).most_common(1)[0][0]


def own(one: Dial, size: float, story: Story, worth: Mapping[str, int]) -> float:
    """The part of some actors' value together that a shock of a size takes away itself, before anybody
    answers it; `worth` is their value by name. 0 for what is no fall of prices.
    """
    if not one.priced or not worth:
        return 0.0
    hit = worth if one.kind == "market" else set(meant(one.kind, story))
    return size / 100.0 * sum(worth[name] for name in worth if name in hit) / sum(worth.values())


def pairs(story: Story) -> tuple[tuple[str, str], ...]:
    """Givers and takers of money by the links of a story, each pair once, in their order."""
    found = [(o.to, o.from_) if o.kind in SERVED else (o.from_, o.to) for o in story.links if o.kind in MONEY]
    actors = {actor.id for actor in story.actors}
    return tuple(dict.fromkeys(pair for pair in found if set(pair) <= actors))
