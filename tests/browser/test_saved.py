"""What a reader takes along: the figures and pictures of a chart, made in the page."""

import csv
from xml.etree import ElementTree as ET

import pytest

import narrative

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def taken(reader, tmp_path):
    """Presses a button and gives the file that comes of it."""
    reader.driver.execute_cdp_cmd(
        "Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": str(tmp_path)}
    )

    def take(where, way):
        for before in tmp_path.iterdir():
            before.unlink()
        reader.click(f'#save-{where} [data-save="{way}"]')

        def come():
            new = list(tmp_path.glob(f"*.{way.lower()}"))
            return new[0] if new and new[0].stat().st_size else None

        return reader.wait(come)

    return take


def test_a_charts_figures_are_those_of_replay(reader, ai_page, ai, taken):
    db = str(ai_page.with_name("ai-2025.db"))
    told = narrative.replay(db, at=f"#{ai.surge}")
    moment = next(iter(narrative.log(db, since=ai.surge)))["moment"]
    reader.open(ai_page, f"#at={ai.surge}&show=oracle.nvidia")
    path = taken("chart", "CSV")
    assert path.name == f"ai-2025-main-valuation-{ai.surge}.csv"
    rows = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    assert {"moment, Market value in USD", "Oracle, main", "Nvidia, main"} <= set(rows[0])
    assert not [name for name in rows[0] if name.endswith("observed")]  # it is the record's until then
    row = next(one for one in rows if one["moment, Market value in USD"] == moment[:16].replace("T", " "))
    for name in ("oracle", "nvidia"):
        expected = told["actors"][name]["valuation"] / 100
        assert float(row[f"{name.capitalize()}, main"]) == pytest.approx(expected, rel=1e-5)


def test_what_was_observed_stands_in_a_column_of_its_own(reader, observed_page, taken):
    reader.open(observed_page, "#show=chipmaker")
    rows = list(csv.DictReader(taken("chart", "CSV").read_text(encoding="utf-8").splitlines()))
    assert set(rows[0]) == {
        "moment, Market value in USD",
        "A maker of chips, main",
        "A maker of chips, observed",
    }
    seen = {one["moment, Market value in USD"]: one["A maker of chips, observed"] for one in rows}
    found = {at[:10]: float(value) / 1e9 for at, value in seen.items() if value}
    assert found == {"2025-02-03": 520, "2025-02-20": 640}


def test_a_formula_stays_a_name_and_a_comma_stays_inside(reader, ai_page):
    reader.open(ai_page)
    text = reader.js("return narrative.csv(arguments[0])", [["=1+1", "a, b", 'c"d', -5, None]])
    assert text == '\'=1+1,"a, b","c""d",-5,\r\n'


@pytest.mark.parametrize("where", ["chart", "circle"])
def test_pictures_are_whole_and_cited(reader, ai_page, ai, taken, where):
    reader.open(ai_page, f"#at={ai.surge}&branch=calm")
    text = taken(where, "SVG").read_text(encoding="utf-8")
    drawing = ET.fromstring(text)
    said = [one.text for one in drawing.iter(f"{SVG}text")]
    assert any(str(one).startswith("“The AI financing loop, 2024 to 2026”, edition 1") for one in said)
    assert "var(" not in text
    picture = taken(where, "PNG").read_bytes()
    assert picture.startswith(b"\x89PNG")
    assert int.from_bytes(picture[16:20], "big") == 2 * int(drawing.get("width"))
    assert reader.requests() == []
    assert reader.complaints() == []


def test_what_is_taken_along_tells_of_no_hidden_future(reader, ai_page, ai, taken):
    reader.open(ai_page, f"#at={ai.surge}&future=hidden")
    rows = list(csv.reader(taken("chart", "CSV").read_text(encoding="utf-8").splitlines()))
    assert rows[-1][0] <= "2025-09-09 23:59"
    drawing = ET.fromstring(taken("chart", "SVG").read_text(encoding="utf-8"))
    reader.click("#hide")
    whole = ET.fromstring(taken("chart", "SVG").read_text(encoding="utf-8"))

    def reach(picture):
        rings = [float(one.get("cx")) for one in picture.iter(f"{SVG}circle")]
        steps = [
            step for one in picture.iter(f"{SVG}path") for step in one.get("d").replace("L", "M").split("M")
        ]
        return max([*rings, *(float(step.split(",")[0]) for step in steps if step)])

    # From 1 August 2024 to 31 July 2026 is 730 days, to 9 September 2025 are 404 and some hours; 686 pixels.
    assert reach(drawing) == pytest.approx(74 + 686 * 404.4 / 730, abs=1)
    assert reach(whole) == pytest.approx(760, abs=1)


def test_markup_is_text_in_a_picture_too(reader, hostile_page, taken):
    reader.open(hostile_page)
    for where in ("chart", "circle"):
        text = taken(where, "SVG").read_text(encoding="utf-8")
        names = {one.tag for one in ET.fromstring(text).iter()}
        assert not {name for name in names if name.endswith(("}script", "}img"))}
        assert "&lt;img" in text


def test_a_picture_has_closes_bold_and_what_is_explained_shaded_under_them(reader, ai_page, ai, taken):
    reader.open(ai_page, f"#at={ai.surge}&show=oracle")
    paths = ET.parse(taken("chart", "SVG")).getroot().findall(f"{SVG}path")
    area, thin, bold, rest = paths
    assert [one.get("stroke-width") for one in (area, thin, bold, rest)] == [None, None, "3", "1"]
    assert area.get("fill-opacity") == "0.12"
    assert area.get("d").startswith(thin.get("d"))
    assert len(bold.get("d")) > 10 * len(rest.get("d"))
    ends = [one.get("d").rpartition(",")[0].split("L")[-1] for one in (thin, bold)]
    assert ends[0] == ends[1]  # as far as the closes go
