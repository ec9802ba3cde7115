"""Supposing on a log that is already open, as the verb does on a file."""

from typing import Any

from events.log import Log
from narrative.analysis.history import History
from narrative.engine.run import world_at
from narrative.engine.world import World
from narrative.whatif.fork import requested, suppose, unused


def ask(log: Log, name: str, *, of: str = "main", until: str | None = None, **asked: Any) -> dict[str, Any]:
    """A branch of a log's branch; `asked` as in the verb."""
    say = asked.pop("say", None)
    found = History(log, of, "a log")
    unused(name, [branch.name for branch in log.branches()])
    wanted = requested(found, None, asked.pop("from_", None), asked.pop("inject", ()), asked)
    return suppose(found, name, wanted, until=until, say=say)


def tail(log: Log, branch: str) -> list[tuple[int, str, str]]:
    """(day, kind, origin) of a branch's own events."""
    start = next(row.position for row in log.branches() if row.name == branch)
    return [(event.moment // 86_400, event.kind, event.origin) for event in log.read(branch, start + 1)]


def end(log: Log, branch: str) -> World:
    """The world at the end of a branch."""
    return world_at(log, branch)


def state(log: Log) -> list[tuple[str, int, bytes, int | None, int | None]]:
    """Everything that a refused supposition must leave as it was."""
    return [
        (branch.name, head.position, head.digest, head.lived, head.target)
        for branch in log.branches()
        for head in (log.head(branch.name),)
    ]
