"""Ensembles: the same whoever lives them, paired, gone on with, and honest about who failed."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import polars as pl
import pytest
from support.bereft import bereft

import narrative
from events.errors import Wrong
from narrative.story.catalogue import find_story
from narrative.story.reader import read_story
from narrative.story.supposition import Supposed
from narrative.verbs.answers.ensembles import Ensemble
from narrative.verbs.living import performed
from narrative.weighing import ensemble
from narrative.weighing.ensemble import Member, Work, lived
from narrative.weighing.many import armed
from narrative.whatif.request import flags_page, request

EVENTS = "SELECT position, kind, actor FROM events WHERE"
ASKED = {"at": "2025-10-31", "seeds": 4, "shock": "market -40%"}


@pytest.fixture(scope="module")
def db(tmp_path_factory) -> str:
    path = tmp_path_factory.mktemp("many") / "loop.db"
    narrative.run("loop", db=path)
    return str(path)


@pytest.fixture(scope="module")
def alone(db) -> Ensemble:
    return narrative.ensemble(db, **ASKED, workers=1)


def effect(found, measure, over="chance", of=None):
    return next(one for one in found.effects if (one.measure, one.over, one.of) == (measure, over, of))


def test_two_workers_say_what_one_says(db, alone):
    assert narrative.ensemble(db, **ASKED, workers=2) == alone


def test_any_executor_says_what_one_says(db, alone):
    with ThreadPoolExecutor(2) as executor:
        assert narrative.ensemble(db, **ASKED, executor=executor) == alone


def test_a_cluster_says_what_one_says(db, alone):
    distributed = pytest.importorskip("distributed")
    with distributed.LocalCluster(
        n_workers=1, threads_per_worker=1, dashboard_address=":0", processes=False
    ) as cluster:
        assert narrative.ensemble(db, **ASKED, scheduler=cluster.scheduler_address) == alone


def test_pairs_differ_by_what_is_supposed_alone(db, alone):
    """A branch by hand, of one of the seeds, has the end that its member has."""
    told = narrative.ensemble(db, **ASKED, workers=1, keep=3, name="third")
    assert (told.kept, told.effects) == ("third", alone.effects)
    narrative.what_if(db, name="third-base", at="2025-10-31", reseed=3)
    ends = []
    for branch in ("third-base", "third"):
        actors = narrative.replay(f"{db}@{branch}", at="2025-12-31T16:00:00").actors
        ends.append(sum(actors[one].valuation for one in ("cloud", "chips") if actors[one].valuation))
    one = narrative.ensemble(db, **{**ASKED, "seeds": 3}, workers=1)
    two = narrative.ensemble(db, **{**ASKED, "seeds": 2}, workers=1)
    third = 3 * effect(one, "end").difference - 2 * effect(two, "end").difference
    assert third == pytest.approx(ends[1] - ends[0], abs=10)


def test_several_values_are_an_arm_each_and_none_is_the_base_alone(db):
    found = narrative.ensemble(db, at="2025-10-31", seeds=2, set={"announce_rate": "0.02,0.03"}, workers=1)
    assert [one.arm for one in found.arms] == ["base", "announce_rate=0.02", "announce_rate=0.03"]
    again = narrative.ensemble(db, at="2025-10-31", seeds=2, workers=1)
    assert (again.effects, [one.arm for one in again.arms]) == ([], ["base"])
    assert {one.members for one in again.levels} == {2}


def test_what_was_in_force_already_makes_no_difference(db):
    value = next(
        one.value for one in read_story(find_story("loop")).parameters if one.name == "announce_rate"
    )
    found = narrative.ensemble(db, at="2025-10-31", seeds=2, set={"announce_rate": value}, workers=1)
    assert {one.difference for one in found.effects if one.measure != "events"} == {0.0}


def test_ranges_are_drawn_beside_chance(db):
    found = narrative.ensemble(db, **ASKED, over="ranges", workers=1)
    assert found.members == 8
    assert len(found.over) > 10
    assert {one.over for one in found.effects} == {"chance", "ranges"}
    assert effect(found, "end") == effect(narrative.ensemble(db, **ASKED, workers=1), "end")


def test_a_shock_to_revenue_takes_a_part_of_what_a_member_draws(db):
    """Half of 0.8 is 0.4, and half of the 0.3 in force 0.15; a demand that is set by name is what it is."""
    drawn, central = Member(seed=1, draw=1, set={"demand": 0.8}), Member(seed=1)
    with performed(db) as found:

        def asked(**more):
            flags = {"at": "2025-10-31", "shock": ["revenue lab -50%"], **more}

            def asking(also):
                return request(None, flags_page(**{**flags, **also}))

            return armed(found, asking, {}, {}, "2025-11-05")

        cut, arms = asked()
        assert arms[1].under(drawn).set == {"demand": 0.8, "demand.lab": 0.4}
        assert arms[1].under(central).set == {"demand.lab": 0.15}
        assert asked(set={"demand": 0.5})[1][1].under(drawn).set == {"demand": 0.5, "demand.lab": 0.25}
        for one in lived(Work(number=0, cut=cut, arms=arms, members=(drawn,)), log=True):
            said = Supposed.load(one.log[0].fact.text).set
            assert said == ({"demand": 0.8} if one.arm == "base" else {"demand": 0.8, "demand.lab": 0.4})


def test_members_are_kept_as_parquet_and_gone_on_with(db, alone, tmp_path, monkeypatch):
    path = tmp_path / "out.parquet"
    assert narrative.ensemble(db, **ASKED, workers=1, output=path).effects == alone.effects
    frame = pl.scan_parquet(path).collect()
    assert frame.columns == ["seed", "draw", "arm", "measure", "of", "moment", "value"]
    assert frame.filter((pl.col("measure") == "end") & pl.col("of").is_null()).height == 8
    by_day = frame.filter(pl.col("moment").is_not_null())
    assert by_day.group_by("seed", "arm").len()["len"].unique().to_list() == [61]  # November and December
    files = sorted(path.iterdir())
    files[1].unlink()
    again = []

    def live(part, **more):
        again.append(part.number)
        return lived(part, **more)

    monkeypatch.setattr("narrative.weighing.dataset.lived", live)
    assert narrative.ensemble(db, **ASKED, workers=1, output=path).effects == alone.effects
    assert again == [1]
    with pytest.raises(Wrong, match="is not of what is asked here"):
        narrative.ensemble(db, **{**ASKED, "seeds": 5}, workers=1, output=path)


def test_a_member_that_fails_is_named_and_the_others_are_kept(db, monkeypatch):
    live = ensemble.tail

    def failing(cut, what, seed, **more):
        if seed == 2:
            raise Wrong("the market was closed.")
        return live(cut, what, seed, **more)

    monkeypatch.setattr(ensemble, "tail", failing)
    found = narrative.ensemble(db, **ASKED, workers=1)
    assert [(one.seed, one.arm, one.error) for one in found.failed] == [
        (2, "base", "Wrong: the market was closed."),
        (2, "supposed", "Wrong: the market was closed."),
    ]
    assert effect(found, "end").pairs == 3
    monkeypatch.setattr(ensemble, "tail", lambda *_, **__: 1 / 0)
    with pytest.raises(Wrong, match="No member came to its end"):
        narrative.ensemble(db, **ASKED, workers=1)


def test_a_worker_that_is_killed_costs_time_only(db, alone, tmp_path):
    """One worker of a pool is killed while it lives; the answer is the one it would have been."""
    assert bereft(tmp_path, "ensemble", db, ASKED) == alone.plain()


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        ({"seeds": 0}, "has nobody in it"),
        ({"workers": 0}, "cannot work"),
        ({"shock": "market"}, "does not read"),
        ({"set": {"announce_rate": "0.01,x"}}, "takes numbers"),
        ({"over": "announce_rate=2..1"}, "upside down"),
        ({"at": "2027-01-01", "shock": ()}, "lies after"),
        ({"keep": 9, "name": "nine"}, "Seed 9 is none"),
        ({"keep": 1}, "what to call the branch"),
        ({"workers": None, "scheduler": "tcp://127.0.0.1:1"}, "No Dask scheduler answers|not installed"),
        ({"scheduler": "tcp://127.0.0.1:1"}, "--workers and --scheduler each say who works"),
    ],
)
def test_bad_input_is_one_sentence(db, flags, said):
    with pytest.raises(Wrong, match=said) as caught:
        narrative.ensemble(db, **{**ASKED, "workers": 1, **flags})
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--seeds", "0"], "BadEnsemble: An ensemble of 0 seeds has nobody in it"),
        (
            ["--seeds", "2", "--over", "announce_rate=2..1"],
            "BadRange: The range announce_rate=2..1",
        ),
        (["--seeds", "2", "--shock", "market"], 'BadSupposition: shock "market" does not read'),
        (["--seeds", "2", "--scheduler", "tcp://127.0.0.1:1"], "Unreachable: "),
        (["--seeds", "2", "--events", "there"], "BadEnsemble: Events are kept beside"),
    ],
)
def test_bad_input_of_the_command_is_one_sentence(db, flags, said):
    """As in Python, above: one sentence, exit 2, and no traceback."""
    command = [sys.executable, "-m", "narrative", "ensemble", db, "--at", "2025-10-31", *flags]
    run = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    assert (run.returncode, run.stdout, run.stderr.strip().count("\n")) == (2, "", 0), run.stderr
    assert said in run.stderr


def test_stopping_keeps_what_was_lived(db, tmp_path):
    path = tmp_path / "out.parquet"

    def stop(done, events, whole):
        if done >= 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        narrative.ensemble(db, **ASKED, workers=1, output=path, progress=stop)
    assert [file.name for file in path.iterdir()] == ["part-00000.parquet"]


def test_events_are_kept_beside_and_asked_in_sql(db, alone, tmp_path):
    """Each member's events are there, those of a branch by hand among them, and a part that lacks them is
    lived again."""
    out, events = tmp_path / "out", tmp_path / "events"
    for workers in (1, 2):
        assert narrative.ensemble(db, **ASKED, workers=workers, output=out, events=events).effects == (
            alone.effects
        )
        narrative.what_if(db, name=f"by-hand-{workers}", at="2025-10-31", reseed=3)
        by_hand = narrative.query(
            f"{db}@by-hand-{workers}",
            f"{EVENTS} moment > '2025-10-31T23:59:59' AND kind <> 'Supposition'",
        )
        asked = f"{EVENTS} seed = 3 AND arm = 'base' AND kind <> 'Supposition'"
        assert list(narrative.query(str(events), asked)) == list(by_hand)
        counted = "SELECT seed, arm, COUNT(*) AS n FROM events GROUP BY seed, arm"
        told = {(row["seed"], row["arm"]): row["n"] for row in narrative.query(str(events), counted)}
        lived_ = narrative.query(str(out), "SELECT seed, arm, value FROM members WHERE measure = 'events'")
        assert told == {(row["seed"], row["arm"]): row["value"] for row in lived_}
        next(iter(events.iterdir())).unlink()
    with pytest.raises(Wrong, match="say where that goes too"):
        narrative.ensemble(db, **ASKED, events=events)
    with pytest.raises(Wrong, match=r'There is no table "member"\. Did you mean "members"'):
        narrative.query(str(out), "SELECT * FROM member")
    with pytest.raises(Wrong, match="more than 2 rows"):
        narrative.query(str(out), "SELECT * FROM members", most=2)
