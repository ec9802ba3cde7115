"""Break it, and count: kills, damage, races, hostile inputs and payloads, from one seed.

    python tests/campaign/campaign.py                 modest counts, some minutes
    python tests/campaign/campaign.py --full          500 kills, 500 flips
    python tests/campaign/campaign.py kills --kills 9 one part, and another count

It prints a table of counts and, before it, each fault with the throw that brings it about again. Ends with 1
where there was a fault. Which throw is made hangs on the seed alone; what a program was about when a kill met
it hangs on the machine too.
"""

import argparse
import os
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

MODEST = {"kills": 60, "damage": 60}
FULL = {"kills": 500, "damage": 500}


def part(name: str):
    """What runs a part: imported when it is asked for, in a process that has loaded little."""
    from damage import Damage
    from kills import Kills

    return {"kills": Kills, "damage": Damage}[name]


def main() -> int:
    parser = argparse.ArgumentParser(description="Break it, and count.")
    parser.add_argument("parts", nargs="*", choices=[*MODEST, []], help="all if none is named")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--full", action="store_true", help="the counts of a release")
    for name in MODEST:
        parser.add_argument(f"--{name}", type=int)
    asked = parser.parse_args()
    counts = FULL if asked.full else MODEST
    tallies = []
    with TemporaryDirectory(prefix="campaign-") as folder:
        os.environ["XDG_STATE_HOME"] = folder  # what is remembered here is not the user's
        for name in asked.parts or MODEST:
            place = Path(folder) / name
            place.mkdir()
            began = time.monotonic()
            count = getattr(asked, name)
            tallies.append(part(name)(place, asked.seed).run(counts[name] if count is None else count))
            for kind, story in tallies[-1].faults:
                print(f"{kind.upper()} {story}", flush=True)
            print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    from tally import table

    print(table(tallies))
    return int(any(tally.faults for tally in tallies))


if __name__ == "__main__":
    sys.exit(main())
