"""Living: perform a story, go on with a history that was cut short, and fork one that goes otherwise."""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

import narrative
from narrative.cli.guard import shown
from narrative.cli.verb import by_crew, say_json, trusted, verb
from narrative.cli.watch import Watch, branching
from narrative.text.numbers import count
from narrative.text.words import clean

if TYPE_CHECKING:
    from narrative.verbs.answers.living import Forked, Lived

_CHANGE = re.compile(r"([^:=]+):([^:=]+)=(.*)", re.DOTALL)
_SET = re.compile(r"([^=]+)=(.+)")


EXAMPLES = """\b
narrative what-if ai-2025 --name calm --from no-oracle-contract
narrative what-if ai-2025 --name later --change ai-2025-051:date=2025-12-10
narrative what-if ai-2025@calm --name numb --set silent_step=0.01
narrative what-if ai-2025 --name fall --shock "market -30% 2025-11-03" --dry-run
"""


KEEP = "Keep the digest elsewhere: verify --against it shows later that this is the history."


@verb()
@click.argument("story")
@click.option("--db", type=click.Path(path_type=Path), help="The database to write: ./<story>.db.")
@click.option("--seed", type=int, help="Another seed for chance.")
@click.option("--until", metavar="DATE", help="Stop at the end of a date, or at an ISO time.")
@click.option(
    "--cast", type=click.Choice(["none", "market", "full"]), help="Who plays: the story says if absent."
)
@click.option(
    "--quotes", metavar="none|DATE", help="Tell no quotes, or those to the end of a date; all if absent."
)
@click.option("--set", "set_", multiple=True, metavar="PARAMETER=VALUE", help="Run by another number.")
@trusted
def run(
    story: str,
    db: Path | None,
    seed: int | None,
    until: str | None,
    cast: str | None,
    quotes: str | None,
    set_: tuple[str, ...],
    trust: bool,
    as_json: bool,
) -> None:
    """Perform STORY into a new database."""
    chosen = {} if seed is None else {"seed": seed}
    with Watch(str(db or story)) as watch:
        lived = narrative.run(
            story,
            db=db,
            until=until,
            cast=cast,
            quotes=quotes,
            set=_settings(set_),
            trust=trust,
            progress=watch,
            say=_beside,
            **chosen,
        )
        _say(lived, as_json)


@verb()
@click.argument("history")
@click.option("--until", metavar="DATE", help="Live on to the end of a date, or to an ISO time.")
@trusted
def resume(history: str, until: str | None, trust: bool, as_json: bool) -> None:
    """Live HISTORY on to where its run was meant to end."""
    with Watch(history) as watch:
        _say(narrative.resume(history, until=until, trust=trust, progress=watch, say=_beside), as_json)


def _beside(sentence: str) -> None:
    click.echo(clean(sentence), err=True)


def _say(lived: "Lived", as_json: bool) -> None:
    if as_json:
        return say_json(lived)
    lived = shown(lived)
    click.echo(f"{lived.db}@{lived.branch}: {count(lived.events)} events, lived to {lived.until}")
    click.echo(f"digest {lived.digest}")
    click.echo(f"\nNext: narrative replay {lived.db}\n{KEEP}", err=True)
    return None


@verb(name="what-if", epilog=EXAMPLES)
@click.argument("history")
@click.option("--name", required=True, help="What to call the branch.")
@click.option("--at", metavar="WHEN", help="Fork there: before the first entry touched if absent.")
@click.option("--from", "from_", metavar="FILE", help="A what-ifs file, or one prepared in the story.")
@click.option("--inject", multiple=True, metavar="FILE", help="Entries that happen too, as in timeline.toml.")
@click.option("--without", multiple=True, metavar="ID", help="An entry not to tell, nor what follows it.")
@click.option("--keep", multiple=True, metavar="ID", help="Tell this all the same, at its own date.")
@click.option("--change", multiple=True, metavar="ID:FIELD=VALUE", help="Tell an entry otherwise.")
@click.option("--set", "set_", multiple=True, metavar="PARAMETER=VALUE", help="Act by another number.")
@click.option("--reseed", type=int, metavar="SEED", help="Draw chance anew from the fork on.")
@click.option("--shock", multiple=True, metavar="TEXT", help='As "market -30% 2025-11-03", "rates +100bp".')
@click.option("--until", metavar="DATE", help="Live to there: as far as the history if absent.")
@click.option("--ends", is_flag=True, help="Of recorded prices: live the other end too, as NAME-own-0.")
@click.option("--question", metavar="TEXT", help="What the branch is to answer.")
@click.option("--seeds", type=int, help="Weigh it beside chance too: so many seeds, with and without.")
@click.option("--dry-run", is_flag=True, help="Make no branch: print the what-ifs file that asks the same.")
@trusted
def what_if(
    history: str,
    name: str,
    at: str | None,
    from_: str | None,
    inject: tuple[str, ...],
    without: tuple[str, ...],
    keep: tuple[str, ...],
    change: tuple[str, ...],
    set_: tuple[str, ...],
    reseed: int | None,
    shock: tuple[str, ...],
    until: str | None,
    ends: bool,
    question: str | None,
    dry_run: bool,
    seeds: int | None,
    trust: bool,
    as_json: bool,
) -> None:
    """Fork HISTORY, suppose something, and live on as its branch NAME."""
    with branching(history, name) as watch:
        told = narrative.what_if(
            history,
            name=name,
            at=at,
            from_=from_,
            inject=inject,
            without=_names(without),
            keep=_names(keep),
            change=_changes(change),
            set=_settings(set_),
            reseed=reseed,
            shock=shock,
            until=until,
            question=question or "",
            ends=ends,
            dry_run=dry_run,
            seeds=seeds,
            trust=trust,
            progress=watch,
            say=None if as_json else _beside,
        )
    if as_json:
        return say_json(told)
    if dry_run:
        return click.echo(told.supposes, nl=False)
    return _after(told, history)


MANY = """\b
narrative ensemble loop --at 2025-06-30 --seeds 200 --shock "market -40%"
narrative ensemble loop --at 2025-06-30 --seeds 100 --set announce_rate=0.01,0.02,0.04
narrative ensemble ai-2025 --at 2026-03-31 --seeds 50 --from no-announcements --over ranges -o tails.parquet
"""


@verb(epilog=MANY)
@click.argument("history")
@click.option("--seeds", type=int, required=True, help="How many seeds: each is lived in every arm.")
@click.option("--at", metavar="WHEN", help="Cut there: before the first entry touched if absent.")
@click.option("--from", "from_", metavar="FILE", help="A what-ifs file, or one prepared in the story.")
@click.option("--shock", multiple=True, metavar="TEXT", help='As "market -30%", which comes after the cut.')
@click.option("--set", "set_", multiple=True, metavar="PARAMETER=VALUE,…", help="An arm for each value.")
@click.option("--over", multiple=True, metavar="ranges|NAME", help="Draw these over their ranges too.")
@click.option("--until", metavar="DATE", help="Live to there: as far as the history if absent.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="A folder for the Parquet files.")
@click.option("--events", type=click.Path(path_type=Path), help="Another, for the events of all members.")
@click.option("--keep", type=int, metavar="SEED", help="Make of this member a branch.")
@click.option("--name", help="What to call that branch.")
@by_crew
def ensemble(history: str, set_: tuple[str, ...], output: Path | None, as_json: bool, **asked: Any) -> None:
    """Live HISTORY on by many seeds, with and without what is supposed.

    Every arm of a seed meets the same chance, so that what differs is what is supposed. With -o, what
    was lived already is not lived again.
    """
    again = f"What is in {output} is kept; ask again to go on." if output else "Nothing is kept without -o."
    with Watch(history, again) as watch:
        found = narrative.ensemble(history, set=_settings(set_), output=output, progress=watch, **asked)
    if as_json:
        return say_json(found)
    from narrative.cli.spread import ensemble_lines

    return click.echo("\n".join(ensemble_lines(shown(found))))


def _names(given: Iterable[str]) -> list[str]:
    return [name for text in given for name in text.split(",") if name]


def _changes(given: Iterable[str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for text in given:
        parts = _CHANGE.fullmatch(text)
        if parts is None:
            raise click.UsageError(f'--change takes ID:FIELD=VALUE, and "{text}" is none.')
        found.setdefault(parts[1], {})[parts[2]] = parts[3]
    return found


def _settings(given: Iterable[str]) -> dict[str, str]:
    found = {}
    for text in given:
        parts = _SET.fullmatch(text)
        if parts is None:
            raise click.UsageError(f'--set takes PARAMETER=VALUE, and "{text}" is none.')
        found[parts[1].strip()] = parts[2].strip()
    return found


def _after(told: "Forked", history: str) -> None:
    from narrative.cli.forked import forked_lines  # reads prose, which no other command here needs

    for line in forked_lines(shown(told)):
        click.echo(line)
    click.echo(f"\nNext: narrative diff {history} {told.db}@{told.branch}\n{KEEP}", err=True)


VERBS = (run, resume, what_if, ensemble)
