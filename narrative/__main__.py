"""The first step of the command line, by its own name or as ``python -m narrative``."""

import sys
from pathlib import Path


def start() -> None:
    """Load the command line and run it. An interrupt while it loads ends as one while it runs."""
    try:
        from narrative.cli import main  # noqa: PLC0415  # from where it was installed, as is known now
    except KeyboardInterrupt:
        sys.stderr.write("Interrupted: stopped before it began.\n")
        sys.exit(130)
    main(prog_name="narrative")


if __name__ == "__main__":
    # Python puts the folder one is in first; nothing of it is to be imported, unless the program lies there.
    if sys.path[0] in ("", str(Path.cwd())) and Path(__file__).parents[1] != Path.cwd():
        del sys.path[0]
    start()
