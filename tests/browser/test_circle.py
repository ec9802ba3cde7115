"""The circle of a page: who is drawn, how wide the arrows are, and what is left out."""

from selenium.webdriver.common.keys import Keys


def test_the_circle_is_as_wide_as_the_money(reader, ai_page, ai):
    reader.open(ai_page, f"#at={ai.contract}").click("#arrows-told summary")
    assert reader.text("#arrows tbody tr").startswith("OpenAIOracleannounced")
    widths = dict(
        reader.js(
            "const text = (one) => one.querySelector('title').textContent;"
            "const wide = (one) => one.querySelector('.line').getAttribute('stroke-width');"
            "const arrows = [...document.querySelectorAll('#circle .strand:not([hidden])')];"
            "return arrows.map((one) => [text(one), wide(one)])"
        )
    )
    three = float(widths["OpenAI to Oracle: $300 bn announced, recorded"])
    forty = float(widths["Oracle to Nvidia: $40 bn announced, recorded"])
    assert abs(three / forty - 7.5) < 0.01
    reader.go(ai.opened)
    assert not reader.all("#circle .strand:not([hidden])")
    assert "missing so far" in reader.text("#steps")


def test_the_circle_says_what_it_leaves_out(reader, hostile_page):
    reader.open(hostile_page)  # a round of 700 cents from outside; an order for 2,000 inside
    left = "Not drawn, because one side or both are not shown here: $7 paid."
    assert reader.text("#circle-left") == left
    reader.click("#arrows-told summary")
    assert reader.text("#arrows tbody .number") == "$20"
    reader.go(3)
    assert reader.text("#circle-left") == ""


def test_of_a_crowd_the_largest_are_drawn_and_no_name_is_cut_by_the_edge(reader, crowd_page):
    # Of 40 orders, of 20 to 800 dollars, the last eleven join twelve: 7,700 of 16,400; the last six 4,500.
    for width, nodes, left in ((1280, 12, "$8.7 k"), (360, 7, "$11.9 k")):
        reader.size(width)
        reader.open(crowd_page)
        assert reader.js("return document.documentElement.scrollWidth") == width
        assert len(reader.all("#circle .node")) == nodes
        said = f"{left} committed. The {nodes} between whom most passes are drawn."
        assert said in reader.text("#circle-left")
        edges = reader.js(
            "const width = document.getElementById('circle').viewBox.baseVal.width;"
            "return [...document.querySelectorAll('#circle text')].map((one) => one.getBBox())"
            ".map((box) => [box.x >= 0, box.x + box.width <= width])"
        )
        assert all(all(inside) for inside in edges)
        cells = [cell.rect for cell in reader.all("#values tbody tr:first-child .number")]
        assert all(cell["x"] + cell["width"] <= width for cell in cells)


def test_a_name_from_right_to_left_turns_no_number_around(reader, crowd_page):
    reader.open(crowd_page)
    assert "\u202e" not in crowd_page.read_text(encoding="utf-8")
    gist = next(row.text for row in reader.all("#rows .gist") if "%" in row.text and "شركة" in row.text)
    assert gist.startswith("\u2068شركة")
    assert "\u2069 +" in gist


def test_where_there_is_nothing_nothing_is_drawn_and_it_is_said(reader, bare_page):
    reader.open(bare_page)
    assert reader.text("#counted") == "1 event"
    assert reader.text("#chart-remark") == "Nobody has such a figure."
    assert "No money has passed" in reader.text("#circle-remark")
    for keys in (Keys.HOME, Keys.END, Keys.ARROW_LEFT, Keys.PAGE_UP, Keys.SPACE):
        reader.keys("#strip", keys)
    for chart in ("belief", "loan", "output"):
        reader.click(f'[data-chart="{chart}"]')
    reader.click("#hide")
    assert reader.complaints() == []


def test_an_arrow_pulses_unless_motion_is_unwelcome(reader, ai_page, ai):
    reader.open(ai_page, f"#at={ai.contract - 1}")
    reader.go(ai.contract)
    assert len(reader.all("#circle .pulses circle")) == 1
    reader.media(prefers_reduced_motion="reduce")
    reader.go(ai.contract - 1).go(ai.contract)
    assert not reader.all("#circle .pulses circle")
