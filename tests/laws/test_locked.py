"""CI's lock names a version and a hash for all that pyproject.toml asks for, within its bounds."""

import re
import tomllib
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
YEARS = {"attrs", "structlog"}  # they count years, so no next major breaks


def _asked() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    own = next(text for text in extras["dev"] if text.startswith(project["name"]))
    texts = [*project["dependencies"], *extras["dev"]]
    texts += [text for name in Requirement(own).extras for text in extras[name]]
    return [Requirement(text) for text in texts if not text.startswith(project["name"])]


def test_the_lock_holds_all_that_is_asked_for_by_version_and_hash() -> None:
    lines = (ROOT / ".ci" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    locked = [line for line in lines if not line.startswith("#")]
    assert all(re.fullmatch(r"[a-z0-9-]+==\S+ --hash=sha256:[0-9a-f]{64}", line) for line in locked)
    versions = dict(line.partition(" ")[0].split("==") for line in locked)
    for one in _asked():
        assert versions[one.name.lower()] in one.specifier, one.name


def test_what_counts_its_breaks_in_majors_has_an_upper_bound() -> None:
    open_ended = {one.name for one in _asked() if "<" not in {clause.operator for clause in one.specifier}}
    assert open_ended == YEARS
