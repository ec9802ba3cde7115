"""What each switch of the loop does: ``python tests/bench/switches.py [SEEDS]``, one JSON line an effect.

Every prepared what-if of the story that sets parameters from the opening on is lived beside the story
itself over the same seeds; the figure is the mean difference with its 95 % interval, whichever way it goes.
"""

import json
import sys
import tomllib
from concurrent.futures import ProcessPoolExecutor

from narrative.analysis.ensemble import effects
from narrative.story.catalogue import find_story
from narrative.story.reader import read_story
from narrative.story.supposition import Supposed

if __name__ == "__main__":
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    folder = find_story("loop")
    story = read_story(folder)
    files = sorted((folder / "what-ifs").glob("*.toml"))
    asked = {file.stem: tomllib.loads(file.read_text(encoding="utf-8")) for file in files}
    supposed = {
        name: Supposed(set=one["set"]) for name, one in asked.items() if one.keys() <= {"question", "set"}
    }
    with ProcessPoolExecutor(2) as pool:
        found = effects(story, supposed, range(1, seeds + 1), pool)
    for name, measures in found.items():
        for effect in measures:
            part = effect.difference / effect.base if effect.base else None
            line = {"switch": name, "measure": effect.measure, "base": effect.base, "pairs": effect.pairs}
            line |= {"difference": effect.difference, "low": effect.low, "high": effect.high, "part": part}
            print(json.dumps(line))
