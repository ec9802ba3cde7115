"""Names that a folder, an ending or a word stands for."""

from pathlib import Path

import pytest

import narrative

FACTS = "date\tkind\tactor\theadline\tsource\n2025-01-02\t{kind}\tLab\tLab raises\tpaper\n"


def test_the_folder_one_stands_in_has_its_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "mine").mkdir()
    monkeypatch.chdir(tmp_path / "mine")
    assert narrative.new(".").story == "mine"
    assert narrative.check(".").story == "mine"
    assert narrative.run(".").db == "mine.db"
    assert narrative.replay(".").db == "mine.db"


@pytest.mark.parametrize("name", ["facts.csv", "facts.tsv", "facts.tab", "facts.txt", "facts"])
def test_what_was_pasted_with_tabs_may_have_any_ending(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path(name).write_text(FACTS.format(kind="Announcement"))
    assert narrative.import_(name, story="told").entries == 1
    assert narrative.check("told").faults == []


def test_an_exported_history_becomes_no_story(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    narrative.new("mine")
    narrative.run("mine")
    narrative.export("mine", format="jsonl", output="mine.txt")
    with pytest.raises(narrative.Error, match="is read as an exported history"):
        narrative.import_("mine.txt", story="told")


@pytest.mark.parametrize("kind", ["Series A", "Seed", "Round"])
def test_a_round_of_funding_is_taken_for_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("facts.csv").write_text(FACTS.format(kind=kind))
    with pytest.raises(narrative.Error, match=f'kind is "{kind}". It takes') as caught:
        narrative.import_("facts.csv", story="told")
    assert "Did you mean" not in str(caught.value)
