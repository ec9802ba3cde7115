"""The SQL query for a log's wanted rows.

No index serves it: one would cost every append more than a look through costs the few who look.
SQLite itself passes a million facts over in a third of a second.
"""

from events.stores.protocol import UNTOLD, Wanted

_FOUND = (
    "SELECT id, moment, name, causes, fact, digest, (SELECT digest FROM events b WHERE b.id = e.id - 1)"
    " FROM events e WHERE id BETWEEN ? AND ?"
)

# An amount above nothing, or else a ceiling, is the sum of a fact that begins with one; to look at it alone
# takes a quarter of the time.
_BEGINS = (
    "WHEN substr(fact, 1, {0}) = CAST('{1}' AS BLOB) AND substr(fact, {0} + 1, 1) BETWEEN x'31' AND x'39'"
    " THEN CAST(substr(fact, {0} + 1, 20) AS INTEGER) >= ?"
)
_REACHES = " ".join(
    ("CASE", *(_BEGINS.format(len(begin), begin) for begin in ('{"amount":', '{"ceiling":')),
     "ELSE CAST(fact AS TEXT) GLOB ? END")
)  # fmt: skip  # one expression


def query(wanted: Wanted) -> tuple[str, list[object]]:
    """The query for the wanted rows between two addresses, and its values after those two.

    Of several causes in one row it cannot tell, and lets the row by.
    """
    terms: list[str] = [_FOUND]
    values: list[object] = []
    if wanted.names is not None:
        # As text: there may be more names than SQLite takes values.
        terms.append(f"name IN ({','.join(str(int(name)) for name in wanted.names)})")
    if wanted.causes:
        causes = ",".join(f"'{int(cause)}'" for cause in sorted(wanted.causes))
        terms.append(f"(causes IN ({causes}) OR instr(causes, ','))")
    if wanted.told:
        told = ",".join(str(int(name)) for name in wanted.told)
        terms.append(f"(name NOT IN ({told}) OR NOT instr(fact, ?))")
        values.append(UNTOLD)
    for part in wanted.holding:
        terms.append("instr(fact, ?)")
        values.append(part)
    for word in wanted.words:
        terms.append("CAST(fact AS TEXT) LIKE ? ESCAPE '\\'")
        values.append(f"%{_literal(word)}%")
    if wanted.least:
        terms.append(_REACHES)
        values += [wanted.least, wanted.least, f"*:{'[0-9]' * len(str(wanted.least))}*"]
    return f"{' AND '.join(terms)} ORDER BY id", values


def _literal(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
