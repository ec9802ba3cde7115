"""A program that does nothing but append, for killing: python -m support.appending DATABASE EVENTS

Prints each position of main once it is durable. Completes what it finds.
"""

import sys

from events.log import open_log
from support.drafts import append, note


def main(database: str, events: int) -> None:
    with open_log(database) as log:
        taken = {branch.name for branch in log.branches()}
        for number in range(log.head("main").position + 1, events + 1):
            log.append(
                "main", number - 1, number * 10, [(note(f"n{number}", causes=(number // 2,) * (number > 2)),)]
            )
            log.lived("main", number * 10)
            if number % 400 == 0:
                log.flush()
                print(number, flush=True)
        for number in range(1, 6):
            name = f"b{number}"
            if name not in taken:
                log.fork(name, f"b{number - 1}" if number > 1 else "main", events // 2 + number * 10)
            for at in range(log.head(name).position + 1, events // 2 + number * 10 + 21):
                append(log, name, at * 10 + 1, f"{name} {at}")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
