"""What a process declares of itself is what `check` holds a story to, ours and a user's own alike."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from attrs import evolve
from support.every_kind import ACTORS, variants
from support.faulty_story import R, T, faults, line_in
from support.tiny import DAY, entry, story, told

from events.facts import KINDS
from events.log import open_log
from narrative.engine import processes
from narrative.engine.begin import begin
from narrative.engine.run import live
from narrative.engine.world import unfold
from narrative.story.calendar import Calendar
from narrative.story.catalogue import find_story
from narrative.story.checks import check_cast
from narrative.story.declared import BadProcess, declared, ours, trusting
from narrative.story.entries import Seen
from narrative.story.faults import Page
from narrative.story.model import Role
from narrative.story.parameters import HEARD, READING, asked_by
from narrative.story.reader import read_story

ROOM = Path(processes.__file__).parent
END = "[collapse]\n"
# The good story tells an Order by the lab on 2025-04-01; nobody knows its cash.
ROLE = '[[cast.role]]\nprocess = "support.hoarder"\nlatency = 1\nof = ["lab"]\nfrom = 2025-04-02\n\n'
GIVEN = (
    '[[parameter]]\nname = "{}"\nvalue = 0.5\nlow = 0.1\nhigh = 0.9\nunit = "1"\n'
    'reads = "acting"\nsource = "s"\nconfidence = "assumption"\n\n'
)
HEARING = "".join(map(GIVEN.format, HEARD))
SHARE = GIVEN.format("hoard_share") + HEARING
KNOWN = (R, "unknown = true ", "assumed = 2\nunknown = true ")

# What a process decides and a record may tell all the same while it plays, and why.
BESIDE = {
    # the market's own, which no record tells; costs, and what a purse does not reach, which none tells either
    "earning": {"Repricing", "Payment", "Shortfall"},
    "funding": {"Shortfall"},
    "market": {"Repricing"},
    "investing": {"Loan"},  # a loan is told of its borrower
    "pledging": {"Loan"},  # likewise; the Pledge behind it is told of the pledger
    "noise": {"Trade"},  # of nobody with nobody
    "insolvency": {"Emergence", "Payment"},  # of debtors: it plays for everybody
    "supplying": {"Delay", "Payment"},  # words about an order, and the buyer's part of a delivery
}

# What each of ours does and a record may tell in its stead, with who does it: said a second time, on purpose.
DONE = [
    ("announcing", "Announcement", "subject"),
    ("ordering", "Order", "buyer"),
    ("ordering", "Cancellation", "buyer"),  # of what was ordered for a customer that gave up its own
    ("supplying", "Delivery", "seller"),
    ("supplying", "Cancellation", "seller"),  # of a buyer who cannot pay
    ("earning", "Sale", "seller"),
    ("earning", "Dividend", "company"),
    ("investing", "Investment", "investor"),
    ("investing", "Issue", "issuer"),
    ("investing", "Guarantee", "guarantor"),
    ("investing", "Writedown", "holder"),
    ("funding", "Funding", "company"),
    ("funding", "Loan", "borrower"),
    ("funding", "Cancellation", "buyer"),  # of what it cannot pay
    ("pledging", "Pledge", "pledger"),
    ("pledging", "Cure", "borrower"),  # with cash or more shares
    ("lending", "Cure", "lender"),  # who needs it no longer
    ("lending", "MarginCall", "lender"),
    ("lending", "Liquidation", "lender"),
    ("lending", "Release", "lender"),
    ("lending", "Interest", "lender"),
    ("lending", "Repayment", "lender"),
    ("trading", "Trade", "buyer"),
    ("trading", "ShareLoan", "borrower"),
    ("trading", "ShareReturn", "borrower"),
    ("policy", "PolicyRate", "bank"),
    ("policy", "Liquidity", "bank"),
]


@pytest.fixture(autouse=True)
def trusted() -> Iterator[None]:
    """As where a run was told to trust: only then is anything that a user's own process declares known."""
    with trusting():
        yield


def check(folder: Path, *edits: tuple[str, str, str], role: str = ROLE) -> list[str]:
    return [str(fault) for fault in faults(folder, (R, END, role + END), *edits)[1]]


# --- a process of one's own -------------------------------------------------------------------------


def test_a_parameter_that_ones_own_process_declares_is_asked_for_by_its_name(tmp_path: Path) -> None:
    (fault,) = check(tmp_path, KNOWN, role=ROLE + HEARING)
    assert 'the story lacks the parameter "hoard_share"' in fault
    assert "as acting" in fault


def test_it_is_given_as_ours_are_with_its_range(tmp_path: Path) -> None:
    (tmp_path / "whole").mkdir()
    assert check(tmp_path / "whole", KNOWN, role=ROLE + SHARE) == []
    (fault,) = check(tmp_path, KNOWN, role=ROLE + SHARE.replace("low = 0.1\n", "", 1))
    assert "low" in fault


def test_a_deed_of_ones_own_process_that_the_record_tells_is_a_fault(tmp_path: Path) -> None:
    (fault,) = check(tmp_path, KNOWN, role=ROLE.replace("2025-04-02", "2025-03-15") + SHARE)
    assert (
        'support.hoarder plays "lab" from 2025-03-15, and entry "chips" tells a deed of the same role'
        in fault
    )


def test_a_purse_that_ones_own_process_needs_and_nobody_knows_is_a_fault(tmp_path: Path) -> None:
    (fault,) = check(tmp_path, role=ROLE + SHARE)
    assert 'support.hoarder plays "lab", whose cash nobody knows' in fault


def test_a_story_that_gives_what_it_asks_for_is_played_by_it(tmp_path: Path) -> None:
    story, found = faults(tmp_path, (R, END, ROLE + SHARE + END), KNOWN)
    assert found == ()
    told = read_story(story)
    with open_log(None) as log:
        live(log, "main", begin(log, "main", told, seed=1, cast="full", until=told.until), told.until)
        *_, world = unfold(log.read("main"))
        orders = [event.fact for event in log.read("main") if event.kind == "Order"]
    assert len(orders) > 1
    assert world.parameter("hoard_share", "lab") == 0.5


@pytest.mark.parametrize(
    ("line", "words"),
    [
        (
            "ACCOUNTS = ('cahs',)",
            r"ACCOUNTS is \('cahs',\); it takes a tuple of accounts of the posting table",
        ),
        ("PARAMETERS = 'fear'", "PARAMETERS is 'fear'; it takes a tuple of names of parameters"),
        ("PARAMETERS = ('fear.lab',)", "and 'fear.lab' is none"),
        ("OPTIONAL = 0", "OPTIONAL is 0; it takes"),
        ("DEEDS = ('Order',)", "it takes a dict of kinds of fact"),
        ("DEEDS = {'Odrer': 'buyer'}", "and 'Odrer': 'buyer' is none"),
        ("DEEDS = {'Order': 'amount'}", "and 'Order': 'amount' is none"),
        ("DEEDS = {'Opening': 'story'}", "and 'Opening': 'story' is none"),
        ("NEEDS = ('cash',)", "it takes a dict of accounts in money"),
        ("NEEDS = {'cash': 'no name'}", "and 'cash': 'no name' is none"),
    ],
)
def test_a_declaration_that_is_none_is_a_fault_of_the_role(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line: str, words: str
) -> None:
    name = f"odd_{abs(hash(line))}"
    (tmp_path / "mine").mkdir()
    code = f"ACCOUNTS = ()\n{line}\ndef due(*_): return None\ndef decide(*_): return []\n"
    (tmp_path / "mine" / f"{name}.py").write_text(code)
    monkeypatch.syspath_prepend(str(tmp_path / "mine"))
    monkeypatch.syspath_prepend(str(tmp_path))
    process = f"mine.{name}"
    with pytest.raises(BadProcess, match=words):
        declared(process)
    role = ROLE.replace("support.hoarder", process)
    (fault,) = check(tmp_path, KNOWN, role=role)
    assert f'"{process}" cannot play' in fault


# --- ours -------------------------------------------------------------------------------------------


def test_a_companys_loans_are_told_or_decided_never_both(tmp_path: Path) -> None:
    entry = (
        '\n[[event]]\nid = "bond"\ndate = 2025-04-02\nkind = "Loan"\nactor = "lab"\n'
        'counterparty = "outside"\nloan = "bond"\namount = 1\nheadline = "b"\nsource = "s"\n'
        'confidence = "low"\n'
    )
    end = 'reason = "paid from the money raised" }]\n'
    role = '[[cast.role]]\nprocess = "funding"\nlatency = 1\nof = ["lab"]\nfrom = 2025-04-01\n\n'
    story, found = faults(tmp_path, (R, END, role + END), (T, end, end + entry))
    (both,) = [fault for fault in found if "told and decided" in fault.what]
    assert 'funding plays "lab" from 2025-04-01, and entry "bond" tells a deed' in both.what
    assert both.line == line_in(story, R, "from = 2025-04-01")


@pytest.mark.parametrize(("process", "kind", "who"), DONE)
def test_a_deed_is_told_or_decided_of_whoever_does_it(process: str, kind: str, who: str) -> None:
    """Of whoever else the entry names it may be told while they are played."""
    _, fact = next(variants(KINDS[kind]))
    of_it = entry("deed", DAY, evolve(fact, told=told("deed")))
    seen = Seen(path=("event", 0), id="deed", moment=DAY, kind=kind, entry=of_it)
    found = set()
    for actor in ACTORS:
        page = Page(file="replay.toml", text="", data={})
        role = Role(process=process, latency=1, of=(actor,))
        check_cast(page, [role], story(()).actors, [seen], Calendar())
        found |= {actor for fault in page.faults if "told and decided" in fault.what}
    assert found == {getattr(fact, who)}


def test_nothing_else_is_a_deed_of_ours() -> None:
    assert {(p, kind, who) for p in ours() for kind, who in declared(p).deeds.items()} == {*DONE}


def calls(process: str) -> Iterator[ast.Call]:
    tree = ast.parse((ROOM / f"{process}.py").read_text(encoding="utf-8"))
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


@pytest.mark.parametrize("process", [name for name in ours() if name != "telling"])
def test_what_a_process_decides_is_a_deed_of_it_or_there_is_a_reason(process: str) -> None:
    made = {call.func.id for call in calls(process) if isinstance(call.func, ast.Name)} & KINDS.keys()
    assert made - declared(process).deeds.keys() == BESIDE.get(process, set())


def asked_for(process: str) -> set[str]:
    """Parameters that a process's own file asks for by name."""
    found = {
        call.args[0].value
        for call in calls(process)
        if isinstance(call.func, ast.Attribute) and call.func.attr in ("parameter", "days")
        if isinstance(call.args[0], ast.Constant)
    }
    return {str(name) for name in found}


@pytest.mark.parametrize("process", ours())
def test_a_process_declares_each_parameter_that_it_asks_for(process: str) -> None:
    # Of sellers, where the story's know any: whoever asks looks first.
    of_sellers = {"funding": {"supply_review"}, "ordering": {"supply_review", "supply_instalments"}}
    assert asked_for(process) - of_sellers.get(process, set()) <= {*declared(process).parameters, *READING}


def test_each_parameter_declared_is_read_in_the_engine() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in ROOM.parent.rglob("*.py"))
    for process in ours():
        found = declared(process)
        for name in (*found.parameters, *found.optional):
            read = (f'("{name}"', f'["{name}"]', f'known["{name}"]')
            assert any(each in text for each in read), (process, name)


def test_whoever_plays_asks_and_what_nobody_knows_counts() -> None:
    assert asked_by({"lending"}, "call_ltv")
    assert asked_by({"supplying"}, "told_lead.chipmaker")
    assert asked_by(set(), "duration")
    assert not asked_by({"market"}, "call_ltv")
    assert asked_by({"market"}, "hoard_share")  # none of ours knows it
    assert asked_by({"support.hoarder"}, "hoard_share")


def test_ours_are_the_files_of_their_room() -> None:
    assert set(ours()) == {path.stem for path in ROOM.glob("*.py")} - {"__init__"}
    stories = [read_story(find_story(name)) for name in ("loop", "ai-2025")]
    assert {role.process for story in stories for role in story.cast.role} == set(ours()) - {"telling"}
