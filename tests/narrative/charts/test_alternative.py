"""Words for those who cannot see a picture: what they say, and that the file carries them."""

import struct
import xml.etree.ElementTree as ET
import zlib

from narrative.charts.alternative import alternative, described
from narrative.charts.draw import Chart, Line, drawn
from narrative.charts.moves import Move
from narrative.story.calendar import DAY, Calendar


def picture(*lines: Line, **more: object) -> Chart:
    plain = {
        "what": "valuation", "title": "Value: <T> & co", "unit": "money", "money": ("USD", 2),
        "calendar": Calendar(), "span": (0, 10 * DAY), "log": False, "caption": ("a",),
    }  # fmt: skip  # one list
    return Chart(lines=lines, **(plain | more))  # type: ignore[arg-type]  # a chart's own fields


LINE = Line(
    "A cloud", "", "valuation", ((0, 2e14), (DAY, 5e14), (2 * DAY, 1e14), (3 * DAY, None), (4 * DAY, 3e14))
)


def test_first_last_highest_and_lowest_are_said_once_each():
    assert alternative(picture(LINE)) == (
        "Value: <T> & co. Line chart from 1 January 1970 to 11 January 1970. A cloud: $2 tn at first, "
        "$3 tn at last, highest $5 tn on 2 January 1970, lowest $1 tn on 3 January 1970."
    )
    rising = Line("B", "h", "valuation", ((0, 1e12), (DAY, 2e12)))
    assert alternative(picture(rising)).endswith("B, h: $10 bn at first, $20 bn at last.")


def test_parts_and_indices_are_said_in_their_own_way():
    line = Line("B", "", "belief_share", ((0, 0.1), (DAY, 0.25)))
    assert "B: 10 % at first, 25 % at last." in alternative(picture(line, what="belief_share", unit="share"))
    line = Line("B", "", "valuation", ((0, 100.0), (DAY, 1234.5)))
    assert "B: 100 at first, 1,234 at last." in alternative(picture(line, unit="index"))


def test_what_is_explained_and_what_is_told_is_said():
    line = Line("B", "", "valuation", ((0, 1e12), (DAY, 2e12)), explained=((0, 1e12), (DAY, 1.2e12)))
    move = Move("b", "B", 0, 0.1, 0.2, "Words.", "A paper")
    said = alternative(picture(line, moves=(move,)))
    assert "$20 bn at last; with news, policy and new shares alone $12 bn at last." in said
    assert said.endswith(
        "1: B, 1 January 1970: news read as +10.0 %, price +20.0 % to the next close. Words."
    )


def test_a_vector_picture_carries_them_as_title_and_description():
    words = alternative(picture(LINE))
    made = described(drawn(picture(LINE), ".svg"), ".svg", "Value: <T> & co", words)
    root = ET.fromstring(made)
    assert root.get("role") == "img"
    assert [(one.tag.rpartition("}")[2], one.text) for one in root][:2] == [
        ("title", "Value: <T> & co"),
        ("desc", words),
    ]


def test_a_png_carries_them_in_chunks_whose_sums_are_right():
    words = "a ● and “quotes”"
    made = described(drawn(picture(LINE), ".png"), ".png", "T", words)
    place, found = 8, {}
    while place < len(made):
        (length,) = struct.unpack(">I", made[place : place + 4])
        body = made[place + 4 : place + 8 + length]
        assert struct.unpack(">I", made[place + 8 + length : place + 12 + length]) == (zlib.crc32(body),)
        if body[:4] == b"iTXt":
            key, _, rest = body[4:].partition(b"\0")
            assert rest[:4] == bytes(4)  # not compressed, in no language, keyword not translated
            found[key.decode()] = rest[4:].decode()
        place += 12 + length
    assert found == {"Title": "T", "Description": words}
    assert body[:4] == b"IEND"
