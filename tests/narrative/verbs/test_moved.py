"""A story that is not about prices shows what was raised, invested, paid and received."""

from pathlib import Path

import pytest

import narrative
from narrative.cli import main

FACTS = """date,kind,actor,counterparty,amount,headline,source
2025-01-02,Investment,Fund,Lab,10m,The fund puts ten million into the lab,a paper
2025-02-02,Payment,Lab,Clouds,4m,The lab pays the clouds,a paper
2025-03-02,Payment,Lab,Power,1m,The lab pays for power,a paper
"""
M = 10**8  # a million dollars in cents


def test_what_money_did_is_shown_where_nobody_has_a_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("facts.csv").write_text(FACTS)
    narrative.import_("facts.csv", story="told")
    actors = narrative.replay("told").actors
    found = {name: (a.raised, a.invested, a.paid, a.received) for name, a in actors.items()}
    assert found == {
        "fund": (0, 10 * M, 10 * M, 0),
        "lab": (10 * M, 0, 5 * M, 0),
        "clouds": (0, 0, 0, 4 * M),
        "power": (0, 0, 0, 1 * M),
    }
    capsys.readouterr()
    with pytest.raises(SystemExit):
        main(["replay", "told"])
    lines = [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]
    assert "raised invested paid received cash" in lines
    assert "Fund – $10 m $10 m – –" in lines
    assert "Lab $10 m – $5 m – –" in lines
