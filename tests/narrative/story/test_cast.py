"""Spans: a part acts from its first moment to its last, and nowhere else."""

from types import ModuleType

import pytest
from support.tiny import DAY, story
from support.worlds import grown, tale

from events.facts import Announcement
from narrative.engine.player import Player
from narrative.story.cast import Part, parts
from narrative.story.declared import UnknownProcess, module_of, trusting
from narrative.story.model import Cast, Role


def daily() -> ModuleType:
    """A process that is due at each whole day."""
    module = ModuleType("daily")
    module.ACCOUNTS = ()  # type: ignore[attr-defined]
    module.due = lambda world, part, now: (now // DAY + 1) * DAY  # type: ignore[attr-defined]
    return module


def test_a_part_without_a_span_is_due_whenever_it_says() -> None:
    assert Player(Part("daily", "lab"), daily(), ()).due(None, 5 * DAY) == 6 * DAY


def test_a_part_is_not_due_before_its_span() -> None:
    player = Player(Part("daily", "lab", since=9 * DAY), daily(), ())
    assert player.due(None, 5 * DAY) == 9 * DAY
    assert player.due(None, 9 * DAY) == 10 * DAY


def test_a_part_is_not_due_after_its_span() -> None:
    player = Player(Part("daily", "lab", until=6 * DAY), daily(), ())
    assert player.due(None, 5 * DAY) == 6 * DAY
    assert player.due(None, 6 * DAY) is None


def test_casts_grow_from_the_record_to_everyone() -> None:
    cast = Cast(
        role=(
            Role(process="market", latency=60, reads={}),
            Role(process="earning", latency=1, of=("cloud",), from_=7, until=9),
        )
    )
    tale = story((), cast=cast)
    assert [part.name for part in parts(tale, "none")] == ["telling:story"]
    assert [part.name for part in parts(tale, "market")] == ["telling:story", "market:market"]
    full = parts(tale, "full")
    assert [part.name for part in full] == ["telling:story", "market:market", "earning:cloud"]
    assert (full[2].since, full[2].until) == (7, 9)


def test_two_roles_of_one_process_and_actor_are_told_apart() -> None:
    """Each reads at its own latency, and a letter to one is none to the other."""
    reads = {"Announcement": ("subject",)}
    soon = Role(process="ordering", latency=60, of=("lab",), reads=reads)
    late = Role(process="ordering", latency=7_200, of=("lab",), reads=reads)
    world = grown(tale({}, (), (late, soon)), (DAY, (Announcement(subject="lab"),)))
    slow, quick = (part.name for part in world.parts if part.process == "ordering")
    assert (slow, quick) == ("ordering:lab", "ordering:lab:2")
    assert world.next_letter(slow, DAY) == DAY + 7_200
    assert world.next_letter(quick, DAY) == DAY + 60
    assert world.letters(slow, DAY + 60) == []
    assert [event.kind for event in world.letters(quick, DAY + 60)] == ["Announcement"]


@pytest.mark.parametrize(
    ("process", "words"),
    [
        ("markett", 'Did you mean "market"'),
        ("no.such.module", "cannot be imported"),
        ("os.path", "it lacks due, decide, ACCOUNTS"),
    ],
)
def test_a_process_that_is_none_is_named(process: str, words: str) -> None:
    with trusting(), pytest.raises(UnknownProcess, match=words):
        module_of(process)
