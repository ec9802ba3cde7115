"""A branch beside chance: pairs of its own fork, by what-if and by compare alike, and said on screen."""

import pytest
from click.testing import CliRunner

import narrative
from events.errors import Wrong
from narrative.cli import main
from narrative.text.numbers import money


@pytest.fixture(scope="module")
def db(tmp_path_factory):
    path = tmp_path_factory.mktemp("beside") / "loop.db"
    narrative.run("loop", db=path)
    return str(path)


@pytest.fixture(scope="module")
def fall(db):
    return narrative.what_if(db, name="fall", at="2025-10-31", shock="market -40%", seeds=3)


def test_what_if_and_compare_say_what_an_ensemble_says(db, fall):
    many = narrative.ensemble(db, at="2025-10-31", shock="market -40%", seeds=3, workers=1)
    assert fall.chance.effects == many.effects
    assert narrative.compare([db, f"{db}@fall"], seeds=3).chance == fall.chance
    assert "chance" not in narrative.compare([db, f"{db}@fall"])


def test_an_effect_that_chance_could_make_is_said_to_be_one(db, fall, monkeypatch):
    monkeypatch.setenv("COLUMNS", "120")
    flags = ["--at", "2025-10-31", "--set", "announce_rate=0.03", "--seeds", "3"]
    run = CliRunner().invoke(main, ["what-if", db, "--name", "more", *flags])
    assert run.exit_code == 0, run.output
    assert "inside chance" in run.output
    run = CliRunner().invoke(main, ["compare", db, f"{db}@fall", "--seeds", "3"])
    (line,) = (one for one in run.output.splitlines() if one.split()[:1] == ["low"])
    assert "inside chance" not in line  # a fall of 40 % is no chance


def test_who_is_private_is_said_below_the_table(db, fall):
    assert fall.chance.private == ["lab"]  # the one company of this story that is valued and not listed
    many = narrative.ensemble(db, at="2025-10-31", shock="market -40%", seeds=2, workers=1)
    assert many.private == ["lab"]
    flags = ["ensemble", db, "--at", "2025-10-31", "--seeds", "2", "--workers", "1"]
    said = "lab is private: it stands at its last round, which only another round moves."
    other = CliRunner().invoke(main, [*flags, "--set", "announce_rate=0.03"])
    rows = {line.split()[2] for line in other.output.splitlines() if line.startswith("  end of ")}
    assert ("lab" in rows) == (said in other.output)
    run = CliRunner().invoke(main, ["compare", db, f"{db}@fall", "--seeds", "3"])
    assert run.output.count(said) == run.output.count("  end of lab ") == 1


def test_three_pairs_that_all_break_are_no_certainty(fall):
    (one,) = (one for one in fall.chance.effects if one.measure == "collapsed")
    assert (one.base, one.difference, one.pairs) == (0.0, 1.0, 3)
    # 3 of 3 is no less than 3 / (3 + 1.96**2) = 0.4385: 1 - sqrt(2) * (1 - 0.4385)
    assert (one.low, one.high) == (pytest.approx(0.2060, abs=1e-3), pytest.approx(1.0))


def test_effects_stay_a_table_on_a_narrow_screen(db, fall, monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    run = CliRunner().invoke(main, ["compare", db, f"{db}@fall", "--seeds", "3"])
    lines = run.output.partition("beside chance")[2].splitlines()
    assert max(map(len, lines)) <= 80
    (row,) = (line for line in lines if line.startswith("  end of cloud "))
    (effect,) = (one for one in fall.chance.effects if (one.measure, one.of) == ("end", "cloud"))
    assert f" {money(effect.base, {'currency': fall.chance.currency, 'digits': fall.chance.digits})} " in row
    assert "row 1" not in run.output
    assert row.endswith(" inside") == effect.inside


def test_what_makes_no_pairs_is_refused_in_a_sentence(db, fall):
    narrative.what_if(db, name="again", at="2025-10-31", reseed=5)
    narrative.what_if(db, name="plain", at="2025-10-31")
    for first, second, said in [
        (f"{db}@fall", db, "was not forked off fall"),
        (db, f"{db}@again", "another chance and nothing else"),
        (db, f"{db}@plain", "supposes nothing"),
    ]:
        with pytest.raises(Wrong, match=said):
            narrative.compare([first, second], seeds=2)
    with pytest.raises(Wrong, match="nobody in it"):
        narrative.compare([db, f"{db}@fall"], seeds=0)
    with pytest.raises(Wrong, match="nobody in it"):
        narrative.what_if(db, name="none", at="2025-10-31", shock="market -40%", seeds=0)
    assert "none" not in {one.branch for one in narrative.branches(db)}
