"""Names, dates, counts and lists as prose has them."""

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from json import dumps

from narrative.calendar import Calendar
from narrative.figures import count
from narrative.scenario import OUTSIDE, Story

NUMBERS = (
    "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip  # the numbers that are written out
TIMES = ("never", "once", "twice")
# Who is meant by `outside`: as the one who acts, and as the one acted upon.
OUTSIDERS = {
    "buyer": ("an outside buyer", "outside buyers"),
    "seller": ("an outside seller", "outside sellers"),
    "lender": ("an outside lender", "outside lenders"),
    "investor": ("an outside investor", "outside investors"),
    "holder": ("an outside holder", "outside holders"),
}
# Last words of names that take an article: the Federal Reserve.
_TITLES = {
    "Reserve", "Government", "Treasury", "Partnership", "Crown", "Exchequer", "Ministry", "Commission",
    "Company",
}  # fmt: skip  # one set
_HIDDEN = {"Cc", "Cf", "Zl", "Zp"}


def clean(text: str) -> str:
    """A text on one line: no control characters, no marks that turn the direction of writing."""
    shown = "".join(" " if _is_hidden(letter) else letter for letter in text)
    return " ".join(shown.split())


def escaped(text: str) -> str:
    """A text of any lines in which what `clean` takes out stands as JSON escapes, so that nothing is lost."""
    hidden = {ord(letter): dumps(letter)[1:-1] for letter in set(text) - {"\n"} if _is_hidden(letter)}
    return text.translate(hidden) if hidden else text


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


def months(calendar: Calendar, since: int, until: int) -> str:
    """The months of a span: between March and May 2025."""
    one, other = (calendar.long_day(moment).split(" ", 1)[1] for moment in (since, until))
    if one == other:
        return f"in {one}"
    if one.rpartition(" ")[2] == other.rpartition(" ")[2]:
        one = one.rpartition(" ")[0]
    return f"between {one} and {other}"


class Names:
    """What the actors of a story are called in a sentence."""

    def __init__(self, story: Story) -> None:
        self._names: Mapping[str, str] = {actor.id: prose_name(actor.name) for actor in story.actors}

    def __call__(self, actor: str, field: str = "", *, acts: bool = False) -> str:
        """An actor's name; `outside` as the role it has in that field."""
        if actor == OUTSIDE:
            one, many = OUTSIDERS.get(field, ("somebody outside", "others outside"))
            return one if acts else many
        return self._names.get(actor) or clean(actor).replace("-", " ").replace("_", " ")


def prose_name(name: str) -> str:
    """A name with the article it needs: the cloud, the Federal Reserve, Oracle."""
    name = clean(name)
    head, _, rest = name.partition(" ")
    if rest and head in ("A", "An", "The"):
        return f"the {rest}"
    last = name.rpartition(" ")[2]
    if last in _TITLES or (rest and last == last.lower()) or " to " in name:
        plain = head.lower() if head[1:] == head[1:].lower() and " to " in name else head
        return f"the {plain} {rest}" if rest else f"the {name}"
    return name


def roles(names: Sequence[str]) -> str:
    """Roles as a list in brackets: cloud, borrower."""
    return ", ".join(clean(name).replace("-", " ").replace("_", " ") for name in names)
