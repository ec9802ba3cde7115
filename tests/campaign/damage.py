"""Bytes flipped, ends cut off, pages zeroed: refused, or the same answer, or what promises.md names."""

import json
import os
import shutil
import signal
from pathlib import Path

from tally import Tally
from trial import dice, verb

from events.log import open_log
from events.stores.sqlite import SqliteStore

LIVING = ("run", "loop", "--until", "2025-09-30", "--db", "h.db")
FORKING = ("what-if", "h.db", "--name", "w", "--at", "2025-05-01", "--reseed", "5")
PAGE = 4096
ALWAYS = (
    ("log", "h.db", "--all", "--json"),
    ("branches", "h.db", "--json"),
    ("verify", "h.db", "--json"),
    ("replay", "h.db", "--json"),
)
IN_TURN = (
    ("why", "h.db", "cloud", "valuation", "--json"),
    ("export", "h.db", "--format", "jsonl", "-o", "/dev/stdout"),
    ("loop", "h.db", "--json"),
    ("log", "h.db", "--kind", "Order", "--json"),
    ("tell", "h.db"),
    ("diff", "h.db", "h.db@w", "--json"),
    ("query", "h.db", "SELECT holder, SUM(amount) AS s FROM postings GROUP BY holder ORDER BY holder"),
    ("show", "h.db", "200", "--json"),
)
# Where, and how often: a history at rest, one whose writer was killed, an export.
TARGETS = (
    ("rest", "h.db"), ("rest", "h.db"), ("killed", "h.db-wal"), ("rest", "e.jsonl"), ("killed", "h.db"),
    ("rest", "h.db"), ("killed", "h.db-wal"), ("killed", "h.db-shm"),
)  # fmt: skip  # a table
WAYS = ("flip", "flip", "flip", "cut", "zero")


class Damage:
    """The damage of one campaign, with the answers of what nobody damaged."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.seed, self.folder, self.work = seed, folder, folder / "work"
        self.tally = Tally("damage")
        rest = folder / "rest"
        rest.mkdir()
        for words in (LIVING, FORKING, ("export", "h.db", "--format", "jsonl", "-o", "e.jsonl")):
            done = verb(*words, at=rest)
            assert done.status == 0, done.said
        killed = folder / "killed"
        killed.mkdir()
        verb(*LIVING, at=killed, prepare=die_at_closing)
        assert (killed / "h.db-wal").stat().st_size > 100_000
        verb(*FORKING, at=killed, prepare=die_at_closing)
        with open_log(rest / "h.db", create=False, read_only=True) as log:
            self.true = {row.digest.hex() for branch in log.branches() for row in log.rows(branch.name)}
        self.answers: dict[tuple[str, tuple[str, ...]], bytes] = {}

    def run(self, flips: int) -> Tally:
        """So many damaged files, each met by half a dozen verbs."""
        for number in range(flips):
            self._one(number)
            self.tally.tried += 1
        return self.tally

    def _one(self, number: int) -> None:
        chance = dice(self.seed, "damage", number)
        state, name = TARGETS[number % len(TARGETS)]
        way = chance.choice(WAYS)
        if name == "e.jsonl":
            verbs = [("import", "e.jsonl", "--db", "n.db")]
        else:
            verbs = [*ALWAYS, *chance.sample(IN_TURN, 2)]
        what = f"{way} of {name} ({state})"
        throw = chance.random(), chance.random()
        ends = {
            self._asked(f"damage {self.seed}/{number}: {what}", state, name, way, throw, words)
            for words in verbs
        }
        worst = next(end for end in ("wrong", "named", "refused", "same") if end in ends)
        self.tally.ends[f"{name.removeprefix('h.').removeprefix('e.')} {worst}"] += 1

    def _asked(self, address: str, state: str, name: str, way: str, throw, words) -> str:
        """How a verb answers of a damaged file: refused, same, named, or wrong."""
        meant = self._meant(state, words)
        self._fresh(state)
        harm(self.work / name, way, *throw)
        done = self.tally.saw(verb(*words, at=self.work), address)
        if words[0] == "verify" and done.status:
            return "refused"
        if done.status:
            if not done.err.strip():
                self.tally.fault("wrong", f"{address}: refused without a word: {done.said}")
            return "refused"
        found = self._imported() if words[0] == "import" else done.out
        if found == meant:
            return "same"
        if name == "h.db-wal" and self._shorter():
            return "named"
        self.tally.fault("wrong", f"{address}: {done.said}: {first_difference(meant, found)}")
        return "wrong"

    def _fresh(self, state: str) -> None:
        shutil.rmtree(self.work, ignore_errors=True)
        shutil.copytree(self.folder / state, self.work)

    def _meant(self, state: str, words: tuple[str, ...]) -> bytes:
        if (state, words) not in self.answers:
            self._fresh(state)
            done = verb(*words, at=self.work)
            assert done.status == 0, done.said
            self.answers[state, words] = self._imported() if words[0] == "import" else done.out
        return self.answers[state, words]

    def _imported(self) -> bytes:
        return verb("log", "n.db@w", "--all", "--json", at=self.work).out

    def _shorter(self) -> bool:
        """Whether what stands in the work is a history that was, up to some moment, by its digests."""
        done = verb("branches", "h.db", "--json", at=self.work)
        return done.status == 0 and {row["digest"] for row in json.loads(done.out)} <= self.true


def die_at_closing() -> None:
    """Let the process of a run be killed when all is written, before its journal is put into the file."""
    close = SqliteStore.close

    def dies(store: SqliteStore) -> None:
        if store._mark is not None:  # it is the one that wrote
            os.kill(os.getpid(), signal.SIGKILL)
        close(store)

    SqliteStore.close = dies


def harm(path: Path, way: str, where: float, what: float) -> None:
    """Change a file, at a share of its length, by a share of what may be done there."""
    size = path.stat().st_size
    at = int(where * size)
    if way == "cut":
        os.truncate(path, at)
        return
    with path.open("r+b") as file:
        if way == "zero":
            start = at // PAGE * PAGE
            file.seek(start)
            file.write(bytes(min(PAGE, size - start)))
        else:
            file.seek(at)
            (byte,) = file.read(1)
            file.seek(at)
            file.write(bytes([byte ^ (1 + int(what * 255))]))


def first_difference(meant: bytes, found: bytes) -> str:
    """Where two answers part, for whoever reads of it."""
    pairs = zip(meant, found, strict=False)
    at = next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(meant), len(found)))
    was, now = (answer[max(0, at - 40) : at + 80] for answer in (meant, found))
    return f"{len(meant)} and {len(found)} bytes; {was!r} became {now!r}"
