"""What a notebook shows of a why, a world and a branch is what happened, by its own mark and number."""

import csv
import re
from html import unescape
from pathlib import Path

import pytest
from support.faulty_story import watched
from support.lives import AI, lived, named

import narrative
from narrative.analysis.history import History
from narrative.engine.run import world_at
from narrative.prose.explain import explained
from narrative.prose.notebook import Moment, of_figure, of_history, table
from narrative.prose.sentences import Speech
from narrative.verbs.answers.base import answered
from narrative.verbs.answers.reasons import Figure

BN = 10**11  # a billion dollars in cents
QUOTES = Path(__file__).parents[3] / "replays" / AI / "quotes.csv"


@pytest.fixture(scope="module")
def ai():
    with lived(named(AI)) as log:
        yield History(log, "main", "in memory")


def rows(html):
    """Every row of the tables, as the texts of its cells."""
    return [
        [unescape(cell) for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)]
        for row in re.findall(r"<tr>(.*?)</tr>", html)
    ]


def caption(html):
    return unescape(re.findall(r"<caption[^>]*>(.*?)</caption>", html)[0])


def asked(history, actor, reading, day, most=None):
    calendar = named(AI).calendar
    moment = calendar.at(day)
    place = history.log.position_at("main", moment), moment
    return answered(Figure, explained(history, place, actor, reading, Speech(named(AI)), most))


def part(position, origin, amount, whole, behind=None, role="step"):
    line = {"position": position, "origin": origin, "kind": "Repricing", "gist": f"moved {position}"}
    return {
        **line, "moment": "2025-09-09T16:00:00", "role": role, "amount": amount, "share": amount / whole,
        "ln": None, "behind": behind or line, "priced": [],
    }  # fmt: skip  # one row


def by_hand(**other):
    news = {"position": 4, "origin": "recorded", "kind": "Announcement", "gist": "<news>"}
    told = {
        "name": "A <lab>", "reading": "valuation", "moment": "2025-09-10T23:59:59", "unit": "money",
        "currency": "USD", "digits": 2, "value": 80 * BN, "total": 80 * BN, "unknown": None,
        "recorded": None, "recorded_on": None, "named": [], "observed": None, "observed_on": None,
        "parts": [
            part(3, "recorded", 40 * BN, 80 * BN, role="opening"),
            part(5, "modelled", 20 * BN, 80 * BN, news),
        ],
        "others": {"count": 2, "amount": 18 * BN, "share": 0.225, "ln": None},
        "ln": None, "residual": 2 * BN, "residual_ln": 0,
    }  # fmt: skip  # one table
    return of_figure(told | other)


# --- a figure -----------------------------------------------------------------------------------


def test_each_part_bears_the_mark_of_what_posted_it_and_the_news_behind_it_its_own():
    shown = by_hand()
    assert rows(shown) == [
        ["what made it", "day", "part", "share"],
        ["opening: ● #3 Repricing: moved 3", "2025-09-09", "$40 bn", "50 %"],
        ["◆ #5 Repricing: moved 5 ← ● #4 Announcement: <news>", "2025-09-09", "$20 bn", "25 %"],
        ["2 smaller", "–", "$18 bn", "22 %"],
        ["what rounding leaves", "–", "$2 bn", "–"],
        ["in all", "–", "$80 bn", "–"],
    ]
    assert caption(shown) == "A <lab>: valuation at 2025-09-10T23:59:59, $80 bn in the model; no observation"
    assert "<lab>" not in shown
    assert "<news>" not in shown


def test_of_a_balance_that_nobody_knows_the_sentence_and_what_moved_are_shown():
    shown = by_hand(reading="cash", value=None, total=None, unknown="Nobody <knows>.")
    assert caption(shown) == "A <lab>: cash at 2025-09-10T23:59:59, unknown"
    assert "Nobody &lt;knows&gt;." in shown
    assert len(rows(shown)) == 6
    assert rows(shown)[-1] == ["in all", "–", "–", "–"]


def test_logs_and_shares_are_written_as_such_and_unknown_residuals_are_left_away():
    one = part(5, "modelled", 250_000_000, 500_000_000)
    ln = by_hand(reading="belief", unit="ln", value=-0.5, total=-500_000_000, parts=[one], residual=0)
    assert caption(ln).endswith("−0.500000 ln in the model; no observation")
    assert rows(ln)[1][2:] == ["0.250000000", "50 %"]
    assert rows(ln)[-1][2] == "−0.500000000"
    assert not any("rounding" in row[0] for row in rows(ln))
    share = by_hand(reading="belief_share", unit="share", value=0.5)
    assert caption(share).endswith("50 % in the model; no observation")


def test_oracles_jump_is_the_markets_and_not_its_report(ai):
    whole = asked(ai, "oracle", "valuation", "2025-09-09")
    found = rows(asked(ai, "oracle", "valuation", "2025-09-09", 3)._repr_html_())
    (news,) = [e for e in ai.log.read("main") if e.fact.told and e.fact.told.entry == "ai-2025-050"]
    (jump,) = [row for row in found if f"● #{news.position} Report: " in row[0]]
    step = next(e.position for e in ai.log.read("main", news.position + 1) if news.position in e.causes)
    assert re.match(rf"◆ #{step} Repricing: oracle \+\d\d\.\d % ← ● #{news.position} Report: ", jump[0])
    left = len(whole["parts"]) - 3
    said = [row[0] for row in found]
    assert said[4:7] == [f"{left} smaller", "what rounding leaves", "in all"]


SEEN = {"2025-02-03": 520, "2025-02-10": 1_480, "2025-02-20": 640}


@pytest.mark.parametrize(
    ("day", "when", "said"),
    [
        ("2025-02-03", "2025-02-03", "$520 bn"),
        ("2025-02-19", "2025-02-10", "$1.48 tn"),
        ("2025-03-01", "2025-02-20", "$640 bn"),
    ],
)
def test_a_value_of_the_model_stands_beside_the_observed_one(tmp_path, monkeypatch, day, when, said):
    monkeypatch.chdir(tmp_path)
    watched(tmp_path, SEEN)
    narrative.run("demo", db="demo.db")
    found = narrative.why("demo.db", "chipmaker", "valuation", at=day)
    assert (found["observed_on"][:10], found["observed"]) == (when, SEEN[when] * BN)
    assert found["observed_source"] == "a paper"
    assert caption(found._repr_html_()).endswith(f"in the model; observed {said} on {when}")


def close(actor, day):
    """The oracle: the last close of the file up to a day times its shares, in cents, and its day."""
    with QUOTES.open(encoding="utf-8", newline="") as file:
        found = [row for row in csv.DictReader(file) if row["actor"] == actor and row["date"] <= day]
    last = max(found, key=lambda row: row["date"])
    return last["date"], round(float(last["close"]) * 100) * int(last["shares"])


@pytest.mark.parametrize(
    ("actor", "day"),
    [("nvidia", "2025-10-01"), ("oracle", "2025-09-10"), ("amd", "2025-01-15"), ("nvidia", "2026-06-30")],
)
def test_a_value_stands_beside_the_last_close_on_record(ai, actor, day):
    found = asked(ai, actor, "valuation", day)
    when, value = close(actor, day)
    assert (found["recorded_on"], found["recorded"]) == (when, value)
    said = caption(found._repr_html_())
    assert "last close on record $" in said
    assert said.endswith(f" tn on {when}" if value > 1000 * BN else f" bn on {when}")


def test_the_parts_by_name_make_the_value_in_either_order(ai):
    found = asked(ai, "oracle", "valuation", "2025-09-10")
    opening = next(part["amount"] for part in found["parts"] if part["role"] == "opening")
    for way in ("amount", "reverse"):
        assert opening + sum(part[way] for part in found["named"]) == found["value"]
    named = {part["part"]: part for part in found["named"]}
    kinds = {"market": "market_part", "sector": "sector_part", "own": "own_part"}
    for name, account in kinds.items():
        posted = (p["amount"] for part in found["parts"] for p in part["postings"] if p["account"] == account)
        assert named[name]["ln"] == sum(posted)
    assert named["told"]["amount"] > 0 > named["faded"]["amount"]
    assert "beyond the news: its own" in found._repr_html_()


def test_where_nothing_is_quoted_or_observed_the_words_say_so(ai):
    found = asked(ai, "nvidia", "belief", "2025-10-01")
    assert found["observed"] is found["observed_on"] is found["recorded"] is None
    assert found["named"] == []
    assert caption(found._repr_html_()).endswith("in the model; no observation")


def test_a_sum_of_what_was_told_is_of_no_model(ai):
    assert "observ" not in caption(asked(ai, "oracle", "backlog", "2025-10-01")._repr_html_())


def test_a_balance_that_never_moved_says_that_and_lists_nothing(ai):
    found = asked(ai, "openai", "debt", "2025-10-01")
    assert found["unknown"].endswith("Nothing has moved it since.")
    assert not found["parts"]
    moved = asked(ai, "openai", "cash", "2025-10-01")
    assert moved["unknown"].endswith("What moved since is listed, and is no total.")
    assert moved["parts"]


# --- a world and a branch -----------------------------------------------------------------------


def test_a_world_shows_each_reading_under_its_own_name(ai):
    world = world_at(ai.log, "main", ai.log.position_at("main", named(AI).calendar.at("2025-09-10")))
    head, *found = rows(Moment(world, "main", named(AI).calendar.at("2025-09-10"))._repr_html_())
    seen = {row[0]: dict(zip(head, row, strict=True)) for row in found}
    accounts = world.fold.state
    for actor in named(AI).actors:
        assert seen[actor.name]["backlog"] == in_bn(accounts["backlog"].get(actor.id, 0))
    assert seen["Oracle"]["valuation"] != seen["Oracle"]["backlog"]
    assert re.fullmatch(r"\d+ %", seen["Oracle"]["belief share"])
    assert int(seen["Oracle"]["belief share"][:-2]) == round(
        100 * world.readings.belief_share("oracle", named(AI).calendar.at("2025-09-10"))
    )


def in_bn(cents):
    """Dollars as people write them, of whole cents: three figures."""
    for least, name in ((10**12, " tn"), (10**9, " bn"), (10**6, " m")):
        if cents >= least * 100:
            return f"${float(f'{cents / 100 / least:.3g}'):g}{name}"
    return f"${cents / 100:g}"


def test_a_branch_counts_its_events_by_their_origin(ai):
    found = rows(of_history(ai))
    events = list(ai.log.read("main"))
    for origin, mark in (("recorded", "●"), ("modelled", "◆")):
        assert [f"{mark} {origin}", f"{sum(event.origin == origin for event in events):,}"] in found
    assert not any("▲" in row[0] for row in found)
    assert ["branch", "forked from", "events", "lived to", "question"] in found


def test_a_sum_or_a_day_is_never_broken_into_lines_and_words_are():
    drawn = table("held", ("what", "sum", "why"), [("cash", "$5 bn", "nobody asked")], (0, 2))
    cells = re.findall(r'<td style="([^"]*)">([^<]*)<', drawn)
    assert ["nowrap" in style for style, _ in cells] == [False, True, False]
    assert ["text-align:left" in style for style, _ in cells] == [True, False, True]
