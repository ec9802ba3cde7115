from pathlib import Path

import pytest

import narrative


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty directory to work in, with the story that `new` writes in the folder `mine`."""
    monkeypatch.chdir(tmp_path)
    narrative.new("mine")
    return tmp_path
