"""Break it, and count: kills, damage, races, hostile inputs and payloads, from one seed.

    python tests/campaign/campaign.py                 modest counts, some minutes
    python tests/campaign/campaign.py --full          500 kills, 500 flips, 60 s of 8 beside 4, 500, 100
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

from damage import Damage
from hostile import Hostile
from kills import Kills
from payloads import Payloads
from races import Races
from tally import table

PARTS = {"kills": Kills, "damage": Damage, "races": Races, "hostile": Hostile, "payloads": Payloads}
MODEST = {"kills": 60, "damage": 60, "races": 15, "hostile": 100, "payloads": 40}  # races: seconds
FULL = {"kills": 500, "damage": 500, "races": 60, "hostile": 500, "payloads": 100}


def main() -> int:
    parser = argparse.ArgumentParser(description="Break it, and count.")
    parser.add_argument("parts", nargs="*", choices=[*MODEST, []], help="all if none is named")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--full", action="store_true", help="the counts of a release")
    parser.add_argument("--writers", type=int)
    parser.add_argument("--readers", type=int)
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
            beside = (asked.writers or (4, 8)[asked.full], asked.readers or (2, 4)[asked.full])
            more = beside if name == "races" else ()
            made = PARTS[name](place, asked.seed, *more)
            tallies.append(made.run(counts[name] if count is None else count))
            for kind, story in tallies[-1].faults:
                print(f"{kind.upper()} {story}", flush=True)
            print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    print(table(tallies))
    return int(any(tally.faults for tally in tallies))


if __name__ == "__main__":
    sys.exit(main())
