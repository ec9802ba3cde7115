"""A story by somebody who wants a page to break: forty actors, long names, and writing from right to left."""

from attrs import evolve

from events.facts import Order
from narrative.story.model import Actor, Step, Story
from support.tiny import DAY, balance, entry, ten_days, told

MANY = 40
LONG = "Gesellschaft für außerordentlich langwierige Rechenzentren"
TURNED = "\u202e"  # what follows it would be read backwards


def crowd() -> Story:
    """Each orders once from another; who comes later orders more. The last is named in Arabic."""
    actors = tuple(
        Actor(
            id=f"a{i}",
            name=f"{LONG} {i}" if i % 2 else f"{TURNED}شركة الحوسبة {i}",
            roles=(("lab", "cloud")[i % 2],),
            listed=True,
            opening=(balance("value", 10_000 * 3 ** (i % 9)), balance("cash", 50_000)),
        )
        for i in range(MANY)
    )
    orders = tuple(
        entry(
            f"o{i}",
            (i + 1) * DAY,
            Order(
                buyer=f"a{i}",
                seller=f"a{(i + 1) % MANY}",
                order=f"o{i}",
                amount=2_000 * (i + 1),
                told=told(f"o{i}", tone=0.5, strength=0.5),
            ),
        )
        for i in range(MANY)
    )
    circle = tuple(
        Step(step=i, text=f"{LONG} orders", from_=(a,), to=(b,), kinds=("Order",))
        for i, (a, b) in enumerate((("lab", "cloud"), ("cloud", "lab")), 1)
    )
    return evolve(ten_days(), id="crowd", title="W" * 90, actors=actors, entries=orders, circle=circle)
