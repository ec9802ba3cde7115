"""The notebook in docs/: each cell is short, nothing was run in it, and all of it runs.

Jupyter is not asked: the cells are read as JSON and run in one namespace, in a fresh folder. The quick test
puts another cell of parameters, with fewer seeds, in the place of its own; the slow one runs it as it stands.
"""

import ast
import json
from pathlib import Path
from typing import Any

import pytest

import narrative

NOTEBOOK = Path(__file__).parents[2] / "docs" / "notebook.ipynb"
FEW = "SEEDS, TORNADO_SEEDS, MAP_SEEDS, WORKERS = 4, 1, 1, 1"
TEN = 10  # lines of a cell, which it has fewer than


def cells(kind: str) -> list[dict[str, Any]]:
    found = json.loads(NOTEBOOK.read_text(encoding="utf-8"))
    assert found["nbformat"] == 4
    return [cell for cell in found["cells"] if cell["cell_type"] == kind]


def run(folder: Path, patch: pytest.MonkeyPatch, parameters: str | None) -> dict[str, Any]:
    """Every cell of code in order, in a folder; the names that they left."""
    patch.chdir(folder)
    names: dict[str, Any] = {"__name__": "notebook"}
    for cell in cells("code"):
        given = "parameters" in cell["metadata"].get("tags", ())
        source = parameters if given and parameters is not None else "".join(cell["source"])
        exec(compile(source, cell["id"], "exec"), names)  # as its reader would
    return names


def drawn(folder: Path) -> None:
    for name in ("tornado.svg", "map.svg"):
        text = (folder / name).read_text(encoding="utf-8")
        assert text.startswith("<svg")
        assert "<desc>" in text
    shown = "".join("".join(cell["source"]) for cell in cells("markdown"))
    assert "](tornado.svg)" in shown
    assert "](map.svg)" in shown


def test_each_cell_is_short_and_nothing_was_run_in_it() -> None:
    found = cells("code")
    for cell in found:
        assert len(cell["source"]) < TEN, cell["id"]
        assert (cell["outputs"], cell["execution_count"]) == ([], None)
    assert len({cell["id"] for cell in found}) == len(found)


def test_only_public_names_are_used() -> None:
    for cell in cells("code"):
        for node in ast.walk(ast.parse("".join(cell["source"]))):
            if isinstance(node, ast.Import | ast.ImportFrom):
                assert ast.unparse(node) == "import narrative"
            if isinstance(node, ast.Attribute) and ast.unparse(node.value) == "narrative":
                assert node.attr in narrative.__all__


def test_it_runs_with_few_seeds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("vl_convert")
    names = run(tmp_path, monkeypatch, FEW)
    assert (names["pairs"].seeds, names["doubt"].seeds, names["found"].seeds) == (4, 1, 1)
    assert names["SHOCKS"] == list(dict.fromkeys(cell.kind for cell in names["found"].map))
    drawn(tmp_path)


@pytest.mark.slow
def test_it_runs_as_it_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("vl_convert")
    names = run(tmp_path, monkeypatch, None)
    assert names["pairs"].seeds == 200
    assert {one.pairs for one in names["pairs"].effects} == {200}
    drawn(tmp_path)
