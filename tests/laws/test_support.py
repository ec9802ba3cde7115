"""The tests' own package: the only one under `tests/`, so that nothing there stands in for ours."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import support

TESTS = Path(__file__).parents[1]
WHERE = "import events, narrative; print(events.__file__, narrative.__file__)"


def test_no_folder_of_tests_is_a_package_but_support() -> None:
    """A folder without `__init__.py` loses to any package of its name, wherever on the path that lies."""
    assert [path.parent for path in TESTS.rglob("__init__.py")] == [TESTS / "support"]
    assert support.__file__ == str(TESTS / "support" / "__init__.py")


def test_with_tests_first_on_the_path_our_packages_are_still_ours() -> None:
    path = [str(TESTS), *(entry for entry in sys.path if entry != str(TESTS))]
    code = f"import sys; sys.path[:] = {path!r}; {WHERE}"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    found = [find_spec(name).origin for name in ("events", "narrative")]
    assert done.stdout.split() == found
    assert not [origin for origin in found if Path(origin).is_relative_to(TESTS)]


def test_every_module_of_support_is_used_by_a_test() -> None:
    texts = [path.read_text(encoding="utf-8") for path in TESTS.rglob("*.py")]
    unused = [
        path.stem
        for path in (TESTS / "support").glob("[!_]*.py")
        if not any(f"support.{path.stem}" in text for text in texts)
    ]
    assert unused == []
