"""``python -m narrative`` is the command line too."""

import sys
from pathlib import Path

# Python puts the folder one is in first; nothing of that is to be imported, unless the program lies there.
if sys.path[0] in ("", str(Path.cwd())) and Path(__file__).parents[1] != Path.cwd():
    del sys.path[0]

from narrative.cli import main  # from where it was installed, as is known now

main(prog_name="narrative")
