"""Texts of a story in a picture: what XML has no place for would end the process that draws."""

from typing import Any
from xml.etree import ElementTree as ET

import pytest

from narrative.charts.alternative import described
from narrative.charts.draw import framed, picture
from narrative.text.words import drawable

ODD = "a\x1b[2J\ufffe\uffff\u202e\x00b"


def layers(alt: Any) -> dict[str, Any]:
    data = alt.Data(values=[{"who": ODD, "much": 1}])
    return framed(alt.Chart(data).mark_bar().encode(x="much:Q", y=alt.Y("who:N", title=ODD)), ODD, alt)


@pytest.mark.parametrize("suffix", [".svg", ".png"])
def test_no_text_ends_who_draws(suffix: str) -> None:
    drawn = described(picture(layers, suffix), suffix, ODD, ODD)
    if suffix == ".svg":
        assert "a [2J" in "".join(ET.fromstring(drawn).itertext())  # made here


def test_what_can_be_drawn_stays() -> None:
    assert drawable("Zoë\u00a0– 千\nb") == "Zoë\u00a0– 千\nb"
    assert drawable(ODD) == "a [2J    b"
