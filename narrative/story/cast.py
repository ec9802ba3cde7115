"""Who plays: the parts of a cast, and the module that plays each."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from importlib import import_module
from types import ModuleType

from attrs import evolve, field, frozen

from events.codec import nearest
from events.errors import Wrong
from events.event import OUTSIDE
from narrative.story.model import Actor, Role, Story

PROCESSES = (
    "telling", "market", "announcing", "ordering", "supplying", "earning", "investing", "funding",
    "pledging", "lending",
)  # fmt: skip  # one list

# What each does that a record may tell as well: a kind of fact, and the field that names who does it.
DEEDS = {
    "announcing": {"Announcement": "subject"},
    "ordering": {"Order": "buyer"},
    "supplying": {"Delivery": "seller", "Cancellation": "seller"},
    "earning": {"Sale": "seller"},
    "investing": {
        "Investment": "investor", "Issue": "issuer", "Guarantee": "guarantor", "Writedown": "holder",
    },
    "funding": {"Funding": "company", "Loan": "borrower"},
    "pledging": {"Pledge": "pledger", "Cure": "borrower"},
    "lending": {
        "MarginCall": "lender", "Cure": "lender", "Liquidation": "lender", "Release": "lender",
        "Interest": "lender", "Repayment": "lender",
    },
}  # fmt: skip  # a row a process


class UnknownProcess(Wrong):
    """A role names a process that is not there, or that is no process."""


@frozen
class Part:
    """One process playing one actor, from `since` to `until` where the story gives it a span."""

    process: str
    actor: str
    latency: int = 1
    reads: Mapping[str, tuple[str, ...]] = {}
    since: int | None = None
    until: int | None = None
    name: str = field()  # what tells this part from the others of its cast

    @name.default
    def _named(self) -> str:
        return f"{self.process}:{self.actor}"


def parts(story: Story, cast: str) -> tuple[Part, ...]:
    """The parts of a cast: "none" tells the record, "market" adds its readers, "full" everyone."""
    found = [Part("telling", "story")]
    for role in story.cast.role:
        if cast == "full" or (cast == "market" and role.process == "market"):
            found += [
                Part(role.process, actor, role.latency, role.reads, role.from_, role.until)
                for actor in played(story.actors, role)
            ]
    return tuple(_told_apart(found))


def _told_apart(found: Iterable[Part]) -> Iterator[Part]:
    """The same parts, with a number behind the name of one that plays its actor a second time."""
    seen: Counter[str] = Counter()
    for part in found:
        seen[part.name] += 1
        yield part if seen[part.name] == 1 else evolve(part, name=f"{part.name}:{seen[part.name]}")


def played(actors: Iterable[Actor], role: Role) -> list[str]:
    """The actors that a role is of: all of them where it does not say."""
    if role.process == "market":
        return ["market"]
    found = [actor.id for actor in actors if not role.of or {actor.id, *actor.roles}.intersection(role.of)]
    return [*found, OUTSIDE] if OUTSIDE in role.of else found


def module_of(part: Part) -> ModuleType:
    """The module of a part's process: one of ours by name, or a user's own by dotted path."""
    name = part.process
    if name not in PROCESSES and "." not in name:
        near = nearest(name, PROCESSES)
        hint = f' Did you mean "{near}"?' if near else ""
        raise UnknownProcess(f'"{name}" is not a process; ours are {", ".join(PROCESSES)}.{hint}')
    try:
        module = import_module(f"narrative.engine.processes.{name}" if name in PROCESSES else name)
    except (Exception, SystemExit) as error:  # noqa: BLE001  # whatever a user's module does on import
        raise UnknownProcess(
            f"The process {name} cannot be imported: {type(error).__name__}: {error}. It is looked for where "
            "Python looks, and on the command line in the folder you are in."
        ) from None
    missing = [wanted for wanted in ("due", "decide") if not callable(getattr(module, wanted, None))]
    missing += ["ACCOUNTS"] if not hasattr(module, "ACCOUNTS") else []
    if missing:
        raise UnknownProcess(f"{name} is no process: it lacks {', '.join(missing)}.")
    return module
