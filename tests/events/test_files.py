"""What is handed on appears whole or not at all, and never over a log or what is kept beside one."""

import os
import socket
import stat
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

import pytest
from support.drafts import fill

from events import files
from events.errors import Unwritable
from events.files import Taken, beside, folder_beside, new_beside, read_whole
from events.log import open_log


@pytest.fixture
def log(tmp_path: Path) -> Path:
    with open_log(tmp_path / "a.db") as made:
        fill(made, 3)
    return tmp_path / "a.db"


def everything(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


BESIDE_A_LOG = (
    "a.db", "a.db-lock", "a.db-wal", "a.db-shm", "a.db-journal", "a.db.kept", "a.db.kept/events.parquet",
    "a.db.kept/main/events.parquet", "link.db",
)  # fmt: skip  # one list


@pytest.mark.parametrize("name", BESIDE_A_LOG)
@pytest.mark.parametrize("write", [beside, lambda path: folder_beside(path, ("one",))])
def test_nothing_is_written_over_a_log_or_what_belongs_to_one(name, write, log):
    (log.parent / "a.db.kept" / "main").mkdir(parents=True)
    (log.parent / "link.db").symlink_to(log)
    before = everything(log.parent)
    with pytest.raises(Unwritable), write(log.parent / name) as part:
        part.write_text("mine")
    assert everything(log.parent) == before


def test_it_says_what_stands_there(log):
    with (
        pytest.raises(Unwritable, match=r"a\.db is a database, and nothing is written over one; name"),
        beside(log),
    ):
        pass
    with (
        pytest.raises(Unwritable, match=r"a\.db-wal belongs to the database a\.db; name another file\.$"),
        beside(log.with_name("a.db-wal")),
    ):
        pass


def test_names_that_only_look_like_it_are_free(tmp_path):
    (tmp_path / "b.db").write_text("no database")
    for name in ("b.db", "b.db-wal", "-lock", ".kept", "none.db-shm"):
        with beside(tmp_path / name) as part:
            part.write_text("mine")
        assert (tmp_path / name).read_text() == "mine"


def test_a_file_takes_the_place_of_the_one_before_only_once_it_is_whole(tmp_path):
    path = tmp_path / "out"
    path.write_text("old")
    with suppress(ZeroDivisionError), beside(path) as part:
        part.write_text("half")
        raise ZeroDivisionError
    assert path.read_text() == "old"
    with beside(path) as part:
        part.write_text("new")
        assert path.read_text() == "old"
    assert [(entry.name, entry.read_text()) for entry in tmp_path.iterdir()] == [("out", "new")]


def test_an_old_folder_stands_until_the_new_one_is_whole(tmp_path):
    path = tmp_path / "out"
    path.mkdir()
    (path / "one").write_text("old")
    with suppress(ZeroDivisionError), folder_beside(path, ("one",)) as part:
        assert (path / "one").read_text() == "old"
        (part / "one").write_text("half")
        raise ZeroDivisionError
    assert (path / "one").read_text() == "old"
    with folder_beside(path, ("one",)) as part:
        (part / "one").write_text("new")
    assert [entry.name for entry in tmp_path.iterdir()] == ["out"]
    assert (path / "one").read_text() == "new"


def test_a_folder_that_holds_anything_else_is_left_alone(tmp_path):
    (tmp_path / "two").write_text("mine")
    with pytest.raises(Taken), folder_beside(tmp_path, ("one",)):
        pass
    assert [entry.name for entry in tmp_path.iterdir()] == ["two"]


@pytest.mark.parametrize("name", [".", "../here", "../link"])
def test_the_folder_one_stands_in_is_not_replaced(name, tmp_path, monkeypatch):
    (tmp_path / "here").mkdir()
    (tmp_path / "link").symlink_to("here")
    (tmp_path / "here" / "one").write_text("old")
    monkeypatch.chdir(tmp_path / "here")
    with (
        pytest.raises(Unwritable, match=r"folder you stand in, so it stays; name a folder inside it\.$"),
        folder_beside(Path(name), ("one",)) as part,
    ):
        (part / "one").write_text("mine")
    assert Path("one").read_text() == "old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["here", "link"]
    with folder_beside(Path("inside"), ("one",)) as part:
        (part / "one").write_text("mine")
    assert Path("inside/one").read_text() == "mine"


def test_a_link_stays_and_what_it_leads_to_is_written(tmp_path):
    (tmp_path / "there").mkdir()
    (tmp_path / "near").symlink_to("far")
    (tmp_path / "far").symlink_to("there/file")
    for text in ("first", "second"):  # what it leads to need not be there yet
        with beside(tmp_path / "near") as part:
            part.write_text(text)
        assert (tmp_path / "near").readlink() == Path("far")
        assert (tmp_path / "there" / "file").read_text() == text
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["far", "file", "near", "there"]


def test_a_link_to_a_folder_stays_and_the_folder_is_written(tmp_path):
    (tmp_path / "near").symlink_to("far")
    for text in ("first", "second"):
        with folder_beside(tmp_path / "near", ("one",)) as part:
            (part / "one").write_text(text)
        assert (tmp_path / "near").readlink() == Path("far")
        assert (tmp_path / "far" / "one").read_text() == text
    assert sorted(path.name for path in tmp_path.rglob("*")) == ["far", "near", "one"]


def test_links_that_lead_nowhere_are_told(tmp_path):
    (tmp_path / "one").symlink_to("other")
    (tmp_path / "other").symlink_to("one")
    (tmp_path / "lost").symlink_to("none/file")
    for name in ("one", "lost"):
        with pytest.raises(Unwritable), beside(tmp_path / name) as part:
            part.write_text("mine")
        assert (tmp_path / name).is_symlink()


def test_a_pipe_is_written_into_and_stays(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()), daemon=True)
    reader.start()
    with beside(pipe) as part:
        part.write_text("mine" * 50_000)
    reader.join(10)
    assert read == [b"mine" * 50_000]
    assert pipe.is_fifo()
    assert [path.name for path in tmp_path.iterdir()] == ["pipe"]


def test_a_terminal_is_shown_what_is_written_and_stays(tmp_path):
    # A terminal of the test's own: were it replaced after all, /dev would be none the worse.
    shown, behind = os.openpty()
    name = Path(os.ttyname(behind))
    (tmp_path / "link").symlink_to(name)
    for path in (name, tmp_path / "link"):
        with beside(path) as part:
            part.write_text("mine")
        assert os.read(shown, 99) == b"mine"
    assert (name.is_char_device(), (tmp_path / "link").is_symlink()) == (True, True)
    os.close(shown)
    with pytest.raises(Unwritable, match="could not be written"), beside(name) as part:
        part.write_text("mine")
    os.close(behind)


def test_a_socket_is_no_file(tmp_path):
    with socket.socket(socket.AF_UNIX) as taken:
        taken.bind(str(tmp_path / "s"))
        with pytest.raises(Unwritable, match="is a device or a socket"), beside(tmp_path / "s") as part:
            part.write_text("mine")
    assert (tmp_path / "s").is_socket()


# --- after a death, and a power cut ---------------------------------------------------------------


def a_dead_process() -> int:
    """The number of a process that has ended."""
    with subprocess.Popen([sys.executable, "-c", ""]) as child:
        pass
    return child.pid


def test_parts_of_the_dead_are_cleared_and_those_of_the_living_stay(tmp_path):
    dead, living = a_dead_process(), os.getppid()
    stays = {f".a-{living}.part", f".a-{dead}.parts", f".b-{dead}.part"}
    for name in (f".a-{dead}.part", f".a-{dead}.part-wal", *stays):
        (tmp_path / name).write_text("left")
    with beside(tmp_path / "a") as part:
        part.write_text("mine")
    left = {file.name for file in tmp_path.iterdir()}
    assert left == {"a", *stays}


def test_parts_of_another_container_stay_though_its_process_has_our_number(tmp_path, monkeypatch):
    """Two containers that share a folder may each have a process 7: neither clears away the other's part."""
    monkeypatch.setattr(os, "getpid", lambda: 7)
    with monkeypatch.context() as there:
        there.setattr(files, "_room", lambda: "1.")
        theirs = beside(tmp_path / "a")
        part = theirs.__enter__()
        part.write_text("whole")
    monkeypatch.setattr(files, "_room", lambda: "2.")
    with suppress(ZeroDivisionError), beside(tmp_path / "a") as ours:
        assert ours != part
        ours.write_text("half")
        raise ZeroDivisionError
    theirs.__exit__(None, None, None)
    assert (tmp_path / "a").read_text() == "whole"


def test_pipes_are_read_where_somebody_writes_and_else_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "PATIENCE", 0.2)
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(OSError, match="nobody writes to it"):
        read_whole(tmp_path / "pipe")
    words = f"from pathlib import Path; Path({str(tmp_path / 'pipe')!r}).write_bytes(b'said' * 50_000)"
    monkeypatch.setattr(files, "PATIENCE", 30)
    with subprocess.Popen([sys.executable, "-c", words]):
        assert read_whole(tmp_path / "pipe") == b"said" * 50_000


def test_a_folder_whose_writer_died_between_two_renamings_is_put_back(tmp_path):
    dead = a_dead_process()
    for name in (f".out-{dead}.part", f".out-{dead}.part-old"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "one").write_text(name[-3:])
    with suppress(ZeroDivisionError), folder_beside(tmp_path / "out", ("one",)):
        raise ZeroDivisionError
    assert (tmp_path / "out" / "one").read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("kind", ["file", "database", "folder"])
def test_what_is_renamed_is_on_disk_before_and_its_name_after(kind, tmp_path, monkeypatch):
    """In which order bytes and names reach the disk: a power cut in between leaves the old or the new."""
    happened = []
    rename, link, replace, sync = Path.rename, os.link, Path.replace, os.fsync

    def noted(what, act):
        return lambda *args, **named: (happened.append(what), act(*args, **named))[1]

    def synced(file):
        happened.append("folder" if stat.S_ISDIR(os.fstat(file).st_mode) else "bytes")
        sync(file)

    monkeypatch.setattr(Path, "rename", noted("renamed", rename))
    monkeypatch.setattr(Path, "replace", noted("renamed", replace))
    monkeypatch.setattr(os, "link", noted("renamed", link))
    monkeypatch.setattr(os, "fsync", synced)
    if kind == "file":
        with beside(tmp_path / "a") as part:
            part.write_text("mine")
    elif kind == "database":
        with new_beside(tmp_path / "a") as part:
            part.write_text("mine")
    else:
        with folder_beside(tmp_path / "a", ("one",)) as part:
            (part / "one").write_text("mine")
    assert happened == ["bytes", *(["folder"] if kind == "folder" else []), "renamed", "folder"]


def test_a_new_database_has_one_name(tmp_path):
    with new_beside(tmp_path / "a") as part:
        part.write_text("mine")
    assert (tmp_path / "a").stat().st_nlink == 1
