"""The verbs that weigh: the turns of the story's circle, how strongly it feeds itself, the measures of a
history, and what the news foretells of prices.
"""

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

from attrs import evolve

from events.errors import Locked, Unwritable
from narrative.analysis.exposure import exposed
from narrative.analysis.fit import fitted
from narrative.analysis.gains import looped
from narrative.analysis.history import History, address, check_model, place, story_of
from narrative.analysis.judge import scored_beside
from narrative.analysis.measures.leverage_cycle import PAYOFF
from narrative.analysis.measures.measuring import check_measure, check_payoff, measured
from narrative.analysis.sectors import check_by, sectored
from narrative.analysis.verdicts import CLAIMS, DOUBT, keep, seal
from narrative.charts.draw import check_drawn
from narrative.charts.heat import map_drawn
from narrative.charts.tornado import tornado_drawn
from narrative.prose.explain import briefed, worded
from narrative.prose.gist import speech_of
from narrative.story.catalogue import find_story
from narrative.story.declared import trusting
from narrative.story.reader import read_story
from narrative.verbs.answers.base import answered
from narrative.verbs.answers.breaking import Fragility
from narrative.verbs.answers.claiming import Claims
from narrative.verbs.answers.doubts import Doubt
from narrative.verbs.answers.measures import (
    Circularity,
    Exuberance,
    Injection,
    Leverage,
    LoopGains,
    Output,
    Simulacrum,
)
from narrative.verbs.answers.weighing import Exposed, Fit, Loop, Score, Sectors
from narrative.verbs.living import performed
from narrative.weighing.breakages import Breaking, dates, fragilities
from narrative.weighing.crew import Crew, Told, hired
from narrative.weighing.doubt import BadDoubt, Doubting, doubted, doubted_claim
from narrative.weighing.ensemble import BadEnsemble
from narrative.weighing.judged import Asked, weighed
from narrative.weighing.many import Wanted, armed
from narrative.weighing.shaken import check_shaken, shaken
from narrative.weighing.simulacrum import NAME as SIMULACRUM
from narrative.weighing.simulacrum import simulacrum
from narrative.weighing.spared import sparing
from narrative.whatif.fork import requested

Measure = Circularity | Output | Injection | Exuberance | LoopGains | Leverage | Simulacrum
PLAIN = ("end", "tornado", ["ranges"])  # what a doubt asks for that is kept
ANSWERED: dict[str, type[Measure]] = {
    "circularity": Circularity,
    "output": Output,
    "injection": Injection,
    "exuberance": Exuberance,
    "gains": LoopGains,
    "leverage": Leverage,
}


def loop(history: str, *, at: int | str | None = None) -> Loop:
    """The turns of the story's circle by rung and origin, with missing steps, and the loop gains.

    `at` is a date (its end), an ISO time or ``#position``; the end of what was lived if absent. Money is
    in smallest units. Raises BadDate, BadPosition, and what opening a history raises (BadAddress,
    UnknownBranch, NotALog, Damaged).
    """
    with performed(history) as found:
        told = looped(found, *place(found, at, story_of(found).calendar))
        turns = [{**turn, "steps": worded(found, turn["steps"], "position")} for turn in told["turns"]]
        return answered(Loop, told | {"turns": turns})


def score(story: str) -> Score:
    """How well what is told in a story, given by name or folder, foretells its recorded prices, and what else
    was observed of markets.

    Each told step is held against the move of the price from the last quote before the entry to the first
    one after it, raw and less the market's part, beside no reaction, a constant step by sign, and the sum
    in the news over the value; in `observed`, against observed values, prices and returns of whom nobody
    quotes, or after the record. Steps and moves are in ln, intervals hold 95 %. Nothing is written. Raises
    UnknownStory, StoryFaults, and NoRecord for a story with neither.
    """
    folder = find_story(story)
    return answered(Score, scored_beside(folder, read_story(folder)))


def fit(story: str, *, until: str | None = None) -> Fit:
    """Reading parameters on which recorded prices depend (half-lives of belief, duration, betas), with the
    scale of all told steps, estimated on the record of a story, given by name or folder, up to a day; and
    how well they do on the rest of it, beside its own values, no reaction to news, and prices that stand.

    `until` is a date (its end), two thirds of the quoted days if absent. Moves are in ln, half-lives in days,
    duration in years; intervals hold 95 % of draws of weeks. Nothing is written, and nothing that was
    observed after the record is looked at.

    Raises UnknownStory, StoryFaults, BadDate, BadFit for a day that leaves too little on one side, and
    NoRecord for a story without quotes.
    """
    return answered(Fit, fitted(read_story(find_story(story)), until))


def doubt(  # noqa: PLR0913  # one argument a flag
    history: str,
    *,
    at: int | str | None = None,
    from_: str | Path | None = None,
    shock: str | Sequence[str] = (),
    set: Mapping[str, Any] | None = None,  # noqa: A002  # as the flag and the file name it
    measure: str = "end",
    method: str = "tornado",
    over: str | Sequence[str] = "ranges",
    seeds: int = 3,
    samples: int = 8,
    picture: str | Path | None = None,
    workers: int | None = None,
    executor: Executor | None = None,
    scheduler: str | None = None,
    trust: bool = False,
    progress: Told | None = None,
) -> Doubt:
    """The assumptions that a measure hangs on, or, where something is supposed, its effect on that measure;
    or those that flip the verdict on a claim, where `measure` is its id and shocks come at `at`.

    `at`, `from_`, `shock`, `set`, `over` and who lives it (`workers`, `executor`, `scheduler`, `trust`) are
    as in `ensemble`; figures are means over seeds 1 to `seeds`. `method` is tornado (each parameter at both
    ends of its range), or by SALib morris or sobol, with so many `samples`. `picture` is a file (.svg or
    .png) for the tornado. That of the value at the end, with nothing supposed, is kept beside the history:
    screens rank assumptions by it. `progress` is called with members done, and of how many; who was stopped
    goes on there, asked the same again.

    Raises BadDoubt, BadRange, BadSupposition, NoIndices, BadCrew, Unreachable, BadChart, Unwritable, and what
    opening a history raises.
    """
    check_drawn(picture)
    flags = {"at": f"#{at}" if isinstance(at, int) else at, "shock": shock, "set": set or {}}
    names = Wanted(seeds=seeds, set={}, over=over).ranges
    asked = Doubting(measure=measure, method=method, seeds=seeds, samples=samples, over=names)
    asked.check(drawn=picture is not None)
    crew = Crew(workers=workers, executor=executor, scheduler=scheduler, trust=trust)
    crew.check()
    with trusting(trust), performed(history) as found:
        told, sealed = _doubted(found, history, from_, flags, asked, crew, progress)
    if (at, from_, shock, set, asked.measure, asked.method, names) == (None, None, (), None, *PLAIN):
        kept_beside(history, DOUBT, told, sealed)
    if picture is not None:
        tornado_drawn(told, Path(picture))
    return answered(Doubt, told)


def _doubted(  # who asks, of what, what, and by whom
    found: History,
    said: str,
    from_: str | Path | None,
    flags: Mapping[str, Any],
    asked: Doubting,
    crew: Crew,
    progress: Told | None,
) -> tuple[dict[str, Any], dict[str, str]]:
    """Doubts of a claim, or of a measure, as plain data, and the seal of the history that they are of."""
    check_model(found)
    if asked.claim is not None:
        check_alone(asked.claim.id, from_, flags["shock"], flags["set"])
        at = moment_of(found, flags["at"])
        judging = Asked(said=said, only=[asked.measure], seeds=asked.seeds, draws=0, at=at)
        return doubted_claim(found, asked, judging, crew, progress), seal(found)
    story = address(said).story
    cut = armed(found, lambda more: requested(found, story, from_, (), {**flags, **more}), {}, {}, None)
    return doubted(found, *cut, asked, crew, progress), seal(found)


def check_alone(claim: str, *asked: object) -> None:
    """Raises BadDoubt for a claim that is doubted with a supposition beside its own switch."""
    if any(asked):
        raise BadDoubt(f"{claim} has a switch of its own, so it takes no what-if beside it. Ask without.")


def moment_of(found: History, at: int | str | None) -> int | None:
    """The moment that `at` means; None where it is absent."""
    return None if at is None else place(found, at, story_of(found).calendar)[1]


def measure(  # noqa: PLR0913  # one argument a flag
    name: str,
    history: str,
    *,
    at: int | str | None = None,
    seeds: int | None = None,
    over: str | Sequence[str] = (),
    payoff: float | None = None,
    workers: int | None = None,
    executor: Executor | None = None,
    scheduler: str | None = None,
    trust: bool = False,
    progress: Told | None = None,
) -> Measure:
    """A measure of a history by its name, with its definition, its source, and an interval where it has one.

    `circularity`: how much of what named parties pay each other goes round. `output`: what was announced,
    paid and delivered, and how sales grew, gross and net. `injection`: the purchases for which news stands.
    `exuberance`: whether prices grew faster and faster. `gains`: how much of a rise or a fall comes back.
    `leverage`: how much of what is pledged is borrowed, and how deep falls are beside news and beside the
    leverage cycle of an asset that pays 1, or `payoff` on bad news (0.2 if absent).
    `simulacrum`: which part of what was gained narratives, the central bank, algorithms and output made; it
    alone is lived, over `seeds` (20 if absent), with `over` and who lives it (`workers`, `executor`,
    `scheduler`, `trust`) as in `ensemble`, and `progress` is called with members done, and of how many. `at`
    is a date (its end), an ISO time or ``#position``; the end of what was lived if absent.

    Raises UnknownMeasure, BadPayoff, BadEnsemble, BadRange, BadCrew, NobodyLived, Unreachable, ChangedModel,
    BadDate, BadPosition, and what opening a history raises (BadAddress, UnknownBranch, NotALog, Damaged).
    """
    check_measure(name, SIMULACRUM, history=history)
    if name != SIMULACRUM and (seeds is not None or over):
        raise BadEnsemble(f"{name} is read off what was lived, so it takes no seeds and no ranges.")
    check_payoff(name, payoff)
    names = Wanted(seeds=0, set={}, over=over).ranges
    crew = Crew(workers=workers, executor=executor, scheduler=scheduler, trust=trust)
    with trusting(trust), performed(history) as found, hired(crew) as hands:
        where = place(found, at, story_of(found).calendar)
        if name != SIMULACRUM:
            return answered(
                ANSWERED[name], measured(found, name, *where, PAYOFF if payoff is None else payoff)
            )
        asked = 20 if seeds is None else seeds
        told = simulacrum(found, *where, seeds=asked, over=names, hands=hands, told=progress)
        return answered(Simulacrum, told)


def exposure(
    history: str,
    *,
    at: int | str | None = None,
    shock: str | Sequence[str] = (),
    until: str | None = None,
    trust: bool = False,
) -> Exposed:
    """Exposures of each actor to each other at a moment, by rung; by actor, who loses how much and by which
    way if it fails (DebtRank); the losses taken so far; and who is hurt by a shock.

    `at` is a date (its end), an ISO time or ``#position``; the end of what was lived if absent. With `shock`,
    as `what_if` takes it, the history is cut there, or before the shock's own day, and lived on to `until`
    (as far as it was to be lived) with the shock and without: `shaken` has each exposure before and after
    both, and who is worth how much less by the shock, with the events that led there. Nothing is written.
    `trust` is as in `run`. Money is in smallest units. Raises BadDate, BadPosition, BadSupposition,
    BadEnsemble for a cut not lived to, and what opening a history raises (BadAddress, UnknownBranch, NotALog,
    Damaged).
    """
    check_shaken(shock, until)
    flags = {"at": f"#{at}" if isinstance(at, int) else at, "shock": shock}
    with trusting(trust), performed(history) as found:
        if not shock:
            return answered(Exposed, exposed(found, *place(found, at, story_of(found).calendar)))
        check_model(found)
        told = shaken(found, lambda more: requested(found, None, None, (), flags | dict(more)), until)
        told["losses"] = briefed(told["losses"], speech_of(found))
        where = told["position"], story_of(found).calendar.at(told["at"])
        return answered(Exposed, exposed(found, *where) | {"shaken": told})


def sectors(
    history: str, *, since: int | str | None = None, until: int | str | None = None, by: str = "role"
) -> Sectors:
    """The transactions of a span and the balances at both ends of it, by sector: matrices whose rows and
    columns sum to zero, and whose opening, flows and revaluation add up to the closing.

    `since` (its beginning) and `until` (its end) are dates, ISO times or positions, both included, all that
    was lived if absent; a sector is the actors whose first role it is, or with `by` "actor" each actor.
    Raises BadSpan, BadDate, BadPosition, and what opening a history raises (BadAddress, UnknownBranch,
    NotALog, Damaged).
    """
    check_by(by)
    with performed(history) as found:
        return answered(Sectors, sectored(found, since, until, by=by))


def fragility(  # noqa: PLR0913  # one argument a flag
    history: str,
    *,
    at: int | str | Sequence[int | str] = (),
    map: str | None = None,  # noqa: A002  # as the flag is named
    shock: str | Sequence[str] = (),
    links: bool = False,
    seeds: int = 20,
    output: str | Path | None = None,
    picture: str | Path | None = None,
    workers: int | None = None,
    executor: Executor | None = None,
    scheduler: str | None = None,
    trust: bool = False,
    progress: Told | None = None,
) -> Fragility:
    """When a history breaks: by seed the least size of each kind of shock after which it collapses by the end
    of its story, as its story defines that; and for what breaks nothing, how near it came.

    `at` is a date (its end), an ISO time or ``#position``, or several, of which the first is told whole and
    all are in the map; `map` adds one every 3mo, 1q or 2w within what was lived. `shock` are kinds without a
    size, as "market", "nvidia", "rates", "delay chips", "revenue lab", "haircut" or "link chips->lab"; the
    usual ones of the story if absent. `links` asks for the cost of each link, against falls of its ends.
    Seeds are 1 to `seeds`, each by its own chance from `at` on. `output` is a folder for Parquet files of
    each seed, which the same call goes on with, and `picture` a file (.svg or .png) for the map. Who lives it
    (`workers`, `executor`, `scheduler`, `trust`) is as in `ensemble`, and changes nothing. `progress` is
    called with seeds done, and of how many.

    Raises Undefined, NobodyLived, BadCrew, Unreachable, BadSupposition, BadSpan, BadDate, BadPosition,
    BadChart, Mixed, Unwritable, and what opening a history raises (BadAddress, UnknownBranch, NotALog,
    Damaged).
    """
    check_drawn(picture)
    crew = Crew(workers=workers, executor=executor, scheduler=scheduler, trust=trust)
    kinds = (shock,) if isinstance(shock, str) else tuple(shock)
    asked = Breaking(shocks=kinds, seeds=seeds, links=links, output=output, picture=picture)
    times = (at,) if isinstance(at, int | str) else tuple(at)
    with trusting(trust), performed(history) as found, hired(crew) as hands:
        moments = [place(found, one, story_of(found).calendar)[1] for one in times]
        told = fragilities(found, dates(found, moments, map), asked, hands, progress)
    if asked.picture is not None:
        map_drawn(told, asked.picture)
    return answered(Fragility, told)


def claims(  # noqa: PLR0913  # one argument a flag
    history: str,
    *,
    at: int | str | None = None,
    until: str | None = None,
    only: str | Sequence[str] = (),
    beside: str | None = None,
    seeds: int = 20,
    first: int = 1,
    draws: int = 20,
    workers: int | None = None,
    executor: Executor | None = None,
    scheduler: str | None = None,
    trust: bool = False,
    progress: Told | None = None,
) -> Claims:
    """Claims about such manias, each with a verdict computed from this history: by measures, and by pairs of
    branches with and without what the claim is about, from the opening on; over so many `seeds` from the
    `first` on under the values in force, and over `draws` of every range, each by three of the seeds.

    `only` are ids of claims, all if absent; `beside` is another history, to hold it against; shocks come at
    `at`, half-way through the story if absent, and all is lived `until` a date (its end), the story's end if
    absent. Verdicts on all claims are `kept` beside the history, outside its chain, for `page` and `tell` to
    show. Who lives it (`workers`, `executor`, `scheduler`, `trust`) is as in `ensemble`, and changes nothing;
    `progress` is called with members done of each thing that is lived, and of how many; who was stopped goes
    on there, asked the same again.

    Raises Error for a claim that is none or draws that tell nothing, ChangedModel, NobodyLived, BadCrew,
    Unreachable, BadDate, BadPosition, and what opening a history raises (BadAddress, UnknownBranch, NotALog,
    Damaged).
    """
    names = (only,) if isinstance(only, str) else tuple(only)
    asked = Asked(said=history, only=names, seeds=seeds, first=first, draws=draws, beside=beside)
    crew = Crew(workers=workers, executor=executor, scheduler=scheduler, trust=trust)
    with trusting(trust), hired(crew) as hands, performed(history) as found, ExitStack() as stack:
        other = None if beside is None else stack.enter_context(performed(beside))
        sealed = seal(found)
        stack.enter_context(sparing(found, CLAIMS, hands))
        end = None if until is None else story_of(found).calendar.at(until)
        told = weighed(found, other, evolve(asked, at=moment_of(found, at), until=end), hands, progress)
    return answered(Claims, told | {"kept": not names and kept_beside(history, CLAIMS, told, sealed)})


def kept_beside(history: str, what: str, told: Mapping[str, Any], sealed: Mapping[str, str]) -> bool:
    """Keep an answer beside a history, and say whether it could be written."""
    with suppress(Locked, Unwritable), performed(history, read_only=False) as found:
        keep(found, what, told, sealed)
        return True
    return False
