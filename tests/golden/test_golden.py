"""Histories of the stories that ship are, figure by figure, what they were when they were written down.

Any change of a law, a constant or an order in which things are decided shows here, and asks one thing:
was it meant? If so every stored history would be lived otherwise, and ``MODEL`` says so to its owner.
``python tests/golden/test_golden.py`` writes every history anew.
"""

import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

import narrative

HERE = Path(__file__).parent
ANEW = "`python tests/golden/test_golden.py` writes them anew."
CASES = [
    (story, cast, seed) for story in ("loop", "ai-2025") for cast in ("market", "full") for seed in (1, 3)
]

KINDS = ("Announcement", "Order", "Investment", "Loan", "MarginCall", "Repricing")
RUNGS = ("announced", "committed", "paid", "delivered")
# story: the readings of each main actor that its file holds
ACTORS = {
    "loop": {
        "cloud": ("valuation", "belief", "cash", "debt", "backlog"),
        "chips": ("valuation", "cash"),
        "lab": ("valuation", "cash"),
        "founder": ("collateral", "loan_to_value"),
    },
    "ai-2025": {
        "oracle": ("valuation", "belief", "cash", "debt", "backlog"),
        "nvidia": ("valuation", "belief"),
        "openai": ("valuation", "belief"),
        "coreweave": ("valuation", "debt"),
    },
}


@pytest.mark.parametrize(("story", "cast", "seed"), CASES)
def test_a_history_is_what_it_was(story: str, cast: str, seed: int, tmp_path: Path) -> None:
    file = path_of(story, cast, seed)
    was, now = read(file.read_text(encoding="utf-8")), figures(story, cast, seed, tmp_path)
    if was != now:
        pytest.fail(difference(file.stem, was, now), pytrace=False)


def test_no_history_is_kept_that_nobody_compares() -> None:
    assert sorted(HERE.glob("*-seed*.txt")) == sorted(path_of(*case) for case in CASES)


SMALL = {"model": "2", "opening": "aa", "digest": "bb", "events": "12", "Order": "3"}


def test_a_difference_names_the_figures_and_what_to_do() -> None:
    said = difference("loop", SMALL, SMALL | {"digest": "cc", "Order": "4"})
    assert "Order" in said
    assert "3 is now 4" in said
    assert "events" not in said
    assert "raise MODEL or undo" in said
    assert ANEW in said


def test_a_difference_says_when_the_figures_are_too_coarse_to_show_it() -> None:
    assert "figures here agree" in difference("loop", SMALL, SMALL | {"digest": "cc"})


@pytest.mark.parametrize(
    ("changed", "words"),
    [({"model": "3"}, "MODEL was raised from 2 to 3"), ({"opening": "zz"}, "the story's own text changed")],
)
def test_a_difference_that_another_change_explains_says_so(changed: dict[str, str], words: str) -> None:
    said = difference("loop", SMALL, SMALL | changed | {"digest": "cc"})
    assert words in said
    assert ANEW in said


# --- figures ------------------------------------------------------------------------------------


def path_of(story: str, cast: str, seed: int) -> Path:
    return HERE / f"{story}-{cast}-seed{seed}.txt"


def read(text: str) -> dict[str, str]:
    """The figures of a file, by name."""
    return dict(map(str.split, text.splitlines()))


def figures(story: str, cast: str, seed: int, room: Path) -> dict[str, str]:
    """Perform a story in the folder `room` and take down its digest and about twenty figures."""
    db = str(room / "golden.db")
    lived = narrative.run(story, db=db, cast=cast, seed=seed)
    seen, events = narrative.replay(db), list(narrative.log(db))
    kinds, origins = (Counter(event[name] for event in events) for name in ("kind", "origin"))
    opening = events[0]
    found = {
        "model": opening["fact"]["model"],
        "opening": opening["digest"],
        "digest": lived["digest"],
        "until": lived["until"],
        "events": len(events),
        "recorded": origins["recorded"],
        "modelled": origins["modelled"],
        **{kind: kinds[kind] for kind in KINDS},
        **{rung: seen["rungs"][rung] for rung in RUNGS},
        "belief_of_the_rise": seen["belief"]["share"],
        **dict(_readings(seen["actors"], ACTORS[story])),
    }
    return {name: _plain(value) for name, value in found.items()}


def _readings(
    actors: Mapping[str, Mapping[str, object]], wanted: Mapping[str, tuple[str, ...]]
) -> Iterator[tuple[str, object]]:
    for actor, readings in wanted.items():
        for reading in readings:
            yield f"{actor}.{reading}", actors[actor][reading]


def _plain(value: object) -> str:
    """A figure as text; nine digits of a fraction, which no other library of mathematics would change."""
    if value is None:
        return "unknown"
    return f"{value:.9g}" if isinstance(value, float) else str(value)


# --- differences --------------------------------------------------------------------------------


def difference(name: str, was: Mapping[str, str], now: Mapping[str, str]) -> str:
    """Say which figures of a history differ, and what is to be done about it."""
    rows = [
        f"  {figure:<22} {was.get(figure, 'absent')} is now {now.get(figure, 'absent')}"
        for figure in (*was, *(figure for figure in now if figure not in was))
        if was.get(figure) != now.get(figure)
    ]
    if len(rows) == 1 and was["digest"] != now["digest"]:
        rows.append("  the figures here agree: what differs is smaller, or its order is another")
    return "\n".join([f"{name} is not the history that it was:", *rows, _advice(was, now)])


def _advice(was: Mapping[str, str], now: Mapping[str, str]) -> str:
    if was["model"] != now["model"]:
        return f"MODEL was raised from {was['model']} to {now['model']}, as it must be: {ANEW}"
    if was["opening"] != now["opening"]:
        return (
            "The opening differs, so the story's own text changed or is read otherwise, and the rest may "
            f"follow from that. If that was meant: {ANEW} If not: raise MODEL or undo."
        )
    return (
        "From the same opening something else follows, so `verify` would call every stored history "
        f"changed: raise MODEL or undo. Once MODEL is raised, {ANEW}"
    )


def write() -> None:
    """Perform every history again and write its figures down."""
    for case in CASES:
        with tempfile.TemporaryDirectory() as room:
            found = figures(*case, Path(room))
        lines = [f"{name:<22} {value}\n" for name, value in found.items()]
        path_of(*case).write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    write()
