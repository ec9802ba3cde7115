"""Stylised facts of the loop, each with its switch on and off: ``python tests/bench/facts.py [SEEDS]``.

One JSON line a fact and setting. Statistics of a history are means over seeds with a 95 % interval; those
that need more than one history holds (tails, swings, slopes) are of all seeds together and have none. The
first setting is the story as it stands; the second has chance in prices, of 0.015 a session.
"""

import json
import sys
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from math import sqrt
from statistics import fmean, stdev

from attrs import evolve

from events.log import open_log
from narrative.analysis.measures import stylised as facts
from narrative.engine.begin import begin
from narrative.engine.run import live
from narrative.story.catalogue import find_story
from narrative.story.reader import read_story

NOISY = {"noise_daily": 0.015}
SETTINGS = {
    "as it stands": {},
    "noise": NOISY,
    "no margin calls": NOISY | {"call_ltv": 1e6},
    "no leverage": NOISY | {"pledge_use": 0.0},
    "less leverage": NOISY | {"pledge_ltv": 0.2},
    "no excitement": NOISY | {"announce_branching": 0.0},
    "neither leverage nor excitement": NOISY | {"pledge_use": 0.0, "announce_branching": 0.0},
    "no fatigue": NOISY | {"fatigue_rate": 0.0},
    "all of a step lasts": NOISY | {"lasting_share": 1.0},
    "all of a step lasts, no noise": {"lasting_share": 1.0},
    "no excitement, no noise": {"announce_branching": 0.0},
    "no followers": NOISY | {"trading_size": 0.0},
    "followers at the end of their ranges": NOISY
    | {"trading_size": 1.0, "trading_scale": 0.05, "trading_pace": 1.0},
    "no bank": NOISY | {"policy_reaction": 0.0},
}


def lived(work):
    """Index, announcements' dispersion, fatigue and reversals of a seed under a setting."""
    setting, seed = work
    story = read_story(find_story("loop"))
    known = SETTINGS[setting]
    story = evolve(
        story, parameters=tuple(evolve(p, value=known.get(p.name, p.value)) for p in story.parameters)
    )
    log = open_log(None)
    live(log, "main", begin(log, "main", story, seed=seed, cast="full", until=story.until), story.until)
    events = list(log.read("main"))
    closes = facts.sessions(events, story.until)
    return (
        facts.index(closes),
        facts.dispersion(events, story.start, story.until),
        facts.tiring(events),
        facts.reversal(events, closes),
        sum(event.kind == "MarginCall" for event in events),
    )


def lines(setting: str, lives) -> Iterator[dict]:
    """The facts of a setting."""
    each = [facts.returns(levels) for levels, *_ in lives]
    together = [value for values in each for value in values]
    yield {"fact": "margin calls a seed", **mean([life[4] for life in lives])}
    yield {
        "fact": "rise over fall, in time",
        "value": facts.slow_and_fast(facts.swings(one[0]) for one in lives),
    }
    yield {"fact": "skewness", **mean([facts.skewness(values) for values in each])}
    yield {"fact": "autocorrelation of sizes", **mean([facts.clustering(values) for values in each])}
    yield {"fact": "its decay", **mean([facts.decay(values) for values in each])}
    yield {"fact": "autocorrelation", **mean([facts.autocorrelation(values, 1) for values in each])}
    yield {"fact": "Hill exponent of losses", "value": facts.tail(together)}
    yield {"fact": "dispersion of announcements", **mean([life[1] for life in lives])}
    yield {
        "fact": "slope of steps on the number of the deal",
        "value": facts.slope([p for life in lives for p in life[2]]),
    }
    yield {
        "fact": "part lost after 60 days",
        "value": facts.lost([p for life in lives for p in life[3]]),
    }


def mean(values) -> dict:
    """The mean over seeds that have a value, and its 95 % interval."""
    known = [value for value in values if value is not None]
    if len(known) < 2:
        return {"value": None}
    half = 1.96 * stdev(known) / sqrt(len(known))
    return {
        "value": fmean(known),
        "low": fmean(known) - half,
        "high": fmean(known) + half,
        "seeds": len(known),
    }


if __name__ == "__main__":
    seeds = range(1, 1 + (int(sys.argv[1]) if len(sys.argv) > 1 else 40))
    with ProcessPoolExecutor(2) as pool:
        for setting in SETTINGS:
            lives = list(pool.map(lived, [(setting, seed) for seed in seeds], chunksize=5))
            for line in lines(setting, lives):
                print(json.dumps({"setting": setting, **line}))
