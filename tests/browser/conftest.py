"""A browser without a network, and pages to open in it."""

import json
import os
import shutil
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
from attrs import evolve
from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait
from support.crowded import crowd
from support.faulty_story import watched
from support.lives import lived
from support.tiny import ten_days

import narrative
from events.event import Draft
from events.facts import Note
from events.log import open_log

CHROMIUM, DRIVER = "/usr/bin/chromium", "/usr/bin/chromedriver"
FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
    "--proxy-server=127.0.0.1:9",  # nobody listens there: whatever asked a network would fail, and be logged
    "--force-color-profile=srgb", "--window-size=1280,900", "--hide-scrollbars",
)  # fmt: skip  # one list


class Reader:
    """Someone who looks at a page: what a test asks of a browser, in few words."""

    def __init__(self, driver):
        self.driver = driver

    def open(self, path, address=""):
        """The page as if it had just come by mail."""
        self.driver.get("about:blank")
        self.driver.get_log("browser")
        self.driver.get_log("performance")
        self.driver.get(f"{Path(path).resolve().as_uri()}{address}")
        self.still()
        return self

    def js(self, code, *args):
        return self.driver.execute_script(code, *args)

    def still(self):
        """When all that was asked for is painted."""
        self.driver.execute_async_script(
            "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => done()))"
        )
        return self

    def one(self, css):
        return self.driver.find_element(By.CSS_SELECTOR, css)

    def all(self, css):
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def text(self, css):
        """What it says; where it keeps a figure on one line is another matter."""
        return self.js(
            "return document.querySelector(arguments[0]).textContent.replaceAll('\\u00a0', ' ')", css
        )

    def click(self, css):
        # Out from under the strip that sticks to the top.
        self.js("document.querySelector(arguments[0]).scrollIntoView({block: 'center'})", css)
        self.wait(partial(self._clicked, css))
        return self.still()

    def _clicked(self, css):
        """Whether it was there to be clicked: a list that scrolls is drawn anew between two calls."""
        with suppress(StaleElementReferenceException):
            self.one(css).click()
            return True
        return False

    def keys(self, css, *keys):
        self.one(css).send_keys(*keys)
        return self.still()

    def go(self, position):
        self.js("narrative.go(arguments[0])", position)
        return self.still()

    @property
    def position(self):
        return self.js("return narrative.state.position")

    def wait(self, until, seconds=5):
        return WebDriverWait(self.driver, seconds, poll_frequency=0.02).until(lambda _: until())

    def media(self, **emulated):
        self.driver.execute_cdp_cmd(
            "Emulation.setEmulatedMedia",
            {
                "media": emulated.pop("media", ""),
                "features": [{"name": n.replace("_", "-"), "value": v} for n, v in emulated.items()],
            },
        )

    def size(self, width, height=900):
        self.driver.execute_cdp_cmd(
            "Emulation.setDeviceMetricsOverride",
            {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False},
        )

    def requests(self):
        """Every address that was asked for since the page was opened, the page's own left out."""
        asked = [json.loads(row["message"])["message"] for row in self.driver.get_log("performance")]
        addresses = [
            row["params"]["request"]["url"] for row in asked if row["method"] == "Network.requestWillBeSent"
        ]
        resources = self.js("return performance.getEntriesByType('resource').map((entry) => entry.name)")
        return [a for a in [*addresses, *resources] if not a.startswith(("file:", "about:", "data:"))]

    def complaints(self):
        """What the console was told since the page was opened."""
        return [row["message"] for row in self.driver.get_log("browser")]


@pytest.fixture(scope="session")
def driver():
    if not (Path(CHROMIUM).exists() and shutil.which(DRIVER)):
        said = "Debian's chromium and chromium-driver are not installed"
        if os.environ.get("NARRATIVE_REQUIRE_ALL"):
            pytest.fail(said)
        pytest.skip(said)
    options = Options()
    options.binary_location = CHROMIUM
    for flag in FLAGS:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    yield driver
    driver.quit()


@pytest.fixture
def reader(driver):
    """A reader at an ordinary desk; whatever a test emulated is undone."""
    found = Reader(driver)
    found.size(1280)
    found.media()
    return found


@pytest.fixture(scope="session")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("pages")


@pytest.fixture(scope="session")
def ai_page(folder):
    """ai-2025 with one of its prepared what-ifs beside it."""
    db = folder / "ai-2025.db"
    narrative.run("ai-2025", db=db)
    narrative.what_if(str(db), name="calm", from_="no-oracle-contract")
    return Path(narrative.page(str(db), output=folder / "ai.html")["page"])


class Places:
    """Where things stand in a history on a page, found by what they are."""

    def __init__(self, db):
        self.db = str(db)
        self.rows = list(narrative.log(self.db))
        self.end = len(self.rows)
        self.opened = self.by(self.rows[0]["moment"])

    def by(self, moment):
        """The last event up to a moment, or to the end of a day."""
        at = moment if "T" in moment else f"{moment}T23:59:59"
        return sum(row["moment"] <= at for row in self.rows)

    def entry(self, name):
        """The event that tells an entry of the timeline."""
        (place,) = [
            row["position"] for row in self.rows if (row["fact"].get("told") or {}).get("entry") == name
        ]
        return place

    def repriced(self, asset, cause):
        """The repricing of an asset on the news of an event."""
        (place,) = [
            row["position"]
            for row in self.rows
            if row["kind"] == "Repricing" and row["fact"]["asset"] == asset and row["causes"] == [cause]
        ]
        return place


def known(db):
    """Places of ai-2025: Oracle's report of September 2025, the surge that was read from it, the contract
    told the next day, the last event that the what-if shares with the main line, and the last of the
    moment before that.
    """
    places = Places(db)
    places.news = places.entry("ai-2025-050")
    places.surge = places.repriced("oracle", places.news)
    places.contract = places.entry("ai-2025-051")
    places.fork = narrative.diff(places.db, f"{places.db}@calm")["common"]
    places.unparted = sum(row["moment"] < places.rows[places.fork - 1]["moment"] for row in places.rows)
    return places


@pytest.fixture(scope="session")
def ai(ai_page):
    return known(ai_page.with_name("ai-2025.db"))


SEEN = {"2025-02-03": 520, "2025-02-20": 640}  # what the chip maker of `observed_page` was worth, in billions


@pytest.fixture(scope="session")
def observed_page(folder):
    """A small story with a file of observations beside it."""
    with pytest.MonkeyPatch.context() as patched:
        patched.chdir(folder)
        watched(folder, SEEN)
        narrative.run("demo", db="demo.db")
        return folder / narrative.page("demo.db", output="demo.html")["page"]


@pytest.fixture(scope="session")
def hostile_page(folder):
    """A page of a story whose every text would like to be markup."""
    db = folder / "tiny.db"
    with open_log(db) as log:
        lived(tale_of_markup(), log=log)
        head = log.head()
        note = Note(author="teacher", text=f"Look here {MARKUP}")
        about = next(e.position for e in log.read() if e.kind == "Order")
        drafts = [
            (Draft("teacher", note, "supposed"),),
            (Draft("teacher", evolve(note, text="An order."), "supposed", causes=(about,)),),
        ]
        log.append("main", head.position, head.moment + 60, drafts)
    return Path(narrative.page(str(db), output=folder / "tiny.html")["page"])


@pytest.fixture(scope="session")
def crowd_page(folder):
    """Forty actors with names of sixty letters, some from right to left."""
    return page_of(crowd(), folder / "crowd.db")


@pytest.fixture(scope="session")
def tiny_page(folder):
    """Ten days of four actors."""
    return page_of(ten_days(), folder / "ten-days.db")


@pytest.fixture(scope="session")
def bare_page(folder):
    """A history of one event: it opens, and nobody holds anything."""
    labs = (evolve(ten_days().actors[0], id=name, opening=()) for name in ("lab", "constructor"))
    return page_of(evolve(ten_days(), entries=(), actors=tuple(labs), circle=()), folder / "bare.db")


def page_of(story, db):
    with open_log(db) as log:
        lived(story, log=log)
    return Path(narrative.page(str(db), output=db.with_suffix(".html"))["page"])


MARKUP = (
    "<img src=x onerror=\"document.title='broken in'\"></script><script>document.title='broken in'</script>"
)


def tale_of_markup():
    plain = ten_days()
    words = [told_as(entry, f"{entry.id} {MARKUP}") for entry in plain.entries]
    actors = [evolve(actor, name=f"{actor.name} {MARKUP}") for actor in plain.actors]
    steps = [evolve(step, text=f"{step.text} {MARKUP}") for step in plain.circle]
    return evolve(
        plain, title=MARKUP, question=MARKUP, entries=tuple(words), actors=tuple(actors), circle=tuple(steps)
    )


def told_as(entry, words):
    told = evolve(entry.fact.told, headline=words, source=words, note=words, url=f"javascript:{words}")
    return evolve(entry, fact=evolve(entry.fact, told=told))
