"""A branch beside chance: pairs of its own fork, by what-if and by compare alike, and said on screen."""

import pytest
from click.testing import CliRunner

import narrative
from events.errors import Wrong
from narrative.cli import main


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


def test_an_effect_that_chance_could_make_is_said_to_be_one(db, fall):
    flags = ["--at", "2025-10-31", "--set", "announce_rate=0.03", "--seeds", "3"]
    run = CliRunner().invoke(main, ["what-if", db, "--name", "more", *flags])
    assert run.exit_code == 0, run.output
    assert "inside chance" in run.output
    run = CliRunner().invoke(main, ["compare", db, f"{db}@fall", "--seeds", "3"])
    (line,) = (one for one in run.output.splitlines() if one.split()[:1] == ["low"])
    assert "inside chance" not in line  # a fall of 40 % is no chance


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
