"""A story as text: what the Opening fact carries, and every resumed run reads back."""

import json
from pathlib import Path

import pytest
from attrs import evolve
from support.faulty_story import written

from events.errors import BadFact
from narrative.story.catalogue import find_story
from narrative.story.model import Story
from narrative.story.reader import read_story


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return read_story(written(tmp_path))


def test_a_story_dumped_and_loaded_is_the_same_story(story: Story) -> None:
    assert Story.load(story.dump()) == story


def test_the_record_of_2025_dumped_and_loaded_is_the_same_story() -> None:
    record = read_story(find_story("ai-2025"))
    again = Story.load(record.dump())
    assert again == record
    assert [type(entry.fact) for entry in again.entries] == [type(entry.fact) for entry in record.entries]


def test_the_text_is_canonical(story: Story) -> None:
    text = story.dump()
    assert Story.load(text).dump() == text
    plain = json.loads(text)
    assert text == json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def test_the_text_holds_sums_as_whole_cents(story: Story) -> None:
    plain = json.loads(story.dump())
    amounts = {entry["id"]: entry["fact"].get("amount") for entry in plain["entries"]}
    assert amounts == {"plan": None, "round": 660_000_000_000, "chips": 1_000_000_000_000}
    assert {entry["kind"] for entry in plain["entries"]} == {"Announcement@2", "Funding@2", "Order@2"}


def test_what_markets_did_is_no_part_of_a_story(story: Story, tmp_path: Path) -> None:
    (tmp_path / "demo" / "observed.toml").unlink()
    assert read_story(tmp_path / "demo").dump() == story.dump()


def test_any_change_of_a_story_changes_its_text(story: Story) -> None:
    first = story.entries[0]
    assert evolve(story, edition="2").dump() != story.dump()
    assert evolve(story, entries=story.entries[1:]).dump() != story.dump()
    moved = evolve(first, moment=first.moment + 1)
    assert evolve(story, entries=(moved, *story.entries[1:])).dump() != story.dump()


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"title": 3}', "{"])
def test_a_text_that_is_no_story_is_refused_in_a_sentence(text: str) -> None:
    with pytest.raises(BadFact, match="The story in this log does not read as one"):
        Story.load(text)


def test_a_story_with_a_field_of_the_wrong_type_is_refused(story: Story) -> None:
    plain = json.loads(story.dump())
    plain["start"] = 1.5
    with pytest.raises(BadFact, match="does not read as one"):
        Story.load(json.dumps(plain))


def test_a_fact_in_a_stored_story_is_checked_like_any_other(story: Story) -> None:
    plain = json.loads(story.dump())
    plain["entries"][1]["fact"]["amount"] = -1
    with pytest.raises(BadFact, match="never negative"):
        Story.load(json.dumps(plain))
