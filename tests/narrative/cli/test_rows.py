"""Tables of rows: what is cut when a terminal is narrow, and what never is."""

import polars as pl
import pytest
from rich.cells import cell_len

from narrative.cli.rows import LEAST, SHORT, Column, across, downwards, table_lines

NUMBERS = Column("position", ["1", "123456"], number=True)
MOMENTS = Column("moment", ["2025-03-10 09:00:00", "2025-03-11 09:00:00.123456"])
LONG = Column("headline", ["a long text " * 9 + "end", "short"])
OTHER = Column("source", ["x", "y" * 70])


def plain(columns, width=None):
    """The table without the bold of its head."""
    lines = across(columns, width)
    assert lines is not None
    assert lines[0].startswith("\x1b[1m")
    assert lines[0].endswith("\x1b[0m")
    return [lines[0][4:-4], *lines[1:]]


def test_numbers_stand_to_the_right_and_texts_to_the_left():
    assert plain([NUMBERS, Column("kind", ["Order", "Loan"])]) == [
        "position  kind",
        "       1  Order",
        "  123456  Loan",
    ]


def test_nothing_is_cut_where_nothing_limits_it():
    assert plain([LONG, OTHER])[1] == f"{LONG.cells[0]}  x"


@pytest.mark.parametrize("width", [60, 71, 72, 73, 80, 100, 140, 180, 220, 221, 222, 223])
def test_numbers_and_moments_stay_whole_and_the_table_keeps_to_its_width(width):
    columns = [NUMBERS, MOMENTS, LONG, OTHER]
    if width < 8 + 26 + 2 * LEAST + 3 * 2:
        assert across(columns, width) is None
        return
    lines = plain(columns, width)
    assert max(map(len, lines)) <= width
    assert lines[1].startswith("       1  2025-03-10 09:00:00         a long text")
    assert lines[2].startswith("  123456  2025-03-11 09:00:00.123456  short")
    # All the room is used for as long as a text lacks some: the columns need 218 in all.
    assert len(lines[2]) == min(width, 8 + 26 + 111 + 70 + 3 * 2)
    assert ("…" in lines[1]) == (width < 8 + 26 + 111 + 70 + 3 * 2 and "end" not in lines[1])


def test_a_text_a_little_too_long_is_left_whole_and_the_longest_gives_way():
    little = Column("source", ["y" * (SHORT + 4)])
    (_, row) = plain([Column("headline", ["x" * 200]), little], 80)
    assert row == f"{'x' * 47}…  {'y' * 30}"


def test_wide_letters_take_two_places():
    lines = plain([Column("headline", ["売" * 60]), Column("n", ["7"], number=True)], 41)
    assert [cell_len(line) for line in lines] == [41, 41]
    assert lines[1].endswith("売…   7")


def test_the_name_of_a_column_is_never_cut():
    assert plain([Column("a_name_of_some_length", ["x" * 90])], 40)[0] == "a_name_of_some_length"


def test_what_is_too_wide_is_written_downwards_and_whole():
    assert across([LONG, OTHER], 2 * LEAST + 1) is None
    assert list(downwards([NUMBERS, Column("headline", ["one two three four five", "six"])], 27)) == [
        "\x1b[1mrow 1\x1b[0m",
        "position  1",
        "headline  one two three",
        "          four five",
        "",
        "\x1b[1mrow 2\x1b[0m",
        "position  123456",
        "headline  six",
        "",
    ]


def test_what_adding_left_of_a_number_is_not_shown() -> None:
    frame = pl.DataFrame({"n": [249.99999999999997, 0.1 + 0.2, 1e-12, 2.5, -1 / 3, 123456789012345.0]})
    lines, _ = table_lines(frame, None)
    assert [line.strip() for line in lines[1:]] == [
        "250.0", "0.3", "1e-12", "2.5", "-0.333333333333333", "123456789012345.0"
    ]  # fmt: skip  # a row a number
