"""Measures as commands: what they refuse, and screens as wide as a terminal."""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import narrative
from narrative.cli import main
from narrative.verbs.answers.measures import Leverage


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    path = tmp_path_factory.mktemp("measured")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(path)
        narrative.run("loop", db="a.db", cast="full")
        yield path


@pytest.fixture(autouse=True)
def _here(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(folder)
    monkeypatch.setenv("COLUMNS", "80")


def call(*words: str) -> Result:
    return CliRunner().invoke(main, words)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("a.db", "circularity"),
            'and "circularity" is one: the measure comes first, as in `narrative measure circularity a.db`.',
        ),
        (("a.db", "circularit"), '"a.db" is no measure. There are: circularity, output, injection, '),
        (("leverag", "a.db"), 'Did you mean "leverage"?'),
        (("gains", "a.db", "--payoff", "0.2"), "gains has no benchmark, so it takes no payoff"),
        (
            ("leverage", "a.db", "--payoff", "1"),
            "1 is no payoff on bad news: write a part of the good one, from 0",
        ),
        (("leverage", "a.db", "--payoff", "nan"), "nan is no payoff on bad news"),
    ],
)
def test_what_cannot_be_measured_is_refused_in_a_sentence(words: tuple[str, ...], said: str) -> None:
    done = call("measure", *words)
    assert (done.exit_code, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert said in done.stderr


@pytest.mark.parametrize("width", [60, 80, 200])
@pytest.mark.parametrize("by", ["role", "actor"])
def test_the_books_of_a_span_are_a_matrix_at_any_width(
    monkeypatch: pytest.MonkeyPatch, by: str, width: int
) -> None:
    """Columns that have no room stand below, each group with its sectors and its sums; no row is written
    downwards.
    """
    monkeypatch.setenv("COLUMNS", str(width))
    lines = call("sectors", "a.db", "--by", by).stdout.splitlines()
    found = narrative.sectors("a.db", by=by)
    tables = "\n".join(line.rstrip() for line in lines).split("Cash  ")[0].split("\n\n")
    groups = [table.splitlines() for table in tables if "sector" in table]
    assert max(map(len, lines)) <= max(width, 80)
    assert (len(groups) > 1) == (width < 200)
    heads = [next(line for line in group if line.split()[0] == "sector").split()[1:] for group in groups]
    assert [head for group in heads for head in group][-1] == "sum"
    assert sum(map(len, heads)) == len(found.transactions) + 1
    for group, head in zip(groups, heads, strict=True):
        (sums,) = [line.split()[1:] for line in group if line.split()[0] == "sum"]
        assert sums == ["0"] * len([name for name in head if name != "sum"])
    sectors = [line for line in groups[-1] if line.split()[0] in found.sectors]
    assert sectors
    assert all(line.split()[-1] == "0" for line in sectors)


def test_leverage_has_its_figures_and_its_benchmark_on_a_screen() -> None:
    screen = call("measure", "leverage", "a.db").stdout
    found = json.loads(call("measure", "leverage", "a.db", "--json").stdout)
    assert max(map(len, screen.splitlines())) <= 80
    last = found["over_time"][-1]["owners"]
    assert last
    for owner in last:
        assert re.search(rf"  {owner['actor']} .*{owner['leverage']:.2f}", screen)
    assert "the price moves by −26.8 %" in screen
    other = narrative.measure("leverage", "a.db", payoff=0.5)
    assert isinstance(other, Leverage)
    assert other.benchmark.fall == pytest.approx(
        1.0 - other.benchmark.after.price / other.benchmark.before.price
    )
