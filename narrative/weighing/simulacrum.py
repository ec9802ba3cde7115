"""The simulacrum: which part of what listed companies gained narratives, the central bank, algorithms and
output made, each switched off and on in every company of the others (Shapley shares).

The companies of a seed meet the same chance. What no switch takes away is the rest: what came of money put
in, of other chance, and of recorded prices all that news does not explain.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from attrs import asdict, evolve, frozen

from narrative.analysis.effects import Level, level, ratio
from narrative.analysis.ends import kept_by
from narrative.analysis.every import Every
from narrative.analysis.history import History, check_model, opening_of, story_of
from narrative.analysis.measures.shapley import companies, rounded, shapley
from narrative.story.calendar import Calendar
from narrative.story.cast import parts
from narrative.story.supposition import Supposed
from narrative.weighing.crew import ALONE, Hands, Told
from narrative.weighing.draws import ranged
from narrative.weighing.ensemble import BadEnsemble, Member, members
from narrative.weighing.switches import PLAYERS, switched_off, together
from narrative.weighing.tails import Cut, Tail, cut, tail, world_of
from narrative.whatif.fork import as_it_stands

NAME = "simulacrum"
DEFINITION = (
    "Of what all listed companies together gained, the part that each of narratives, the central bank, "
    "algorithms and output adds, on average over all orders in which they could be switched on; the parts "
    "and the rest, which none of them makes, add up to the whole. Every seed is lived once for each company "
    "of those that are on, with the same chance."
)
SOURCE = "Shapley 1953, A value for n-person games; the switches are the author's"
REST = "rest"
OWN = "residual_own"
NAMES = tuple(player.name for player in PLAYERS)
MONTHLY = Every(0, months=1)
Parts = Mapping[str, Fraction]  # by player, and the rest, in smallest units


@frozen(kw_only=True)
class Parted:
    """The growth of a member parted, at one end: of all listed companies, by month's end, and by company."""

    whole: Parts
    months: tuple[Parts, ...]
    actors: Mapping[str, Parts]


@frozen(kw_only=True)
class Game:
    """A growth that is to be parted: the cut with the values of listed companies there, what each player's
    being off supposes, by name, the ends of months, and whether recorded prices have another end.
    """

    before: Cut
    values: Mapping[str, int]
    off: Mapping[str, Supposed]
    months: tuple[int, ...]
    ends: bool

    @property
    def present(self) -> tuple[str, ...]:
        """The players that have something to switch off. Any other has no part in anything."""
        return tuple(name for name, what in self.off.items() if not what.nothing)


@frozen
class Job:
    """One member of a game: a seed, under a draw of parameters."""

    game: Game
    member: Member

    @property
    def seed(self) -> int:
        """Its seed."""
        return self.member.seed


def parted(job: Job) -> tuple[Member, tuple[Parted, ...]]:
    """A member lived in every company of players, and its growth parted, at each end."""
    ends = ({}, {OWN: 0.0}) if job.game.ends else ({},)
    return job.member, tuple(_parted(job.game, job.member, end) for end in ends)


def _parted(game: Game, member: Member, end: Mapping[str, float]) -> Parted:
    tails: dict[frozenset[str], Tail] = {}
    for there in companies(game.present):
        what = together([game.off[name] for name in game.present if name not in there])
        tails[there] = tail(game.before, evolve(what, set={**member.set, **what.set, **end}), member.seed)
    closes = tails[frozenset()].closes
    places = [max(bisect_right(closes, month) - 1, 0) for month in game.months]
    start = sum(game.values.values())

    def parts(worth: Mapping[frozenset[str], int], was: int) -> Parts:
        gained = {there: value - was for there, value in worth.items()}
        none = dict.fromkeys(NAMES, Fraction(0))
        return {**none, **shapley(game.present, gained), REST: Fraction(gained[frozenset()])}

    return Parted(
        whole=parts({there: one.total[-1] for there, one in tails.items()}, start),
        months=tuple(parts({there: one.total[i] for there, one in tails.items()}, start) for i in places),
        actors={
            who: parts({there: one.end[who] or 0 for there, one in tails.items()}, was)
            for who, was in game.values.items()
        },
    )


def simulacrum(
    found: History,
    position: int,
    until: int,
    *,
    seeds: int,
    over: Sequence[str] = (),
    hands: Hands = ALONE,
    told: Told | None = None,
) -> dict[str, Any]:
    """The measure of a history up to a moment it was lived to, as plain data; over `seeds`, and, where `over`
    names ranges, over as many draws. `told` is called with members done, and of how many. Raises BadEnsemble,
    BadRange, NobodyLived and ChangedModel.
    """
    check_model(found)
    story = story_of(found)
    playing = {part.process for part in parts(story, opening_of(found).cast)}
    ranges = ranged(story, playing, over) if over else {}
    game = game_of(found, until, playing)
    came, failed = hands.by_seed(parted, [Job(game, one) for one in members(seeds, ranges)], told)
    return {
        "measure": NAME,
        "definition": DEFINITION,
        "source": SOURCE,
        "story": story.id,
        "branch": found.branch,
        "position": position,
        "moment": story.calendar.iso(until),
        **story.money.plain,
        "since": story.calendar.iso(game.before.at),
        "seeds": seeds,
        "over": [{"parameter": name, "low": low, "high": high} for name, (low, high) in ranges.items()],
        "ends": game.ends,
        "value": sum(game.values.values()),
        "players": [
            {"player": one.name, "off": one.words, "plays": one.name in game.present} for one in PLAYERS
        ],
        **_told(game, story.calendar, came),
        "failed": [asdict(one) for one in failed],
    }


def game_of(found: History, until: int, playing: Collection[str]) -> Game:
    """The game of a history up to a moment: the cut at the opening, or at the latest supposition of a branch,
    and the switches there. Raises BadEnsemble where nothing can be gained by then.
    """
    story = story_of(found)
    state = as_it_stands(found, story, None)
    if until <= state.since:
        since, end = map(story.calendar.iso, (state.since, until))
        raise BadEnsemble(
            f"Nothing was gained by {end}, as it is parted from {since} on. Give a later --at, or live it on."
        )
    before = cut(found, state.since, until, state.since)
    readings = world_of(before).readings
    return Game(
        before=before,
        values={one.id: readings.value(one.id, before.at) or 0 for one in story.actors if one.listed},
        off={one.name: switched_off(one, state, playing, before.at) for one in PLAYERS},
        months=tuple(MONTHLY.ends(before.at, until, story.calendar)),
        ends=kept_by(found) is not None,
    )


def _told(
    game: Game, calendar: Calendar, came: Sequence[tuple[Member, tuple[Parted, ...]]]
) -> dict[str, Any]:
    """Shares over chance, and over ranges too; by company and by month as means over chance."""
    central = [ends for member, ends in came if not member.draw]
    drawn = [ends for member, ends in came if member.draw]
    shares: list[dict[str, Any]] = []
    for over, those in (("chance", central), ("ranges", drawn)):
        if those:
            shares += _shares(over, [[one.whole for one in end] for end in zip(*those, strict=True)])
    first = [ends[0] for ends in central]
    return {
        "shares": shares,
        "actors": [
            {"actor": who, "parts": _means([one.actors[who] for one in first])}
            for who in sorted(game.values, key=lambda who: (-game.values[who], who))
        ],
        "over_time": [
            {"moment": calendar.iso(moment), "parts": _means([one.months[i] for one in first])}
            for i, moment in enumerate(game.months)
        ],
    }


def _means(found: Sequence[Parts]) -> dict[str, int]:
    """The means of parts over members, in whole smallest units that add up to the mean whole."""
    return rounded({name: sum((one[name] for one in found), Fraction(0)) / len(found) for name in found[0]})


def _shares(over: str, by_end: Sequence[Sequence[Parts]]) -> Iterator[dict[str, Any]]:
    """The part of each player, and the rest: its sum, and of the whole, with intervals over all ends."""
    means = _means(by_end[0])
    for name, mean in means.items():
        sums = [level([float(parts[name]) for parts in found]) for found in by_end]
        pairs = [[(float(parts[name]), float(sum(parts.values()))) for parts in found] for found in by_end]
        of_whole = [ratio(found) for found in pairs]
        yield {
            "over": over,
            "player": name,
            "amount": {**_bounded(sums), "value": mean},
            "share": _bounded([one for one in of_whole if one is not None]) if all(of_whole) else None,
        }


def _bounded(found: Sequence[Level]) -> dict[str, float | None]:
    """The first end's mean, and the interval that holds those of all ends; None where one seed has none."""
    lows, highs = (
        [one.low for one in found if one.low is not None],
        [one.high for one in found if one.high is not None],
    )
    return {"value": found[0].mean, "low": min(lows, default=None), "high": max(highs, default=None)}
