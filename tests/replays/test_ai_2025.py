"""The 2025 record keeps what its reviewers asked of it. Expected sums are added up by hand."""

import csv
import datetime as dt
import importlib.util
import re
import subprocess
import sys
import tomllib
from decimal import Decimal
from pathlib import Path

import pytest
from support.worlds import cash_moves

from narrative.story.observed import read_observed
from narrative.story.reader import read_story

FOLDER = Path(__file__).parents[2] / "replays" / "ai-2025"
BN = 10**11  # cents in a billion dollars
MONEY = ("amount", "unattributed", "ceiling")
REACTION = re.compile(r"shares? (rose|fell|jump|slump|soar|drop|slid)|rally|rallied|\brout\b|plunge|sell-off")


def load(name):
    with (FOLDER / name).open("rb") as file:
        return tomllib.load(file, parse_float=Decimal)


@pytest.fixture(scope="module")
def told():
    return {entry["id"].removeprefix("ai-2025-"): entry for entry in load("timeline.toml")["event"]}


@pytest.fixture(scope="module")
def story():
    return read_story(FOLDER)


@pytest.fixture(scope="module")
def mapping():
    spec = importlib.util.spec_from_file_location("ai_2025_mapping", FOLDER / "mapping.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def sums(entry):
    return {field: entry[field] for field in MONEY if field in entry}


def test_the_story_has_no_fault(story):
    assert len(story.entries) == 192


def test_every_entry_of_the_record_is_there_and_so_are_the_missing_ones(told):
    assert {f"{n:03d}" for n in range(1, 146)} <= set(told)
    assert {f"m{n:02d}" for n in range(1, 20)} <= set(told)


def test_a_part_told_apart_has_its_whole_beside_it(told):
    parts = [name for name in told if not re.fullmatch(r"\d{3}|m\d\d", name)]
    assert len(parts) == 192 - 164
    assert all(name[:-1] in told and "was" in told[name] for name in parts)


def test_every_entry_has_a_headline_a_source_and_a_confidence(told):
    for entry in told.values():
        assert entry["headline"]
        assert entry["source"]
        assert entry["confidence"] in ("high", "medium", "low", "assumption")


def test_only_firm_sums_stand_in_amount(told):
    for entry in told.values():
        if "amount" in entry or "unattributed" in entry:
            assert entry.get("status", "firm") == "firm", entry["id"]


def test_an_entry_that_restates_brings_no_money(told):
    assert not [entry["id"] for entry in told.values() if "restates" in entry and sums(entry)]


def test_quantities_and_rates_are_never_money(told):
    for entry in told.values():
        assert ("quantity" in entry) == ("unit" in entry), entry["id"]
        assert "per" not in entry or "quantity" in entry, entry["id"]


def test_every_was_says_why(told):
    assert all(entry["was"]["reason"].endswith(".") for entry in told.values() if "was" in entry)


def test_every_link_says_whose_reading_it_is(told):
    for entry in told.values():
        for kind in ("restates", "part_of", "pays", "replaces", "follows"):
            for link in entry.get(kind, ()):
                assert link["basis"] in ("source", "author")
                assert link["reason"]


def test_no_cause_tells_of_the_markets_reaction(told):
    words = [(entry["id"], entry["headline"], entry.get("note", "")) for entry in told.values()]
    assert not [found for found in words if REACTION.search(" ".join(found[1:]).lower())]


def test_tones_are_in_quarters_and_stand_with_their_strength_and_reason(told):
    for entry in told.values():
        assert ("tone" in entry) == ("strength" in entry)
        if "tone" in entry:
            assert -1 <= entry["tone"] <= 1
            assert entry["tone"] * 4 % 1 == 0
            assert 0 <= entry["strength"] <= 1
            assert "Tone: " in entry["note"]


def test_the_one_oracle_contract_counts_once(told):
    contract = [told[name] for name in ("037", "042", "050", "051")]
    assert [sums(entry) for entry in contract] == [{}, {}, {}, {"ceiling": 300}]
    assert not [
        entry["id"]
        for entry in told.values()
        if entry["kind"] == "Order" and entry.get("counterparty") == "oracle" and "amount" in entry
    ]


def test_the_buyer_of_june_is_not_known_before_july(told):
    assert told["037"]["actor"] == "outside"
    assert "OpenAI" not in told["037"]["headline"]


def test_the_news_of_a_level_is_its_rise(told):
    # 97 opening, then 130, 138, 455, 523, 553, 638; Nvidia's 500, then 1,000
    names = ("019", "034", "050", "101b", "127", "141b", "128")
    assert [told[name]["stated"] for name in names] == [33, 8, 317, 68, 30, 85, 500]
    assert sum(told[name]["stated"] for name in names[:-1]) == 638 - 97


def test_the_letter_that_never_bound_is_taken_back(told):
    assert sums(told["056"]) == {"ceiling": 100}
    assert told["056"]["status"] == "ceiling"
    assert [link["id"] for link in told["122"]["replaces"]] == ["ai-2025-056"]
    assert sums(told["122"]) == {}
    assert sums(told["124b"]) == {"ceiling": 30}


def test_the_sale_of_staff_shares_brings_openai_no_cash(told, story):
    fact = next(entry.fact for entry in story.entries if entry.id == "ai-2025-064")
    assert told["064"]["kind"] == "Trade"
    assert (fact.seller, fact.buyer, fact.asset) == ("outside", "outside", "openai")
    assert cash_moves(fact) == []


def test_openai_gets_only_the_cash_of_its_rounds(story):
    # 6.6, then 7.5 + 2.5 in April and 22.5 + 8.5 in December; of 2026 no payment is on file
    moves = [move for entry in story.entries for move in cash_moves(entry.fact) if move[0] == "openai"]
    assert sum(sum_ for _, sum_ in moves) == 476 * BN // 10


def test_every_payment_leaves_one_purse_and_reaches_another(story):
    for entry in story.entries:
        assert sum(sum_ for _, sum_ in cash_moves(entry.fact)) == 0, entry.id


def test_payments_settle_what_was_promised(told):
    paid = {}
    for entry in told.values():
        for link in entry.get("pays", ()):
            paid[link["id"]] = paid.get(link["id"], 0) + entry.get("amount", 0)
    assert paid["ai-2025-025"] == told["025"]["ceiling"] == 30
    assert paid["ai-2025-025b"] == told["025b"]["ceiling"] + 1  # 10, raised to 11
    assert paid["ai-2025-055"] == told["055"]["ceiling"] == 5


def test_pledges_told_again_are_counted_by_their_rise(told):
    assert told["003"]["kind"] == "Outcome"
    assert told["061"]["shares"] == 346_000_000 - 277_000_000
    ellison = next(actor for actor in load("replay.toml")["actor"] if actor["id"] == "larry-ellison")
    held = {balance["account"]: balance.get("number") for balance in ellison["opening"]}
    assert held["pledged"] == 277_000_000


def test_shares_given_to_customers_are_issues(told):
    assert [told[name]["kind"] for name in ("018", "018b", "066", "m04b", "m09b")] == ["Issue"] * 5
    assert told["018b"]["shares"] * 40 == 350_000_000
    assert told["066"]["warrants"] == told["m04b"]["warrants"] == 160_000_000


def test_shares_bought_agree_with_their_price(told):
    prices = {"023": "40", "055b": "23.28", "096": "414.79", "113": "87.20"}
    for name, price in prices.items():
        assert abs(told[name]["shares"] * Decimal(price) - told[name]["amount"] * 10**9) < 500, name


def test_each_rung_holds_what_was_added_up_by_hand(mapping):
    told = mapping.entries(FOLDER)
    rungs = mapping.once_by_rung(told)
    # committed: 048 049 075 083 084 093 102b 125 132 m09
    orders = ("10", "17.4", "250", "38", "9.7", "30", "11", "100", "100", "20")
    assert rungs["committed"] == sum(map(Decimal, orders)) == Decimal("586.1")
    # borrowed: 032 038 059 081 091 118
    assert rungs["borrowed"] == 2 + 5 + 18 + 30 + 15 + 25
    # delivered, Nvidia's eight quarters to April 2026, one in parts: m16 m17 015 015b m18 m19 094 123 136
    delivered = ("26.3", "30.8", "11.0", "24.6", "39.1", "41.1", "51.2", "62.3", "75.2")
    assert rungs["delivered"] == sum(map(Decimal, delivered)) == Decimal("361.6")
    # paid: OpenAI 47.6, Anthropic 3.5 + 13 + 30 + 65 + 5 + 10, CoreWeave 1.21 + 0.25 + 2, xAI 5 + 20,
    # Hyperion 7 + 3, Synopsys 2, Intel 5, SpaceX 75
    paid = ("47.6", "126.5", "3.46", "25", "10", "2", "5", "75")
    assert rungs["paid"] == sum(map(Decimal, paid)) == Decimal("294.56")
    # announced: plans of one's own, and promises between two parties
    plans = 80 + 75 + 100 + 30 + 72 + 50 + 135 + 50 + 185 + 200 + 95
    assert mapping.plans(told) == plans == 1072
    openai = Decimal("11.9") + 30 + 10 + 4 + 300 + Decimal("6.5") + 50 + 30 + 30 + 12
    anthropic = 10 + 5 + 20 + 30 + 200 + 45
    loans = Decimal("2.6") + Decimal("12.5") + 38 + Decimal("6.5") + 40 + 1 + 14 + 36
    rest = 40 + Decimal("14.3") + 5 + Decimal("14.2") + Decimal("7.5") + 40 + 27 + 1 + 20 + 2
    assert rungs["announced"] == plans + openai + anthropic + loans + rest == 2188


def test_at_its_highest_rung_a_kept_promise_is_no_promise(mapping):
    told = mapping.entries(FOLDER)
    kept = 30 + 10 + 5 + 7 + 15 + 25  # 025, 025b, 055, 071, 092 with 092b, 117
    assert mapping.once(told)["announced"] == 2188 - kept


def test_headlines_add_up_to_nearly_five_times_what_two_parties_told_once(mapping):
    told = mapping.entries(FOLDER)
    once = sum(mapping.once(told).values()) - mapping.plans(told)
    assert 4.5 < sum(mapping.naive(told).values()) / once < 5


def test_the_mapping_runs_by_itself():
    command = [sys.executable, str(FOLDER / "mapping.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd="/")
    assert "left to Outcome: 1" in done.stdout
    assert "192 entries" in done.stdout


def test_role_actors_show_what_is_known_and_what_is_not():
    actors = {actor["id"]: actor.get("opening", []) for actor in load("replay.toml")["actor"]}
    for name in (
        "openai", "nvidia", "oracle", "coreweave", "microsoft", "softbank", "anthropic", "amazon",
        "larry-ellison", "federal-reserve",
    ):  # fmt: skip  # one list
        accounts = {balance["account"] for balance in actors[name]}
        assert {"shares", "cash", "debt"} <= accounts, name
        assert accounts & {"value", "post_money"}, name


def test_an_unknown_balance_has_no_figure_and_every_known_one_has_a_source():
    for actor in load("replay.toml")["actor"]:
        for balance in actor.get("opening", []):
            figures = {"amount", "number"} & set(balance)
            assert len(figures) == (0 if balance.get("unknown") else 1)
            assert balance["source"]
            assert balance["confidence"]


def test_the_observations_have_no_fault(story):
    observed = read_observed(FOLDER, story)
    assert observed.step("softbank", "ai-2025-050") == pytest.approx(0.0998)


def test_observations_name_entries_that_exist(told):
    for row in load("observed.toml")["observation"]:
        assert row["source"]
        assert row["confidence"] in ("high", "medium", "low")
        assert {name.removeprefix("ai-2025-") for name in row.get("event_ids", ())} <= set(told)


def test_no_figure_is_both_record_and_judge():
    with (FOLDER / "quotes.csv").open(encoding="utf-8", newline="") as file:
        quoted = {row["actor"] for row in csv.DictReader(file)}
    until = load("replay.toml")["record"]["until"]
    for row in load("observed.toml")["observation"]:
        assert row["actor"] not in quoted or row["date"] > until, row


def test_surprises_to_the_end_of_october_2025_are_24_basis_points(told):
    surprises = [entry for entry in told.values() if entry["kind"] == "PolicyRate"]
    end = dt.date(2025, 10, 30)
    assert sum(entry["surprise"] for entry in surprises if entry["date"] <= end) == 24
    assert len(surprises) == 15


def test_results_are_told_when_the_results_file_says_so(told):
    with (FOLDER / "results.toml").open("rb") as file:
        published = {(r["actor"], r["published"]) for r in tomllib.load(file)["result"]}
    names = "013 014 015 015b 019 034 044 050 080 087 094 101 102 115 120 123 127 m01 m02 m16 m17 m18 m19"
    for name in names.split():
        assert (told[name]["actor"], told[name]["date"]) in published, name


def test_quoted_actors_open_at_their_first_close():
    actors = {actor["id"]: actor for actor in load("replay.toml")["actor"]}
    with (FOLDER / "quotes.csv").open(encoding="utf-8", newline="") as file:
        first = {row["actor"]: Decimal(row["close"]) for row in reversed(list(csv.DictReader(file)))}
    for name in first.keys() - {"us-market", "coreweave"}:
        held = {balance["account"]: balance for balance in actors[name]["opening"] if "asset" not in balance}
        assert first[name] * held["shares"]["number"] == held["value"]["amount"] * 10**9, name


def test_betas_are_those_that_the_script_prints():
    command = [sys.executable, str(FOLDER / "estimate.py")]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd="/")
    printed = tomllib.loads(done.stdout, parse_float=Decimal)["parameter"]
    names = ("market_beta.", "sector_beta.", "sector_weight_in.")
    held = [p for p in load("replay.toml")["parameter"] if p["name"].startswith(names)]
    assert held == printed
