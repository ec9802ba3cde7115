"""A good story, and copies of it with a fault put in."""

from collections.abc import Mapping
from pathlib import Path

from narrative.story.faults import Fault
from narrative.story.template import starting_files
from narrative.whatif.check import check_story

OBSERVED = """\
[[observation]]
date = 2025-02-03
actor = "chipmaker"
kind = "market_value"
value = 520
unit = "USD bn"
source = "a paper"
confidence = "high"
event_ids = ["plan"]
"""
GOOD = {**starting_files("demo"), "observed.toml": OBSERVED}


def written(folder: Path, *edits: tuple[str, str, str]) -> Path:
    """A good story with texts replaced, each (file, old, new) once."""
    files = dict(GOOD)
    for file, old, new in edits:
        assert old in files[file], f"{old!r} is not in {file}"
        files[file] = files[file].replace(old, new, 1)
    story = folder / "demo"
    story.mkdir()
    for name, text in files.items():
        (story / name).write_text(text)
    return story


def watched(folder: Path, values: Mapping[str, int]) -> Path:
    """A good story whose chip maker was worth so many billions on those days."""
    rows = [
        OBSERVED.replace("2025-02-03", day).replace("520", str(value)).replace('event_ids = ["plan"]\n', "")
        for day, value in values.items()
    ]
    return written(folder, (OBS, OBSERVED, "\n".join(rows)))


def line_in(story: Path, file: str, text: str) -> int:
    whole = (story / file).read_text()
    return whole[: whole.index(text)].count("\n") + 1


def faults(folder: Path, *edits: tuple[str, str, str]) -> tuple[Path, tuple[Fault, ...]]:
    story = written(folder, *edits)
    return story, check_story(story)


T, R, OBS = "timeline.toml", "replay.toml", "observed.toml"
