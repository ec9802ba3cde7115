"""quotes.csv read and brought in: what is right is sorted, and every fault is told with its line."""

from pathlib import Path
from shutil import copytree

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import narrative
from events.files import BadFormat
from events.formats.jsonl_reader import BadFile
from narrative.cli import main
from narrative.story.calendar import Calendar
from narrative.story.catalogue import UnknownStory, find_story
from narrative.story.faults import StoryFaults
from narrative.story.model import Actor, Priced, Record, Unit
from narrative.story.quotes import BEFORE_CLOSE, MOST, Splits, read_quotes

CALENDAR = Calendar()
RECORD = Record(until=CALENDAR.at("2025-03-31"), source="the test", confidence="high")
UNIT = Unit(currency="USD", digits=2, written_in=1)
ACTORS = {name: Actor(id=name, name=name) for name in ("cloud", "chips", "index")}
HEAD = "date,actor,close,shares,source\n"


def moment(day: str) -> int:
    return CALENDAR.written(day, CALENDAR.close) - BEFORE_CLOSE


def read(tmp_path: Path, text: str, splits: Splits | None = None) -> tuple[tuple[Priced, ...], list[str]]:
    path = tmp_path / "quotes.csv"
    path.write_bytes(text.encode("utf-8", "surrogateescape"))
    quotes, faults = read_quotes(path, ACTORS, RECORD, CALENDAR, UNIT, splits or {})
    return quotes, [str(fault).removeprefix(f"{path}:") for fault in faults]


def test_rows_come_in_order_of_day_and_actor(tmp_path: Path) -> None:
    text = (
        HEAD
        + "2025-01-06,cloud,10.5,,\n2025-01-03,index,5000.25,,\n2025-01-03,cloud,10,700,a paper\n\n,,,,\n"
    )
    quotes, faults = read(tmp_path, text)
    assert faults == []
    assert quotes == (
        Priced(moment("2025-01-03"), "cloud", 1000, 700),
        Priced(moment("2025-01-03"), "index", 500_025, None),
        Priced(moment("2025-01-06"), "cloud", 1050, None),
    )


BAD = {
    "an unknown actor": ("2025-01-03,clowd,10,,", '"clowd" is no actor of this story. Did you mean "cloud"?'),
    "a Saturday": ("2025-01-04,cloud,10,,", "2025-01-04 is a Saturday. A quote stands on a session."),
    "a time": ("2025-01-03T00:00,cloud,10,,", '"2025-01-03T00:00" has a time of day. A quote stands on'),
    "no date": ("3.1.2025,cloud,10,,", "'3.1.2025' is no date: write a day as 1720-09-01"),
    "a day that never was": ("2025-02-29,cloud,10,,", "2025-02-29 is no date"),
    "too late": ("2025-04-01,cloud,10,,", "2025-04-01 lies after 2025-03-31, where the record ends"),
    "a gap": ("2025-01-03,cloud,,,", '"" is no close. A close is a number above zero'),
    "nothing": ("2025-01-03,cloud,0,,", '"0" is no close'),
    "below nothing": ("2025-01-03,cloud,-3,,", '"-3" is no close'),
    "no number": ("2025-01-03,cloud,nan,,", '"nan" is no close'),
    "without end": ("2025-01-03,cloud,inf,,", '"inf" is no close'),
    "beyond what is kept": ("2025-01-03,cloud,1e20,,", '"1e20" is no price that can be kept'),
    "an endless number": ("2025-01-03,cloud,1e999999999,,", '"1e999999999" is no close'),
    "a decimal comma": ('2025-01-03,cloud,"10,5",,', '"10,5" is no close'),
    "half a share": ("2025-01-03,cloud,10,1.5,", '"1.5" is no count of shares'),
    "shares that are none": ("2025-01-03,cloud,10,nan,", '"nan" is no count of shares'),
    "shares without end": ("2025-01-03,cloud,10,inf,", '"inf" is no count of shares'),
    "a cell too few": ("2025-01-03,cloud,10,", "the row has 4 cells of 5. Mend the row."),
    "an open quote": ('2025-01-03,"cloud,10,,', "the row does not read as CSV: unexpected end of data"),
}  # fmt: skip  # a table


@pytest.mark.parametrize("name", BAD)
def test_every_fault_has_its_line(tmp_path: Path, name: str) -> None:
    row, said = BAD[name]
    _, faults = read(tmp_path, f"{HEAD}2025-01-02,chips,5,,\n{row}\n")
    assert len(faults) == 1, faults
    assert faults[0].startswith(f"3: {said}"), faults


def test_two_prices_for_a_day_name_both_lines(tmp_path: Path) -> None:
    text = HEAD + "2025-01-06,cloud,10,,\n2025-01-03,cloud,10,,\n2025-01-06,cloud,10.1,,\n"
    assert read(tmp_path, text)[1] == ["4: cloud has two prices on 2025-01-06. Keep this or line 2."]


def test_a_jump_needs_a_source_of_its_own(tmp_path: Path) -> None:
    rows = "2025-01-03,cloud,10,,\n2025-01-06,cloud,{},,{}\n"
    assert read(tmp_path, HEAD + rows.format("15", ""))[1] == []
    (fault,) = read(tmp_path, HEAD + rows.format("15.1", ""))[1]
    assert fault.startswith("3: cloud moves by +51% from 2025-01-03. Tell a Split before it")
    (fault,) = read(tmp_path, HEAD + rows.format("5", ""))[1]
    assert "moves by -50%" in fault
    assert read(tmp_path, HEAD + rows.format("5", "an exchange"))[1] == []


def test_a_source_that_every_row_names_excuses_no_split_untold(tmp_path: Path) -> None:
    rows = "2025-01-03,cloud,10,5,screener\n2025-01-06,cloud,1,50,{}\n"
    (fault,) = read(tmp_path, HEAD + rows.format("screener"))[1]
    assert fault.startswith("3: cloud moves by -90% from 2025-01-03. Tell a Split before it")
    assert read(tmp_path, HEAD + rows.format("screener; a split of 10 for 1"))[1] == []


SPLIT = {"cloud": [(moment("2025-01-06") - 3600, 10, 1)]}  # an hour before that day's quote


def test_a_jump_that_a_told_split_explains_is_none(tmp_path: Path) -> None:
    rows = HEAD + "2025-01-03,cloud,200,5,\n2025-01-06,cloud,20.5,50,\n"
    assert read(tmp_path, rows, SPLIT)[1] == []
    assert len(read(tmp_path, rows)[1]) == 1


@pytest.mark.parametrize(("price", "moved"), [("200", "+900%"), ("9", "-55%")])
def test_beside_a_split_too_a_jump_needs_a_word(tmp_path: Path, price: str, moved: str) -> None:
    found = read(tmp_path, HEAD + f"2025-01-03,cloud,200,5,\n2025-01-06,cloud,{price},50,\n", SPLIT)[1]
    assert found[0].startswith(f"3: cloud moves by {moved} from 2025-01-03 beyond the split in between")


def test_a_split_after_the_close_is_of_the_next_session(tmp_path: Path) -> None:
    late = {"cloud": [(moment("2025-01-06") + 300, 10, 1)]}
    rows = HEAD + "2025-01-03,cloud,200,,\n2025-01-06,cloud,{},,\n2025-01-07,cloud,20,,\n"
    assert read(tmp_path, rows.format("201"), late)[1] == []
    assert len(read(tmp_path, rows.format("20"), late)[1]) == 2


def test_columns_that_are_missing_unknown_or_twice(tmp_path: Path) -> None:
    _, faults = read(tmp_path, "date,actor,price,shares,shares\n2025-01-03,cloud,10,,\n")
    assert [fault.partition(".")[0] for fault in faults] == [
        '1: the column "close" is missing',
        '1: there is no column "price"',
        '1: the column "shares" stands twice',
    ]


def test_a_file_that_is_no_text(tmp_path: Path) -> None:
    assert read(tmp_path, HEAD + "2025-01-03,cl\udcff,1,,\n")[1] == [
        "1: the file is not UTF-8 text. Save it as UTF-8."
    ]


def test_no_more_faults_are_told_than_are_read(tmp_path: Path) -> None:
    _, faults = read(tmp_path, HEAD + "2025-01-03,nobody,10,,\n" * (MOST + 50))
    assert len(faults) == MOST + 1
    assert faults[-1].endswith("… the rest was not looked at.")


CELL = st.one_of(st.sampled_from(["2025-01-03", "cloud", "10", "1e9", '"', "", "nan"]), st.text(max_size=6))


@given(rows=st.lists(st.lists(CELL, min_size=4, max_size=6), max_size=6))
def test_whatever_a_file_holds_is_quotes_or_faults(
    tmp_path_factory: pytest.TempPathFactory, rows: list
) -> None:
    text = HEAD + "".join(",".join(row) + "\n" for row in rows)
    path = tmp_path_factory.mktemp("any") / "quotes.csv"
    path.write_text(text, encoding="utf-8", errors="ignore", newline="")
    quotes, faults = read_quotes(path, ACTORS, RECORD, CALENDAR, UNIT, {})
    assert list(quotes) == sorted(quotes, key=lambda one: (one.moment, one.asset))
    assert all(fault.line >= 1 for fault in faults)


# --- brought in -----------------------------------------------------------------------------------


@pytest.fixture
def story(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return Path(copytree(find_story("ai-2025"), "mine"))


def bring(text: str, story: Path = Path("mine")) -> object:
    Path("prices.csv").write_text(text, encoding="utf-8")
    return narrative.import_("prices.csv", story=story, quotes=True)


def test_a_storys_own_quotes_come_back_as_they_were(story: Path) -> None:
    before = (story / "quotes.csv").read_bytes()
    made = narrative.import_(story / "quotes.csv", story=story, quotes=True)
    assert (story / "quotes.csv").read_bytes() == before
    assert (made["rows"], made["replaced"], made["from"]) == (before.count(b"\n") - 1, True, "2024-07-31")


def test_a_long_file_is_sorted_and_needs_neither_shares_nor_order(story: Path) -> None:
    (story / "quotes.csv").unlink()
    made = bring("close;actor;date\n11.00;oracle;2025-01-06\n5;nvidia;2025-01-06\n10;oracle;2025-01-03\n")
    assert (story / "quotes.csv").read_text() == (
        "date,actor,close,shares,source\n2025-01-03,oracle,10.00,,\n2025-01-06,nvidia,5.00,,\n"
        "2025-01-06,oracle,11.00,,\n"
    )
    assert made.plain() == {
        "story": "mine", "file": "mine/quotes.csv", "rows": 3, "actors": ["nvidia", "oracle"],
        "from": "2025-01-03", "until": "2025-01-06", "replaced": False,
    }  # fmt: skip  # an answer


def test_a_wide_file_has_an_actor_a_column_and_may_have_gaps(story: Path) -> None:
    bring("Date,oracle,Nvidia\n2025-01-06,11,\n2025-01-03,10,5.125\n")
    assert (story / "quotes.csv").read_text().splitlines()[1:] == [
        "2025-01-03,nvidia,5.12,,", "2025-01-03,oracle,10.00,,", "2025-01-06,oracle,11.00,,"
    ]  # fmt: skip  # rows


def test_what_is_brought_is_lived_by(story: Path) -> None:
    bring("date,oracle\n2025-01-03,160\n2025-01-06,161\n")
    assert narrative.check(story).faults == []
    narrative.run(str(story), db="mine.db", until="2025-01-10")
    assert len(list(narrative.log("mine.db", kind=["Quote"]))) == 2


WRONG = {
    "wide: no actor": ("date,oracel\n2025-01-03,1\n", '1: the column "oracel" names no actor of this story'),
    "wide: twice": ("date,oracle,oracle\n2025-01-03,1,1\n", '1: the column "oracle" stands twice'),
    "wide: no date": ("day,oracle\n2025-01-03,1\n", '1: the column "date" is missing'),
    "wide: a close": ("date,oracle\n2025-01-03,1\n2025-01-06,x\n", '3: "x" is no close'),
    "wide: a weekend": ("date,oracle\n2025-01-04,1\n", "2: 2025-01-04 is a Saturday"),
    "wide: a day twice": ("date,oracle\n2025-01-03,1\n2025-01-03,1\n", "3: oracle has two prices"),
    "wide: short": ("date,oracle,nvidia\n2025-01-03,1\n", "2: the row has 2 cells of 3"),
    "long: no close": ("date,actor\n2025-01-03,oracle\n", '1: the column "close" is missing'),
    "long: judged": ("date,actor,close\n2026-05-01,oracle,1\n", "2: 2026-05-01 lies after 2026-04-30"),
    "nothing": ("", '1: the column "date" is missing'),
    "no rows": ("date,oracle\n", "1: there are no prices below the header"),
}  # fmt: skip  # a table


@pytest.mark.parametrize("name", WRONG)
def test_nothing_is_written_where_a_row_is_wrong(story: Path, name: str) -> None:
    text, said = WRONG[name]
    before = {path: path.read_bytes() for path in story.iterdir() if path.is_file()}
    with pytest.raises(StoryFaults) as wrong:
        bring(text)
    assert f"prices.csv:{said}" in str(wrong.value)
    assert {path: path.read_bytes() for path in story.iterdir() if path.is_file()} == before


def test_where_quotes_cannot_go(story: Path) -> None:
    with pytest.raises(BadFormat, match="give --story FOLDER and no --db"):
        narrative.import_("prices.csv", quotes=True)
    with pytest.raises(BadFormat, match="give --story FOLDER"):
        narrative.import_("prices.csv", db="a.db", story=story, quotes=True)
    with pytest.raises(UnknownStory, match="ai-2025 has no replay"):
        narrative.import_("prices.csv", story="ai-2025", quotes=True)
    with pytest.raises(BadFile, match="cannot be read"):
        narrative.import_("absent.csv", story=story, quotes=True)
    narrative.new("plain")
    with pytest.raises(StoryFaults, match="nothing says up to when it is the record"):
        bring("date,oracle\n2025-01-03,1\n", Path("plain"))


def test_the_command_says_what_it_wrote(story: Path) -> None:
    Path("prices.csv").write_text("date,oracle\n2025-01-03,160\n2025-01-06,161\n")
    done = CliRunner().invoke(main, ["import", "prices.csv", "--quotes", "--story", "mine"])
    assert done.exit_code == 0, done.output
    assert done.stdout == "mine/quotes.csv: 2 prices of oracle, 2025-01-03 to 2025-01-06\n"
    assert "Next: narrative check mine" in done.stderr
