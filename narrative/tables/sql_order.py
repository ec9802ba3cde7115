"""A fixed order for what SQL leaves open: polars promises none where it groups, joins or unites.

It is written into the text. Behind the terms of an ORDER BY stand the columns from left to right, so
that nothing ties; where rows come in no order, one is put in by those columns, before a LIMIT cuts.
Within brackets the same is done before a LIMIT; a star there counts as one column, so that behind it
what ties may be cut as it comes.
"""

import re
from collections.abc import Iterator

_QUOTED = re.compile(
    r"""'(?:[^']|'')*' | "(?:[^"]|"")*" | `[^`]*` | \$(\w*)\$.*?\$\1\$ | --[^\n]* | /\*.*?\*/""",
    re.DOTALL | re.VERBOSE,
)
_CLAUSE = r"\b(?:where|group|order|having|limit|offset|fetch|select|window|qualify)\b"
_SHUFFLES = re.compile(
    rf"""\b(?:group\s+by|distinct|join|union|intersect|except)\b
    | \b(?:in|exists)\s*\(\s*(?:select|with|from)\b
    | \bfrom\b(?:(?!{_CLAUSE})[^,])*,""",  # two tables with a comma between them are joined
    re.IGNORECASE | re.VERBOSE,
)
_ORDER = re.compile(r"\border\s+by\s+(all\b)?", re.IGNORECASE)
_CUT = re.compile(r"\b(?:limit|offset)\s+(?:\d|all\b)|\bfetch\s+(?:first|next)\b", re.IGNORECASE)
_INNERMOST = re.compile(r"\(([^()]*)\)")
_LIST = re.compile(r"\s*select\b(.*?)\bfrom\b", re.IGNORECASE | re.DOTALL)
_END = "; \n\t\r"
_WITH = re.compile(r"\s*with\b", re.IGNORECASE)


def bare(sql: str, *, names: bool = False) -> str:
    """The SQL with what stands in quotes or comments blanked out, and every other character where it was;
    quoted `names` stay on demand.
    """

    def blank(found: re.Match[str]) -> str:
        if found[0][0] in '"`':
            return found[0] if names else "." * len(found[0])
        return ("." if found[0][0] in "'$" else " ") * len(found[0])

    return _QUOTED.sub(blank, sql)


def ordered(sql: str, columns: int) -> str:
    """The SELECT with an order that leaves nothing open among its so many columns."""
    sql = _unbracketed(sql)
    plain = bare(sql)
    shuffled = bool(_SHUFFLES.search(plain))
    terms = ", ".join(str(column + 1) for column in range(columns))
    edits = []
    for start, level in _levels(plain):
        order = _ORDER.search(level)
        cut = _CUT.search(level)
        at = start + (cut.start() if cut else len(level.rstrip(_END)))
        if start == 0 and order and terms and not order[1]:
            edits.append((at, f", {terms} "))
        elif start == 0 and shuffled and terms and not order:
            edits.append((at, f" ORDER BY {terms} "))
        elif start and cut and order and not order[1] and (listed := _listed(level)):
            edits.append((at, f", {listed} "))
        elif start and cut and not order and _shuffles(plain, start, len(level)):
            edits.append((at, " ORDER BY ALL "))
    for at, words in sorted(edits, reverse=True):
        sql = f"{sql[:at]}{words}{sql[at:]}"
    return sql


def _listed(level: str) -> str:
    """The numbers of the columns that a SELECT lists; a star, which may be many, counts as one."""
    found = _LIST.match(level)
    return ", ".join(str(n + 1) for n in range(found[1].count(",") + 1)) if found else ""


def _shuffles(plain: str, start: int, length: int) -> bool:
    """True where the text between two brackets may give rows in any order; what WITH named always may."""
    return bool(_WITH.match(plain) or _SHUFFLES.search(plain, start, start + length))


def _levels(plain: str) -> Iterator[tuple[int, str]]:
    """Yield the text within each pair of brackets, and last that outside of all: (where it begins, the text
    with what is deeper blanked out).
    """
    while found := _INNERMOST.search(plain):
        yield found.start(1), found[1]
        plain = plain[: found.start()] + "." * len(found[0]) + plain[found.end() :]
    yield 0, plain


def _unbracketed(sql: str) -> str:
    """A query without the brackets that stand around the whole of it."""
    plain = bare(sql)
    while "(" in plain and not [*_levels(plain)][-1][1].strip(_END + "."):
        first, last = plain.index("("), plain.rindex(")")
        plain, sql = (f"{text[:first]} {text[first + 1 : last]} {text[last + 1 :]}" for text in (plain, sql))
    return sql
