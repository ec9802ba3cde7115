"""Stories: what can be run, a new one, what is wrong with one, and the shape they have."""

from pathlib import Path
from shutil import get_terminal_size
from textwrap import fill

import click

import narrative
from narrative.cli.guard import shown
from narrative.cli.verb import say_json, verb
from narrative.text.numbers import count

READABLE = 104  # letters in a line


@verb()
def stories(as_json: bool) -> None:
    """List the stories that can be run by name."""
    found = narrative.stories()
    if as_json:
        return say_json(found)
    for index, story in enumerate(shown(found)):
        span = f"{story.from_} to {story.until}, {_entries(story.entries)}"
        click.echo("" if index else None, nl=bool(index))
        click.echo(f"{click.style(story.story, bold=True)}  {story.title}")
        click.echo(f"  {span}\n  {story.question}")
        for name, question in story.what_ifs.items():
            click.echo(f"  what if: {click.style(name, bold=True)}  {question}")
    return None


def _entries(number: int) -> str:
    return f"{count(number)} {'entry' if number == 1 else 'entries'}"


@verb()
@click.argument("path", type=click.Path(path_type=Path))
def new(path: Path, as_json: bool) -> None:
    """Write a story to begin with into the folder PATH."""
    made = narrative.new(path)
    if as_json:
        return say_json(made)
    for file in made.files:
        click.echo(file)
    click.echo(f"\nNext: narrative check {path}", err=True)
    return None


@verb()
@click.argument("story")
@click.option("--sources", is_flag=True, help="List what rests on memory or an aggregator too.")
@click.pass_context
def check(ctx: click.Context, story: str, sources: bool, as_json: bool) -> None:
    """Report every fault of STORY, a name or a folder, with its line."""
    from narrative.text.words import escaped

    found = narrative.check(story, sources=sources)
    if as_json:
        say_json(found)
    else:
        for fault in found.faults:
            click.echo(escaped(fault))
        for one in found.sources or ():
            click.echo(escaped(f"{one.rank}: {one.what} {one.name}: {one.source}"))
        entries = f", {_entries(found.entries)}" if found.entries is not None else ""
        faults = len(found.faults)
        click.echo(f"{found.story}: {faults or 'no'} fault{'s' * (faults != 1)}{entries}", err=bool(faults))
        if found.code:
            click.echo(
                f"It casts {', '.join(found.code)}: code of somebody's own, which runs only with --trust, "
                "with your rights. Here it was looked up, and nothing of it was run."
            )
    if found.faults:
        ctx.exit(2)


@verb()
@click.argument("word", required=False)
def define(word: str | None, as_json: bool) -> None:
    """Say what WORD means on the screens; without it, list every word."""
    found = narrative.define(word)
    if as_json:
        return say_json(found)
    if word is None:
        for one in found:
            click.echo(f"{click.style(one.word, bold=True)}: {one.says.partition('. ')[0].rstrip('.')}.")
        return None
    (one,) = found
    width = min(get_terminal_size().columns, READABLE)
    also = f" ({', '.join(one.also)})" if one.also else ""
    click.echo(f"{click.style(one.word, bold=True)}{also}")
    click.echo(fill(one.says, width, initial_indent="  ", subsequent_indent="  "))
    if one.see:
        click.echo(f"See also: {', '.join(one.see)}")
    return None


@verb()
def schema(as_json: bool) -> None:  # noqa: ARG001  # a schema is JSON either way
    """Print the JSON Schema of facts and stories."""
    say_json(narrative.schema())


VERBS = (stories, new, check, define, schema)
