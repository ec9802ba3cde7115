"""Answers of `tell`: a history, or two, in plain words. Texts are clean of whatever a terminal obeys."""

import msgspec

from narrative.verbs.answers.base import UNSET, Answer, UnsetType


class Sentence(Answer, frozen=True):
    """One or more sentences of one origin (empty where they are about the telling), the numbers of the notes
    they rest on, and the positions they tell of.
    """

    text: str
    origin: str
    notes: list[int]
    positions: list[int]


class Paragraph(Answer, frozen=True):
    """The sentences on a day: `date` in ISO, `day` in words; both are empty for a longer span."""

    sentences: list[Sentence]
    day: str
    date: str


class Chapter(Answer, frozen=True):
    """A span of days under a title."""

    title: str
    since: str
    until: str
    lead: list[Sentence]
    paragraphs: list[Paragraph]


class Source(Answer, frozen=True):
    """A source that a note names, its address if it has one, and how sure it is."""

    source: str
    url: str | None
    confidence: str


class Note(Answer, frozen=True):
    """A footnote."""

    number: int
    sources: list[Source]


class StepTold(Answer, frozen=True):
    """A step of the circle, and how often it is seen."""

    step: int
    text: str
    shown: str


class ActorTold(Answer, frozen=True):
    """A member of the cast, with sentences on what it held at the opening."""

    actor: str
    name: str
    roles: str
    note: str
    sentences: list[Sentence]


class ActorAtEnd(Answer, frozen=True):
    """An actor's value at the opening and at the end, what was observed, and the part of belief, in words."""

    name: str
    then: str
    now: str
    observed: str
    belief: str


class Ending(Answer, frozen=True):
    """How it stood at the end, and what is weak about it."""

    stood: str
    actors: list[ActorAtEnd]
    weak: list[str]


class Period(Answer, frozen=True):
    """A quarter after two histories part: what both tell, and what each tells for itself."""

    title: str
    both: list[Paragraph]
    sides: list[list[Paragraph]]


class Difference(Answer, frozen=True):
    """A reading that differs at the end of two histories, in words."""

    name: str
    what: str
    texts: list[str] = msgspec.field(name="values")


class ClaimTold(Answer, frozen=True):
    """A claim about such manias in words, its verdict by this history, and why."""

    claim: str
    verdict: str
    said: str


class ClaimsTold(Answer, frozen=True):
    """Verdicts on a history that are kept beside it and hold, a row a claim, none where none are; and by what
    they were weighed, or the command that weighs them.
    """

    said: str
    rows: list[ClaimTold]


class Chronicle(Answer, frozen=True, kw_only=True):
    """A history in plain words; with two, `labels`, `parted`, `periods`, `differences` and `endings` as well,
    and chapters up to where they part; of one told to its end, `claims`. `text` is the whole of it in
    `format`, `file` where it was written.
    """

    story: str
    edition: str
    currency: str
    digits: int
    branch: str
    position: int
    moment: str
    digest: str
    events: int
    recorded: int
    modelled: int
    title: str
    question: str
    day: str
    labels: list[str] | UnsetType = UNSET
    finding: list[str]
    claims: ClaimsTold | UnsetType = UNSET
    circle: list[StepTold]
    cast: list[ActorTold]
    cut: str
    chapters: list[Chapter]
    parted: str | UnsetType = UNSET
    periods: list[Period] | UnsetType = UNSET
    differences: list[Difference] | UnsetType = UNSET
    endings: list[Ending] | UnsetType = UNSET
    ending: Ending
    citation: str
    notes: list[Note]
    format: str
    text: str
    file: str | None
