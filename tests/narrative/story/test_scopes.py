"""Whom news reaches beside those it names, and scopes that reach nobody."""

from typing import Literal

import pytest
from attrs import evolve
from support.tiny import DAY, entry, story, told

from events.facts import Announcement, Note
from events.log import open_log
from events.market_facts import Fiscal
from narrative.engine.begin import begin
from narrative.engine.run import live
from narrative.story.entries import Seen
from narrative.story.faults import Page
from narrative.story.model import Role, Story
from narrative.story.scopes import check_scopes, reached

Scope = Literal["named", "sector", "everyone"]


def peopled() -> Story:
    """The tiny story, with a second cloud; chips and the first cloud have nothing in common."""
    plain = story(())
    cloud = next(actor for actor in plain.actors if actor.id == "cloud")
    return evolve(
        plain, actors=(*plain.actors, evolve(cloud, id="rival", name="Rival", roles=("x", "cloud")))
    )


def words(scope: Scope | None) -> Announcement:
    said = told("words", status="intention", tone=1.0, strength=1.0, scope=scope)
    return Announcement(subject="lab", counterparty="cloud", told=said)


@pytest.mark.parametrize(
    ("scope", "found"),
    [
        (None, ()),
        ("named", ()),
        ("sector", ("cloud", "rival")),
        ("everyone", ("chips", "cloud", "rival")),
    ],
)
def test_a_sector_is_who_has_a_role_of_those_named(scope: Scope | None, found: tuple[str, ...]) -> None:
    assert reached(peopled().actors, words(scope)) == found


def moved(fact: Announcement | Fiscal) -> dict[str, int | None]:
    """The steps that the market makes of a fact told on the first day, by asset."""
    plain = evolve(peopled(), entries=(entry("words", DAY, fact),))
    with open_log(None) as log:
        world = begin(log, "main", plain, seed=1, cast="market", until=plain.until)
        live(log, "main", world, plain.until)
        found = [event.fact for event in log.read("main") if event.kind == "Repricing"]
    return {fact.asset: fact.attributed for fact in found}


def test_the_sector_is_moved_by_its_weight_and_the_named_in_full() -> None:
    """The silent step is 0.05, the weight a half."""
    assert moved(words("sector")) == {"cloud": 50_000_000, "rival": 25_000_000}
    assert moved(words("everyone")) == {"chips": 25_000_000, "cloud": 50_000_000, "rival": 25_000_000}
    assert moved(words(None)) == moved(words("named")) == {"cloud": 50_000_000}


def test_a_scope_narrows_what_the_kind_reaches() -> None:
    """Acts of government reach everyone in this story where they say nothing else."""

    def act(scope: Scope | None) -> Fiscal:
        said = told("words", tone=-1.0, strength=1.0, scope=scope)
        return Fiscal(government="lab", counterparty="cloud", told=said)

    assert moved(act(None)).keys() == {"chips", "cloud", "rival"}
    assert moved(act("sector")).keys() == {"cloud", "rival"}
    assert moved(act("named")) == {}  # this market reads nobody whom an act names


def faults(fact: Announcement | Note, role: Role | None = None) -> list[str]:
    page = Page(file="timeline.toml", text="", data={})
    one = entry("words", DAY, fact)
    seen = Seen(path=("event", 0), id="words", moment=DAY, kind=one.kind, entry=one)
    plain = peopled()
    check_scopes(page, [seen], plain.actors, [role] if role else plain.cast.role)
    return [fault.what for fault in page.faults]


def test_a_sector_of_nobody_else_is_a_fault() -> None:
    alone = evolve(words("sector"), counterparty="chips")
    assert faults(words("sector")) == []
    assert faults(alone) == [
        'entry "words" reaches a sector, and no other listed actor has a role of "chips" or "lab"'
    ]
    assert faults(evolve(alone, told=told("words", scope="everyone"))) == []


def test_a_scope_that_no_market_reads_is_a_fault() -> None:
    note = Note(author="lab", text="x", told=told("words", scope="everyone"))
    assert faults(note) == ['entry "words" has a scope, and no market reads a Note']
