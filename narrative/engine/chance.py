"""Chance with an address: a draw is a hash of where it is asked for, never of what was drawn before.

Two branches of one history ask at the same addresses and get the same answers, so that they
differ only where a supposition reaches (common random numbers).
"""

from hashlib import blake2b

from attrs import frozen


@frozen
class Chance:
    """The draws of one seed."""

    seed: int

    def uniform(self, actor: str, purpose: str, subject: str, moment: int) -> float:
        """A number in [0, 1) with 53 bits, from (seed, actor, purpose, subject, moment)."""
        return fraction(f"{self.seed}\x1f{actor}\x1f{purpose}\x1f{subject}\x1f{moment}")


def fraction(address: str) -> float:
    """A number in [0, 1) with 53 bits, from a text alone: in every history the same."""
    return (int.from_bytes(blake2b(address.encode(), digest_size=8).digest()) >> 11) * 2.0**-53
