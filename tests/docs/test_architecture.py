"""The pages for those who change the program name rooms and files that are there, and every room."""

import re
from pathlib import Path

import pytest

import narrative

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
ROOMS = dict(
    re.findall(
        r"^### `((?:events|narrative)/[\w/]*)`$(.*?)(?=^#|^`narrative/testing)",
        (DOCS / "architecture.md").read_text(encoding="utf-8"),
        re.MULTILINE | re.DOTALL,
    )
)
FILE = re.compile(r"(?<![\w/])((?:events|narrative|replays|tests)/[\w./*-]*[\w*]\.(?:py|toml|css|js))")
FOLDER = re.compile(r"`((?:docs|events|narrative|replays|tests)/(?:[\w-]+/)*)`")
PAGES = (*sorted(DOCS.glob("*.md")), *sorted((DOCS / "decisions").glob("*.md")))


def test_every_room_has_its_row():
    rooms = {
        f"{path.parent.relative_to(ROOT)}/"
        for package in ("events", "narrative")
        for path in (ROOT / package).rglob("*.py")
    }
    assert set(ROOMS) == rooms - {"narrative/"}


@pytest.mark.parametrize("room", ROOMS)
def test_the_files_of_a_room_are_there(room):
    for name in re.findall(r"`(\w+\.\w+)`", ROOMS[room]):
        assert (ROOT / room / name).is_file(), name


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_paths_that_a_page_names_are_there(page):
    text = page.read_text(encoding="utf-8")
    for path in FILE.findall(text):
        assert any(ROOT.glob(path)), path
    for folder in FOLDER.findall(text):
        assert (ROOT / folder).is_dir(), folder


@pytest.mark.parametrize("family", ["stories", "living", "looking", "weighing", "handing"])
def test_each_verb_is_named_under_its_family(family):
    (said,) = re.findall(rf"`{family}\.py`: ([^`;.]*)", ROOMS["narrative/verbs/"])
    homes = {verb: getattr(narrative, verb).__module__.rpartition(".")[2] for verb in narrative.__all__}
    verbs = {verb.rstrip("_").replace("_", "-") for verb, home in homes.items() if home == family}
    assert {word.strip() for word in said.split(",")} == verbs
