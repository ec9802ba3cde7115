"""What every command prints as JSON is what `narrative schema` says of its answer, on both stories."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from shutil import copytree
from typing import Any

import jsonschema
import msgspec
import pytest
from click.testing import CliRunner

import narrative
from narrative.cli import main
from narrative.story.catalogue import find_story, list_stories
from narrative.verbs.answers import ANSWERS, answers_schema
from narrative.verbs.answers.base import Answer, answered
from narrative.verbs.answers.looking import Assumption
from narrative.verbs.answers.stories import Checked, StoryListed

BRANCH = "a.db@other"
# By command, what is asked of a history in a.db with a branch `other`; a command that is not here fails.
ASKED: dict[str, list[list[str]]] = {
    "stories": [[]],
    "new": [["mine"]],
    "check": [["STORY"], ["broken"], ["STORY", "--sources"]],
    "define": [[], ["belief"]],
    "schema": [[]],
    "run": [["STORY", "--db", "b.db", "--until", "2025-02-10"]],
    "resume": [["short.db", "--until", "2025-02-20"]],
    "what-if": [["a.db", "--name", "third", "--at", "2025-06-01", "--set", "silent_step=0.01"],
                ["a.db", "--name", "fourth", "--at", "2025-11-30", "--shock", "market -30%", "--seeds", "1"]],
    "ensemble": [["a.db", "--at", "2025-11-30", "--seeds", "1", "--shock", "market -30%", "--workers", "1"]],
    "replay": [["a.db"], [BRANCH, "--at", "2025-03-31"], ["a.db", "--at", "#1"]],
    "log": [["a.db"], [BRANCH, "--origin", "modelled"]],
    "branches": [["a.db"]],
    "show": [["a.db", "1"], ["a.db", "30"], [BRANCH, "60"]],
    "why": [["a.db", "60"], ["a.db", "30", "--effects"], ["a.db", "ACTOR", "valuation"],
            ["a.db", "ACTOR", "cash", "--at", "2025-03-31"], ["a.db", "ACTOR", "belief-share", "--all"],
            ["a.db", "ACTOR", "ltv"], ["a.db", "ACTOR", "collateral"]],
    "note": [["a.db", "A note.", "--about", "30"]],
    "query": [["a.db", "SELECT * FROM readings LIMIT 40"], ["a.db", "SELECT * FROM turns"]],
    "diff": [["a.db", BRANCH], ["a.db", "short.db"]],
    "compare": [["a.db", BRANCH, "--every", "1mo"]],
    "tell": [["a.db"], ["a.db", BRANCH]],
    "loop": [["a.db"]],
    "score": [["ai-2025"]],
    "fit": [["ai-2025"]],
    "exposure": [["a.db"], [BRANCH, "--at", "2025-06-30"]],
    "sectors": [["a.db"], [BRANCH, "--since", "2025-02-01", "--until", "2025-06-30", "--by", "actor"]],
    "fragility": [["a.db", "--at", "2025-11-30", "--shock", "haircut", "--seeds", "1"]],
    "claims": [["a.db", "--seeds", "1", "--draws", "0",
                "--only", "circle", "--only", "expectations", "--only", "injection"]],
    "doubt": [["a.db", "--at", "2025-11-30", "--seeds", "1", "--over", "announce_rate", "--workers", "1"]],
    "measure": [["circularity", "a.db"], ["circularity", BRANCH, "--at", "2025-03-31"], ["output", "a.db"],
                ["injection", "a.db"], ["exuberance", "a.db"], ["gains", BRANCH],
                ["leverage", "a.db"], ["leverage", BRANCH, "--payoff", "0.5"],
                ["simulacrum", "a.db", "--seeds", "1", "--workers", "1"]],
    "page": [["a.db"]],
    "plot": [["a.db", BRANCH, "valuation", "-o", "a.svg"], ["a.db", "valuation", "-o", "c.svg"],
             ["a.db", "circle", "-o", "b.svg"]],
    "export": [["a.db", "--format", "jsonl", "-o", "a.jsonl"], ["a.db", "--format", "csv", "-o", "tables"]],
    "import": [["kept.jsonl"], ["facts.csv"], ["prices.csv", "--quotes", "--story", "priced"]],
    "verify": [["a.db"], ["damaged.db"]],
    "backup": [["a.db", "copy.db"]],
    "restore": [["whole.db", "put.db"], ["whole.db", "put.db"]],
}  # fmt: skip  # a table
FACTS = """\
date,kind,actor,headline,source,amount,counterparty
2025-02-03,Order,lab,The lab orders,a paper,6.6m,cloud
"""


@pytest.fixture(scope="module", params=list_stories())
def ask(request: Any, tmp_path_factory: pytest.TempPathFactory) -> Callable[..., str]:
    """Ask a command in a folder where a story was performed."""
    story, folder = request.param, tmp_path_factory.mktemp(request.param)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        narrative.run(story, db="a.db", cast="full")
        narrative.what_if("a.db", name="other", at="2025-05-01", reseed=7)
        narrative.export("a.db", format="jsonl", output="kept.jsonl")
        narrative.new("broken")
        Path("broken/timeline.toml").write_text("x = = 1")
        narrative.run(story, db="short.db", until="2025-02-10")
        narrative.backup("short.db", "whole.db")
        narrative.backup("short.db", "damaged.db")
        with closing(sqlite3.connect("damaged.db")) as db, db:
            db.execute("UPDATE events SET moment = moment + 1 WHERE id = (SELECT max(id) FROM events)")
        Path("facts.csv").write_text(FACTS)
        copytree(find_story("ai-2025"), "priced")
        Path("prices.csv").write_text("date,oracle\n2025-01-03,160\n2025-01-06,161\n")
        actor = narrative.replay("a.db").pledged[0].actor if story == "ai-2025" else "cloud"

    def ask(*args: str) -> str:
        with pytest.MonkeyPatch.context() as patch:
            patch.chdir(folder)
            given = [{"STORY": story, "ACTOR": actor}.get(arg, arg) for arg in args]
            done = CliRunner().invoke(main, [*given, "--json"])
            assert done.exit_code in {0, 1, 2}, done.output
            assert done.stdout, (args, done.stderr)
            return done.stdout

    return ask


def test_every_command_has_an_answer_and_is_asked() -> None:
    assert set(main.commands) == set(ANSWERS) == set(ASKED)


@pytest.mark.parametrize("verb", ASKED)
def test_what_a_command_prints_is_what_the_schema_says(ask: Callable[..., str], verb: str) -> None:
    schema = json.loads(ask("schema"))["answers"]
    validator = jsonschema.Draft202012Validator({"$defs": schema["$defs"], **schema["properties"][verb]})
    for args in ASKED[verb]:
        printed = ask(verb, *args)
        for one in printed.splitlines() if verb == "log" else [printed]:
            validator.validate(json.loads(one))


def test_the_schema_is_one_and_is_closed() -> None:
    schema = answers_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    for name, part in schema["$defs"].items():
        assert part["additionalProperties"] is False, name
        assert part["description"], name


def test_a_shape_that_drifts_is_an_error() -> None:
    plain = {"story": "a", "entries": 3, "faults": [], "code": []}
    assert answered(Checked, plain).entries == 3
    for drifted in ({**plain, "more": 1}, {"story": "a", "entries": 3}, {**plain, "entries": "3"}):
        with pytest.raises(msgspec.ValidationError):
            answered(Checked, drifted)


# --- read as before ---------------------------------------------------------------------------------


def test_an_answer_is_read_as_a_mapping_too() -> None:
    told = narrative.check("loop")
    plain = {"story": "loop", "entries": 0, "faults": [], "code": []}
    assert told == plain == {**told} == dict(told) == dict(told.items()) == told.plain()
    assert told != {**plain, "entries": 1}
    assert (told["story"], told.get("nothing"), "story" in told, "nothing" in told) == (
        "loop",
        None,
        True,
        False,
    )
    assert (list(told), told.keys(), len(told)) == (list(plain), list(plain), 4)
    assert told.values() == ["loop", 0, [], []]
    with pytest.raises(KeyError):
        told["nothing"]
    with pytest.raises(AttributeError):
        told.story = "another"


def test_a_field_that_is_named_as_python_cannot_is_read_by_its_name() -> None:
    story = narrative.stories()[0]
    assert isinstance(story, StoryListed)
    assert story["from"] == story.from_


def test_a_field_that_is_not_there_is_no_key() -> None:
    few = Assumption(what="unknown balances", count=2, which=["a", "b"])
    assert few.keys() == ["what", "count", "which"]
    assert few.plain() == {"what": "unknown balances", "count": 2, "which": ["a", "b"]}
    with pytest.raises(KeyError):
        few["value"]


def test_no_field_hides_what_an_answer_does() -> None:
    ours = {name for name in vars(Answer) if not name.startswith("_")}
    for kind in (kind for several in ANSWERS.values() for kind in several if isinstance(kind, type)):
        assert not (issubclass(kind, Answer) and ours & set(kind.__struct_fields__)), kind
