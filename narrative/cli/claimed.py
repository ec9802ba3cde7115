"""The screen of `claims`: what a history says of each claim, and what that rests on."""

from collections.abc import Iterator
from shutil import get_terminal_size
from textwrap import wrap
from typing import TYPE_CHECKING

import click

from narrative.cli.guard import shown
from narrative.text.numbers import interval, plain_date, share
from narrative.text.words import several

if TYPE_CHECKING:
    from narrative.verbs.answers.claiming import Bounded, Claims, Judged

READABLE = 100


def draw_claims(found: "Claims") -> None:
    """Print the screen of `claims`."""
    found = shown(found)
    width = min(get_terminal_size((80, 24)).columns, READABLE)
    click.echo("\n".join(_filled(_head(found), 0, width)) + "\n")
    for one in found.claims:
        click.echo("\n".join(_claim(one, width)) + "\n")
    if found.failed:
        first = found.failed[0]
        click.echo(
            f"{several(len(found.failed), 'member')} did not come to an end and count nowhere; the first, "
            f"seed {first.seed} in draw {first.draw}: {first.error}"
        )

    if found.kept:
        click.echo("Kept beside the history, for `page` and `tell` to show.")


def _head(found: "Claims") -> str:
    over = f"{several(found.seeds, 'seed')} from {found.first} on"
    if found.draws:
        over += f", {several(found.draws, 'draw')} over {found.ranges} ranges by {found.each} seeds each"
    ends = "; both ends of what news leaves open" if found.ends else ""
    return (
        f"{found.story}@{found.branch}, {found.cast} cast, {over}, shocks at {plain_date(found.at)}, "
        f"lived to {plain_date(found.until)}{ends}; [from, to] holds 95 % of chance and of draws"
    )


def _claim(one: "Judged", width: int) -> Iterator[str]:
    yield from _filled(f"{one.verdict.upper()}  {one.id}: {one.claim}", 0, width)
    yield from _filled(one.said, 2, width)
    if one.figure is not None and one.figure.bounds:
        yield from _filled("; ".join(map(_bound, one.figure.bounds)), 2, width)
    yield from _filled(f"fails if {one.fails_if}", 2, width)
    yield from (f"  {command}" for command in (one.command, one.branch) if command is not None)


def _bound(one: "Bounded") -> str:
    end = {"kept": ", residual kept", "gone": ", residual gone"}.get(one.end, "")
    return f"{one.over}{end} ({one.of}): {share(one.value)} {interval(share(one.low), share(one.high))}"


def _filled(text: str, indent: int, width: int) -> list[str]:
    pad = " " * indent
    return wrap(text, width, initial_indent=pad, subsequent_indent=f"{pad}  ", break_long_words=False)
