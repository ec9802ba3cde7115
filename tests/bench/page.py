"""Pages: ``python tests/bench/page.py``. One JSON line a figure; bars are those of design section 9.

The page of ai-2025 with a what-if beside it, and one of 100,000 events, in Debian's Chromium from a
file: how large, how soon usable, what a step of the scrubber costs. Each is opened five times, the
median told.
"""

import json
import sys
import tempfile
from pathlib import Path
from statistics import median
from time import perf_counter

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

import narrative

sys.path.insert(0, str(Path(__file__).parents[1]))
from support.long_history import lengthy  # of the tests' own support

STEPS = 300
# How long the painting of a step took, over steps to the next event and jumps to any.
SCRUB = """
const [stride, done] = arguments;
const length = narrative.histories[0].length;
narrative.spent.length = 0;
let step = 0;
const next = () => {
  if (step++ >= STEPS) return done([...narrative.spent]);
  narrative.go(1 + (Math.floor(length / 2) + step * stride) % length);
  requestAnimationFrame(next);
};
next();
""".replace("STEPS", str(STEPS))
# Frames in a second of steps, one a frame.
FRAMES = """
const done = arguments[0];
const began = performance.now();
let frames = 0;
const next = () => {
  if (performance.now() - began >= 1000) return done(frames);
  narrative.go(100 + frames++);
  requestAnimationFrame(next);
};
next();
"""


def say(what: str, figure: float, unit: str, **more: object) -> None:
    print(json.dumps({"what": what, "figure": round(figure, 4), "unit": unit, **more}), flush=True)


def browser() -> webdriver.Chrome:
    options = Options()
    options.binary_location = "/usr/bin/chromium"
    for flag in ("--headless=new", "--no-sandbox", "--disable-gpu", "--window-size=1280,900"):
        options.add_argument(flag)
    return webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))


def looked_at(driver: webdriver.Chrome, name: str, path: Path) -> None:
    usable = []
    for _ in range(5):
        driver.get("about:blank")
        driver.get(path.resolve().as_uri())
        driver.execute_async_script("requestAnimationFrame(() => requestAnimationFrame(arguments[0]))")
        usable.append(driver.execute_script("return narrative.ready"))
    say(f"{name}: usable after", median(usable) / 1000, "s", bar=1.0, most=round(max(usable) / 1000, 3))
    for stride, what in ((1, "to the next event"), (7_919, "to any event")):
        spent = sorted(driver.execute_async_script(SCRUB, stride))
        late = spent[int(len(spent) * 0.9)]
        say(f"{name}: a step {what}", median(spent), "ms", bar=4.0, ninth_decile=round(late, 2))
    say(f"{name}: steps", driver.execute_async_script(FRAMES), "frames/s")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        ai, long = room / "ai-2025.db", lengthy(room / "long.db", 100_000)
        narrative.run("ai-2025", db=ai)
        narrative.what_if(str(ai), name="calm", from_="no-oracle-contract")
        driver = browser()
        for name, db in (("ai-2025", ai), ("100,000 events", long)):
            start = perf_counter()
            made = narrative.page(str(db), output=db.with_suffix(".html"))
            say(f"{name}: written in", perf_counter() - start, "s")
            say(f"{name}: page", made["bytes"] / 1e6, "MB", bar=1.5 if db == ai else None)
            looked_at(driver, name, Path(made["page"]))
        driver.quit()


if __name__ == "__main__":
    main()
