"""The simulacrum: shares of what was gained add up, are those of branches, and nobody's who is not there."""

from fractions import Fraction
from itertools import permutations
from math import factorial
from pathlib import Path

import pytest
from attrs import evolve
from click.testing import CliRunner
from support.lives import lived, named

import narrative
from events.errors import Wrong
from events.market_facts import PolicyRate
from narrative.analysis.history import History
from narrative.cli import main
from narrative.story.supposition import Supposed
from narrative.verbs.answers.measures import Simulacrum
from narrative.weighing import simulacrum
from narrative.weighing.switches import PLAYERS, Player, switched_off, together
from narrative.weighing.tails import cut, tail
from narrative.whatif.state import Standing

OFF = {
    "narratives": {"announce_rate": 0.0, "words_tone": 0.0, "words_spread": 0.0, "modelled_tone": 0.0},
    "central bank": {"policy_reaction": 0.0, "policy_pace": 0.0},
    "algorithms": {"trading_size": 0.0},
    "output": {"demand": 0.0},
}


@pytest.fixture(scope="module")
def db(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("mirrors") / "loop.db"
    narrative.run("loop", db=path)
    return str(path)


# What each does in loop, in a kind that nobody else's deeds are of, or by an actor of its own.
DEEDS = {
    "narratives": {("Announcement", "lab")},
    "central bank": {("PolicyRate", "central-bank"), ("Liquidity", "central-bank")},
    "algorithms": {("Trade", "followers")},
    "output": {("Sale", "lab"), ("Sale", "cloud")},
}


@pytest.mark.parametrize("player", PLAYERS, ids=lambda player: player.name)
def test_who_is_off_does_nothing_of_what_it_does(player: Player) -> None:
    story = named("loop")
    silenced = tuple(
        evolve(one, value=0.0) if one.name.partition(".")[0] in player.off else one
        for one in story.parameters
    )
    deeds, gone = (
        {(event.kind, event.actor) for event in lived(tale, cast="full").read("main")}
        for tale in (story, evolve(story, parameters=silenced))
    )
    assert DEEDS[player.name] <= deeds
    assert not DEEDS[player.name] & gone


def measured(db: str, **asked: object) -> Simulacrum:
    found = narrative.measure("simulacrum", db, workers=1, **asked)  # type: ignore[arg-type]  # of every kind
    assert isinstance(found, Simulacrum)
    return found


@pytest.fixture(scope="module")
def three(db: str) -> Simulacrum:
    return measured(db, seeds=3)


def test_the_shares_are_the_average_over_all_orders_of_switching_on(three: Simulacrum) -> None:
    """All sixteen tails of each seed lived by hand, with the parameters named above."""
    story = named("loop")
    before = cut(History(lived(story, cast="full"), "main", ""), story.start, story.until)
    opening = 3_400_000_000_000  # 400 bn of the cloud and 3,000 bn of the chip maker
    sums = dict.fromkeys(OFF, 0)
    for seed in (1, 2, 3):
        known: dict[frozenset[str], int] = {}
        for order in permutations(OFF):
            for i in range(5):
                there = frozenset(order[:i])
                if there not in known:
                    off = {
                        key: value
                        for name, one in OFF.items()
                        if name not in there
                        for key, value in one.items()
                    }
                    known[there] = tail(before, Supposed(set=off), seed).total[-1] - opening
                if i:
                    sums[order[i - 1]] += known[there] - known[frozenset(order[: i - 1])]
    assert three.value == opening
    for one in three.shares:
        if one.player != "rest":
            assert abs(one.amount.value - Fraction(sums[one.player], 3 * factorial(4))) <= 1


def test_shares_and_rest_add_up_to_what_was_gained_of_all_and_of_each_at_every_month(
    db: str, three: Simulacrum
) -> None:
    whole = sum(one.amount.value for one in three.shares)
    levels = narrative.ensemble(db, at="2025-01-01", seeds=3, workers=1).levels
    end = next(one.mean for one in levels if (one.measure, one.of) == ("end", None))
    assert abs(whole - (end - three.value)) <= 1
    assert {one.actor for one in three.actors} == {"cloud", "chips"}
    for name in three.over_time[-1].parts:
        last = three.over_time[-1].parts[name]
        share = next(one.amount.value for one in three.shares if one.player == name)
        assert last == share
        assert abs(sum(one.parts[name] for one in three.actors) - share) <= 2
    assert [one.moment[:7] for one in three.over_time] == [f"2025-{month:02d}" for month in range(1, 13)]


def test_it_can_be_measured_up_to_an_earlier_day_and_from_a_supposition_on(
    db: str, three: Simulacrum
) -> None:
    half = measured(db, seeds=3, at="2025-06-30")
    assert half.over_time == three.over_time[:6]
    narrative.what_if(db, name="silent", at="2025-06-30", set={"announce_rate": 0})
    found = measured(f"{db}@silent", seeds=2)
    assert (found.since[:10], len(found.over_time)) == ("2025-06-30", 7)


def test_any_number_of_workers_says_the_same(db: str, three: Simulacrum) -> None:
    assert narrative.measure("simulacrum", db, seeds=3, workers=2) == three


def test_a_draw_over_ranges_is_another_world_and_a_single_seed_bounds_nothing(db: str) -> None:
    found = measured(db, seeds=1, over="demand")
    made = {one.over: one.amount.value for one in found.shares if one.player == "output"}
    assert made["chance"] != made["ranges"]
    assert [one.parameter for one in found.over] == ["demand"]
    assert {one.over for one in found.shares} == {"chance", "ranges"}
    assert {(one.amount.low, one.amount.high) for one in found.shares} == {(None, None)}


def test_who_does_not_play_has_no_share() -> None:
    """With the market alone nobody trades, earns or announces; what is told is the rest's or the news's."""
    story = named("ai-2025")
    state, playing = Standing.of(story), {"market", "telling", "anchoring"}
    off = {one.name: switched_off(one, state, playing, story.start) for one in PLAYERS}
    assert off["algorithms"].nothing
    assert off["output"].nothing
    told = {entry.id: entry for entry in story.entries}
    rates = {one.id for one in story.entries if isinstance(one.fact, PolicyRate) and one.moment > story.start}
    assert rates
    assert rates <= off["central bank"].without.keys()
    assert all(entry.fact.told.strength == 0.0 for entry in off["narratives"].change if entry.fact.told)
    heard = {name for name, one in told.items() if one.fact.told and one.fact.told.strength}
    assert {entry.id for entry in off["narratives"].change} == heard
    one, *others = off["narratives"].change
    both = together([off["narratives"], Supposed(without={one.id: "gone"})])
    assert (list(both.change), both.without) == (others, {one.id: "gone"})


def test_a_member_that_fails_is_named_and_counts_nowhere(db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = simulacrum.tail

    def failing(before, what, seed):  # type: ignore[no-untyped-def]  # as tail
        if seed == 2 and what.set.get("demand") == 0.0:
            raise ValueError("no")
        return plain(before, what, seed)

    monkeypatch.setattr(simulacrum, "tail", failing)
    found = measured(db, seeds=3)
    assert {(one.seed, one.error) for one in found.failed} == {(2, "ValueError: no")}
    assert len(found.failed) == 1
    monkeypatch.setattr(simulacrum, "tail", lambda *_: 1 / 0)
    with pytest.raises(Wrong, match="No seed came to its end"):
        measured(db, seeds=1)


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"seeds": 0}, "has nobody in it"),
        ({"workers": 0}, "cannot work"),
        ({"over": "demand=2..1"}, "upside down"),
        ({"over": "nix"}, "has no range"),
        ({"at": "#1"}, "Nothing was gained by"),
    ],
)
def test_bad_input_is_one_sentence(db: str, asked: dict[str, object], said: str) -> None:
    with pytest.raises(Wrong, match=said) as caught:
        narrative.measure("simulacrum", db, **{"workers": 1, **asked})  # type: ignore[arg-type]  # of every kind
    assert "\n" not in str(caught.value)
    with pytest.raises(Wrong, match="takes no seeds"):
        narrative.measure("output", db, seeds=2)


def test_the_screen_shows_every_player_with_its_interval(db: str, tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["measure", "simulacrum", db, "--seeds", "2", "--workers", "1"])
    assert done.exit_code == 0, done.output
    for words in ("narratives", "central bank", "algorithms", "output", "rest", "95 % interval", "Shapley"):
        assert words in done.stdout
    assert "without output: nobody outside pays" in done.stdout


def test_who_does_not_play_is_said_not_to_and_has_no_nothing_with_an_interval() -> None:
    done = CliRunner().invoke(
        main, ["measure", "simulacrum", "ai-2025", "--at", "2024-12-31", "--seeds", "2", "--workers", "1"]
    )
    assert done.exit_code == 0, done.output
    rows = {
        name: [line for line in done.stdout.splitlines() if line.strip().startswith(name)]
        for name in ("narratives", "algorithms", "output")
    }
    for absent in ("algorithms", "output"):
        assert rows[absent]
        assert all("not played" in row and "0" not in row for row in rows[absent])
        assert f"without {absent}: not played" in done.stdout
    assert "not played" not in rows["narratives"][0]
    assert "$" in rows["narratives"][0]
