"""What a source is, by its words; and what of a story rests on memory or an aggregator."""

import pytest
from attrs import evolve
from click.testing import CliRunner
from support.tiny import balance, ten_days

import narrative
from narrative.cli import main
from narrative.story.model import Actor
from narrative.story.provenance import RANKS, rank, resting

SOURCES = {
    "CoreWeave Form S-1, 2025-03-03": "filing",
    "CoreWeave Form S-1, 2025-03-03 (memory)": "memory",
    "AMD release and Form 8-K, 2025-10-06": "filing",
    "Nvidia Q4 FY2025 results, 2025-02-26": "company",
    "SoftBank Q2 FY2025 results, 2025-11-11; Newser": "company",
    "Reuters / CoreWeave release": "company",
    "Bloomberg via The Next Web, 2026-05-29": "agency",
    "Reuters via Convina, 2025-09-10": "aggregator",
    "Oracle Form 10-Q, 2024-12-10, via quarter-results.com": "aggregator",
    "beri.net, 2026-04; HTX": "aggregator",
    "stock screener snapshot, 2024-07-31: close times count": "aggregator",
    "The Information, 2025-11-24 (memory of the public record)": "memory",
    "APnews copy": "other",  # a word, and not a part of one
    "author's choice": "other",
    "": "other",
}


@pytest.mark.parametrize("source", SOURCES)
def test_rank(source: str) -> None:
    assert rank(source) == SOURCES[source]
    assert rank(source) in RANKS


def test_what_rests_on_memory_comes_before_what_rests_on_an_aggregator() -> None:
    story = ten_days()
    weak = Actor(
        id="weak",
        name="Weak",
        opening=(
            evolve(balance("cash", 1), source="HTX, 2025"),
            evolve(balance("stake", 1, "cloud"), source="a filing (memory)"),
            evolve(balance("debt", 1), source="a filing"),
        ),
    )
    assert resting(story) == []
    assert resting(evolve(story, actors=(*story.actors, weak))) == [
        {"what": "opening", "name": "weak stake of cloud", "rank": "memory", "source": "a filing (memory)"},
        {"what": "opening", "name": "weak cash", "rank": "aggregator", "source": "HTX, 2025"},
    ]


def test_check_lists_them_where_asked() -> None:
    plain, asked = (CliRunner().invoke(main, ["check", "ai-2025", *more]) for more in ([], ["--sources"]))
    assert (plain.exit_code, asked.exit_code) == (0, 0)
    *listed, last = asked.stdout.splitlines()
    assert plain.stdout.splitlines() == [last]
    assert "memory: opening oracle cash" not in plain.stdout
    assert listed
    assert {line.partition(":")[0] for line in listed} == {"memory", "aggregator"}
    assert len(narrative.check("ai-2025", sources=True).sources) == len(listed)
    assert "sources" not in narrative.check("ai-2025")
