"""A verb, run in a process of its own under limits, and what may be said against how it ended.

A process is forked from one that has loaded the program and done nothing with it, so that hundreds are
run in minutes and a kill meets work, not loading. It may take 10 seconds of the processor and 1 GB of
memory: what takes more is a fault.
"""

import os
import random
import resource
import select
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryFile

from attrs import field, frozen

import narrative.cli
import narrative.cli.diary_setup
import narrative.cli.rows
import narrative.engine.run
import narrative.verbs.handing
import narrative.verbs.living
import narrative.verbs.looking
import narrative.verbs.stories
import narrative.verbs.weighing

SECONDS = 10  # of the processor: on a busy machine the clock tells of others
MEMORY = 1_000_000_000  # bytes held
ADDRESSES = 4 * MEMORY  # bytes asked for, of which threads of polars alone ask for most of one
HANGS = 90.0  # seconds by the clock after which a process that does nothing is ended
STATUSES = (0, 1, 2, 3, 130, 141)  # of which docs/commands.md tells


@frozen
class Ended:
    """How a verb ended: its words, its exit status (below zero a signal), and what it took."""

    words: tuple[str, ...]
    status: int
    out: bytes
    err: str
    seconds: float
    memory: int
    clock: float
    killed: bool = field(default=False)

    @property
    def said(self) -> str:
        return f"narrative {' '.join(self.words)} -> {self.status}: {self.err.strip()[-300:]}"


def nothing() -> None:
    """Do nothing."""


def dice(*address: object) -> random.Random:
    """Chance that hangs on its address alone: the same throw fails again, whatever came before it."""
    return random.Random("/".join(map(str, address)))


def verb(*words: str, at: Path, kill: float | None = None, prepare=nothing, before=nothing) -> Ended:
    """Run a command in a folder, prepared by what its process calls first. SIGKILL after so many seconds, if
    it lives so long, and what is to be called before.
    """
    with TemporaryFile() as out, TemporaryFile() as err:
        child = started(words, at, out.fileno(), err.fileno(), prepare)
        ended = awaited(words, child, kill, before)
        return ended(read(out), read(err).decode(errors="replace"))


def read(file) -> bytes:
    file.seek(0)
    return file.read()


def started(words: Sequence[str], at: Path, out: int, err: int, prepare=nothing) -> int:
    """The number of a process that runs a command, its streams led to those files."""
    child = os.fork()
    if child:
        return child
    status = 70
    try:
        os.chdir(at)
        for stream, number in ((os.open(os.devnull, os.O_RDONLY), 0), (out, 1), (err, 2)):
            os.dup2(stream, number)
        sys.stdout = sys.__stdout__ = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115  # for its life
        sys.stderr = sys.__stderr__ = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115  # for its life
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS + 1))
        if "plot" not in words:  # what draws asks for more than there is, and holds little
            resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES, ADDRESSES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        sys.argv = ["narrative", *words]
        prepare()
        narrative.cli.main(words)
        status = 0
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:  # noqa: BLE001  # told as Python tells it, for the campaign to find
        sys.excepthook(*sys.exc_info())
    finally:
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except (OSError, ValueError):
                status = status or 120
        os._exit(status)


def awaited(words: Sequence[str], child: int, kill: float | None = None, before=nothing):
    """Wait for a process, end it where it should be; gives a maker of its `Ended` out of what it said."""
    began = time.monotonic()
    watch = os.pidfd_open(child)
    ready = select.poll()
    ready.register(watch, select.POLLIN)
    alive = not ready.poll(1000 * (HANGS if kill is None else kill))
    if alive:
        before()
        os.kill(child, signal.SIGKILL)
    os.close(watch)
    _, status, used = os.wait4(child, 0)
    took = time.monotonic() - began
    code = os.waitstatus_to_exitcode(status)
    seconds = used.ru_utime + used.ru_stime

    def ended(out: bytes, err: str) -> Ended:
        died = alive and code == -signal.SIGKILL and kill is not None
        return Ended(tuple(words), code, out, err, seconds, used.ru_maxrss * 1024, took, died)

    return ended


def against(ended: Ended) -> list[str]:
    """Each thing that no ending of any verb may show, whatever it was given."""
    found = []
    if "Traceback (most recent call last)" in ended.err or b"Traceback (most recent" in ended.out:
        found.append("traceback")
    if not ended.killed and (ended.seconds > SECONDS or ended.status == -signal.SIGXCPU):
        found.append("over 10 s")
    if ended.memory > MEMORY:
        found.append("over 1 GB")
    if not ended.killed and ended.status not in STATUSES and not found:
        found.append("hung" if ended.clock >= HANGS else "other ending")
    return found
