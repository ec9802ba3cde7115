"""Which database and branch a text names."""

from pathlib import Path

import pytest

from narrative.analysis.history import Address, BadAddress, address


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("loop", Address(Path("loop.db"), "main", "loop")),
        ("loop@calm", Address(Path("loop.db"), "calm", "loop", named=True)),
        ("some/where.db", Address(Path("some/where.db"), "main", None)),
        ("some/where.db@calm", Address(Path("some/where.db"), "calm", None, named=True)),
        ("me@home/where.db", Address(Path("me@home/where.db"), "main", None)),
        ("me@home/where.db@calm", Address(Path("me@home/where.db"), "calm", None, named=True)),
    ],
)
def test_a_branch_stands_after_the_at_of_the_last_part(text: str, where: Address) -> None:
    assert address(text) == where


@pytest.mark.parametrize("text", ["", "@calm", "loop@"])
def test_what_names_nothing_is_said(text: str) -> None:
    with pytest.raises(BadAddress, match=r"names no (history|branch)"):
        address(text)
