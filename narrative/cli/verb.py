"""The base of every command: `--json`, the diary, and how it ends.

Exit 0 done, 1 a finding, 2 bad usage or input, 3 a conflict. Whatever a user can mend is one
sentence on standard error, `ErrorName: what, and what to do`. An interrupted command ends with
130 and a reader that went away with 141, as shells expect.
"""

import os
import stat
import sys
import warnings
from collections.abc import Callable
from contextlib import suppress
from decimal import InvalidOperation
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

import click

from events.errors import Wrong

INTERRUPTED = 130
BROKEN_PIPE = 141
# A division by zero is none of these: no number given is too large for it, and the mistake is the program's.
BEYOND: dict[type[Exception], str] = {
    OverflowError: "a number", InvalidOperation: "a number",
    RecursionError: "a nesting", UnicodeError: "a name or text",
}  # fmt: skip  # what was given, a line a kind

_JSON = {"help": "Print JSON on standard output.", "is_flag": True}
_VERBOSE = {"help": "Write the diary to standard error; twice for every detail.", "count": True}


class Verb(click.Command):
    """A command that ends as the module says. `verb` makes one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.append(click.Option(["--json", "as_json"], **_JSON))  # type: ignore[arg-type]  # plain options
        self.params.append(click.Option(["-v", "--verbose"], **_VERBOSE))  # type: ignore[arg-type]  # plain options

    def invoke(self, ctx: click.Context) -> Any:
        from narrative.cli.diary_setup import configure  # structlog is slow to come

        configure(ctx.params.pop("verbose"))
        if os.environ.get("NO_COLOR"):
            ctx.color = False
        for stream in (sys.stdout, sys.stderr):
            with suppress(AttributeError):  # a stream that is not a text file
                stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # just asked
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("always", UserWarning)
                warnings.showwarning = _beside
                return self._timed(ctx)
        except Wrong as error:
            ctx.exit(say_wrong(error))
        except (KeyboardInterrupt, click.Abort) as stop:
            ctx.exit(say_interrupted(stop))
        except BrokenPipeError:
            _let_go_of_stdout()
            ctx.exit(BROKEN_PIPE)
        except OSError as error:
            ctx.exit(say_wrong(error))
        except tuple(BEYOND) as error:
            ctx.exit(say_beyond(error))

    def _timed(self, ctx: click.Context) -> Any:
        import structlog

        diary = structlog.get_logger("narrative")
        given = {name: value for name, value in ctx.params.items() if value not in (None, False, ())}
        diary.debug("began", verb=self.name, **given)
        started = perf_counter()
        result = super().invoke(ctx)
        diary.info("done", verb=self.name, seconds=round(perf_counter() - started, 3))
        return result


verb: Callable[..., Callable[[Callable[..., Any]], Verb]] = partial(click.command, cls=Verb)
trusted = click.option(
    "--trust", is_flag=True, help="Let processes of somebody's own run: code, with your rights."
)


def by_crew(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command that lives many histories the flags that say by whom."""
    workers = click.option("--workers", type=int, help="How many processes; as many as processors if absent.")
    scheduler = click.option(
        "--scheduler", metavar="ADDRESS", help="Live on the Dask cluster there, as tcp://host:8786."
    )
    return workers(scheduler(trusted(command)))


def say_wrong(error: Wrong | OSError) -> int:
    """Say what is wrong in one sentence on standard error; the exit status is the answer."""
    from narrative.text.words import escaped  # values of somebody else's files

    text = str(error)
    if isinstance(error, OSError):
        text = f"{error.filename}: {error.strerror}." if error.filename else f"{error.strerror or error}."
    click.echo(f"{type(error).__name__}: {escaped(text)}", err=True)
    return getattr(error, "code", 2)


def _beside(message: Warning | str, *_: object, **__: object) -> None:
    """A warning of a verb as a sentence on standard error, as everything else is said."""
    click.echo(str(message), err=True)


def say_beyond(error: Exception) -> int:
    """Say that something given is beyond what can be worked with, where no door noticed it: a number that no
    float holds, a nesting too deep, a name that is no UTF-8 text.
    """
    found = next(words for kind, words in BEYOND.items() if isinstance(error, kind))
    click.echo(
        f"Beyond: {found} in what was given is beyond what can be worked with "
        f"({type(error).__name__}: {str(error)[:80]!a}). Mend it; `-v` says which step met it.",
        err=True,
    )
    return 2


def say_interrupted(stop: BaseException) -> int:
    """Say that it was stopped, on standard error; the exit status is the answer."""
    click.echo(f"Interrupted: {str(stop) or 'stopped before it was done.'}", err=True)
    return INTERRUPTED


def is_stream(output: Path | None) -> bool:
    """True where a file to be written is a pipe or a terminal, as /dev/stdout: what is said of it then goes
    to standard error, and not behind it.
    """
    try:
        mode = output.stat().st_mode if output is not None else 0
    except OSError:
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISCHR(mode)


def say_json(data: Any, *, err: bool = False) -> None:
    """One JSON document on standard output; a value a line when someone is reading."""
    import json

    import msgspec

    from narrative.text.words import escaped  # a story's texts: what a terminal obeys stays out of it

    indent = 2 if sys.stdout.isatty() else None
    click.echo(
        escaped(json.dumps(msgspec.to_builtins(data), indent=indent, ensure_ascii=False, allow_nan=False)),
        err=err,
    )


def _let_go_of_stdout() -> None:
    # Nobody reads any more; without this the interpreter complains when it flushes at exit.
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
