"""Faults in what this program lists, says and holds constant, and the tests that must notice each.

Each is one text of one file put in another's place; it is noticed when a test that it names fails. What
is computed is held by laws. What is listed, worded or drawn twice is held by nothing unless somebody
tries: `pytest tests/faults -m slow` plants each by itself in a copy of the checkout, then all at once.

A fault whose text moved is found out by `pytest tests/faults`: write it here as it reads now.
"""

from attrs import frozen

SENTENCES = "tests/golden/test_sentences.py"
RESTS_ON = "rests_on: ClassVar[tuple[str, ...]]"
COLUMNS = "tests/narrative/pages/test_columns.py"
SCRIPTS = "tests/narrative/pages/test_scripts.py"
WORDS = "tests/golden/test_words.py"


@frozen
class Fault:
    """In `file` stands `old`, once; `new` there is wrong, and one of `tests` fails of it."""

    name: str
    file: str
    old: str
    new: str
    tests: tuple[str, ...]


PLANTED = (
    # --- lists ----------------------------------------------------------------------------------
    Fault(
        "an entry may be late with an order that nothing opens",
        "events/facts.py",
        f'("subject", "counterparty")\n    {RESTS_ON} = ("order",)',
        f'("subject", "counterparty")\n    {RESTS_ON} = ()',
        ("tests/narrative/story/test_relations.py", "tests/narrative/whatif/test_bad_suppositions.py"),
    ),
    Fault(
        "a supposition may sell what stood behind a loan that nothing opens",
        "events/funding_facts.py",
        f'{RESTS_ON} = ("loan", "call")',
        f'{RESTS_ON} = ("call",)',
        ("tests/narrative/whatif/test_bad_suppositions.py", "tests/narrative/story/test_relations.py"),
    ),
    Fault(
        "an entry that is moved leaves behind since when its loan bears interest",
        "events/funding_facts.py",
        "due: int | None = fields.moment()\n    accrued: int | None = fields.moment()",
        "due: int | None = fields.moment()\n    accrued: int | None = fields.count()",
        ("tests/narrative/story/test_relations.py::test_an_entry_moves_with_every_moment_that_it_holds",),
    ),
    Fault(
        "until when interest has been added is written as money",
        "events/funding_facts.py",
        "secured: int | None = fields.money()\n    accrued: int | None = fields.moment()",
        "secured: int | None = fields.money()\n    accrued: int | None = fields.money()",
        ("tests/narrative/prose/test_explain.py",),
    ),
    Fault(
        "the account of since when a loan bears interest is written as money",
        "narrative/books/table.py",
        'Account("owed_since", unit="moment"',
        'Account("owed_since", unit="money"',
        ("tests/narrative/books/test_table.py", "tests/narrative/prose/test_explain.py"),
    ),
    Fault(
        "a record and a process may both tell a company's loans",
        "narrative/engine/processes/funding.py",
        'DEEDS = {"Funding": "company", "Loan": "borrower", "Cancellation": "buyer"}',
        'DEEDS = {"Funding": "company", "Cancellation": "buyer"}',
        ("tests/narrative/story/test_declared.py::test_a_companys_loans_are_told_or_decided_never_both",),
    ),
    Fault(
        "a record and a process may both tell how a founder meets a call",
        "narrative/engine/processes/pledging.py",
        'DEEDS = {"Pledge": "pledger", "Cure": "borrower"}',
        'DEEDS = {"Pledge": "pledger"}',
        ("tests/narrative/story/test_declared.py::test_a_deed_is_told_or_decided_of_whoever_does_it",),
    ),
    Fault(
        "a loan stands on no rung of the circle",
        "narrative/analysis/circle.py",
        'grown if account in RUNGS), "paid" if "cash" in grown else None)',
        "grown if account in RUNGS), None)",
        ("tests/narrative/analysis/test_circle.py",),
    ),
    Fault(
        "a history opens with what a process decided",
        "narrative/engine/opening.py",
        '(Draft("story", opening, "recorded"),)',
        '(Draft("story", opening, "modelled"),)',
        ("tests/narrative/engine/test_run.py",),
    ),
    Fault(
        "a margin call is folded away among what happens by itself",
        "narrative/cli/lines.py",
        '{"Repricing", "Interest"',
        '{"Repricing", "MarginCall", "Interest"',
        ("tests/narrative/cli/test_lines.py",),
    ),
    Fault(
        "a step of the circle does not say what was pledged",
        "narrative/analysis/circle.py",
        '"warrants", "pledged", "invested"',
        '"warrants", "invested"',
        ("tests/narrative/analysis/test_circle.py",),
    ),
    Fault(
        "page: a margin call is drawn among words",
        "narrative/pages/strip.js",
        "'MarginCall', 'Cure', 'Liquidation', 'Default',",
        "'Cure', 'Liquidation', 'Default',",
        (SCRIPTS,),
    ),
    Fault(
        "page: what is paid is drawn as delivered",
        "narrative/pages/data.js",
        "['announced', 'committed', 'paid', 'delivered']",
        "['announced', 'committed', 'delivered', 'paid']",
        (SCRIPTS,),
    ),
    # --- sentences ------------------------------------------------------------------------------
    Fault(
        "prose: the bank repays the borrower",
        "narrative/prose/kinds.py",
        "{borrower} repays {lender} {amount}",
        "{lender} repays {borrower} {amount}",
        (SENTENCES,),
    ),
    Fault(
        "prose: the buyer sells shares to the seller",
        "narrative/prose/kinds.py",
        "{seller} sells {shares} shares of {asset} to {buyer}",
        "{buyer} sells {shares} shares of {asset} to {seller}",
        (SENTENCES,),
    ),
    Fault(
        "prose: the lender of a ceiling may borrow it",
        "narrative/prose/kinds.py",
        "{borrower} may borrow up to {ceiling} from {lender}",
        "{lender} may borrow up to {ceiling} from {borrower}",
        (SENTENCES,),
    ),
    Fault(
        "prose: what was withdrawn is said to be denied",
        "narrative/prose/sentences.py",
        '"Withdrawn since."',
        '"Denied."',
        ("tests/narrative/prose/test_kinds.py",),
    ),
    Fault(
        "short: the bank repays the borrower",
        "narrative/prose/kinds.py",
        '("{borrower} repays {lender}",)',
        '("{lender} repays {borrower}",)',
        (SENTENCES,),
    ),
    Fault(
        "page: money goes from the bank to the borrower who repays it",
        "narrative/books/table.py",
        "Repayment     cash[borrower] - amount\nRepayment     cash[lender] + amount",
        "Repayment     cash[lender] - amount\nRepayment     cash[borrower] + amount",
        (COLUMNS,),
    ),
    Fault(
        "page: money goes from the seller to the buyer who orders",
        "narrative/books/flows.py",
        '{("cash", -1), ("committed", 1), ("committed", -1)}',
        '{("cash", -1), ("backlog", 1), ("backlog", -1)}',
        (COLUMNS, SENTENCES),
    ),
    Fault(
        "page: whoever gives stands in the sentence of whoever takes",
        "narrative/pages/gather.py",
        '"from": giver, "to": taker',
        '"from": taker, "to": giver',
        (SENTENCES,),
    ),
    Fault(
        "prose: what is supposed is said to be on record",
        "narrative/prose/counting.py",
        '"Also supposed: "',
        '"Also on record in these months: "',
        (WORDS,),
    ),
    Fault(
        "loop: an event bound by a party is said to be caused",
        "narrative/cli/weighing.py",
        '"cause": "caused", "party": "same party"',
        '"cause": "same party", "party": "caused"',
        (WORDS,),
    ),
    Fault(
        "loop: a turn of which steps only share a party is said to be whole",
        "narrative/cli/weighing.py",
        "if turn.whole:",
        "if turn.in_order:",
        ("tests/narrative/cli/test_weighing.py",),
    ),
    Fault(
        "what-if: what is withheld is said to be injected",
        "narrative/whatif/summary.py",
        'yield f"withholds {',
        'yield f"injects {',
        ("tests/narrative/whatif/test_fork.py",),
    ),
    Fault(
        "tell: turns in order are said to be closed in cash",
        "narrative/prose/framing.py",
        "tied, cash = sum(map(whole, found)), sum(map(in_cash, found))",
        "cash, tied = sum(map(whole, found)), sum(map(in_cash, found))",
        ("tests/narrative/prose/test_chapters.py",),
    ),
    Fault(
        "page: it does not linger on a forced sale",
        "narrative/pages/play.js",
        "['Default', 'Liquidation', ",
        "['Default', ",
        (WORDS,),
    ),
    Fault(
        "page: July comes before June",
        "narrative/pages/dates.js",
        "'June', 'July'",
        "'July', 'June'",
        (WORDS,),
    ),
    Fault(
        "verify: a history lived otherwise is said to have lost bytes",
        "narrative/cli/handing.py",
        '"changed": "the log is whole, but these processes append something else now"',
        '"changed": "bytes were lost"',
        ("tests/narrative/cli/test_verbs.py",),
    ),
    # --- constants ------------------------------------------------------------------------------
    Fault(
        "page: what was observed is shown for ever",
        "narrative/pages/data.js",
        "moment - row[0] <= DATA.fresh",
        "moment - row[0] <= Infinity",
        ("tests/browser/test_values.py::test_what_was_observed_is_shown_for_as_long_as_the_screen_shows_it",),
    ),
    Fault(
        "screen: what was observed is shown for ninety days",
        "narrative/story/observed.py",
        "FRESH = 45 * DAY",
        "FRESH = 90 * DAY",
        ("tests/narrative/story/test_observed.py",),
    ),
    Fault(
        "what a split makes of pledged shares is not posted",
        "narrative/books/table.py",
        "Split         pledged[holder,asset] + pledged\n",
        "",
        ("tests/narrative/engine/test_splitting.py",),
    ),
    Fault(
        "a plan that is past may be taken back again",
        "narrative/books/table.py",
        "Lapse         retracted[of] + ceiling\n",
        "",
        ("tests/narrative/engine/processes/test_lapse.py",),
    ),
    Fault(
        "a plan that is past still stands announced",
        "narrative/books/table.py",
        "Lapse         announced[subject] - ceiling\n",
        "",
        ("tests/narrative/engine/processes/test_lapse.py",),
    ),
    Fault(
        "shares given in the moment of a split are not split",
        "narrative/engine/processes/telling.py",
        '"shares", "stake", "pledged", "warrants", "borrowed", "secured")',
        '"shares", "pledged", "warrants", "borrowed", "secured")',
        ("tests/narrative/engine/test_splitting.py",),
    ),
    Fault(
        "a report may be an intention",
        "narrative/story/entries.py",
        'PLANNED = ("ceiling", "intention")',
        'PLANNED = ("ceiling",)',
        ("tests/narrative/story/test_sums.py", WORDS),
    ),
    Fault(
        "the circle binds by a shared party for 400 days",
        "narrative/analysis/circle.py",
        "WINDOW = 365 * DAY",
        "WINDOW = 400 * DAY",
        ("tests/narrative/analysis/test_circle.py",),
    ),
    Fault(
        "the market takes a writedown as good news",
        "narrative/engine/processes/market.py",
        '"Writedown": -1.0',
        '"Writedown": 1.0',
        ("tests/narrative/engine/processes/test_market.py",),
    ),
    Fault(
        "a works' year has 365 days",
        "narrative/engine/processes/supplying.py",
        'days("supply_review", seller) / YEAR_IN_DAYS',
        'days("supply_review", seller) / 365.0',
        ("tests/narrative/engine/processes/test_supplying.py",),
    ),
    Fault(
        "customers' year has 365 days",
        "narrative/engine/processes/earning.py",
        "days / YEAR_IN_DAYS",
        "days / 365.0",
        ("tests/narrative/engine/processes/test_earning.py",),
    ),
    Fault(
        "every year but that of interest has 365 days",
        "narrative/story/calendar.py",
        "YEAR_IN_DAYS = 365.25",
        "YEAR_IN_DAYS = 365.0",
        (
            "tests/narrative/engine/processes/test_supplying.py",
            "tests/narrative/engine/processes/test_funding.py",
        ),
    ),
    Fault(
        "interest is reckoned on a year of 360 days",
        "narrative/engine/loans.py",
        "YEAR = 365 * DAY",
        "YEAR = 360 * DAY",
        ("tests/narrative/engine/test_loans.py",),
    ),
    Fault(
        "interest falls due a day late each quarter",
        "narrative/engine/loans.py",
        "QUARTER = 90 * DAY",
        "QUARTER = 91 * DAY",
        ("tests/narrative/engine/processes/test_interest.py",),
    ),
    Fault(
        "a month that a company has money for is thirty days",
        "narrative/engine/processes/funding.py",
        "MONTH = YEAR_IN_DAYS * DAY / 12",
        "MONTH = 30.0 * DAY",
        ("tests/narrative/engine/processes/test_funding.py",),
    ),
)
