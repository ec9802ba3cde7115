"""Imports point down the stair, and a basename stands for one thing. Folders are walked: no list of files."""

import ast
from collections import defaultdict
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

# The stair of narrative/, from its foot: a room imports from rooms on lower steps and from itself. Rooms
# of one step do not know each other. A file that stands in no room is the room of its own name.
STAIR = (
    {"text"},
    {"books"},
    {"story"},
    {"engine"},
    {"analysis"},
    {"whatif", "tables", "prose", "charts"},
    {"weighing"},
    {"pages"},
    {"verbs"},
    {"testing", "__init__"},
    {"cli"},
    {"__main__"},
)
ROOMS_OF_EVENTS = {"books", "stores", "formats"}  # beside the files that stand in events/ itself
FAMILIES = {"stories", "living", "looking", "weighing", "handing"}  # of verbs, on the stair as in the cli


def modules(package: str) -> dict[str, Path]:
    """Every module of a package by its dotted name, `__init__` as the folder it opens."""
    found = {}
    for path in sorted((ROOT / package).rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


OURS = modules("narrative")
EVENTS = modules("events")


def imported(path: Path) -> set[str]:
    """Every module of ours named in an import statement, wherever it stands."""
    named = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            named |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            named |= {name for name in inner if name in OURS or name in EVENTS} or {node.module}
    return named


def room_of(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def step_of(module: str) -> int:
    return next(i for i, rooms in enumerate(STAIR) if room_of(module) in rooms)


def test_every_room_has_its_step() -> None:
    standing = {room for rooms in STAIR for room in rooms}
    assert {room_of(name) for name in OURS} == standing


def test_events_knows_nothing_of_narrative() -> None:
    for name, path in EVENTS.items():
        assert not {m for m in imported(path) if m.split(".")[0] == "narrative"}, name


@pytest.mark.parametrize("name", sorted(OURS))
def test_narrative_imports_point_down(name: str) -> None:
    for other in imported(OURS[name]) & OURS.keys():
        down = room_of(other) == room_of(name) or step_of(other) < step_of(name)
        assert down, f"{name} imports {other}"


@pytest.mark.parametrize("package", [OURS, EVENTS], ids=["narrative", "events"])
def test_no_two_files_import_each_other(package: dict[str, Path]) -> None:
    """Rooms may hold no circle either: every file can be read after those it stands on."""
    ahead = {name: imported(path) & package.keys() - {name} for name, path in package.items()}
    while ahead:
        ready = {name for name, needs in ahead.items() if not needs & ahead.keys()}
        assert ready, f"a circle among {sorted(ahead)}"
        ahead = {name: needs for name, needs in ahead.items() if name not in ready}


def test_a_basename_stands_for_one_thing() -> None:
    places = defaultdict(list)
    for name, path in {**OURS, **EVENTS}.items():
        if path.stem not in {"__init__", "__main__"}:
            places[path.stem].append(name)
    twice = {stem: names for stem, names in places.items() if len(names) > 1}
    assert twice.keys() <= FAMILIES, twice
    for stem, names in twice.items():
        assert {room_of(name) for name in names} <= {"verbs", "cli", "studio"}, stem


def users_of(*wanted: str) -> set[str]:
    return {
        room_of(name) if name.split(".")[0] == "narrative" else name
        for name, path in {**OURS, **EVENTS}.items()
        if any(module == one or module.startswith(f"{one}.") for module in imported(path) for one in wanted)
    }


def test_only_run_imports_simpy() -> None:
    assert {name for name, path in {**OURS, **EVENTS}.items() if "simpy" in imported(path)} == {
        "narrative.engine.run"
    }


# What opens a file of events; a name of any of these is used nowhere above events/ but as below.
OPENERS = {"open_log", "Log", "SqliteStore", "sqlite3"}


def opens(path: Path) -> list[str]:
    """Where a file may open a history: it has an opener in hand, and neither calls it for one in memory nor
    says of what type a log is that it was handed.
    """
    tree = ast.parse(path.read_text(encoding="utf-8"))
    allowed: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node) == "open_log(None)":
            allowed.add(node.func)
        for said in (getattr(node, "annotation", None), getattr(node, "returns", None)):
            allowed |= {*ast.walk(said)} if isinstance(said, ast.AST) else set()
    found = []
    for node in ast.walk(tree):
        used = {ast.Name: "id", ast.Attribute: "attr"}.get(type(node))
        if used and node not in allowed and getattr(node, used) in OPENERS:
            found.append(f"{path.stem}:{node.lineno}")
        if isinstance(node, ast.alias) and node.asname and node.name.split(".")[-1] in OPENERS:
            found.append(f"{path.stem}:{node.lineno}")
    return found


@pytest.mark.parametrize("name", sorted(name for name in OURS if room_of(name) != "verbs"))
def test_only_verbs_open_histories(name: str) -> None:
    """Elsewhere a log is handed in, or opened in memory: `open_log(None)`."""
    assert opens(OURS[name]) == []


@pytest.mark.parametrize(
    "code",
    [
        "open_log(path)",
        "log.open_log(path)",
        "from events.log import open_log as look",
        "look = open_log",
        "Log(store)",
        "events.stores.sqlite.SqliteStore(path)",
        "sqlite3.connect(path)",
    ],
)
def test_whatever_opens_a_history_is_noticed(tmp_path: Path, code: str) -> None:
    (tmp_path / "one.py").write_text(code)
    assert opens(tmp_path / "one.py")


# Imports by a name that is made when they happen: nothing above could follow them.
DYNAMIC = {"import_module", "__import__"}
FREE = {
    "narrative",  # each verb from its family, when it is first asked for
    "narrative.weighing.crew",  # Dask, an extra without types
    "narrative.weighing.indices",  # SALib, an extra without types, and its methods by name
    "narrative.story.declared",  # the module of a process, ours or a user's: roles name them
}


def test_no_import_is_made_of_words_but_where_it_must_be() -> None:
    found = {
        name
        for name, path in {**OURS, **EVENTS}.items()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if getattr(node, "id", getattr(node, "attr", None)) in DYNAMIC
    }
    assert found == FREE


def test_what_was_observed_is_read_by_no_one_who_lives() -> None:
    """The judge: no run, process or reading sees it. It is read above the engine, and written in one file."""
    assert users_of("narrative.story.observed") <= {
        "analysis",
        "whatif",
        "weighing",
        "tables",
        "prose",
        "charts",
        "pages",
    }
    quoted = {name for name, path in OURS.items() if '"observed.toml"' in path.read_text(encoding="utf-8")}
    assert quoted == {"narrative.story.observed", "narrative.story.schema"}
