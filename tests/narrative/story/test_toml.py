"""Broken TOML: each slip is a fault on its own line, and what stands beside it is still read."""

import os
from pathlib import Path
from time import process_time

import pytest
from support.faulty_story import R, T, faults, line_in

from events.files import LARGEST
from events.formats.jsonl_reader import BadFile
from narrative.story import toml
from narrative.story.faults import Page
from narrative.story.from_csv import drafted
from narrative.story.quotes import lines_of
from narrative.story.toml import read_page


def page(folder: Path, text: str) -> Page:
    path = folder / "x.toml"
    path.write_text(text)
    return read_page(path)


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ('name = "open', "a text is not closed on its line"),
        ("name = yes", "what stands here is no value"),
        ("name =", "what stands here is no value"),
        ("sum = 1,000", "something follows the value"),
        ("name = a b", "what stands here is no value"),
        ("name", "a key without a value"),
        ("id = 2", "this key stands twice in one table"),
        ("day = 2025-02-30", "2025-02-30 is no date: February 2025 has 28 days in the Gregorian calendar"),
        ("day = 2025-13-01", "2025-13-01 is no date: months count from 01 to 12"),
        ("day = 2025-06-31T09:00:00", "2025-06-31 is no date: June 2025 has 30 days"),
        ('list = ["a",', "what opens here never closes"),
        ('text = """', "what opens here never closes"),
        (f"sum = {'9' * 5000}", "a number here has too many digits"),
        (f"sum = 1e{'9' * 30}", "a number here has too many digits"),
        (f"list = {'[' * 5000}{']' * 5000}", "lists or tables stand in each other too deep"),
        (f"table = {'{a=' * 5000}1{'}' * 5000}", "lists or tables stand in each other too deep"),
    ],
)
def test_a_slip_is_a_fault_on_its_line_and_the_rest_is_read(tmp_path: Path, line: str, what: str) -> None:
    found = page(
        tmp_path, f'title = "t"\n\n[[event]]\nfirst = 1\nid = 1\n{line}\nlast = 9\n\n[[event]]\nid = 3\n'
    )
    assert [(fault.line, what in fault.what) for fault in found.faults] == [(6, True)], found.faults
    assert found.data["title"] == "t"
    assert [event["id"] for event in found.data["event"]] == [1, 3]
    assert found.data["event"][0].get("last") == 9
    assert found.torn == {6}


def test_every_slip_of_a_file_is_told(tmp_path: Path) -> None:
    first = 'a = yes\nb = "x\n[[event]]\nid = 1\nday = 2025-02-30\n'
    found = page(tmp_path, first + "[[event]\nid = 2\nsum = 1,5\n[x]\n[[event]]\nid = 3\nc\n")
    assert [fault.line for fault in found.faults] == [1, 2, 5, 6, 8, 12]
    assert [event["id"] for event in found.data["event"]] == [1, 2, 3]


def test_a_day_of_the_julian_calendar_alone_is_to_be_quoted(tmp_path: Path) -> None:
    (fault,) = page(tmp_path, "day = 1700-02-29\n").faults
    assert fault.meant == 'In a story of the Julian calendar write it in quotes: "1700-02-29".'


def test_a_text_of_several_lines_that_never_closes_takes_only_its_prose(tmp_path: Path) -> None:
    found = page(tmp_path, '[[event]]\nid = 1\nnote = """\nsome prose\n[1] and more\nlast = 2\n')
    assert [fault.line for fault in found.faults] == [3]
    assert found.data["event"] == [{"id": 1, "last": 2}]


def test_a_header_that_was_forgotten_is_one_fault(tmp_path: Path) -> None:
    found = page(tmp_path, "[[event]]\nid = 1\nday = 2\n\nid = 2\nday = 3\nsum = 4\n[[event]]\nid = 3\n")
    (fault,) = found.faults
    assert fault.line == 5
    assert "header" in fault.meant
    assert [event["id"] for event in found.data["event"]] == [1, 3]
    assert found.lost


def test_a_table_that_stands_twice_is_told_where_it_stands_again(tmp_path: Path) -> None:
    found = page(tmp_path, "[money]\na = 1\n[other]\nb = 2\n[money]\nc = 3\n")
    assert [(fault.line, fault.what) for fault in found.faults] == [(5, "this table stands twice")]
    assert found.data == {"money": {"a": 1}, "other": {"b": 2}}


def test_a_broken_line_makes_no_fault_of_what_it_may_have_held(tmp_path: Path) -> None:
    story, found = faults(tmp_path, (T, 'headline = "The lab raises', "headline = The lab raises"))
    assert [fault.line for fault in found] == [line_in(story, T, "headline = The lab raises")]


def test_a_broken_name_makes_no_faults_of_those_who_use_it(tmp_path: Path) -> None:
    story, found = faults(
        tmp_path, (T, 'id = "plan"', 'id = "plan'), (R, 'id = "chipmaker"', "id = chipmaker")
    )
    assert {fault.line for fault in found} == {
        line_in(story, T, 'id = "plan\n'),
        line_in(story, R, "id = chipmaker"),
    }


def test_a_file_that_is_not_utf_8_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(b'a = 1\nb = "\xe9"\n')
    (fault,) = read_page(path).faults
    assert (fault.line, fault.what) == (2, "this line is not UTF-8 text")


def test_lines_that_end_as_on_windows_are_counted_as_any(tmp_path: Path) -> None:
    path = tmp_path / "x.toml"
    path.write_bytes(b"a = 1\r\nb = 2\r\nc = yes\r\n")
    assert [fault.line for fault in read_page(path).faults] == [3]


@pytest.mark.parametrize(
    "text", ["[[event]\n" * 3, "[0..]\nid = 1\n", "[[", "\\", "=", "[a]\n[a.b]\n[a]\n", "\x00"]
)
def test_any_rubbish_ends_in_faults(tmp_path: Path, text: str) -> None:
    assert page(tmp_path, text).faults


@pytest.mark.parametrize(
    "line", [f"{'a.' * 50_000}b = 1", f"[{'a . ' * 50_000}b]", f"x = {{ {'a.' * 50_000}b = 1 }}"]
)
def test_a_key_of_too_many_parts_is_one_fault_and_quickly_said(tmp_path: Path, line: str) -> None:
    started = process_time()
    found = page(tmp_path, f'title = "t"\n{line}\n')
    assert [(fault.line, fault.what) for fault in found.faults] == [(2, "a key here has more than 100 parts")]
    assert process_time() - started < 2


def test_dots_within_a_text_are_no_key(tmp_path: Path) -> None:
    assert page(tmp_path, f'text = "{"and so on. " * 500}"\n').faults == []


def test_the_mark_that_some_editors_put_before_a_text_is_passed_over(tmp_path: Path) -> None:
    assert page(tmp_path, '\ufefftitle = "t"\n').data == {"title": "t"}


def test_a_number_in_hexadecimal_may_be_long_too(tmp_path: Path) -> None:
    _, found = faults(tmp_path, (T, "amount = 6.6", f"amount = 0x{'f' * 5000}"))
    (fault,) = found
    assert "of about 6,021 digits" in fault.what  # 5,000 times log10(16)


TABLES = "".join(f"[t{i}]\na = 1\n" for i in range(300))


@pytest.mark.parametrize(
    "text",
    ["".join(f'{i},Funding,mill,5,"x",y\n' for i in range(4_000)), "[[t]]\nx y\n" * 2_000, TABLES + TABLES],
    ids=["a table of commas", "a fault a table", "every table twice"],
)
def test_a_file_that_is_nothing_but_faults_is_told_in_bounded_time(
    text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each fault costs a reading of what is before it: the readings are bounded, and so is what is told."""
    readings = []
    loads = toml._loads
    monkeypatch.setattr(toml, "_loads", lambda text: (readings.append(len(text)), loads(text))[1])
    (tmp_path / "timeline.toml").write_text(text)
    page = toml.read_page(tmp_path / "timeline.toml")
    assert len(page.faults) <= toml.MOST + 1
    assert page.faults[-1].what == "there are more faults than are told, and the rest was not read"
    assert len([length for length in readings if length > len(text) / 2]) < 3 * toml.MOST


def test_a_pipe_in_the_place_of_a_file_is_a_fault_and_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "timeline.toml")
    (fault,) = toml.read_page(tmp_path / "timeline.toml").faults
    assert str(fault).endswith("timeline.toml:1: this is a pipe or a device. A story's files are files.")


def hole(path: Path) -> Path:
    """A file one byte longer than is read whole, of which nothing lies on the disk."""
    path.touch()
    os.truncate(path, LARGEST + 1)
    return path


def test_a_file_with_a_hole_is_a_fault_and_fills_no_memory(tmp_path):
    (fault,) = read_page(hole(tmp_path / "timeline.toml")).faults
    assert "timeline.toml:1: the file cannot be read: it has more than 64 MB. No story's" in str(fault)
    with pytest.raises(BadFile, match="it has more than 64 MB"):
        drafted(hole(tmp_path / "facts.csv"), tmp_path / "facts")
    assert not (tmp_path / "facts").exists()


def test_a_line_of_prices_without_end_is_not_read_whole():
    class Endless:
        def readline(self, most=-1):
            assert 0 < most <= 2**20
            return "\0" * most

    assert len(next(lines_of(Endless()))) == 2**20


@pytest.mark.parametrize("line", ["a = 1\n", "[[event]]\n", 'a = "b"\n[[event]]\n'])
def test_more_keys_and_tables_than_memory_has_room_for_are_refused(
    tmp_path: Path, monkeypatch, line: str
) -> None:
    monkeypatch.setattr(toml, "MOST_KEYS", 1_000)
    signs = line.count("=") + line.count("[[")
    assert not any("more than" in fault.what for fault in page(tmp_path, line * (1_000 // signs)).faults)
    assert not page(tmp_path, 'a = "' + "=" * 2_000 + '"\n').faults  # those within a text are none
    (fault,) = page(tmp_path, line * 1_001).faults
    assert (fault.what, fault.meant) == (
        "the file has more than 1,000 keys and tables",
        "Tell less in one story, or in several.",
    )
