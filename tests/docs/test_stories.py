"""The page on stories: its commands run, its examples are stories, and its table is what the kinds are."""

import os
import re
import subprocess
import sys
from pathlib import Path

import narrative
from narrative.story.keys import TELLABLE, entry_fields, party_fields

PAGE = (Path(__file__).parents[2] / "docs" / "stories.md").read_text(encoding="utf-8")
CSV = re.search(r"```csv\n(.*?)```", PAGE, re.DOTALL)[1]
COMMON = {"id", "date", "kind", "headline", "source", "confidence", "actor", "counterparty"}


def test_the_commands_run(tmp_path):
    (tmp_path / "railways.csv").write_text(CSV)
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    blocks = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)
    script = "set -e\n" + "".join(blocks)
    assert len(blocks) == 2
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path,
        env=os.environ | {"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "railways.html").exists()


def test_the_what_if_is_one_of_the_story_that_new_writes(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    narrative.new("mystory")
    Path("mystory/what-ifs").mkdir()
    what_if = re.search(r"```toml\n(question.*?)```", PAGE, re.DOTALL)[1]
    Path("mystory/what-ifs/later.toml").write_text(what_if)
    assert narrative.check("mystory")["faults"] == []
    narrative.run("mystory")
    told = narrative.what_if("mystory.db", name="later", from_="mystory/what-ifs/later.toml")
    (moved,) = narrative.log("mystory.db@later", kind="Order")
    assert (told["supposed"], moved["fact"]["amount"]) == (2, 400_000_000_000)


def test_the_example_becomes_a_story_that_runs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("railways.csv").write_text(CSV)
    assert narrative.import_("railways.csv")["entries"] == 4
    assert narrative.check("railways")["faults"] == []
    assert narrative.run("railways")["events"] == 5  # the opening, and what the table says
    rungs = narrative.replay("railways")["rungs"]
    # In cents. Of the 530,000 that were paid, 500,000 are deposits.
    assert rungs == {"announced": 500_000_000, "committed": 12_000_000, "paid": 53_000_000, "delivered": 0}


def test_the_table_lists_every_kind_its_parties_and_what_it_needs():
    found = re.findall(r"^\| `(\w+)` \|(.*)\|(.*)\|(.*)\|(.*)\|$", PAGE, re.MULTILINE)
    rows = {kind: [cell.strip() for cell in cells] for kind, *cells in found}
    assert list(rows) == list(TELLABLE)
    for kind, (actor, other, amount, needs) in rows.items():
        parties = party_fields(kind)
        assert actor == parties[0].attribute
        assert other == "".join(f"{p.attribute}{'' if p.needed else '?'}" for p in parties[1:])
        fields = {field.name: field.needed for field in entry_fields(kind)}
        assert amount == next(name for name in ("amount", "ceiling", "stated") if name in fields)
        needed = {name for name, must in fields.items() if must} - COMMON
        assert set(needs.split(", ")) - {""} == needed - ({"text"} if kind == "Note" else set())


def test_the_role_that_a_begun_story_hides_is_a_role(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("railways.csv").write_text(
        "date,kind,actor,amount,headline,source,tone,strength\n"
        "1844-02-12,Announcement,Northern,5m,x,y,1,1\n1844-02-20,Outcome,Northern,,x,y,,\n"
    )
    narrative.import_("railways.csv")
    replay = Path("railways/replay.toml")
    text = replay.read_text().replace("# [[cast", "[[cast")
    for key in ("process", "latency", "reads"):
        text = text.replace(f"# {key} =", f"{key} =")
    text = text.replace('name = "Northern"', 'name = "Northern"\nlisted = true', 1)
    replay.write_text(text.replace("unknown = true", "amount = 4_000_000", 1))
    assert narrative.check("railways")["faults"] == []
    narrative.run("railways", cast="market")
    (line,) = narrative.log("railways", kind="Repricing")
    assert (line["moment"], line["fact"]["asset"]) == ("1844-02-12T10:00:00", "northern")


def test_the_record_is_one_that_a_story_can_have(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    narrative.new("mystory")
    record, quotes, results = re.findall(
        r"```text\n(.*?)```", PAGE.split("## Prices and results")[1], re.DOTALL
    )[:3]
    replay = Path("mystory/replay.toml")
    replay.write_text(replay.read_text().replace("[calendar]", f"{record}\n[calendar]"))
    Path("mystory/quotes.csv").write_text(quotes)
    Path("mystory/results.toml").write_text(results)
    assert narrative.check("mystory")["faults"] == []
    narrative.run("mystory")
    (told,) = narrative.log("mystory", kind="Result")
    assert (told["moment"], told["fact"]["revenue"]) == ("2025-05-20T16:05:00", 4_406_200_000_000)
    assert len(list(narrative.log("mystory", kind="Quote"))) == 2
