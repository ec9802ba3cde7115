import subprocess
import sys
from pathlib import Path

import narrative
from narrative import verbs


def test_every_public_verb_is_there() -> None:
    for name in narrative.__all__:
        assert getattr(narrative, name) is getattr(verbs, name)


def test_a_verb_is_never_hidden_by_the_file_behind_it() -> None:
    code = "import narrative.run, narrative; print(narrative.run.__name__, callable(narrative.replay))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["run", "True"]


def test_a_foreign_events_package_is_named(tmp_path: Path) -> None:
    (tmp_path / "events").mkdir()
    (tmp_path / "events" / "__init__.py").write_text("class Events: ...\n")
    paths = [str(tmp_path), str(Path(narrative.__file__).parents[1])]
    code = f"import sys; sys.path[:0] = {paths}; import narrative"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "finds another project's package" in done.stderr
    assert "environment of its own" in done.stderr


def test_importing_the_package_is_light() -> None:
    code = "import sys, narrative; print(sorted({'polars', 'simpy', 'rich', 'msgspec'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
