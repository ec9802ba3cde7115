"""log, show, why and note as commands, on the story that `new` writes and on small histories."""

import json
import sqlite3
from itertools import pairwise
from pathlib import Path

import pytest
from attrs import evolve
from click.testing import CliRunner
from support.lives import lived as lived_in
from support.tiny import entry, story
from support.tiny import told as told_of

import narrative
from events.errors import Wrong
from events.event import Draft
from events.facts import Announcement, Funding, Repricing
from events.log import open_log
from narrative.analysis.history import History, opening_of
from narrative.books.table import TABLE
from narrative.cli import main
from narrative.cli.lines import MANY, lines
from narrative.prose.sentences import Speech
from narrative.story.model import Story


def did(*args, code=0, **more):
    done = CliRunner().invoke(main, [str(arg) for arg in args], **more)
    assert done.exit_code == code, done.output
    return done.stdout


def told(*args):
    return json.loads(did(*args, "--json"))


def refused(*args):
    done = CliRunner().invoke(main, [str(arg) for arg in args])
    assert done.exit_code == 2, done.output
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1
    return done.stderr


def append(path, *moments):
    """More moments of that many repricings each, one announcement where it is 0."""
    with open_log(path) as log:
        for count in moments:
            head = log.head()
            facts = [Repricing(asset="lab", lasting=1)] * count or [Announcement(subject="lab")]
            acts = [(Draft("market", fact),) for fact in facts]
            log.append("main", head.position, (head.moment or 0) + 86_400, acts)


# --- log ----------------------------------------------------------------------------------------


def test_routine_events_that_follow_one_another_share_a_line(lived):
    last = len(list(narrative.log("mine.db")))
    append("mine.db", 5, 0, 2, 0, 2, 1)
    found = did("log", "mine.db", "--since", last + 1).splitlines()
    assert [line.split()[0] for line in found] == [
        f"#{last + n}" for n in (1, 6, 7, 8, 9, 10)
    ]  # five on a line, two are too few, and so are three of two moments not
    assert found[0].endswith(f"… 5 repricings to #{last + 5}")
    assert found[-1].endswith(f"… 3 repricings to #{last + 12}")
    assert len(did("log", "mine.db", "--since", last + 1, "--all").splitlines()) == 12
    assert len(did("log", "mine.db", "--since", last + 1, "--json").splitlines()) == 12


def test_under_a_filter_nothing_is_folded(lived):
    append("mine.db", 5)
    assert "…" not in did("log", "mine.db", "--kind", "Repricing")


def test_a_long_run_does_not_keep_a_reader_waiting(lived):
    append("mine.db", MANY + 5)
    with open_log("mine.db", read_only=True) as log:
        speech = Speech(Story.load(opening_of(History(log, "main", "mine.db")).text))
        run = [event for event in log.read() if event.kind == "Repricing"][-MANY - 5 :]
    first, second = lines(run, speech, fold=True)
    assert "1,000 repricings" in first
    assert "5 repricings" in second


def test_the_function_and_the_command_give_the_same_events(lived):
    found = [json.loads(line) for line in did("log", "mine.db", "--family", "order", "--json").splitlines()]
    assert found == list(narrative.log("mine.db", family="order"))
    assert {event["kind"] for event in found} == {"Order"}


def test_colours_on_a_terminal_and_none_in_a_pipe_or_where_they_are_not_wanted(lived, monkeypatch):
    assert "\x1b" not in did("log", "mine.db")
    assert "\x1b[" in did("log", "mine.db", color=True)
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in did("log", "mine.db", color=True)


@pytest.mark.parametrize(
    "given",
    [
        ("--kind", "Ordr"), ("--actor", "lba"), ("--origin", "told"), ("--narrative", "x"), ("--least", "x"),
        ("--since", "#x"), ("--since", "2025-02-30"), ("--confidence", "sure"), ("--family", "x"),
        ("--counterparty", "x"), ("--since", "9", "--until", "3"),
    ],
)  # fmt: skip  # one list
def test_a_filter_that_cannot_be_is_one_sentence(lived, given):
    assert refused("log", "mine.db", *given).strip().endswith((".", "?"))


@pytest.mark.parametrize(
    "verb", [("log", "--kind", "Order"), ("show", 4), ("why", 5), ("why", "lab", "announced")]
)
def test_a_damaged_row_is_one_sentence(lived, verb):
    with sqlite3.connect("mine.db") as db:
        db.execute("UPDATE events SET causes = '1' WHERE fact LIKE '%told%' OR causes != ''")
    db.close()
    name, *rest = verb
    assert refused(name, "mine.db", *rest).startswith("Damaged: mine.db is damaged")


@pytest.mark.parametrize("wanted", [("--kind", "Loan"), ("--since", "2030-01-01"), ("--text", "no such")])
def test_a_log_that_finds_nothing_says_so_beside_the_empty_answer(lived, wanted):
    for more in ((), ("--json",)):
        done = CliRunner().invoke(main, ["log", "mine.db", *wanted, *more])
        assert (done.exit_code, done.stdout) == (0, "")
        assert done.stderr == f"No such events; mine.db has {len(list(narrative.log('mine.db')))}.\n"


def test_a_bare_year_is_no_position_beyond_the_end(lived):
    assert "A year is written as 2025-01-01" in refused("log", "mine.db", "--since", "2025")
    assert "A year is" not in refused("log", "mine.db", "--since", "#2025")


def test_where_a_sum_is_asked_for_each_line_says_it_and_how_firm_it_is(lived):
    found = did("log", "mine.db", "--least", "1m")
    for event in narrative.log("mine.db", least="1m"):
        (line,) = [line for line in found.splitlines() if line.startswith(f"#{event['position']} ")]
        firm = event["fact"].get("amount")
        assert (" firm: " in line) == bool(firm)
        assert firm or " ceiling: " in line or " stated: " in line or " intention: " in line
    assert " firm: " not in did("log", "mine.db")


def test_an_actor_and_a_reading_may_be_called_as_people_call_them(lived):
    assert told("why", "mine.db", "A Laboratory", "Value")["reading"] == "valuation"
    assert told("why", "mine.db", "chipmaker", "belief-share")["actor"] == "chipmaker"
    assert did("log", "mine.db", "--actor", "a laboratory") == did("log", "mine.db", "--actor", "lab")


# --- show ---------------------------------------------------------------------------------------


def test_an_event_is_shown_whole(lived):
    order = next(event for event in narrative.log("mine.db") if event["kind"] == "Order")
    shown = told("show", "mine.db", f"#{order['position']}")
    assert shown == narrative.show("mine.db", order["position"])
    assert {name: shown[name] for name in order} == order
    books = {row["account"]: (row["before"], row["after"]) for row in shown["accounts"]}
    amount = order["fact"]["amount"]
    assert books["committed"] == (0, amount)
    assert books["backlog"] == (0, amount)
    posted = {(row["account"], row["key"]): row["amount"] for row in shown["postings"]}
    assert posted["backlog", order["fact"]["seller"]] == amount
    assert [event["kind"] for event in shown["effects"]] == ["Repricing"]
    text = did("show", "mine.db", order["position"])
    assert f"({amount:,})" in text
    assert order["fact"]["told"]["source"] in text
    assert "led to" in text


# What fades between events is less before the next than after the last.
FADING = tuple(account.name for account in TABLE.accounts if account.fold == "fading")


def test_accounts_after_one_event_are_those_before_the_next(lived):
    held = {}
    for position in range(1, len(list(narrative.log("mine.db"))) + 1):
        for row in told("show", "mine.db", position)["accounts"]:
            place = row["account"], row["key"]
            if row["account"] not in FADING:
                assert row["before"] == held.get(place, row["before"])
            held[place] = row["after"]
    assert held


def test_the_first_event_is_shown_too(lived):
    assert told("show", "mine.db", 1)["accounts"] == []


@pytest.mark.parametrize("position", ["#x", "0", "#0", "99999", "lab", "-1", "1.5", "²"])
@pytest.mark.parametrize("verb", ["show", "why"])
def test_a_position_that_is_none_is_one_sentence(lived, verb, position):
    if position == "lab" and verb == "why":
        assert "why HISTORY lab valuation" in refused(verb, "mine.db", position)
    elif position == "-1":
        assert CliRunner().invoke(main, [verb, "mine.db", position]).exit_code == 2
    else:
        assert "it has #1 to #" in refused(verb, "mine.db", position)


@pytest.mark.parametrize("verb", ["show", "why"])
def test_a_position_that_the_shell_took_for_a_comment_is_asked_for(lived, verb):
    done = CliRunner().invoke(main, [verb, "mine.db"])
    assert done.exit_code == 2
    assert "in quotes" in done.stderr


# --- why ----------------------------------------------------------------------------------------


def test_why_an_event_happened(lived):
    found = told("why", "mine.db", 5)
    assert found == narrative.why("mine.db", 5)
    assert [(each["position"], each["depth"]) for each in found["tree"]] == [(5, 0), (4, 1)]
    assert did("why", "mine.db", 5).splitlines()[1].startswith(" ← #4 ")
    back = told("why", "mine.db", "#4", "--effects")
    assert 5 in {each["position"] for each in back["tree"]}
    assert "it rests on no other event" in did("why", "mine.db", 4)


def test_why_a_reading_is_what_it_is(lived):
    found = told("why", "mine.db", "chipmaker", "valuation")
    seen = told("replay", "mine.db")["actors"]["chipmaker"]
    assert found["value"] == found["total"] == seen["valuation"]
    assert sum(part["amount"] for part in found["parts"]) + found["residual"] == found["total"]
    assert sum(part["ln"] for part in found["parts"]) == found["ln"]
    assert found["parts"][1]["behind"]["kind"] in {"Announcement", "Order", "Funding"}
    for one, other in pairwise(found["parts"]):
        assert abs(one["amount"]) >= abs(other["amount"])
    assert "in all" in did("why", "mine.db", "chipmaker", "valuation")


def test_what_is_left_out_is_summed_up(lived):
    whole = narrative.why("mine.db", "chipmaker", "valuation")
    some = narrative.why("mine.db", "chipmaker", "valuation", most=1)
    assert some["others"]["count"] == len(whole["parts"]) - 1
    assert some["parts"][0]["ln"] + some["others"]["ln"] == some["ln"]
    assert some["parts"][0]["amount"] + some["others"]["amount"] + some["residual"] == some["total"]


def test_what_nobody_knows_stays_unknown_and_says_why(lived):
    found = told("why", "mine.db", "lab", "cash")
    assert found["value"] is found["total"] is None
    assert "cash of lab" in found["unknown"]
    assert found["unknown"] in did("why", "mine.db", "lab", "cash")
    assert "has pledged nothing" in told("why", "mine.db", "lab", "collateral")["unknown"]


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (("lba", "cash"), 'Did you mean "lab"?'),
        (("lab", "csah"), 'Did you mean "cash"?'),
        (("lab", "observed"), "observed.toml"),
        (("lab", "cash", "--at", "2025-02-30"), "February"),
        (("lab", "cash", "--at", "#999"), "it has #1 to #"),
        (("lab", "cash", "--effects"), "Only an event has effects"),
        (("lab", "cash", "--depth", "8"), "leave --depth away; --all lists every part"),
        ((5, "--at", "2025-02-01"), "--at belongs to a reading"),
        ((5, "--depth", "0"), "depth is 0"),
        ((5, "--depth", "3", "--all"), "leave --all away"),
    ],
)
def test_what_cannot_be_asked_why_is_one_sentence(lived, given, said):
    assert said in refused("why", "mine.db", *given)


def test_the_news_behind_a_part_is_found_however_many_steps_it_is_away(lived):
    news = next(event for event in narrative.log("mine.db") if event["kind"] == "Announcement")
    with open_log("mine.db") as log:
        cause = news["position"]
        for step in (1, 2, 3):
            head = log.head()
            draft = Draft("market", Repricing(asset="chipmaker", lasting=step * 10**8), causes=(cause,))
            (event,) = log.append("main", head.position, (head.moment or 0) + 86_400, [(draft,)])
            cause = event.position
        log.lived("main", event.moment)
    found = narrative.why("mine.db", "chipmaker", "valuation", at=f"#{cause}")
    part = next(part for part in found["parts"] if part["position"] == cause)
    assert part["behind"]["position"] == news["position"]
    assert part["behind"]["source"] == news["fact"]["told"]["source"]


def test_collateral_names_the_shares_and_the_price_behind_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    close = "2025-09-10T15:59:59"
    found = narrative.why("ai-2025", "Larry Ellison", "collateral", at=close)
    (part,) = found["parts"]
    ((asset, shares, price),) = [tuple(each.values()) for each in part["priced"]]
    assert (asset, shares) == ("oracle", 277_000_000)  # Oracle's proxy statement of 2024
    assert round(shares * price) == found["value"] == pytest.approx(277_000_000 * 32833, rel=1e-9)
    before = narrative.why("ai-2025", "larry-ellison", "collateral", at="2025-09-08")["parts"][0]["priced"][0]
    assert before["price"] < price
    line = "277 m shares of oracle at $328 a share: why HISTORY oracle valuation"
    assert line in did("why", "ai-2025", "larry-ellison", "collateral", "--at", close)
    assert "277 m shares of oracle at $328 a share" in found._repr_html_()


HOSTILE = "\x1b[31mred\x1b]0;title\x07\x9b1m\u202eback"


@pytest.fixture
def hostile(tmp_path, monkeypatch):
    """A told round whose every text orders the terminal about."""
    monkeypatch.chdir(tmp_path)
    words = evolve(told_of("round"), headline=HOSTILE, source=HOSTILE, url=HOSTILE, narrative=None)
    funding = Funding(company="lab", investor="cloud", amount=5 * 10**11, post_money=10**13, told=words)
    log = open_log("tiny.db")
    lived_in(story((entry("round", 86_400, funding),)), log=log).close()
    return next(event["position"] for event in narrative.log("tiny.db", kind="Funding"))


def test_no_text_of_a_timeline_gives_the_terminal_orders(hostile):
    printed = [
        did("show", "tiny.db", hostile), did("why", "tiny.db", hostile), did("why", "tiny.db", "lab", "cash"),
        did("why", "tiny.db", "lab", "valuation", "--at", "1970-01-03"), did("log", "tiny.db"),
    ]  # fmt: skip  # one list
    assert sum("red" in text for text in printed) >= 4
    cash = did("why", "tiny.db", "lab", "cash")
    assert "[31mred" in cash.split("(high, ")[0].splitlines()[-1]  # the source
    for text in printed:
        assert not {"\x1b", "\x07", "\x9b", "\u202e"} & set(text)


def test_show_writes_a_number_one_way(lived):
    order = next(event for event in narrative.log("mine.db") if event["kind"] == "Order")
    text, amount = did("show", "mine.db", order["position"]), order["fact"]["amount"]
    assert text.count(f"({amount:,})") >= 2  # of the field, and of what it posts
    assert str(amount) not in text


def test_shares_that_leave_have_one_sign(lived):
    narrative.run("loop", until="2025-06-30")
    sold = next(
        e for e in narrative.log("loop.db") if e["kind"] == "Trade" and e["fact"]["seller"] == "outside"
    )
    text, fact = did("show", "loop.db", sold["position"]), sold["fact"]
    assert f"stake[outside/{fact['asset']}] − {fact['shares']:,}\n" in text


@pytest.mark.parametrize(
    ("given", "more"),
    [
        ((5,), {"at": "2025-02-01"}), ((5,), {"most": 3}), ((5,), {"depth": -1}),
        (("lab", "valuation"), {"most": -1}), (("lab", "valuation"), {"most": 0}),
        (("lab", "valuation"), {"depth": 3}), (("lab", "valuation"), {"effects": True}),
        (("lab", "valuation"), {"most": 3, "every": True}),
    ],
)  # fmt: skip  # one list
def test_what_does_not_belong_together_is_refused_by_the_function_too(lived, given, more):
    with pytest.raises(Wrong):
        narrative.why("mine.db", *given, **more)


# --- note ---------------------------------------------------------------------------------------


def test_a_note_is_added_and_the_history_stays_whole(lived):
    before = list(narrative.log("mine.db"))
    added = told("note", "mine.db", "A caption.", "--about", "#4", "--author", "ann")
    assert (added["kind"], added["actor"], added["causes"]) == ("Note", "ann", [4])
    assert added["moment"] == "2025-12-31T23:59:59"
    assert narrative.note("mine.db", "Of spring.", at="2025-02-28")["causes"] == [6]
    assert "▲ noted by reader" in did("note", "mine.db", "Of all.")
    after = list(narrative.log("mine.db"))
    assert after[: len(before)] == before
    assert [event["fact"]["text"] for event in after[len(before) :]] == [
        "A caption.",
        "Of spring.",
        "Of all.",
    ]
    assert told("verify", "mine.db")["verdict"] == "whole"
    assert "Note: A caption." in did("why", "mine.db", 4, "--effects")
    assert "ann: A caption." in did("log", "mine.db", "--kind", "Note")


@pytest.mark.parametrize(
    "given",
    [
        ("",),
        ("x", "--about", "999"),
        ("x", "--at", "x"),
        ("x", "--at", "1", "--about", "1"),
        ("x", "--author", ""),
    ],
)
def test_a_note_that_cannot_be_leaves_the_log_as_it_was(lived, given):
    before = Path("mine.db").read_bytes()
    refused("note", "mine.db", *given)
    assert Path("mine.db").read_bytes() == before


def test_a_note_cannot_break_the_line_or_the_terminal(lived):
    did("note", "mine.db", "one\ntwo\x1b[31m")
    assert did("log", "mine.db", "--kind", "Note").count("\n") == 1
    assert "\x1b" not in did("log", "mine.db", "--kind", "Note")
    assert "\x1b" not in did("show", "mine.db", len(list(narrative.log("mine.db"))))
