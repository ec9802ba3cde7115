"""A history as long as one likes, of the loop's actors: words, their repricing, an order, its payment."""

from pathlib import Path

from events.event import Draft
from events.facts import Announcement, Order, Payment
from events.log import open_log
from events.market_facts import Repricing
from narrative.engine.begin import begin
from narrative.story.catalogue import find_story
from narrative.story.reader import read_story

EVERY = 1_800  # seconds between two moments


def lengthy(path: Path, count: int) -> Path:
    """A database whose main branch holds `count` events and some, four to a turn of two moments."""
    story = read_story(find_story("loop"))
    with open_log(path) as log:
        begin(log, "main", story, seed=1, cast="none", until=story.start + count * EVERY)
        head = log.head()
        position, moment = head.position, head.moment
        for turn in range(count // 4):
            step = 4_000_000 if turn % 3 else -7_500_000
            words = Announcement(subject="lab", counterparty="cloud", ceiling=1_000_000 * (turn % 97))
            read = Repricing(asset="cloud", fast=step, slow=step // 2, lasting=step // 9, fatigue=1)
            order = Order(buyer="lab", seller="cloud", order=f"order:{turn}", amount=1_000_000)
            paid = Payment(payer="lab", payee="cloud", order=f"order:{turn}", amount=1_000_000)
            moment += EVERY
            log.append("main", position, moment, [(Draft("lab", words), Draft("lab", order))])
            moment += EVERY
            acts = [
                (Draft("market", read, causes=(position + 1,)),),
                (Draft("lab", paid, causes=(position + 2,)),),
            ]
            log.append("main", position + 2, moment, acts)
            position += 4
        log.lived("main", moment)
    return path
