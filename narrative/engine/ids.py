"""Names of orders, loans and calls that processes make: actor, purpose, subject and moment.

Never positions, so that two histories' facts can be matched by name.
"""

from functools import lru_cache


def named(purpose: str, *parts: str, moment: int) -> str:
    """A name such as ``loan:founder:bank:cloud:86400``."""
    return ":".join((purpose, *parts, str(moment)))


@lru_cache(maxsize=4096)
def parts_of(name: str, purpose: str) -> tuple[str, ...] | None:
    """The parts between purpose and moment of a name; None for one that another hand made."""
    found = name.split(":")
    return tuple(found[1:-1]) if len(found) > 2 and found[0] == purpose else None


@lru_cache(maxsize=4096)
def moment_of(name: str) -> int:
    """The moment in a name; 0 for one that another hand made."""
    last = name.rpartition(":")[2]
    return int(last) if last.removeprefix("-").isdecimal() else 0
