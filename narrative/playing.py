"""Asking a part what it does, and holding a user's own process to the rules.

Ours are held to them by tests. Another's is asked twice, and what it answers is looked at before
anything of it is appended.
"""

from collections.abc import Callable
from types import ModuleType
from typing import Any

from attrs import field, frozen

from events.errors import Wrong
from events.event import Act, Draft
from narrative.cast import Part, module_of
from narrative.world import World


class BadProcess(Wrong):
    """A user's own process raised, answered nonsense, or remembered something."""


@frozen
class Player:
    """A part and the module that plays it."""

    part: Part
    module: ModuleType
    accounts: tuple[str, ...] = field(init=False)  # what its `due` reads
    _foreign: bool = field(init=False)

    @accounts.default
    def _declared(self) -> tuple[str, ...]:
        return tuple(self.module.ACCOUNTS)

    @_foreign.default
    def _dotted(self) -> bool:
        return "." in self.part.process

    def due(self, world: World, now: int) -> int | None:
        """The next moment, strictly after now and within the part's span, at which it acts."""
        part = self.part
        start = now if part.since is None else max(now, part.since - 1)
        due: int | None = self._due(world, start) if self._foreign else self.module.due(world, part, start)
        return None if due is None or (part.until is not None and due > part.until) else due

    def _due(self, world: World, now: int) -> int | None:
        due: int | None = self._twice("due", world, now)
        if due is not None and (type(due) is not int or due <= now):
            raise BadProcess(
                f"{self.part.process}.due answered {due!r} at moment {now}; it takes None or a whole moment "
                "after now."
            )
        return due

    def decide(self, world: World, now: int) -> list[Act]:
        """The acts it makes now."""
        if not self._foreign:
            acts: list[Act] = self.module.decide(world, self.part, now)
            return acts
        acts = self._twice("decide", world, now)
        if not isinstance(acts, list) or not all(map(_is_act, acts)):
            raise BadProcess(
                f"{self.part.process}.decide answered {acts!r:.200} at moment {now}; "
                "it takes a list of acts, each a tuple of Drafts."
            )
        return acts

    def _twice(self, name: str, world: World, now: int) -> Any:
        call: Callable[[World, Part, int], Any] = getattr(self.module, name)
        try:
            first, second = call(world, self.part, now), call(world, self.part, now)
        except Exception as error:
            raise BadProcess(
                f"{self.part.process}.{name} raised {type(error).__name__} at moment {now}: {error}. "
                "Nothing of that moment was appended; mend it and `narrative resume`."
            ) from error
        if first != second:
            raise BadProcess(
                f"{self.part.process}.{name} gave two answers to one world at moment {now}; a process keeps "
                "nothing between calls and draws chance from world.chance alone."
            )
        return first


def _is_act(act: object) -> bool:
    return isinstance(act, tuple) and bool(act) and all(isinstance(draft, Draft) for draft in act)


def player_of(part: Part) -> Player:
    """The player of a part. Raises UnknownProcess."""
    return Player(part, module_of(part))
