"""Who plays: the parts of a cast, and the module that plays each."""

from collections.abc import Mapping
from importlib import import_module
from types import ModuleType

from attrs import field, frozen

from events.codec import nearest
from events.errors import Wrong
from narrative.scenario import OUTSIDE, Role, Story

PROCESSES = (
    "telling", "market", "announcing", "ordering", "supplying", "earning", "investing", "funding",
    "pledging", "lending",
)  # fmt: skip  # one list


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
    name: str = field(init=False)  # what tells this part from the others of its cast

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
                for actor in _played(story, role)
            ]
    return tuple(found)


def _played(story: Story, role: Role) -> list[str]:
    if role.process == "market":
        return ["market"]
    played = [
        actor.id for actor in story.actors if not role.of or {actor.id, *actor.roles}.intersection(role.of)
    ]
    return [*played, OUTSIDE] if OUTSIDE in role.of else played


def module_of(part: Part) -> ModuleType:
    """The module of a part's process: one of ours by name, or a user's own by dotted path."""
    name = part.process
    if name not in PROCESSES and "." not in name:
        near = nearest(name, PROCESSES)
        hint = f' Did you mean "{near}"?' if near else ""
        raise UnknownProcess(f'"{name}" is not a process; ours are {", ".join(PROCESSES)}.{hint}')
    try:
        module = import_module(f"narrative.processes.{name}" if name in PROCESSES else name)
    except ImportError as error:
        raise UnknownProcess(f"The process {name} cannot be imported: {error}.") from None
    missing = [wanted for wanted in ("ACCOUNTS", "due", "decide") if not hasattr(module, wanted)]
    if missing:
        raise UnknownProcess(f"{name} is no process: it lacks {', '.join(missing)}.")
    return module
