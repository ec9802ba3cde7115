"""What actors hold must bear what the story has them do: shares that are pledged, purses that are spent."""

from collections import Counter
from collections.abc import Sequence

from events.accounts import posted
from events.facts import Pledge
from narrative.books import TABLE
from narrative.cast import played
from narrative.scenario import OUTSIDE, Actor, Role
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


def check_purses(page: Page, roles: Sequence[Role], actors: Sequence[Actor]) -> None:
    """Nobody is cast to spend what nobody knows it has: that takes an assumption, marked as one."""
    known = {
        actor.id
        for actor in actors
        for b in actor.opening
        if b.account == "cash" and b.opened("full") is not None
    }
    for i, role in enumerate(roles):
        for actor in played(actors, role) if role.process in SPENDING else ():
            if actor not in known and actor != OUTSIDE:
                what = f'{role.process} plays "{actor}", whose cash nobody knows'
                remedy = f"Give the opening of cash of {actor} what is `assumed` of it, or leave {actor} out."
                page.fault(("cast", "role", i, "process"), what, remedy)
