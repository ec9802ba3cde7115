"""Finding stories by name and by path, beginning a new one, and the schema that editors read."""

import tomllib
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from attrs import NOTHING, fields
from jsonschema import Draft7Validator
from support.faulty_story import GOOD, written

from narrative.story.catalogue import StoryTaken, UnknownStory, find_story, list_stories, new_story
from narrative.story.keys import TELLABLE, own_fields
from narrative.story.reader import read_story
from narrative.story.schema import story_schemas
from narrative.story.template import PARAMETERS
from narrative.whatif.check import check_story


def test_the_stories_that_ship_are_found_by_name_from_anywhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert "ai-2025" in list_stories()
    assert (find_story("ai-2025") / "timeline.toml").is_file()


def test_every_story_that_ships_is_without_fault() -> None:
    for name in list_stories():
        assert check_story(name) == (), name


def test_a_folder_is_found_by_its_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    story = written(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert find_story(story) == story
    assert find_story("demo") == Path("demo")
    assert find_story("./demo/") == Path("demo")


def test_an_unknown_name_is_answered_with_the_nearest() -> None:
    with pytest.raises(UnknownStory, match=r'"ai-2052" is no story.*Did you mean "ai-2025"\?'):
        find_story("ai-2052")
    with pytest.raises(UnknownStory, match="ai-2025"):
        find_story("something-else-entirely")


def test_a_folder_without_a_replay_file_is_no_story(tmp_path: Path) -> None:
    with pytest.raises(UnknownStory, match=r"without a replay\.toml"):
        find_story(tmp_path)


def test_a_new_story_passes_check_and_says_what_it_is(tmp_path: Path) -> None:
    files = new_story(tmp_path / "tulips")
    assert [file.name for file in files] == ["replay.toml", "timeline.toml"]
    assert check_story(tmp_path / "tulips") == ()
    story = read_story(tmp_path / "tulips")
    assert (story.id, story.title, len(story.entries)) == ("tulips", "tulips", 3)
    assert len({name for name, *_ in PARAMETERS}) == len(story.parameters)


def test_a_new_story_may_have_an_odd_name(tmp_path: Path) -> None:
    new_story(tmp_path / 'a "mania" \\ of 1720')
    assert read_story(tmp_path / 'a "mania" \\ of 1720').title == 'a "mania" \\ of 1720'


def test_a_new_story_goes_into_an_empty_folder_and_never_over_anything(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    new_story(empty)
    for taken in (empty, tmp_path / "file", tmp_path):
        if taken.name == "file":
            taken.write_text("mine")
        before = sorted(tmp_path.rglob("*"))
        with pytest.raises(StoryTaken, match="not an empty folder; nothing was written"):
            new_story(taken)
        assert sorted(tmp_path.rglob("*")) == before


def test_a_new_story_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(StoryTaken, match="cannot be written"):
        new_story(tmp_path / "file" / "tulips")


def test_every_number_of_every_kind_has_its_sort() -> None:
    sorts: dict[str, set[str]] = {}
    for kind in TELLABLE:
        for field in own_fields(kind):
            sorts.setdefault(field.sort, set()).add(field.name)
    assert {"amount", "ceiling", "unattributed", "post_money", "value"} <= sorts["money"]
    assert {"shares", "warrants"} <= sorts["count"]
    assert {"due", "until", "accrued"} <= sorts["date"]
    assert {"rate", "surprise", "impulse", "impact"} <= sorts["whole"]  # may be negative
    assert sorts["actor"] == {"asset", "debtor"}
    assert not sorts["whole"] & (sorts["money"] | sorts["count"] | sorts["date"])


# --- the schema ---------------------------------------------------------------------------------


def plain(value: Any) -> Any:
    """TOML as an editor shows it to a schema: dates are texts."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return value.isoformat() if isinstance(value, date | datetime) else value


def errors(file: str, text: str) -> list[str]:
    validator = Draft7Validator(story_schemas()[file])
    return [error.message for error in validator.iter_errors(plain(tomllib.loads(text)))]


def test_the_schemas_are_draft_07() -> None:
    for schema in story_schemas().values():
        assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"
        Draft7Validator.check_schema(schema)


def test_a_good_story_fits_the_schemas() -> None:
    for file, text in GOOD.items():
        assert errors(file, text) == []
    for name in list_stories():
        for file in story_schemas():
            path = find_story(name) / file
            assert not path.is_file() or errors(file, path.read_text()) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("timeline.toml", '"Funding"', '"Fundin"', "'Fundin' is not one of"),
        ("timeline.toml", "post_money", "due", "'due' was unexpected"),
        ("timeline.toml", "amount = 6.6", 'amount = "6.6"', "'6.6' is not of type 'number'"),
        ("timeline.toml", "headline", "haedline", "'headline' is a required property"),
        ("timeline.toml", 'counterparty = "outside"', "#", "'counterparty' is a required property"),
        ("timeline.toml", 'basis = "author"', 'basis = "auther"', "'auther' is not one of"),
        ("replay.toml", "latency = 3600", 'latency = "1h"', "'1h' is not of type 'integer'"),
        ("replay.toml", 'Order = ["seller"]', 'Order = ["amount"]', "'amount' is not one of"),
        ("replay.toml", '"gregorian"', '"mayan"', "'mayan' is not one of"),
        ("observed.toml", '"market_value"', '"mood"', "'mood' is not one of"),
    ],
)
def test_the_schema_finds_what_an_editor_can_find(file: str, old: str, new: str, said: str) -> None:
    assert old in GOOD[file]
    found = errors(file, GOOD[file].replace(old, new, 1))
    assert any(said in message for message in found), found


def test_the_schema_asks_of_an_entry_what_its_fact_asks() -> None:
    items = story_schemas()["timeline.toml"]["properties"]["event"]["items"]
    cases = {case["if"]["properties"]["kind"]["const"]: case["then"] for case in items["allOf"]}
    assert cases.keys() == TELLABLE.keys()
    for kind, cls in TELLABLE.items():
        needed = {a.name for a in fields(cls) if a.default is NOTHING} - {"moment", cls.opens}
        names = dict(zip(cls.parties, ("actor", "counterparty"), strict=False))
        assert set(cases[kind].get("required", ())) == {names.get(name, name) for name in needed}, kind
