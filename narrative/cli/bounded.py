"""A query answered by a process of its own, which can be stopped: SQL may ask for more than there is.

What answers SQL heeds no signal and no limit while it works, and may take the whole process with it.
So whoever types a query waits here for another process, and ends it where it takes too long or too
much. From Python, and in a process that is bounded already, a query is answered where it is asked.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryFile
from time import monotonic
from types import FrameType
from typing import NamedTuple, NoReturn

import click

from events.errors import Wrong
from narrative.cli.guard import Guarded

WITHIN = "NARRATIVE_BOUNDED"  # set for the process that answers
LOOK = 0.02  # seconds between two looks at it
GIGA = 10**9
LATE = 5  # seconds after which it ends itself, should nobody be left to end it


class TooMuch(Wrong):
    """A query took more time or memory than it was given, or brought down what answers it."""


class Bounds(NamedTuple):
    """The limits of a query: seconds, and memory in bytes; None where there is none."""

    seconds: float | None
    memory: int | None


def applies() -> bool:
    """Whether this process is one that a person or a shell waits for, and not bounded itself."""
    stream = getattr(sys.stdout, "_stream", sys.stdout)
    return WITHIN not in os.environ and stream is sys.__stdout__ and stream is not None


def answer_elsewhere(args: Sequence[str], bounds: Bounds) -> int:
    """Run a command of this program in a process of its own, which writes to the same standard output; its
    exit status. Raises TooMuch, and KeyboardInterrupt when a stop was asked for, with the process ended.
    """
    # Found where this program was, and never in the folder one stands in (-P).
    path = os.pathsep.join([str(Path(__file__).parents[2]), *filter(None, [os.environ.get("PYTHONPATH")])])
    with TemporaryFile() as said:
        child = subprocess.Popen(  # noqa: S603  # this very program
            [sys.executable, "-P", "-m", "narrative", *args],
            env=os.environ | {WITHIN: str(bounds.seconds or 0), "PYTHONPATH": path},
            stdin=subprocess.DEVNULL,
            stderr=said,
        )
        former = signal.signal(signal.SIGTERM, _stopped)
        try:
            status = _awaited(child, bounds)
        finally:
            child.kill()
            child.wait()
            signal.signal(signal.SIGTERM, former)
        if status < 0:
            raise TooMuch(
                f"What answers SQL was brought down by this query ({signal.Signals(-status).name}): it nests "
                "too deep, or asks for more memory than there is. Write it shorter, or in parts."
            )
        said.seek(0)
        click.echo(said.read().decode(errors="replace"), nl=False, err=True)
    return status


def _awaited(child: "subprocess.Popen[bytes]", bounds: Bounds) -> int:
    """The exit status of a process that keeps within bounds. Raises TooMuch."""
    started = monotonic()
    while True:
        with suppress(subprocess.TimeoutExpired):
            return child.wait(LOOK)
        if bounds.seconds and monotonic() - started > bounds.seconds:
            raise TooMuch(
                f"The query took more than {bounds.seconds:g} seconds and was stopped. Ask for less, or give "
                "it more with --seconds (0 sets no limit)."
            )
        if bounds.memory and _held(child.pid) > bounds.memory:
            raise TooMuch(
                f"The query took more than {bounds.memory / GIGA:g} GB of memory and was stopped. Ask for "
                "less, or give it more with --memory (0 sets no limit)."
            )


def _held(process: int) -> int:
    """The memory that a process holds, in bytes; 0 where the system does not tell, as outside of Linux."""
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    except (OSError, IndexError, ValueError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _stopped(_number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + signal.SIGTERM)


def answering() -> None:
    """In the process that answers: let the system end it some time after its limit, and leave standard error
    to what is said here. What answers SQL writes there, past everybody, where it stumbled over a file; what
    came of that is said in a sentence.
    """
    if WITHIN not in os.environ:
        return
    if isinstance(sys.stderr, Guarded):
        sys.stderr.lead(os.fdopen(os.dup(2), "w", encoding="utf-8", errors="replace"))
        with Path(os.devnull).open("wb") as nowhere:
            os.dup2(nowhere.fileno(), 2)
    seconds = float(os.environ.get(WITHIN) or 0)
    if seconds and hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds + LATE)
