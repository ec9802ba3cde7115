"""The page as a reader meets it: opened from a file, with no network."""

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys


def test_it_opens_from_a_file_and_asks_nothing_of_any_network(reader, ai_page):
    reader.open(ai_page)
    assert reader.text("h1") == "The AI financing loop, 2024 to 2026"
    reader.keys("#strip", Keys.HOME, Keys.PAGE_UP, Keys.ARROW_RIGHT)
    assert reader.requests() == []
    assert reader.complaints() == []


def test_the_scrubber_goes_by_keys(reader, ai_page):
    reader.open(ai_page, "#at=251")
    for keys, there in (
        ((Keys.ARROW_RIGHT,), 252),
        ((Keys.ARROW_LEFT, Keys.ARROW_LEFT), 250),
        ((Keys.HOME,), 1),
        ((Keys.END,), 515),
        ((Keys.PAGE_DOWN,), 515 - 26),
    ):
        reader.keys("#strip", *keys)
        assert reader.position == there


def test_the_scrubber_goes_by_mouse_and_snaps_to_an_event(reader, ai_page):
    reader.open(ai_page)
    strip = reader.one("#strip")
    ActionChains(reader.driver).move_to_element(strip).click().perform()
    reader.still()
    middle = reader.position
    assert 90 < middle < 350
    assert reader.js(
        "return narrative.state.moment === narrative.histories[0].moment[narrative.state.position - 1]"
    )
    ActionChains(reader.driver).click_and_hold(strip).move_by_offset(200, 0).release().perform()
    reader.still()
    assert reader.position > middle
