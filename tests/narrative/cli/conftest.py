"""A small history as `replay` tells it, written by hand, and a small story to perform."""

from math import log
from pathlib import Path
from typing import Any

import pytest

import narrative

BN = 10**11  # a billion dollars in cents


def actor(name: str, **known: Any) -> dict[str, Any]:
    blank = (
        "valuation", "valuation_then", "belief", "belief_share", "collateral", "loan_to_value", "cash",
        "debt", "observed", "observed_on", "recorded", "recorded_on", "parts", "reported", "backlog",
        "announced", "committed", "paid", "delivered", "observed_age", "raised", "invested", "received",
    )  # fmt: skip  # one list
    spans = dict.fromkeys(("announced", "above_results", "growth", "claim", "break_even"))
    return {"name": name, "sparkline": [], "belief_spans": spans, **dict.fromkeys(blank), **known}


@pytest.fixture
def told() -> dict[str, Any]:
    unbound = dict.fromkeys(("least", "least_on", "loan_below"))
    unbound["backed"] = {"announced": None, "above_results": None}
    return {
        "story": "ai-2025",
        "title": "The AI financing loop",
        "question": "How much of what grew was output, and how much was belief borrowed against itself?",
        "edition": "1",
        "currency": "USD",
        "digits": 2,
        "branch": "main", "end": None,
        "db": "ai-2025.db",
        "position": 412,
        "moment": "2025-10-31T23:59:59",
        "digest": "ab" * 32,
        "events": 412,
        "recorded": 145,
        "modelled": 266,
        "supposed": 1,
        "observed_until": "2030-12-31",
        "observed_missing": None,
        "seen": [],
        "past": [],
        "meant": None,
        "rungs": {"announced": 2140 * BN, "committed": 934 * BN, "paid": 87 * BN, "delivered": 12 * BN},
        "usual": 0,
        "belief": {"gained": 5120 * BN, "belief": 2207 * BN, "share": 0.431},
        "rise": None,
        "circle": [
            {"step": 1, "text": "A lab announces a mega-project and the cloud company's shares jump",
             "state": "recorded", "recorded": [12, 18, 40], "modelled": [13], "supposed": []},
            {"step": 2, "text": "Value becomes collateral: the founder pledges, the company borrows",
             "state": "modelled", "recorded": [], "modelled": [14, 19], "supposed": [23]},
            {"step": 3, "text": "The chipmaker invests back in the lab", "state": "missing",
             "recorded": [], "modelled": [], "supposed": []},
        ],
        "actors": {
            "nvidia": actor("NVIDIA", valuation=4890 * BN, valuation_then=2870 * BN, belief=0.31,
                            belief_share=0.267, observed_on="2025-09-09",
                observed_age=1, observed=4920 * BN, cash=56 * BN, backlog=500 * BN,
                            debt=8 * BN, collateral=None, delivered=12 * BN,
                            sparkline=[2870 * BN, 3000 * BN, None, 3400 * BN, 4100 * BN, 4890 * BN]),
            "oracle": actor("Oracle", valuation=790 * BN, valuation_then=385 * BN, belief=0.5,
                            belief_share=0.394, cash=-10 * BN, debt=92 * BN, backlog=455 * BN,
                            collateral=88 * BN, loan_to_value=0.21,
                            sparkline=[385 * BN, 380 * BN, 400 * BN, 450 * BN, 700 * BN, 790 * BN]),
            "openai": actor("OpenAI", valuation=500 * BN, valuation_then=86 * BN, committed=900 * BN,
                            sparkline=[86 * BN, 157 * BN, 157 * BN, 300 * BN, 300 * BN, 500 * BN]),
            "swf": actor("A fund with a rather long name indeed"),
        },
        "collapse": None,
        "pledged": [
            {"actor": "oracle", "of": ["nvidia"], "collateral": 40 * BN, "belief_backed": 10 * BN,
             "loan_to_value": 0.3, "called_at": 0.6, "distance": log(2), **unbound},
            {"actor": "nvidia", "of": ["oracle"], "collateral": 30 * BN, "belief_backed": 0,
             "loan_to_value": None, "called_at": 0.35, "distance": None, **unbound},
        ],
        "repricings": [
            {"position": 205, "moment": "2025-09-10T16:00:00", "asset": "oracle", "step": 0.332,
             "recorded": None, "observed": 0.359, "error": -0.027, "fitted": True, "cause": 204,
             "headline": "Oracle reports remaining performance obligations of $455bn [up 359%]"},
            {"position": 121, "moment": "2025-05-13T16:00:00", "asset": "nvidia", "step": -0.041,
             "recorded": -0.031, "observed": None, "error": None,
             "fitted": False, "cause": 120, "headline": "Chips ordered for the Gulf"},
        ],
        "assumptions": [
            {"what": "belief_half_life_fast", "value": 5.0, "low": 1.0, "high": 20.0, "unit": "days",
             "confidence": "assumption", "source": "author", "swing": None},
            {"what": "unknown balances", "count": 9, "which": ["openai debt"]},
            {"what": "facts of low confidence", "count": 21, "which": ["x"]},
        ],
        "assumptions_by": "width",
    }  # fmt: skip  # a table of figures


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty directory to work in, with the story that `new` writes in the folder `mine`."""
    monkeypatch.chdir(tmp_path)
    narrative.new("mine")
    return tmp_path


@pytest.fixture
def lived(here: Path) -> Path:
    """The same, with the story performed into mine.db."""
    narrative.run("mine")
    return here
