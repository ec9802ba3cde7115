"""The posting table: what each kind of fact adds to which account. Data, not code.

Rungs (`announced`, `committed`, `paid`, `delivered`) are looked at side by side and never added.
Every row that touches `cash` has its counterpart in the same fact, so cash sums to zero over all
purses; `outside` is the purse of everyone the story does not name.
"""

from events.books.accounts import Account, Posting, Table
from events.facts import OPENS
from events.fields import OF_ACCOUNT, Fact, units

ACCOUNTS = (
    # purses and claims
    Account("cash", unit="money", spent=True),
    Account("debt", unit="money"),
    Account("margin_debt", unit="money"),
    Account("lent", unit="money"),
    Account("owed", unit="money", open=True),
    Account("owed_rate", unit="rate", fold="last", within="owed"),
    Account("owed_due", unit="moment", fold="last", within="owed"),
    Account("owed_since", unit="moment", fold="last", within="owed"),
    Account("impaired", unit="money", fold="last", within="owed"),
    Account("shares", unit="shares"),
    Account("floated", unit="shares", fold="last"),
    Account("stake", unit="shares", spent=True),
    Account("warrants", unit="shares"),
    Account("invested", unit="money"),
    Account("part", unit="part"),
    Account("written_down", unit="money"),
    Account("pledged", unit="shares", spent=True),
    Account("secured", unit="shares", open=True),
    Account("borrowed", unit="shares", open=True),
    Account("borrowed_since", unit="moment", fold="last", within="borrowed"),
    Account("short_margin", unit="money", open=True),
    Account("guaranteed", unit="money"),
    Account("backed", unit="money"),
    Account("forfeited", unit="money"),
    Account("short", unit="money", fold="last"),
    Account("called", unit="money", open=True),
    Account("call_due", unit="moment", fold="last", within="called"),
    Account("defaulted", unit="moment", fold="last"),
    Account("filed", unit="moment", fold="last"),
    Account("emerged", unit="moment", fold="last"),
    # rungs and orders
    Account("announced", unit="money"),
    Account("retracted", unit="money"),
    Account("past", unit="money"),
    Account("committed", unit="money"),
    Account("paid", unit="money"),
    Account("usual", unit="money"),
    Account("delivered", unit="money"),
    Account("backlog", unit="money"),
    Account("outstanding", unit="money", open=True),
    Account("due", unit="moment", fold="last", within="outstanding"),
    Account("promised", unit="moment", fold="last", within="outstanding"),
    Account("ordered", unit="money", fold="last", within="outstanding"),
    Account("unattributed", unit="money"),
    Account("obligations", unit="money"),
    Account("received", unit="money"),
    Account("capacity", unit="money", fold="fading", half_life="capacity_half_life"),
    Account("revenue", unit="money"),
    Account("raised", unit="money"),
    Account("takings", unit="money", fold="fading", half_life="trailing_half_life"),
    Account("given_up", unit="money", fold="fading", half_life="trailing_half_life"),
    Account("supplied", unit="money", fold="fading", half_life="trailing_half_life"),
    # value and belief
    Account("value", unit="money", fold="last"),
    Account("post_money", unit="money", fold="last"),
    Account("belief_fast", unit="ln", fold="fading", half_life="belief_half_life_fast"),
    Account("belief_slow", unit="ln", fold="fading", half_life="belief_half_life_slow"),
    Account("fatigue", unit="count", fold="fading", half_life="fatigue_half_life"),
    Account("excitement", unit="count", fold="fading", half_life="excitement_half_life"),
    Account("flow", unit="ln", fold="fading", half_life="impact_half_life"),
    Account("flow_lasting", unit="ln"),
    Account("sector_flow", unit="ln", fold="fading", half_life="impact_half_life"),
    Account("lasting", unit="ln"),
    Account("trend_fast", unit="ln", fold="fading", half_life="trend_half_life_fast"),
    Account("trend_slow", unit="ln", fold="fading", half_life="trend_half_life_slow"),
    Account("mark", unit="ln", fold="last"),
    Account("quoted", unit="money", fold="last"),
    Account("quoted_at", unit="moment", fold="last"),
    Account("market_part", unit="ln"),
    Account("sector_part", unit="ln"),
    Account("own_part", unit="ln"),
    Account("own_news", unit="ln"),
    Account("diluted", unit="ln"),
    Account("attributed", unit="ln"),
    Account("pending", unit="ln", open=True),
    Account("pending_sum", unit="money", fold="last", within="pending"),
    # what companies reported
    Account("trailing_revenue", unit="money", fold="last"),
    Account("trailing_operating", unit="money", fold="last"),
    Account("trailing_net", unit="money", fold="last"),
    Account("told_backlog", unit="money", fold="last"),
    # policy
    Account("surprise", unit="rate"),
    Account("rate", unit="rate", fold="last"),
    Account("liquidity", unit="deviations", fold="fading", half_life="liquidity_half_life"),
)

# kind: rows of "account[key, …] sign value", and where it hangs on them, "if" or "unless" any of these
# fields is there. A key that starts with "=" is a constant. A payment that settles no order and that no
# source tells of is business as usual, which nobody promised: it stands on no rung.
_ROWS = """
Announcement  announced[subject] + ceiling
Announcement  excitement[subject] + 1
Retraction    announced[subject] - ceiling
Retraction    retracted[of] + ceiling
Lapse         announced[subject] - ceiling
Lapse         past[subject] + ceiling
Lapse         retracted[of] + ceiling
Delay         due[order] := until

Order         backlog[seller] + amount
Order         committed[buyer] + amount
Order         obligations[buyer] + amount
Order         outstanding[order] + amount
Order         due[order] := due
Order         promised[order] := due
Order         ordered[order] := amount
Order         announced[buyer] + ceiling
Delivery      backlog[seller] - amount
Delivery      delivered[seller] + amount
Delivery      outstanding[order] - amount
Delivery      capacity[buyer] + amount
Delivery      delivered[seller] + unattributed
Delivery      unattributed[seller] + unattributed
Cancellation  backlog[seller] - amount
Cancellation  committed[buyer] - amount
Cancellation  obligations[buyer] - amount
Cancellation  given_up[buyer] + amount
Cancellation  outstanding[order] - amount
Cancellation  ordered[order] := ordered
Payment       cash[payer] - amount
Payment       cash[payee] + amount
Payment       paid[payer] + amount if order,told
Payment       usual[payer] + amount unless order,told
Payment       received[payee,payer] + amount
Payment       obligations[payer] - settles
Sale          cash[=outside] - amount
Sale          cash[seller] + amount
Sale          revenue[seller] + amount
Sale          takings[seller] + amount
Payment       takings[payee] + settles
Dividend      cash[company] - amount
Dividend      cash[holder] + amount

Investment    cash[investor] - amount
Investment    cash[company] + amount
Investment    paid[investor] + amount
Investment    raised[company] + amount
Investment    invested[investor,company] + amount
Investment    part[investor,company] + part
Investment    announced[investor] + ceiling
Investment    stake[investor,company] + shares
Investment    shares[company] + shares
Investment    post_money[company] := post_money
Issue         shares[issuer] + shares
Issue         stake[holder,issuer] + shares
Issue         warrants[holder,issuer] + warrants
Issue         diluted[issuer] + diluted
Trade         cash[buyer] - amount
Trade         cash[seller] + amount
Trade         stake[seller,asset] - shares
Trade         stake[buyer,asset] + shares
Trade         invested[seller,asset] - cost
Trade         flow[asset] + impact
Trade         lasting[asset] + lasting
Trade         flow_lasting[asset] + lasting
Trade         sector_flow[=sector] + spill
Trade         post_money[asset] := post_money
Writedown     written_down[holder,asset] + amount
Writedown     invested[holder,asset] - amount
Writedown     written_down[holder,asset] + credit
Writedown     impaired[loan] := credit
Writedown     debt[asset] - forgiven
Writedown     lent[holder] - forgiven
Writedown     owed[loan] - forgiven
Writedown     margin_debt[asset] - secured

Funding       cash[investor] - amount
Funding       cash[company] + amount
Funding       paid[investor] + amount
Funding       raised[company] + amount
Funding       invested[investor,company] + amount
Funding       announced[company] + ceiling
Funding       post_money[company] := post_money
Loan          cash[lender] - amount
Loan          cash[borrower] + amount
Loan          debt[borrower] + amount
Loan          margin_debt[borrower] + secured
Loan          lent[lender] + amount
Loan          owed[loan] + amount
Loan          owed_rate[loan] := rate
Loan          owed_due[loan] := due
Loan          owed_since[loan] := accrued
Loan          announced[borrower] + ceiling
Pledge        pledged[pledger,asset] + shares
Pledge        secured[loan] + shares
Release       pledged[pledger,asset] - shares
Release       secured[loan] - shares
ShareLoan     stake[lender,asset] - shares
ShareLoan     stake[borrower,asset] + shares
ShareLoan     borrowed[borrower,lender,asset] + shares
ShareLoan     borrowed_since[borrower,lender,asset] := accrued
ShareLoan     cash[borrower] - margin
ShareLoan     cash[lender] + margin
ShareLoan     short_margin[borrower,lender,asset] + margin
ShareLoan     cash[borrower] - fee
ShareLoan     cash[lender] + fee
ShareReturn   borrowed_since[borrower,lender,asset] := accrued
ShareReturn   stake[borrower,asset] - shares
ShareReturn   stake[lender,asset] + shares
ShareReturn   borrowed[borrower,lender,asset] - shares
ShareReturn   borrowed[borrower,lender,asset] - waived
ShareReturn   cash[lender] - margin
ShareReturn   cash[borrower] + margin
ShareReturn   short_margin[borrower,lender,asset] - margin
ShareReturn   cash[borrower] - fee
ShareReturn   cash[lender] + fee
Guarantee     guaranteed[guarantor] + ceiling
Guarantee     backed[guarantor,beneficiary] + ceiling
Interest      debt[borrower] + amount
Interest      margin_debt[borrower] + secured
Interest      lent[lender] + amount
Interest      owed[loan] + amount
Interest      owed_since[loan] := accrued
Repayment     cash[borrower] - amount
Repayment     cash[lender] + amount
Repayment     debt[borrower] - amount
Repayment     margin_debt[borrower] - secured
Repayment     lent[lender] - amount
Repayment     owed[loan] - amount
MarginCall    called[call] + amount
MarginCall    call_due[call] := due
Cure          called[call] - amount
Liquidation   forfeited[borrower] + amount
Liquidation   stake[borrower,asset] + uncounted
Liquidation   stake[=outside,asset] - uncounted
Default       defaulted[debtor] := moment
Shortfall     short[actor] := needed
Funding       short[company] := 0
Funding       supplied[investor] + amount
Investment    supplied[investor] + amount
Loan          supplied[lender] + amount
Repayment     supplied[lender] - amount
Clearing      cash[payer] - amount
Clearing      cash[payee] + amount
Clearing      debt[debtor] - settles
Clearing      lent[payee] - settles
Clearing      owed[loan] - settles
Clearing      margin_debt[debtor] - secured
Clearing      guaranteed[payer] - called
Clearing      backed[payer,debtor] - called
Filing        filed[debtor] := moment
Emergence     emerged[debtor] := moment

Repricing     belief_fast[asset] + fast
Repricing     belief_slow[asset] + slow
Repricing     lasting[asset] + lasting
Repricing     attributed[asset] + fast
Repricing     attributed[asset] + slow
Repricing     attributed[asset] + lasting
Repricing     pending[asset,order] + attributed
Repricing     pending_sum[asset,order] := stands
Repricing     mark[asset] := log_mark
Repricing     post_money[asset] := post_money
Repricing     fatigue[asset] + fatigue
Quote         quoted[asset] := price
Quote         quoted_at[asset] := moment
Residual      market_part[asset] + market
Residual      sector_part[asset] + sector
Residual      own_part[asset] + own
Residual      own_news[asset] + beside_news
Residual      shares[asset] + issued
Residual      stake[=outside,asset] + issued
Split         shares[asset] + shares
Split         stake[=outside,asset] + shares
Split         floated[asset] := floated
Split         quoted[asset] := price
Split         stake[holder,asset] + stake
Split         stake[=outside,asset] - stake
Split         pledged[holder,asset] + pledged
Split         warrants[holder,asset] + warrants
Split         borrowed[holder,lender,asset] + borrowed
Split         secured[loan] + secured
Repricing     trend_fast[asset] + attributed
Repricing     trend_slow[asset] + attributed
Residual      trend_fast[asset] + market
Residual      trend_fast[asset] + sector
Residual      trend_fast[asset] + own
Residual      trend_slow[asset] + market
Residual      trend_slow[asset] + sector
Residual      trend_slow[asset] + own
Trade         trend_fast[asset] + impact
Trade         trend_fast[asset] + lasting
Trade         trend_fast[=sector] + spill
Trade         trend_slow[asset] + impact
Trade         trend_slow[asset] + lasting
Trade         trend_slow[=sector] + spill
PolicyRate    rate[bank] := rate
PolicyRate    surprise[=market] + surprise
Liquidity     liquidity[=market] + impulse

Result        trailing_revenue[company] := trailing_revenue
Result        trailing_operating[company] := trailing_operating
Result        trailing_net[company] := trailing_net
Result        told_backlog[company] := backlog

Endowment     cash[holder] + cash
Endowment     cash[=outside] - cash
Endowment     debt[holder] + debt
Endowment     lent[=outside] + debt
Endowment     margin_debt[holder] + margin
Endowment     backlog[holder] + backlog
Endowment     value[holder] := value
Endowment     post_money[holder] := post_money
Endowment     rate[holder] := rate
Endowment     shares[holder] + shares
Endowment     floated[holder] := shares
Endowment     stake[=outside,holder] + shares
Endowment     pledged[holder,asset] + pledged
Endowment     stake[holder,asset] + stake
Endowment     stake[=outside,asset] - stake
OpenLoan      owed[loan] + amount
OpenLoan      owed_rate[loan] := rate
OpenLoan      owed_due[loan] := due
OpenLoan      owed_since[loan] := accrued
"""

_SIGNS = {"+": 1, "-": -1, ":=": 0}


def _row(line: str) -> Posting:
    kind, target, sign, value, *rest = line.split()
    how, given = rest or ("if", "")
    account, _, key = target.rstrip("]").partition("[")
    return Posting(
        kind,
        account,
        tuple(key.split(",")),
        _SIGNS[sign],
        int(value) if value.isascii() and value.isdecimal() else value,
        tuple(filter(None, given.split(","))),
        how == "unless",
    )


RUNGS = ("announced", "committed", "paid", "delivered")
# The sum of a fact is the first of these that it has: what is firm, else what is no more than promised.
FIRM = ("amount", "unattributed")
SUMS = (*FIRM, "ceiling")
TABLE = Table(ACCOUNTS, tuple(_row(line) for line in _ROWS.strip().splitlines() if line))
UNITS: dict[str, str | None] = {account.name: account.unit for account in ACCOUNTS}
# By the field that names what a kind opens (order, loan, call), the account that holds it while it is open.
HOLDING: dict[str, str] = {
    field: next(
        row.account for row in TABLE.rows(kind) if row.key == (field,) and TABLE.account(row.account).open
    )
    for kind, field in OPENS.items()
}


def unit_of(fact: Fact, field: str) -> str | None:
    """The unit in which a field of a fact is counted; None for one that holds no number."""
    unit = units(type(fact)).get(field)
    return UNITS.get(getattr(fact, "account", None) or "cash") if unit == OF_ACCOUNT else unit
