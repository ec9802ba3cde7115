"""Asking a part what it does, and holding a user's own process to the rules.

Ours are held to them by tests. Another's is asked twice, and what it answers is looked at before
anything of it is appended.
"""

from collections.abc import Callable
from types import ModuleType
from typing import Any

from attrs import frozen

from events.event import Act, Draft
from events.facts import KINDS
from narrative.engine.world import World
from narrative.story.cast import Part
from narrative.story.declared import BadProcess, declared, module_of
from narrative.story.keys import TELLABLE


@frozen
class Player:
    """A part and the module that plays it."""

    part: Part
    module: ModuleType
    accounts: tuple[str, ...]  # what its `due` reads

    def due(self, world: World, now: int) -> int | None:
        """The next moment, strictly after now and within the part's span, at which it acts."""
        part = self.part
        start = now if part.since is None else max(now, part.since - 1)
        due = self._due(world, start)
        return None if due is None or (part.until is not None and due > part.until) else due

    def _due(self, world: World, now: int) -> int | None:
        due: int | None = self.module.due(world, self.part, now)
        return due

    def decide(self, world: World, now: int) -> list[Act]:
        """The acts it makes now."""
        acts: list[Act] = self.module.decide(world, self.part, now)
        return acts


@frozen
class Guest(Player):
    """A part that a user's own process plays."""

    def _due(self, world: World, now: int) -> int | None:
        due: int | None = self._twice("due", world, now, _no_moment)
        return due

    def decide(self, world: World, now: int) -> list[Act]:
        """The acts it makes now. Raises BadProcess where they are none that it may make."""
        acts: list[Act] = self._twice("decide", world, now, self._no_acts)
        return acts

    def _twice(self, name: str, world: World, now: int, wrong: Callable[[Any, int], str | None]) -> Any:
        before = _standing(world)
        first, second = self._answer(name, world, now), self._answer(name, world, now)
        fault = wrong(first, now)
        if fault is not None:
            raise BadProcess(f"{self.part.process}.{name} answered {first!r:.200} at moment {now}; {fault}.")
        if first != second:
            raise BadProcess(
                f"{self.part.process}.{name} gave two answers to one world at moment {now}; a process keeps "
                "nothing between calls and draws chance from world.chance alone."
            )
        if _standing(world) != before:
            raise BadProcess(
                f"{self.part.process}.{name} changed the world that it was shown at moment {now}; a process "
                "answers with acts, and only what is appended changes anything."
            )
        return first

    def _answer(self, name: str, world: World, now: int) -> Any:
        try:
            return getattr(self.module, name)(world, self.part, now)
        except (Exception, SystemExit) as error:
            raise BadProcess(
                f"{self.part.process}.{name} raised {type(error).__name__} at moment {now}: {error}. "
                "Nothing of that moment was appended; mend it and `narrative resume`."
            ) from error

    def _no_acts(self, acts: object, _now: int) -> str | None:
        if not isinstance(acts, list) or not all(map(_is_act, acts)):
            return "it takes a list of acts, each a tuple of Drafts"
        for draft in (draft for act in acts for draft in act):
            name = type(draft.fact).__name__
            if KINDS.get(name) is not type(draft.fact):
                return f"{name} is no kind of fact"
            if name not in TELLABLE:
                return f"only the engine itself writes {name}"
            if draft.origin != "modelled":
                return f'what a process decides is "modelled", and no "{draft.origin}" fact'
            if draft.actor != self.part.actor:
                return f'it plays "{self.part.actor}", and acts in no other name'
        return None


def _no_moment(due: object, now: int) -> str | None:
    if due is None or (type(due) is int and due > now):
        return None
    return "it takes None or a whole moment after now"


def _is_act(act: object) -> bool:
    return isinstance(act, tuple) and bool(act) and all(isinstance(draft, Draft) for draft in act)


def _standing(world: World) -> tuple[bytes, dict[str, float]]:
    """The state of a world that a process could change: its dump, and a copy of its parameters."""
    return world.dump(), dict(world.parameters)


def player_of(part: Part) -> Player:
    """The player of a part. Raises UnknownProcess, and BadProcess for what its module declares amiss."""
    play = Guest if "." in part.process else Player
    return play(part, module_of(part.process), declared(part.process).accounts)
