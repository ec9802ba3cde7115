"""Text from a timeline is text: it cannot become markup, in Markdown or in HTML."""

from html.parser import HTMLParser

import pytest
from attrs import evolve
from markdown_it import MarkdownIt
from support.lives import lived
from support.tiny import DAY, entry, story

from events.facts import Announcement, Order
from events.fields import Told
from narrative.analysis.history import History
from narrative.analysis.notes import noted
from narrative.prose.chronicle import chronicle
from narrative.prose.html import page, unbroken
from narrative.prose.markdown import markdown
from narrative.story.model import Narrative

HOSTILE = [
    "<img src=x onerror=alert(1)>",
    "</p></section><script>alert(1)</script>",
    "one | two | three",
    "*bold* _slanted_ ~~struck~~ **loud**",
    "`code` and ``more``",
    "line\n\n# A heading\n\n- a list\n\n[^1]: a note of my own",
    "[click](javascript:alert(1)) ![see](https://evil.example/x.png)",
    "&lt;img&gt; &amp; &#60;b&#62;",
    "\\*escaped\\* \\",
    "> quoted $x$ <https://evil.example>",
    "\u202eesrever\u202c \x1b[31mred\x07",
    '" onmouseover="alert(1)',
]
LINKS = [
    "javascript:alert(1)",
    "https://e.example/\"onclick='x'",
    "https://e.example/a b",
    "data:text/html,x",
    "https://good.example/a?b=1&c=2",
]


def hostile(words):
    told = [
        Told(entry=f"e{i}", headline=words, source=words, confidence="high", url=url, tone=0.5, strength=0.5)
        for i, url in enumerate(LINKS)
    ]
    plain = story(
        (
            *(
                entry(
                    f"e{i}",
                    (10 + i) * DAY,
                    Announcement(subject="lab", counterparty="cloud", ceiling=100, told=one),
                )
                for i, one in enumerate(told[:3])
            ),
            *(
                entry(
                    f"e{i}",
                    (10 + i) * DAY,
                    Order(buyer="lab", seller="cloud", order=f"o{i}", amount=100, told=told[i]),
                )
                for i in (3, 4)
            ),
        )
    )
    actors = tuple(
        evolve(actor, name=f"{actor.name} {words}", note=words, roles=(words,)) for actor in plain.actors
    )
    actors = tuple(evolve(a, roles=(*a.roles, b.roles[0])) for a, b in zip(actors, plain.actors, strict=True))
    parameters = tuple(evolve(parameter, source=words, unit=words) for parameter in plain.parameters)
    steps = tuple(evolve(step, text=words) for step in plain.circle)
    return evolve(
        plain, title=words, question=words, edition=words, actors=actors, circle=steps, parameters=parameters,
        narratives=(Narrative(id="n", sentence=words),),
    )  # fmt: skip  # one list


@pytest.fixture(params=HOSTILE, ids=range(len(HOSTILE)))
def tale(request):
    log = lived(hostile(request.param))
    head = log.head("main")
    return chronicle(History(log, "main", "x.db"), head.position, head.lived)


class Seen(HTMLParser):
    """Tags and attributes of a document."""

    def __init__(self):
        super().__init__()
        self.tags, self.attrs, self.text = [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attrs += [(tag, name, value) for name, value in attrs]

    def handle_data(self, data):
        self.text.append(data)


OURS = {
    "html", "head", "meta", "title", "style", "body", "main", "article", "header", "section", "footer", "div",
    "h1", "h2", "p", "ol", "ul", "li", "dl", "dt", "dd", "small", "span", "abbr", "sup", "a", "time", "table",
    "tr", "th", "td", "bdi",
}  # fmt: skip  # one set
SAFE = {
    "lang",
    "charset",
    "name",
    "content",
    "http-equiv",
    "class",
    "title",
    "href",
    "id",
    "datetime",
    "scope",
    "rel",
}


def test_a_page_has_our_tags_alone_and_follows_no_foreign_script(tale):
    seen = Seen()
    seen.feed(page(tale))
    assert set(seen.tags) <= OURS
    assert {name for _, name, _ in seen.attrs} <= SAFE
    links = {value for tag, name, value in seen.attrs if name == "href"}
    assert {link for link in links if not link.startswith("#note-")} == {"https://good.example/a?b=1&c=2"}


def test_a_word_from_right_to_left_stands_apart_from_the_number_beside_it():
    assert unbroken("In the model شركة الحوسبة 2.4 % and") == (
        "In the model <bdi>شركة الحوسبة</bdi> 2.4&nbsp;% and"
    )


def test_a_page_shows_the_words_as_they_are(tale):
    seen = Seen()
    seen.feed(page(tale))
    assert tale["title"] in "".join(seen.text)


def rendered(tale):
    return MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"]).render(markdown(tale))


def test_markdown_renders_to_our_tags_alone(tale):
    seen = Seen()
    seen.feed(rendered(tale))
    assert set(seen.tags) <= {
        "h1",
        "h2",
        "p",
        "em",
        "strong",
        "ul",
        "ol",
        "li",
        "a",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "code",
    }
    assert seen.tags.count("code") == 1  # the command that judges claims
    links = {value for tag, name, value in seen.attrs if name == "href"}
    assert links <= {"https://good.example/a?b=1&amp;c=2", "https://good.example/a?b=1&c=2"}
    strong = seen.tags.count("strong")
    days = sum(bool(p["day"]) for chapter in tale["chapters"] for p in chapter["paragraphs"])
    assert strong == len(tale["cast"]) + days
    assert seen.tags.count("em") == 1  # the question
    assert seen.tags.count("h1") == 1
    assert seen.tags.count("tr") == 1 + len(tale["ending"]["actors"])
    assert seen.tags.count("td") == 5 * len(tale["ending"]["actors"])


def test_markdown_shows_the_words_as_they_are(tale):
    seen = Seen()
    seen.feed(rendered(tale))
    assert tale["title"] in "".join(seen.text)


def test_nobody_can_add_a_footnote(tale):
    lines = [line for line in markdown(tale).splitlines() if line.startswith("[^")]
    assert len(lines) == len(tale["notes"])


def test_what_turns_or_controls_writing_is_gone(tale):
    for text in (page(tale), markdown(tale)):
        assert not {letter for letter in text if letter in "\u202e\u202c\x1b\x07"}


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_a_readers_note_cannot_be_markup_either(words):
    log = lived(hostile("plain"))
    plan = next(event for event in log.read("main") if event.kind == "Announcement")
    noted(History(log, "main", "x.db"), words, about=plan.position, author="ann")
    head = log.head("main")
    tale = chronicle(History(log, "main", "x.db"), head.position, head.lived)
    seen = Seen()
    seen.feed(page(tale))
    assert set(seen.tags) <= OURS
    assert {name for _, name, _ in seen.attrs} <= SAFE
    drawn = Seen()
    drawn.feed(rendered(tale))
    assert not {"img", "script", "pre", "blockquote", "h3"} & set(drawn.tags)
    assert drawn.tags.count("h1") == 1
    assert drawn.tags.count("code") == 1  # the command that judges claims
    for text in (page(tale), markdown(tale)):
        assert "A reader (ann) notes" in text
        assert not {letter for letter in text if letter in "\u202e\u202c\x1b\x07"}
