"""Replays manias: announcements, orders, investments and fundings, performed into an append-only log.

The verbs are functions here, named like the commands: ``narrative.run("ai-2025")``,
``narrative.replay("ai-2025", at="2025-09-10")``. They are imported when first asked for, so that the
command line starts at once.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

import events

if TYPE_CHECKING:
    from narrative.verbs import (
        backup,
        branches,
        check,
        compare,
        diff,
        export,
        history,
        import_,
        log,
        loop,
        new,
        note,
        page,
        plot,
        query,
        replay,
        resume,
        run,
        schema,
        show,
        stories,
        tell,
        verify,
        what_if,
        why,
    )

__all__ = [
    "backup",
    "branches",
    "check",
    "compare",
    "diff",
    "export",
    "history",
    "import_",
    "log",
    "loop",
    "new",
    "note",
    "page",
    "plot",
    "query",
    "replay",
    "resume",
    "run",
    "schema",
    "show",
    "stories",
    "tell",
    "verify",
    "what_if",
    "why",
]

if getattr(events, "OWNER", None) != "narrative-engine":
    raise ImportError(
        f"`import events` finds another project's package at {getattr(events, '__file__', None)}. "
        "narrative-engine brings a package of that name: install it in an environment of its own."
    )


def __getattr__(name: str) -> object:
    if name in __all__:
        return getattr(import_module("narrative.verbs"), name)
    raise AttributeError(f"module 'narrative' has no attribute {name!r}")


class _Room(ModuleType):
    """Some verbs share their name with the file behind them; here the name is always the verb's.

    Importing a submodule binds it in its package, over whatever stood there.
    """

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in __all__ and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Room
