"""SIGKILL at random moments: what is left is whole, goes on to the same digest, and lost nothing."""

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

from tally import Tally
from trial import dice, verb

HALF, END = "2025-06-30", "2025-12-31"
RUN = ("run", "loop", "--until", END, "--db", "h.db")
RESUME = ("resume", "h.db", "--until", END)
WHAT_IF = ("what-if", "h.db", "--name", "w", "--at", "2025-06-01", "--reseed", "5")
EXPORT = ("export", "h.db", "--format", "jsonl", "-o", "e.jsonl")
IMPORT = ("import", "e.jsonl", "--db", "n.db")
BACKUP = ("backup", "h.db", "b.db")
RESTORE = ("restore", "b.db", "h.db")
VERBS = (RUN, RESUME, WHAT_IF, EXPORT, IMPORT, BACKUP, RESTORE)
LIVED = (RUN, RESUME, WHAT_IF)


class Kills:
    """The kills of one campaign, in a folder of its own, with what no kill touched to compare with."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.seed, self.folder, self.tally = seed, folder, Tally("kills")
        self.made = folder / "made"
        self.work = folder / "work"
        self.made.mkdir()
        self.takes: dict[tuple[str, ...], float] = {}
        self.half = self._whole("half", ("run", "loop", "--until", HALF, "--db", "h.db"))
        self.end = self._whole("end", RUN, takes=RUN)
        self.forked = self._whole("forked", WHAT_IF, begun="end", takes=WHAT_IF)
        self._whole("resumed", RESUME, begun="half", takes=RESUME)
        assert digests(self.made / "resumed", "h.db") == self.end
        self._whole("exported", EXPORT, begun="forked", takes=EXPORT)
        self._whole("imported", IMPORT, begun="exported", takes=IMPORT)
        self._whole("backed", BACKUP, begun="forked", takes=BACKUP)
        self.exported = (self.made / "exported" / "e.jsonl").read_bytes()
        shutil.copytree(self.made / "backed", self.made / "replaced")
        shutil.copy(self.made / "half" / "h.db", self.made / "replaced" / "h.db")
        self._whole("restored", RESTORE, begun="replaced", takes=RESTORE)

    def _whole(self, name: str, words, begun: str | None = None, takes=None) -> dict[str, str]:
        """Run a command in peace, note how long it takes, and give the digests of its branches."""
        place = self.made / name
        shutil.copytree(self.made / begun, place) if begun else place.mkdir()
        done = verb(*words, at=place)
        assert done.status == 0, done.said
        if takes:
            self.takes[takes] = done.clock
        return digests(place, "h.db")

    def run(self, kills: int) -> Tally:
        """So many kills that hit; who ended first is let go, and does not count."""
        number = 0
        while self.tally.tried < kills and number < 5 * kills:
            self._one(number, min(VERBS, key=lambda words: self.tally.ends[words[0]]))
            number += 1
        return self.tally

    def _one(self, number: int, words: tuple[str, ...]) -> None:
        address = f"kill {self.seed}/{number} {words[0]}"
        begun = {RUN: None, RESUME: "half", WHAT_IF: "end", EXPORT: "forked", IMPORT: "exported",
                 BACKUP: "forked", RESTORE: "replaced"}[words]  # fmt: skip  # a table
        shutil.rmtree(self.work, ignore_errors=True)
        shutil.copytree(self.made / begun, self.work) if begun else self.work.mkdir()
        chance = dice(self.seed, "kill", number)
        seen: dict[str, int] = {}
        done = verb(
            *words,
            at=self.work,
            kill=chance.uniform(0, 1.05 * self.takes[words]),
            before=lambda: seen.update(heads(self.work / "h.db")),
        )
        self.tally.saw(done, address)
        if not done.killed:
            return
        self.tally.tried += 1
        self.tally.ends[words[0]] += 1
        if words in LIVED:
            self._lived_on(words, address, chance, seen)
        elif words == EXPORT:
            self._exported(address)
        elif words == RESTORE:
            self._restored(address)
        else:
            self._copied(words, address)

    def _do(self, address: str, *words: str, **kill: object):
        done = self.tally.saw(verb(*words, at=self.work, **kill), address)
        if done.killed:
            self.tally.tried += 1
            self.tally.ends[words[0]] += 1
        return done

    def _whole_still(self, address: str, db: str) -> None:
        found = self._do(address, "verify", db)
        if found.status:
            self.tally.fault("wrong", f"{address}: {found.said} {found.out.decode()[-300:]}")

    def _lived_on(self, words: tuple[str, ...], address: str, chance, seen: dict[str, int]) -> None:
        """Hold what a reader saw before the kill, verify, go on and be killed again perhaps: to the digest of
        what was never killed.
        """
        for again in range(4):
            left = heads(self.work / "h.db")
            if any(left.get(branch, 0) < position for branch, position in seen.items()):
                self.tally.fault("lost", f"{address}: {seen} became {left}")
            if any(left.values()):
                self._whole_still(address, "h.db")
            onward = RESUME if any(left.values()) else RUN
            if words == WHAT_IF:
                onward = ("resume", "h.db@w") if "w" in left else WHAT_IF
            kill = chance.uniform(0, 2 * self.takes[words]) if again < 3 else None
            seen = {}
            at = lambda: seen.update(heads(self.work / "h.db"))  # noqa: B023, E731  # called within this turn
            done = self._do(address, *onward, kill=kill, before=at)
            if not done.killed:
                break
        found, meant = digests(self.work, "h.db"), self.forked if words == WHAT_IF else self.end
        if found != meant:
            self.tally.fault("lost", f"{address}: {found} and not {meant} after {done.said}")
        self._whole_still(address, "h.db")

    def _exported(self, address: str) -> None:
        file = self.work / "e.jsonl"
        if file.exists() and file.read_bytes() != self.exported:
            self.tally.fault("wrong", f"{address}: half an export stands there")
        self._do(address, *EXPORT)
        if not file.exists() or file.read_bytes() != self.exported:
            self.tally.fault("lost", f"{address}: the export is not what it would have been")
        self._no_parts(address)

    def _copied(self, words: tuple[str, ...], address: str) -> None:
        """A new database, whole or not at all; what it was made of is as it was."""
        file = self.work / words[-1]
        if file.exists():
            self._whole_still(address, file.name)
            file.unlink()
        again = self._do(address, *words)
        if again.status or digests(self.work, file.name) != self.forked:
            self.tally.fault("lost", f"{address}: again {again.said}")
        self._no_parts(address)

    def _restored(self, address: str) -> None:
        """The old history or the backup stands there, or nothing; the other is beside it; again works."""
        standing = digests(self.work, "h.db")
        if standing not in (self.half, self.forked, {}):
            self.tally.fault("wrong", f"{address}: {standing} stands there")
        if standing != self.forked:
            again = self._do(address, *RESTORE)
            if again.status or digests(self.work, "h.db") != self.forked:
                self.tally.fault("lost", f"{address}: again {again.said}")
        asides = [
            path.name for path in self.work.glob("h.db.aside*") if not path.name.endswith(("-wal", "-shm"))
        ]
        if self.half not in [digests(self.work, name) for name in asides]:
            self.tally.fault("lost", f"{address}: nothing that was set aside is the old history: {asides}")
        if digests(self.work, "b.db") != self.forked:
            self.tally.fault("lost", f"{address}: the backup is not what it was")
        self._no_parts(address)
        noted = self._do(address, "note", "h.db", "still written")
        if noted.status:
            self.tally.fault("wrong", f"{address}: {noted.said}")

    def _no_parts(self, address: str) -> None:
        left = [path.name for path in self.work.glob(".*.part*")]
        if left:
            self.tally.fault("wrong", f"{address}: left behind {left}")


def digests(folder: Path, db: str) -> dict[str, str]:
    """The digest of each branch, as the program tells them; none where there is no history."""
    done = verb("branches", db, "--json", at=folder)
    return {row["branch"]: row["digest"] for row in json.loads(done.out)} if done.status == 0 else {}


def heads(path: Path) -> dict[str, int]:
    """The position of each branch as plain SQLite reads it, which owes nothing to this program."""
    if not path.exists() or not path.stat().st_size:
        return {}
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as db:
        try:
            return dict(
                db.execute(
                    "SELECT name, heads.position FROM heads JOIN branches ON heads.branch = branches.id"
                )
            )
        except sqlite3.OperationalError:  # killed before its tables were made
            return {}
