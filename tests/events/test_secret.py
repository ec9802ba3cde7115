"""What somebody else's file remembers is not believed, however well its checksums were made."""

import hmac
import os
import stat
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from support.drafts import fill

import narrative
from events import secret
from events.cache import Kept
from events.log import open_log
from events.stores.protocol import sealed
from narrative.analysis.verify import verified
from narrative.engine.run import fingerprint, world_at

ROOT = Path(__file__).parents[2]
SAID = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from events.secret import mine; print(mine(1).hex())"


@pytest.fixture
def another_user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Makes the process another user's, and takes it back."""

    def become(name: str) -> None:
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / name))
        secret._secret.cache_clear()

    yield become
    monkeypatch.undo()
    secret._secret.cache_clear()


def test_it_is_the_same_in_each_process_of_a_user_and_another_of_another(tmp_path: Path) -> None:
    def said(home: Path) -> str:
        env = os.environ | {"XDG_STATE_HOME": str(home)}
        return subprocess.run(
            [sys.executable, "-c", SAID], env=env, capture_output=True, text=True, check=True
        ).stdout

    one, two = tmp_path / "one", tmp_path / "two"
    assert said(one) == said(one) != said(two)
    file = one / "narrative-engine" / "secret"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.write_bytes(b"")  # spoilt: a process then has its own
    assert said(one) != said(one)


def test_a_state_folder_that_is_no_whole_path_is_not_looked_for_where_one_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stranger's folder could bring the secret by which its snapshots were made."""
    (tmp_path / "state" / "narrative-engine").mkdir(parents=True)
    (tmp_path / "state" / "narrative-engine" / "secret").write_bytes(bytes(secret.LENGTH))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_STATE_HOME", "state")
    secret._secret.cache_clear()
    try:
        assert secret.mine(1) != hmac.digest(bytes(secret.LENGTH), ascii((1,)).encode(), "sha256")
        assert (tmp_path / "home" / ".local" / "state" / "narrative-engine" / "secret").exists()
    finally:
        secret._secret.cache_clear()


def test_without_a_home_a_process_has_its_own(another_user, monkeypatch: pytest.MonkeyPatch) -> None:
    another_user("gone")
    monkeypatch.setattr(Path, "mkdir", lambda *_, **__: (_ for _ in ()).throw(PermissionError()))
    assert secret.mine(1) == secret.mine(1)


def forged(path: Path) -> None:
    """Tenfold all cash in a snapshot, with every checksum that can be worked out made anew."""
    with open_log(path, create=False) as log:
        end = log.head().position
        world = world_at(log, "main", end - 5)
        world.fold.state["cash"] = {who: 10 * cash for who, cash in world.fold.state["cash"].items()}
        digest, data = log.event("main", end - 5).digest, world.dump()
        of = fingerprint()
        log._store.hold()
        log._store.remember([(1, end - 5, of, digest, data, sealed(1, end - 5, of, digest, data))])


def test_a_forged_snapshot_changes_no_figure(tmp_path: Path) -> None:
    path = tmp_path / "loop.db"
    narrative.run("loop", db=path, until="2025-03-31")
    before = narrative.why(str(path), "cloud", "cash"), narrative.replay(str(path))
    forged(path)
    assert (narrative.why(str(path), "cloud", "cash"), narrative.replay(str(path))) == before
    assert narrative.verify(str(path)).verdict == "whole"


def test_another_users_memory_is_passed_over_and_ones_own_is_used(tmp_path: Path, another_user) -> None:
    another_user("one")
    with open_log(tmp_path / "a.db") as log:
        fill(log, 30)
        log.remember("main", 20, b"twenty", "model")
    with open_log(tmp_path / "a.db", create=False) as log:
        assert log.recall("main", 30, "model") == (20, b"twenty")
    another_user("two")
    with open_log(tmp_path / "a.db", create=False) as log:
        assert log.recall("main", 30, "model") is None


def test_a_forged_table_is_not_believed(tmp_path: Path, another_user) -> None:
    kept = Kept(tmp_path / "kept", b"digest")
    another_user("one")
    assert kept.keep("events", "form", pl.DataFrame({"a": [3]}).write_parquet)
    assert kept.find("events", "form")
    another_user("two")
    assert kept.find("events", "form") is None


def test_verify_compares_what_is_remembered_with_what_was_lived(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("narrative.engine.run.SNAPSHOT_EVERY", 20)
    path = tmp_path / "loop.db"
    narrative.run("loop", db=path, until="2025-03-31")
    found = narrative.verify(str(path))
    assert (found.verdict, found.events, found.branches) == (
        "whole",
        narrative.branches(str(path))[0].events,
        1,
    )
    assert found.snapshots == found.events // 20 or found.snapshots > 2
    with open_log(path, create=False) as log:
        end = log.head().position
        world = world_at(log, "main", end - 3)
        world.fold.state["cash"]["cloud"] = 10**12
        log.remember("main", end - 3, world.dump(), fingerprint())  # by a fault of this program's own
    with open_log(path, create=False) as log:
        assert verified(log)["verdict"] == "miscounted"


@pytest.mark.parametrize("led", ["kept", "kept/main"])
def test_nothing_is_deleted_where_a_link_leads(tmp_path: Path, led: str) -> None:
    """Whoever made the folder beside a database chose where its links lead."""
    away = tmp_path / "away" / ("main" if led == "kept" else "")
    away.mkdir(parents=True)
    (away / "claims-mine.parquet").write_text("precious")
    (tmp_path / led).parent.mkdir(exist_ok=True)
    (tmp_path / led).symlink_to(tmp_path / "away")
    Kept(tmp_path / "kept" / "main", b"digest").drop("claims")
    assert (away / "claims-mine.parquet").read_text() == "precious"
