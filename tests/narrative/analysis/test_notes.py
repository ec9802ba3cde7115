"""A reader's note changes nothing but that it is there."""

import pytest
from support.lives import lived, named
from support.tiny import DAY, ten_days

import narrative
from events.errors import BadFact, NotBetweenMoments, Wrong, WrongPosition
from events.event import Draft
from events.facts import Note
from events.log import open_log
from narrative.analysis.causes import Trail, tree
from narrative.analysis.history import History
from narrative.analysis.notes import is_readers, noted
from narrative.analysis.verify import verified
from narrative.engine.run import live, world_at

HALF = 4 * DAY


def history(log, branch="main"):
    return History(log, branch, "memory")


def plain(log, branch="main"):
    """What histories are matched by, without readers' notes."""
    return [(e.moment, e.kind, e.actor, e.fact) for e in log.read(branch) if not is_readers(e)]


def lived_on(log, branch, until):
    live(log, branch, world_at(log, branch), until, since=log.head(branch).lived)


@pytest.fixture
def half():
    with lived(ten_days(), until=HALF) as log:
        yield log


def test_a_note_stands_at_the_lived_end_with_what_it_is_about_among_its_causes(half):
    end = half.head().position
    note = noted(history(half), " Look at this.  ", about=4, author="ann")
    assert (note.position, note.moment, note.kind, note.origin, note.actor) == (
        end + 1, HALF, "Note", "supposed", "ann",
    )  # fmt: skip  # one row
    assert note.causes == (4,)
    assert note.fact == Note(author="ann", text="Look at this.")
    assert note.position in {link.position for link in tree(4, Trail(half, "main", note.position).effects)}


def test_notes_share_their_moment(half):
    first, second = noted(history(half), "one"), noted(history(half), "two")
    assert first.moment == second.moment == half.head().moment == HALF
    assert second.position == first.position + 1


def test_whoever_lives_on_after_notes_lives_the_same_history(half):
    for text in ("one", "two"):
        noted(history(half), text)
    lived_on(half, "main", 20 * DAY)
    noted(history(half), "three")
    with lived(ten_days(), until=20 * DAY) as undisturbed:
        assert plain(half) == plain(undisturbed)
    assert [e.fact.text for e in half.read() if e.kind == "Note"] == ["one", "two", "three"]


def test_a_history_with_notes_on_the_way_verifies(half):
    noted(history(half), "one")
    noted(history(half), "two", about=2)
    lived_on(half, "main", 20 * DAY)
    noted(history(half), "three")
    half.fork("other", "main", half.head().position)
    noted(history(half, "other"), "four")
    lived_on(half, "other", 30 * DAY)
    noted(history(half, "other"), "five")
    assert verified(half)["verdict"] == "whole"


def test_a_note_where_the_last_moment_has_just_been_lived_verifies():
    """A run that was killed has been lived to its last event's own moment."""
    with lived(ten_days(), until=3 * DAY) as log:  # the contract's own moment
        assert log.head().moment == 3 * DAY
        noted(history(log), "here")
        lived_on(log, "main", 20 * DAY)
        assert verified(log)["verdict"] == "whole"


def test_a_note_in_a_living_world_changes_nothing():
    """With everyone acting, and snapshots on the way."""
    loop = named("loop")
    middle = loop.start + 40 * DAY
    with lived(loop, seed=3, until=middle) as log, lived(loop, seed=3, until=middle + 40 * DAY) as other:
        noted(history(log), "half way", about=20)
        lived_on(log, "main", middle + 40 * DAY)
        assert plain(log) == plain(other)
        assert verified(log)["verdict"] == "whole"


def test_a_changed_note_is_found(tmp_path):
    import sqlite3

    path = tmp_path / "log.db"
    with lived(ten_days(), log=open_log(path)) as log:
        noted(History(log, "main", str(path)), "true")
        last = log.head().position
    with sqlite3.connect(path) as db:
        db.execute("UPDATE events SET fact = replace(fact, 'true', 'lies') WHERE id = (1 << 40) + ?", (last,))
    db.close()
    with open_log(path, read_only=True) as log:
        found = verified(log)
    assert (found["verdict"], found["position"]) == ("damaged", last)


def test_a_note_that_nobody_could_have_added_there_is_found(half):
    """One between two events of a moment would have changed what a cut is."""
    head, note = half.head(), Note(author="x", text="y")
    for moment, origin in ((head.moment - 1, "supposed"), (head.moment, "modelled")):
        with pytest.raises(WrongPosition):
            half.append("main", head.position, moment, [(Draft("x", note, origin),)])
    position = noted(history(half), "one").position
    noted(history(half), "two")
    with pytest.raises(NotBetweenMoments):
        half.fork("inside", "main", position)


@pytest.mark.parametrize("text", ["", "  ", "\udce9"])
def test_a_note_needs_words(half, text):
    before = half.head()
    with pytest.raises(BadFact):
        noted(history(half), text)
    assert half.head() == before


@pytest.mark.parametrize("author", ["", "a/b"])
def test_an_author_needs_a_name(half, author):
    with pytest.raises(BadFact):
        noted(history(half), "words", author=author)


@pytest.mark.parametrize("author", ["lab", "Lab", " cloud ", "outside", "market"])
def test_nobody_notes_in_the_name_of_who_acts(half, author):
    before = half.head()
    with pytest.raises(BadFact, match="acts in this story"):
        noted(history(half), "words", author=author)
    assert half.head() == before


def test_a_note_is_about_an_event_or_about_a_moment_and_not_both(here):
    narrative.run("mine")
    before = narrative.branches("mine")
    with pytest.raises(Wrong, match="give --about or --at, not both"):
        narrative.note("mine", "words", at="2025-03-10", about=3)
    assert narrative.branches("mine") == before
    assert narrative.note("mine", "words", about=3)["causes"] == [3]
    position = narrative.replay("mine", at="2025-03-10")["position"]
    assert narrative.note("mine", "words", at="2025-03-10")["causes"] == [position]
    assert narrative.note("mine", "words")["causes"] == []
