"""A supposition in words before it is made: what it will do, in one sentence, and its question."""

from collections.abc import Collection, Iterator

from narrative.story.calendar import DAY
from narrative.story.model import Entry
from narrative.story.parameters import asked_by
from narrative.story.supposition import GONE
from narrative.whatif.plan import Plan
from narrative.whatif.state import Standing

LONG = 64  # characters of a headline that tell it from others
FEW = 4  # entries that a sentence names at most; of more it names three and counts the rest


def said(standing: Standing, parent: str, name: str, planned: Plan, playing: Collection[str]) -> str:
    """The sentence: where the branch forks off, and what is injected, changed and withheld, and why;
    and one more where it sets what none of the processes that are playing asks for.
    """
    *most, last = list(_clauses(standing, planned)) or ["supposes nothing"]
    body = f"{'; '.join(most)}; and {last}" if most else last
    idle = [one for one in planned.supposed.set if not asked_by(playing, one)]
    sentence = f"{name} forks off {parent} at {standing.story.calendar.iso(planned.at)}: it {body}."
    if idle:
        sentence += f" Nobody who plays in this history reads {', '.join(idle)}, which changes nothing."
    return sentence


def questioned(planned: Plan) -> str:
    """The question of a supposition; what it supposes, where it came without one."""
    supposed = planned.supposed
    if supposed.question:
        return supposed.question
    gone = [name for name, why in supposed.without.items() if why == GONE]
    parts = [f"{entry.id} had happened too" for entry in supposed.inject]
    parts += [f"{', '.join(gone)} had not happened"] if gone else []
    parts += [f"{name} had gone otherwise" for name in planned.written]
    parts += [f"{name} were {value:g}" for name, value in supposed.set.items()]
    parts += [f"nothing more went from {giver} to {taker}" for giver, taker in supposed.off]
    parts += [f"chance fell as by seed {supposed.reseed}"] if supposed.reseed is not None else []
    return f"What if {'; '.join(parts)}?" if parts else ""


def _clauses(standing: Standing, planned: Plan) -> Iterator[str]:
    supposed, calendar = planned.supposed, standing.story.calendar
    told = {entry.id: f"{entry.id}{_headline(entry)}" for entry in standing.timeline}
    if supposed.inject:
        happen = [f"{one.id}{_headline(one)} on {calendar.day(one.moment)}" for one in supposed.inject]
        yield f"injects {_few(happen)}"
    gone = [told[name] for name, why in supposed.without.items() if why == GONE]
    if gone:
        yield f"goes without {_few(gone)}"
    resting = [f"{name} ({why})" for name, why in supposed.without.items() if why != GONE]
    if resting:
        yield f"withholds {_few(resting)}"
    for name, fields in planned.written.items():
        changes = ", ".join(f"{field} to {_short(value or 'nothing')}" for field, value in fields.items())
        yield f"changes {changes} in {told[name]}"
    for seconds in dict.fromkeys(planned.moved.values()):
        along = [f"{name} ({planned.why[name]})" for name, by in planned.moved.items() if by == seconds]
        yield f"moves {_few(along)} along by {_span(seconds)}"
    for name, value in supposed.set.items():
        base = name.partition(".")[0]
        was = standing.parameters.get(name, standing.parameters.get(base))
        own = [other for other in standing.parameters if other.startswith(f"{name}.")]
        kept = f", but not {', '.join(own)}" if own and not supposed.set.keys() & own else ""
        yield f"sets {name} to {value:g} (it was {was:g}{kept})"
    if supposed.off:
        yield f"lets nothing go from {', '.join(f'{giver} to {taker}' for giver, taker in supposed.off)}"
    if supposed.reseed is not None:
        yield f"draws chance from seed {supposed.reseed}"


def _few(items: list[str]) -> str:
    if len(items) <= FEW:
        return ", ".join(items)
    return f"{', '.join(items[: FEW - 1])} and {len(items) - FEW + 1} more (--dry-run prints all)"


def _headline(entry: Entry) -> str:
    return f" ({_short(entry.fact.told.headline)})" if entry.fact.told is not None else ""


def _short(value: object) -> str:
    text = ", ".join(map(str, value)) if isinstance(value, list) else str(value)
    return text if len(text) <= LONG else f"{text[: LONG - 1].rstrip()}…"


def _span(seconds: int) -> str:
    if seconds % DAY:
        return f"{seconds:,} seconds"
    return f"{seconds // DAY:,} day{'s' * (abs(seconds) != DAY)}"
