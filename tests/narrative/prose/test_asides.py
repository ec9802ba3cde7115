"""What no source said: the engine's own reckoning, a reader's notes, and what is merely counted."""

import re
import shutil
from collections import defaultdict

import pytest
from support.lives import AI, lived, named
from support.tiny import DAY, story, told

from events.event import Event
from events.facts import Announcement, Cancellation, Retraction
from events.market_facts import Repricing
from events.record_facts import Outcome
from narrative.analysis.history import History
from narrative.analysis.notes import noted
from narrative.prose.chronicle import chronicle
from narrative.prose.counting import besides
from narrative.prose.html import page
from narrative.prose.markdown import markdown
from narrative.prose.parts import Notes
from narrative.prose.sentences import Speech
from narrative.story.catalogue import find_story


def of(log):
    head = log.head("main")
    return chronicle(History(log, "main", "x.db"), head.position, head.lived)


@pytest.fixture(scope="module", params=["ai-2025", "loop", "full"])
def log(request):
    if request.param == "full":
        return lived(named(AI), cast="full")
    return lived(named(request.param), seed=3)


@pytest.fixture(scope="module")
def tale(log):
    return of(log)


def sentences(tale):
    return [s for c in tale["chapters"] for p in c["paragraphs"] for s in p["sentences"]]


def at(position, fact, origin="modelled"):
    return Event(position, position * DAY, type(fact).__name__, origin, "x", (), fact, b"")


def test_what_the_engine_worked_out_stands_in_brackets(log, tale):
    """Which step of a turn it is, and what an entry takes back."""
    events = {event.position: event for event in log.read("main")}
    steps = [s["text"] for s in sentences(tale) if "whole turn of the circle" in s["text"]]
    assert all(re.fullmatch(r"\(Step \d of the \w+ whole turn of the circle\.\)", t) for t in steps)
    for said in sentences(tale):
        facts = [events[p].fact for p in said["positions"] if events[p].origin == "recorded"]
        unsaid = [f for f in facts if f.told is None and type(f) in (Retraction, Cancellation)]
        assert bool(unsaid) == (said["text"].startswith("(") and said["origin"] == "recorded"), said
        assert len(unsaid) in (0, len(facts))
    assert "sentences in brackets are worked out from it too, or noted by readers" in markdown(tale)


def test_in_a_chapter_no_move_is_told_that_is_smaller_than_one_left_out(log, tale):
    """A move is what the news of one event did to one price, with that of the shares that it issued."""
    moves, issues = {}, {}
    for event in log.read("main"):
        if event.kind == "Issue" and event.causes:
            issues[event.position,] = event.causes[:1]
        if event.kind == "Repricing":
            nano = sum(getattr(event.fact, part) or 0 for part in ("fast", "slow", "lasting"))
            cause = event.causes[:1] or (event.position,)
            moves[event.position] = (event.fact.asset, issues.get(cause, cause), nano)
    for chapter in tale["chapters"]:
        told_, left = defaultdict(int), defaultdict(int)
        for paragraph in chapter["paragraphs"]:
            for number, said in enumerate(paragraph["sentences"]):
                singly = re.search(r"on this( news)?\.$", said["text"])
                for asset, cause, nano in (moves[p] for p in said["positions"] if p in moves):
                    if singly:  # one sentence may tell of the news of a whole day
                        told_[paragraph["day"], number, asset] += nano
                    elif not paragraph["day"]:
                        left[asset, cause] += nano
        least = min(map(abs, told_.values()), default=None)
        largest = max(map(abs, left.values()), default=0)
        assert least is None or least >= largest * 0.999, chapter["title"]


RETURN = """
[[observation]]
date = 2025-09-10
actor = "{actor}"
kind = "return_pct"
value = {value}
source = "the test"
confidence = "low"
event_ids = ["{entry}"]
"""


def test_what_was_observed_is_what_the_story_says_was_observed(tmp_path, monkeypatch):
    """Of the record without its quotes, beside returns made up here."""
    monkeypatch.chdir(tmp_path)
    shutil.copytree(find_story(AI), AI)
    (tmp_path / AI / "quotes.csv").unlink()
    rows, seen = [], {}
    for entry in named(AI).entries:
        for actor in dict.fromkeys(getattr(entry.fact, name) for name in entry.fact.parties):
            if actor not in (None, "outside"):
                seen[actor, entry.id] = (len(rows) * 7 % 300 - 150) / 10
                rows.append(RETURN.format(actor=actor, entry=entry.id, value=seen[actor, entry.id]))
    (tmp_path / AI / "observed.toml").write_text("".join(rows), encoding="utf-8")
    log = lived(named(AI))
    events = {event.position: event for event in log.read("main")}
    names = {actor.name: actor.id for actor in named(AI).actors}
    found = 0
    for said in sentences(of(log)):
        for name, figure in re.findall(
            r"([A-Z][\w ]*?)(?: gains| loses)? [\d.]+ % \(observed: ([+−][\d.]+) %\)", said["text"]
        ):
            actor = names[re.sub(r"^(?:.*\band |In the model )", "", name)]
            entries = {
                events[cause].fact.told.entry
                for position in said["positions"]
                if events[position].fact.asset == actor
                for cause in events[position].causes
                if events[cause].fact.told is not None
            }
            assert float(figure.replace("−", "-")) in [seen[actor, entry] for entry in entries]
            found += 1
    assert found > 20


# --- a reader's notes -----------------------------------------------------------------------------


def test_a_readers_note_is_a_readers_and_says_what_it_is_about():
    log = lived(named("loop"), seed=3, until=named("loop").start + 30 * DAY)
    plan = next(event for event in log.read("main") if event.kind == "Announcement")
    whole = History(log, "main", "x.db")
    noted(whole, "Look at this", about=plan.position)
    noted(whole, "All of it.", author="ann")
    tale = of(log)
    words = [s for s in sentences(tale) if "notes" in s["text"]]
    plans = "The lab announces plans with the cloud worth up to $120 bn"
    assert [s["text"] for s in words] == [
        f"(A reader notes, about #{plan.position}, “{plans}”: Look at this.)",
        "(A reader (ann) notes: All of it.)",
    ]
    assert {s["origin"] for s in words} == {""}
    for text in (markdown(tale), page(tale).partition("</header>")[2]):
        assert "▲" not in text.partition("Who is in it")[2]


# --- what is counted ------------------------------------------------------------------------------


def counted(events):
    notes = Notes()
    return [s for p in besides(Speech(story(())), notes, events, bare=False) for s in p.sentences], notes


def test_prices_on_record_or_supposed_are_counted_as_what_they_are_with_their_source():
    moved = Repricing(asset="cloud", fast=50_000_000, told=told("a close"))
    said, notes = counted([at(1, moved, "recorded"), at(2, moved, "supposed"), at(3, moved)])
    assert [(s.origin, s.positions) for s in said] == [
        ("recorded", (1,)),
        ("supposed", (2,)),
        ("modelled", (3,)),
    ]
    assert said[0].text == "Also on record in these months, the market marks Cloud up once, by 5 %."
    assert said[0].notes == (1,)
    assert notes.rows()[0].sources[0].source == "A newspaper"


def test_what_is_taken_back_is_set_apart_from_what_is_on_record():
    plan = Announcement(subject="lab", told=told("plan"))
    said, _ = counted(
        [at(1, plan, "recorded"), at(2, Retraction(subject="lab", ceiling=500, of="x"), "recorded")]
    )
    assert [s.text for s in said] == [
        "Also on record in these months: one announcement.",
        "(With these, one announcement taken back, $5.)",
    ]


def test_what_is_of_no_kind_comes_last():
    events = [at(1, Outcome(subject="lab"), "recorded"), at(2, Outcome(subject="lab"), "recorded")]
    said, _ = counted([*events, at(3, Announcement(subject="lab"), "recorded")])
    assert said[0].text == "Also on record in these months: one announcement and two further facts."


def test_an_assumption_is_called_one_in_a_footnote():
    tale = of(lived(named("loop"), seed=3, until=named("loop").start + 30 * DAY))
    assert "Author's choice, of the order of 2025 – an assumption." in markdown(tale)
    assert "assumption confidence" not in markdown(tale) + page(tale)
