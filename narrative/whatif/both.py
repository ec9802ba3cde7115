"""Supposing at both ends: as asked, and with nothing of each asset's own residual from the fork on."""

from typing import Any

from events.errors import Wrong
from narrative.analysis.ends import ends, kept_by
from narrative.analysis.history import History, story_of
from narrative.engine.attempt import Say
from narrative.engine.run import Progress
from narrative.whatif.fork import suppose, unused
from narrative.whatif.request import Request

OWN = "residual_own"


class OneEnd(Wrong):
    """A branch that has no other end."""


def at_both(
    found: History,
    name: str,
    asked: Request,
    other: Request | None,
    *,
    until: str | None = None,
    progress: Progress | None = None,
    say: Say | None = None,
    dry: bool = False,
) -> dict[str, Any]:
    """The result of `suppose` and, of recorded prices, the ends beside it: how much of the residual the
    branch keeps, and the values that it moves. `other` asks for the branch at the other end, lived after it.

    Raises OneEnd where there is none, before anything is lived, and all that `suppose` raises.
    """
    recorded = kept_by(found) is not None
    names = [name] if other is None else [name, other_end(name)]
    if other is not None:
        if not recorded:
            raise OneEnd(
                "No price of this history is recorded, so a branch of it has one end; ask without it."
            )
        if any(one.name.partition(".")[0] == OWN for one in asked.set):
            raise OneEnd(f"What is asked sets {OWN} itself, so it is one end; ask for both without that.")
        unused(names[1], [branch.name for branch in found.log.branches()])
    told = suppose(found, name, asked, until=until, progress=progress, say=say, dry=dry)
    if dry:
        return told
    if other is not None:
        suppose(found, names[1], other, until=until, progress=progress)
    if not recorded:
        return told
    branches = [History(found.log, one, found.path) for one in names]
    return {
        **told,
        "residual": kept_by(branches[0]),
        "other_end": names[1] if other is not None else None,
        **story_of(found).money.plain,
        "ends": ends(found, *branches),
    }


def other_end(name: str) -> str:
    """The name of the branch at the other end of a branch."""
    return f"{name}-own-0"
