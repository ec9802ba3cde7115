"""Names of actors and months as sentences have them."""

from collections.abc import Mapping

from events.event import OUTSIDE
from narrative.story.calendar import Calendar
from narrative.story.model import Story
from narrative.text.words import clean

# Who is meant by `outside` in a field: as the one who acts, and as the one acted upon.
OUTSIDERS = {
    "": ("somebody outside", "others outside"),  # in every other
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


def months(calendar: Calendar, since: int, until: int) -> str:
    """The months of a span: between March and May 2025."""
    one, other = (calendar.long_day(moment).split(" ", 1)[1] for moment in (since, until))
    if one == other:
        return f"in {one}"
    if one.rpartition(" ")[2] == other.rpartition(" ")[2]:
        one = one.rpartition(" ")[0]
    return f"between {one} and {other}"


class Names:
    """The names of a story's actors as a sentence writes them."""

    def __init__(self, story: Story) -> None:
        self._names: Mapping[str, str] = {actor.id: prose_name(actor.name) for actor in story.actors}

    def __call__(self, actor: str, field: str = "", *, acts: bool = False) -> str:
        """An actor's name; `outside` as the role it has in that field."""
        if actor == OUTSIDE:
            one, many = OUTSIDERS.get(field, OUTSIDERS[""])
            return one if acts else many
        return self._names.get(actor) or clean(actor).replace("-", " ").replace("_", " ")


def prose_name(name: str) -> str:
    """A name with the article it needs: the cloud, the Federal Reserve, Oracle."""
    name = clean(name)
    head, _, rest = name.partition(" ")
    if rest and head in ("A", "An", "The"):
        return f"the {rest}"
    last = name.rpartition(" ")[2]
    if last in _TITLES or (rest and last.islower()) or " to " in name:
        plain = head.lower() if head[1:] == head[1:].lower() and " to " in name else head
        return f"the {plain} {rest}" if rest else f"the {name}"
    return name
