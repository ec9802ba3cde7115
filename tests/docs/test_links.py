"""Every link of README.md, CHANGELOG.md and docs/ leads somewhere, and every page is linked."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
TEXTS = {
    page: re.sub(r"^```.*?^```$", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    for page in PAGES
}


def links(page: Path) -> list[str]:
    """The relative links of a page, pictures among them."""
    return re.findall(r"\]\((?!https?:)([^)\s]+)\)", TEXTS[page])


def anchors(page: Path) -> set[str]:
    """What may stand behind a # in a link to a page, as GitHub makes it of a heading."""
    headings = re.findall(r"^#+ (.+)$", TEXTS[page], re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    for link in links(page):
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), link
        assert target.is_relative_to(ROOT), link
        assert not anchor or anchor in anchors(target), link


def test_every_page_is_linked_from_the_readme_or_a_page_that_is():
    seen, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        seen.add(page)
        for path in filter(None, (link.partition("#")[0] for link in links(page))):
            target = (page.parent / path).resolve()
            found = sorted(target.glob("*.md")) if target.is_dir() else [target]
            waiting += [other for other in found if other in TEXTS and other not in seen]
    assert seen == set(PAGES)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_scripts_that_a_page_names_are_there(page):
    for path in re.findall(r"python\s+(tests/[\w/]+\.py)", page.read_text(encoding="utf-8")):
        assert (ROOT / path).is_file(), path


SCRIPTS = [
    path.relative_to(ROOT)
    for path in sorted((ROOT / "tests").rglob("*.py"))
    if path.parent.name != "support"  # run by a test, which gives it its path
    and re.search(r"^if __name__ == .__main__.", path.read_text(encoding="utf-8"), re.MULTILINE)
]


@pytest.mark.parametrize("script", SCRIPTS, ids=str)
def test_what_runs_as_a_script_finds_all_that_it_imports(script):
    code = f"import sys, runpy; sys.path.insert(0, {str(script.parent)!r}); runpy.run_path({str(script)!r})"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
