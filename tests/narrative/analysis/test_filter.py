"""Which events a log is asked for: each filter beside reading everything."""

import threading
from pathlib import Path
from time import sleep

import pytest
from attrs import evolve
from support.lives import AI, lived, named
from support.tiny import DAY, ten_days

from events.event import Draft
from events.facts import FAMILIES, Announcement, Note, Payment
from events.fields import Told
from events.log import open_log
from narrative.analysis import filter as looking
from narrative.analysis.conditions import Conditions, conditions
from narrative.analysis.filter import looked, pages, standing, sum_of, texts
from narrative.analysis.flags import BadSum
from narrative.analysis.flags import filtered as asked
from narrative.analysis.history import BadAddress, BadPosition, BadSpan, History
from narrative.analysis.resolve import UnknownName
from narrative.cli import main
from narrative.story.calendar import BadDate, Calendar
from narrative.story.provenance import rank

BN = 10**11  # a billion dollars in cents
ISO = Calendar()


@pytest.fixture(scope="module")
def history():
    with lived(named(AI)) as log:
        yield History(log, "main", "memory")


def found(history, **given):
    return [event.position for event in looked(history, asked(history, **given))]


def plainly(history, is_asked):
    """The oracle: all of it, asked one by one."""
    return [event.position for event in history.log.read("main") if is_asked(event)]


def told(event):
    return event.fact.told


CASES = [
    ({}, lambda e: True),
    ({"kind": "Order"}, lambda e: e.kind == "Order"),
    ({"kind": ["order", "LOAN"]}, lambda e: e.kind in {"Order", "Loan"}),
    ({"family": "policy"}, lambda e: e.kind in {"PolicyRate", "Liquidity", "Fiscal"}),
    ({"family": "market"}, lambda e: e.kind in {"Repricing", "Quote", "Residual"}),
    ({"family": "order", "kind": ["Order", "Loan"]}, lambda e: e.kind == "Order"),
    ({"family": ["order", "funding"], "kind": ["Order", "Loan"]}, lambda e: e.kind in {"Order", "Loan"}),
    ({"origin": "modelled"}, lambda e: e.origin == "modelled"),
    (
        {"origin": "Modelled", "family": "MARKET"},
        lambda e: e.origin == "modelled" and e.kind in {"Repricing", "Residual"},
    ),
    ({"kind": "oRDER"}, lambda e: e.kind == "Order"),
    ({"confidence": "High"}, lambda e: e.fact.told is not None and e.fact.told.confidence == "high"),
    ({"actor": ["nvidia", "openai"]}, lambda e: e.actor in {"nvidia", "openai"}),
    (
        {"counterparty": "nvidia"},
        lambda e: (
            e.actor != "nvidia"
            and "nvidia"
            in {
                *(getattr(e.fact, name) for name in e.fact.parties),
                getattr(e.fact, "asset", None),
                *(told(e).participants if told(e) else ()),
            }
        ),
    ),
    (
        {"party": "nvidia"},
        lambda e: (
            "nvidia"
            in {
                e.actor,
                *(getattr(e.fact, name) for name in e.fact.parties),
                getattr(e.fact, "asset", None),
                *(told(e).participants if told(e) else ()),
            }
        ),
    ),
    ({"actor": "OpenAI"}, lambda e: e.actor == "openai"),
    ({"narrative": "scarcity"}, lambda e: told(e) and told(e).narrative == "scarcity"),
    (
        {"confidence": ["Filing", "memory"]},
        lambda e: told(e) and rank(told(e).source) in {"filing", "memory"},
    ),
    ({"confidence": "company"}, lambda e: told(e) and rank(told(e).source) == "company"),
    (
        {"confidence": ["low", "assumption"]},
        lambda e: told(e) and told(e).confidence in {"low", "assumption"},
    ),
    ({"least": "100bn"}, lambda e: (sum_of(e.fact) or 0) >= 100 * BN),
    ({"least": "0.5 tn"}, lambda e: (sum_of(e.fact) or 0) >= 500 * BN),
    ({"least": 40 * BN}, lambda e: (sum_of(e.fact) or 0) >= 40 * BN),
    ({"text": "STARGATE"}, lambda e: e.kind != "Opening" and "stargate" in str(e.fact).lower()),
    ({"text": '"'}, lambda e: any('"' in text for text in texts(e.fact))),
    ({"since": 100, "until": "#110"}, lambda e: 100 <= e.position <= 110),
    (
        {"since": "2025-09-09", "until": "2025-09-10"},
        lambda e: ISO.day(e.moment) in {"2025-09-09", "2025-09-10"},
    ),
    (
        {"since": "2025-09-09T16:05:00", "until": "2025-09-09T16:05:00"},
        lambda e: ISO.iso(e.moment) == "2025-09-09T16:05:00",
    ),
    (
        {"kind": "Order", "least": "10bn", "since": "2025-07-01", "counterparty": "oracle", "text": "oracle"},
        lambda e: told(e) and told(e).entry == "ai-2025-051",
    ),
]


@pytest.mark.parametrize(("given", "is_asked"), CASES)
def test_each_filter_keeps_what_reading_everything_would(history, given, is_asked):
    expected = plainly(history, is_asked)
    assert found(history, **given) == expected
    assert expected or given["text"] == '"'


def test_a_filter_never_decodes_what_the_store_can_pass_over(history, monkeypatch):
    seen = []
    to_event = looking.to_event
    monkeypatch.setattr(looking, "to_event", lambda row: seen.append(row.position) or to_event(row))
    orders = found(history, kind="Order")
    assert seen == orders


def test_a_text_is_looked_for_in_what_was_told_and_not_in_names_of_fields_or_the_story():
    with lived(ten_days()) as log:
        history = History(log, "main", "memory")
        assert found(history, text="ceiling") == []
        assert found(history, text="belief_half_life_fast") == []  # it stands in the Opening's story
        assert [e.kind for e in looked(history, asked(history, text="a newspaper"))] == [
            "Announcement", "Order", "Funding",
        ]  # fmt: skip  # one list


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("1bn", BN),
        ("2.5 tn", 2_500 * BN),
        ("40000", 4_000_000),
        ("40,000", 4_000_000),
        ("0.01", 1),
        ("1.005", 101),  # nothing less will do
        ("3m", 3 * 10**8),
        ("7K", 700_000),
        ("0" * 5000 + "1", 100),
        ("90071992547409.92", 2**53),  # the largest, to the cent
    ],
)
def test_sums_are_read_as_people_write_them(history, text, cents):
    assert asked(history, least=text).least == cents


@pytest.mark.parametrize(
    "text", ["", "x", "1xx", "-1", "1.2.3", "bn", "1.", "1e9", "²", "\u0661bn", "10000tn"]
)
def test_what_is_no_sum_is_refused(history, text):
    with pytest.raises(BadSum):
        asked(history, least=text)


@pytest.mark.parametrize("sum_", ["9" * 5000, "9" * 5000 + "bn", "90071992547409.93"])
def test_a_sum_beyond_any_is_called_that_and_quoted_in_short(history, sum_):
    with pytest.raises(BadSum, match=r"is beyond any sum that a log can hold\.$") as error:
        asked(history, least=sum_)
    assert len(str(error.value)) < 100


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"kind": "Ordr"}, 'Did you mean "Order"?'),
        ({"kind": "Ordre"}, '"Ordre" is no kind'),
        ({"family": "fundings"}, 'Did you mean "funding"?'),
        ({"origin": "model"}, 'Did you mean "modelled"?'),
        ({"actor": "nvida"}, 'Did you mean "nvidia"?'),
        ({"counterparty": "orcale"}, 'Did you mean "oracle"?'),
        ({"narrative": "scal"}, 'Did you mean "scale"?'),
        ({"confidence": "hihg"}, 'Did you mean "high"?'),
        ({"origin": "xyz"}, "There are: modelled, recorded, supposed."),
        ({"text": "\udce9"}, "UTF-8"),
    ],
)
def test_a_name_that_is_none_is_answered_with_the_nearest(history, given, said):
    with pytest.raises(UnknownName) as error:
        asked(history, **given)
    assert said in str(error.value)


def test_a_kind_of_another_family_is_refused_for_nothing_is_both(history):
    with pytest.raises(UnknownName, match="Order is in no family policy"):
        asked(history, kind="Order", family="policy")


def test_the_command_names_every_family_and_offers_every_condition():
    says = dict(conditions())
    assert says["family"].help == f"Of a family of kinds: {', '.join(FAMILIES)}."
    offered = {option.name: option for option in main.commands["log"].params}
    assert [name for name in offered if name in says] == list(says) == list(Conditions.__annotations__)
    assert all(offered[name].help == said.help for name, said in says.items())


@pytest.mark.parametrize("least", [1.5, -1, 10**17, pytest.param(10**5000, id="huge")])
def test_a_number_that_is_no_sum_is_refused(history, least):
    with pytest.raises(BadSum):
        asked(history, least=least)


def test_a_text_longer_than_any_fact_is_refused_and_one_within_is_looked_for(history):
    with pytest.raises(UnknownName, match="5,001 letters"):
        asked(history, text="x" * 5001)
    assert found(history, text="€" * 5000) == []


@pytest.mark.parametrize("at", ["0", "#0", "#x", "x", "2025-13-01", "2025-02-30", -3, "#9999", 9999])
@pytest.mark.parametrize("end", ["since", "until"])
def test_what_is_no_end_of_a_span_is_refused(history, end, at):
    with pytest.raises((BadDate, BadPosition)):
        asked(history, **{end: at})


@pytest.mark.parametrize("at", ["2025", 2025])
def test_a_bare_year_is_no_position_and_the_remedy_is_said(at):
    with lived(ten_days()) as log:
        said = rf"it has #1 to #{log.head().position}[.] A year is written as 2025-01-01"
        with pytest.raises(BadPosition, match=said):
            asked(History(log, "main", "memory"), since=at)


def test_a_log_that_is_followed_may_be_asked_for_what_is_still_to_come(history):
    assert asked(history, since=9999, ahead=True).first == 9999
    with pytest.raises(BadPosition):
        asked(history, since=0, ahead=True)


@pytest.mark.parametrize(("since", "until"), [(9, 3), ("2025-02-01", "2025-01-31")])
def test_a_span_that_ends_before_it_begins_is_refused(history, since, until):
    with pytest.raises(BadSpan):
        asked(history, since=since, until=until)


def test_who_acted_without_being_of_the_story_can_be_asked_for():
    with lived(ten_days()) as log:
        log.append("main", log.head().position, 101 * DAY, [(Draft("stranger", Note(author="x", text="y")),)])
        assert len(found(History(log, "main", "memory"), actor="stranger")) == 1


def payment(log, amount):
    head = log.head()
    moment = (head.moment or 0) + DAY
    log.append(
        "main", head.position, moment, [(Draft("lab", Payment(payer="lab", payee="cloud", amount=amount)),)]
    )
    log.flush()


def test_what_another_process_appends_is_followed_under_a_filter(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(looking, "POLL", 0.01)
    path = tmp_path / "tiny.db"
    lived(ten_days(), log=open_log(path)).close()
    seen = []
    with open_log(path, read_only=True) as log:
        first = log.head().position
        history = History(log, "main", str(path))
        wanted = asked(history, kind="Payment", least=1)  # 1 cent
        wanted = looking.evolve(wanted, last=first + 3)

        def write():
            with open_log(path) as writer:
                for amount in (0, 7, 9):
                    sleep(0.05)
                    payment(writer, amount)

        stream = pages(history, wanted, follow=True)
        assert list(next(stream)) == []
        thread = threading.Thread(target=write)
        thread.start()
        for page in stream:
            seen += [event.fact.amount for event in page]
        thread.join()
    assert seen == [7, 9]


@pytest.mark.parametrize("replaced", [False, True])
def test_following_ends_with_a_sentence_when_the_file_is_gone_or_is_another(tmp_path, monkeypatch, replaced):
    path = tmp_path / "tiny.db"
    lived(ten_days(), log=open_log(path)).close()

    def meanwhile(_):
        other = tmp_path / "other.db"
        other.write_bytes(path.read_bytes())
        path.unlink()
        if replaced:
            other.rename(path)

    monkeypatch.setattr(looking, "sleep", meanwhile)
    with open_log(path, read_only=True) as log:
        history = History(log, "main", str(path))
        stream = pages(history, asked(history), follow=True)
        assert list(next(stream))
        with pytest.raises(BadAddress, match="was removed or replaced"):
            next(stream)


def test_following_looks_only_at_what_is_new(monkeypatch):
    with lived(ten_days()) as log:
        history = History(log, "main", "memory")
        starts = []
        find = log.find
        monkeypatch.setattr(
            log, "find", lambda *args, passed: starts.append(args[2]) or find(*args, passed=passed)
        )
        monkeypatch.setattr(looking, "sleep", lambda _: payment(log, 5))
        stream = pages(history, asked(history, kind="Payment"), follow=True)
        first = log.head().position
        assert [len(list(next(stream))) for _ in range(3)] == [0, 1, 1]
        assert starts == [1, first + 1, first + 2]


def test_following_ends_where_the_span_does():
    with lived(ten_days()) as log:
        history = History(log, "main", "memory")
        assert len(list(pages(history, asked(history, until=3), follow=True))) == 1
        assert len(list(pages(history, asked(history, until="1970-01-05"), follow=True))) == 1


def test_the_sum_of_an_event_is_the_firm_one_else_a_ceiling_else_the_words():
    news = Told(entry="a", headline="a", source="b", confidence="high", stated=7)
    assert sum_of(Payment(payer="a", payee="b", amount=5, told=news)) == 5
    assert sum_of(Announcement(subject="a", ceiling=6, told=news)) == 6
    assert sum_of(Announcement(subject="a", told=news)) == 7
    assert standing(Payment(payer="a", payee="b", amount=5, told=news)) == (5, "firm")
    assert standing(Announcement(subject="a", ceiling=6, told=news)) == (6, "ceiling")
    assert standing(Announcement(subject="a", ceiling=6, told=evolve(news, status="reported"))) == (
        6,
        "reported",
    )
    assert standing(Announcement(subject="a", told=news)) == (7, "stated")
    assert standing(Announcement(subject="a")) == (None, "")
    assert sum_of(Announcement(subject="a")) is None
