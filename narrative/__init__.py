"""Replays manias: announcements, orders, investments and fundings, performed into an append-only log.

The verbs are functions here, named like the commands: ``narrative.run("ai-2025")``,
``narrative.replay("ai-2025", at="2025-09-10")``. They are imported when first asked for, so that the
command line starts at once. Every error of ours is an `Error`.
"""

from importlib import import_module
from typing import TYPE_CHECKING

import events

if TYPE_CHECKING:  # what a type checker sees; a test holds it to the names below
    from narrative.verbs.handing import backup as backup
    from narrative.verbs.handing import export as export
    from narrative.verbs.handing import import_ as import_
    from narrative.verbs.handing import page as page
    from narrative.verbs.handing import plot as plot
    from narrative.verbs.handing import restore as restore
    from narrative.verbs.handing import verify as verify
    from narrative.verbs.living import ensemble as ensemble
    from narrative.verbs.living import resume as resume
    from narrative.verbs.living import run as run
    from narrative.verbs.living import what_if as what_if
    from narrative.verbs.looking import branches as branches
    from narrative.verbs.looking import compare as compare
    from narrative.verbs.looking import diff as diff
    from narrative.verbs.looking import log as log
    from narrative.verbs.looking import note as note
    from narrative.verbs.looking import query as query
    from narrative.verbs.looking import replay as replay
    from narrative.verbs.looking import show as show
    from narrative.verbs.looking import tell as tell
    from narrative.verbs.looking import why as why
    from narrative.verbs.opened import history as history
    from narrative.verbs.stories import check as check
    from narrative.verbs.stories import define as define
    from narrative.verbs.stories import new as new
    from narrative.verbs.stories import schema as schema
    from narrative.verbs.stories import stories as stories
    from narrative.verbs.weighing import claims as claims
    from narrative.verbs.weighing import doubt as doubt
    from narrative.verbs.weighing import exposure as exposure
    from narrative.verbs.weighing import fit as fit
    from narrative.verbs.weighing import fragility as fragility
    from narrative.verbs.weighing import loop as loop
    from narrative.verbs.weighing import measure as measure
    from narrative.verbs.weighing import score as score
    from narrative.verbs.weighing import sectors as sectors

    __version__: str

# Where each verb is imported from: a family of narrative/verbs.
_FAMILIES = {
    "stories": ("stories", "new", "check", "define", "schema"),
    "living": ("run", "resume", "what_if", "ensemble"),
    "looking": ("replay", "log", "branches", "show", "why", "note", "query", "diff", "compare", "tell"),
    "weighing": ("loop", "score", "fit", "doubt", "measure", "exposure", "sectors", "fragility", "claims"),
    "handing": ("page", "plot", "export", "import_", "verify", "backup", "restore"),
    "opened": ("history",),
}
_HOMES = {verb: family for family, verbs in _FAMILIES.items() for verb in verbs}

__all__ = list(_HOMES)

if getattr(events, "OWNER", None) != "narrative-engine":
    raise ImportError(
        f"`import events` finds another project's package at {getattr(events, '__file__', None)}. "
        "narrative-engine brings a package of that name: install it in an environment of its own."
    )

from events import errors as _errors  # noqa: E402  # our own, as is known now

Error = _errors.Wrong

if not TYPE_CHECKING:  # so that a type checker says which name is misspelt

    def __getattr__(name: str) -> object:
        if name in _HOMES:
            verb = getattr(import_module(f"narrative.verbs.{_HOMES[name]}"), name)
            return import_module("narrative.verbs.arguments").held(verb)
        if name == "__version__":
            return import_module("narrative.text.version").program()
        raise AttributeError(f"module 'narrative' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, "Error", "__version__"])
