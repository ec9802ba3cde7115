"""Names, dates, counts and lists as prose has them."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from json import dumps

from narrative.text.numbers import count

NUMBERS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip  # the numbers that are written out
TIMES = ("never", "once", "twice")
# Of steps of a circle: their words may say that a value rose, and an event is a step whether it did or not.
MATCHED = "matched by kind and parties; what words say of values is untested"
_HIDDEN = {"Cc", "Cf", "Zl", "Zp"}
_NO_XML = {"\ufffe", "\uffff"}  # beside what is hidden, and halves of letters, which no text of a file has


def clean(text: str) -> str:
    """A text on one line: no control characters, no marks that turn the direction of writing."""
    if not text.isprintable():  # which most are, and is told at once
        text = "".join(" " if _is_hidden(letter) else letter for letter in text)
    return " ".join(text.split())


def escaped(text: str) -> str:
    """A text of any lines in which what `clean` takes out stands as JSON escapes, so that nothing is lost."""
    hidden = {ord(letter): dumps(letter)[1:-1] for letter in set(text) - {"\n"} if _is_hidden(letter)}
    return text.translate(hidden) if hidden else text


def drawable(text: str) -> str:
    """A text of any lines in which whatever XML has no place for, or nobody would see, is a space."""
    hidden = {letter for letter in set(text) - {"\n"} if _is_hidden(letter) or letter in _NO_XML}
    return text.translate(dict.fromkeys(map(ord, hidden), " ")) if hidden else text


def _is_hidden(letter: str) -> bool:
    return unicodedata.category(letter) in _HIDDEN


def in_words(number: int) -> str:
    """A count, written out up to twelve."""
    return NUMBERS[number] if 0 <= number < len(NUMBERS) else count(number)


def times(number: int) -> str:
    """How often: once, twice, three times."""
    return TIMES[number] if number < len(TIMES) else f"{in_words(number)} times"


def several(number: int, one: str, many: str | None = None) -> str:
    """So many of something: one loan, two loans."""
    return f"{in_words(number)} {one if number == 1 else many or one + 's'}"


def listed(parts: Iterable[str]) -> str:
    """A list as a sentence has it: a, b and c."""
    found = list(parts)
    return " and ".join(found) if len(found) < 3 else f"{', '.join(found[:-1])} and {found[-1]}"


def capital(text: str) -> str:
    """A text with a capital; a name that begins small (xAI) stays as it is."""
    first = text.split(" ", 1)[0]
    return text[:1].upper() + text[1:] if first == first.lower() else text


def sentence(text: str) -> str:
    """A text with a capital and an end."""
    text = capital(text.strip())
    return text if re.search(r"[.?!…][\"”)]?$", text) else f"{text}."


def aside(text: str) -> str:
    """A sentence in brackets: worked out from what was told, and told by nobody."""
    return f"({sentence(text)})"


def roles(names: Sequence[str]) -> str:
    """Roles as a list in brackets: cloud, borrower."""
    return ", ".join(clean(name).replace("-", " ").replace("_", " ") for name in names)


def residual(kept: Mapping[str, float]) -> str:
    """The words for how much a branch of recorded prices keeps of what news does not explain."""
    less = {name: part for name, part in kept.items() if part != 1.0}
    if not less:
        return "what news does not explain is kept"
    if less == {"residual_own": 0.0}:
        return "nothing of each asset's own is kept"
    parts = (
        f"{part:g} of {name.removeprefix('residual_').replace('.', ' of ')}" for name, part in less.items()
    )
    return f"of what news does not explain {', '.join(parts)} is kept"
