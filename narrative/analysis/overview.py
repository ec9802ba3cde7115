"""The data of the `replay` screen: readings of one moment with what they rest on beside them."""

from collections.abc import Mapping, Sequence
from math import expm1
from typing import Any

from events.event import ORIGINS, Event
from events.market_facts import Repricing
from narrative.analysis.belief_spans import backed_spans, belief_spans, reported_by
from narrative.analysis.collapse import collapse, plain
from narrative.analysis.ends import end_shown
from narrative.analysis.gains import called_at
from narrative.analysis.history import History, meant
from narrative.analysis.observing import observed_of
from narrative.analysis.past import past_plans
from narrative.analysis.record import closes, least_pledged, parts, rise
from narrative.analysis.replay import circle, reading, repricings, rungs, sparks, usual
from narrative.analysis.score import moved_at
from narrative.analysis.verdicts import swings
from narrative.engine.margins import distance, nearest
from narrative.engine.world import World
from narrative.story.calendar import DAY
from narrative.story.declared import ours
from narrative.story.model import Story
from narrative.story.observed import SUMS, Observation, Observed
from narrative.story.parameters import asked_by

_WEAK = ("assumption", "low")


def picture(history: History, events: Sequence[Event], moment: int) -> dict[str, Any]:
    """Everything that `replay` shows and `--json` carries. `events` are the history's, from its opening
    to the last that had come by that moment; they are folded once, and the log is not read.
    """
    series, world = sparks(events, moment)
    observed, recorded = observed_of(history), closes(world, events)
    spans, reports = belief_spans(world, events, moment), reported_by(world, moment)
    flows = {name: _by_party(world, name) for name in ("raised", "invested", "received")}
    actors = {}
    for actor in world.story.actors:
        values = series[actor.id]
        then = next((value for value in values if value is not None), None)
        close, made = recorded.get(actor.id), parts(world, actor.id, moment)
        seen = observed.last(actor.id, moment)
        actors[actor.id] = {
            "name": actor.name,
            **reading(world, actor.id, moment),
            "observed": round(seen.value) if seen else None,
            "observed_on": world.story.calendar.day(seen.moment) if seen else None,
            "observed_age": (moment - seen.moment) // DAY if seen else None,
            "recorded": close.value if close else None,
            "recorded_on": world.story.calendar.day(close.moment) if close else None,
            "parts": made._asdict() if made else None,
            "valuation_then": then,
            "sparkline": values,
            "belief_spans": spans[actor.id],
            "reported": reports.get(actor.id),
            **{name: sums.get(actor.id, 0) for name, sums in flows.items()},
        }
    moved = moved_at(events)
    totals, seen_until, risen = rungs(world), observed.until(), rise(world, moment)
    end, swung = meant(history), swings(history)
    return {
        "story": world.story.id,
        "title": world.story.title,
        "question": world.story.question,
        "edition": world.story.edition,
        **world.story.money.plain,
        "branch": history.branch,
        "end": end_shown(history.branch, world),
        "db": history.path,
        "position": events[-1].position,
        "moment": world.story.calendar.iso(moment),
        "digest": events[-1].digest.hex(),
        "events": len(events),
        **{origin: sum(event.origin == origin for event in events) for origin in ORIGINS},
        "observed_until": None if seen_until is None else world.story.calendar.day(seen_until),
        "observed_missing": observed.missing,
        "seen": [_seen(world.story, row, moment) for row in observed.others(moment)],
        "meant": None if end is None else world.story.calendar.iso(end),
        "rungs": totals,
        "usual": usual(world),
        "past": past_plans(world, events, moment),
        "belief": belief_of_rise(world, moment),
        "rise": risen.plain if risen else None,
        "circle": circle(world, events),
        "actors": actors,
        "pledged": bounded(world, pledged(world, moment, spans), events),
        "repricings": [
            _repriced(world, events, *pair, observed, moved) for pair in repricings(events, world.story)[:5]
        ],
        "assumptions": assumptions(world, swung),
        "assumptions_by": "swing" if swung else "width",
        "collapse": plain(collapse(events, moment), world.story),
    }


def _by_party(world: World, account: str) -> dict[str, int]:
    """The sums of an account by the party they are kept of, whoever stands on the other side."""
    found: dict[str, int] = {}
    for key, amount in world.fold.state[account].items():
        party = key.partition("/")[0]
        found[party] = found.get(party, 0) + amount
    return found


def _seen(story: Story, row: Observation, moment: int) -> dict[str, Any]:
    """An observation that stands beside no reading, with its age at a moment in whole days."""
    return {
        "actor": row.actor,
        "name": next(actor.name for actor in story.actors if actor.id == row.actor),
        "kind": row.kind,
        "amount": round(row.value) if row.kind in SUMS else None,
        "value": None if row.kind in SUMS else row.value,
        "on": story.calendar.day(row.moment),
        "age": (moment - row.moment) // DAY,
        "source": row.source,
    }


def belief_of_rise(world: World, moment: int) -> dict[str, Any]:
    """How much of what listed actors gained since the opening is belief and flow, not lasting.

    Each gain is split by log shares, so that the parts add up; losers are left out. Where a value rose
    by new shares alone, its price having not risen, no part of that is belief. Money in smallest
    units; `share` is None where nobody gained.
    """
    gained = backed = 0.0
    for actor in sorted(world.listed):
        opening, now = world.fold.last("value", actor), world.readings.value(actor, moment)
        if opening is None or now is None or now <= opening:
            continue
        log_rise = world.readings.log_price(actor, moment)
        soft = world.readings.belief(actor, moment) + world.readings.flow(actor, moment)
        gained += now - opening
        backed += (now - opening) * (min(max(soft / log_rise, 0.0), 1.0) if log_rise > 0 else 0.0)
    share = backed / gained if gained else None
    return {"gained": round(gained), "belief": round(backed), "share": share}


def pledged(world: World, moment: int, spans: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The collateral of each actor with pledged shares: its worth, how much of that is belief (both in the
    smallest unit), the loan-to-value of the loan that is nearest its call, at which the lender calls, and how
    far the price may fall before it does, in ln (negative beyond). None is unknown. `spans` are those of
    `belief_spans`.
    """
    rows = []
    for actor in world.story.actors:
        worth = world.readings.collateral(actor.id, moment)
        if worth is None:
            continue
        near = nearest(world, actor.id, moment)  # as its lender's own review has it
        loan, call = near or (world.readings.loan_to_value(actor.id, moment), called_at(world, actor.id))
        rows.append(
            {
                "actor": actor.id,
                "of": sorted(world.readings.pledges(actor.id)),
                "collateral": worth,
                "belief_backed": world.readings.belief_backed(actor.id, moment),
                "backed": backed_spans(spans, _worth(world, actor.id, moment)),
                "loan_to_value": loan,
                "called_at": call,
                "distance": distance(loan, call) if loan and call else None,
            }
        )
    return sorted(rows, key=lambda row: (-row["collateral"], row["actor"]))


def _worth(world: World, actor: str, moment: int) -> dict[str, int]:
    """The worth of an actor's pledged shares of each company, in smallest units."""
    held = world.readings.pledges(actor)
    return {asset: round(n * (world.readings.price(asset, moment) or 0)) for asset, n in held.items()}


def bounded(world: World, rows: list[dict[str, Any]], events: Sequence[Event]) -> list[dict[str, Any]]:
    """Rows of `pledged` with what bounds an unknown loan: the least worth of its collateral at a close, its
    day, and what a lender that calls at `called_at` had lent at most. None where a call was made, where
    nothing is quoted, or the loan is known.
    """
    least, found = least_pledged(events), []
    for row in rows:
        close = least.get(row["actor"]) if row["loan_to_value"] is None else None
        below = round(row["called_at"] * close.value) if close and row["called_at"] else None
        day = world.story.calendar.day(close.moment) if close else None
        found.append(row | {"least": close.value if close else None, "least_on": day, "loan_below": below})
    return found


def _repriced(  # a step, and what it is held against
    world: World,
    events: Sequence[Event],
    event: Event,
    step: int,
    observed: Observed,
    moved: Mapping[tuple[str, str], float],
) -> dict[str, Any]:
    cause = events[event.causes[0] - 1] if event.causes else event
    told = cause.fact.told
    assert isinstance(event.fact, Repricing)
    asset = event.fact.asset
    modelled = expm1(step * 1e-9)
    seen = observed.step(asset, told.entry) if told else None
    recorded = moved.get((asset, told.entry)) if told else None
    fitted = {name for parameter in world.story.parameters for name in parameter.fitted}
    return {
        "position": event.position,
        "moment": world.story.calendar.iso(event.moment),
        "asset": asset,
        "step": modelled,
        "recorded": None if recorded is None else expm1(recorded),
        "observed": seen,
        "error": modelled - seen if seen is not None else None,
        "fitted": told is not None and told.entry in fitted,
        "cause": cause.position,
        "headline": told.headline if told else cause.kind,
    }


def assumptions(world: World, swung: Mapping[str, float]) -> list[dict[str, Any]]:
    """The weakest things the figures rest on: guessed parameters, first those that were doubted (`swung`), by
    how far each moves the value at the end, then by how wide their range is; balances nobody knows; facts of
    low confidence.
    """
    cast = {part.process for part in world.parts}.intersection(ours())  # nobody's code is run to look
    guessed = [p for p in world.story.parameters if p.confidence in _WEAK and asked_by(cast, p.name)]
    width = {p.name: (p.high - p.low) / (abs(p.value) or 1.0) for p in guessed}
    guessed.sort(key=lambda p: (-swung.get(p.name, -1.0), -width[p.name], p.name))
    found: list[dict[str, Any]] = [
        {
            "what": p.name, "value": p.value, "low": p.low, "high": p.high, "unit": p.unit,
            "confidence": p.confidence, "source": p.source, "swing": swung.get(p.name),
        }
        for p in guessed
    ]  # fmt: skip  # one row
    unknown = [f"{a.id} {b.account}" for a in world.story.actors for b in a.opening if b.unknown]
    if unknown:
        found.append({"what": "unknown balances", "count": len(unknown), "which": unknown})
    weak = [e.id for e in world.story.entries if e.fact.told and e.fact.told.confidence in _WEAK]
    if weak:
        found.append({"what": "facts of low confidence", "count": len(weak), "which": weak})
    return found
