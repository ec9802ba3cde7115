"""``python -m narrative`` is the command line too."""

from narrative.cli import main

main(prog_name="narrative")
