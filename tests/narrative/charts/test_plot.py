"""Charts: what is drawn is what the log says, and what cannot be drawn is one sentence."""

import builtins
import json
import re
from math import exp

import pytest
from click.testing import CliRunner
from support.faulty_story import watched

import narrative
from events.errors import Wrong
from events.log import open_log
from narrative.analysis.compare import TwiceNamed
from narrative.analysis.history import History
from narrative.analysis.replay import walk
from narrative.books.decomposition import decomposed
from narrative.charts.draw import (
    BROKEN,
    COLOURS,
    WHOLE,
    Chart,
    Line,
    scaled,
    specification,
)
from narrative.charts.places import HEIGHT, apart, months, pixel
from narrative.charts.places import value as height_of
from narrative.charts.plot import chart as chart_of
from narrative.charts.window import Asked
from narrative.cli import main
from narrative.story.calendar import DAY, Calendar
from narrative.story.catalogue import find_story


@pytest.fixture(scope="module")
def here(tmp_path_factory):
    room = tmp_path_factory.mktemp("drawn")
    narrative.run("ai-2025", db=room / "ai.db", until="2025-12-31")
    narrative.what_if(str(room / "ai.db"), name="calm", from_="no-oracle-contract")
    narrative.run("loop", db=room / "loop.db", until="2025-04-01")
    narrative.what_if(str(room / "loop.db"), name="same", at="2025-03-01")
    return room


def drawn(here, *args, **options):
    made = narrative.plot(
        [str(here / name) for name in args[:-1]], args[-1], output=here / "x.svg", **options
    )
    return made, (here / "x.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "what"),
    [
        ("ai.db", "valuation"), ("ai.db", "belief-share"), ("ai.db", "rungs"), ("ai.db", "circle"),
        ("loop.db", "loan-to-value"), ("loop.db", "backlog"), ("loop.db", "belief"), ("loop.db", "debt"),
    ],
)  # fmt: skip  # a list of pairs
def test_each_chart_is_a_picture_that_says_what_it_is(here, name, what):
    made, svg = drawn(here, name, what, every=None if what == "circle" else "2w")
    assert svg.startswith("<svg")
    assert "not a forecast" in svg
    assert "edition 1" in svg
    digest = narrative.replay(str(here / name))["digest"]
    assert digest[:16] in svg
    assert not re.search(r'(href|src)="', svg)
    assert made["lines"]


def test_a_png_is_one(here):
    narrative.plot([str(here / "loop.db")], "valuation", output=here / "x.PNG")
    assert (here / "x.PNG").read_bytes().startswith(b"\x89PNG\r\n")


def test_observed_points_stand_beside_the_model_and_beside_values_alone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    days = [f"2025-02-{day:02d}" for day in range(3, 15)]
    watched(tmp_path, {day: 500 + number for number, day in enumerate(days)})
    narrative.run("demo", db="demo.db", until="2025-04-01")
    made, svg = drawn(tmp_path, "demo.db", "valuation", actors=["chipmaker"], every="2w")
    assert made["observed"] == len(days)
    assert "rings are what was observed" in svg
    assert drawn(tmp_path, "demo.db", "backlog", actors=["chipmaker"])[0]["observed"] == 0


def test_closes_on_record_are_the_line_and_what_is_explained_lies_under_it(here):
    made, svg = drawn(here, "ai.db", "valuation", actors=["oracle"], every="2w")
    quotes = (find_story("ai-2025") / "quotes.csv").read_text(encoding="utf-8").splitlines()
    days = [row.split(",")[0] for row in quotes if ",oracle," in row]
    opening = days[0] == "2024-07-31"  # told by the opening, before the story begins
    assert made["lines"][0]["points"] == len([day for day in days if day <= "2025-12-31"]) + (not opening)
    assert made["observed"] == 0
    assert "Bold lines join closes on record" in svg
    assert "area mark" in svg
    both = {"actors": ["oracle", "nvidia"]}
    assert "area mark" in drawn(here, "ai.db", "valuation", **both)[1]  # in a panel each
    assert "area mark" not in drawn(here, "ai.db", "valuation", together=True, **both)[1]
    assert "Bold" not in drawn(here, "ai.db", "belief-share", actors=["oracle"])[1]


def test_what_is_supposed_is_no_record(here):
    made, svg = drawn(here, "ai.db@calm", "valuation", actors=["oracle"], every="2w")
    assert "Bold" not in svg
    assert made["lines"][0]["points"] == 38  # a point each fortnight, and the end


def test_the_explained_value_is_the_parts_that_have_a_cause(here):
    found = [History(open_log(here / "ai.db"), "main", "ai.db")]
    (line,) = chart_of(found, ["ai"], "valuation", ["oracle"], Asked(every="2w")).lines
    closes = dict(line.points)
    assert line.recorded
    assert line.explained[0] == line.points[0]
    at, value = line.explained[-1]
    assert at <= max(closes)
    ((_, world),) = walk(found[0].log, "main", [at])
    made = decomposed(world.readings, "oracle", at)
    caused = made.opening + made.told + made.faded + made.flow + made.policy + made.liquidity + made.issued
    assert value == pytest.approx(exp(caused * 1e-9), rel=1e-12)


def test_histories_that_do_not_differ_are_drawn_all_the_same(here):
    made, _ = drawn(here, "loop.db", "loop.db@same", "valuation", every="2w")
    assert {line["name"] for line in made["lines"]} == {"A cloud", "A lab", "A chip maker"}


def test_one_history_is_not_drawn_beside_itself(here, monkeypatch):
    monkeypatch.chdir(here)
    for same in ("loop.db", "loop.db@main", f"{here}/loop.db"):
        with pytest.raises(TwiceNamed, match=r"loop\.db@main is named twice; name each history once"):
            narrative.plot(["loop.db", same], "valuation", output="x.svg")


def test_a_story_without_a_circle_says_how_to_get_one(here, monkeypatch):
    monkeypatch.chdir(here)
    (here / "facts.csv").write_text("date,kind,actor,amount,headline,source\n2025-01-01,Order,A,5,x,y\n")
    narrative.import_("facts.csv", story="railways")
    narrative.run("railways")
    with pytest.raises(
        Wrong, match=r"railways has no circle; add a circle to its replay\.toml, or plot rungs"
    ):
        narrative.plot("railways", "circle", output="x.svg")


def test_one_history_and_one_actor_need_no_list(here):
    one = narrative.plot(
        str(here / "loop.db"), "valuation", output=here / "x.svg", actors="cloud", every="2w"
    )
    assert [line["name"] for line in one["lines"]] == ["A cloud"]
    assert one["histories"] == [str(here / "loop.db")]


def test_names_stand_beside_their_lines(here):
    made, svg = drawn(here, "ai.db", "valuation", actors=["oracle", "nvidia"], together=True)
    assert [line["name"] for line in made["lines"]] == ["Oracle", "Nvidia"]
    assert ">Oracle<" in svg
    assert ">Nvidia<" in svg


def test_backlog_has_what_was_delivered_beside_it(here):
    made, _ = drawn(here, "loop.db", "backlog", actors=["chips"])
    assert [line["measure"] for line in made["lines"]] == ["backlog", "delivered"]


def test_two_histories_stand_on_one_chart_with_the_gap_between(here):
    made, svg = drawn(here, "ai.db", "ai.db@calm", "valuation", actors=["oracle"])
    assert [line["history"][-4:] for line in made["lines"]] == ["i.db", "calm"]
    assert 'aria-roledescription="area mark' in svg
    assert "area mark" not in drawn(here, "ai.db", "belief-share", actors=["oracle"])[1]


def test_points_stand_as_far_apart_as_asked(here):
    made, _ = drawn(here, "loop.db", "valuation", actors=["cloud"], every="1w")
    # 1 January to 1 April is 91 days less a second: 13 weeks and the end
    assert made["lines"][0]["points"] == 14


def test_nobody_named_means_those_who_matter_most(here):
    told = narrative.replay(str(here / "ai.db"))["actors"]
    largest = sorted((a for a in told.values() if a["valuation"]), key=lambda a: -a["valuation"])[:6]
    made, _ = drawn(here, "ai.db", "valuation")
    assert {line["name"] for line in made["lines"]} == {actor["name"] for actor in largest}


@pytest.mark.parametrize(
    ("args", "options", "said"),
    [
        (("loop.db", "valuatoin"), {}, 'Did you mean "valuation"'),
        (("loop.db", "valuation"), {"actors": ["cluod"]}, 'Did you mean "cloud"'),
        (("loop.db", "valuation"), {"actors": ["bank"]}, "no valuation of bank"),
        (("loop.db", "rungs"), {"actors": ["cloud"]}, "leave --actor away"),
        (("loop.db", "circle"), {"every": "1d"}, "leave --every, --since"),
        (("ai.db", "ai.db@calm", "circle"), {}, "one history at a time"),
        (("loop.db", "circle"), {"log": True}, "leave --every, --since"),
        # 90 days of 24 hours; a point a day is the least that 2,000 points allow
        (("loop.db", "valuation"), {"every": "1h"}, "Every 1h is 2,1.. points .* say --every 1d or more"),
        (("loop.db", "valuation"), {"every": "3y"}, "no span"),
        (("loop.db", "ai.db", "valuation"), {}, "one story"),
        (("valuation",), {}, "takes a history"),
        (("loop.db", "valuation"), {"since": "2025-03-01", "until": "2025-02-01"}, "No time lies between"),
        (("loop.db", "valuation"), {"since": "2026-01-01"}, "goes from 2025-01-01 to 2025-04-01"),
        (("loop.db", "valuation"), {"index": "2024-01-01"}, "takes a day from 2025-01-01 to 2025-04-01"),
        (("loop.db", "valuation"), {"since": "soon"}, "no date"),
        (("loop.db", "rungs"), {"index": "2025-02-01"}, "cannot be 100 on a day"),
        (("loop.db", "belief"), {"index": "2025-02-01"}, "cannot be 100 on a day"),
    ],
)
def test_what_cannot_be_drawn_is_one_sentence_and_leaves_nothing(here, args, options, said):
    before = sorted(path for path in here.iterdir() if path.suffix != ".svg")
    (here / "x.svg").unlink(missing_ok=True)
    with pytest.raises(Wrong, match=said):
        drawn(here, *args, **options)
    assert sorted(here.iterdir()) == before


@pytest.mark.parametrize(
    ("name", "said"), [("x.gif", ".svg or .png"), ("nowhere/x.svg", "no directory"), ("x", ".svg")]
)
def test_a_bad_place_is_one_sentence_and_leaves_nothing(here, monkeypatch, name, said):
    monkeypatch.chdir(here)
    before = sorted(here.iterdir())
    done = CliRunner().invoke(main, ["plot", "loop.db", "rungs", "-o", name])
    assert done.exit_code == 2
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert sorted(here.iterdir()) == before


def test_without_the_extra_it_says_how_to_get_it(here, monkeypatch):
    real = builtins.__import__

    def missing(name, *args, **kwargs):
        if name in {"altair", "vl_convert"}:
            raise ImportError(name)
        return real(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", missing)
    with pytest.raises(Wrong, match=r"pip install 'narrative-engine\[plot\]'"):
        narrative.plot([str(here / "loop.db")], "rungs", output=here / "never.svg")
    assert not (here / "never.svg").exists()


def test_the_command_prints_what_the_function_returns(here, monkeypatch):
    monkeypatch.chdir(here)
    printed = CliRunner().invoke(main, ["plot", "loop.db", "rungs", "-o", "a.svg", "--json"])
    assert json.loads(printed.stdout) == narrative.plot(["loop.db"], "rungs", output="a.svg")


# --- the drawing ----------------------------------------------------------------------------------


def chart(*lines, what="valuation", unit="money", log=False):
    return Chart(
        what=what, title="T", lines=lines, unit=unit, money=("USD", 2), calendar=Calendar(),
        span=(0, 100 * DAY), log=log, caption=("a", "b"),
    )  # fmt: skip  # one list


def test_names_move_apart_as_little_as_they_must():
    assert apart([10.0, 100.0], 15) == [10.0, 100.0]
    assert apart([10.0, 10.0], 14) == [3.0, 17.0]
    assert apart([100.0, 10.0, 20.0], 14) == [100.0, 8.0, 22.0]


def test_a_place_on_the_paper_and_a_value_are_each_others_inverse():
    for log in (False, True):
        for value in (1.0, 7.5, 90.0):
            assert height_of(pixel(value, (1.0, 100.0), log=log), (1.0, 100.0), log=log) == pytest.approx(
                value
            )
    assert pixel(10.0, (1.0, 100.0), log=True) == pytest.approx(HEIGHT / 2)


def test_sums_are_drawn_in_the_largest_unit_that_keeps_them_readable():
    def unit(dollars):
        return scaled(chart(Line("x", "", "valuation", ((0, dollars * 100.0),))))

    assert unit(5e12) == (1e11, "$ bn")  # five trillion: 5,000 bn beside smaller ones
    assert unit(5e13) == (1e14, "$ tn")
    assert unit(2e6) == (1e8, "$ m")
    assert unit(20) == (1e2, "$")


def test_dates_below_are_firsts_of_months_of_the_storys_calendar():
    julian = Calendar(kind="julian")
    start, until = julian.moment(1720, 1, 10), julian.moment(1720, 9, 20)
    ticks = months(julian, start, until)
    assert list(ticks.values()) == [
        "Feb 1720",
        "Mar 1720",
        "Apr 1720",
        "May 1720",
        "Jun 1720",
        "Jul 1720",
        "Aug 1720",
        "Sep 1720",
    ]
    assert all(julian.date(moment)[2] == 1 for moment in ticks)
    century = months(Calendar(), Calendar().moment(1900, 1, 1), Calendar().moment(2000, 1, 1))
    assert len(century) <= 9
    assert set(map(len, century.values())) == {4}


def test_one_name_keeps_one_colour_and_a_broken_turn_its_own():
    import altair as alt

    for kinds in ((BROKEN, BROKEN), (BROKEN, WHOLE), (WHOLE, BROKEN)):
        lines = [
            Line(f"turn {i}", "h", kind, ((0, 1.0 + i), (DAY, 1.0 + i)), marks=("1", "2"))
            for i, kind in enumerate(kinds)
        ]
        spec = specification(chart(*lines, what="circle", unit="plain"), alt)
        colour = spec["layer"][0]["encoding"]["color"]["scale"]
        told = dict(zip(colour["domain"], colour["range"], strict=True))
        assert told == {WHOLE: COLOURS[0], BROKEN: COLOURS[1]}


def test_nothing_below_nothing_is_drawn_on_a_scale_of_factors():
    import altair as alt

    line = Line("x", "", "cash", ((0, 0.0), (DAY, 100.0), (2 * DAY, None), (3 * DAY, 200.0)))
    spec = specification(chart(line, what="cash", log=True), alt)
    values = (
        spec["layer"][0]["data"]["values"]
        if "data" in spec["layer"][0]
        else next(iter(spec["datasets"].values()))
    )
    assert [row["y"] for row in values] == [1.0, 2.0]


@pytest.mark.parametrize("hostile", ["<script>alert(1)</script>", "'], function(){}, ['", "a\nb"])
def test_words_of_a_story_are_words_in_a_picture(hostile):
    from narrative.charts.draw import drawn as bytes_of

    line = Line(hostile, "", "valuation", ((0, 1e14), (DAY, 2e14)))
    svg = bytes_of(chart(line), ".svg").decode()
    assert "<script" not in svg
