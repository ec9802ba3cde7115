"""Supposing on the tiny story: what a branch tells and withholds, worked out by hand.

Its history: 7 opening events; day 1 words (Announcement, #8) and a Repricing (#9); day 3 the contract
that replaces them (Retraction #10, Order #11) and a Repricing (#12); day 5 the round that follows the
contract (Funding #13) and its mark (#14).
"""

from pathlib import Path

import pytest
from support.asking import ask, end, tail
from support.lives import lived
from support.tiny import DAY, entry, link, story, ten_days, told

from events.errors import Overflow
from events.facts import Announcement, Cancellation, Delivery, Order, Retraction
from events.funding_facts import Default, Funding, Loan, Repayment
from events.log import Log, open_log
from events.stores.protocol import Batch
from narrative.story.supposition import Supposed, following
from narrative.whatif.fork import BrokenOff


@pytest.fixture
def log() -> Log:
    return lived(ten_days())


def supposed(log: Log, branch: str) -> Supposed:
    start = next(row.position for row in log.branches() if row.name == branch)
    event = log.event(branch, start + 1)
    assert (event.kind, event.origin, event.actor) == ("Supposition", "supposed", "story")
    return Supposed.load(event.fact.text)


# --- nothing ------------------------------------------------------------------------------------


def test_supposing_nothing_writes_nothing_and_gives_the_parents_digest(log: Log) -> None:
    told_ = ask(log, "same")
    assert told_["digest"] == log.head("main").digest.hex()
    assert (told_["at"], told_["fork_position"]) == ("1970-01-01T00:00:00", 7)  # the opening moment
    assert (told_["recorded"], told_["lived"], told_["supposed"]) == (4, 3, 0)
    assert (told_["events"], told_["withheld"], told_["question"]) == (14, {}, "")
    assert "Supposition" not in {event.kind for event in log.read("same")}


def test_supposing_nothing_later_on_gives_the_parents_digest_too(log: Log) -> None:
    told_ = ask(log, "same", at="1970-01-04")  # the end of day 3
    assert (told_["fork_position"], told_["recorded"], told_["lived"]) == (12, 1, 1)
    assert told_["digest"] == log.head("main").digest.hex()


# --- without ------------------------------------------------------------------------------------


def test_an_entry_gone_without_and_what_follows_it_are_withheld_at_their_own_moments(log: Log) -> None:
    told_ = ask(log, "calm", without=["contract"])
    assert told_["at"] == "1970-01-03T23:59:59"  # the last second before the contract
    assert told_["withheld"] == {
        "contract": "the supposition goes without it",
        "round": "it follows contract",
    }
    assert tail(log, "calm") == [
        (2, "Supposition", "supposed"),
        (3, "Withheld", "supposed"),
        (5, "Withheld", "supposed"),
    ]
    assert (told_["recorded"], told_["lived"], told_["supposed"]) == (0, 0, 3)
    fold = end(log, "calm").fold
    assert (fold.sum("announced", "lab"), fold.sum("committed", "lab")) == (2_500, 0)  # the words still stand


def test_what_is_kept_is_told(log: Log) -> None:
    told_ = ask(log, "calm", without="contract", keep="round")
    assert told_["withheld"] == {"contract": "the supposition goes without it"}
    assert tail(log, "calm")[1:] == [
        (3, "Withheld", "supposed"),
        (5, "Funding", "recorded"),
        (5, "Repricing", "modelled"),
    ]


def test_what_rests_on_an_entry_rests_on_it_however_far_and_by_whatever_names_it() -> None:
    order = Order(buyer="lab", seller="cloud", order="o", amount=90, told=told("order"))
    lent = Loan(borrower="lab", lender="cloud", loan="l", amount=50, told=told("loan"))
    delivered = Delivery(seller="cloud", order="o", amount=90, told=told("delivery"))
    repaid = Repayment(borrower="lab", lender="cloud", loan="l", amount=50, told=told("repaid"))
    words = Announcement(subject="lab", ceiling=10, told=told("words", status="intention"))
    back = Retraction(subject="lab", of="words", ceiling=10, told=told("back"))
    entries = (
        entry("rumour", DAY, Announcement(subject="lab", told=told("rumour")), (link("restates", "order"),)),
        entry("words", 2 * DAY, words),
        entry("order", 3 * DAY, order),
        entry("loan", 4 * DAY, lent, (link("pays", "order"),)),
        entry("delivery", 5 * DAY, delivered),
        entry("repaid", 6 * DAY, repaid),
        entry("back", 7 * DAY, back),
        entry("plan", 8 * DAY, Announcement(subject="lab", told=told("plan")), (link("part_of", "order"),)),
    )
    assert following(entries, ["order"]) == {
        "rumour": "it restates order",
        "loan": "it pays order",
        "delivery": "it is of the order that order opens",
        "repaid": "it is of the loan that loan opens",
    }
    first = entry("first", 1, Announcement(subject="lab", told=told("first")), (link("restates", "repaid"),))
    assert following((first, *entries), ["order"]).keys() == {"first", *following(entries, ["order"])}
    assert following(entries, ["words"]) == {"back": "it takes back words"}
    assert following(entries, ["order"], keep={"loan"}).keys() == {
        "rumour",
        "delivery",
    }  # nor what it carries


def test_followers_that_come_earlier_move_the_fork_before_them() -> None:
    first = entry(
        "first", DAY, Announcement(subject="lab", told=told("first")), (link("restates", "second"),)
    )
    second = entry("second", 3 * DAY, Announcement(subject="lab", told=told("second")))
    log = lived(story((first, second)))
    assert ask(log, "calm", without="second")["at"] == "1970-01-01T23:59:59"
    # Asked for later, what was told before stays told.
    assert ask(log, "late", without="second", at="1970-01-03")["withheld"].keys() == {"second"}


# --- change -------------------------------------------------------------------------------------


def test_a_changed_sum_is_read_as_the_timeline_is(log: Log) -> None:
    told_ = ask(
        log, "small", change={"contract": {"amount": "12.5"}}
    )  # dollars, of which the story counts cents
    assert told_["at"] == "1970-01-03T23:59:59"
    assert tail(log, "small")[1:4] == [
        (3, "Retraction", "supposed"),
        (3, "Order", "supposed"),
        (3, "Repricing", "modelled"),
    ]
    fold = end(log, "small").fold
    assert (fold.sum("committed", "lab"), fold.sum("announced", "lab")) == (1_250, 0)


def test_a_changed_date_moves_what_follows_and_what_was_due_by_the_same_time(log: Log) -> None:
    told_ = ask(log, "later", change={"contract": {"date": "1970-01-14T00:00:00"}})  # day 13, ten later
    assert told_["at"] == "1970-01-03T23:59:59"
    days = [(day, kind) for day, kind, _ in tail(log, "later") if kind in ("Order", "Funding")]
    assert days == [(13, "Order"), (15, "Funding")]
    assert end(log, "later").fold.last("due", "contract") == 100 * DAY
    assert {one.id: one.moment for one in supposed(log, "later").change} == {
        "contract": 13 * DAY,
        "round": 15 * DAY,
    }


def test_a_date_changed_with_its_due_leaves_the_due_that_was_asked(log: Log) -> None:
    ask(log, "later", change={"contract": {"date": "1970-01-14", "due": "1970-04-11T00:00:00"}})
    assert end(log, "later").fold.last("due", "contract") == 100 * DAY
    assert supposed(log, "later").change[0].moment == 13 * DAY + 9 * 3600  # a day means the story's hour


def test_what_is_kept_does_not_move(log: Log) -> None:
    ask(log, "later", change={"contract": {"date": "1970-01-14T00:00:00"}}, keep=["round"])
    days = [(day, kind) for day, kind, _ in tail(log, "later") if kind in ("Order", "Funding")]
    assert days == [(5, "Funding"), (13, "Order")]


def test_an_earlier_date_moves_the_fork_before_it(log: Log) -> None:
    told_ = ask(log, "sooner", change={"contract": {"date": "1970-01-03T00:00:00"}})  # day 2
    assert told_["at"] == "1970-01-02T23:59:59"
    assert [day for day, kind, _ in tail(log, "sooner") if kind in ("Order", "Funding")] == [2, 4]


def test_a_default_that_moves_takes_its_own_moment_along() -> None:
    first = entry("first", DAY, Announcement(subject="lab", told=told("first")))
    broke = entry(
        "broke",
        2 * DAY,
        Default(debtor="lab", moment=2 * DAY, told=told("broke")),
        (link("follows", "first"),),
    )
    log = lived(story((first, broke)))
    ask(log, "later", change={"first": {"date": "1970-01-12T00:00:00"}})  # day 11
    assert end(log, "later").fold.last("defaulted", "lab") == 12 * DAY


def test_a_field_written_empty_is_taken_out(log: Log) -> None:
    changes = {"status": "reported", "amount": "", "ceiling": "20"}
    ask(log, "rumour", change={"contract": changes})
    fold = end(log, "rumour").fold
    assert (fold.sum("committed", "lab"), fold.sum("announced", "lab")) == (0, 2_000)


# --- inject, set, reseed ------------------------------------------------------------------------

SECOND_ROUND = {
    "id": "second",
    "date": "1970-01-05",
    "kind": "Funding",
    "actor": "lab",
    "counterparty": "outside",
    "amount": 3,
    "headline": "a second round",
    "source": "supposed",
    "confidence": "assumption",
}


def test_an_injected_entry_is_told_at_its_moment_as_supposed(log: Log) -> None:
    told_ = ask(log, "rich", inject=SECOND_ROUND)
    assert told_["at"] == "1970-01-05T08:59:59"  # day 4 at nine, less a second
    assert tail(log, "rich")[:2] == [(4, "Supposition", "supposed"), (4, "Funding", "supposed")]
    assert end(log, "rich").fold.sum("cash", "lab") == 1_000 + 300 + 700


def test_a_parameter_is_set_from_the_fork_on(log: Log) -> None:
    told_ = ask(log, "numb", set={"impulse_coefficient": 0.25}, at="1970-01-02")
    (repricing,) = [event for event in log.read("numb", 10) if event.kind == "Repricing"][:1]
    main = [event for event in log.read("main") if event.kind == "Repricing"][1]
    assert abs(2 * repricing.fact.lasting - main.fact.lasting) <= 1  # half the coefficient, half the step
    assert told_["question"] == "What if impulse_coefficient were 0.25?"


def test_without_a_moment_a_parameter_is_set_when_the_history_opens(log: Log) -> None:
    assert ask(log, "numb", set={"silent_step": 0.0})["at"] == "1970-01-01T00:00:00"
    assert ask(log, "chance", reseed=0)["at"] == "1970-01-01T00:00:00"
    assert end(log, "chance").chance.seed == 0


def test_one_actors_own_parameter_may_be_set_where_there_is_one_for_all(log: Log) -> None:
    ask(log, "own", set={"silent_step.cloud": 0.5})
    world = end(log, "own")
    assert world.parameter("silent_step", "cloud") == 0.5
    assert world.parameter("silent_step", "chips") == 0.05


# --- where and how far --------------------------------------------------------------------------


def test_a_branch_is_lived_as_far_as_its_parent_unless_said(log: Log) -> None:
    assert ask(log, "all")["until"] == "1970-04-11T00:00:00"
    assert ask(log, "some", until="1970-01-04")["until"] == "1970-01-04T23:59:59"
    assert log.head("some").position == 12


def test_a_parent_is_first_lived_up_to_a_fork_beyond_its_end() -> None:
    tale = ten_days()
    log = lived(tale, until=2 * DAY)
    told_ = ask(log, "late", at="1970-01-04", without="round", until="1970-01-20")
    assert log.head("main").lived == 4 * DAY - 1
    assert log.head("main").position == told_["fork_position"] == 12
    whole = lived(tale)
    assert list(log.rows("main")) == list(whole.rows("main", 1, 12))
    assert [kind for _, kind, _ in tail(log, "late")] == ["Supposition", "Withheld"]


def test_entries_beyond_the_parents_end_make_it_live_on_first() -> None:
    log = lived(ten_days(), until=2 * DAY)
    assert ask(log, "calm", without="round")["at"] == "1970-01-05T23:59:59"
    assert log.head("main").lived == 5 * DAY - 1
    assert log.head("main").position == 12
    assert log.head("calm").lived == ten_days().until  # there would be nothing to see at the parent's end
    assert ask(log, "same")["until"] == "1970-01-05T23:59:59"


def test_a_fork_at_a_position(log: Log) -> None:
    assert ask(log, "there", at="#12")["fork_position"] == 12
    assert ask(log, "opening", at="#7")["fork_position"] == 7


def test_what_will_be_done_is_said_before_it_is_done(log: Log) -> None:
    before: list[tuple[str, list[str]]] = []

    def say(sentence: str) -> None:
        before.append((sentence, [branch.name for branch in log.branches()]))

    ask(
        log, "much", without="round", change={"contract": {"date": "1970-01-14T00:00:00"}}, reseed=7,
        set={"silent_step": 0.01}, inject={**SECOND_ROUND, "date": "1970-02-01"}, say=say,
    )  # fmt: skip  # one supposition
    sentence = (
        "much forks off main at 1970-01-03T23:59:59: it injects second (a second round) on 1970-02-01; "
        "goes without round (round); changes date to 1970-01-14T00:00:00 in contract (contract); sets "
        "silent_step to 0.01 (it was 0.05); and draws chance from seed 7."
    )
    assert before == [(sentence, ["main"])]


def test_of_many_entries_three_are_named_and_the_rest_counted(log: Log) -> None:
    said: list[str] = []
    asked = [{**SECOND_ROUND, "id": f"round-{n}", "date": f"1970-02-0{n}"} for n in range(1, 6)]
    for name, inject in ("four", asked[:4]), ("five", asked):
        ask(log, name, inject=inject, say=said.append)
    four, five = said
    assert [f"round-{n}" in four for n in range(1, 6)] == [True, True, True, True, False]
    assert five.endswith("round-3 (a second round) on 1970-02-03 and 2 more (--dry-run prints all).")


def test_what_rests_on_an_entry_gone_without_is_said_with_the_reason(log: Log) -> None:
    said: list[str] = []
    ask(log, "calm", without=["contract"], say=said.append)
    (sentence,) = said
    assert sentence == (
        "calm forks off main at 1970-01-03T23:59:59: it goes without contract (contract); and withholds "
        "round (it follows contract)."
    )


# --- branches of branches -----------------------------------------------------------------------


def test_a_branch_of_a_branch_keeps_what_both_suppose(log: Log) -> None:
    ask(log, "calm", without="contract", keep="round")
    told_ = ask(log, "richer", of="calm", change={"round": {"amount": 9}})
    assert told_["parent"] == "calm"
    world = end(log, "richer")
    assert (world.fold.sum("committed", "lab"), world.fold.sum("cash", "lab")) == (0, 1_900)


def test_on_a_branch_parameters_are_set_where_it_was_supposed_not_before(log: Log) -> None:
    ask(log, "calm", without="contract")
    told_ = ask(log, "numb", of="calm", set={"silent_step": 0.0})
    assert told_["at"] == "1970-01-03T23:59:59"
    assert end(log, "numb").timeline.withheld.keys() == {"contract", "round"}


def test_what_a_branch_injected_can_be_gone_without_again(log: Log) -> None:
    ask(log, "rich", inject=SECOND_ROUND)
    told_ = ask(log, "poor", of="rich", without="second")
    assert told_["withheld"] == {"second": "the supposition goes without it"}
    assert end(log, "poor").fold.sum("cash", "lab") == 1_700


def test_a_fork_before_a_branch_was_supposed_upon_is_a_fork_of_what_it_shares(log: Log) -> None:
    ask(log, "calm", without="round")
    told_ = ask(log, "other", of="calm", at="1970-01-02", without="contract", keep="round")
    assert told_["fork_position"] == 9
    assert end(log, "other").fold.sum("cash", "lab") == 1_700  # the round is told: calm withheld it later


def test_supposing_on_one_branch_changes_no_other(log: Log) -> None:
    ask(log, "calm", without="round")
    before = {name: list(log.rows(name)) for name in ("main", "calm")}
    ask(log, "deep", of="calm", change={"contract": {"amount": 1}}, at="1970-01-03")
    assert {name: list(log.rows(name)) for name in ("main", "calm")} == before


# --- the books ----------------------------------------------------------------------------------


def lending() -> Log:
    lent = Loan(borrower="lab", lender="cloud", loan="loan", amount=500, told=told("loan"))
    repaid = Repayment(borrower="lab", lender="cloud", loan="loan", amount=500, told=told("repaid"))
    return lived(story((entry("loan", DAY, lent), entry("repaid", 3 * DAY, repaid))))


def test_repaying_follows_the_loan_it_repays() -> None:
    log = lending()
    told_ = ask(log, "calm", without="loan")
    assert told_["withheld"]["repaid"] == "it is of the loan that loan opens"
    assert end(log, "calm").fold.sum("debt", "lab") == 0


def test_what_is_of_an_order_rests_on_all_that_open_it_together() -> None:
    one = Order(buyer="lab", seller="cloud", order="o", amount=300, told=told("one"))
    more = Order(buyer="lab", seller="cloud", order="o", amount=200, told=told("more"))
    goods = Delivery(seller="cloud", order="o", amount=100, told=told("goods"))
    log = lived(story((entry("one", DAY, one), entry("more", 2 * DAY, more), entry("goods", 3 * DAY, goods))))
    assert ask(log, "less", without="more")["withheld"].keys() == {"more"}
    assert end(log, "less").fold.sum("delivered", "cloud") == 100
    both = ask(log, "none", without=["one", "more"])["withheld"]
    assert both["goods"] == "it is of the order that more opens"
    assert end(log, "none").fold.sum("delivered", "cloud") == 0


def test_the_record_itself_may_deliver_more_than_was_ordered() -> None:
    ordered = Order(buyer="lab", seller="cloud", order="o", amount=300, told=told("ordered"))
    much = Delivery(seller="cloud", order="o", amount=500, told=told("much"))
    log = lived(story((entry("ordered", DAY, ordered), entry("much", 3 * DAY, much))))
    ask(log, "later", change={"much": {"date": "1970-01-09"}})
    assert end(log, "later").fold.sum("unattributed", "cloud") == 200


def test_a_cancellation_that_the_record_overdraws_is_not_blamed_on_a_supposition() -> None:
    ordered = Order(buyer="lab", seller="cloud", order="o", amount=300, told=told("ordered"))
    given_up = Cancellation(buyer="lab", seller="cloud", order="o", amount=400, told=told("given-up"))
    log = lived(story((entry("ordered", DAY, ordered), entry("given-up", 3 * DAY, given_up))))
    new = {**SECOND_ROUND, "kind": "Order", "counterparty": "cloud"}
    assert ask(log, "before", inject={**new, "date": "1970-01-03"})["supposed"] == 2
    assert ask(log, "after", inject={**new, "date": "1970-01-08"})["supposed"] == 2


def test_what_the_parent_is_still_to_be_told_counts_when_the_books_are_tried() -> None:
    log = lived(ten_days(), until=2 * DAY)
    delivery = {
        **SECOND_ROUND,
        "kind": "Delivery",
        "actor": "cloud",
        "counterparty": "lab",
        "order": "contract",
    }
    ask(log, "late", inject={**delivery, "date": "1970-01-08", "amount": 20})  # all of the contract of day 3
    assert log.head("main").lived == 7 * DAY + 9 * 3600 - 1
    assert "contract" not in end(log, "late").fold.state["outstanding"]


def test_an_entry_of_a_debtor_in_a_default_that_was_supposed_is_withheld_and_said_so() -> None:
    later = entry("later", 3 * DAY, Funding(company="lab", investor="outside", amount=1, told=told("later")))
    log = lived(story((later,)))
    broke = {**SECOND_ROUND, "kind": "Default", "date": "1970-01-03"}
    broke.pop("counterparty"), broke.pop("amount")
    assert ask(log, "broken", inject=broke)["withheld"] == {"later": "lab is in default"}


def test_what_the_record_tells_after_a_default_that_it_tells_is_told() -> None:
    broke = entry("broke", DAY, Default(debtor="lab", moment=DAY, told=told("broke")))
    later = entry("later", 3 * DAY, Funding(company="lab", investor="outside", amount=1, told=told("later")))
    log = lived(story((broke, later)))
    assert [(event.kind, event.origin) for event in log.read("main")][-2:] == [
        ("Default", "recorded"),
        ("Funding", "recorded"),
    ]
    assert end(log, "main").fold.sum("raised", "lab") == 1
    assert ask(log, "same", at="1970-01-02")["withheld"] == {}
    assert ask(log, "never", at="1970-01-01", without="broke")["withheld"] == {
        "broke": "the supposition goes without it"
    }


def test_living_that_fails_says_that_the_branch_stands_and_how_far_it_came(log: Log, monkeypatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise Overflow("cash[lab] would become too much.")

    monkeypatch.setattr("narrative.whatif.fork.live", fail)
    with pytest.raises(
        BrokenOff, match=r"too much\. The branch calm was made and stands, lived to 1970-01-05T23"
    ):
        ask(log, "calm", without="round")
    assert [event.kind for event in log.read("calm")][-1] == "Supposition"


def test_the_story_is_not_what_is_changed(log: Log) -> None:
    ask(log, "calm", without="contract")
    assert end(log, "main").story == end(log, "calm").story == ten_days()


def test_no_branch_is_ever_on_disk_without_what_it_supposes(tmp_path: Path) -> None:
    path = tmp_path / "tiny.db"
    seen: list[int] = []
    with open_log(path) as log:
        lived(ten_days(), log=log)
        write = log._store.write

        def watched(batch: Batch) -> None:
            write(batch)
            with open_log(path, create=False, read_only=True) as other:
                for branch in other.branches()[1:]:
                    assert other.head(branch.name).target == ten_days().until
                    rows = list(other.rows(branch.name, branch.position + 1, branch.position + 1))
                    assert [row.stamp for row in rows] == ["Supposition@2"]
                    seen.append(other.head(branch.name).position)

        log._store.write = watched  # type: ignore[method-assign]  # watching every commit
        ask(log, "calm", without="contract", keep="round")
    assert seen[0] == 10  # with the very first of them
