"""Orders to a terminal are planted in every text of a story, and every verb is run in a real one."""

import os
import pty
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import narrative
from narrative.cli.guard import Guarded, guarded, shown
from narrative.text.words import escaped

COMMAND = Path(sys.executable).with_name("narrative")
# Clear, title, clipboard, hide, blink, yellow, move, erase; letters that turn the direction of writing.
ORDERS = (
    "\x1b[2J\x1b]0;owned\x07\x1b]52;c;b3duZWQ=\x1b\\\x1b[8m\x1b[5m\x1b[33m\x1b[9A\x9b2J\r\x1b[K"
    "\u202e\u2066\x08"
)
KEYS = "title|question|edition|sentence|name|text|source|note|headline|url|reason"
OURS = re.compile("\x1b\\[[0-9;]*m")
HIDES = re.compile("\x1b\\[([0-9]*;)*([4-9]|[14][0-9]|2[013-9]|38|48|9[0-9]|10[0-9])(;[0-9]*)*m")


def planted(text: str) -> str:
    """TOML with the orders within each text that people wrote."""
    orders = "".join(f"\\u{ord(letter):04x}" for letter in ORDERS)
    found = re.sub(rf'^({KEYS}) = "(.)', lambda m: f'{m[1]} = "{m[2]}{orders}', text, flags=re.MULTILINE)
    parameter = re.compile(r'(\[\[parameter\]\]\nname = ".)' + re.escape(orders))
    found = parameter.sub(lambda m: m[1], found)  # an id, and no text
    url = r'url = "https://a.invalid/\u001b[33m\u001b[2J\u009b2J\u202e"'  # which no space ends
    found = re.sub("^headline = .*$", lambda m: f"{m[0]}\n{url}", found, flags=re.MULTILINE)
    return re.sub('^unit = "1"', lambda m: f'{m[0][:-1]}{orders}"', found, flags=re.MULTILINE)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A history of the planted story, a branch that asks a planted question, a note, and both handed on."""
    folder = tmp_path_factory.mktemp("planted")
    narrative.new(folder / "trial")
    for file in (folder / "trial").glob("*.toml"):
        file.write_text(planted(file.read_text(encoding="utf-8")), encoding="utf-8")
    db = folder / "trial.db"
    narrative.run(str(folder / "trial"), db=db)
    narrative.what_if(str(db), name="w", reseed=2, at="2025-03-01", question="What \u202e if")
    narrative.note(str(db), "no orders")
    narrative.export(str(db), format="jsonl", output=folder / "e.jsonl")
    narrative.import_(folder / "e.jsonl", db=folder / "x.db")  # as it comes from somebody else
    return folder


def in_a_terminal(words: list[str], folder: Path) -> str:
    """All that a command writes into a terminal of its own, standard error too."""
    mine, theirs = pty.openpty()
    env = os.environ | {"TERM": "xterm-256color", "COLUMNS": "110"}
    with subprocess.Popen(
        [COMMAND, *words], cwd=folder, stdin=theirs, stdout=theirs, stderr=theirs, env=env, close_fds=True
    ):
        os.close(theirs)
        parts = []
        while True:
            try:
                part = os.read(mine, 65_536)
            except OSError:  # the other end is closed
                break
            if not part:
                break
            parts.append(part)
    os.close(mine)
    return b"".join(parts).decode()


ALL = """
check trial | check trial --sources | replay x.db | replay trial.db@w | loop x.db | loop x.db --all | log x.db
log x.db --all | log x.db --json | branches x.db | branches x.db --json
show x.db 2 | show x.db 1 | show x.db 8 | why x.db 8
why x.db chipmaker valuation | tell x.db | tell x.db x.db@w | diff x.db x.db@w | compare x.db x.db@w
query x.db 'select * from events' | query x.db 'select * from events' --format csv | replay x.db --json
query x.db 'select * from turns' | verify x.db | export x.db --format csv -o out | page x.db | resume x.db
what-if x.db --name again --reseed 3 --at 2025-04-01
what-if x.db --name third --reseed 3 --at 2025-04-01 --question 'a\u2066b'
what-if x.db --name dry --reseed 3 --at 2025-04-01 --question 'a\u2066b' --dry-run | define announced
plot x.db valuation -o x.svg | replay -vv x.db | run trial --db y.db -vv | note x.db 'a\u202eb'
"""
VERBS = [command.strip() for line in ALL.strip().splitlines() for command in line.split(" | ")]


@pytest.mark.parametrize("command", VERBS)
def test_no_text_of_a_story_gives_a_terminal_orders(folder: Path, command: str) -> None:
    words = [word.replace("\\u2066", "\u2066").replace("\\u202e", "\u202e") for word in shlex.split(command)]
    said = in_a_terminal(words, folder)
    assert said
    assert not HIDES.search(said)
    plain = OURS.sub("", said).replace("\r\x1b[K", "").replace("\r\n", "").replace("\t", "")
    assert escaped(plain) == plain
    assert "\x1b[33m" not in said or "-vv" in words  # yellow is of no screen, but of the diary


ODD = [["replay", "\x1b[2Jx.db"], ["\x1b[2Jreplay"], ["replay", "x.db", "--\x1b[2J"], ["page", "a\x07"]]


@pytest.mark.parametrize("words", ODD)
def test_nor_does_an_argument(folder: Path, words: list[str]) -> None:
    said = in_a_terminal(words, folder)
    assert said.replace("\r\n", "").isprintable()


def test_a_pipe_is_given_what_a_csv_holds(folder: Path) -> None:
    words = [COMMAND, "query", "x.db", "select headline from events", "--format", "csv"]
    done = subprocess.run(words, cwd=folder, capture_output=True, check=True)
    assert "\x1b[2J" in done.stdout.decode()


@pytest.mark.parametrize("ours", ["\x1b[1ma\x1b[0m", "\x1b[32mb\x1b[0m", "\x1b[1;35mc\x1b[0m", "a\tb\n"])
def test_our_own_colours_pass(ours: str) -> None:
    assert guarded(ours) == ours


@pytest.mark.parametrize("theirs", ["\x1b[8m", "\x1b[7m", "\x1b[41m", "\x1b[38;5;1m", "\r\x1b[K", "\x9b1m"])
def test_others_orders_do_not(theirs: str) -> None:
    assert guarded(theirs) != theirs
    assert "\\u00" in guarded(theirs)


def test_a_guarded_stream_is_a_stream_in_all_else(tmp_path: Path) -> None:
    with (tmp_path / "a").open("w", encoding="utf-8") as file:
        stream = Guarded(file)
        assert stream.write("\x07a") == 2
        assert (stream.isatty(), stream.encoding, stream.fileno()) == (False, "utf-8", file.fileno())
    assert (tmp_path / "a").read_text() == "\\u0007a"


def test_an_answer_is_shown_on_its_lines_and_of_its_type() -> None:
    found = shown(narrative.stories())
    assert [one.story for one in found] == ["ai-2025", "loop"]
    assert shown({"a\x1b": ["b\nc", 1, None]}) == {"a": ["b c", 1, None]}
