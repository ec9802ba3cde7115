"""Verdicts and doubts that are kept beside a history, for screens to show: weighing takes minutes, looking
does not.

They stand outside the chain, each under the name of its branch, with a seal of all by which it was weighed.
Where any of that is another now, it is not shown as if it held; nor where it was not this user who weighed,
for whoever hands on a history can write a verdict of any words beside it.
"""

from collections.abc import Iterable, Mapping
from hashlib import sha256
from importlib.resources import files
from json import dumps, loads
from pathlib import Path
from typing import Any

from attrs import frozen

from events.branch import MAIN
from events.files import read_whole
from events.secret import mine
from narrative.analysis.history import History, story_of
from narrative.engine.opening import MODEL
from narrative.story.catalogue import UnknownStory, find_story

CLAIMS, DOUBT = "claims", "doubt"
WHAT_IFS = "what-ifs"
# The files by whose text claims are judged, by room, beside the model and the history.
JUDGING = {
    "weighing": (
        "claims", "critical", "crowd", "dials", "draws", "evidence", "judging", "mirrored", "paired",
        "portrait", "severed", "simulacrum", "struck", "switches",
    ),
    "whatif": ("shocks",),
}  # fmt: skip  # a list
_WHY = {
    "history": "before this history went on",
    "lived": "before this history went on",
    "model": "before the model changed",
    "rules": "before the rules changed by which they are judged",
    WHAT_IFS: "before the story's what-ifs changed",
}
_ELSEWHERE = "by another user, machine or version"


@frozen(kw_only=True)
class Kept:
    """The `answer` of `claims` or of `doubt` that is kept beside a history: None where there is none, or
    where it no longer holds, of which `stale` says why.
    """

    answer: Mapping[str, Any] | None = None
    stale: tuple[str, ...] = ()


def seal(found: History) -> dict[str, str]:
    """All by which a history is weighed now: its events, how far it was lived, the model, the rules, and the
    story's prepared what-ifs where they are found.
    """
    head = found.log.head(found.branch)
    return {
        "history": head.digest.hex(),
        "lived": str(head.lived),
        "model": MODEL,
        "rules": rules(),
        WHAT_IFS: _prepared(story_of(found).id),
    }


def rules() -> str:
    """The digest of the rules by which claims are judged: that of the files that judge."""
    house = files("narrative")
    return _digest(
        (house / room / f"{name}.py").read_bytes() for room, names in JUDGING.items() for name in names
    )


def _prepared(story: str) -> str:
    try:
        folder: Path = find_story(story)
    except UnknownStory:
        return ""
    prepared = sorted((folder / WHAT_IFS).glob("*.toml"))
    return _digest(_prepared_text(path) for path in prepared if path.is_file())


def _prepared_text(path: Path) -> bytes:
    try:
        return read_whole(path)
    except OSError as error:  # larger than anybody's what-if: no other than itself
        return ascii((path.name, error.errno)).encode()


def _digest(texts: Iterable[bytes]) -> str:
    whole = sha256()
    for text in texts:
        whole.update(sha256(text).digest())
    return whole.hexdigest()


def keep(found: History, what: str, answer: Mapping[str, Any], sealed: Mapping[str, str]) -> None:
    """Keep an answer beside a history that can be written, with the seal it was weighed by. Raises Locked and
    Unwritable.
    """
    name, text = _name(found, what), dumps({"seal": sealed, "answer": answer}, sort_keys=True)
    found.log.attach(name, f"{mine(name, text).hex()}\n{text}")


def kept(found: History, what: str) -> Kept:
    """Read what is kept beside a history, where it was this user who weighed, and it holds as that is now."""
    name = _name(found, what)
    whole = found.log.attached(name)
    if whole is None:
        return Kept()
    made, _, text = whole.partition("\n")
    if made != mine(name, text).hex():  # before anything of it is read
        return Kept(stale=(_ELSEWHERE,))
    told, now = loads(text), seal(found)
    stale = tuple(dict.fromkeys(_WHY[name] for name in now if told["seal"].get(name) != now[name]))
    return Kept(stale=stale) if stale else Kept(answer=told["answer"])


def _name(found: History, what: str) -> str:
    return f"{what}@{found.branch}"


def judged_of(found: History) -> dict[str, Any]:
    """The verdicts on a history as plain data: a row a claim, where they are kept and hold; and by what they
    were weighed, or the command that weighs them, in a sentence. Commands name the file alone: pages and
    tales are passed on, and where it lies on this machine is nobody's business.
    """
    known = kept(found, CLAIMS)
    command = f"narrative claims {_address(found)}"
    if known.answer is not None:
        told = known.answer
        return {"said": _weighed(told, command), "rows": [_row(one, found) for one in told["claims"]]}
    if known.stale:
        said = f"Claims were judged {' and '.join(known.stale)}; `{command}` judges them anew."
    else:
        said = f"What is claimed of such manias is not judged here yet; `{command}` does, in some minutes."
    return {"said": said, "rows": []}


def _address(found: History) -> str:
    name = Path(found.path).name
    return name if found.branch == MAIN else f"{name}@{found.branch}"


def _weighed(told: Mapping[str, Any], command: str) -> str:
    ends = ", at both ends of what news leaves open" if told["ends"] else ""
    draws = f" and {told['draws']} draws over {told['ranges']} ranges" if told["draws"] else ""
    lacks = "" if told["cast"] == "full" else ", with the market alone"
    return f"Judged over {told['seeds']} seeds{draws}{ends}{lacks}. What each rests on shows `{command}`."


def _row(one: Mapping[str, Any], found: History) -> dict[str, Any]:
    plain = {name: one[name] for name in ("id", "claim", "verdict", "said", "command")}
    return {**plain, "command": plain["command"].replace(found.path, Path(found.path).name)}


def swings(found: History) -> dict[str, float]:
    """By parameter how far it moves the value at the end, by the doubt that is kept beside a history, in
    smallest units; none where none is kept or it no longer holds.
    """
    answer = kept(found, DOUBT).answer
    return {} if answer is None else {row["parameter"]: row["swing"] for row in answer["parameters"]}
