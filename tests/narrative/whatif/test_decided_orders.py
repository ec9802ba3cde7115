"""What processes open has names of parts, as `narrative show` prints them; a what-if may name it so."""

from pathlib import Path

import pytest
from support.asking import ask, end
from support.lives import lived, named
from support.tiny import DAY

from events.event import Event
from events.log import Log
from narrative.whatif.request import BadSupposition

UNTIL = 240 * DAY
ENTRY = """
[[event]]
id = "otherwise"
date = {date}
kind = "{kind}"
actor = "{actor}"
counterparty = "{other}"
{fields}
headline = "it goes otherwise"
source = "supposed"
confidence = "assumption"
"""


@pytest.fixture(scope="module")
def lived_loop() -> Log:
    story = named("loop")
    return lived(story, seed=3, until=story.start + UNTIL)


@pytest.fixture
def log(lived_loop: Log) -> Log:
    return lived_loop


def first(log: Log, kind: str, branch: str = "main") -> Event:
    return next(event for event in log.read(branch) if event.kind == kind)


def deliveries(log: Log, branch: str, order: str) -> list[int]:
    return [e.moment for e in log.read(branch) if e.kind == "Delivery" and e.fact.order == order]


def a_day_later(log: Log, event: Event) -> str:
    return end(log, "main").story.calendar.iso(event.moment + DAY)


def written(folder: Path, **entry: str) -> Path:
    path = folder / "otherwise.toml"
    path.write_text(ENTRY.format(**entry))
    return path


def test_an_order_that_a_process_decided_can_be_delayed(log: Log, tmp_path: Path) -> None:
    placed = first(log, "Order")
    order = placed.fact
    assert ":" in order.order
    before = deliveries(log, "main", order.order)
    late = placed.moment + 150 * DAY
    assert before[0] < late
    until = end(log, "main").story.calendar.iso(late)
    fields = f'order = "{order.order}"\nuntil = {until}'
    ask(
        log,
        "late",
        inject=written(
            tmp_path, date=a_day_later(log, placed), kind="Delay", actor=order.seller, other=order.buyer,
            fields=fields,
        ),
    )  # fmt: skip  # one entry
    after = deliveries(log, "late", order.order)
    assert after
    assert min(after) >= late


def test_an_order_that_a_process_decided_can_be_cancelled(log: Log, tmp_path: Path) -> None:
    placed = first(log, "Order")
    order = placed.fact
    digits = end(log, "main").story.money
    amount = order.amount / 10**digits.digits / digits.written_in
    fields = f'order = "{order.order}"\namount = {amount}'
    ask(
        log,
        "off",
        inject=written(
            tmp_path, date=a_day_later(log, placed), kind="Cancellation", actor=order.buyer,
            other=order.seller, fields=fields,
        ),
    )  # fmt: skip  # one entry
    assert deliveries(log, "off", order.order) == []
    assert order.order not in end(log, "off").fold.state["outstanding"]


def test_a_loan_that_a_process_lent_can_be_repaid(log: Log, tmp_path: Path) -> None:
    lent = first(log, "Loan")
    loan = lent.fact
    fields = f'loan = "{loan.loan}"\namount = 0.001'
    ask(
        log,
        "repaid",
        inject=written(
            tmp_path, date=a_day_later(log, lent), kind="Repayment", actor=loan.borrower, other=loan.lender,
            fields=fields,
        ),
    )  # fmt: skip  # one entry
    unit = end(log, "main").story.money
    told = next(e.fact for e in log.read("repaid") if e.kind == "Repayment" and e.origin == "supposed")
    assert (told.loan, told.amount) == (loan.loan, unit.written_in * 10**unit.digits // 1000)


@pytest.mark.parametrize(
    ("kind", "fields"),
    [("Order", 'order = "order:lab:cloud:1"\namount = 1'), ("Loan", 'loan = "loan:lab:cloud:1"\namount = 1')],
)
def test_what_is_new_takes_no_name_of_parts(log: Log, tmp_path: Path, kind: str, fields: str) -> None:
    placed = first(log, "Order")
    path = written(
        tmp_path, date=a_day_later(log, placed), kind=kind, actor="lab", other="cloud", fields=fields
    )
    with pytest.raises(BadSupposition, match=r"It takes a name of letters, digits"):
        ask(log, "new", inject=path)


def test_no_name_ends_or_begins_with_a_colon(log: Log, tmp_path: Path) -> None:
    placed = first(log, "Order")
    for name in (":order", "order:", "a::b", "a/b"):
        path = written(
            tmp_path, date=a_day_later(log, placed), kind="Cancellation", actor="lab", other="cloud",
            fields=f'order = "{name}"\namount = 1',
        )  # fmt: skip  # one entry
        with pytest.raises(BadSupposition, match="as `narrative show` prints it"):
            ask(log, "new", inject=path)
