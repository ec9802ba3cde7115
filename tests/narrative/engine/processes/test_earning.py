"""Customers that pay for use, against figures worked out by hand."""

from support.tiny import DAY
from support.worlds import facts_of, grown, played, tale

from events.facts import Delivery, Sale
from events.market_facts import Repricing
from narrative.engine.processes.earning import decide, due, earned
from narrative.engine.world import World
from narrative.story.model import Role

CLOSE = 16 * 3600
TRADE = {"earn_review": 30.0, "demand": 2.0, "demand_limit": 1e9, "lasting_conversion": 1.0}
ROLE = Role(process="earning", latency=1, of=("cloud", "lab"))
BUILT = Delivery(seller="chips", buyer="cloud", amount=1_000)
AT = 30 * DAY + CLOSE
MONTH = round(2.0 * 1_000 * 30 / 365.25)  # 164 cents


def built(*facts: object, **more: float) -> World:
    """A cloud to which 1,000 was delivered at the very review."""
    return grown(tale(TRADE | more, (), (ROLE,)), (AT, (BUILT, *facts)))


def done(world: World, now: int = AT) -> list[list[object]]:
    return facts_of(decide(world, played(world, "earning", "cloud"), now))


def test_a_sale_is_demand_times_capacity_for_the_days_of_a_review() -> None:
    assert MONTH == 164
    assert done(built()) == [[Sale(seller="cloud", amount=164)]]


def test_capacity_fades_over_its_life_and_so_does_what_it_earns() -> None:
    assert earned(built(), "cloud", 30, AT + 700 * DAY) == 82


def test_demand_has_a_limit_a_year() -> None:
    assert earned(built(demand_limit=10.0), "cloud", 30, AT) == round(1_000 * 30 / 365.25)
    assert done(built(demand=0.0)) == []
    assert earned(built(demand__cloud=20.0), "cloud", 30, AT) == round(20_000 * 30 / 365.25)


def test_a_sale_makes_belief_lasting_and_moves_no_price() -> None:
    world = built(Repricing(asset="cloud", fast=200_000_000, slow=100_000_000))
    value = 13_499  # 10,000 * exp(0.3)
    step = round(164 / value * 1e9)
    of_fast = round(164 / value * 1e9 * 2 / 3)
    made = Repricing(
        asset="cloud", fast=-of_fast, slow=-(step - of_fast), lasting=step, news=164, value=value
    )
    assert done(world) == [[Sale(seller="cloud", amount=164), made]]


def test_no_more_becomes_lasting_than_is_believed() -> None:
    world = built(Repricing(asset="cloud", fast=3_000, slow=-1_000), lasting_conversion=5.0)
    ((_, made),) = done(world)
    assert (made.fast, made.slow, made.lasting) == (-2_000, 0, 2_000)


def test_where_nothing_is_believed_a_sale_stands_alone() -> None:
    for fact in (Repricing(asset="cloud", fast=-5), Repricing(asset="cloud", fast=5, slow=-5)):
        assert [len(act) for act in done(built(fact))] == [1]


def test_without_a_value_there_is_no_belief_to_convert() -> None:
    lab = Delivery(seller="cloud", buyer="lab", amount=1_000)
    world = built(lab, Repricing(asset="lab", fast=200_000_000))
    assert facts_of(decide(world, played(world, "earning", "lab"), AT)) == [[Sale(seller="lab", amount=164)]]


def test_the_repricing_names_the_sale_as_its_cause() -> None:
    world = built(Repricing(asset="cloud", fast=200_000_000))
    (act,) = decide(world, played(world, "earning", "cloud"), AT)
    assert [draft.within for draft in act] == [(), (0,)]


def test_an_actor_without_capacity_has_no_review() -> None:
    world = built()
    assert due(world, played(world, "earning", "cloud"), AT) == 60 * DAY + CLOSE
    assert due(world, played(world, "earning", "lab"), AT) is None
