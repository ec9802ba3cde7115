"""Hostile inputs: stories, what-ifs, tables, exports and SQL, changed by chance into what no reader may bear.

Each is refused with a sentence, or done. What `check` passes is performed and verifies; what it refuses is
not performed.
"""

import json
import re
import shutil
from pathlib import Path

from tally import Tally
from trial import dice, verb

from events.codec import GENESIS, chain
from narrative.story.template import starting_files

WILD = (
    "-1",
    "0",
    "-0.0",
    "nan",
    "inf",
    "-inf",
    "1e400",
    "1e-400",
    "1e308",
    "9" * 5_000,
    str(2**63),
    str(-(2**63)),
    "0x7fffffffffffffff",
    "true",
    "''",
    '""',
    '"\\u0000"',
    '"\\ud800"',
    '"\\u202e"',
    '"' + "A" * 200_000 + '"',
    "[" * 6_000 + "]" * 6_000,
    "{a=" * 3_000 + "1" + "}" * 3_000,
    "[]",
    "{}",
    "0001-01-01",
    "9999-12-31",
    "10000-01-01",
    "2025-02-30",
    "1979-05-27T07:32:00Z",
    "25:61",
    '"../../x"',
    '"/etc/passwd"',
    '"lab"',
    '"outside"',
    '"*"',
    '"antigravity.x"',
    '"main@w"',
    "1_000_000_000_000_000_000_000_000",
    ".5",
    "1.",
    "+1",
    "'''\n\n'''",
)
CELLS = (
    "",
    "-1",
    "0",
    "nan",
    "inf",
    "1e400",
    "9" * 5_000,
    "1bn",
    "-5m",
    "5x",
    "0.0000001",
    "=cmd|' /C calc'!A0",
    "A" * 200_000,
    '"',
    '""',
    "\0",
    "\ufeff",
    "10000-01-01",
    "0000-00-00",
    "2025-13-01",
    "1844-02-12T25:00",
    "../../x",
    "Northern Railway",
    "northern railway",
    "outside",
    "\u202e",
    "Order",
    "Nothing",
    "1,5",
    ";",
    "\t",
    "\x1b[2J",
)
TABLE = """\
date,kind,actor,counterparty,amount,headline,source
1844-02-12,Announcement,Northern Railway,,5m,"A line is proposed, at five million",Invented Gazette
1844-03-01,Funding,Northern Railway,,500k,Deposits of a tenth are paid,Invented Gazette
1844-03-20,Order,Northern Railway,Engine Works,120k,Twelve engines are ordered,Invented Gazette
1844-04-02,Payment,Northern Railway,Engine Works,30k,A quarter is paid in advance,Invented Gazette
"""
QUOTES = """\
date,actor,close,shares
2025-01-02,chipmaker,10.5,100
2025-01-03,chipmaker,10.7,100
2025-02-04,chipmaker,11,100
"""
RECORD = """\
[record]
until = 2025-06-30
source = "an example"
confidence = "assumption"

[money]"""
WHAT_IF = """\
question = "And if not?"
at = 2025-02-01
without = ["round"]
keep = ["chips"]
shock = ["market -30% 2025-05-01"]
reseed = 3
[set]
silent_step = 0.01
[change.plan]
ceiling = 12
"""
BOMBS = (
    "WITH RECURSIVE t AS (SELECT 1 AS n UNION ALL SELECT n + 1 FROM t) SELECT * FROM t",
    "SELECT a.position FROM events a " + " ".join(f"CROSS JOIN events e{n}" for n in range(12)),
    "SELECT " + "+".join(["1"] * 20_000) + " AS x FROM events",
    "SELECT " + "(" * 5_000 + "1" + ")" * 5_000,
    "SELECT * FROM read_csv('/etc/passwd')",
    "SELECT * FROM '/etc/passwd'",
    "SELECT * FROM scan_parquet('x.parquet')",
    "COPY events TO '/tmp/x'",
    "ATTACH '/tmp/x' AS y",
    "DROP TABLE events",
    "INSERT INTO events SELECT * FROM events",
    "UPDATE events SET kind = 'x'",
    "PRAGMA writable_schema=1",
    "SELECT load_extension('x')",
    "SELECT REPEAT('a', 1000000000) FROM events",
    "SELECT 'a' || REPEAT(headline, 100000000) FROM events",
    "SELECT 9223372036854775807 + 1, -9223372036854775808 - 1, 1/0, 1 % 0",
    "SELECT CAST('9" + "9" * 400 + "' AS BIGINT)",
    "SELECT * FROM events WHERE headline LIKE '" + "%a" * 20_000 + "'",
    "SELECT * FROM events WHERE headline ~ '" + "(a+)+" * 500 + "$'",
    "SELECT * FROM events; DROP TABLE events",
    "SELECT " + ", ".join(f"position AS c{n}" for n in range(20_000)) + " FROM events",
    "SELECT " + "CASE WHEN 1=1 THEN " * 3_000 + "1" + " ELSE 0 END" * 3_000,
    "SELECT * FROM " + "(SELECT * FROM " * 2_000 + "events" + ") x" * 2_000,
    "",
    "\0",
    ";",
    "SELECT",
    "-- nothing",
    "SELECT '\ud800'",
)
TOML, WHATS, CSV, PRICES, LINES, ASK = range(6)


class Hostile:
    """The hostile inputs of one campaign."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.seed, self.folder, self.work = seed, folder, folder / "work"
        self.tally = Tally("hostile inputs")
        self.made = folder / "made"
        self.made.mkdir()
        files = starting_files("demo")
        self._story(files | {"replay.toml": files["replay.toml"].replace("[money]", RECORD, 1)}, self.made)
        for words in (
            ("run", "demo", "--db", "demo.db"),
            ("export", "demo.db", "--format", "jsonl", "-o", "e.jsonl"),
        ):
            done = verb(*words, at=self.made)
            assert done.status == 0, done.said
        (self.made / "w.toml").write_text(WHAT_IF)
        done = verb("what-if", "demo.db", "--name", "w", "--from", "w.toml", at=self.made)
        assert done.status == 0, done.said
        for file, text in (("rail.csv", TABLE), ("q.csv", QUOTES)):
            (self.made / file).write_text(text)
        for words in (
            ("import", "rail.csv"),
            ("check", "rail"),
            ("import", "e.jsonl", "--db", "e.db"),
            ("import", "q.csv", "--quotes", "--story", "demo"),
            ("check", "demo"),
        ):
            done = verb(*words, at=self.made)
            assert done.status == 0, done.said
        _, *lines = (self.made / "e.jsonl").read_bytes().splitlines()
        assert rechained([json.loads(line) for line in lines])[0] == lines  # so nothing is refused for that
        shutil.rmtree(self.made / "rail")
        (self.made / "demo" / "quotes.csv").unlink()
        (self.made / "e.db").unlink()
        self.tries = (self._toml, self._toml, self._what_if, self._csv, self._prices, self._lines, self._ask)

    def run(self, inputs: int) -> Tally:
        """So many inputs, of every sort in turn."""
        for number in range(inputs):
            shutil.rmtree(self.work, ignore_errors=True)
            shutil.copytree(self.made, self.work)
            self.tries[number % len(self.tries)](
                f"hostile {self.seed}/{number}", dice(self.seed, "hostile", number), number
            )
            self.tally.tried += 1
        return self.tally

    def _do(self, address: str, *words: str):
        return self.tally.saw(verb(*words, at=self.work), address)

    def _end(self, what: str, status: int) -> None:
        self.tally.ends[f"{what} {'refused' if status else 'taken'}"] += 1

    @staticmethod
    def _story(files: dict[str, str], place: Path) -> None:
        (place / "demo").mkdir()
        for name, text in files.items():
            (place / "demo" / name).write_text(text)

    def _toml(self, address: str, chance, _number: int) -> None:
        file = self.work / "demo" / chance.choice(("replay.toml", "replay.toml", "timeline.toml"))
        file.write_bytes(mutated(file.read_bytes(), chance))
        self._checked_and_run(address, "demo", "toml")

    def _checked_and_run(self, address: str, story: str, what: str) -> None:
        """What `check` passes is performed, and verifies; what it refuses is not performed."""
        check = self._do(address, "check", story)
        run = self._do(address, "run", story, "--db", "n.db")
        if (check.status == 0) != (run.status == 0):
            self.tally.fault("wrong", f"{address}: {check.said} {check.out[-300:]!r} but {run.said}")
        if run.status == 0:
            verify = self._do(address, "verify", "n.db")
            if verify.status:
                self.tally.fault("wrong", f"{address}: {verify.said} {verify.out[-300:]!r}")
            for words in (("replay", "n.db"), ("tell", "n.db")):
                done = self._do(address, *words)
                if done.status:
                    self.tally.fault("wrong", f"{address}: {done.said}")
        self._end(what, run.status)

    def _what_if(self, address: str, chance, _number: int) -> None:
        file = self.work / "w.toml"
        file.write_bytes(mutated(file.read_bytes(), chance))
        done = self._do(address, "what-if", "demo.db", "--name", "x", "--from", "w.toml")
        if self._do(address, "verify", "demo.db").status:
            self.tally.fault("wrong", f"{address}: {done.said}: the history no longer verifies")
        self._end("what-if", done.status)

    def _csv(self, address: str, chance, _number: int) -> None:
        (self.work / "rail.csv").write_bytes(celled(TABLE, chance))
        done = self._do(address, "import", "rail.csv")
        self._end("csv", done.status)
        if done.status == 0:
            self._checked_and_run(address, "rail", "csv of a story")

    def _prices(self, address: str, chance, _number: int) -> None:
        (self.work / "q.csv").write_bytes(celled(QUOTES, chance))
        done = self._do(address, "import", "q.csv", "--quotes", "--story", "demo")
        self._end("prices", done.status)
        if done.status == 0:
            self._checked_and_run(address, "demo", "prices of a story")

    def _lines(self, address: str, chance, _number: int) -> None:
        """An export with something in it changed and every digest made anew, as somebody could."""
        file = self.work / "e.jsonl"
        file.write_bytes(forged(file.read_bytes(), chance))
        done = self._do(address, "import", "e.jsonl", "--db", "n.db")
        self._end("json lines", done.status)
        if done.status == 0:
            verify = self._do(address, "verify", "n.db")
            for words in (
                ("replay", "n.db"),
                ("tell", "n.db"),
                ("log", "n.db", "--all"),
                ("why", "n.db", "4"),
                ("resume", "n.db"),
                ("page", "n.db", "-o", "p.html"),
            ):
                done = self._do(address, *words)
                if done.status and not verify.status:
                    self.tally.fault("wrong", f"{address}: it verifies, but {done.said}")

    def _ask(self, address: str, chance, number: int) -> None:
        turn = number // len(self.tries)
        sql = BOMBS[turn % len(BOMBS)] if turn < len(BOMBS) else mutated_sql(chance.choice(BOMBS), chance)
        limits = ("--seconds", "8", "--memory", "0.9", "--rows", "100000")
        done = self._do(address, "query", "demo.db", sql.replace("\0", ""), *limits)
        if b"root:" in done.out:
            self.tally.fault("wrong", f"{address}: it read a file: {done.said}")
        if self._do(address, "branches", "demo.db").status:
            self.tally.fault("lost", f"{address}: {done.said}")
        self._end("sql", done.status)


def mutated(text: bytes, chance) -> bytes:
    """One to three changes of a file: values made wild, lines lost, doubled or exchanged, bytes put in."""
    lines = text.split(b"\n")
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(lines))
        way = chance.randrange(10)
        if way < 5:
            with_value = [n for n, line in enumerate(lines) if re.match(rb"[\w.]+ = ", line)]
            at = chance.choice(with_value)
            key = lines[at].partition(b" = ")[0]
            lines[at] = key + b" = " + chance.choice(WILD).encode("utf-8", "surrogatepass")
        elif way == 5:
            del lines[at]
        elif way == 6:
            lines.insert(at, chance.choice(lines))
        elif way == 7:
            other = chance.randrange(len(lines))
            lines[at], lines[other] = lines[other], lines[at]
        elif way == 8:
            cut = chance.randrange(len(lines[at]) + 1)
            odd = (
                b"\0",
                b"\xff",
                b"\xef\xbb\xbf",
                b"\r",
                b"\x1b[2J",
                b'"',
                b"]",
                b"\\",
                b"." * 50_000,
                b"\xe2\x80\xae",
            )
            lines[at] = lines[at][:cut] + chance.choice(odd) + lines[at][cut:]
        else:
            lines = lines[: max(at, 2)]
        lines = lines or [b""]
        if not any(re.match(rb"[\w.]+ = ", line) for line in lines):
            break
    return b"\n".join(lines)


def celled(text: str, chance) -> bytes:
    """One to three cells made wild, or a line, or the whole of it."""
    lines = [line.split(",") for line in text.splitlines()]
    for _ in range(chance.randint(1, 3)):
        row = chance.choice(lines)
        way = chance.randrange(8)
        if way < 5:
            row[chance.randrange(len(row))] = chance.choice(CELLS)
        elif way == 5:
            lines.append(list(row))
        elif way == 6:
            row.append(chance.choice(CELLS))
        else:
            row[:] = row[: chance.randrange(1, len(row) + 1)]
    whole = "\n".join(",".join(row) for row in lines).encode()
    way = chance.randrange(12)
    if way == 0:
        return whole.decode().encode("utf-16")
    if way == 1:
        return whole + b"\n" + b"\xff\xfe"
    if way == 2:
        return whole[: chance.randrange(len(whole))]
    return whole


DEEP = '{"a":' * 5_000 + "1" + "}" * 5_000


def forged(text: bytes, chance) -> bytes:
    """An export of which something is another, with digests that fit."""
    header, *lines = text.splitlines()
    rows = [json.loads(line) for line in lines]
    for _ in range(chance.randint(1, 2)):
        row = chance.choice(rows)
        way = chance.randrange(5)
        if way == 0:
            row[chance.choice(sorted(row.keys() - {"digest", "fact"}))] = chance.choice(
                (-1, 0, 2**70, "", "x", None, [], [1], [10**9], "Order@9", "\x1b[2J", 1.5)
            )
        elif way == 1:
            leaf(row["fact"], chance)
        elif rows[0]["fact"].get("text"):
            story = json.loads(rows[0]["fact"]["text"])
            leaf(story, chance)
            rows[0]["fact"]["text"] = json.dumps(story, sort_keys=True, separators=(",", ":"))
    first = json.loads(header)
    body, last = rechained(rows)
    first["branches"][0]["digest"] = last
    if not chance.randrange(6):
        leaf(first, chance)
    return b"\n".join([json.dumps(first).encode(), *body]) + b"\n"


def rechained(rows: list[dict]) -> tuple[list[bytes], str]:
    """Lines whose digests fit what stands in them now, and the last digest."""
    out, last = [], GENESIS
    for row in rows:
        try:
            causes = ",".join(map(str, row["causes"]))
            about = (row[name] for name in ("position", "moment", "kind", "origin", "actor"))
            last = chain(last, *about, causes, written(row["fact"]))
        except (TypeError, UnicodeEncodeError):
            pass  # a row that no reader takes for one
        row["digest"] = last.hex()
        out.append(written(row))
    return out, last.hex()


def written(tree: object) -> bytes:
    """JSON as the export writes it, whose bytes are digested as they stand."""
    return json.dumps(tree, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "surrogatepass")


def leaf(tree, chance) -> None:
    """Change one leaf of a tree of JSON, whichever."""
    places = []

    def walk(node) -> None:
        for key in sorted(node) if isinstance(node, dict) else range(len(node)):
            places.append((node, key))
            if isinstance(node[key], dict | list):
                walk(node[key])

    walk(tree)
    node, key = chance.choice(places)
    node[key] = chance.choice(
        (
            -1,
            0,
            1,
            2**63,
            -(2**63),
            10**30,
            0.0,
            -1.5,
            1e308,
            1e-320,
            None,
            "",
            "x",
            "\x1b[2J",
            "a" * 100_000,
            [],
            {},
            True,
        )
    )


def mutated_sql(sql: str, chance) -> str:
    """SQL with a piece of it lost, doubled or exchanged."""
    at, to = sorted(chance.randrange(len(sql) + 1) for _ in range(2))
    return chance.choice(
        (sql[:at] + sql[to:], sql[:to] + sql[at:], sql[:at] + chance.choice(BOMBS) + sql[to:])
    )
