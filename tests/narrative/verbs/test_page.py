"""The verb `page`: one file, whole or not at all, of histories of one story."""

import importlib.util
import json
import re
from base64 import b64encode
from hashlib import sha256
from pathlib import Path

import pytest
from attrs import evolve
from click.testing import CliRunner
from support.lives import lived
from support.tiny import ten_days

import narrative
from events.errors import Unwritable
from events.log import open_log
from narrative.analysis.compare import NotComparable, TwiceNamed
from narrative.cli import main
from narrative.pages import assemble
from narrative.pages.assemble import MissingChart, embedded


@pytest.fixture
def tiny(tmp_path):
    db = tmp_path / "tiny.db"
    with open_log(db) as log:
        lived(ten_days(), log=log)
        head = log.head()
        log.fork("other", "main", head.position, "And if nothing else happened?")
    return str(db)


def data_of(path):
    text = Path(path).read_text(encoding="utf-8")
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', text, re.DOTALL)
    return json.loads(found[1])


def test_a_page_carries_the_branches_along_or_those_that_are_named(tiny, tmp_path):
    whole = narrative.page(tiny, output=tmp_path / "whole.html")
    assert [one["branch"] for one in whole["branches"]] == ["main", "other"]
    assert whole["bytes"] == (tmp_path / "whole.html").stat().st_size
    found = data_of(whole["page"])
    assert found["branches"][1]["question"] == "And if nothing else happened?"
    assert found["branches"][1]["common"] == whole["events"]
    assert found["command"] == "narrative page tiny.db -o whole.html"
    named = narrative.page(f"{tiny}@other", tiny, output=tmp_path / "named.html")
    assert [one["branch"] for one in named["branches"]] == ["other", "main"]


def test_the_same_history_makes_the_same_page(tiny, tmp_path):
    pages = [Path(narrative.page(tiny, output=tmp_path / "page.html")["page"]).read_bytes() for _ in range(2)]
    assert pages[0] == pages[1]


def test_the_command_gives_what_the_function_gives(tiny, tmp_path):
    made = narrative.page(tiny, output=tmp_path / "page.html")
    done = CliRunner().invoke(main, ["page", tiny, "-o", str(tmp_path / "page.html"), "--json"])
    assert json.loads(done.stdout) == made
    said = CliRunner().invoke(main, ["page", tiny, "-o", str(tmp_path / "page.html")])
    assert said.stdout.startswith(f"{tmp_path / 'page.html'}: ")


def test_scripts_and_styles_are_named_by_their_hashes_and_nothing_else_is_allowed(tiny, tmp_path):
    text = Path(narrative.page(tiny, output=tmp_path / "page.html")["page"]).read_text(encoding="utf-8")
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)[1]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy
    for tag, kind in (("script", "script-src"), ("style", "style-src")):
        inside = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
        hashes = [f"'sha256-{b64encode(sha256(one.encode()).digest()).decode()}'" for one in inside]
        assert f"{kind} {' '.join(hashes)}" in policy
    assert "Copyright (c) 2021 Leon Sorokin" in text
    assert not re.findall(r'(?:src|href)="(?!#)', text)


def test_no_script_of_ours_parses_markup():
    for path in Path(assemble.__file__).parent.glob("*.js"):
        code = path.read_text(encoding="utf-8")
        assert not re.findall(
            r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|DOMParser", code
        )
        assert len(code.splitlines()) < 300


def test_data_cannot_end_the_element_it_stands_in():
    text = embedded({"title": "</script><!--<script>\u2028"})
    assert "<" not in text
    assert "\u2028" not in text
    assert json.loads(text) == {"title": "</script><!--<script>\u2028"}


def test_a_story_with_slots_in_its_words_fills_none(tmp_path):
    db = tmp_path / "slots.db"
    with open_log(db) as log:
        lived(
            ten_days().__class__.load(ten_days().dump().replace('"Tiny"', '"@@data@@ @@script@@"')), log=log
        )
    text = Path(narrative.page(str(db), output=tmp_path / "page.html")["page"]).read_text(encoding="utf-8")
    assert "<title>@@data@@ @@script@@</title>" in text


def test_what_is_wrong_is_said_and_nothing_is_left(tiny, tmp_path):
    before = sorted(tmp_path.iterdir())
    with pytest.raises(Unwritable, match="no directory"):
        narrative.page(tiny, output=tmp_path / "nowhere" / "page.html")
    with pytest.raises(Unwritable, match="is a database"):
        narrative.page(tiny, output=tiny)
    with pytest.raises(Unwritable, match="directory"):
        narrative.page(tiny, output=tmp_path)
    with pytest.raises(TwiceNamed, match="named twice"):
        narrative.page(tiny, f"{tiny}@main")
    assert sorted(tmp_path.iterdir()) == before


def test_two_stories_make_no_page(tiny, tmp_path):
    loop = str(tmp_path / "loop.db")
    narrative.run("loop", db=loop, until="2025-01-03")
    with pytest.raises(NotComparable, match=r"tiny\.db@main tells tiny and .*loop\.db@main tells loop"):
        narrative.page(tiny, loop, output=tmp_path / "page.html")
    done = CliRunner().invoke(main, ["page", tiny, loop, "-o", str(tmp_path / "page.html")])
    assert done.exit_code == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert not (tmp_path / "page.html").exists()


def test_without_uplot_the_remedy_is_said(tiny, tmp_path, monkeypatch):
    monkeypatch.setattr(assemble, "find_spec", lambda _: None)
    with pytest.raises(MissingChart, match=re.escape("pip install 'narrative-engine[page]'")):
        narrative.page(tiny, output=tmp_path / "page.html")
    assert not (tmp_path / "page.html").exists()


def test_a_page_of_the_story_that_ships_is_small_enough_to_mail(tmp_path):
    db = str(tmp_path / "ai-2025.db")
    narrative.run("ai-2025", db=db)
    made = narrative.page(db, output=tmp_path / "ai.html")
    assert made["bytes"] <= 1_500_000


def test_a_story_that_names_no_circle_is_drawn_with_all_who_are_in_it(tmp_path):
    db = tmp_path / "plain.db"
    with open_log(db) as log:
        lived(evolve(ten_days(), circle=()), log=log)
    found = data_of(narrative.page(str(db), output=tmp_path / "page.html")["page"])
    assert found["circle"] == ["lab", "cloud", "chips", "founder"]


@pytest.mark.parametrize("name", ["uPlot.iife.js", "uPlot.min.css"])
def test_another_uplot_is_not_put_into_a_page(tiny, tmp_path, monkeypatch, name):
    there = Path(importlib.util.find_spec("uplot").submodule_search_locations[0]) / "static"
    static = tmp_path / "uplot" / "static"
    static.mkdir(parents=True)
    for each in ("uPlot.iife.js", "uPlot.min.css"):
        (static / each).write_bytes((there / each).read_bytes())
    (static.parent / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    narrative.page(tiny, output=tmp_path / "good.html")
    with (static / name).open("a") as file:
        file.write("/* more */")
    with pytest.raises(MissingChart, match=re.escape(f"{name} of the package uplot-python has the SHA-256 ")):
        narrative.page(tiny, output=tmp_path / "bad.html")
    assert not (tmp_path / "bad.html").exists()
