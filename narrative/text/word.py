"""A word of the screens, as `define` says it."""

from attrs import frozen


@frozen
class Word:
    """A word of the screens: its meaning in full sentences, other names for it, and words beside it."""

    word: str
    says: str
    also: tuple[str, ...] = ()
    see: tuple[str, ...] = ()
