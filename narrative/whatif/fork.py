"""Forks: branches that suppose something and are lived on.

Everything is read, weighed and tried on the books before the branch is made. Its first event is the
supposition, whole; then it lives as any history does.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from attrs import evolve

from events.branch import check_words
from events.errors import BranchTaken, NotBetweenMoments, Wrong
from events.event import Act, Draft
from events.record_facts import Supposition
from narrative.analysis.history import History, lived_to, opening_of, story_of
from narrative.engine.attempt import Say
from narrative.engine.diary import diary
from narrative.engine.opening import MODEL
from narrative.engine.run import Progress, live, world_at
from narrative.story.calendar import BadDate, count
from narrative.story.cast import parts
from narrative.story.catalogue import UnknownStory, find_story
from narrative.story.convert import Spot
from narrative.story.faults import Page
from narrative.story.model import Story
from narrative.story.supposition import Supposed
from narrative.text.version import program
from narrative.whatif.aftermath import aftermath, unlived
from narrative.whatif.plan import Plan, plan
from narrative.whatif.prepared import what_if_file
from narrative.whatif.request import (
    BadSupposition,
    Request,
    file_page,
    flags_page,
    fork_moment,
    inject_page,
    refused,
    request,
)
from narrative.whatif.shocks import shocked
from narrative.whatif.spelt import written
from narrative.whatif.state import Standing
from narrative.whatif.summary import questioned, said
from narrative.whatif.trial import breaks

# Files of entries, or entries as tables; one or several.
Table = Mapping[str, Any]
Inject = str | Path | Table | Sequence[str | Path | Table]


class BrokenOff(Wrong):
    """A branch was made, and living it failed."""


def requested(
    found: History, story: str | None, from_: str | Path | None, inject: Inject, flags: Mapping[str, Any]
) -> Request:
    """The request of a prepared or written file, files or tables of entries, and flags together.

    `story` is the name or folder that stood for the history, where one did.
    """
    given = [inject] if isinstance(inject, str | Path | Mapping) else list(inject)
    files = [inject_page(one) for one in given if not isinstance(one, Mapping)]
    tables = [one for one in given if isinstance(one, Mapping)]
    file = None
    if from_ is not None:
        file = file_page(what_if_file(from_, folder_of(story, opening_of(found).story)))
    lists = {key: [flags[key]] for key in ("without", "keep", "shock") if isinstance(flags.get(key), str)}
    return request(file, *files, flags_page(event=tables, **{**flags, **lists}))


def folder_of(*stories: str | None) -> Path | None:
    """The folder of the first story that is found."""
    for story in stories:
        if story is not None:
            with suppress(UnknownStory):
                return find_story(story)
    return None


def suppose(
    found: History,
    name: str,
    asked: Request,
    *,
    until: str | None = None,
    progress: Progress | None = None,
    say: Say | None = None,
    dry: bool = False,
) -> dict[str, Any]:
    """Fork off a history, suppose what is asked, and live on. Raises BadSupposition.

    `say` is told in a sentence what will be done, once nothing stands against it. A `dry` one makes no
    branch: the result is that of one which ends where it begins.
    """
    story = story_of(found)
    asked, state, planned = weighed(found, asked)
    end = tail_end(found, planned, until, story)
    tried(found, asked, planned)
    if say is not None:
        playing = {part.process for part in parts(story, opening_of(found).cast)}
        say(said(state, found.branch, name, planned, playing))
    supposes = written(asked, planned.supposed.question)
    _catch_up(found, planned.at, progress)
    if dry:
        return unlived(found, name, planned) | {"supposes": supposes}
    position = _make(found, name, planned, end)
    found.log.sign(name, program(), MODEL)
    page = diary("info", story=story.id, branch=name)
    if page is not None:
        at = story.calendar.iso(planned.at)
        page.info(
            "forked", moment=at, position=position, parent=found.branch, question=planned.supposed.question
        )
    _live(found, name, planned.at, end, progress)
    return aftermath(found, name, planned, position) | {"supposes": supposes}


def weighed(found: History, asked: Request) -> tuple[Request, Standing, Plan]:
    """A request with its shocks spelt out, the history as it finds it, and the plan it comes to there. Raises
    BadSupposition.
    """
    story = story_of(found)
    fork = _moment(found, asked, story)
    state = as_it_stands(found, story, fork)
    if asked.shock:
        asked = shocked(asked, state, lambda actor, moment: _worth(found, actor, moment))
        fork = _moment(found, asked, story)
        state = as_it_stands(found, story, fork)
    planned = plan(state, asked, fork)
    supposed = evolve(planned.supposed, question=questioned(planned))
    return asked, state, evolve(planned, supposed=supposed)


def _worth(found: History, actor: str, moment: int) -> int | None:
    """The value of an actor just before a moment, in a history as far as it was lived."""
    position = found.log.position_at(found.branch, moment - 1)
    return world_at(found.log, found.branch, position).readings.value(actor, moment - 1)


def unused(name: str, branches: Iterable[str], question: str = "") -> None:
    """Raises BranchTaken for a name that a branch has, BadName for one that none could have."""
    check_words(name, question)
    if name in branches:
        raise BranchTaken(f"There is a branch {name} already. Choose another name.")


def as_it_stands(found: History, story: Story, at: int | None) -> Standing:
    """A history as a supposition at a moment finds it: under all that was supposed up to then."""
    state = Standing.of(story)
    for position in reversed(list(_suppositions(found))):
        event = found.log.event(found.branch, position)
        if isinstance(event.fact, Supposition) and (at is None or event.moment <= at):
            state = state.under(Supposed.load(event.fact.text), event.moment)
    return state


def _suppositions(found: History) -> Iterator[int]:
    """Positions, latest first, at which the history's branches begin."""
    branches = {branch.name: branch for branch in found.log.branches()}
    branch, last = branches[found.branch], found.log.head(found.branch).position
    while branch.parent is not None:
        if branch.position < last:
            yield branch.position + 1
        last = min(last, branch.position)
        branch = branches[branch.parent]


def _moment(found: History, asked: Request, story: Story) -> int | None:
    """The fork moment that was asked for; None where the entries touched decide."""
    at = asked.at
    if at is None or not at.value.startswith("#"):
        return fork_moment(asked, story)
    log, branch, number = found.log, found.branch, count(at.value[1:])
    end = log.head(branch).position
    if number is None or not 1 <= number <= end:
        what = f' is "{at.value}", which is no position of this history'
        raise refused(at, what, f"It has #1 to #{end}.")
    moment = log.event(branch, number).moment
    last = log.position_at(branch, moment)
    if last != number:
        ends = [one for one in (log.position_at(branch, moment - 1), last) if one]  # nothing comes before #1
        raise NotBetweenMoments(
            f"{branch}@{number} lies inside a moment, which is one and whole. "
            f"Fork after {' or '.join(f'#{one}' for one in ends)}."
        )
    return moment


def tail_end(found: History, planned: Plan, until: str | None, story: Story) -> int:
    """The moment to live the branch to, unless said: as far as its parent was to be lived, or, where
    something is supposed of what lies beyond that, as far as the story goes.
    """
    at, calendar = planned.at, story.calendar
    if until is None:
        target = found.log.head(found.branch).target
        end = max(lived_to(found), at if target is None else target)
        return max(at, end if at < end or planned.supposed.nothing else story.until)
    end = calendar.at(until)
    if end < at:
        raise BadDate(
            f"{until} lies before the fork at {calendar.iso(at)}, so there is nothing to live. "
            "Live further, or fork earlier."
        )
    return end


def tried(found: History, asked: Request, planned: Plan) -> None:
    """Raises BadSupposition for what the books could not take."""
    if not (planned.supposed.inject or planned.supposed.without or planned.supposed.change):
        return
    position = found.log.position_at(found.branch, planned.at)
    world, plain = (world_at(found.log, found.branch, position) for _ in range(2))
    for one in breaks(world, planned.supposed, planned.at, plain):
        spot = planned.spots.get(one.entry) or Spot(page=Page("", "", {}))
        page = spot.page if spot.page in asked.pages else asked.pages[0]
        Spot(page=page, path=spot.path, label=f'entry "{one.entry}"').fault(one.what, one.meant)
    if asked.faults:
        raise BadSupposition(asked.faults)


def _catch_up(found: History, at: int, progress: Progress | None) -> None:
    """Live the parent up to a fork moment that it has not reached."""
    if at > lived_to(found):
        head = found.log.head(found.branch)
        world = world_at(found.log, found.branch)
        try:
            live(found.log, found.branch, world, at, progress=progress, since=head.lived)
        except KeyboardInterrupt:
            raise KeyboardInterrupt(
                f"stopped while {found.branch} was lived on to the fork; nothing is supposed yet. Ask again."
            ) from None


def _make(found: History, name: str, planned: Plan, end: int) -> int:
    """Make the branch with all it supposes, at one stroke; gives the position it is forked after."""
    position = found.log.position_at(found.branch, planned.at)
    supposed = planned.supposed
    acts: tuple[Act, ...] = ()
    if not supposed.nothing:
        acts = ((Draft("story", Supposition(text=supposed.dump()), "supposed"),),)
    found.log.fork(name, found.branch, position, supposed.question, first=(planned.at, acts), target=end)
    return position


def _live(found: History, name: str, at: int, end: int, progress: Progress | None) -> None:
    world = world_at(found.log, name)
    try:
        live(found.log, name, world, end, progress=progress, since=at)
    except Wrong as error:
        reached = world.story.calendar.iso(world.moment)
        broken = BrokenOff(f"{error} The branch {name} was made and stands, lived to {reached}.")
        broken.code = error.code
        raise broken from error
