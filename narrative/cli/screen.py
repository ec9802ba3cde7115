"""The screen of `replay`: what was announced, what came of it, and what the figures rest on.

Rich sections in a fixed order. Marks say what colours say, so that a plain pipe loses nothing.
"""

from collections.abc import Mapping
from typing import Any

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from events.event import ORIGINS
from narrative.cli.believing import believing, pledges
from narrative.cli.lines import COLOURS
from narrative.cli.rows import grid
from narrative.cli.seen import also, closed_on, closes, dated, none_seen
from narrative.prose.finding import finding, verdict
from narrative.prose.framing import end_said
from narrative.text.numbers import (
    MARKS,
    UNKNOWN,
    bar,
    change,
    count,
    money,
    plain_date,
    points,
    share,
    sparkline,
)
from narrative.text.words import MATCHED

# The less has come of it, the lighter the bar.
RUNGS = {"announced": "░", "committed": "▒", "paid": "▓", "delivered": "█"}
READABLE = 104
Told = Mapping[str, Any]


def draw(console: Console, told: Told, history: str) -> None:
    """Print the whole screen. Only the table of actors uses more than a readable width."""
    readable = min(console.width, READABLE)
    for part, width in (
        (head(told), readable),
        (titled("What was said and what came of it", funnel(told, readable), "never added up"), readable),
        (titled("The circle", circle(told), MATCHED if told["circle"] else ""), readable),
        (titled("Who", actors(told, console.width), "value then and now, and what it rests on"), None),
        (titled("What is pledged", pledges(told), "and how much of it is belief"), readable),
        *((titled("Also observed", one), readable) for one in also(told)),
        (titled("Largest repricings", repricings(told), "by the model, from the words of the day"), readable),
        (titled("Weakest assumptions", assumptions(told), _ranked(told)), readable),
        (titled("Next", commands(told, history)), readable),
    ):
        console.print(part, width=width)


def titled(title: str, body: RenderableType, remark: str = "") -> RenderableType:
    """A heading, what stands under it, and an empty line."""
    heading = Text(title, style="bold")
    if remark:
        heading.append(f"  {remark}", style="dim not bold")
    return Group(heading, Padding(body, (0, 0, 1, 2)))


def marked(state: str, text: str = "") -> Text:
    """The mark of an origin or state in its colour, and words beside it."""
    mark = MARKS[state]
    return Text(f"{mark} {text}" if text else mark, style=COLOURS[state])


def head(told: Told) -> RenderableType:
    """Title, finding, and where in which history this is."""
    where = f"{told['story']}@{told['branch']}  #{told['position']}  {plain_date(told['moment'])}  "
    line = Text(where, style="dim")
    counted = [marked(origin, f"{count(told[origin])} {origin}") for origin in ORIGINS if told[origin]]
    line.append_text(Text("  ").join(counted))
    first = " ".join(filter(None, [finding(told), verdict(told["collapse"])]))
    said = map(Text, (first, *end_said(told)))
    return Group(Text(told["title"], style="bold"), line, Text(), *said, Text())


def funnel(told: Told, width: int) -> RenderableType:
    """A bar a rung: announced, committed, paid, delivered."""
    table = grid(2, "left", "right", "left")
    largest = max((value or 0 for value in told["rungs"].values()), default=0)
    for rung, cell in RUNGS.items():
        value = told["rungs"][rung]
        table.add_row(rung, money(value, told), bar(value, largest, width - 26, cell))
    beside = f"business as usual: {money(told['usual'], told)} more was paid, promised by nobody"
    return Group(table, *([Text(beside)] if told["usual"] else []), *over(told))


def over(told: Told) -> list[Text]:
    """Lines of what is past of the plans announced, and each beside what was reported spent over its time."""
    plans = told["past"]
    if not plans:
        return []
    whole = money(sum(plan["ceiling"] for plan in plans), told)
    lines = [Text(f"past: {whole} more, of plans whose time is over")]
    for plan in plans:
        name = told["actors"].get(plan["actor"], {}).get("name", plan["actor"])
        line = Text(f"  {name}, to {plan['until']}: {money(plan['ceiling'], told)}")
        if plan["spent"] is not None:
            line.append(f"; reported spent: {money(plan['spent'], told)}", style="bold")
            if plan["quarters"] != plan["quarters_of"]:
                line.append(f" in {plan['quarters']} of {plan['quarters_of']} quarters")
        elif plan["quarters_of"] is not None:
            line.append("; what was spent is not on file", style="dim")
        lines.append(line)
    return lines


def circle(told: Told) -> RenderableType:
    """Each step of the story's circle: recorded, modelled, supposed or missing."""
    if not told["circle"]:
        return Text("the story names none", style="dim")
    table = Table.grid(padding=(0, 1), expand=True)
    table.add_column(no_wrap=True)
    table.add_column(justify="right", no_wrap=True)
    table.add_column(ratio=1)
    table.add_column(no_wrap=True)
    for step in told["circle"]:
        table.add_row(marked(step["state"]), str(step["step"]), step["text"], _shown(step))
    return table


def _shown(step: Told) -> Text:
    origins = [origin for origin in ORIGINS if step[origin]] or ["missing"]
    counts = (f"{len(step[origin])} {origin}" if origin != "missing" else origin for origin in origins)
    words = [Text(text, style=COLOURS[o]) for o, text in zip(origins, counts, strict=True)]
    return Text(", ").join(words)


def actors(told: Told, width: int) -> RenderableType:
    """A row an actor of whom something is known, by value; and how many are left out."""
    narrow, wide = width < 100, width >= 140
    table = grid(1 if width < 110 else 2)
    days = closed_on(told)
    beside = "recorded" if days else "observed"
    names = [
        "",
        "then",
        "",
        "now",
        beside,
        "news" if days else "belief",
        "loan/v." if narrow else "loan/value",
        *SUMS[:2],
    ]
    names += SUMS[2:] if wide else ()
    for column, name in enumerate(names):  # only the first gives way where it is too wide
        table.add_column(name, justify="right" if name else "left", no_wrap=column > 0)
    if all(actor["valuation"] is None for actor in told["actors"].values()) and (rows := moved(told)):
        return rows
    known = [actor for actor in told["actors"].values() if _known(actor)]
    known.sort(key=lambda actor: (-(actor["valuation"] or 0), actor["name"]))
    for actor in known:
        points_in_time = 7 if narrow else 10 if wide else 8
        row = _row(actor, told, figures=2 if narrow else 3, points_in_time=points_in_time)
        table.add_row(*row[: len(names)])
    legend = f"{UNKNOWN} unknown or nothing recorded"
    legend += ", no obs. no observation" if narrow and not told["observed_missing"] else ""
    legend += ", loan/v. loan-to-value" if narrow else ""
    legend += ", news: the part of now that is told news not yet faded, in the model" if days else ""
    legend += ", cash: what it opened with and what this log moved since, costs only as far as they are in it"
    left = len(told["actors"]) - len(known)
    legend += f"; {of}" if (of := dated(told)) else ""
    legend += f"; {left} more of whom no figure is known" if left else ""
    until = told["observed_until"]
    if until and until < plain_date(told["moment"]) and not days:
        legend += f"; observed market values end on {until}"
    on_record = [marked("recorded", closes(days, told["supposed"]))] if days else []
    return Group(table, *on_record, Text(legend, style="dim"), *believing(known, told))


MOVED = ("raised", "invested", "paid", "received")


def moved(told: Told) -> RenderableType | None:
    """A row an actor of what it raised, invested, paid and received: of a story in which nobody has a value.
    None where no money moved.
    """
    rows = [actor for actor in told["actors"].values() if any(actor[name] for name in MOVED)]
    if not rows:
        return None
    table = grid(2)
    for name in ("", *MOVED, "cash"):
        table.add_column(name, justify="right" if name else "left")
    for actor in sorted(rows, key=lambda one: (-sum(one[name] for name in MOVED), one["name"])):
        cells = [money(actor[name] or None, told) for name in MOVED]
        table.add_row(actor["name"], *cells, money(actor["cash"], told))
    left = len(told["actors"]) - len(rows)
    legend = f"{UNKNOWN} unknown or nothing recorded; nobody has a value here"
    return Group(table, Text(legend + (f"; {left} more moved no money" if left else ""), style="dim"))


SUMS = ("cash", "backlog", "debt", "collateral", "delivered")


def _row(actor: Told, told: Told, *, figures: int, points_in_time: int) -> list[RenderableType]:
    def sum_of(name: str) -> str:
        # A sum over events is no balance: without any event nothing is known to be nothing.
        value = actor[name] or None if name in {"backlog", "delivered"} else actor[name]
        return money(value, told, figures=figures)

    if actor["recorded"] is not None:
        beside = marked("recorded", sum_of("recorded"))
    elif actor["observed"] is not None:
        beside = Text(sum_of("observed"))
    else:
        beside = Text(none_seen(told, figures == 2), style="dim")
    return [
        Text(actor["name"], no_wrap=True, overflow="ellipsis"),
        sum_of("valuation_then"),
        Text(sparkline(actor["sparkline"], points_in_time), style="magenta"),
        Text(sum_of("valuation"), style="bold"),
        beside,
        share(actor["belief_share"]),
        share(actor["loan_to_value"]),
        *map(sum_of, SUMS),
    ]


def _known(actor: Told) -> bool:
    shown = ("valuation", "observed", "loan_to_value", "cash")
    return bool(actor["backlog"]) or any(actor[name] is not None for name in shown)


def repricings(told: Told) -> RenderableType:
    """The largest repricings: the model beside the record, or what was observed, and the cause below."""
    moved = [found for found in told["repricings"] if found["step"]]
    lines: list[RenderableType] = [] if moved else [Text("none so far", style="dim")]
    for found in moved:
        name = told["actors"].get(found["asset"], {}).get("name", found["asset"])
        line = Text(f"{plain_date(found['moment'])}  ")
        line.append_text(marked("modelled", f"{name} {change(found['step'])}"))
        if found["recorded"] is not None:
            line.append(f"  ● {change(found['recorded'])} from the close before to the next")
        elif found["observed"] is None:
            line.append(f"  {none_seen(told, narrow=False)}", style="dim")
        else:
            line.append(f"  observed {change(found['observed'])}, error {points(found['error'])}")
        line.append(", fitted on this" if found["fitted"] else "", style="dim")
        cause = Text(f"#{found['cause']} {found['headline']}", style="dim", overflow="fold")
        lines += [line, Padding(cause, (0, 0, 0, 12))]
    return Group(*lines)


def _ranked(told: Told) -> str:
    if told["assumptions_by"] == "swing":
        return "by how far each moves the value at the end"
    return "by the width of their ranges; `doubt` ranks them by what they do"


def assumptions(told: Told) -> RenderableType:
    """The weakest things that figures rest on, as a table: four guesses, then counts."""
    guessed = [row for row in told["assumptions"] if "count" not in row]
    table = Table.grid(padding=(0, 2))
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(ratio=1)
    for row in guessed[:4]:
        unit = "" if row["unit"] == "1" else f" {row['unit']}"
        spread = f"{row['value']:g} ({row['low']:g} to {row['high']:g}){unit}"
        spread += "" if row["swing"] is None else f": {money(row['swing'], told)}"
        words = dict.fromkeys((row["confidence"], row["source"]))
        source = Text(", ".join(words), style="dim", no_wrap=True, overflow="ellipsis")
        table.add_row(row["what"].replace("_", " "), spread, source)
    rest = [f"{row['what']}: {count(row['count'])}" for row in told["assumptions"] if "count" in row]
    if len(guessed) > 4:
        rest.insert(0, f"more guessed parameters: {len(guessed) - 4}")
    return Group(table, Text(", ".join(rest), style="dim")) if rest else table


def commands(told: Told, history: str) -> RenderableType:
    """Three things to do next, and what this is not."""
    found = told["repricings"]
    largest = plain_date(found[0]["moment"]) if found else told["moment"]
    until = told["observed_until"]
    late = bool(until) and until < plain_date(told["moment"])
    day = until if late else plain_date(largest)
    then = (
        "with what markets did beside it" if late else "as of the largest repricing" if found else "that day"
    )
    table = Table.grid(padding=(0, 3, 0, 0))
    table.add_column(no_wrap=True, overflow="fold")
    table.add_column()
    for command, what in (
        (f"narrative replay {history} --at {day}", then),
        (f"narrative log {history}", "every event, with its causes"),
        ("narrative define belief", "what a word on this screen means"),
        (f"narrative verify {history}", "that no byte of it has changed"),
    ):
        table.add_row(Text(command, style="bold"), Text(what, style="dim"))
    return Group(table, Text(), Text("A replay, not a forecast and not advice.", style="dim"))
