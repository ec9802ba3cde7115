"""How commands end: the exit status, one sentence on standard error, never a traceback."""

import inspect
from decimal import InvalidOperation
from functools import wraps
from pkgutil import resolve_name

import pytest
from click import Abort
from click.testing import CliRunner

import events.errors
import narrative.verbs.looking
from events.errors import Wrong
from narrative.cli import main

KINDS_OF_WRONG = [
    kind for _, kind in inspect.getmembers(events.errors, inspect.isclass) if issubclass(kind, Wrong)
]


def ended(*args):
    return CliRunner().invoke(main, [str(arg) for arg in args])


def failing(monkeypatch, error):
    @wraps(narrative.verbs.looking.replay)  # whose signature its arguments are held to
    def fail(*_args, **_named):
        raise error

    monkeypatch.setattr("narrative.verbs.looking.replay", fail)
    return ended("replay", "ai-2025")


@pytest.mark.parametrize("kind", KINDS_OF_WRONG)
def test_whatever_is_wrong_is_one_sentence_with_its_name_and_its_code(monkeypatch, kind):
    done = failing(monkeypatch, kind("the disk is full; make room and run `narrative resume`."))
    assert done.exit_code == kind.code
    assert done.exit_code in {2, 3}
    assert done.stderr == f"{kind.__name__}: the disk is full; make room and run `narrative resume`.\n"
    assert done.stdout == ""


def test_a_conflict_ends_with_three():
    assert {kind.__name__ for kind in KINDS_OF_WRONG if kind.code == 3} == {
        "WrongPosition", "Locked", "BranchTaken", "Linked",
    }  # fmt: skip  # one list


def test_an_error_of_the_operating_system_names_the_file(monkeypatch):
    done = failing(monkeypatch, PermissionError(13, "Permission denied", "/somewhere/a.db"))
    assert done.exit_code == 2
    assert done.stderr == "PermissionError: /somewhere/a.db: Permission denied.\n"


def test_a_mistake_of_ours_is_not_hidden(monkeypatch):
    done = failing(monkeypatch, AttributeError())
    assert isinstance(done.exception, AttributeError)


@pytest.mark.parametrize(
    ("error", "what"),
    [
        (OverflowError("math range error"), "a number"),
        (InvalidOperation(), "a number"),
        (RecursionError("too deep"), "a nesting"),
        (UnicodeEncodeError("utf-8", "\udcff", 0, 1, "surrogates not allowed"), "a name or text"),
    ],
)
def test_what_is_given_beyond_bounds_is_said_to_be(monkeypatch, error, what):
    done = failing(monkeypatch, error)
    assert done.exit_code == 2
    assert done.stderr.startswith(f"Beyond: {what} in what was given is beyond what can be worked with (")


def test_a_division_by_zero_is_a_mistake_of_ours(monkeypatch):
    assert isinstance(failing(monkeypatch, ZeroDivisionError()).exception, ZeroDivisionError)


def test_an_interruption_ends_with_130_and_says_what_it_left(monkeypatch):
    done = failing(monkeypatch, KeyboardInterrupt("stopped. Go on with: narrative resume ai-2025"))
    assert done.exit_code == 130
    assert done.stderr == "Interrupted: stopped. Go on with: narrative resume ai-2025\n"


def test_an_interruption_without_words_is_given_some(monkeypatch):
    assert failing(monkeypatch, KeyboardInterrupt()).stderr == "Interrupted: stopped before it was done.\n"


def test_a_reader_who_goes_away_is_met_with_silence(monkeypatch):
    done = failing(monkeypatch, BrokenPipeError(32, "Broken pipe"))
    assert done.exit_code == 141
    assert done.output == ""


@pytest.mark.parametrize(
    "args",
    [
        ["nosuch"],
        ["replay"],
        ["replay", "ai-2025", "--nosuch"],
        ["run", "ai-2025", "--cast", "everyone"],
        ["run", "ai-2025", "--seed", "x"],
    ],
)
def test_wrong_usage_ends_with_two_and_says_how_to_use_it(args):
    done = ended(*args)
    assert done.exit_code == 2
    assert "Usage:" in done.stderr
    assert "Error:" in done.stderr


def test_a_misspelt_command_is_answered_with_the_nearest():
    assert "replay" in ended("repaly", "ai-2025").stderr


@pytest.mark.parametrize("stop", [KeyboardInterrupt(), Abort()])
@pytest.mark.parametrize(
    "where",
    [
        "narrative.cli.diary_setup.configure",
        "narrative.cli.Verbs.resolve_command",
        "narrative.verbs.looking.replay",
    ],
)
def test_an_interruption_is_one_while_modules_load_too(monkeypatch, where, stop):
    @wraps(resolve_name(where))
    def stopped(*_args, **_named):
        raise stop

    monkeypatch.setattr(where, stopped)
    done = ended("replay", "ai-2025")
    assert done.exit_code == 130
    assert done.stderr == "Interrupted: stopped before it was done.\n"
