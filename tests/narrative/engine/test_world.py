"""A world keeps what was read off it only for as long as it is what would be read anew."""

from collections import deque

from support.credit import Life, credit, drawn
from support.lives import lived, named
from support.tiny import DAY

from events.books.accounts import Fold
from events.event import Draft, Event
from events.facts import Announcement
from events.funding_facts import Repayment
from narrative.engine.loans import facilities, loans
from narrative.engine.mailbox import Mailbox
from narrative.engine.memo import Memo
from narrative.engine.processes.supplying import open_orders
from narrative.engine.world import World, unfold


def read(world: World) -> list[object]:
    """All that processes keep of a world while nothing is posted to it."""
    lenders = ("lender", "chips")
    return [
        loans(world),
        *(loans(world, lender=lender) for lender in lenders),
        *(facilities(world, lender=lender) for lender in lenders),
        facilities(world, borrower="founder"),
        *(open_orders(world, seller) for seller in ("cloud", "chips")),
    ]


def test_at_every_position_what_was_kept_is_what_is_read_anew() -> None:
    seen = 0
    for world in unfold(lived(named("loop"), seed=20).read("main")):
        cold = world.copy()
        for known in vars(cold.memo)["_each"].values():
            known.clear()
        assert read(world) == read(cold), world.position
        seen += bool(loans(world)) and bool(open_orders(world, "chips"))
    assert seen > 200


def test_a_loan_that_nothing_was_posted_to_is_not_made_again() -> None:
    first, second = drawn(1_000, 30), drawn(500, 20, at=1)
    life = Life(credit()).told(1, *first, *second)
    one, other = loans(life.world, borrower="founder")
    paid = Repayment(borrower="founder", lender="bank", loan=one.name, amount=400, secured=400)
    life.told(2, paid)
    after, same = loans(life.world, borrower="founder")
    assert (after.owed, after.name) == (600, one.name)
    assert same is other


def test_a_copy_stands_where_the_world_stood_and_goes_its_own_way() -> None:
    world = next(w for w in unfold(lived(named("loop"), seed=20).read("main")) if w.position == 300)
    other, before = world.copy(), world.dump()
    assert other.dump() == before
    word = Announcement(subject="lab", ceiling=7)
    other.step(Event(301, world.moment + DAY, "Announcement", "modelled", "lab", (), word, b""))
    assert other.dump() != before
    assert world.dump() == before
    assert other.fold.sum("announced", "lab") == world.fold.sum("announced", "lab") + 7
    assert len(other.mailbox.unread) > len([u for u in world.mailbox.unread if u.at >= other.moment])


def changing(owner: object, path: str = "world") -> dict[str, int]:
    """The identity of everything in an object that can change, by where it hangs; values are passed by."""
    found = {}
    for name, own in vars(owner).items() if hasattr(owner, "__dict__") else ():
        if isinstance(own, dict | list | set | deque) or type(own) in (Fold, Mailbox, Memo):
            found[f"{path}.{name}"] = id(own)
        if type(own) in (Fold, Mailbox, Memo):
            found |= changing(own, f"{path}.{name}")
    return found


def test_nothing_that_can_change_is_shared_with_a_copy() -> None:
    world = next(w for w in unfold(lived(named("loop"), seed=20).read("main")) if w.position == 300)
    read(world)
    other = world.copy()
    mine, its = changing(world), changing(other)
    assert mine.keys() == its.keys() >= {"world.told", "world._opened", "world.mailbox._waiting"}
    fixed = {"world.mailbox._readers", "world.fold.half_lives"}  # of the story, never written to
    assert {where for where in mine if mine[where] == its[where]} <= fixed
    assert other.readings.fold is other.fold
    nested = zip(
        vars(world.mailbox)["_waiting"].values(), vars(other.mailbox)["_waiting"].values(), strict=True
    )
    assert all(one is not two for one, two in nested)


def test_drafts_and_events_are_plain_tuples_with_names() -> None:
    """Histories are millions of them."""
    assert Draft("lab", Announcement(subject="lab")) == (
        "lab",
        Announcement(subject="lab"),
        "modelled",
        (),
        (),
    )
