"""The rank of a source, by the words that name it: a filing, a company, an agency, an aggregator, or memory.

A filing goes before what a company says itself, that before an agency or a paper that asked, and that
before a page that sums up what others wrote. A source of which no page was read says "memory", whatever
else it names. The best of those named counts, but what was read "via" an aggregator rests on that. What
is not known here is "other", and says nothing either way.
"""

import re
from collections.abc import Iterator
from typing import Any

from narrative.story.model import Story

RANKS = ("filing", "company", "agency", "aggregator", "memory", "other")
WEAK = ("aggregator", "memory")  # what had better be looked up
# Pages that hand on or sum up what others wrote, and services that hand out figures of others.
AGGREGATORS = (
    "AInvest", "American Courant", "Analytics Insight", "AsianFin", "Benzinga", "Bitdigest", "Convina",
    "Cryptopolitan", "Discover Headlines", "FactorPulse", "Finquest", "Fintool", "Geomean", "Grokipedia",
    "HTX", "Infofina", "Newser", "News4Bharat", "Particle", "Pepperstone", "Republic World",
    "SecWatch", "Stocktitan", "TIKR", "TokenRing", "Webull", "Yahoo Finance", "Zacks", "ainexusnomics",
    "beri.net", "gostickers.us", "inkl", "quarter-results.com", "stock screener", "ts2.tech",
)  # fmt: skip  # one list
AGENCIES = (
    "AFP", "AP", "Barron's", "Bloomberg", "Business Insider", "CNBC", "Economic Times", "Financial Times",
    "Guardian", "Hollywood Reporter", "Mint", "New York Times", "Reuters", "Semafor", "TechCrunch",
    "The Information", "The Register", "Wall Street Journal",
)  # fmt: skip  # one list
COMPANIES = (
    "announcement", "announcements", "blog", "call", "commentary", "keynote", "materials", "post", "release",
    "releases", "results", "statement", "statements",
)  # fmt: skip  # words for what a company, or an authority, says itself
FILINGS = (
    "10-K", "10-Q", "13F", "424B4", "6-K", "8-K", "DEF 14A", "S-1", "filing", "prospectus", "FOMC",
    "executive order",
)  # fmt: skip  # words for what is filed or decreed


def _words(names: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, names))})(?![\w-])")


_BY_WORDS = tuple(zip(RANKS, map(_words, (FILINGS, COMPANIES, AGENCIES, AGGREGATORS)), strict=False))
_MEMORY = re.compile(r"\bmemory\b", re.IGNORECASE)


def rank(source: str) -> str:
    """The rank of a source, one of RANKS.

    >>> rank("Oracle Form 10-Q, 2024-12-10"), rank("Oracle Form 10-Q, 2024-12-10, via quarter-results.com")
    ('filing', 'aggregator')
    >>> rank("Bloomberg, 2025-10-07; Newser"), rank("Arm prospectus, 2023-09 (memory)"), rank("a newspaper")
    ('agency', 'memory', 'other')
    """
    if _MEMORY.search(source):
        return "memory"
    found = [_of(part) for part in re.split(r";", source)]
    return min(found, key=RANKS.index)


def _of(part: str) -> str:
    read = part.rpartition(" via ")[2]
    if dict(_BY_WORDS)["aggregator"].search(read) and " via " in part:
        return "aggregator"
    return next((name for name, words in _BY_WORDS if words.search(part)), "other")


def resting(story: Story) -> list[dict[str, Any]]:
    """The openings and entries of a story that rest on memory or an aggregator, memory first."""
    found = [row for row in (*_openings(story), *_entries(story)) if row["rank"] in WEAK]
    return sorted(found, key=lambda row: -RANKS.index(row["rank"]))


def _openings(story: Story) -> Iterator[dict[str, Any]]:
    for actor in story.actors:
        for balance in actor.opening:
            of = f" of {balance.asset}" if balance.asset else ""
            yield _row("opening", f"{actor.id} {balance.account}{of}", balance.source)


def _entries(story: Story) -> Iterator[dict[str, Any]]:
    for entry in story.entries:
        if entry.fact.told is not None:
            yield _row("entry", entry.id, entry.fact.told.source)


def _row(what: str, name: str, source: str) -> dict[str, Any]:
    return {"what": what, "name": name, "rank": rank(source), "source": source}
