"""Finding a story: by a path to a folder, or by name among those that ship."""

from importlib.resources import files
from pathlib import Path

from events.errors import Wrong
from narrative.story.faults import did_you_mean, listed
from narrative.story.template import starting_files

_CHECKOUT = Path(__file__).resolve().parents[2] / "replays"


class UnknownStory(Wrong):
    """No story of that name, and no story's folder at that path."""


class StoryTaken(Wrong):
    """A new story was to be written where something stands already."""


def list_stories() -> tuple[str, ...]:
    """Names of the stories that ship, in order."""
    home = _home()
    return tuple(sorted(f.name for f in home.iterdir() if _is_story(f))) if home.is_dir() else ()


def find_story(name: str | Path) -> Path:
    """The folder of a story, given by its path or by its name. Raises UnknownStory."""
    folder = Path(name)
    if _is_story(folder):
        return folder
    shipped = _home() / str(name)
    if str(name) in list_stories():
        return shipped
    if folder.is_dir():
        raise UnknownStory(
            f"{folder} is a folder without a replay.toml, so no story; `narrative new` writes one."
        )
    names = list_stories()
    otherwise = f"There {'is' if len(names) == 1 else 'are'} {listed(names)}." if names else "None ship here."
    raise UnknownStory(
        f'"{name}" is no story, neither by name nor by path. {did_you_mean(str(name), names, otherwise)}'
    )


def new_story(path: str | Path) -> tuple[Path, ...]:
    """Writes a small story to begin with into a folder; gives its files. Raises StoryTaken."""
    folder = Path(path)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise StoryTaken(f"{folder} exists and is not an empty folder; nothing was written. Name another.")
    written = []
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in starting_files(folder.resolve().name).items():
            (folder / name).write_text(text, encoding="utf-8")
            written.append(folder / name)
    except OSError as error:
        raise StoryTaken(f"{error.filename or folder} cannot be written: {error.strerror}.") from None
    return tuple(written)


def _is_story(folder: Path) -> bool:
    return (folder / "replay.toml").is_file()


def _home() -> Path:
    """The folder of the stories that ship: in a wheel inside the package, in a checkout beside it."""
    packed = Path(str(files("narrative"))) / "replays"
    return packed if packed.is_dir() else _CHECKOUT
