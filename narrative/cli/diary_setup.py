"""The diary: what the program did, on standard error. The event log is another thing.

Configured here and nowhere else, so that a library user's own configuration is never touched. What
is written into it stands in docs/diary.md.
"""

import os
import sys
from collections.abc import MutableMapping
from typing import Any

from narrative.cli.guard import shown

LEVELS = ("debug", "info", "warning", "error")


def _on_one_line(_logger: object, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A line of the diary whose texts, a story's among them, give a terminal no orders."""
    return shown(dict(line))


def configure(verbose: int) -> None:
    """Send the diary to standard error: warnings, with -v what is done, with -vv every detail.

    NARRATIVE_DIARY names another level, or `json` for every detail as JSON lines; -v goes first.
    NARRATIVE_DIARY_FORMAT says whether lines are written for people (console) or programs (json).
    """
    import structlog  # a tenth of a second that --help does not have

    wanted = os.environ.get("NARRATIVE_DIARY", "").strip().lower()
    form = os.environ.get("NARRATIVE_DIARY_FORMAT", wanted).strip().lower()
    level = wanted if wanted in LEVELS else "debug" if wanted == "json" else "warning"
    if verbose:
        level = "info" if verbose == 1 else "debug"
    colours = sys.stderr.isatty() and not os.environ.get("NO_COLOR")
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            _on_one_line,
            structlog.processors.TimeStamper(fmt="iso", utc=True)
            if form == "json"
            else structlog.processors.TimeStamper(fmt="%H:%M:%S"),
            structlog.processors.JSONRenderer()
            if form == "json"
            else structlog.dev.ConsoleRenderer(colors=colours),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )
