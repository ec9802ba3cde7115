"""Who is in default: from a Default of its own until it emerges, and again from the next."""

from support.credit import Life, credit
from support.tiny import DAY

from events.funding_facts import Default, Emergence
from narrative.engine.defaults import defaulted, in_default


def test_in_default_until_it_emerges_and_again_from_the_next() -> None:
    life = Life(credit()).told(DAY, Default(debtor="lab", moment=DAY), Default(debtor="chips", moment=DAY))
    assert defaulted(life.world) == ("chips", "lab")
    life.told(9 * DAY, Emergence(debtor="lab", moment=9 * DAY))
    assert defaulted(life.world) == ("chips",)
    assert not in_default(life.world, "lab")
    assert not in_default(life.world, "cloud")
    life.told(20 * DAY, Default(debtor="lab", moment=20 * DAY))
    assert in_default(life.world, "lab")
