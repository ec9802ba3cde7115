"""The examples in the docstrings of the verbs are true."""

import doctest
from importlib import import_module

import pytest


@pytest.mark.parametrize("family", ["stories", "living", "looking", "weighing", "handing"])
def test_the_examples_are_true(family: str) -> None:
    found = doctest.testmod(import_module(f"narrative.verbs.{family}"))
    assert found.failed == 0
    assert found.attempted or family != "stories"
