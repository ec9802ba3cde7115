"""Imports point one way: events, books and readings, processes, run, verbs, doors."""

import ast
from pathlib import Path

ROOT = Path(__file__).parents[2]

# Each module of narrative/ by the step it stands on; a module imports from its own step or below.
STEPS = (
    {"calendar", "chance", "diary", "lines", "books", "names", "figures"},
    {"scenario", "readings", "supposing", "parameters", "cast"},
    {
        "amounts", "asking", "begun", "check", "checks", "drafting", "entries", "faults", "holding", "links",
        "observed", "planning", "prepared", "published", "rules", "saying", "shape", "standing", "starting",
        "stories", "sums", "syntax", "timeline", "written",
    },
    {"world", "setting", "endowing", "settling", "playing", "loans", "orders", "stakes", "gains"},
    {"processes"},
    {"run"},
    {
        "history", "replay", "verify", "compare", "looking", "loop", "picture", "trial", "whatif", "ensemble",
        "testing", "prose", "charts", "gist", "noting", "tracing", "explaining", "showing", "units",
        "flags", "naming",
    },
    {
        "living", "exporting", "frames", "handing", "lazily", "ordering", "query", "sources", "spans",
        "views", "page", "inspecting", "tell", "plot", "verbs",
    },
    {"cli"},
    {"__main__"},
)  # fmt: skip  # one step a line


def imported(path: Path) -> set[str]:
    """Every module named in an import statement, wherever it stands."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def step_of(module: str) -> int:
    parts = module.split(".")
    name = parts[2] if parts[1] in {"story", "suppose"} else parts[1]  # rooms whose files stand apart
    return next(i for i, names in enumerate(STEPS) if name in names)


def modules(room: str) -> dict[str, Path]:
    return {
        ".".join(path.relative_to(ROOT).with_suffix("").parts): path
        for path in sorted((ROOT / room).rglob("*.py"))
    }


def test_events_knows_nothing_of_narrative() -> None:
    for name, path in modules("events").items():
        assert not {m for m in imported(path) if m.split(".")[0] == "narrative"}, name


def test_narrative_imports_point_down() -> None:
    ours = modules("narrative")
    for name, path in ours.items():
        if name.endswith("__init__"):
            continue
        for other in imported(path):
            if other in ours and other != name:
                assert step_of(other) <= step_of(name), f"{name} imports {other}"


def test_only_run_imports_simpy() -> None:
    users = {
        name
        for room in ("events", "narrative")
        for name, path in modules(room).items()
        if "simpy" in {module.split(".")[0] for module in imported(path)}
    }
    assert users == {"narrative.run"}


def test_nothing_but_screens_and_charts_reads_what_was_observed() -> None:
    """`picture` makes the screen; what checks a story's files gives nothing of them to a story."""
    ours = modules("narrative")
    users = {name for name, path in ours.items() if "narrative.observed" in imported(path)}
    assert users == {
        "narrative.story.check",
        "narrative.picture",
        "narrative.page.columns",
        "narrative.page.gather",
        "narrative.sources",
        "narrative.plot",
        "narrative.showing",
        "narrative.prose.chronicle",
        "narrative.prose.paragraphs",
        "narrative.prose.sides",
    }
    quoted = {name for name, path in ours.items() if '"observed.toml"' in path.read_text(encoding="utf-8")}
    assert quoted == {"narrative.observed", "narrative.story.published"}
