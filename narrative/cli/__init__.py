"""The command line. `main` holds every verb; heavy imports wait until a command runs."""

import os
import sys
from typing import Any

import click

from narrative.cli import handing, living, looking, stories, weighing
from narrative.cli.guard import guarding
from narrative.cli.verb import say_interrupted

if sys.platform != "win32":
    import fcntl

EPILOG = """\b
HISTORY is a story's name or a database file, with @branch if not main. A story's name stands for
./<name>.db, performed first if absent. --at takes a date (its end), an ISO time or #position.
Exit 0 done, 1 a finding, 2 bad usage or input, 3 a conflict with another writer or history.
"""


def _stand_in() -> None:
    """Put the null device where a standard stream was closed, as cron may, or where a file of the shell
    took its number: a verb would fail for want of it, or a database take the number and be written into.
    """
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if not _serves(number):
            null = os.open(os.devnull, os.O_RDWR)
            if null != number:
                os.dup2(null, number)
                os.close(null)
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(number, "w" if number else "r", closefd=False))


class Verbs(click.Group):
    """The group of all verbs, listed by family and not by letter."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # click's signature
        return list(self.commands)

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run a command, with nothing printed but what a terminal may be given."""
        _stand_in()
        with guarding():
            return super().main(*args, **kwargs)

    def invoke(self, ctx: click.Context) -> Any:
        # A verb's own modules load before it can answer for itself; click would call that a finding.
        try:
            return super().invoke(ctx)
        except (KeyboardInterrupt, click.Abort) as stop:
            ctx.exit(say_interrupted(stop))


def _serves(number: int) -> bool:
    """Whether a standard stream is open, and one to write to may be written to."""
    try:
        os.fstat(number)
        return not number or sys.platform == "win32" or fcntl.fcntl(number, fcntl.F_GETFL) & os.O_ACCMODE != 0
    except OSError:
        return False


@click.group(
    cls=Verbs,
    epilog=EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(package_name="narrative-engine", prog_name="narrative")
def main() -> None:
    """Replay manias: how much of what grew was output, and how much belief borrowed against itself?

    Begin with: narrative replay ai-2025
    """


for family in (stories, living, looking, weighing, handing):
    for command in family.VERBS:
        main.add_command(command)
