"""Verbs in Python refuse what their signatures do not say, in one sentence and before anything is opened."""

from collections.abc import Callable, Mapping
from inspect import Parameter, signature
from pathlib import Path
from typing import Any

import pytest

import narrative
from narrative.verbs.arguments import BadArgument, held
from narrative.verbs.opened import Frames

MANY = (Parameter.VAR_KEYWORD, Parameter.VAR_POSITIONAL)
VERBS = [getattr(narrative, name) for name in narrative.__all__]
TAKEN = [
    (verb, name)
    for verb in VERBS
    for name, parameter in signature(verb).parameters.items()
    if parameter.kind not in MANY
]


def _given(verb: Callable[..., Any], name: str, value: object) -> dict[str, object]:
    needed = [
        one.name
        for one in signature(verb).parameters.values()
        if one.default is Parameter.empty
        and one.kind not in (Parameter.VAR_KEYWORD, Parameter.VAR_POSITIONAL)
    ]
    told = {"histories": ["demo"], "seeds": 1}
    return {one: told.get(one, "demo") for one in needed} | {name: value}


@pytest.mark.parametrize(
    ("verb", "name"), TAKEN, ids=lambda one: one if isinstance(one, str) else one.__name__
)
def test_no_argument_of_any_verb_ends_in_an_error_of_python(
    verb: Callable[..., Any], name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BadArgument, match=rf"^{verb.__name__} takes {name} as .*, and was given b'x'\.$"):
        verb(**_given(verb, name, b"x"))
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: narrative.run("loop", seed="x"), "run takes seed as a whole number, and was given 'x'."),
        (lambda: narrative.run("loop", seed=True), "run takes seed as a whole number, and was given True."),
        (
            lambda: narrative.measure("leverage", "loop", payoff="much"),
            "measure takes payoff as a number or None, and was given 'much'.",
        ),
        (lambda: narrative.replay(None), "replay takes history as a text, and was given None."),
        (
            lambda: narrative.replay("loop", at=2.5),
            "replay takes at as a whole number or a text or None, and was given 2.5.",
        ),
        (
            lambda: narrative.compare(["loop", 5]),
            "compare takes histories as a list, each of it a text, and was given ['loop', 5].",
        ),
        (lambda: narrative.page("loop", 5), "page takes others as a text, and was given 5."),
        (
            lambda: narrative.log("loop", kinds="Order"),
            'log takes no kinds. Did you mean "kind"?',
        ),
        (
            lambda: narrative.log("loop", text=5),
            "log takes text as a text, and was given 5.",
        ),
    ],
)
def test_what_is_wrong_is_said_with_the_value(
    call: Callable[[], object], says: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(narrative.Error) as caught:
        call()
    assert str(caught.value) == says
    assert not list(tmp_path.iterdir())


def test_a_cast_that_there_is_not_performs_nobody(tmp_path: Path) -> None:
    with pytest.raises(narrative.Error, match='"everyone" is no cast; it is one of none, market, full'):
        narrative.run("loop", db=tmp_path / "x.db", cast="everyone")
    assert not list(tmp_path.iterdir())


def test_a_mapping_of_ones_own_will_do(tmp_path: Path) -> None:
    class Set(Mapping[str, float]):
        def __getitem__(self, key: str) -> float:
            return {"sector_weight": 1.0}[key]

        def __iter__(self) -> Any:
            return iter(["sector_weight"])

        def __len__(self) -> int:
            return 1

    with pytest.raises(narrative.Error, match="does not exist"):
        narrative.what_if(str(tmp_path / "x.db"), name="a", set=Set())


def test_what_a_signature_says_nothing_of_is_not_looked_at() -> None:
    """As of a function of somebody's own, in the place of a verb."""

    def own(history, *others, at=None, **more):
        return history, others, at, more

    assert held(own)(1, 2, at=3, since=4) == (1, (2,), 3, {"since": 4})


FRAMES = [
    (method, name)
    for method in ("branch", "events", "readings", "query", "world")
    for name in list(signature(getattr(Frames, method)).parameters)[1:]
]


@pytest.mark.parametrize(("method", "name"), FRAMES)
def test_no_argument_of_the_tables_of_a_history_ends_in_an_error_of_python(
    method: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(BadArgument, match=rf"^{method} takes {name} as .*, and was given b'x'\.$"):
        getattr(Frames("demo"), method)(b"x")
    assert not list(tmp_path.iterdir())
