"""How histories look in a notebook: plain tables, legible on light and dark, every text escaped."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from html import escape
from typing import Any

from attrs import frozen

from narrative.analysis.history import History, story_of
from narrative.analysis.replay import reading
from narrative.engine.world import World
from narrative.prose.explain import ROLES, figure_rows, headed, named_rows, priced
from narrative.prose.units import decimal
from narrative.text.numbers import MARKS, UNKNOWN, count, money, plain_date, share

_TABLE = "border-collapse:collapse;font-variant-numeric:tabular-nums;margin:0.3em 0"
_CELL = "padding:0.15em 0.7em;border-bottom:1px solid rgba(128,128,128,0.35);color:inherit"
_WORDS, _FIGURE = "text-align:left", "text-align:right;white-space:nowrap"
_SHOWN = ("valuation", "belief_share", "loan_to_value", "cash", "debt", "backlog")


def table(
    caption: str, header: Sequence[str], rows: Iterable[Sequence[object]], text: Collection[int] = (0,)
) -> str:
    """An HTML table; the columns numbered in `text` are words, the others are figures, which are never broken
    into lines, and everything is escaped.
    """
    lines = [
        f'<table style="{_TABLE}">',
        f'<caption style="text-align:left;font-weight:bold;color:inherit">{escape(caption)}</caption>',
        f"<thead>{_row('th', header, text)}</thead><tbody>",
        *(_row("td", row, text) for row in rows),
        "</tbody></table>",
    ]
    return "".join(lines)


def _row(tag: str, cells: Sequence[object], text: Collection[int]) -> str:
    inner = "".join(
        f'<{tag} style="{_CELL};{_WORDS if i in text else _FIGURE}">{escape(str(cell))}</{tag}>'
        for i, cell in enumerate(cells)
    )
    return f"<tr>{inner}</tr>"


def of_history(found: History) -> str:
    """A branch: what story it is of, its events by origin, and the branches beside it."""
    story = story_of(found)
    log, calendar = found.log, story.calendar
    origins = Counter(row.origin for row in log.rows(found.branch))
    caption = f"{story.title} @{found.branch}"
    said = f'<p style="margin:0.3em 0;color:inherit">{escape(story.question)}</p>'
    told = [(f"{MARKS[origin]} {origin}", count(origins[origin])) for origin in MARKS if origins[origin]]
    rows = []
    for branch in log.branches():
        head = log.head(branch.name)
        lived = calendar.day(head.lived) if head.lived is not None else UNKNOWN
        fork = f"{branch.parent}@{branch.position}" if branch.parent else UNKNOWN
        rows.append((branch.name, fork, count(head.position), lived, branch.question or UNKNOWN))
    return (
        table(caption, ("origin", "events"), told)
        + said
        + table("branches", ("branch", "forked from", "events", "lived to", "question"), rows, (0, 1, 4))
    )


@frozen(repr=False)
class Moment:
    """A world folded from a branch up to a moment, to be looked at. `world` is the fold itself."""

    world: World
    branch: str
    moment: int

    def __repr__(self) -> str:
        return f"<{self.world.story.id}@{self.branch} #{self.world.position}, {self._when()}>"

    def _when(self) -> str:
        return self.world.story.calendar.iso(self.moment)

    def _repr_html_(self) -> str:
        story = self.world.story
        unit = story.money.plain
        rows = []
        for actor in story.actors:
            read = reading(self.world, actor.id, self.moment)
            figures = (
                share(read[name]) if name in ("belief_share", "loan_to_value") else money(read[name], unit)
                for name in _SHOWN
            )
            rows.append((actor.name, *figures))
        caption = f"{story.title} @{self.branch} #{self.world.position}, {self._when()}"
        return table(caption, ("actor", *(name.replace("_", " ") for name in _SHOWN)), rows)


def _event(line: Mapping[str, Any]) -> str:
    return f"{MARKS[line['origin']]} #{line['position']} {line['kind']}: {line['gist']}"


def of_causes(told: Mapping[str, Any]) -> str:
    """The tree of an event's causes or effects, as `why` gives it."""
    rows = [
        ("\N{NO-BREAK SPACE}" * 4 * line["depth"] + _event(line), plain_date(line["moment"]))
        for line in told["tree"]
    ]
    return table(f"{told['direction']} of #{told['position']}", ("event", "day"), rows)


def of_figure(told: Mapping[str, Any]) -> str:
    """The parts of a reading, as `why` gives them."""
    rows = [
        (
            row.words if row.part is None else _made_by(told, row.part),
            UNKNOWN if row.part is None else plain_date(row.part["moment"]),
            _amount(told, row.amount),
            share(row.share),
        )
        for row in figure_rows(told)
    ]
    said = f'<p style="margin:0.3em 0;color:inherit">{escape(told["unknown"])}</p>' if told["unknown"] else ""
    named = [
        (words, money(amount, told), money(reverse, told), share(part))
        for amount, reverse, part, _, words in named_rows(told)
    ]
    by_name = table("By name", ("part", "in order", "in reverse", "share"), named) if named else ""
    return table(headed(told), ("what made it", "day", "part", "share"), rows) + by_name + said


def _made_by(told: Mapping[str, Any], part: Mapping[str, Any]) -> str:
    """The event that posted, by its own mark, and the news behind it where that is another."""
    behind = part["behind"]
    news = f" ← {_event(behind)}" if behind["position"] != part["position"] else ""
    return "".join(
        (f"{ROLES[part['role']]}{_event(part)}{news}", *(f"; {text}" for text in priced(told, part)))
    )


def _amount(told: Mapping[str, Any], amount: int | None) -> str:
    if amount is None:
        return UNKNOWN
    return money(amount, told) if told["unit"] == "money" else decimal(amount, 9)
