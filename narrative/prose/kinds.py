"""How each kind of fact is told: the sentence for one, the words for many, and what the books take.

A sentence is the first of its forms whose plain fields are all known; what stands in square brackets
is left out where a field in it is unknown. Who acts stands first in `parties` of the kind, and alone may
be the subject of a verb: outside, it is one ("an outside lender"), all others are many.
"""

from attrs import frozen


@frozen
class Telling:
    """`forms` of a sentence, first choice first, and of a `short` one, beside which its sum stands or is
    of no matter; `one` and `many` are what several are counted as; `books` is said of a recorded fact
    whose headline is told, where its sum is none of the four rungs.
    """

    forms: tuple[str, ...]
    short: tuple[str, ...]
    one: str
    many: str
    books: str = ""


KINDS = {
    "Announcement": Telling(
        (
            "{subject} announces plans[ with {counterparty}] worth up to {ceiling}",
            "{subject} announces plans[ with {counterparty}] and names no sum",
        ),
        ("{subject} announces plans[ with {counterparty}]",),
        "announcement",
        "announcements",
    ),
    "Retraction": Telling(
        (
            "with that, {ceiling} announced before no longer stands",
            "{subject} takes back what it had announced[ with {counterparty}]",
        ),
        ("{subject} takes back what it had announced[ with {counterparty}]",),
        "announcement taken back",
        "announcements taken back",
        "With that, {ceiling} announced before no longer stands.",
    ),
    "Lapse": Telling(
        ("the time is over for which {subject} had planned {ceiling}",),
        ("the time is over for which {subject} had planned",),
        "plan whose time is over",
        "plans whose time is over",
    ),
    "Delay": Telling(
        (
            "{subject} falls behind[ with what {counterparty} ordered]; the new date is {until}",
            "{subject} falls behind[ with what {counterparty} ordered]; no new date is given",
        ),
        ("{subject} falls behind[ with what {counterparty} ordered]",),
        "delay",
        "delays",
    ),
    "Note": Telling(("{author} notes: {text}",), ("{text}",), "note", "notes"),
    "Order": Telling(
        (
            "{buyer} orders {amount} of capacity from {seller}[, from {due} on]",
            "{buyer} agrees to order up to {ceiling} of capacity from {seller}",
            "{buyer} places an order with {seller}, for a sum that is not given",
        ),
        ("{buyer} orders from {seller}",),
        "order",
        "orders",
    ),
    "Delivery": Telling(
        (
            "{seller} delivers {amount} of what {buyer} had ordered",
            "{seller} delivers {unattributed} of goods against no order on file",
            "{seller} makes a delivery[ to {buyer}], whose worth is not given",
        ),
        ("{seller} delivers[ to {buyer}]",),
        "delivery",
        "deliveries",
    ),
    "Cancellation": Telling(
        ("the {amount} still outstanding of what {buyer} had ordered from {seller} is given up",),
        ("{buyer} gives up an order with {seller}",),
        "cancelled order",
        "cancelled orders",
        "{amount} of earlier orders falls away.",
    ),
    "Payment": Telling(("{payer} pays {payee} {amount}",), ("{payer} pays {payee}",), "payment", "payments"),
    "Sale": Telling(
        ("customers outside pay {seller} {amount} for use",),
        ("customers outside pay {seller} for use",),
        "receipt from outside customers",
        "receipts from outside customers",
        "Received: {amount}.",
    ),
    "Dividend": Telling(
        ("{company} pays {holder} a dividend of {amount}",),
        ("{company} pays {holder} a dividend",),
        "dividend",
        "dividends",
    ),
    "Investment": Telling(
        (
            "{investor} puts {amount} into {company}[, at a value of {post_money}]",
            "{investor} may put up to {ceiling} into {company}[, at a value of {post_money}]",
            "{investor} invests in {company}; the sum is not given",
        ),
        ("{investor} invests in {company}",),
        "investment",
        "investments",
    ),
    "Issue": Telling(
        (
            "{issuer} issues {shares} shares to {holder}",
            "{issuer} grants {holder} warrants on {warrants} shares",
            "{issuer} gives {holder} shares of its own; how many is not said",
        ),
        ("{issuer} issues shares or warrants to {holder}",),
        "issue of shares",
        "issues of shares",
    ),
    "Trade": Telling(
        (
            "{seller} sells {shares} shares of {asset} to {buyer}[ for {amount}]",
            "shares of {asset} change hands[ for {amount}][, at {post_money} for the whole company]",
        ),
        ("{seller} sells shares[ of {asset}] to {buyer}",),
        "trade in shares",
        "trades in shares",
        "The price is {amount}.",
    ),
    "Writedown": Telling(
        (
            "{holder} writes {amount} off {asset}",
            "{holder} writes off the {credit} that {asset} owes it",
            "{holder} may have to write up to {ceiling} off {asset}",
            "{holder} writes down {asset}; the loss is not given",
        ),
        ("{holder} writes down {asset}",),
        "writedown",
        "writedowns",
        "A loss of {amount} is booked.",
    ),
    "Funding": Telling(
        (
            "{company} raises {amount} of equity from {investor}[, at a value of {post_money}]",
            "{company} is to raise up to {ceiling} of equity from {investor}[, at a value of {post_money}]",
            "{company} raises equity from {investor}; the sum is not given",
        ),
        ("{company} raises equity from {investor}",),
        "funding round",
        "funding rounds",
    ),
    "Loan": Telling(
        (
            "{borrower} borrows {amount} from {lender}[ at {rate} a year]",
            "{borrower} may borrow up to {ceiling} from {lender}[ at {rate} a year]",
            "{borrower} borrows from {lender}; the sum is not given",
        ),
        ("{borrower} borrows from {lender}",),
        "loan",
        "loans",
        "Borrowed: {amount}.",
    ),
    "Pledge": Telling(
        (
            "{pledger} pledges {shares} shares of {asset} to {lender}",
            "{pledger} pledges shares of {asset} to {lender}; how many is not said",
        ),
        ("{pledger} pledges shares[ of {asset}] to {lender}",),
        "pledge of shares",
        "pledges of shares",
        "{shares} shares more stand pledged.",
    ),
    "Release": Telling(
        ("{pledger} gets {shares} pledged shares of {asset} back from {lender}",),
        ("{pledger} gets pledged shares[ of {asset}] back from {lender}",),
        "release of pledged shares",
        "releases of pledged shares",
        "{shares} pledged shares come free.",
    ),
    "ShareLoan": Telling(
        ("{borrower} borrows {shares} shares of {asset} from {lender}[, for {margin} of margin]",),
        ("{borrower} borrows shares[ of {asset}] from {lender}",),
        "loan of shares",
        "loans of shares",
        "{shares} shares are borrowed.",
    ),
    "ShareReturn": Telling(
        (
            "{borrower} gives {shares} shares of {asset} back to {lender}[, its margin {called} short]",
            "{borrower} cannot give back {waived} shares of {asset} that it borrowed from {lender}",
            "{borrower} uses {margin} of its margin for shares of {asset} that it owes[, {called} short]",
            "{borrower} gives borrowed shares of {asset} back to {lender}; how many is not said",
        ),
        ("{borrower} gives borrowed shares[ of {asset}] back to {lender}",),
        "return of borrowed shares",
        "returns of borrowed shares",
        "{shares} borrowed shares are given back.",
    ),
    "Guarantee": Telling(
        (
            "{guarantor} guarantees up to {ceiling} for {beneficiary}",
            "{guarantor} stands behind {beneficiary}; no limit is given",
        ),
        ("{guarantor} stands behind {beneficiary}",),
        "guarantee",
        "guarantees",
        "Guaranteed: up to {ceiling}.",
    ),
    "Interest": Telling(
        ("{borrower} comes to owe {lender} {amount} more in interest",),
        ("{borrower} comes to owe interest to {lender}",),
        "interest charge",
        "interest charges",
        "Owed besides: {amount}.",
    ),
    "Repayment": Telling(
        ("{borrower} repays {lender} {amount}",),
        ("{borrower} repays {lender}",),
        "repayment",
        "repayments",
        "Repaid: {amount}.",
    ),
    "MarginCall": Telling(
        (
            "{lender} calls for {amount} from {borrower} by {due}: {owed} is owed on shares worth {worth}",
            "{lender} calls for {amount} from {borrower}, and wants it by {due}",
        ),
        ("{lender} makes a margin call on {borrower}",),
        "margin call",
        "margin calls",
        "The call is for {amount}, by {due}.",
    ),
    "Cure": Telling(
        (
            "{amount} of the margin call on {borrower} is over, and {left} of it still stands: {reason}",
            "the margin call on {borrower}, for {amount}, is over: {reason}",
            "the margin call on {borrower}, for {amount}, is met or no longer needed",
        ),
        ("a margin call on {borrower} is met or no longer needed",),
        "margin call met",
        "margin calls met",
    ),
    "Liquidation": Telling(
        ("{shares} shares of {asset} that {borrower} had pledged are sold for {lender}[, for {amount}]",),
        ("shares[ of {asset}] that {borrower} had pledged are sold for {lender}",),
        "forced sale",
        "forced sales",
        "{shares} pledged shares are sold.",
    ),
    "Default": Telling(
        ("{debtor} cannot pay[ {creditor}] what is due[: {amount}]",),
        ("{debtor} cannot pay[ {creditor}] what is due",),
        "default",
        "defaults",
        "What cannot be paid is {amount}.",
    ),
    "Clearing": Telling(
        ("{payer} pays {payee} {amount} of what it could not pay",),
        ("{payer} pays {payee} a part of what it could not pay",),
        "payment out of a default",
        "payments out of defaults",
        "{amount} is recovered.",
    ),
    "Filing": Telling(
        ("{debtor} asks a court for protection from its creditors",),
        ("{debtor} asks a court for protection",),
        "filing for protection",
        "filings for protection",
    ),
    "Emergence": Telling(
        ("{debtor} is in default no longer",),
        ("{debtor} is in default no longer",),
        "end of a default",
        "ends of defaults",
    ),
    "Shortfall": Telling(
        ("{actor} has to find {needed} and finds {room}",),
        ("{actor} has to find more than it can",),
        "want of money",
        "wants of money",
        "Needed together: {needed}.",
    ),
    "Repricing": Telling(
        (
            "{asset} {moves}",
            "{lasts} of belief in {asset} becomes lasting value",
            "the market takes {asset} at its new price as it stands",
        ),
        ("{asset} {change}", "{asset}: {lasts} of belief becomes lasting value", "{asset} marked anew"),
        "repricing",
        "repricings",
    ),
    "Quote": Telling(("{asset} closes at {price}",), ("{asset} closes at {price}",), "close", "closes"),
    "Residual": Telling(
        ("{asset} moves {gap} beyond the news: market {market}, sector {sector}, its own {own}",),
        ("{asset} moves {gap} beyond the news",),
        "move beyond the news",
        "moves beyond the news",
    ),
    "Split": Telling(
        (
            "what {holder} holds of {asset} is counted in the new shares",
            "what stands behind the loan {loan} is counted in the new shares of {asset}",
            "{asset} gives {new} shares for each {old}",
        ),
        (
            "what {holder} holds of {asset} is counted in the new shares",
            "what stands behind the loan {loan} is counted in the new shares of {asset}",
            "{asset} gives {new} shares for each {old}",
            "{asset} is counted in the new shares",
        ),
        "split of shares",
        "splits of shares",
    ),
    "Result": Telling(
        (
            (
                "{company} reports a revenue of {revenue} for the quarter to {period}"
                "[, an operating income of {operating}][, a net income of {net}][; its backlog is {backlog}]"
            ),
            "{company} reports its quarter to {period}[; its backlog is {backlog}]",
        ),
        ("{company} reports a quarter",),
        "result",
        "results",
    ),
    "Report": Telling(
        ("something comes to be known of {subject}[ and {counterparty}]",),
        ("something comes to be known of {subject}[ and {counterparty}]",),
        "report",
        "reports",
    ),
    "PolicyRate": Telling(
        ("{bank} sets its rate at {rate}",), ("{bank} sets its rate",), "rate decision", "rate decisions"
    ),
    "Liquidity": Telling(
        (
            "{bank} moves up to {ceiling} in or out of markets",
            "{bank} changes how much money it leaves in markets",
        ),
        ("{bank} changes how much money it leaves in markets",),
        "step on liquidity",
        "steps on liquidity",
        "Up to {ceiling}.",
    ),
    "Fiscal": Telling(
        (
            "{government} takes a measure[ that bears on {counterparty}], for up to {ceiling}",
            "{government} takes a measure[ that bears on {counterparty}]",
        ),
        ("{government} takes a measure[ that bears on {counterparty}]",),
        "act of government",
        "acts of government",
        "Up to {ceiling}.",
    ),
    "Opening": Telling(("the history opens",), ("the history opens",), "opening", "openings"),
    "OpenLoan": Telling(
        ("{borrower} owes {lender} {amount} from before[, due {due}]",),
        ("{borrower} owes {lender} a loan from before",),
        "loan from before",
        "loans from before",
    ),
    "Endowment": Telling(
        ("{holder} enters with what it held",),
        ("{holder} opens with {balance}", "{holder} enters with what it held"),
        "opening balance",
        "opening balances",
    ),
    "Supposition": Telling(
        ("here the record is left, and something else supposed",),
        ("suppose: {question}", "suppose something else"),
        "supposition",
        "suppositions",
    ),
    "Withheld": Telling(
        ("left untold: {untold}", "left untold: an entry of the record"),
        ("left untold: {untold}", "left untold: {entry}", "left untold: an entry of the record"),
        "entry of the record left untold",
        "entries of the record left untold",
    ),
    "Refusal": Telling(
        (
            "too little was left of {purse} ({account}) for what was to be done",
            "{purse} cannot pay for what was to be done: {needed} was needed, and {held} was there",
        ),
        ("{actor} cannot do what it meant to",),
        "act for which the money was lacking",
        "acts for which the money was lacking",
    ),
    "Outcome": Telling(
        ("something is settled between {subject} and {counterparty}", "something is settled for {subject}"),
        ("something is settled for {subject}[ and {counterparty}]",),
        "further fact",
        "further facts",
    ),
}
