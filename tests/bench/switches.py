"""What each switch of the loop does: ``python tests/bench/switches.py [SEEDS]``, one JSON line an effect.

Every prepared what-if of the story that sets parameters from the opening on is lived beside the story
itself over the same seeds; the figure is the mean difference with its 95 % interval, whichever way it goes.
"""

import json
import sys
import tomllib

from events.log import open_log
from narrative.analysis.history import History
from narrative.engine.begin import begin
from narrative.engine.run import live
from narrative.story.catalogue import find_story
from narrative.story.reader import read_story
from narrative.story.supposition import Supposed
from narrative.weighing.crew import Crew, Lost, hired
from narrative.weighing.ensemble import BASE, Arm, Outcome, divided, lived, members
from narrative.weighing.tails import cut
from narrative.weighing.tally import Tally


def whole(found: list[Outcome] | Lost) -> list[Outcome]:
    """Outcomes of a part. A part that was lost would make the table another's."""
    if isinstance(found, Lost):
        raise SystemExit(found.said)
    return found


if __name__ == "__main__":
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    folder = find_story("loop")
    story = read_story(folder)
    files = sorted((folder / "what-ifs").glob("*.toml"))
    arms = [Arm(name=BASE, supposed=Supposed())]
    for file in files:
        asked = tomllib.loads(file.read_text(encoding="utf-8"))
        if asked.keys() <= {"question", "set"}:
            arms.append(Arm(name=file.stem, supposed=Supposed(set=asked["set"])))
    with open_log(None) as log:
        live(log, "main", begin(log, "main", story, seed=1, cast="full", until=story.start), story.start)
        before = cut(History(log, "main", ""), story.start, story.until)
    crowd = members(seeds, {})
    tally = Tally(arms=arms, members=crowd)
    works = divided(before, arms, crowd)
    with hired(Crew(workers=2)) as hands:
        hands.work(lived, works, lambda place, found: tally.take(whole(found)), lambda: None)
    for arm, _, (measure, of), effect in tally.effects():
        if of is None:
            part = effect.difference / effect.base if effect.base else None
            line = {"switch": arm, "measure": measure, "base": effect.base, "pairs": effect.pairs}
            line |= {"difference": effect.difference, "low": effect.low, "high": effect.high, "part": part}
            print(json.dumps(line))
