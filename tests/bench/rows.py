"""A story made of a file of plain facts: how long `import` and `check` take for many rows and many actors.

    python tests/bench/rows.py [--rows 100000] [--actors 50]

Prints seconds of the processor and the clock, a JSON line each. The rows are in no order and by chance; each
is a Payment, Funding, Order or Announcement between two of the actors.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from pathlib import Path

ROOT = Path(__file__).parents[2]
KINDS = ("Payment", "Funding", "Order", "Announcement")


def rows(count: int, actors: int) -> str:
    """A CSV of so many facts."""
    chance, start = random.Random(1), date(2001, 1, 1)
    lines = ["date,kind,actor,counterparty,amount,headline,source"]
    for number in range(count):
        day = start + timedelta(days=chance.randrange(7_000))
        one, other = chance.sample(range(actors), 2)
        amount = 1_000 * chance.randrange(1, 9_000)
        said = f'"Row {number} says, something",https://a.invalid/{number}'
        lines.append(f"{day},{chance.choice(KINDS)},Company {one},Company {other},{amount},{said}")
    return "\n".join(lines) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description="Import and check a file of plain facts.")
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--actors", type=int, default=50)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "facts.csv").write_text(rows(asked.rows, asked.actors))
        for words in (("import", "facts.csv", "--story", "facts"), ("check", "facts")):
            began, before = time.monotonic(), os.times()
            subprocess.run(
                [sys.executable, "-m", "narrative", *words],
                cwd=folder,
                env=os.environ | {"PYTHONPATH": str(ROOT)},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                check=True,
            )
            used = os.times()
            cpu = used.children_user + used.children_system - before.children_user - before.children_system
            found = {"verb": words[0], "rows": asked.rows, "actors": asked.actors}
            print(json.dumps(found | {"cpu": round(cpu, 2), "clock": round(time.monotonic() - began, 2)}))


if __name__ == "__main__":
    main()
