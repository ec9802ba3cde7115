"""The shape of a story's files as JSON Schema (draft-07), for editors; from the same fields that read."""

from typing import Any

from events.event import OUTSIDE
from narrative.story.keys import (
    LISTS,
    QUESTION,
    READABLE,
    TELLABLE,
    Field,
    Fields,
    Head,
    Quarters,
    Sighting,
    common_fields,
    entry_fields,
    link_fields,
    names_actors,
    own_fields,
    party_fields,
    shape,
)

DRAFT = "http://json-schema.org/draft-07/schema#"
_TEXT = {"type": "string", "minLength": 1}
_NAME = {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]*$"}
# A TOML date is a string to JSON Schema; one that only the Julian calendar has is written in quotes.
_DATE = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d([Tt ]\d\d:\d\d(:\d\d)?)?$"}
_SORTS: dict[str, dict[str, Any]] = {
    "text": _TEXT,
    "name": _NAME,
    "reference": {"type": "string", "pattern": r"^[A-Za-z0-9][A-Za-z0-9._-]*(:[A-Za-z0-9][A-Za-z0-9._-]*)*$"},
    "actor": {**_NAME, "description": "the id of an actor"},
    "party": {**_NAME, "description": f'the id of an actor, or "{OUTSIDE}"'},
    "role or actor": {**_TEXT, "description": "the id of an actor, or a role that an actor has"},
    "narrative": {**_NAME, "description": "the id of a narrative"},
    "entry": {**_NAME, "description": "the id of an entry"},
    "kind": {"enum": list(TELLABLE)},
    "whole": {"type": "integer"},
    "count": {"type": "integer", "minimum": 0},
    "number": {"type": "number"},
    "money": {"type": "number", "minimum": 0, "description": "in the story's written unit"},
    "signed money": {"type": "number", "description": "in the file's written unit, below zero for a loss"},
    "date": _DATE,
    "start": {**_DATE, "description": "a date means its first second"},
    "end": {**_DATE, "description": "a date means its last second"},
    "day": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\d$"},
    "clock": {"type": "string", "pattern": r"^\d\d:\d\d(:\d\d)?$"},
    "flag": {"type": "boolean"},
}


def story_schemas() -> dict[str, dict[str, Any]]:
    """A JSON Schema for each file of a story, by the file's name."""
    events = {"event": {"type": "array", "items": _entry()}}
    observations = {"observation": {"type": "array", "items": _table(shape(Sighting))}}
    return {
        "replay.toml": _file("A story", _table(shape(Head))),
        "timeline.toml": _file("What happened", _closed(events)),
        "observed.toml": _file("What markets did", _closed(observations)),
        "results.toml": _file("What companies reported", _table(shape(Quarters))),
        "what-ifs/*.toml": _file("A what-if", _what_if(events["event"])),
    }


def _what_if(event: dict[str, Any]) -> dict[str, Any]:
    """A question, and what is supposed: `narrative.whatif.request` reads it."""
    number = {"type": "number"}
    names = {field.name for kind in TELLABLE for field in entry_fields(kind)} - {"id", "kind"}
    changed = {"type": "object", "propertyNames": {"enum": sorted(names)}}
    own = {"type": "object", "additionalProperties": number}
    when = {"type": "string", "description": "a date means its end; #412 is a position"}
    properties = {
        **{field.name: _value(field) for field in (QUESTION, *LISTS)},
        "at": when,
        "set": {"type": "object", "additionalProperties": {"anyOf": [number, own]}},
        "change": {"type": "object", "additionalProperties": changed},
        "event": event,
    }
    return _closed(properties, ("question",))


def _file(title: str, table: dict[str, Any]) -> dict[str, Any]:
    return {"$schema": DRAFT, "title": f"narrative-engine: {title}", **table}


def _closed(properties: dict[str, Any], needed: tuple[str, ...] = ()) -> dict[str, Any]:
    required = {"required": list(needed)} if needed else {}
    return {"type": "object", "properties": properties, "additionalProperties": False, **required}


def _table(fields: Fields) -> dict[str, Any]:
    needed = tuple(field.name for field in fields if field.needed)
    return _closed({field.name: _value(field) for field in fields}, needed)


def _value(field: Field) -> dict[str, Any]:
    one = _one(field)
    return {"type": "array", "items": one} if field.many else one


def _one(field: Field) -> dict[str, Any]:
    if field.sort == "link":
        return _table(link_fields())
    if field.sort == "reads":
        return _closed({kind: _fields_of(kind) for kind in READABLE})
    if field.table is not None:
        return _table(shape(field.table))
    return {"enum": list(field.choices)} if field.choices else _SORTS[field.sort]


def _fields_of(kind: str) -> dict[str, Any]:
    return {"type": "array", "items": {"enum": [*names_actors(kind), "*"]}}


def _entry() -> dict[str, Any]:
    """The JSON Schema of an entry: the keys that any may have, and those of each kind."""
    every = _table(common_fields())
    cases = []
    for kind in TELLABLE:
        own = (*party_fields(kind), *own_fields(kind))
        case = _table(own)
        case["properties"] |= dict.fromkeys(every["properties"], True)
        cases.append({"if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]}, "then": case})
    del every["additionalProperties"]
    return {**every, "allOf": cases}
