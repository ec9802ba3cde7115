"""What actors hold must bear what the story has them do: shares that are pledged, purses that are spent."""

from collections import Counter
from collections.abc import Mapping, Sequence

from events.accounts import posted
from events.facts import Pledge
from narrative.books import TABLE
from narrative.cast import played
from narrative.scenario import OUTSIDE, Actor, Parameter, Role
from narrative.story.entries import Seen
from narrative.story.faults import Page
from narrative.story.lines import Path
from narrative.story.shape import TELLABLE

_SHARES = {
    kind: tuple(row for row in TABLE.rows(kind) if row.account in ("stake", "pledged")) for kind in TELLABLE
}
# Processes that spend, promise or lend out what their own actor holds.
SPENDING = ("ordering", "investing", "lending")


def check_pledges(head: Page, page: Page, actors: Sequence[Actor], seen: Sequence[Seen]) -> None:
    """Nobody pledges more shares than it holds, where the story says how many it holds."""
    held, pledged = _opened(actors, "stake"), Counter(_opened(actors, "pledged"))
    for i, actor in enumerate(actors):
        for j, balance in enumerate(actor.opening):
            key = f"{actor.id}/{balance.asset}"
            if balance.account == "pledged" and pledged[key] > held.get(key, pledged[key]):
                _beyond(head, ("actor", i, "opening", j), key, pledged[key], held[key])
    for one in seen:
        if one.entry is None:
            continue
        fact = one.entry.fact
        for account, key, shares in posted(_SHARES[one.entry.kind], fact):
            if account == "pledged":
                pledged[key] += shares
            elif key in held:
                held[key] += shares
            if isinstance(fact, Pledge) and pledged[key] > held.get(key, pledged[key]):
                _beyond(page, (*one.path, "shares"), key, pledged[key], held[key])


def _opened(actors: Sequence[Actor], account: str) -> dict[str, int]:
    """What the actors open with of an account, as far as it is known."""
    balances = ((actor.id, balance) for actor in actors for balance in actor.opening)
    return {
        f"{holder}/{balance.asset}": balance.posted
        for holder, balance in balances
        if balance.account == account and balance.posted is not None
    }


def _beyond(page: Page, path: Path, key: str, pledged: int, held: int) -> None:
    holder, _, asset = key.partition("/")
    what = f"{holder} has then pledged {pledged:,} shares of {asset}, and holds {held:,}"
    page.fault(path, what, "Mend the pledge, or the stake that the story opens with.")


def check_purses(
    page: Page, roles: Sequence[Role], actors: Sequence[Actor], parameters: Sequence[Parameter]
) -> None:
    """Nobody is cast to spend what nobody knows it has, or to be held back by what nobody knows it owes:
    that takes an assumption, marked as one.
    """
    known = {
        (actor.id, balance.account)
        for actor in actors
        for balance in actor.opening
        if balance.opened("full") is not None
    }
    values = {parameter.name: parameter.value for parameter in parameters}
    for i, role in enumerate(roles):
        for actor in played(actors, role):
            lacking = [account for account in _wanted(role, actor, values) if (actor, account) not in known]
            for account in lacking if actor != OUTSIDE else ():
                what = f'{role.process} plays "{actor}", whose {account} nobody knows'
                remedy = f"Give its opening of {account} what is `assumed` of it, or leave {actor} out"
                heeded = "" if account == "cash" else f", or give announce_headroom.{actor} as 0"
                page.fault(("cast", "role", i, "process"), what, f"{remedy}{heeded}.")


def _wanted(role: Role, actor: str, values: Mapping[str, float]) -> tuple[str, ...]:
    """The accounts that a process cannot play an actor without."""
    if role.process == "announcing":
        own = values.get(f"announce_headroom.{actor}", values.get("announce_headroom"))
        return ("debt",) if own else ()
    return ("cash",) if role.process in SPENDING else ()
