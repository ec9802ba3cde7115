"""Switches: a history can be lived without narratives, the central bank, algorithms or output.

A switch sets what its player does to nothing, where the story has the parameter and somebody plays it, and
takes what is told of it out of hearing. Together they are one supposition.
"""

from collections.abc import Collection, Sequence

from attrs import evolve, frozen

from events.facts import Sale
from events.fields import Fact
from events.market_facts import Liquidity, PolicyRate
from narrative.story.model import Entry
from narrative.story.supposition import Supposed
from narrative.whatif.state import Standing


@frozen(kw_only=True)
class Player:
    """One of those who could have made the growth, and in `words` what holds where it is off: the parameters
    in `off` are nothing, those of single actors too, where one of `played_by` plays; entries that are of a
    kind it `tells` are withheld; and where it is `heard`, no entry has any strength.
    """

    name: str
    words: str
    off: tuple[str, ...]
    played_by: tuple[str, ...]
    tells: tuple[type[Fact], ...] = ()
    heard: bool = False


PLAYERS = (
    Player(
        name="narratives", words="nobody announces, and markets heed no word and no deed",
        off=("announce_rate", "words_tone", "words_spread", "modelled_tone"),
        played_by=("announcing", "market"), heard=True,
    ),
    Player(
        name="central bank", words="no rate is moved, and no money added or drained",
        off=("policy_reaction", "policy_pace"), played_by=("policy",), tells=(PolicyRate, Liquidity),
    ),
    Player(name="algorithms", words="nobody follows trends", off=("trading_size",), played_by=("trading",)),
    Player(
        name="output", words="nobody outside pays for the use of anything",
        off=("demand",), played_by=("earning",), tells=(Sale,),
    ),
)  # fmt: skip  # a table


def switched_off(player: Player, state: Standing, playing: Collection[str], at: int) -> Supposed:
    """The supposition by which a player is off after a moment; nothing where it has no part in anything."""
    ahead = [one for one in state.timeline if one.moment > at and one.id not in state.withheld]
    acting = [one.name for one in state.story.parameters if one.reads == "acting"]
    names = [name for name in acting if name.partition(".")[0] in player.off]
    return Supposed(
        without={one.id: f"{player.name} off" for one in ahead if isinstance(one.fact, player.tells)},
        change=tuple(silent for one in ahead if player.heard and (silent := _silent(one)) is not None),
        set=dict.fromkeys(names, 0.0) if any(one in playing for one in player.played_by) else {},
    )


def _silent(entry: Entry) -> Entry | None:
    """An entry that nobody heeds; None for one that has no strength anyway."""
    told = entry.fact.told
    if told is None or not told.strength:
        return None
    return evolve(entry, fact=evolve(entry.fact, told=evolve(told, strength=0.0)))


def together(switches: Sequence[Supposed]) -> Supposed:
    """Several switches at once. An entry that one of them withholds is heard by nobody anyway."""
    without = {name: why for one in switches for name, why in one.without.items()}
    change = tuple(entry for one in switches for entry in one.change if entry.id not in without)
    return Supposed(without=without, change=change, set={name: 0.0 for one in switches for name in one.set})
