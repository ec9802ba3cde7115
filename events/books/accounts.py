"""Accounts, the posting table's language, and the sequential fold that every decision reads.

The table is data. A `Posting` row says: an event of `kind` adds (`sign` +1 or -1) or sets
(`sign` 0) `value` in `account[key]`. `value` is a field of the fact or a whole constant; a missing
value posts nothing. `key` lists fields of the fact, or constants written "=outside"; several are
joined by "/", and a missing key field posts nothing. `given` lists fields of the fact: the row posts only
where it has one of them, or, where `lacking`, only where it has none.

Four folds, all associative:

- sum: whole numbers, refused beyond ±2**53. An `open` sum is dropped at zero together with the
  accounts that name it in `within`, so that state grows with what is open, not with history.
- fading: a float that halves every half-life; kept as (value, moment of last posting) and never
  rebased by reading.
- last: what was posted last.
- extreme: the largest value posted.
"""

from collections.abc import Callable, Iterable, Mapping
from functools import cache, lru_cache, partial
from hashlib import sha256
from itertools import groupby
from operator import attrgetter
from typing import Any, NoReturn, cast

import msgspec
from attrs import Attribute, field, fields_dict, frozen

from events.errors import Damaged, Overflow
from events.event import Event
from events.facts import KINDS
from events.fields import LIMIT, Fact, UnitName, never_negative

# account -> key -> value: int for sum, last and extreme; (float, moment) for fading.
State = dict[str, dict[str, Any]]
Step = Callable[[Fact, int], None]


@frozen
class Account:
    """One named account. `half_life` names the reading parameter (seconds) of a fading one; `unit` is
    that of the fields posted to it; `spent` that an actor's acts take from it what must be there.
    """

    name: str
    fold: str = "sum"
    half_life: str | None = None
    open: bool = False
    within: str | None = None
    # Neither changes what is folded, so that a snapshot of a table without them is as good.
    unit: UnitName | None = field(default=None, repr=False)
    spent: bool = field(default=False, repr=False)


@frozen
class Posting:
    """One row of the table. `sign`: 1 adds, -1 takes away, 0 sets (last and extreme)."""

    kind: str
    account: str
    key: tuple[str, ...]
    sign: int
    value: str | int
    given: tuple[str, ...] = ()
    lacking: bool = False

    def applies(self, get: Callable[[str], object]) -> bool:
        """Whether the row posts a fact whose fields `get` gives by name, None for a missing one."""
        return not self.given or any(get(name) is not None for name in self.given) != self.lacking


@frozen
class Table:
    """The accounts and the rows that post to them."""

    accounts: tuple[Account, ...]
    postings: tuple[Posting, ...]

    def account(self, name: str) -> Account:
        """The account of that name. Raises KeyError for none."""
        return next(a for a in self.accounts if a.name == name)

    def rows(self, kind: str) -> tuple[Posting, ...]:
        """The rows of one kind, in the order in which they post: those of one value together."""
        rows = [row for row in self.postings if row.kind == kind]
        values = [row.value for row in rows]
        return tuple(sorted(rows, key=lambda row: values.index(row.value)))

    def touched(self, kind: str) -> frozenset[str]:
        """Names of the accounts that an event of this kind may post to."""
        return frozenset(row.account for row in self.rows(kind))

    def fingerprint(self) -> str:
        """Names this very table: a snapshot made by another one is no use."""
        return sha256(repr(self).encode()).hexdigest()[:16]


def posted(rows: Iterable[Posting], fact: Fact) -> list[tuple[str, str, int]]:
    """The postings that rows of the table make of a fact: (account, key, amount with its sign); a row
    that sets carries the value as it is.
    """
    found = []
    for row in rows:
        value = row.value if isinstance(row.value, int) else getattr(fact, row.value)
        if value is None or (row.given and not row.applies(partial(getattr, fact))):
            continue
        key = _key_of(row.key)(fact)
        if key is not None:
            found.append((row.account, key, value * (row.sign or 1)))
    return found


@cache
def _key_of(key: tuple[str, ...]) -> Callable[[Fact], str | None]:
    """A function from a fact to the key that a row of the table names, None where a part of it is missing."""
    if len(key) == 1 and not key[0].startswith("="):
        return attrgetter(key[0])
    parts = [attrgetter(part) if not part.startswith("=") else None for part in key]
    words = [part[1:] for part in key]

    def read(fact: Fact) -> str | None:
        found = [word if part is None else part(fact) for part, word in zip(parts, words, strict=True)]
        return None if None in found else "/".join(found)

    return read


# What is left at a moment of a value that stood at an earlier one; all times in seconds. The formula
# is text so that the compiled steps hold it too: a call a posting would slow the fold by an eighth.
_FADED = "value * 2.0 ** ((since - at) / half_life)"
faded: Callable[[float, int, int, float], float] = eval(  # noqa: S307  # its text is this file's own
    f"lambda value, since, at, half_life: {_FADED}"
)


# A price is read off six fading accounts, many times a moment: each reader is compiled with its account's
# own values and half-life in it, which takes half the time of looking both up.
_READER = f"""
def reader(kept, half_life):
    def read(key, at):
        found = kept.get(key)
        if found is None:
            return 0.0
        value, since = found
        return {_FADED}
    return read
"""
_SCOPE: dict[str, Any] = {}
exec(_READER, _SCOPE)  # noqa: S102  # its text is this file's own


class Fold:
    """The sequential fold: the accounts as they stand after the events stepped so far.

    `half_lives` gives seconds for each reading parameter that a fading account names. `readers` are as
    `fading`, by account.
    """

    def __init__(self, table: Table, half_lives: Mapping[str, float], state: State | None = None) -> None:
        self.table = table
        self.half_lives = dict(half_lives)
        self.state: State = {account.name: {} for account in table.accounts}
        for name, values in (state or {}).items():
            self.state[name].update(values)
        self._steps = _compiled(table, self.half_lives, self.state)
        self.readers: dict[str, Callable[[str, int], float]] = {
            a.name: _SCOPE["reader"](self.state[a.name], self.half_lives[a.half_life])
            for a in table.accounts
            if a.half_life
        }

    def post(self, kind: str, fact: Fact, moment: int) -> None:
        """Post one fact. Raises Overflow, after which the fold is no use."""
        step = self._steps.get(kind)
        if step is not None:
            step(fact, moment)

    def step(self, event: Event) -> None:
        """Post one event."""
        self.post(event.kind, event.fact, event.moment)

    def steps(self, events: Iterable[Event]) -> None:
        """Post many events, in order."""
        found = self._steps.get
        for event in events:
            step = found(event.kind)
            if step is not None:
                step(event.fact, event.moment)

    def sum(self, account: str, key: str) -> int:
        """A sum; 0 where nothing was posted."""
        found: int = self.state[account].get(key, 0)
        return found

    def last(self, account: str, key: str) -> int | None:
        """The value posted last, or None where nothing was posted."""
        found: int | None = self.state[account].get(key)
        return found

    def fading(self, account: str, key: str, at: int) -> float:
        """A fading sum read at a moment; reading never changes what is kept."""
        return self.readers[account](key, at)

    def copy(self) -> "Fold":
        """A fold of its own with the same accounts."""
        return Fold(self.table, self.half_lives, self.state)

    def dump(self) -> State:
        """The accounts as plain data for a snapshot; floats come back to the bit."""
        return {name: dict(values) for name, values in self.state.items() if values}

    @classmethod
    def load(cls, table: Table, half_lives: Mapping[str, float], data: Mapping[str, Any]) -> "Fold":
        """The fold that `dump` described. Raises Damaged for data that is no dump of this table."""
        kinds = {a.name: a.fold for a in table.accounts}
        try:
            state = {name: msgspec.convert(values, _SHAPES[kinds[name]]) for name, values in data.items()}
        except (KeyError, msgspec.ValidationError) as error:
            raise Damaged(f"A snapshot does not fit the accounts: {error}. It can be dropped.") from None
        return cls(table, half_lives, state)


_SHAPES: dict[str, Any] = {
    "sum": dict[str, int],
    "last": dict[str, int],
    "extreme": dict[str, int],
    "fading": dict[str, tuple[float, int]],
}


# --- compiling ----------------------------------------------------------------------------------
# One Python function a kind, written out from the table: a loop over rows costs four times as much.


def _compiled(table: Table, half_lives: Mapping[str, float], state: State) -> dict[str, Step]:
    bind = _bound(table, tuple(sorted(half_lives.items())))
    return bind(state, overflow)


@lru_cache(maxsize=8)  # a fold is made for every branch that begins to live; its source is always the same
def _bound(table: Table, half_lives: tuple[tuple[str, float], ...]) -> Callable[..., dict[str, Step]]:
    kinds = sorted({row.kind for row in table.postings})
    lines = ["def bind(state, overflow):"]
    lines += [f"    a_{account.name} = state[{account.name!r}]" for account in table.accounts]
    for kind in kinds:
        lines += _step_source(table, kind, dict(half_lives))
    lines.append(f"    return {{{', '.join(f'{kind!r}: s_{kind}' for kind in kinds)}}}")
    scope: dict[str, Any] = {}
    exec("\n".join(lines), scope)  # noqa: S102  # the source is the table's, checked by _step_source
    return cast("Callable[..., dict[str, Step]]", scope["bind"])


def overflow(account: str, key: str, value: int) -> NoReturn:
    """Refuse a sum. Both folds do so in these words."""
    raise Overflow(
        f"{account}[{key}] would become {value}, beyond the ±{LIMIT} in which whole numbers stay exact; "
        "choose a larger smallest unit for the story."
    )


def _step_source(table: Table, kind: str, half_lives: Mapping[str, float]) -> list[str]:
    known = fields_dict(KINDS[kind])
    lines = [f"    def s_{kind}(fact, at):"]
    for value, posted in groupby(table.rows(kind), lambda row: row.value):
        indent = "        "
        if isinstance(value, int):
            lines.append(f"{indent}v = {value}")
        else:
            lines.append(f"{indent}v = fact.{known[value].name}")
            if _optional(known[value]):
                lines.append(f"{indent}if v is not None:")
                indent += "    "
        for row in posted:
            lines += [indent + line for line in _row_source(table, row, known, half_lives)]
    return lines


def _optional(attribute: "Attribute[Any]") -> bool:
    return attribute.default is None


def _row_source(
    table: Table, row: Posting, known: Mapping[str, "Attribute[Any]"], half_lives: Mapping[str, float]
) -> list[str]:
    fields = [part for part in row.key if not part.startswith("=")]
    optional = [f"fact.{known[part].name} is not None" for part in fields if _optional(known[part])]
    account = table.account(row.account)
    post = _post_source(table, account, row.sign, half_lives, _beyond(row, known))
    body = [f"k = {_key_source(row.key)}", *post]
    if row.given:
        there = " or ".join(f"fact.{known[name].name} is not None" for name in row.given)
        optional.append(f"{'not ' if row.lacking else ''}({there})")
    if optional:
        return [f"if {' and '.join(optional)}:", *("    " + line for line in body)]
    return body


def _key_source(key: tuple[str, ...]) -> str:
    if len(key) == 1:
        return repr(key[0][1:]) if key[0].startswith("=") else f"fact.{key[0]}"
    return 'f"' + "/".join(part[1:] if part.startswith("=") else f"{{fact.{part}}}" for part in key) + '"'


def _beyond(row: Posting, known: Mapping[str, "Attribute[Any]"]) -> str:
    """The source text of a test that the new sum `x` is out of range; short where its direction is known."""
    value = row.value
    if value >= 0 if isinstance(value, int) else never_negative(known[value]):
        return f"x < {-LIMIT}" if row.sign < 0 else f"x > {LIMIT}"
    return f"not {-LIMIT} <= x <= {LIMIT}"


def _post_source(
    table: Table, account: Account, sign: int, half_lives: Mapping[str, float], beyond: str
) -> list[str]:
    held = f"a_{account.name}"
    signed = "- v" if sign < 0 else "+ v"
    if account.fold == "last":
        return [f"{held}[k] = v"]
    if account.fold == "extreme":
        return [f"if k not in {held} or {held}[k] < v: {held}[k] = v"]
    if account.fold == "fading":
        life = float(half_lives[account.half_life or ""])
        return [
            "try:",
            f"    value, since = {held}[k]",
            f"    {held}[k] = ({_FADED.replace('half_life', repr(life))} {signed}, at)",
            "except KeyError:",
            f"    {held}[k] = (0.0 {signed}, at)",
        ]
    check = f"if {beyond}: overflow({account.name!r}, k, x)"
    if not account.open:
        # Most postings find their key; a `try` that succeeds costs nothing.
        return [
            "try:",
            f"    x = {held}[k] {signed}",
            "except KeyError:",
            f"    x = 0 {signed}",
            check,
            f"{held}[k] = x",
        ]
    inner = [f"a_{a.name}.pop(k, None)" for a in table.accounts if a.within == account.name]
    return [
        f"x = {held}.get(k, 0) {signed}",
        check,
        "if x:",
        f"    {held}[k] = x",
        "else:",
        f"    {held}.pop(k, None)",
        *("    " + i for i in inner),
    ]
