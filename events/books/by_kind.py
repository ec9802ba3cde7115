"""The log laid out as columns: one frame a kind, for looking at long histories.

Bodies are parsed in bulk: those of one kind, joined by newlines, are JSON lines. Names (fields
with a rule, see `events.fields.who`) and actors become Categorical, free text stays String; cast a
name to String before using text functions on it. A field named like a column of the envelope
stands as `fact_moment`. Every frame is in order of position.

Frames can be laid down as Parquet, one file a kind. Such a folder is a copy and never the truth:
whoever keeps one knows of which branch and position it is, and may delete it at any time.
"""

from collections import defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import islice
from pathlib import Path
from shutil import rmtree
from typing import get_args, get_type_hints

import attrs
import polars as pl

from events.blocks import SPAN, Columns
from events.books.accounts import Table
from events.codec import decode, encode, kind_of
from events.event import Event, Row
from events.facts import KINDS

Frames = dict[str, pl.DataFrame]
# kind -> the columns wanted of it beside position and moment. Kinds not listed are left out.
Wanted = Mapping[str, Collection[str]]
Schema = dict[str, pl.DataType]
# Positions, moments, actors and bodies of some rows of one kind.
Group = tuple[Sequence[int] | pl.Series, Sequence[int] | pl.Series, Sequence[str] | pl.Series, list[bytes]]
# What numbers of names mean: kind@version, origin and actor.
Named = Mapping[int, tuple[str, str, str]]

CHUNK = 30_000
_PLACE: Schema = {"position": pl.Int64(), "moment": pl.Int64()}
_ENVELOPE = {*_PLACE, "actor"}
_NAMES = "names.parquet"
_TYPES: dict[type, pl.DataType] = {int: pl.Int64(), float: pl.Float64(), bool: pl.Boolean()}


def column(field: str) -> str:
    """The column in which a field of a fact stands."""
    return f"fact_{field}" if field in _ENVELOPE else field


def needed(table: Table) -> dict[str, tuple[str, ...]]:
    """The columns that the rows of a table read."""
    columns: defaultdict[str, set[str]] = defaultdict(set)
    for row in table.postings:
        columns[row.kind].update(column(part) for part in row.key if not part.startswith("="))
        if isinstance(row.value, str):
            columns[row.kind].add(column(row.value))
    return {kind: tuple(sorted(names)) for kind, names in sorted(columns.items())}


def everything() -> dict[str, tuple[str, ...]]:
    """The actor, and all fields of all kinds but `told`."""
    return {
        name: ("actor", *(column(field.name) for field in attrs.fields(kind) if field.name != "told"))
        for name, kind in KINDS.items()
    }


def frames(rows: Iterable[Row], wanted: Wanted | None = None) -> Frames:
    """Rows of a log, in order of position, as one frame a kind: position, moment, and the columns
    that are wanted.
    """
    return _laid_out(_grouped(iter(rows)), wanted)


def frames_of(events: Iterable[Event], wanted: Wanted | None = None) -> Frames:
    """The same frames from events in memory."""
    return frames(
        ((e.position, e.moment, kind_of(e.fact), e.origin, e.actor, "", encode(e.fact), b"") for e in events),
        wanted,
    )


def frames_of_blocks(
    blocks: Iterable[tuple[int, Columns]], named: Named, wanted: Wanted | None = None
) -> Frames:
    """The same frames, faster, from `Log.columns`; `Log.named` says what its numbers mean."""
    return _laid_out(_parted(iter(blocks), named), wanted)


def _laid_out(chunks: Iterable[Mapping[str, Group]], wanted: Wanted | None) -> Frames:
    # Reading (and checking digests) overlaps with parsing, which has a thread of its own.
    schemas = _schemas(wanted)
    parts = {kind: [pl.DataFrame(schema=schema)] for kind, schema in schemas.items()}
    pending: deque[Future[list[tuple[str, pl.DataFrame]]]] = deque()
    with ThreadPoolExecutor(1) as parser:
        for groups in chunks:
            pending.append(parser.submit(_parsed, groups, schemas))
            if len(pending) > 1:
                _collect(pending, parts)
        while pending:
            _collect(pending, parts)
    return {kind: _joined(parts.pop(kind)) for kind in schemas}


def _grouped(rows: Iterator[Row]) -> Iterator[Mapping[str, Group]]:
    """Rows taken apart by kind while they are at hand."""
    while chunk := list(islice(rows, CHUNK)):
        groups: defaultdict[str, tuple[list[int], list[int], list[str], list[bytes]]]
        groups = defaultdict(lambda: ([], [], [], []))
        for position, moment, stamp, _, actor, _, body, _ in chunk:
            positions, moments, actors, bodies = groups[stamp]
            positions.append(position)
            moments.append(moment)
            actors.append(actor)
            bodies.append(body)
        yield dict(groups)


def _parted(blocks: Iterator[tuple[int, Columns]], named: Named) -> Iterator[Mapping[str, Group]]:
    """The same of columns."""
    names = pl.DataFrame(
        [(number, stamp, actor) for number, (stamp, _, actor) in named.items()],
        schema={"number": pl.Int64(), "stamp": pl.Categorical(), "actor": pl.Categorical()},
        orient="row",
    )
    while True:
        bodies: defaultdict[str, list[bytes]] = defaultdict(list)
        add = {number: bodies[stamp].append for number, (stamp, _, _) in named.items()}
        positions: list[int] = []
        moments: list[int] = []
        numbers: list[int] = []
        for at, (_, when, what, _, facts, _) in islice(blocks, CHUNK // SPAN + 1):
            positions += range(at, at + len(when))
            moments += when
            numbers += what
            for number, body in zip(what, facts, strict=True):
                add[number](body)
        if not positions:
            return
        places = pl.DataFrame({"position": positions, "moment": moments, "number": numbers})
        places = places.join(names, on="number", how="left", maintain_order="left")
        parts = places.partition_by("stamp", maintain_order=True, as_dict=True)
        yield {
            str(stamp): (part["position"], part["moment"], part["actor"], bodies[str(stamp)])
            for (stamp,), part in parts.items()
        }


def _collect(
    pending: deque[Future[list[tuple[str, pl.DataFrame]]]], parts: Mapping[str, list[pl.DataFrame]]
) -> None:
    for kind, frame in pending.popleft().result():
        parts[kind].append(frame)


def _joined(parts: list[pl.DataFrame]) -> pl.DataFrame:
    joined = pl.concat(parts, rechunk=True)
    # Two versions of a kind in one chunk were parsed one after the other.
    return joined if joined["position"].is_sorted() else joined.sort("position")


def _parsed(groups: Mapping[str, Group], schemas: Mapping[str, Schema]) -> list[tuple[str, pl.DataFrame]]:
    parsed = []
    for stamp, group in groups.items():
        kind = stamp.partition("@")[0]
        if kind not in KINDS:
            decode(stamp, group[3][0])  # raises, with the nearest kind
        if kind in schemas:
            parsed.append((kind, _frame(stamp, group, schemas[kind])))
    return parsed


def _frame(stamp: str, group: Group, schema: Schema) -> pl.DataFrame:
    positions, moments, actors, bodies = group
    place = pl.DataFrame([positions, moments], schema=_PLACE)
    if "actor" in schema:
        place = place.with_columns(pl.Series("actor", actors, dtype=pl.Categorical))
    fields = {name.removeprefix("fact_"): dtype for name, dtype in schema.items() if name not in _ENVELOPE}
    if not fields:
        return place
    facts = pl.read_ndjson(b"\n".join(_today(stamp, bodies)), schema=fields)
    return place.hstack(facts.rename(column)).select(list(schema))


def _today(stamp: str, bodies: Iterable[bytes]) -> Iterable[bytes]:
    """Bodies in today's shape: those of older versions are lifted."""
    kind, _, version = stamp.partition("@")
    if version == str(KINDS[kind].version):
        return bodies
    return [encode(decode(stamp, body)) for body in bodies]


def _schemas(wanted: Wanted | None) -> dict[str, Schema]:
    return {
        kind: _schema(kind, names) for kind, names in (everything() if wanted is None else wanted).items()
    }


def _schema(kind: str, names: Collection[str]) -> Schema:
    hints = get_type_hints(KINDS[kind])
    rules = {field.name: field.validator is not None for field in attrs.fields(KINDS[kind])}
    schema = dict(_PLACE)
    for name in names:
        field = name.removeprefix("fact_")
        schema[name] = pl.Categorical() if name == "actor" else _dtype(hints[field], named=rules[field])
    return schema


def _dtype(hint: object, *, named: bool) -> pl.DataType:
    plain = {part for part in get_args(hint) or (hint,) if part is not type(None)}
    for python, dtype in _TYPES.items():
        if plain == {python}:
            return dtype
    return pl.Categorical() if named else pl.String()


# --- Parquet ------------------------------------------------------------------------------------


def lay_down(frames: Frames, folder: Path) -> None:
    """Write the frames as Parquet, a file a kind. The folder appears whole or not at all.

    Names are laid down as numbers into one list of names: read back as text they cost more than
    all the rest.
    """
    draft = folder.with_name(folder.name + ".part")
    for stale in (draft, folder):
        if stale.exists():
            rmtree(stale)
    draft.mkdir(parents=True)
    named = [frame[name].unique() for frame in frames.values() for name in _named(frame)]
    names = pl.concat([pl.Series("name", [], pl.Categorical), *named]).unique().drop_nulls()
    numbers = _numbers(names.to_physical())
    _write(names.cast(pl.String).to_frame(), draft / _NAMES)
    for kind, frame in frames.items():
        numbered = [numbers[frame[name].to_physical()].alias(name) for name in _named(frame)]
        _write(frame.with_columns(numbered), draft / f"{kind}.parquet")
    draft.rename(folder)


def _numbers(codes: pl.Series) -> pl.Series:
    """At each code, its place among the codes."""
    size = codes.to_list()
    empty = pl.select(pl.repeat(0, max(size, default=-1) + 1, dtype=pl.UInt32)).to_series()
    return empty.scatter(codes, pl.Series(range(len(size)), dtype=pl.UInt32))


def laid_down(folder: Path, wanted: Wanted | None = None) -> Frames:
    """The frames laid down in a folder; of those, the kinds and columns that are wanted."""
    names = pl.read_parquet(folder / _NAMES)["name"].cast(pl.Categorical)
    schemas = {
        kind: schema for kind, schema in _schemas(wanted).items() if (folder / f"{kind}.parquet").exists()
    }
    plans = [pl.scan_parquet(folder / f"{kind}.parquet").select(list(schemas[kind])) for kind in schemas]
    frames = {}
    for (kind, schema), frame in zip(schemas.items(), pl.collect_all(plans), strict=True):
        coded = [name for name, dtype in schema.items() if dtype == pl.Categorical]
        frames[kind] = frame.with_columns(names[frame[name]].alias(name) for name in coded)
    return frames


def _named(frame: pl.DataFrame) -> list[str]:
    return [name for name, dtype in frame.schema.items() if dtype == pl.Categorical]


def _write(frame: pl.DataFrame, path: Path) -> None:
    frame.write_parquet(path, compression="uncompressed", statistics=False)
