"""The page as a reader meets it: opened from a file, with no network."""

from datetime import date
from functools import partial
from itertools import pairwise
from math import expm1

import pytest
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys
from support.long_history import lengthy

import narrative
from narrative.cli.screen import finding
from narrative.text.numbers import change, money, share


def test_with_a_what_if_beside_it_it_weighs_what_a_telephone_bears(ai_page):
    assert ai_page.stat().st_size < 1_500_000


def test_it_opens_from_a_file_and_asks_nothing_of_any_network(reader, ai_page):
    reader.open(ai_page)
    assert reader.text("h1") == "The AI financing loop, 2024 to 2026"
    reader.keys("#strip", Keys.HOME, Keys.PAGE_UP, Keys.ARROW_RIGHT)
    assert reader.requests() == []
    assert reader.complaints() == []


def test_a_request_that_somebody_plants_is_forbidden(reader, ai_page):
    reader.open(ai_page)
    reader.js("document.body.append(Object.assign(new Image(), {src: 'https://example.org/x.png'}))")
    reader.wait(lambda: any("Content Security Policy" in said for said in reader.complaints()))


# --- time ---------------------------------------------------------------------------------------


def test_the_scrubber_goes_by_keys(reader, ai_page, ai):
    reader.open(ai_page, f"#at={ai.surge}")
    for keys, there in (
        ((Keys.ARROW_RIGHT,), ai.surge + 1),
        ((Keys.ARROW_LEFT, Keys.ARROW_LEFT), ai.surge - 1),
        ((Keys.HOME,), 1),
        ((Keys.END,), ai.end),
        ((Keys.PAGE_DOWN,), ai.end - round(ai.end / 20)),
    ):
        reader.keys("#strip", *keys)
        assert reader.position == there


def test_shift_and_an_arrow_go_by_the_day_or_to_the_next_event(reader, ai_page, ai):
    reader.open(ai_page, f"#at={ai.surge}")  # 2025-09-09, 17:05
    reader.keys("#strip", Keys.SHIFT, Keys.ARROW_RIGHT)
    assert reader.position == ai.by("2025-09-10T17:05:00") > ai.surge + 2
    friday = ai.by("2025-09-12")  # the next word comes on Monday
    reader.go(friday)
    reader.keys("#strip", Keys.SHIFT, Keys.ARROW_RIGHT)
    assert reader.position == friday + 1
    assert ai.by("2025-09-14T15:59:58") == friday


def test_the_scrubber_goes_by_mouse_and_snaps_to_an_event(reader, ai_page, ai):
    reader.open(ai_page)
    strip = reader.one("#strip")
    ActionChains(reader.driver).move_to_element(strip).click().perform()
    reader.still()
    middle = reader.position
    assert ai.by("2025-06-30") < middle < ai.by("2025-09-30")  # of two years to July 2026
    at = "return narrative.state.moment - narrative.histories[0].moment[narrative.state.position - 1]"
    assert reader.js(at) == 0
    ActionChains(reader.driver).click_and_hold(strip).move_by_offset(200, 0).release().perform()
    reader.still()
    assert reader.position > middle
    assert reader.js(at) == 0


def test_the_slider_tells_its_value_in_words(reader, ai_page, ai):
    reader.open(ai_page, f"#at={ai.surge}")
    strip = reader.one("#strip")
    said = strip.get_attribute("aria-valuetext")
    step = change(
        expm1(sum(ai.rows[ai.surge - 1]["fact"][part] for part in ("fast", "slow", "lasting")) / 1e9)
    )
    assert said == f"9 September 2025, event {ai.surge:,} of {ai.end:,}: Oracle {step}"
    assert strip.get_attribute("aria-valuenow") == str(ai.surge)
    assert strip.get_attribute("aria-valuemax") == str(ai.end)


def test_it_plays_and_pauses(reader, ai_page, ai):
    reader.open(ai_page, "#at=100")
    reader.js("document.getElementById('pace').value = 3")  # 100 events a second
    reader.click("#play")
    reader.wait(lambda: reader.position > 110)
    reader.js("document.getElementById('play').click()")  # on a slow machine the mouse may miss what moves
    there = reader.still().position
    reader.still().still()
    assert reader.position == there < ai.end
    reader.go(ai.end - 15)
    reader.js("document.getElementById('pace').value = 7")  # a year a second, as the calendar ran
    reader.click("#play")
    reader.wait(lambda: reader.position == ai.end, 20)
    reader.wait(lambda: reader.text("#play") == "Play")


def test_playing_lingers_on_what_is_large_and_passes_over_none_of_it(reader, ai_page, ai):
    reader.open(ai_page, f"#at={ai.surge - 3}")
    large = reader.js("return narrative.largeIn(narrative.histories[0])")
    assert len(large) == 12  # the six largest repricings and the six largest sums; nobody defaults here
    halt = next(position for position in large if position > ai.surge - 3)
    reader.js("document.getElementById('pace').value = 7; document.getElementById('play').click()")
    reader.wait(lambda: reader.position == halt)
    began = reader.js("return performance.now()")
    reader.wait(lambda: reader.position > halt)
    assert 300 < reader.js("return performance.now()") - began < 2_000
    following = next((position for position in large if position > halt), None)
    reader.wait(lambda: reader.position == following)
    reader.js("document.getElementById('play').click()")


def test_the_future_is_veiled_and_greyed(reader, ai_page, ai):
    reader.open(ai_page, f"#at={ai.surge}")
    assert reader.all(".row.later")
    veil, plot = (reader.one(css).rect for css in (".u-over .veil", ".u-over"))
    marker = reader.one(".u-over .marker").rect
    assert abs(veil["x"] - marker["x"]) < 4
    assert veil["x"] + veil["width"] >= plot["x"] + plot["width"]


def test_what_is_hidden_is_nowhere_until_it_is_revealed(reader, ai_page, ai):
    before = ai.news - 1
    later = narrative.log(ai.db, since=ai.news)
    headlines = {row["fact"]["told"]["headline"] for row in later if row["fact"].get("told")}
    assert len(headlines) > 50
    reader.open(ai_page, f"#at={before}")
    assert any(headline in reader.text("body") for headline in headlines if headline in reader.text("#rows"))
    reader.click("#hide")
    for _ in range(3):
        seen = reader.js("return document.body.innerText")
        assert not [headline for headline in headlines if headline in seen]
        assert f"of {ai.end:,}" not in seen
        assert not reader.all(".row.later")
        reader.keys("#strip", Keys.ARROW_LEFT)
    opaque = "return getComputedStyle(document.querySelector(arguments[0])).opacity"
    assert reader.js(opaque, ".u-over .veil") == reader.js(opaque, "#strip-veil") == "1"
    assert reader.text("#hide") == "Reveal the future"
    reader.click("#hide")
    assert reader.all(".row.later")
    assert reader.position == before - 3


# --- figures ------------------------------------------------------------------------------------


def test_the_page_says_what_replay_says(reader, ai_page, ai):
    ends = [one["position"] for one, after in pairwise(ai.rows) if one["moment"] != after["moment"]]
    reader.open(ai_page)
    for position in (*ends[1 :: len(ends) // 9], ai.end):  # a moment is shown whole
        told = narrative.replay(ai.db, at=None if position == ai.end else f"#{position}")
        reader.go(position)
        assert reader.text("#finding") == finding(told)
        for rung, row in zip(told["rungs"], reader.all("#rungs tbody tr"), strict=True):
            assert row.text.split("\n")[0] == f"{rung} {money(told['rungs'][rung], told)}"
        for actor, found in told["actors"].items():
            cells = [cell.text for cell in reader.all(f'#values [data-actor="{actor}"] .number')]
            if cells:
                observed = found["observed"]
                seen = "no observation" if observed is None else f"{money(observed, told)} observed"
                if found["recorded"] is not None:
                    day = date.fromisoformat(found["recorded_on"])
                    seen = f"{money(found['recorded'], told)}, {day.day} {day:%b %Y}"
                assert cells == [money(found["valuation"], told), seen]


def test_what_was_observed_of_a_step_stands_with_its_day(reader, ai_page, ai):
    """SoftBank's share rose by 10.6 % on 22 January 2025 (Fast Company), held against a day before."""
    sql = (
        "SELECT r.position FROM Repricing r JOIN causes c ON c.position = r.position "
        "JOIN events e ON e.position = c.cause WHERE e.entry = 'ai-2025-009b' AND r.asset = 'softbank'"
    )
    (row,) = narrative.query(ai.db, sql)
    step = row["position"]
    reader.open(ai_page)
    reader.go(step)
    assert "10.6 % on 22 Jan 2025, error" in reader.text("#why").replace("\xa0", " ")


def test_closes_are_no_rows_of_the_list_unless_they_are_asked_for(reader, ai_page, ai):
    reader.open(ai_page)
    kinds = [event["kind"] for event in narrative.log(ai.db)]
    rest = sum(kind not in ("Quote", "Residual") for kind in kinds)
    assert reader.text("#counted") == f"{rest} of {len(kinds):,} events"
    reader.js(
        "const box = document.getElementById('kinds');"
        "box.value = [...box.options].find((one) => one.text === 'Quote').value;"
        "box.dispatchEvent(new Event('input'))"
    )
    reader.still()
    assert reader.text("#counted").startswith(f"{kinds.count('Quote'):,} of ")
    assert " closes at $" in reader.text("#rows")


def test_every_chart_has_its_table(reader, ai_page, ai):
    told = narrative.replay(ai.db, at=f"#{ai.surge}")["actors"]["oracle"]
    reader.open(ai_page, f"#at={ai.surge}")
    for chart, expected in (
        ("belief", [share(told["belief_share"])]),
        ("output", [money(told["backlog"], {"currency": "USD", "digits": 2}), "–"]),
    ):
        reader.click(f'[data-chart="{chart}"]')
        cells = [cell.text for cell in reader.all('#values [data-actor="oracle"] .number')]
        assert cells == expected
    reader.click('[data-chart="loan"]')
    assert [row.get_attribute("data-actor") for row in reader.all("#values tbody tr")] == ["softbank"]


def test_actors_are_put_on_the_chart_and_taken_off(reader, ai_page, ai):
    reader.open(ai_page, f"#at={ai.surge}")
    assert "Meta" not in reader.text(".labels")
    reader.click('#values [data-actor="meta"] input')
    assert "Meta" in reader.text(".labels")
    assert reader.text("#chart-title") == "Market value, linear"
    reader.click("#scale")
    assert reader.text("#chart-title") == "Market value, logarithmic"
    reader.wait(lambda: "scale=log" in reader.js("return location.hash"))


# --- list and trail -----------------------------------------------------------------------------


def test_list_and_scrubber_are_one_thing(reader, ai_page, ai):
    reader.open(ai_page, f"#at={ai.surge}")
    listed = [row["position"] for row in ai.rows if row["kind"] not in ("Quote", "Residual")]
    here = listed.index(ai.surge)
    for position in (listed[here - 9], 12, listed[-1], ai.surge):
        reader.go(position)
        # Asked in one call, and again: a list that scrolls is drawn once more a frame later.
        seen = (
            "const row = document.querySelector('.row.current'), list = document.getElementById('events');"
            "const [inner, outer] = [row, list].map((one) => one && one.getBoundingClientRect());"
            "return Boolean(row) && row.dataset.position === arguments[0]"
            " && outer.top <= inner.top && inner.bottom <= outer.bottom + 1"
        )
        assert reader.wait(partial(reader.js, seen, str(position)))
    assert len(reader.all(".row")) < 20  # of thousands: only what can be seen
    reader.click(f'.row[data-position="{listed[here + 1]}"]')
    assert reader.position == listed[here + 1]
    reader.keys("#events", Keys.ARROW_DOWN)
    assert reader.position == listed[here + 2]


def test_the_list_is_filtered(reader, ai_page, ai):
    reader.open(ai_page, f"#at={ai.end}")
    reader.keys("#words", "stargate")
    assert f"of {ai.end:,} events" in reader.text("#counted")
    assert all("targate" in row.text for row in reader.all(".row"))
    reader.js(
        "document.getElementById('words').value = ''; const kinds = document.getElementById('kinds');"
        "kinds.value = [...kinds.options].find((one) => one.text === 'Order').value;"
        "kinds.dispatchEvent(new Event('input'))"
    )
    orders = sum(row["kind"] == "Order" for row in ai.rows)
    assert orders > 20
    assert reader.still().text("#counted") == f"{orders} of {ai.end:,} events"
    assert {row.text.split("\n")[0] for row in reader.all(".row .meta b")} == {"Order"}


def test_a_repricing_is_followed_to_its_announcement_and_back(reader, ai_page, ai):
    reader.open(ai_page, f"#at={ai.surge}")
    why = reader.text("#why")
    assert reader.one("#strip").get_attribute("aria-valuetext").rpartition("Oracle ")[2] in why
    reader.click(f'#why [data-to="{ai.news}"]')
    assert reader.position == ai.news
    why = reader.text("#why")
    assert "Oracle reports a backlog of 455 billion" in why
    assert "Confidence" in why
    assert "Source" in why
    assert reader.one(".row.current").get_attribute("data-position") == str(ai.news)
    assert "effect" in reader.one(f'.row[data-position="{ai.surge}"]').get_attribute("class")
    assert reader.all(".trail .effect")
    reader.click(f'#why [data-to="{ai.surge}"]')
    assert reader.position == ai.surge
    reader.js("history.back()")
    reader.wait(lambda: reader.position == ai.news)


# --- branches and addresses ---------------------------------------------------------------------


def test_branches_are_switched_and_set_beside_the_main_line(reader, ai_page, ai):
    reader.open(ai_page, f"#at={ai.by('2025-10-30')}")
    moment = reader.js("return narrative.state.moment")
    reader.click('[data-branch="1"]')
    assert "one contract with OpenAI?" in reader.text("#lines [aria-pressed=true]")
    assert reader.js("return narrative.state.moment") == moment
    assert "shaded: the gap" in reader.text("#chart-legend")
    iso = reader.js("return new Date(narrative.state.moment * 1000).toISOString().slice(0, 19)")
    both = [narrative.replay(f"{ai.db}{branch}", at=iso) for branch in ("", "@calm")]
    row = next(row.text for row in reader.all("#differences tbody tr") if row.text.startswith("Oracle value"))
    assert row == "Oracle value " + " ".join(money(one["actors"]["oracle"]["valuation"], one) for one in both)
    assert reader.text("#finding") == finding(both[1])
    reader.click("#first-divergence")
    assert reader.position == ai.fork + 1
    assert "▲" in reader.text(".row.current")
    reader.keys("#which", "m")  # main
    assert reader.js("return narrative.state.branch") == 0
    reader.click('[data-branch="1"]')
    assert reader.js("return document.getElementById('which').value") == "1"


def test_the_address_brings_back_what_was_looked_at(reader, ai_page, ai):
    digests = reader.open(ai_page).js("return narrative.histories.map((one) => one.digest.slice(0, 8))")
    address = f"#at={ai.surge}&branch=calm&chart=belief&show=oracle.nvidia&future=hidden&of={digests[1]}"
    reader.open(ai_page, address)
    state = reader.js("return narrative.state")
    assert (state["branch"], state["position"], state["chart"]) == (1, ai.surge, "belief")
    assert (state["actors"], state["hidden"]) == (["oracle", "nvidia"], True)
    reader.go(ai.surge - 1)
    reader.wait(
        lambda: reader.js("return location.hash") == address.replace(f"={ai.surge}", f"={ai.surge - 1}")
    )
    reader.click("#hide")
    reader.click('[data-branch="0"]')
    reader.click('[data-chart="valuation"]')
    reader.go(120)
    reader.wait(lambda: reader.js("return location.hash") == f"#at=120&show=oracle.nvidia&of={digests[0]}")
    there = reader.js("return location.hash")
    reader.open(ai_page, there)
    assert reader.position == 120


def test_an_address_of_nothing_opens_the_page_all_the_same(reader, ai_page, ai):
    reader.open(ai_page, "#at=99999999&branch=none&chart=x&show=nobody.oracle&scale=up")
    assert reader.position == ai.end
    assert reader.js("return narrative.state.actors") == ["oracle"]
    assert reader.complaints() == []
    assert "a branch that is not here" in reader.one("#notice").text


def test_a_link_of_another_version_says_so(reader, ai_page, ai):
    digest = reader.open(ai_page).js("return narrative.histories[0].digest.slice(0, 8)")
    reader.open(ai_page, f"#at={ai.surge}&of={digest}")
    assert not reader.one("#notice").is_displayed()
    reader.open(ai_page, f"#at={ai.surge}&of=01234567")
    assert reader.position == ai.surge
    assert "another version of this history" in reader.one("#notice").text


# --- for everyone -------------------------------------------------------------------------------


def test_text_from_a_timeline_is_never_markup(reader, hostile_page):
    reader.open(hostile_page)
    assert reader.text("h1").startswith("<img src=x onerror=")
    for position in range(1, reader.position + 1):
        reader.go(position)
        assert not reader.all("img, #why a")  # a script's address is no link
    assert reader.js("return document.title").startswith("<img src=x")
    assert len(reader.all("script")) == 3
    assert reader.complaints() == []


def test_a_link_says_where_it_leads(reader, ai_page):
    reader.open(ai_page)
    for url, href, text in (
        ("https://sec.gov@example.org/a", "https://sec.gov@example.org/a", "example.org"),
        ("HTTPS://www.sec.gov/x?y", "https://www.sec.gov/x?y", "sec.gov"),
        ("javascript:alert(1)", None, "javascript:alert(1)"),
        (" java\nscript:alert(1)", None, " java\nscript:alert(1)"),
        ("data:text/html,x", None, "data:text/html,x"),
        ("nowhere", None, "nowhere"),
    ):
        made = (
            "const made = narrative.link(arguments[0]); return [made.getAttribute('href'), made.textContent]"
        )
        assert reader.js(made, url) == [href, text]


def test_notes_are_captions_of_what_they_are_about(reader, hostile_page):
    reader.open(hostile_page)
    assert reader.text("#caption-text").startswith("Look here <img")
    assert "teacher" in reader.text("#caption-by")
    reader.click("#caption-back")
    assert reader.text("#caption-text") == "An order."
    assert reader.text("#why b") == "Order"
    assert "An order. (teacher)" in reader.text("#why dl")
    assert "Note" not in reader.text("#why .chain")
    reader.go(3)
    assert reader.text("#caption-text") == "The first caption is still to come."
    reader.click("#hide")
    assert not reader.one("#caption").is_displayed()
    reader.click("#hide")
    reader.click("#caption-on")
    assert reader.text("#caption-text") == "An order."


def test_keys_reach_everything_and_the_focus_is_seen(reader, ai_page):
    reader.open(ai_page)
    ActionChains(reader.driver).send_keys(Keys.TAB).perform()
    assert reader.js("return document.activeElement.id") == "skip"
    ActionChains(reader.driver).send_keys(Keys.ENTER).perform()
    assert reader.js("return document.activeElement.id") == "events"
    reached = []
    reader.js("document.activeElement.blur(); window.scrollTo(0, 0)")
    reader.js("document.getElementById('skip').focus()")
    for _ in range(14):
        ActionChains(reader.driver).send_keys(Keys.TAB).perform()
        reached.append(reader.js("return document.activeElement.id"))
        assert reader.js("return getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert reached[:8] == ["which", "hide", "theme", "back", "play", "forth", "pace", "strip"]


def test_no_page_is_wider_than_a_telephone(reader, ai_page, hostile_page, ai):
    reader.size(360, 740)
    for page in (ai_page, hostile_page):
        reader.open(page, f"#at={ai.by('2025-10-30')}")
        for chart in ("belief", "output", "valuation"):
            if reader.one(f'[data-chart="{chart}"]').is_displayed():
                reader.click(f'[data-chart="{chart}"]')
            assert reader.js("return document.documentElement.scrollWidth") == 360


def test_it_prints_without_its_handles(reader, ai_page, ai):
    reader.open(ai_page, f"#at={ai.surge}")
    reader.media(media="print")
    for css, shown in (
        ("#strip", False),
        ("#play", False),
        ("#date", True),
        ("#hide", False),
        ("#finding", True),
        (".uplot", True),
        ("#foot", True),
    ):
        assert reader.one(css).is_displayed() is shown
    reader.js(
        "document.documentElement.dataset.theme = 'dark'; window.dispatchEvent(new Event('beforeprint'))"
    )
    assert reader.js("return document.documentElement.dataset.theme") == "light"
    reader.js("window.dispatchEvent(new Event('afterprint'))")
    assert reader.js("return document.documentElement.dataset.theme") == "dark"
    assert "narrative page ai-2025.db -o ai.html" in reader.text("#citation")
    assert "edition 1" in reader.text("#citation")


def test_what_is_meant_by_a_colour_is_seen_where_colours_are_forced(reader, ai_page, ai):
    reader.media(forced_colors="active", prefers_color_scheme="dark")
    reader.open(ai_page, f"#at={ai.by('2025-10-30')}&branch=calm")
    seen = "return getComputedStyle(document.querySelector(arguments[0])).getPropertyValue(arguments[1])"
    for css, what in (
        ("#hand", "background-color"),
        (".row.current", "background-color"),
        ('#lines [aria-pressed="true"]', "background-color"),
        (".dots i", "background-color"),
        (".bar.base", "background-color"),
    ):
        assert reader.js(seen, css, what) not in ("rgb(0, 0, 0)", "rgba(0, 0, 0, 0)")


def test_a_low_window_is_not_filled_by_the_strip(reader, ai_page):
    position = "return getComputedStyle(document.getElementById('time')).position"
    reader.open(ai_page)
    assert reader.js(position) == "sticky"
    reader.size(640, 360)  # 1280 by 720 at twice the size
    assert reader.js(position) == "static"
    assert reader.js("return document.documentElement.scrollWidth") == 640


def test_it_follows_the_readers_light_and_can_be_told(reader, ai_page):
    for scheme, name in (("dark", "Light"), ("light", "Dark")):
        reader.media(prefers_color_scheme=scheme)
        reader.open(ai_page)
        assert reader.js("return document.documentElement.dataset.theme") == scheme
        assert reader.text("#theme") == name
    reader.click("#theme")
    assert reader.js("return document.documentElement.dataset.theme") == "dark"


@pytest.mark.slow
def test_a_hundred_thousand_events_are_drawn_as_far_as_they_can_be_seen(reader, folder):
    db = lengthy(folder / "long.db", 100_000)
    made = narrative.page(str(db), output=folder / "long.html")
    reader.open(made["page"])
    end = reader.position
    assert end == made["events"] > 100_000
    assert "are left out for size" in reader.text("#weak")
    for position in (60_000, 1, end):
        reader.go(position)
        assert reader.one(".row.current").get_attribute("data-position") == str(position)
        assert len(reader.all(".row")) < 20
    reader.keys("#words", "pays")
    assert reader.text("#counted") == "25,000 of 100,019 events"
    assert reader.complaints() == []
