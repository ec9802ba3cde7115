"""What a history looks like at a moment."""

from lives import lived
from tiny import DAY, ten_days

from events.event import Draft
from events.facts import Order
from narrative.history import History
from narrative.picture import picture
from narrative.run import live, world_at


def test_what_is_supposed_is_counted_apart_from_what_a_process_did() -> None:
    story = ten_days()
    log = lived(story)
    at = log.position_at("main", 4 * DAY)
    log.fork("other", "main", at)
    order = Order(buyer="lab", seller="cloud", order="supposed", amount=100)
    log.append("other", at, 4 * DAY, [(Draft("story", order, "supposed"),)])
    live(log, "other", world_at(log, "other"), story.until)
    head = log.head("other")
    seen = picture(History(log, "other", "tiny.db"), head.position, story.until)
    before = picture(History(log, "main", "tiny.db"), at, 4 * DAY)["circle"][0]
    assert seen["supposed"] == 1
    assert seen["recorded"] + seen["modelled"] + seen["supposed"] == head.position
    assert seen["circle"][0]["supposed"] == [at + 1]
    assert at + 1 not in seen["circle"][0]["modelled"]
    assert before["supposed"] == []
