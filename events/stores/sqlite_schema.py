"""The tables of a log in SQLite, and whether a file's are these and no others.

A trigger or a view that somebody added would let an ordinary append change what was appended before.
"""

from collections.abc import Sequence

TABLES = """
CREATE TABLE branches (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, parent INTEGER,
    position INTEGER NOT NULL, question TEXT NOT NULL, seal BLOB NOT NULL);
CREATE TABLE heads (branch INTEGER PRIMARY KEY, position INTEGER NOT NULL, digest BLOB NOT NULL,
    lived INTEGER, target INTEGER, seal BLOB NOT NULL);
CREATE TABLE names (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, origin TEXT NOT NULL,
    actor TEXT NOT NULL, seal BLOB NOT NULL);
CREATE TABLE events (id INTEGER PRIMARY KEY, moment INTEGER NOT NULL, name INTEGER NOT NULL,
    causes TEXT NOT NULL, fact BLOB NOT NULL, digest BLOB NOT NULL);
CREATE TABLE seals (id INTEGER PRIMARY KEY, seal BLOB NOT NULL);
CREATE TABLE snapshots (branch INTEGER NOT NULL, position INTEGER NOT NULL, made_of TEXT NOT NULL,
    digest BLOB NOT NULL, data BLOB NOT NULL, seal BLOB NOT NULL,
    PRIMARY KEY (branch, made_of, position)) WITHOUT ROWID;
CREATE TABLE marks (id INTEGER PRIMARY KEY, mark BLOB NOT NULL, former BLOB);
CREATE TABLE makers (branch INTEGER PRIMARY KEY, program TEXT NOT NULL, model TEXT NOT NULL);
CREATE TABLE attached (name TEXT PRIMARY KEY, text TEXT NOT NULL, seal BLOB NOT NULL);
"""
STATEMENTS = tuple(statement.strip() for statement in TABLES.strip().split(";")[:-1])
MARKS, MAKERS, ATTACHED = STATEMENTS[-3:]  # which files of before have not
# What SQLite keeps of them; the indices that it makes by itself have no text.
ASKED = "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"
_STATISTICS = "CREATE TABLE sqlite_stat"  # of ANALYZE; they decide nothing


def strange(rows: Sequence[tuple[object, object, object]]) -> str:
    """The first thing that a file's schema has too much or too little, in words; empty for none."""
    expected = {statement.split()[2]: statement for statement in STATEMENTS}
    for kind, name, text in rows:
        if kind == "table" and expected.get(str(name)) == text:
            del expected[str(name)]
        elif kind == "table" and str(name) in expected:
            return f"the table {name} is not as it was made"
        elif not str(text).startswith(_STATISTICS):
            return f"it has the {ascii(kind)[1:-1]} {name!a}, which no log has"
    expected.pop("snapshots", None)  # memory: without it reading is slower, and nothing else
    for late in ("makers", "marks", "attached"):
        expected.pop(late, None)
    return f"the table {min(expected)} is missing" if expected else ""
