"""The pictures of pages in docs/: ``python tests/browser/pictures.py`` writes them to docs/pictures/."""

import sys
import tempfile
from base64 import b64decode
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service

import narrative

sys.path.append(str(Path(__file__).parents[1]))  # for what the tests share, behind the conftest beside this
from conftest import CHROMIUM, DRIVER, FLAGS, Reader, known

FOLDER = Path(__file__).parents[2] / "docs" / "pictures"
# Name, page, address, scheme, width, and what is shown: the top to a height, or one part.
PICTURES = (
    ("page", "ai-2025", "#at={0.surge}", "light", 1280, 1120),
    ("page-branch", "ai-2025", "#at={0.contract}&branch=calm", "dark", 1280, ".chart"),
    ("page-telephone", "ai-2025", "#at={0.end}", "light", 360, 760),
    ("page-circle", "loop", "#at=420", "light", 1280, ".circle"),
)


def main() -> None:
    options = Options()
    options.binary_location = CHROMIUM
    for flag in FLAGS:
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    reader = Reader(webdriver.Chrome(options=options, service=Service(DRIVER)))
    FOLDER.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as room:
        pages = {story: page(Path(room), story) for story in ("ai-2025", "loop")}
        places = known(pages["ai-2025"].with_suffix(".db"))
        for name, story, address, scheme, width, part in PICTURES:
            reader.media(prefers_color_scheme=scheme, prefers_reduced_motion="reduce")
            reader.size(width, 900 if isinstance(part, str) else part)
            reader.open(pages[story], address.format(places)).still()
            taken(reader, FOLDER / f"{name}.webp", width, part)
    reader.driver.quit()


def page(room: Path, story: str) -> Path:
    db = room / f"{story}.db"
    narrative.run(story, db=db, seed=3 if story == "loop" else 1)
    if story == "ai-2025":
        narrative.what_if(str(db), name="calm", from_="no-oracle-contract")
    return Path(narrative.page(str(db), output=room / f"{story}.html")["page"])


def taken(reader: Reader, path: Path, width: int, part: str | int) -> None:
    clip = {"x": 0, "y": 0, "width": width, "height": part, "scale": 1}
    if isinstance(part, str):
        reader.js("document.getElementById('time').style.position = 'static'")
        box = reader.one(part).rect
        clip |= {"x": box["x"] - 12, "y": box["y"], "width": box["width"] + 24, "height": box["height"]}
    shot = reader.driver.execute_cdp_cmd(
        "Page.captureScreenshot",
        {"format": "webp", "quality": 82, "clip": clip, "captureBeyondViewport": True},
    )
    path.write_bytes(b64decode(shot["data"]))
    print(f"{path}: {path.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
