"""What is wanted of a log, as SQLite is asked for it.

No index serves these: one would cost every append more than a look through costs the few who look.
SQLite itself passes a million facts over in a third of a second.
"""

from events.stores import Wanted

_FOUND = (
    "SELECT id, moment, name, causes, fact, digest, (SELECT digest FROM events b WHERE b.id = e.id - 1)"
    " FROM events e WHERE id BETWEEN ? AND ?"
)

# An amount above nothing, where a fact begins with one, is its sum; to look at it alone takes a quarter of
# the time.
_REACHES = (
    "CASE WHEN substr(fact, 1, 10) = CAST('{\"amount\":' AS BLOB)"
    " AND substr(fact, 11, 1) BETWEEN x'31' AND x'39'"
    " THEN CAST(substr(fact, 11, 20) AS INTEGER) >= ? ELSE CAST(fact AS TEXT) GLOB ? END"
)


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
    for part in wanted.holding:
        terms.append("instr(fact, ?)")
        values.append(part)
    for word in wanted.words:
        terms.append("CAST(fact AS TEXT) LIKE ? ESCAPE '\\'")
        values.append(f"%{_literal(word)}%")
    if wanted.least:
        terms.append(_REACHES)
        values += [wanted.least, f"*:{'[0-9]' * len(str(wanted.least))}*"]
    return f"{' AND '.join(terms)} ORDER BY id", values


def _literal(word: str) -> str:
    return word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
