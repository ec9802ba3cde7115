"""The diary of the library: silent until the program around it has configured structlog.

Every line bears the story, the branch and the moment it is of. The event log is another thing.
"""

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from structlog.typing import FilteringBoundLogger

LEVELS = {"debug": 10, "info": 20, "warning": 30, "error": 40}


def diary(level: str, **bound: object) -> "FilteringBoundLogger | None":
    """The diary with some words bound to every line; None where nobody would read such a line.

    Nothing is imported for it: where structlog is not loaded, nobody can have configured it, and it
    would print on standard output what nobody asked for.
    """
    structlog = sys.modules.get("structlog")
    if structlog is None or not structlog.is_configured():
        return None
    logger: FilteringBoundLogger = structlog.get_logger("narrative").bind(**bound)
    asked = getattr(logger, "is_enabled_for", None)  # a plain BoundLogger lets every line through
    return logger if asked is None or asked(LEVELS[level]) else None
