"""Writers beside readers of one history: nothing that was answered with 0 is lost, and none reads a fault."""

import hashlib
import json
import os
import time
from collections.abc import Callable
from pathlib import Path

from tally import Tally
from trial import Ended, dice, verb

from events.log import open_log

BEGIN = ("run", "loop", "--until", "2025-02-15", "--db", "h.db")
CONFLICT = 3
BRANCHES = 12  # after which writers fork no more: a history has few


class Races:
    """Writers and readers, each a process that runs verb after verb until the time is over."""

    def __init__(self, folder: Path, seed: int, writers: int, readers: int) -> None:
        self.seed, self.folder, self.writers, self.readers = seed, folder, writers, readers
        self.tally = Tally(f"{writers} writers beside {readers} readers")
        done = verb(*BEGIN, at=folder)
        assert done.status == 0, done.said

    def run(self, seconds: int) -> Tally:
        """Let them, for so long; then hold all that was answered against what is there."""
        end = time.monotonic() + seconds
        jobs = {f"w{n}": writing for n in range(self.writers)} | {
            f"r{n}": reading for n in range(self.readers)
        }
        numbers = [self._begin(name, job, end) for name, job in jobs.items()]
        for number in numbers:
            _, status = os.waitpid(number, 0)
            assert status == 0, "a worker of the campaign failed"
        whole = verb("verify", "h.db", at=self.folder)
        if self.tally.saw(whole, "at the end").status:
            self.tally.fault("lost", f"at the end: {whole.said} {whole.out.decode()[-300:]}")
        told = self.tally.saw(verb("log", "h.db", "--all", "--json", at=self.folder), "at the end").out
        with open_log(self.folder / "h.db", create=False, read_only=True) as log:
            truth = {b.name: [row.digest.hex() for row in log.rows(b.name)] for b in log.branches()}
        for name in jobs:
            for row in (json.loads(line) for line in (self.folder / f"{name}.seen").read_text().splitlines()):
                self._hold(name, row, truth, told)
        return self.tally

    def _begin(self, name: str, job: Callable, end: float) -> int:
        number = os.fork()
        if number:
            return number
        status = 1
        try:
            with (self.folder / f"{name}.seen").open("w") as seen:
                turn = 0
                while time.monotonic() < end:
                    row = job(self.folder, name, turn, dice(self.seed, "race", name, turn))
                    seen.write(json.dumps(row) + "\n")
                    turn += 1
            status = 0
        finally:
            os._exit(status)

    def _hold(self, name: str, row: dict, truth: dict[str, list[str]], told: bytes) -> None:
        """What a worker met: only what it may meet, and nothing that is not there in the end."""
        ended = Ended(tuple(row["words"]), row["status"], b"", row["err"], row["seconds"], row["memory"], 0.0)
        self.tally.saw(ended, f"{name} of race {self.seed}")
        self.tally.tried += 1
        writer = name.startswith("w")
        self.tally.ends[f"{'writes' if writer else 'reads'} {'refused' if row['status'] else 'done'}"] += 1
        if row["status"] not in ({0, CONFLICT} if writer else {0}):
            self.tally.fault("wrong", f"{name}: {ended.said} {row['out']}")
        for branch, events, digest in row["digests"]:
            there = truth.get(branch, [])
            if len(there) < events or there[events - 1] != digest:
                self.tally.fault("lost", f"{name}: {ended.said}: {branch} was {digest} after {events}")
        if row["note"]:
            times = told.count(row["note"].encode())
            if times != (row["status"] == 0):
                self.tally.fault("lost", f"{name}: {ended.said}: the note is there {times} times")
        if row["prefix"] and sha(told[: row["prefix"][0]]) != row["prefix"][1]:
            self.tally.fault("wrong", f"{name}: {ended.said}: a log that no longer begins so")


def writing(folder: Path, name: str, turn: int, chance) -> dict:
    """A note, a few days more, or a branch."""
    note = f"note-{name}-{turn}."
    day = f"2025-{chance.randint(3, 12):02}-{chance.randint(1, 28):02}"
    forked = len(list(folder.glob("forked-*")))
    ways = [("note", "h.db", note, "--json"), ("resume", "h.db", "--until", day, "--json")]
    if forked < BRANCHES:
        ways.append(("what-if", "h.db", "--name", f"{name}-{turn}", "--at", "2025-02-01", "--reseed", "7",
                     "--until", "2025-02-10", "--json"))  # fmt: skip  # one command
    words = chance.choice(ways)
    done = verb(*words, at=folder)
    if done.status == 0 and words[0] == "what-if":
        (folder / f"forked-{name}-{turn}").touch()
    answer = json.loads(done.out) if done.status == 0 and words[0] != "note" else None
    digests = [(answer["branch"], answer["events"], answer["digest"])] if answer else []
    if done.status == 2 and "resume" in words and done.err.startswith("BadDate: "):
        return row(done, status=CONFLICT)  # another writer has lived it further: nothing is left to do
    return row(done, digests=digests, note=note if words[0] == "note" else "")


def reading(folder: Path, name: str, turn: int, chance) -> dict:
    """One instant of it, by whatever verb."""
    copy = f"{name}-{turn}"
    words = chance.choice((
        ("verify", "h.db"), ("branches", "h.db", "--json"), ("log", "h.db", "--all", "--json"),
        ("replay", "h.db"), ("export", "h.db", "--format", "jsonl", "-o", f"{copy}.jsonl"),
        ("backup", "h.db", f"{copy}.db"), ("why", "h.db", "cloud", "valuation"),
    ))  # fmt: skip  # a list
    done = verb(*words, at=folder)
    if done.status:
        return row(done)
    if words[0] == "export":
        back = verb("import", f"{copy}.jsonl", "--db", f"{copy}.db", at=folder)
        if back.status:
            return row(back)
    if words[0] == "log":
        body = done.out.rstrip().removesuffix(b"]").rstrip()
        return row(done, prefix=(len(body), sha(body)))
    file = f"{copy}.db" if words[0] in {"export", "backup"} else "h.db"
    if words[0] in {"export", "backup", "branches"}:
        rows = json.loads(
            done.out if words[0] == "branches" else verb("branches", file, "--json", at=folder).out
        )
        for left in folder.glob(f"{copy}.*"):
            left.unlink()
        return row(done, digests=[(one["branch"], one["events"], one["digest"]) for one in rows])
    return row(done)


def row(done: Ended, *, digests=(), note: str = "", prefix=(), status: int | None = None) -> dict:
    """A verb's ending, to be held against the end of the race."""
    return {
        "words": done.words, "status": done.status if status is None else status, "err": done.err,
        "out": done.out.decode(errors="replace")[-300:], "seconds": done.seconds, "memory": done.memory,
        "digests": digests, "note": note, "prefix": prefix,
    }  # fmt: skip  # a row


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
