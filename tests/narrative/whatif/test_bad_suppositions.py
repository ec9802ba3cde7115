"""Suppositions that cannot be: one sentence a fault, before anything is written or lived."""

from pathlib import Path
from typing import Any

import pytest
from attrs import evolve
from support.asking import ask, end, state
from support.lives import lived
from support.tiny import DAY, entry, link, story, ten_days, told

from events.errors import BranchTaken, NotBetweenMoments, Wrong
from events.facts import Announcement, Cancellation, Order
from events.funding_facts import Loan, Repayment
from events.log import Log
from narrative.story.calendar import BadDate
from narrative.whatif.request import BadSupposition

ENTRY = {
    "id": "new",
    "date": "1970-01-08",
    "kind": "Funding",
    "actor": "lab",
    "counterparty": "outside",
    "amount": 3,
    "headline": "news",
    "source": "supposed",
    "confidence": "assumption",
}


@pytest.fixture
def log() -> Log:
    return lived(ten_days())


def refused(log: Log, of: str = "main", kind: type[Wrong] = BadSupposition, **asked: Any) -> str:
    """What is said; the log is as it was, and code and sentence are what a door needs."""
    before = state(log)
    with pytest.raises(kind) as caught:
        ask(log, asked.pop("name", "b"), of=of, **asked)
    assert state(log) == before
    said = str(caught.value)
    assert all(line.endswith((".", "?")) for line in said.splitlines()), said
    return said


def back(**fields: Any) -> dict[str, Any]:
    """A retraction to inject."""
    return {name: one for name, one in put(kind="Retraction", **fields).items() if name != "amount"}


LINK = '[{id = "%s", basis = "author", reason = "r"}]'


def put(**fields: Any) -> dict[str, Any]:
    return {**ENTRY, **fields}


CASES: list[tuple[dict[str, Any], list[str]]] = [
    # entries
    ({"without": "contrct"}, ['"contrct", which is no entry', '"contract"?']),
    ({"without": "zq"}, ["which is no entry", "`narrative show` gives the id of one that was told"]),
    ({"keep": "contrct"}, ["keep", '"contract"?']),
    ({"change": {"contrct": {"amount": 3}}}, ["change", '"contract"?']),
    ({"without": ["contract"], "keep": ["contract"]}, ["gone without", "one of the two"]),
    ({"without": "contract", "change": {"contract": {"amount": 3}}}, ["changed and gone without"]),
    ({"without": "contract", "change": {"round": {"amount": 3}}}, ["would be withheld", "--keep round"]),
    # moments
    ({"without": "contract", "at": "1970-01-04"}, ["on 1970-01-04T00:00:00", "--at 1970-01-03T23:59:59"]),
    ({"change": {"words": {"tone": 0.1}}, "at": "#12"}, ["told on 1970-01-02T00:00:00"]),
    ({"keep": "words", "at": "#12"}, ["told on"]),
    ({"at": "1969-12-31"}, ["at is 1969-12-31, before the history opens"]),
    ({"at": "1970-02-30"}, ["at does not read", "28 days"]),
    ({"at": "soon"}, ["'soon' is no date"]),
    ({"at": "#0"}, ["#1 to #14"]),
    ({"at": "#15"}, ["#1 to #14"]),
    ({"at": "#x"}, ["#1 to #14"]),
    ({"at": "1970-01-06", "inject": put(date="1970-01-06")}, ["1970-01-06T09:00:00, not after the fork"]),
    ({"inject": put(date="1969-12-31")}, ["1969-12-31T09:00:00, not after"]),
    ({"inject": put(date="1970-08-01")}, ["beyond the story, which ends on 1970-04-11T00:00:00"]),
    ({"change": {"round": {"date": "1970-08-01"}}}, ['"round" of 1970-08-01T09:00:00 lies beyond']),
    ({"change": {"round": {"date": "1970-01-02"}}, "at": "1970-01-04"}, ["not after the fork"]),
    ({"change": {"words": {"date": "1970-01-08"}}}, ['"contract" replaces "words"', "would come later"]),
    # fields, as the timeline has them
    ({"change": {"contract": {"amuont": 3}}}, ['no field "amuont"', '"amount"?']),
    ({"change": {"contract": {"amount": 0.001}}}, ["fraction of the smallest unit"]),
    ({"change": {"contract": {"amount": -1}}}, ["never negative"]),
    ({"change": {"contract": {"amount": "much"}}}, ['is the text "much"', "a sum in the story's unit"]),
    ({"change": {"contract": {"status": "frim"}}}, ['"frim"', '"firm"']),
    ({"change": {"contract": {"status": "reported"}}}, ["amount with status reported", "`ceiling`"]),
    ({"change": {"contract": {"counterparty": "clod"}}}, ['"clod", which is no actor', '"cloud"?']),
    ({"change": {"contract": {"date": "1970-13-01"}}}, ["months count from 01 to 12"]),
    ({"change": {"contract": {"kind": "Loan"}}}, ["its kind makes it", "inject another"]),
    ({"change": {"contract": {"id": "other"}}}, ["its id makes it"]),
    ({"change": {"contract": {"headline": ""}}}, ['"headline" cannot be taken out']),
    ({"change": {"contract": {"tone": 7}}}, ["tone is 7", "-1 to 1"]),
    ({"change": {"contract": {"follows": '[{id = "wrds", basis = "author", reason = "r"}]'}}}, ['"words"?']),
    ({"change": {"contract": {"due": "1970-01-03"}}}, ['"contract" of 1970-01-04 has due 1970-01-03']),
    (
        {"change": {"contract": {"date": "1970-01-10", "due": "1970-01-09"}}},
        ['"contract" of 1970-01-10 has due 1970-01-09, before it'],
    ),
    # injected entries
    ({"inject": put(actor="lba")}, ['"lba", which is no actor', '"lab"?']),
    ({"inject": put(kind="Fnding")}, ["Fnding", '"Funding"']),
    ({"inject": put(amount=2**60)}, ["more than 2**53"]),
    ({"inject": put(id="round")}, ["is there already"]),
    ({"inject": [put(), put()]}, ["is there already"]),
    (
        {"inject": put(kind="Order", counterparty="cloud", date="1970-01-08T10:00:00", due="1970-01-08")},
        ["of 1970-01-08T10:00:00 has due 1970-01-08T09:00:00, before it"],
    ),
    ({"inject": put(kind="Loan", counterparty="cloud", rate=-5)}, ["rate is -5", "from 0 on"]),
    ({"inject": put(kind="Delivery", actor="cloud", counterparty="lab", order="o")}, ["which nothing opens"]),
    ({"inject": put(kind="Repayment", counterparty="cloud", loan="l")}, ['loan "l", which nothing opens']),
    ({"inject": back(of="wrds")}, ['takes back "wrds"', '"words"?']),
    (
        {"inject": back(of="round", date="1970-01-05")},
        ['"new" takes back "round", which nothing tells before'],
    ),
    (
        {"inject": put(kind="Delivery", actor="cloud", counterparty="lab", order="contract", amount=21)},
        ["21.00 USD of order contract, of which 20.00 USD is outstanding", "`unattributed`"],
    ),
    (
        {"inject": put(kind="Cancellation", counterparty="cloud", order="contract", amount=21)},
        ["would take outstanding of contract to -1.00 USD"],
    ),
    ({"inject": [put(amount=9 * 10**13), put(id="more", amount=9 * 10**13)]}, ['"more" does not fit', "2"]),
    ({"inject": put(follows=[{"id": "rond", "basis": "author", "reason": "r"}])}, ['"rond"', '"round"?']),
    (
        {"inject": put(date="1970-01-03", replaces=[{"id": "round", "basis": "author", "reason": "r"}])},
        ['"new" replaces "round", which would come later'],
    ),
    (
        {"inject": put(date="1970-01-03", follows=[{"id": "round", "basis": "author", "reason": "r"}])},
        ['"new" follows "round", which would come later', "go without one"],
    ),
    ({"change": {"round": {"date": "1970-01-03"}}}, ['"round" follows "contract", which would come later']),
    ({"change": {"contract": {"part_of": LINK % "contract"}}}, ['in a ring: "contract" to "contract"']),
    ({"inject": put(follows=[{"id": "new", "basis": "author", "reason": "r"}])}, ['a ring: "new" to "new"']),
    ({"change": {"contract": {"part_of": LINK % "round"}}}, ["in a ring", '"contract" to "round"']),
    (
        {
            "inject": [
                put(part_of=[{"id": "more", "basis": "author", "reason": "r"}]),
                put(id="more", part_of=[{"id": "new", "basis": "author", "reason": "r"}]),
            ]
        },
        ["in a ring", '"new" to "more"'],
    ),
    # parameters and chance
    ({"set": {"silent_stp": 0.1}}, ['"silent_stp", which is no parameter', '"silent_step"?']),
    ({"set": {"silent_step": 2000}}, ["silent_step = 2000 is outside 0 to 1000"]),
    ({"set": {"silent_step": -0.1}}, ["outside 0 to 1000"]),
    ({"set": {"silent_step": "fast"}}, ['parameter silent_step is the text "fast"']),
    ({"set": {"silent_step": float("nan")}}, ["finite"]),
    ({"set": {"silent_step.clod": 0.1}}, ['"clod", which is no actor', '"cloud"?']),
    ({"reseed": 2**60}, ["2**53"]),
    ({"reseed": "x"}, ['reseed is the text "x"']),
]  # fmt: skip  # one case a line


@pytest.mark.parametrize(("asked", "parts"), CASES, ids=lambda value: str(value)[:60])
def test_what_cannot_be_supposed_is_said_and_nothing_is_written(
    log: Log, asked: dict[str, Any], parts: list[str]
) -> None:
    said = refused(log, **asked)
    assert all(part in said for part in parts), said
    assert len(said.splitlines()) == 1, said


# Kinds that may be of something only once it is opened, the field that names it, and what else they take.
RESTING: list[tuple[str, str, dict[str, Any]]] = [
    ("Delivery", "order", {}),
    ("Cancellation", "order", {}),
    ("Payment", "order", {}),
    ("Delay", "order", {}),
    ("Interest", "loan", {}),
    ("Repayment", "loan", {}),
    ("MarginCall", "loan", {"due": "1970-01-09"}),
    ("Liquidation", "loan", {"asset": "cloud", "shares": 1}),
    ("Cure", "call", {}),
    ("Liquidation", "call", {"asset": "cloud", "shares": 1, "loan": "own"}),
]
OWN = put(id="own", kind="Loan", actor="founder", date="1970-01-07", counterparty="cloud")


@pytest.mark.parametrize(("kind", "field", "more"), RESTING)
def test_what_nothing_opened_is_not_delivered_repaid_or_met(
    log: Log, kind: str, field: str, more: dict[str, Any]
) -> None:
    asked = put(kind=kind, counterparty="cloud", **{field: "nothing"}, **more)
    if kind == "Delay":
        del asked["amount"]
    said = refused(log, inject=[OWN, asked])
    assert f'"new" is of {field} "nothing", which nothing opens before' in said


@pytest.mark.parametrize("kind", ["Pledge", "Release", "Writedown", "Clearing"])
def test_a_loan_from_before_the_history_may_be_named(log: Log, kind: str) -> None:
    more: dict[str, Any] = {"loan": "old", "counterparty": "cloud", "asset": "cloud", "shares": 1}
    if kind in ("Writedown", "Clearing"):
        del more["asset"], more["shares"]
    asked = put(kind=kind, actor="founder", **more)
    if "shares" in more:
        del asked["amount"]
    if kind == "Release":  # what comes free has been pledged
        asked = [{**asked, "id": "pledge", "kind": "Pledge", "date": "1970-01-07"}, asked]
    assert ask(log, "b", inject=asked)


def test_everything_wrong_is_said_at_once(log: Log) -> None:
    said = refused(log, without="contrct", set={"silent_stp": 1}, inject=put(actor="lba"), reseed=2**60)
    assert len(said.splitlines()) == 4


def test_a_parameter_by_which_a_history_is_read_cannot_be_set() -> None:
    tale = ten_days()
    reading = [p for p in tale.parameters if p.name != "duration"]
    duration = next(p for p in tale.parameters if p.name == "duration")
    tale = evolve(tale, parameters=(*reading, evolve(duration, reads="reading")))
    assert "by which the history is read" in refused(lived(tale), set={"duration": 3})


def test_a_position_inside_a_moment_is_no_place_to_fork(log: Log) -> None:
    assert "#9 or #11" in refused(log, kind=NotBetweenMoments, at="#10")


def test_inside_the_opening_only_its_end_is_named_as_a_place_to_fork(log: Log) -> None:
    said = refused(log, kind=NotBetweenMoments, at="#3")
    assert said.endswith("Fork after #7.")
    assert ask(log, "there", at="#7")["fork_position"] == 7


def test_an_end_before_the_fork_is_no_end(log: Log) -> None:
    said = refused(log, kind=BadDate, without="contract", until="1970-01-02")
    assert "before the fork at 1970-01-03T23:59:59" in said


def test_a_branch_name_is_taken_once(log: Log) -> None:
    ask(log, "calm")
    assert "calm" in refused(log, kind=BranchTaken, name="calm", without="contrct")
    assert "main" in refused(log, kind=BranchTaken, name="main")
    assert BranchTaken.code == 3


def test_a_name_that_no_branch_can_have(log: Log) -> None:
    assert '"a b"' in refused(log, kind=Wrong, name="a b")


def test_on_a_branch_what_was_told_before_it_was_supposed_is_told(log: Log) -> None:
    ask(log, "calm", without="round")
    said = refused(log, of="calm", change={"contract": {"amount": 1}})
    assert "told on 1970-01-04T00:00:00, before this branch was supposed upon on 1970-01-05T23:59:59" in said


def test_what_a_branch_withholds_is_withheld_already(log: Log) -> None:
    ask(log, "calm", without="contract")
    assert "withheld in this history: it follows contract" in refused(log, of="calm", without="round")
    assert "was withheld on 1970-01-06T00:00:00" in refused(log, of="calm", without="round", at="1970-01-06")


def test_followers_of_two_entries_that_move_apart_have_to_be_dated() -> None:
    entries = (
        entry("a", DAY, Announcement(subject="lab", told=told("a"))),
        entry("b", 2 * DAY, Announcement(subject="lab", told=told("b"))),
        entry(
            "c",
            3 * DAY,
            Announcement(subject="lab", told=told("c")),
            (link("follows", "a"), link("follows", "b")),
        ),
    )
    moves = {"a": {"date": "1970-01-12T00:00:00"}, "b": {"date": "1970-01-13T00:00:00"}}
    log = lived(story(entries))
    ask(log, "both", change=moves)  # ten days each
    moves["b"]["date"] = "1970-01-14T00:00:00"
    assert 'moves "c" along' in refused(log, change=moves)
    ask(log, "dated", change=moves | {"c": {"date": "1970-01-15"}})
    ask(log, "kept", change=moves, keep="c")


def test_a_lower_loan_leaves_less_to_repay() -> None:
    lent = Loan(borrower="lab", lender="cloud", loan="loan", amount=500, told=told("loan"))
    repaid = Repayment(borrower="lab", lender="cloud", loan="loan", amount=500, told=told("repaid"))
    log = lived(story((entry("loan", DAY, lent), entry("repaid", 3 * DAY, repaid))))
    said = refused(log, change={"loan": {"amount": 4}})
    assert '"repaid" would take owed of loan to -1.00 USD' in said
    assert "go without it too" in said
    ask(log, "less", change={"loan": {"amount": 4}, "repaid": {"amount": 4}})


def test_a_kept_repayment_of_a_loan_gone_without_is_refused() -> None:
    lent = Loan(borrower="lab", lender="cloud", loan="loan", amount=500, told=told("loan"))
    repaid = Repayment(borrower="lab", lender="cloud", loan="loan", amount=500, told=told("repaid"))
    log = lived(story((entry("loan", DAY, lent), entry("repaid", 3 * DAY, repaid))))
    assert "owed of loan to -5.00 USD" in refused(log, without="loan", keep="repaid")


def test_an_order_given_up_twice_is_refused_where_the_first_time_was_the_record() -> None:
    order = Order(buyer="lab", seller="cloud", order="o", amount=300, told=told("order"))
    up = Cancellation(buyer="lab", seller="cloud", order="o", amount=300, told=told("up"))
    log = lived(story((entry("order", DAY, order), entry("up", 9 * DAY, up))))
    given = put(kind="Cancellation", counterparty="cloud", order="o", amount=3, date="1970-01-05")
    assert '"up" would take outstanding of o to -3.00 USD' in refused(log, inject=given)


# --- files --------------------------------------------------------------------------------------

GOOD = """\
question = "And without it?"
without = ["contract"]
keep = ["round"]
"""

BAD = """\
without = ["contrct", 7]
kep = ["round"]
reseed = 1.5
at = 1970-01-04T12:00:00

[set]
silent_step = 2000
market.lab = 3

[change.round]
amuont = 9
date = 1970-01-03

[[event]]
id = "new"
date = 1970-01-08
kind = "Funding"
actor = "lba"
headline = "news"
source = "supposed"
confidence = "sure"
"""


def test_a_file_asks_what_flags_ask(log: Log, tmp_path: Path) -> None:
    path = tmp_path / "calm.toml"
    path.write_text(GOOD)
    told_ = ask(log, "calm", from_=path)
    assert told_["question"] == "And without it?"
    assert told_["withheld"].keys() == {"contract"}
    assert ask(log, "asked", from_=path, question="Another?")["question"] == "Another?"


def test_flags_add_to_a_file_and_go_first(log: Log, tmp_path: Path) -> None:
    path = tmp_path / "calm.toml"
    path.write_text(
        f"at = 1970-01-02\nreseed = 3\n{GOOD}[set]\nsilent_step = 0.5\nsector_weight.cloud = 0.25\n"
    )
    told_ = ask(
        log, "calm", from_=path, set={"silent_step": 0.125}, at="1970-01-03", change={"round": {"amount": 1}}
    )
    assert told_["at"] == "1970-01-03T23:59:59"
    world = end(log, "calm")
    assert (world.chance.seed, world.parameters["silent_step"]) == (3, 0.125)
    assert world.parameter("sector_weight", "cloud") == 0.25
    assert world.fold.sum("cash", "lab") == 1_100


def test_every_fault_of_a_file_is_said_at_once_with_its_line(log: Log, tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(BAD)
    lines = refused(log, from_=path).splitlines()
    found = {int(line.removeprefix(f"{path}:").partition(":")[0]): line for line in lines}
    assert sorted(found) == [1, 2, 3, 7, 8, 11, 14, 18, 21]
    assert "without" in found[1]
    assert '"keep"?' in found[2]
    assert "0 to 1000" in found[7]
    assert '"market.lab"' in found[8]
    assert '"amount"?' in found[11]
    assert 'lacks "counterparty"' in found[14]
    assert '"lab"?' in found[18]


def test_a_file_needs_a_question(log: Log, tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text('without = ["round"]\n')
    assert 'lacks "question"' in refused(log, from_=path)


def test_a_file_with_broken_lines_is_read_as_far_as_it_goes(log: Log, tmp_path: Path) -> None:
    path = tmp_path / "bad.toml"
    path.write_text(GOOD.replace('"contract"]', '"contrct"]') + "reseed = =\n")
    lines = refused(log, from_=path).splitlines()
    assert [line.split(":")[1] for line in lines] == ["2", "4"]


def test_a_file_that_is_not_there(log: Log, tmp_path: Path) -> None:
    assert "is no file" in refused(log, kind=Wrong, from_=tmp_path / "none.toml")
    assert "is no file" in refused(log, kind=Wrong, inject=str(tmp_path / "none.toml"))
    assert "neither a file nor a what-if" in refused(log, kind=Wrong, from_="calm")


def test_a_file_of_entries_holds_nothing_else(log: Log, tmp_path: Path) -> None:
    path = tmp_path / "calm.toml"
    path.write_text(GOOD)
    said = refused(log, inject=path)
    assert len(said.splitlines()) == 3
    assert "--from" in said


def test_a_good_link_asked_for_is_no_ring_and_may_lead_on(log: Log) -> None:
    ask(log, "first", inject={**ENTRY, "follows": [{"id": "round", "basis": "author", "reason": "r"}]})
    ask(log, "apart", change={"contract": {"date": "1970-01-12"}}, keep="round")


def test_what_an_order_is_due_moves_along_with_its_date(log: Log) -> None:
    ask(
        log, "late", change={"contract": {"date": "1970-04-10"}}, keep="round"
    )  # day 99; it was due on day 90
    assert end(log, "late").fold.last("due", "contract") == (90 + 99 - 3) * DAY + 9 * 3600


def test_what_was_told_before_can_be_taken_back(log: Log) -> None:
    ask(log, "back", inject=back(of="round"))
