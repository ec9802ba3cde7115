"""Markup, scripts and orders to a terminal in every text of a story: no page runs them, no screen obeys them.

A page of a story with payloads is, tag by tag, the page of the same story without them.
"""

import os
import pty
import re
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path

from tally import Tally
from trial import awaited, dice, nothing, started, verb

from narrative.story.template import starting_files
from narrative.text.words import escaped

PIECES = (
    "<script>document.title='owned'</script>",
    "</script><script>document.title='owned'</script>",
    "<img src=x onerror=\"document.title='owned'\">",
    "<svg onload=\"document.title='owned'\">",
    "<!--<script>",
    "-->",
    "]]>",
    "\"><b onclick='x'>",
    "'><i>",
    "</title><script>document.title='owned'</script>",
    "</style><script>x</script>",
    "<iframe srcdoc='<script>x</script>'></iframe>",
    "<a href=\"javascript:document.title='owned'\">x</a>",
    "&lt;b&gt;",
    "<base href=http://a.invalid/>",
    "<meta http-equiv=refresh content='0;url=http://a.invalid/'>",
    "</textarea><b>",
    "<math><mtext><script>x</script></mtext></math>",
    "<template><script>x</script></template>",
    "{{7*7}}",
    "${7*7}",
    "`${document.title='owned'}`",
    "\\u003cscript\\u003e",
    "\u2028\u2029",
    "[x](javascript:alert(1))",
    "![x](http://a.invalid)",
    "<style>@import url(http://a.invalid)</style>",
    "<form action=http://a.invalid><input name=x></form>",
    "|x|",
    "# x",
)
ORDERS = (
    "\x1b[2J",
    "\x1b]0;owned\x07",
    "\x1b]52;c;b3duZWQ=\x1b\\",
    "\x1b[8m",
    "\x1b[5m",
    "\x1b[9A",
    "\x9b2J",
    "\r\x1b[K",
    "\x08\x08",
    "\u202e",
    "\u2066",
    "\x90q\x9c",
    "\x1bc",
    "\x1b[?1049h",
    "\x1b[6n",
    "\x0e",
    "\x7f",
    "\x1bP+q544e\x1b\\",
    "\x1b[1;31mred",
)
KEYS = "title|question|edition|sentence|name|text|source|note|headline|url|reason"
OURS = re.compile("\x1b\\[[0-9;]*m")
HIDES = re.compile("\x1b\\[([0-9]*;)*([4-9]|[14][0-9]|2[013-9]|38|48|9[0-9]|10[0-9])(;[0-9]*)*m")
TEXTS = (  # screens on which texts of a story stand: unguarded, each order shows on one of them at least
    ("replay", "x.db"),
    ("tell", "x.db"),
    ("loop", "x.db"),
    ("diff", "x.db", "x.db@w"),
)
SCREENS = (
    ("log", "x.db", "--all"),
    ("show", "x.db", "4"),
    ("why", "x.db", "5"),
    ("branches", "x.db"),
    ("check", "trial"),
    ("compare", "x.db", "x.db@w"),
    ("show", "x.db", "1"),
    ("why", "x.db", "chipmaker", "valuation"),
    ("verify", "x.db"),
    ("log", "x.db", "--json"),
)
FILES = (
    ("page", "x.db", "-o", "page.html"),
    ("tell", "x.db", "-o", "tell.html"),
    ("plot", "x.db", "valuation", "-o", "plot.svg"),
)
CHROMIUM = "/usr/bin/chromium"
FREE = ("a", "tspan")  # as many as there are addresses to lead to, and lines of a long text
OPENED = 10  # every so many payloads a browser opens the page too


class Tags(HTMLParser):
    """The tags of a document with the names of their attributes, the scripts but for data, and its links."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, ...]] = []
        self.scripts: list[str] = []
        self.links: list[str] = []
        self._in = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in FREE:
            self.tags.append((tag, *(name for name, _ in attrs)))
        self.links += [value or "" for name, value in attrs if name in {"href", "src", "action", "srcdoc"}]
        self._in = tag if tag == "script" and dict(attrs).get("type") != "application/json" else ""

    def handle_endtag(self, tag: str) -> None:
        self._in = ""

    def handle_data(self, data: str) -> None:
        if self._in:
            self.scripts.append(data)


class Payloads:
    """The payloads of one campaign."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.seed, self.folder, self.work = seed, folder, folder / "work"
        self.tally = Tally("payloads")
        self._live("plain", "clean")
        self.clean = {words[-1]: self._document(words) for words in FILES}

    def run(self, payloads: int) -> Tally:
        """So many stories, each with one payload in all of its texts."""
        for number in range(payloads):
            self._one(number)
            self.tally.tried += 1
        return self.tally

    def _one(self, number: int) -> None:
        address, chance = f"payload {self.seed}/{number}", dice(self.seed, "payload", number)
        order = ORDERS[number % len(ORDERS)]
        payload = f"{chance.choice(PIECES)}{order}{chance.choice(PIECES)}"
        self._live(payload, address)
        chosen = [FILES[0], FILES[1], *([FILES[2]] if number % OPENED == 0 else [])]
        for words in chosen:
            found, clean = self._document(words, address), self.clean[words[-1]]
            if found.tags != clean.tags or found.scripts != clean.scripts:
                self.tally.fault("script", f"{address}: {payload!r} changes what {words[-1]} is made of")
            if not all(re.match("https?://|#|$", link) for link in found.links):
                self.tally.fault("script", f"{address}: {payload!r} is a link of {words[-1]}")
            self.tally.ends["documents"] += 1
        for words in (*TEXTS, *chance.sample(SCREENS, 2)):
            ended, said = self._in_a_terminal(words)
            self.tally.saw(ended, address)
            if obeyed(said, order):
                self.tally.fault("order", f"{address}: {payload!r} reaches the terminal by {words}")
            self.tally.ends["screens"] += 1
        if number % OPENED == 0 and Path(CHROMIUM).exists():
            self._opened(address, payload)

    def _live(self, payload: str, address: str) -> None:
        """A story with a payload in each text, a branch that asks it, and a note that says it."""
        question = "".join(letter for letter in payload if letter.isprintable())  # no other is taken
        shutil.rmtree(self.work, ignore_errors=True)
        (self.work / "trial").mkdir(parents=True)
        for name, text in starting_files("trial").items():
            (self.work / "trial" / name).write_text(planted(text, payload))
        for words in (
            ("run", "trial", "--db", "x.db"),
            (
                "what-if",
                "x.db",
                "--name",
                "w",
                "--reseed",
                "2",
                "--at",
                "2025-03-01",
                "--question",
                f"If {question}",
            ),
            ("note", "x.db", f"Note {payload}", "--author", "somebody"),
        ):
            done = self.tally.saw(verb(*words, at=self.work), address)
            if done.status:
                self.tally.fault("wrong", f"{address}: {done.said}")

    def _document(self, words: tuple[str, ...], address: str = "clean") -> Tags:
        done = self.tally.saw(verb(*words, at=self.work), address)
        if done.status:
            self.tally.fault("wrong", f"{address}: {done.said}")
            return Tags("")
        return Tags((self.work / words[-1]).read_text(encoding="utf-8"))

    def _in_a_terminal(self, words: tuple[str, ...]):
        """How a verb ended in a terminal of its own, and all that it wrote there."""
        mine, theirs = pty.openpty()
        child = started(words, self.work, theirs, theirs, as_in_a_terminal)
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
        said = b"".join(parts).decode(errors="replace")
        return awaited(words, child, None, nothing)(said.encode(), said), said

    def _opened(self, address: str, payload: str) -> None:
        """Let a browser run the page: its title is no payload's, and nothing planted is an element."""
        flags = (
            "--headless=new",
            "--no-sandbox",
            "--disable-gpu",
            "--proxy-server=127.0.0.1:9",
            "--dump-dom",
            f"--user-data-dir={self.folder / 'browser'}",
            "--virtual-time-budget=2000",
        )
        page = (self.work / "page.html").as_uri()
        done = subprocess.run([CHROMIUM, *flags, page], capture_output=True, timeout=120, check=False)
        dom = done.stdout.decode(errors="replace")
        if "<html" not in dom:
            self.tally.ends["pages no browser would open"] += 1
            return
        tags = Tags(dom)
        odd = [
            tag
            for tag in tags.tags
            if tag[0] in {"iframe", "base", "math", "form", "img"}
            or {"onerror", "onload", "onclick"} & set(tag)
        ]
        if "<title>owned" in dom or odd or len(tags.scripts) > len(self.clean["page.html"].scripts):
            self.tally.fault("script", f"{address}: {payload!r} is run, or an element, of the page: {odd}")
        self.tally.ends["pages opened"] += 1


def obeyed(said: str, order: str) -> bool:
    """Whether a terminal that was given this would obey more than the screens themselves ask of it."""
    plain = OURS.sub("", said).replace("\r\n", "").replace("\t", "")
    return order in said or HIDES.search(said) is not None or escaped(plain) != plain


def as_in_a_terminal() -> None:
    os.environ.update(TERM="xterm-256color", COLUMNS="110")


def planted(text: str, payload: str) -> str:
    """TOML with a payload within each text that people wrote."""
    said = "".join(f"\\U{ord(letter):08x}" for letter in payload)
    found = re.sub(rf'^({KEYS}) = "(.)', lambda m: f'{m[1]} = "{m[2]}{said}', text, flags=re.MULTILINE)
    parameter = re.compile(r'(\[\[parameter\]\]\nname = ".)' + re.escape(said))
    found = parameter.sub(lambda m: m[1], found)  # an id, and no text
    found = re.sub('^unit = "1"', lambda m: f'{m[0][:-1]}{said}"', found, flags=re.MULTILINE)
    return re.sub(
        "^(headline = .*)$",
        f'\\1\nurl = "https://a.invalid/{said.replace(chr(92), chr(92) * 2)}"',
        found,
        flags=re.MULTILINE,
    )
