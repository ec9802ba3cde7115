"""A backup is put back without loss, and a journal of another file is noticed before anything is read."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from support.drafts import append, fill

from events.errors import Damaged, Locked, NotALog, Unwritable
from events.files import new_beside
from events.log import Log, open_log
from events.restoring import put_back

ROOT = Path(__file__).parents[2]
# Writes 300 moments, says so, and waits to be killed.
WRITER = f"""
import sys, time
sys.path[:0] = [{str(ROOT)!r}, {str(ROOT / "tests")!r}]
from support.drafts import append
from events.log import open_log
log = open_log({{path!r}})
start = log.head().moment or 0
for n in range(300):
    append(log, "main", start + n + 1, "words " * 50)
log.flush()
print("written", flush=True)
time.sleep(60)
"""


def killed_while_writing(path: Path) -> None:
    """Leave a file as a killed writer does: the last of it lies in the journal beside."""
    child = subprocess.Popen([sys.executable, "-c", WRITER.format(path=str(path))], stdout=subprocess.PIPE)
    assert child.stdout is not None
    assert child.stdout.readline() == b"written\n"
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    child.stdout.close()
    assert path.with_name(path.name + "-wal").stat().st_size > 0


def everything(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.endswith("-shm")}


def filled(path: Path, number: int) -> Path:
    with open_log(path) as log:
        fill(log, number)
    return path


def test_what_a_killed_writer_left_is_the_files_own_and_is_read(tmp_path: Path) -> None:
    path = filled(tmp_path / "k.db", 50)
    killed_while_writing(path)
    with open_log(path, create=False) as log:
        assert log.head().position == 350
        assert log.verify() == ()


def test_a_first_run_that_was_killed_is_read_too(tmp_path: Path) -> None:
    killed_while_writing(tmp_path / "k.db")
    with open_log(tmp_path / "k.db", create=False) as log:
        assert log.head().position == 300


@pytest.mark.parametrize("kind", ["backup", "copy", "another"])
def test_a_file_put_beside_anothers_journal_is_noticed_and_neither_changes(tmp_path: Path, kind: str) -> None:
    path, copy = filled(tmp_path / "k.db", 50), tmp_path / "copy.db"
    if kind == "backup":  # of the log itself, by the verb
        with open_log(path) as log:
            log.backup(copy)
    elif kind == "copy":  # a plain one, while nobody wrote
        shutil.copy(path, copy)
    else:
        filled(copy, 20)
    killed_while_writing(path)
    shutil.copy(copy, path)
    before = everything(tmp_path)
    for read_only in (True, False):
        with pytest.raises(Damaged, match="was written for another file"):
            open_log(path, create=False, read_only=read_only)
    assert everything(tmp_path) == before


def test_a_backup_made_while_its_log_is_written_is_not_taken_for_the_log(tmp_path: Path) -> None:
    path = tmp_path / "k.db"
    with open_log(path) as log:
        fill(log, 50)
        with open_log(path, create=False, read_only=True) as reader:
            reader.backup(tmp_path / "copy.db")
        append(log, "main", 10**6, "later")
        log.flush()
        files = everything(tmp_path)
    for name in ("k.db", "k.db-wal"):  # as if the writer had been killed
        (tmp_path / name).write_bytes(files[name])
    shutil.copy(tmp_path / "copy.db", path)
    with pytest.raises(Damaged, match="was written for another file"):
        open_log(path, create=False)


def test_writers_that_come_and_go_while_somebody_reads_on_are_no_damage(tmp_path: Path) -> None:
    """A long reader keeps what is written from being moved into the file, however often writers change."""
    path = filled(tmp_path / "k.db", 5)
    with open_log(path, create=False, read_only=True) as reader, reader.still():
        for number in range(1, 5):
            with open_log(path, create=False) as log:
                append(log, "main", 10**6 + number, "later")
            with open_log(path, create=False, read_only=True) as log:
                assert log.head().position == 5 + number
                assert log.verify() == ()
        assert reader.head().position == 5
    with open_log(path, create=False) as log:
        assert log.head().position == 9


def test_restore_puts_the_backup_there_and_sets_both_aside(tmp_path: Path) -> None:
    path = filled(tmp_path / "k.db", 50)
    with open_log(path) as log:
        log.backup(tmp_path / "bak.db")
    killed_while_writing(path)
    made = put_back(tmp_path / "bak.db", path)
    assert made.aside == tmp_path / "k.db.aside"
    with open_log(path, create=False) as log:
        assert (log.head().position, log.verify()) == (50, ())
    with open_log(made.aside, create=False) as log:
        assert log.head().position == 350  # nothing of what stood there is lost
    assert put_back(tmp_path / "bak.db", path).aside == tmp_path / "k.db.aside-2"
    assert {file.name for file in tmp_path.iterdir()} == {"k.db", "bak.db", "k.db.aside", "k.db.aside-2"}


def test_restore_where_nothing_stands_sets_nothing_aside(tmp_path: Path) -> None:
    assert put_back(filled(tmp_path / "bak.db", 5), tmp_path / "k.db").aside is None
    with open_log(tmp_path / "k.db", create=False) as log:
        assert log.head().position == 5


def test_restore_refuses_what_is_no_whole_backup_and_what_is_being_written(tmp_path: Path) -> None:
    path, backup = filled(tmp_path / "k.db", 50), filled(tmp_path / "bak.db", 5)
    before = path.read_bytes()
    (tmp_path / "no.db").write_text("no log" * 1000)
    with pytest.raises(NotALog):
        put_back(tmp_path / "no.db", path)
    with pytest.raises(NotALog):
        put_back(tmp_path / "nothing.db", path)
    with pytest.raises(Unwritable, match="is the backup itself"):
        put_back(path, path)
    with open_log(path) as log:
        log.hold()
        with pytest.raises(Locked):
            put_back(backup, path)
    data = bytearray(backup.read_bytes())
    at = data.index(b'"n3"') if b'"n3"' in data else data.index(b"n3")
    data[at : at + 2] = b"xx"
    backup.write_bytes(data)
    with pytest.raises(Damaged, match="is damaged itself"):
        put_back(backup, path)
    assert not (tmp_path / "k.db.aside").exists()
    with open_log(path, create=False) as log:
        assert log.head().position == 50
    assert len(path.read_bytes()) >= len(before)


def test_a_journal_that_was_left_behind_is_not_read_into_a_new_file(tmp_path: Path) -> None:
    path = filled(tmp_path / "k.db", 50)
    killed_while_writing(path)
    path.unlink()
    with pytest.raises(Unwritable, match="left of a database that is gone"):
        open_log(path)
    with pytest.raises(Unwritable, match="left of a database that is gone"), new_beside(path) as part:
        part.write_text("new")
    assert not path.exists()


def test_what_was_written_lies_in_the_file_though_others_have_it_open(tmp_path: Path) -> None:
    path = filled(tmp_path / "k.db", 5)
    with open_log(path, create=False, read_only=True) as reader:
        assert reader.head().position == 5
        with open_log(path) as log:
            append(log, "main", 10**6, "later")
        shutil.copy(path, tmp_path / "alone.db")  # a plain copy, of which the journal stays behind
        with open_log(tmp_path / "alone.db", create=False) as log:
            assert log.head().position == 6


@pytest.mark.parametrize("pages", [0, 5])
def test_a_kill_while_a_file_begins_is_begun_over_and_anothers_journal_is_not_read(
    tmp_path: Path, pages: int
) -> None:
    """The header of a rollback journal says in bytes 16 to 19 how many pages the database had before."""
    path = tmp_path / "new.db"
    path.touch()
    header = bytes.fromhex("d9d505f920a163d7") + bytes(8) + pages.to_bytes(4) + (512).to_bytes(4) * 2
    (tmp_path / "new.db-journal").write_bytes(header.ljust(512, b"\0"))
    if pages:
        with pytest.raises(Unwritable, match="left of a database that is gone"):
            open_log(path)
    else:
        with open_log(path) as log:
            assert log.head("main").position == 0


def test_a_byte_altered_in_a_journal_ends_the_history_there(tmp_path: Path) -> None:
    """Which no file can show by itself: what SQLite takes for never written leaves no trace."""
    path = filled(tmp_path / "k.db", 50)
    killed_while_writing(path)
    journal = tmp_path / "k.db-wal"
    data = bytearray(journal.read_bytes())
    data[len(data) // 2] ^= 1
    journal.write_bytes(data)
    (tmp_path / "k.db-shm").unlink(missing_ok=True)
    with open_log(path, create=False) as log:
        assert 50 <= log.head().position < 350
        assert log.verify() == ()


# Puts a backup back, and dies before the n-th step that a folder would show.
DYING = f"""
import os, signal, sys
from pathlib import Path
sys.path[:0] = [{str(ROOT)!r}]
from events.restoring import put_back
left = int(sys.argv[3])
def step(event, args):
    global left
    if event in {{"os.rename", "os.link", "os.remove"}}:
        left -= 1
        if left < 0:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(step)
put_back(Path(sys.argv[1]), Path(sys.argv[2]))
"""


def test_a_restore_killed_at_any_step_loses_nothing_and_may_be_done_again(tmp_path: Path) -> None:
    made = tmp_path / "made"
    made.mkdir()
    with open_log(filled(made / "k.db", 50)) as log:
        log.backup(made / "bak.db")
    killed_while_writing(made / "k.db")
    for step in range(40):
        folder = tmp_path / str(step)
        shutil.copytree(made, folder)
        words = [sys.executable, "-c", DYING, str(folder / "bak.db"), str(folder / "k.db"), str(step)]
        killed = subprocess.run(words, check=False).returncode
        standing = [ends(path) for path in (folder / "k.db", folder / "k.db.aside") if path.exists()]
        assert 350 in standing, (step, standing)
        assert set(standing) <= {50, 350}, (step, standing)
        if standing[0] != 50 or not (folder / "k.db").exists():
            put_back(folder / "bak.db", folder / "k.db")
        with open_log(folder / "k.db", create=False) as log:
            append(log, "main", 10**6, "written again")
        assert ends(folder / "k.db") == 51
        asides = [path for path in folder.glob("k.db.aside*") if not path.name.endswith(("-wal", "-shm"))]
        assert {ends(path) for path in asides} == {350}
        if not killed:
            assert step > 4
            return
    pytest.fail("it never ended")


def ends(path: Path) -> int:
    with open_log(path, create=False, read_only=True) as log:
        assert log.verify() == ()
        return log.head().position


def test_what_comes_to_stand_there_meanwhile_costs_nothing_of_what_stood_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the setting aside and the putting back another program puts a file under the name."""
    path = filled(tmp_path / "k.db", 50)
    with open_log(path, create=False) as log:
        log.backup(tmp_path / "bak.db")
        append(log, "main", 10**6, "precious")
    backup = Log.backup

    def meanwhile(log: Log, to: Path) -> None:
        to.write_text("somebody's")
        backup(log, to)

    monkeypatch.setattr(Log, "backup", meanwhile)
    with pytest.raises(Unwritable, match=r"What stood there before is .*k\.db\.aside now"):
        put_back(tmp_path / "bak.db", path)
    assert path.read_text() == "somebody's"
    assert ends(tmp_path / "k.db.aside") == 51
