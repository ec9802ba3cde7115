"""The table of claims in README.md is what was weighed. ``python tests/docs/test_weighed.py`` weighs it anew.

Weighing takes minutes, so its answers lie in docs/weighed/, each with the model, the story and the rules it
was weighed by. Here they are held to the table, to the story and the model as they are, and to a part that is
weighed again. ``python tests/docs/test_weighed.py loop`` weighs one story alone, with ``table`` none.
"""

import json
import re
import sys
import tempfile
import tomllib
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

import narrative
from narrative.analysis.verdicts import rules
from narrative.engine.opening import MODEL
from narrative.story.catalogue import find_story
from narrative.story.model import Casting
from narrative.text.numbers import share
from narrative.weighing.claims import CLAIMS
from narrative.weighing.judging import FAILS, HOLDS, REFUTED, UNDECIDED, UNTESTED

ROOT = Path(__file__).parents[2]
FOLDER, README = ROOT / "docs" / "weighed", ROOT / "README.md"
# As many as a table can be made of on two cores in some ten minutes: a member of ai-2025 takes half a minute.
ASKED = {"loop": {"seeds": 20, "draws": 20}, "ai-2025": {"seeds": 5, "draws": 8}}
CASTS: dict[str, Casting] = {"loop": "full", "ai-2025": "full"}
TABLE = re.compile(r"(?<=<!-- claims -->\n).*?(?=<!-- /claims -->)", re.DOTALL)
OTHER = 101  # the first of other seeds, which meet other draws too
DECIDED = {HOLDS, FAILS, REFUTED}
AGAIN = ("circle", "temporary", "no-delivery")  # claims of loop whose chance is weighed again here


def kept(story: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((FOLDER / f"{story}.json").read_text(encoding="utf-8"))
    return found


def seal(folder: Path) -> dict[str, str]:
    """By what a story is weighed: the model, and what its files say but for notes and sources."""
    files = sorted(path for path in folder.rglob("*") if path.suffix in (".toml", ".csv"))
    whole = sha256("".join(map(_acting, files)).encode()).hexdigest()
    return {"model": MODEL, "story": whole}


def _acting(path: Path) -> str:
    text = path.read_text(encoding="utf-8")
    return text if path.suffix == ".csv" else json.dumps(_bare(tomllib.loads(text)), default=str)


def _bare(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _bare(one) for name, one in value.items() if name not in ("note", "source")}
    return [_bare(one) for one in value] if isinstance(value, list) else value


def table() -> str:
    """The table, as what was weighed has it."""
    answers = {story: kept(story)["answer"] for story in ASKED}
    found = {story: {one["id"]: one for one in answer["claims"]} for story, answer in answers.items()}
    heads = [f"`{name}`, {a['cast']} cast: {_over(a)}" for name, a in answers.items()]
    rows = [(claim.words, *(_cell(found[story][claim.id]) for story in ASKED)) for claim in CLAIMS]
    lines = [("what is claimed", *heads), ("---",) * (1 + len(heads)), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _over(answer: dict[str, Any]) -> str:
    """By how many an answer was weighed; with the market alone nothing is left to chance."""
    return f"{answer['seeds']} seeds, {answer['draws']} draws" if answer["cast"] == "full" else "as lived"


def _cell(one: dict[str, Any]) -> str:
    figure = one["figure"]
    if one["verdict"] == UNTESTED or figure is None:
        return str(one["verdict"])
    low, high = ("?" if figure[end] is None else share(figure[end]) for end in ("low", "high"))
    return f"**{one['verdict']}**, {share(figure['value'])} [{low}, {high}]"


def test_the_table_is_what_was_weighed() -> None:
    (found,) = TABLE.findall(README.read_text(encoding="utf-8"))
    assert found == table(), "run `python tests/docs/test_weighed.py table`"


@pytest.mark.parametrize("story", ASKED)
def test_it_was_weighed_of_the_story_as_it_is_and_by_the_model_as_it_is(story: str) -> None:
    found = kept(story)
    assert {name: found["seal"][name] for name in ("model", "story")} == seal(find_story(story)), (
        f"run `python tests/docs/test_weighed.py {story}`, which takes some minutes"
    )
    assert {name: found["answer"][name] for name in ASKED[story]} == ASKED[story]
    assert found["answer"]["cast"] == CASTS[story]
    assert [one["id"] for one in found["answer"]["claims"]] == [claim.id for claim in CLAIMS]
    assert not found["answer"]["failed"]


def test_a_part_that_is_weighed_again_comes_out_as_it_did(tmp_path: Path) -> None:
    narrative.run("loop", db=tmp_path / "loop.db")
    asked = {"only": AGAIN, "seeds": ASKED["loop"]["seeds"], "draws": 0, "workers": 1}
    now = narrative.claims(str(tmp_path / "loop.db"), **asked)
    then = {one["id"]: one for one in kept("loop")["answer"]["claims"]}
    for one in now["claims"]:
        (chance,) = one["figure"]["bounds"]
        was = next(bound for bound in then[one["id"]]["figure"]["bounds"] if bound["over"] == "chance")
        assert (chance["of"], chance["value"], chance["low"]) == (
            was["of"], pytest.approx(was["value"]), pytest.approx(was["low"]),
        ), f"run `python tests/docs/test_weighed.py loop`: {one['id']}"  # fmt: skip  # a figure


def turned(one: dict[str, Any], other: dict[str, Any]) -> list[str]:
    """The claims that are decided by one answer, and decided otherwise by another."""
    verdicts = {row["id"]: row["verdict"] for row in one["claims"]}
    both = [(row["id"], {row["verdict"], verdicts[row["id"]]}) for row in other["claims"]]
    return [name for name, found in both if len(found) > 1 and found <= DECIDED]


def test_a_verdict_is_turned_over_where_both_are_decided() -> None:
    def answer(*verdicts: str) -> dict[str, Any]:
        return {"claims": [{"id": str(i), "verdict": verdict} for i, verdict in enumerate(verdicts)]}

    one, other = answer(HOLDS, HOLDS, FAILS, REFUTED), answer(HOLDS, UNDECIDED, HOLDS, FAILS)
    assert turned(one, other) == ["2", "3"]


def test_a_few_other_seeds_turn_no_verdict_of_a_switch_over(tmp_path: Path) -> None:
    narrative.run("loop", db=tmp_path / "loop.db")
    switched = [claim.id for claim in CLAIMS if claim.switches]
    asked = {"only": [*AGAIN, *switched], "seeds": 7, "draws": 6, "first": OTHER, "workers": 1}
    assert turned(kept("loop")["answer"], narrative.claims(str(tmp_path / "loop.db"), **asked).plain()) == []


@pytest.mark.slow
@pytest.mark.parametrize("story", ASKED)
def test_other_seeds_turn_no_verdict_over(story: str, tmp_path: Path) -> None:
    """Of two minutes for `loop`, and ten for `ai-2025`, on one core."""
    narrative.run(story, db=tmp_path / "a.db", cast=CASTS[story])
    found = narrative.claims(str(tmp_path / "a.db"), **ASKED[story], first=OTHER).plain()
    assert turned(kept(story)["answer"], found) == []


def weigh(story: str) -> None:
    """Weigh a story anew, with everybody playing."""
    with tempfile.TemporaryDirectory() as room:
        db = Path(room) / f"{story}.db"
        narrative.run(story, db=db, cast=CASTS[story])
        answer = narrative.claims(str(db), **ASKED[story]).plain()
    for one in answer["claims"]:  # no place of this machine's
        one.update(
            {name: one[name] and one[name].replace(str(db), db.name) for name in ("command", "branch")}
        )
    told = {"seal": {**seal(find_story(story)), "rules": rules()}, "answer": answer}
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / f"{story}.json").write_text(
        json.dumps(told, indent=1, ensure_ascii=False) + "\n", encoding="utf-8"
    )


if __name__ == "__main__":
    for name in sys.argv[1:] or ASKED:
        if name != "table":
            weigh(name)
    README.write_text(TABLE.sub(lambda _: table(), README.read_text(encoding="utf-8")), encoding="utf-8")
