"""Kill a program that writes a log, again and again, and let it finish.

`survivors` starts a command on a fresh database, sends SIGKILL at a seeded random instant of its
life, starts the same command again on what is left, and so on until one run ends by itself; then it
begins a new database, until enough kills have hit. What the survivors hold is for the caller to
compare with a run that was never killed.

The command must be one that completes what it finds: run it twice and the second time does nothing.
"""

import random
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from attrs import frozen

from events.log import open_log

Command = Callable[[Path], Sequence[str]]
# What to check after a kill: the database, and all that the killed command had printed.
Check = Callable[[Path, str], None]


@frozen
class Pace:
    """Of an undisturbed run, in seconds from its start: its database appears, it ends."""

    appears: float
    ends: float


def undisturbed(command: Command, database: Path) -> Pace:
    """Let the command make a database in peace. Raises AssertionError if it fails."""
    started = time.perf_counter()
    appears = 0.0
    with subprocess.Popen(command(database), stdout=subprocess.DEVNULL) as child:
        while child.poll() is None:
            if not appears and database.exists():
                appears = time.perf_counter() - started
            time.sleep(0.001)
    assert child.returncode == 0, f"{command(database)} ended with {child.returncode}"
    return Pace(appears, time.perf_counter() - started)


def survivors(
    command: Command,
    directory: Path,
    pace: Pace,
    *,
    kills: int,
    seed: int,
    check: Check = lambda _database, _printed: None,
) -> list[Path]:
    """Databases that were each killed at least once and then completed; `kills` in all."""
    chance = random.Random(seed)
    done: list[Path] = []
    hits = 0
    while hits < kills:
        database = directory / f"killed-{len(done)}.db"
        hit = 0
        while _killed(command, database, chance.uniform(0.8 * pace.appears, pace.ends), check):
            hit += 1
            if hits + hit >= kills:
                break
        if hit:
            undisturbed(command, database)
            hits += hit
            done.append(database)
        else:
            database.unlink()
    return done


def _killed(command: Command, database: Path, after: float, check: Check) -> bool:
    """Whether the command was still alive to be killed."""
    printed = database.with_suffix(".out")
    with printed.open("wb") as out, subprocess.Popen(command(database), stdout=out) as child:
        try:
            child.wait(after)
        except subprocess.TimeoutExpired:
            child.kill()
    if child.returncode == 0:
        return False
    assert child.returncode == -9, f"{command(database)} ended with {child.returncode}"
    check(database, printed.read_text())
    return True


def ends(database: Path) -> dict[str, tuple[int, bytes, int | None]]:
    """Every branch of a whole log, with its end: position, digest, and how far it was lived."""
    with open_log(database, create=False) as log:
        assert log.verify() == ()
        heads = {branch.name: log.head(branch.name) for branch in log.branches()}
    return {name: (head.position, head.digest, head.lived) for name, head in heads.items()}
