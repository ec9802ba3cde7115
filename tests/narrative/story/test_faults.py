"""Faults together: all of them at once, none of them twice, none that only follows from another."""

from pathlib import Path

import pytest
from support.faulty_story import GOOD, OBS, R, T, faults, line_in, written

from narrative.story.faults import MOST, StoryFaults
from narrative.story.reader import read_story
from narrative.story.template import starting_files
from narrative.whatif.check import check_story


def test_the_good_story_has_no_fault(tmp_path: Path) -> None:
    assert faults(tmp_path)[1] == ()


def test_six_different_faults_are_reported_at_once_with_their_lines(tmp_path: Path) -> None:
    story, found = faults(
        tmp_path,
        (T, '"Announcement"', '"Anouncement"'),
        (T, "date = 2025-03-10", "date = 2025-02-30"),
        (T, "amount = 10\n", "amount = 0.123456789012\n"),
        (T, '[{ id = "round"', '[{ id = "rond"'),
        (R, "latency = 3600", "latency = 0"),
        (OBS, '"chipmaker"', '"chipmakr"'),
    )
    expected = {
        (R, line_in(story, R, "latency = 0")),
        (T, line_in(story, T, '"Anouncement"')),
        (T, line_in(story, T, "2025-02-30")),
        (T, line_in(story, T, "0.123456789012")),
        (T, line_in(story, T, "rond")),
        (OBS, line_in(story, OBS, '"chipmakr"')),
    }
    assert {(Path(f.file).name, f.line) for f in found} == expected
    assert len(found) == 6


def test_one_entry_can_have_six_faults(tmp_path: Path) -> None:
    story, found = faults(
        tmp_path,
        (T, 'kind = "Order"\nactor = "lab"', 'kind = "Order"\nactor = "lob"'),
        (T, "amount = 10\n", "amount = nan\n"),
        (T, "due = 2026-04-01", "due = true"),
        (T, "tone = 0.75\nstrength = 0.5\npart", "tone = 3\nstrenght = 0.5\npart"),
        (T, 'reason = "paid from', 'raeson = "paid from'),
    )
    said = "\n".join(f.what for f in found)
    for part in ('"lob"', "NaN", "due is true", "tone is 3", '"strenght"', '"raeson"'):
        assert part in said
    assert len(found) == 6
    assert all(f.line >= line_in(story, T, 'id = "chips"') for f in found)


@pytest.mark.parametrize(
    ("file", "old", "new", "first", "second"),
    [
        (T, 'id = "chips"', 'id = "round"', 'id = "round"', 'id = "round"\ndate = 2025-04'),
        (
            R,
            'id = "chipmaker"',
            'id = "lab"',
            '[[actor]]\nid = "lab"',
            '[[actor]]\nid = "lab"\nname = "A maker',
        ),
        (
            R,
            'account = "cash"',
            'account = "value"',
            "[[actor.opening]]",
            '[[actor.opening]]\naccount = "value"\nunk',
        ),
    ],
)
def test_what_stands_twice_names_both_lines(
    tmp_path: Path, file: str, old: str, new: str, first: str, second: str
) -> None:
    story, found = faults(tmp_path, (file, old, new))
    twice = [f for f in found if "twice" in f.what or "two" in f.what]
    assert [f.line for f in twice] == [line_in(story, file, second)]
    assert f"line {line_in(story, file, first)};" in twice[0].meant


def test_links_in_a_ring_are_one_fault_naming_all_of_them(tmp_path: Path) -> None:
    ring = 'replaces = [{ id = "chips", basis = "author", reason = "r" }]\n'
    _, found = faults(tmp_path, (T, "tone = 0.5\n", ring + "tone = 0.5\n"))
    (fault,) = found
    assert 'a ring: "' in fault.what
    assert {'"round"', '"chips"'} <= set(fault.what.split())


def test_replacing_or_following_what_comes_later_is_a_fault(tmp_path: Path) -> None:
    for i, kind in enumerate(("replaces", "follows")):
        folder = tmp_path / str(i)
        folder.mkdir()
        link = f'{kind} = [{{ id = "round", basis = "author", reason = "r" }}]\n'
        story, (fault,) = faults(folder, (T, "tone = 0.75", f"{link}tone = 0.75"))
        assert f'entry "plan" {kind} "round", which comes later' in fault.what
        assert fault.line == line_in(story, T, link)


def test_being_part_of_what_comes_later_is_none(tmp_path: Path) -> None:
    link = 'part_of = [{ id = "round", basis = "author", reason = "r" }]\n'
    assert faults(tmp_path, (T, "tone = 0.75", f"{link}tone = 0.75"))[1] == ()


def test_a_faulty_actor_is_an_actor_all_the_same(tmp_path: Path) -> None:
    _, found = faults(tmp_path, (R, "amount = 20\n", 'amount = "20"\n'), (R, 'roles = ["lab"]', "roles = 3"))
    assert {f.what.split(":")[0] for f in found} <= {
        'actor "lab"',
        'actor "lab", opening 1',
        "circle 1",
        "circle 2",
    }


def test_a_file_that_is_not_there_is_a_fault_and_the_other_is_still_read(tmp_path: Path) -> None:
    story = written(tmp_path, (R, "latency = 3600", "latency = 0"))
    (story / T).unlink()
    found = check_story(story)
    assert [(Path(f.file).name, f.line) for f in found if "cannot be read" in f.what] == [(T, 1)]
    assert any("latency" in f.what for f in found)


def test_a_story_with_a_lost_replay_file_still_reports_its_timeline(tmp_path: Path) -> None:
    story = written(tmp_path, (T, "6.6  ", "nan"), (R, 'title = "demo"', '"'))
    found = {(Path(f.file).name, f.line) for f in check_story(story)}
    assert (T, line_in(story, T, "nan")) in found
    assert (R, line_in(story, R, '\n"\n') + 1) in found


DELIVERY = """
[[event]]
id = "trucks"
date = 2025-05-01
kind = "Delivery"
actor = "chipmaker"
counterparty = "lab"
order = "chips"
amount = 4
headline = "Half of the chips arrive"
source = "an example, not a fact"
confidence = "assumption"
"""


def test_a_delivery_names_an_order_that_was_opened_before(tmp_path: Path) -> None:
    end = 'reason = "paid from the money raised" }]\n'
    assert faults(tmp_path, (T, end, end + DELIVERY))[1] == ()


def test_an_order_whose_entry_is_broken_makes_no_fault_of_its_delivery(tmp_path: Path) -> None:
    end = 'reason = "paid from the money raised" }]\n'
    story, found = faults(tmp_path, (T, end, end + DELIVERY), (T, 'id = "chips"', 'id = "chips'))
    assert [fault.line for fault in found] == [line_in(story, T, 'id = "chips\n')]


def test_things_without_a_name_are_not_things_of_one_name(tmp_path: Path) -> None:
    _, found = faults(tmp_path, (R, 'id = "lab"\n', ""), (R, 'id = "chipmaker"\n', ""))
    assert not [fault for fault in found if "twice" in fault.what]


WRONG = ("3", '"text"', "true", "[]", "[3]", "[[]]", "{}", "{ a = 1 }", "2025-01-01", "09:00:00", "nan")


@pytest.mark.parametrize("file", [T, R, OBS])
def test_any_value_anywhere_ends_in_faults_and_never_otherwise(tmp_path: Path, file: str) -> None:
    story = written(tmp_path)
    lines = GOOD[file].split("\n")
    for number, line in enumerate(lines[:110]):
        key, equals, _ = line.partition(" = ")
        if equals and not line.startswith("#"):
            spoilt = f"{key} = {WRONG[number % len(WRONG)]}"
            (story / file).write_text("\n".join([*lines[:number], spoilt, *lines[number + 1 :]]))
            assert all(fault.line >= 1 for fault in check_story(story))


@pytest.mark.parametrize(
    ("file", "table"),
    [(T, "event"), (R, "actor"), (R, "parameter"), (R, "money"), (OBS, "observation")],
)
@pytest.mark.parametrize("wrong", ["3", "[3]", "{}", "[{}]", '["a"]'])
def test_anything_in_place_of_a_table_is_a_fault(tmp_path: Path, file: str, table: str, wrong: str) -> None:
    story = written(tmp_path)
    kept = [] if file != R else [line for line in GOOD[R].split("\n\n") if f"[{table}" not in line]
    (story / file).write_text(f"{table} = {wrong}\n" + "\n\n".join(kept))
    found = check_story(story)
    assert any(Path(fault.file).name == file for fault in found)


def test_a_file_that_is_nothing_but_faults_is_told_in_part(tmp_path):
    """Each fault costs a search for what was meant: of 20,000 unknown actors minutes."""
    actors = "".join(f'[[actor]]\nid = "a{i}"\nname = "A {i}"\n' for i in range(3_000))
    told = "".join(
        f'[[event]]\nid = "e{i}"\ndate = 2025-02-03\nkind = "Funding"\nactor = "b{i}"\namount = 1\n'
        'headline = "h"\nsource = "s"\nconfidence = "low"\n'
        for i in range(MOST + 50)
    )
    (tmp_path / "replay.toml").write_text(starting_files("t")["replay.toml"] + actors)
    (tmp_path / "timeline.toml").write_text(told)
    found = check_story(tmp_path)
    assert len(found) == MOST + 1
    assert str(found[-1]).endswith("the rest was not read. Mend those above first.")
    assert max(len(str(one)) for one in found) < 500  # no fault lists three thousand names
    with pytest.raises(StoryFaults):
        read_story(tmp_path)
