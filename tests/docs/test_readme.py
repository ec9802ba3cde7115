"""The README is a front door: short, true to the script that checks everything, and no forecast."""

import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_it_is_short():
    assert len(README.splitlines()) <= 150


def test_it_says_that_this_is_no_forecast():
    assert "**It is not a forecast**" in README


def test_the_script_that_checks_everything_runs_its_commands():
    setup, tests = re.findall(r"^```sh\n(.*?)\n```$", README, re.MULTILINE | re.DOTALL)
    script = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    assert tests in script
    assert setup.replace("pip install -e", "pip install -q -e") in script


def test_it_is_cited_as_what_it_is():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    cited = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    citation = dict(re.findall(r"^([\w-]+): (.+)$", cited, re.MULTILINE))
    assert (citation["version"], citation["license"]) == (project["version"], project["license"])
    assert project["name"] in citation["title"]
