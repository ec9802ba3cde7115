"""Facts on their way to a reader: in the order in which they are read, which need not be that of the log."""

from attrs import evolve
from support.anchored import anchored
from support.lives import lived
from support.tiny import DAY, entry, told

from events.event import Event
from events.market_facts import Repricing
from events.record_facts import Report
from narrative.engine.mailbox import Mailbox, read_at
from narrative.story.calendar import Calendar
from narrative.story.cast import Part
from narrative.story.model import Cast, Role
from narrative.story.supposition import moved

READER = Part(name="market", actor="market", process="market", latency=10, reads={"Report": ("subject",)})


def event(position: int, moment: int, known: int | None = None) -> Event:
    fact = Report(subject="lab", told=told(f"e{position}", known=known))
    return Event(position, moment, "Report", "recorded", "lab", (), fact, b"")


def box(*events: Event, calendar: Calendar = Calendar()) -> Mailbox:  # noqa: B008  # a frozen value
    mailbox = Mailbox((READER,), {"Report": (READER,)}, calendar)
    for one in events:
        mailbox.send(one)
    return mailbox


def read(mailbox: Mailbox, now: int = 0) -> list[tuple[int, list[int]]]:
    """Every moment at which the reader has letters, and their positions."""
    found = []
    at: int | None = now
    while (at := mailbox.next_letter("market", at)) is not None:
        found.append((at, [one.position for one in mailbox.letters("market", at)]))
    return found


def test_a_deed_is_read_when_it_is_known_and_not_before() -> None:
    first, late = event(1, 100, known=500), event(2, 200)
    assert read(box(first, late)) == [(210, [2]), (510, [1])]


def test_read_at_one_moment_they_stand_in_the_order_of_the_log() -> None:
    assert read(box(event(1, 100, known=500), event(2, 400), event(3, 500))) == [(410, [2]), (510, [1, 3])]


def test_what_was_known_before_it_was_told_is_read_when_it_is_told() -> None:
    assert read(box(event(1, 100, known=50))) == [(110, [1])]


def test_what_is_still_to_be_read_outlives_what_is_dropped() -> None:
    mailbox = box(event(1, 100, known=500), event(2, 200))
    mailbox.drop(300)
    assert read(mailbox.copy()) == [(510, [1])]


def test_a_market_reads_late_what_became_known_late() -> None:
    plain = anchored()
    fact = Report(subject="cloud", told=told("late", tone=1.0, strength=1.0, known=8 * DAY))
    role = Role(process="market", latency=3600, reads={"Report": ("subject",)})
    story = evolve(plain, entries=(entry("late", 3 * DAY, fact),), quotes=(), cast=Cast(role=(role,)))
    (step,) = [one for one in lived(story).read("main") if isinstance(one.fact, Repricing)]
    assert step.moment == 8 * DAY + 3600


def test_an_entry_told_later_is_known_so_much_later() -> None:
    late = moved(entry("late", 3 * DAY, Report(subject="lab", told=told("late", known=8 * DAY))), DAY)
    assert (late.moment, late.fact.told and late.fact.told.known) == (4 * DAY, 9 * DAY)


def test_a_market_reads_at_weekends_and_on_holidays_nothing_and_others_do() -> None:
    """1970 began on a Thursday: told on Friday night it is read then, on Saturday or later on Tuesday at
    nine, since Monday is closed.
    """
    calendar = Calendar(week=5, closed=("1970-01-05",))
    friday, saturday, tuesday = DAY + 23 * 3600, 2 * DAY, 5 * DAY
    read_ = read(box(event(1, friday), event(2, saturday), event(3, 4 * DAY), calendar=calendar))
    assert read_ == [(friday + 10, [1]), (tuesday + 9 * 3600, [2, 3])]
    board = evolve(READER, process="ordering")
    assert read_at(board, saturday, calendar) == saturday + 10
