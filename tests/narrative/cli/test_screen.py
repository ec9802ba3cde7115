"""The screen of `replay`, from figures written by hand (see conftest)."""

from copy import deepcopy
from re import findall, sub

import pytest
from rich.cells import cell_len
from rich.console import Console

from narrative.cli.screen import draw

BN = 10**11  # a billion dollars in cents


def drawn(told, width, *, colour=False):
    console = Console(
        width=width, force_terminal=colour, color_system="standard" if colour else None, highlight=False,
        markup=False, emoji=False,
    )  # fmt: skip  # one call
    with console.capture() as got:
        draw(console, told, "ai-2025")
    return got.get()


@pytest.mark.parametrize("width", [60, 80, 100, 140, 200])
def test_no_line_is_wider_than_the_terminal(told, width):
    assert max(cell_len(line) for line in drawn(told, width).splitlines()) <= width


@pytest.mark.parametrize("width", [80, 100, 140])
def test_the_sections_stand_in_their_order_at_every_width(told, width):
    text = drawn(told, width)
    wanted = [
        "The AI financing loop", "$2.14 tn stands announced", "What was said and what came of it",
        "The circle", "Who", "What is pledged", "Largest repricings",
        "Weakest assumptions", "Next", "not a forecast",
    ]  # fmt: skip  # one list
    places = [text.index(words) for words in wanted]
    assert places == sorted(places)


def test_the_finding_sets_what_was_said_against_what_was_delivered(told):
    text = " ".join(drawn(told, 80).split())
    assert (
        "$2.14 tn stands announced and $934 bn committed, against $12 bn delivered; of the $5.12 tn by "
        "which the model lifts listed actors, 43 % is belief." in text
    )


def test_a_finding_without_deliveries_or_gains_says_so(told):
    told["rungs"]["delivered"] = 0
    told["belief"]["share"] = None
    text = " ".join(drawn(told, 80).split())
    assert "and nothing is delivered; the model lifts no listed actor above its opening value." in text


SHARES = {"told": 0.084, "flow": 0.001, "policy": -0.03, "liquidity": 0.0, "market": 0.34, "sector": 0.57,
          "own": 0.035, "own_with": 0.142, "own_against": -0.107}  # fmt: skip  # one row


def test_where_prices_are_on_record_the_finding_names_the_shares_of_the_rise(told):
    nobody = dict.fromkeys(SHARES)
    told["rise"] = {"gained": 7130 * BN, "lost": 0, "issued": 0, "lifted": 16, "lowered": 0,
                    "shares": SHARES, "shares_lost": nobody}  # fmt: skip  # one row
    text = " ".join(drawn(told, 80).split())
    assert (
        "; of the $7.13 tn by which markets lifted 16 listed actors, 8 % is told, −3 % policy, 34 % market, "
        "57 % sector (what they have in common beyond it) and the rest, 4 %, unexplained (14 % of some "
        "actors, −11 % of others)." in text
    )
    told["rise"]["shares"] = SHARES | {"market": 0.0, "sector": 0.0, "own": 0.945, "own_with": 0.945,
                                       "own_against": 0.0}  # fmt: skip  # one row
    text = " ".join(drawn(told, 80).split())
    assert (
        "8 % is told, −3 % policy and the rest, 94 %, unexplained." in text
    )  # without an index nobody looked
    told["rise"]["shares"] = SHARES
    told["rise"] |= {"gained": 1 * BN, "lost": 2 * BN, "lifted": 3, "lowered": 1, "shares_lost": SHARES}
    text = " ".join(drawn(told, 80).split())
    assert "of the $2 bn by which markets lowered 1 listed actor (and lifted 3 by $1 bn), 8 % is told" in text
    told["rise"] |= {"gained": 0, "lost": 0, "lifted": 0, "lowered": 0, "shares": nobody}
    text = " ".join(drawn(told, 80).split())
    assert "delivered; markets moved no listed actor from its opening price." in text


@pytest.mark.parametrize("width", [80, 140])
def test_a_close_on_record_is_marked_as_such_with_its_day(told, width):
    told["actors"]["nvidia"] |= {"recorded": 4930 * BN, "recorded_on": "2025-10-30", "observed": None}
    told["actors"]["oracle"] |= {"recorded": 730 * BN, "recorded_on": "2025-10-24"}
    told["actors"]["openai"] |= {"observed": 500 * BN, "observed_on": "2025-10-27", "observed_age": 3}
    told["actors"]["swf"] |= {"recorded": 3 * BN, "recorded_on": "2025-10-30"}
    lines = drawn(told, width).splitlines()
    (oracle,) = (line for line in lines if line.startswith("  Oracle "))
    assert "● $730 bn" in oracle
    openai = next(line for line in lines if line.startswith("  OpenAI "))  # the legend names it too
    assert "●" not in openai  # what was observed is no record
    text = " ".join("\n".join(lines).split())
    assert "● last close 2025-10-30; of Oracle 2025-10-24: on record, without what is supposed here" in text
    assert "recorded news" in text
    text = " ".join(drawn(told | {"supposed": 0}, width).split())
    assert "of Oracle 2025-10-24: on record, and where now starts from" in text


def test_a_loan_that_nobody_knows_has_its_bound_and_what_that_takes_for_granted(told):
    told["pledged"][1] |= {"least": 20 * BN, "least_on": "2025-04-04", "loan_below": 7 * BN}
    text = " ".join(drawn(told, 100).split())
    assert (
        "nobody knows; no call is on record, not even when they were worth least, $20 bn on 2025-04-04: less "
        "than $7 bn was lent then, if the lender calls at 35 %" in text
    )
    told["pledged"][1] |= {"loan_below": None}
    text = " ".join(drawn(told, 100).split())
    assert "on 2025-04-04: less was lent then than a call at that worth allows" in text


def test_bars_are_in_proportion(told):
    lines = drawn(told, 100).splitlines()
    cells = {rung: line.count(cell) for rung, cell in zip(told["rungs"], "░▒▓█", strict=True)
             for line in lines if line.strip().startswith(rung)}  # fmt: skip  # two loops
    assert cells["announced"] == 100 - 26
    assert cells["committed"] == round(74 * 934 / 2140)
    assert cells["paid"] == round(74 * 87 / 2140)


def test_what_nobody_promised_stands_beside_the_bars(told):
    assert "as usual" not in drawn(told, 100)
    told["usual"] = 436 * BN
    assert "business as usual: $436 bn more was paid, promised by nobody" in drawn(told, 100)


@pytest.mark.parametrize("width", [80, 140])
def test_marks_say_in_a_plain_pipe_what_colours_say(told, width):
    text = drawn(told, width)
    assert "\x1b" not in text
    circle = text[text.index("The circle") : text.index("Who")]
    assert findall(r"[●◆○] \d", circle) == ["● 1", "◆ 2", "○ 3"]
    assert "3 recorded, 1 modelled" in circle
    assert "2 modelled, 1 supposed" in circle
    assert "● 145 recorded  ◆ 266 modelled  ▲ 1 supposed" in text
    assert "missing" in circle
    assert "◆ Oracle +33.2 %" in text


def test_only_the_colours_of_the_terminal_itself_are_used(told):
    codes = {
        code
        for codes in findall(r"\x1b\[([\d;]*)m", drawn(told, 100, colour=True))
        for code in codes.split(";")
    }
    # Reset, bold, dim, not bold, and red, green, magenta, cyan: no background, no white, no black.
    assert codes <= {"0", "1", "2", "22", "31", "32", "35", "36"}
    assert {"31", "32", "35"} <= codes


def test_colour_changes_nothing_but_colour(told):
    assert sub(r"\x1b\[[\d;]*m", "", drawn(told, 100, colour=True)) == drawn(told, 100)


@pytest.mark.parametrize(
    ("width", "words"), [(80, "no obs."), (100, "no observation"), (140, "no observation")]
)
def test_a_figure_without_observation_says_so(told, width, words):
    oracle = next(line for line in drawn(told, width).splitlines() if line.strip().startswith("Oracle"))
    assert words in oracle
    assert "no observation" in drawn(told, width)  # in words, if only in the legend


@pytest.mark.parametrize("width", [80, 100, 140])
def test_what_is_unknown_is_a_dash_with_a_legend_and_never_zero(told, width):
    text = drawn(told, width)
    openai = next(line for line in text.splitlines() if line.strip().startswith("OpenAI"))
    assert openai.count("–") == (7 if width == 140 else 4)
    assert "0 " not in sub(r"\$\d+", "", openai)
    assert "– unknown or nothing recorded" in text


def test_a_known_balance_of_zero_is_a_zero_and_a_sum_over_no_events_is_a_dash(told):
    told["actors"]["openai"] |= {"cash": 0, "backlog": 0}
    openai = next(line for line in drawn(told, 100).splitlines() if line.strip().startswith("OpenAI"))
    assert openai.split()[-2:] == ["$0", "–"]


def test_actors_of_whom_nothing_is_known_are_counted_and_not_shown(told):
    text = " ".join(drawn(told, 80).split())
    assert "A fund with" not in text
    assert "1 more of whom no figure is known" in text


def test_actors_stand_by_value(told):
    text = drawn(told, 100)
    rows = [line.split()[0] for line in text[text.index("Who") :].splitlines()[2:5]]
    assert rows == ["NVIDIA", "Oracle", "OpenAI"]


def test_a_long_name_gives_way_before_any_figure_does(told):
    told["actors"]["nvidia"]["name"] = "A company whose name is longer than any terminal would like"
    row = next(line for line in drawn(told, 80).splitlines() if "A company" in line)
    assert "…" in row
    for figure in ("$2.9 tn", "$4.9 tn", "27 %", "$56 bn", "$500 bn"):
        assert figure in row


def test_a_repricing_shows_its_cause_and_the_record_or_its_observation_and_its_error(told):
    text = drawn(told, 100)
    assert "2025-09-10  ◆ Oracle +33.2 %  observed +35.9 %, error −2.7 points, fitted on this" in text
    assert "#204 Oracle reports remaining performance obligations of $455bn [up 359%]" in text
    assert "2025-05-13  ◆ NVIDIA −4.1 %  ● −3.1 % from the close before to the next" in text


def test_the_weakest_assumptions_have_their_range_and_what_is_missing_is_counted(told):
    text = drawn(told, 100)
    assert "belief half life fast  5 (1 to 20) days  assumption, author" in text
    assert "unknown balances: 9, facts of low confidence: 21" in text


@pytest.mark.parametrize("width", [80, 100, 140])
def test_the_next_commands_can_be_copied_whole(told, width):
    lines = [line.strip() for line in drawn(told, width).splitlines()]
    for command in (
        "narrative replay ai-2025 --at 2025-09-10", "narrative log ai-2025", "narrative verify ai-2025"
    ):  # fmt: skip  # one list
        assert any(line.startswith(command) for line in lines)


def test_a_history_in_which_nothing_happened_yet_can_be_shown(told):
    empty = deepcopy(told)
    empty |= {"repricings": [], "assumptions": [], "circle": [], "actors": {}, "pledged": []}
    empty["rungs"] = dict.fromkeys(told["rungs"], 0)
    empty["belief"] = {"gained": 0, "belief": 0, "share": None}
    text = drawn(empty, 80)
    assert "none so far" in text
    assert findall(r"The circle *\n  the story names none *\n", text)
    assert "$0 stands announced" in text


@pytest.mark.parametrize(("width", "points"), [(80, 7), (100, 8), (140, 10)])
def test_figures_and_sparklines_of_the_usual_size_are_never_cut(told, width, points):
    sums = {"valuation": 312, "valuation_then": 298, "observed": 493, "cash": 78, "backlog": 539, "debt": 98}
    for actor in told["actors"].values():
        actor |= {name: value * 10**12 + 4 * 10**9 for name, value in sums.items()}  # $3.12 tn, and so on
        actor |= {"sparkline": list(range(32)), "loan_to_value": 0.08, "belief_share": 0.11}
    told["actors"]["swf"]["name"] = "Core Scientific"
    text = drawn(told, width)
    assert "Core Scientific" in text
    rows = [line for line in text.splitlines() if "▁" in line and "█" in line]
    assert len(rows) == 4
    for row in rows:
        assert "…" not in row.partition("$")[2]
        assert len(findall(r"[▁▂▃▄▅▆▇█]", row)) == points


def test_pledges_say_how_much_is_belief_and_how_near_a_call_is(told):
    text = " ".join(drawn(told, 100).split())
    wanted = "$40 bn of NVIDIA, 25 % of it belief; 30 % lent on it, called at 60 %: after a fall of 50 %"
    assert wanted in text
    assert "$30 bn of Oracle, 0 % of it belief; how near a call is, nobody knows" in text
    spans = {"announced": {"low": 0.1, "high": 0.43}, "above_results": {"low": -0.2, "high": -0.1}}
    told["pledged"][0]["backed"] = spans
    wanted = (
        "$40 bn of NVIDIA, 10–43 % of it announced, not delivered and −20 to −10 % of it above paid results;"
    )
    assert wanted in " ".join(drawn(told, 100).split())
    told["pledged"][0]["distance"] = -0.1
    assert "called at 60 %: called now" in " ".join(drawn(told, 100).split())
    told["pledged"] = []
    assert "nothing of which a price is known" in drawn(told, 100)


PAST = {
    "position": 9, "actor": "meta", "entry": "plan", "headline": "a plan", "ceiling": 72 * BN,
    "since": "2025-01-01", "until": "2025-12-31", "spent": 70 * BN, "quarters": 4, "quarters_of": 4,
}  # fmt: skip  # one row


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({}, "meta, to 2025-12-31: $72 bn; reported spent: $70 bn"),
        ({"quarters": 3}, "meta, to 2025-12-31: $72 bn; reported spent: $70 bn in 3 of 4 quarters"),
        ({"spent": None}, "meta, to 2025-12-31: $72 bn; what was spent is not on file"),
        ({"spent": None, "quarters": None, "quarters_of": None}, "meta, to 2025-12-31: $72 bn"),
    ],
)
def test_a_plan_whose_time_is_over_stands_beside_what_was_spent(told, more, said):
    told["past"] = [PAST | more]
    lines = [line.strip() for line in drawn(told, 100).splitlines()]
    first = lines.index("past: $72 bn more, of plans whose time is over")
    assert lines[first + 1] == said
