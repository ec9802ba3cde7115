"""What a chapter comes to: its sums and its fall, added up here in another way than there."""

import csv
import re
import tomllib
from collections import Counter
from itertools import pairwise

import pytest
from support.lives import AI, lived, named

from narrative.analysis.history import History
from narrative.engine.run import world_at
from narrative.prose.chronicle import chronicle
from narrative.prose.items import OPENING
from narrative.prose.kinds import KINDS
from narrative.prose.markdown import markdown
from narrative.story.catalogue import find_story
from narrative.story.model import Story
from narrative.text.words import NUMBERS

SCALES = {"": 1, "k": 10**3, "m": 10**6, "bn": 10**9, "tn": 10**12}
SUM = r"\$(?P<sum>[\d.]+)(?: (?P<scale>tn|bn|m|k))?"
# What each kind adds to a rung, and what it takes back, as the posting table has it in words.
ADDS = {
    "announced": dict.fromkeys(("Announcement", "Order", "Investment", "Funding", "Loan"), ("ceiling",)),
    "committed": {"Order": ("amount",)},
    "paid": dict.fromkeys(("Payment", "Investment", "Funding"), ("amount",)),
    "delivered": {"Delivery": ("amount", "unattributed")},
}
TAKES = {
    "announced": {"Retraction": ("ceiling",), "Lapse": ("ceiling",)},
    "committed": {"Cancellation": ("amount",)},
}


@pytest.fixture(scope="module", params=["ai-2025", "loop 3", "loop 1", "full"])
def log(request):
    if request.param == "full":
        return lived(named(AI), cast="full")
    name, _, seed = request.param.partition(" ")
    return lived(named(name), seed=int(seed or 1))


@pytest.fixture(scope="module")
def tale(log):
    head = log.head("main")
    return chronicle(History(log, "main", "x.db"), head.position, head.lived)


def figures(text):
    """Sums as they were written: (sum in the story's unit, half a step of its last digit, what follows)."""
    for found in re.finditer(SUM + r" ?(?P<rest>[^$]*)", text):
        scale = SCALES[found["scale"] or ""]
        digits = len(found["sum"].partition(".")[2])
        yield float(found["sum"]) * scale, 0.51 * scale * 10**-digits, found["rest"]


def amounts(log, table, since, until):
    """What the events of some days post, by rung."""
    calendar = named("loop").calendar
    sums = Counter()
    for event in log.read("main"):
        if since <= calendar.day(event.moment) <= until:
            for rung, kinds in table.items():
                sums[rung] += sum(getattr(event.fact, field) or 0 for field in fields_of(event, kinds))
    return {rung: amount / unit_of(log) for rung, amount in sums.items() if amount}


def fields_of(event, kinds):
    """The fields that an event posts to a rung; none of a payment that nobody promised."""
    usual = event.kind == "Payment" and event.fact.order is None and event.fact.told is None
    return () if usual else kinds.get(event.kind, ())


def unit_of(log):
    """Smallest units in one of the story's currency."""
    return 10 ** Story.load(log.opening().fact.text).money.digits


def test_what_a_lead_says_was_moved_is_what_the_events_of_its_days_moved(log, tale):
    for chapter in tale["chapters"]:
        grew, _, fell = chapter["lead"][0]["text"].partition(";")
        grew = re.sub(r"\([^)]*\)", "", grew)
        for text, table in ((grew, ADDS), (fell, TAKES)):
            wanted = amounts(log, table, chapter["since"], chapter["until"])
            said = list(figures(text))
            assert len(said) == len(wanted)
            for figure, slack, rest in said:
                rung = next(rung for rung in ADDS if rung in rest)
                assert figure == pytest.approx(wanted[rung], abs=slack), (rung, text)


def test_what_is_the_models_in_a_sum_is_said_where_others_have_a_part_in_it(log, tale):
    calendar = named("loop").calendar
    for chapter in tale["chapters"]:
        for rung, kinds in ADDS.items():
            origins = {
                event.origin
                for event in log.read("main")
                if chapter["since"] <= calendar.day(event.moment) <= chapter["until"]
                and any(getattr(event.fact, field) for field in fields_of(event, kinds))
            }
            mixed = re.search(rf"{rung} \([^)]* of it modelled\)", chapter["lead"][0]["text"])
            assert bool(mixed) == (origins == {"recorded", "modelled"})


def sums_of(events, *fields):
    """What some events come to in the first of some fields that each has."""
    firsts = (next((value for f in fields if (value := getattr(e.fact, f, None))), 0) for e in events)
    return sum(firsts)


def agree(text, wanted, unit):
    """Whether the sums in a text are those wanted, in their order."""
    said = list(figures(text))
    assert len(said) == len(wanted), text
    for (figure, slack, _), sum_ in zip(said, wanted, strict=True):
        assert figure == pytest.approx(sum_ / unit, abs=slack), text


def test_what_is_said_of_one_fact_is_in_that_fact(log, tale):
    """What is added to its headline: the words after it, each sum in one of its own fields."""
    events, found = {e.position: e for e in log.read("main")}, 0
    for said in (s for c in tale["chapters"] for p in c["paragraphs"] for s in p["sentences"]):
        if said["origin"] != "recorded" or len(said["positions"]) != 1:
            continue
        (event,) = (events[p] for p in said["positions"])
        if event.fact.told is None or event.fact.told.headline not in said["text"]:
            continue
        added = said["text"].replace(event.fact.told.headline, "")
        rung = re.search(r"(Committed|Paid|Delivered):|counted as (announced)", added)
        if rung is not None:
            name = (rung[1] or rung[2]).lower()
            agree(added, [sums_of([event], *ADDS[name][event.kind])], unit_of(log))
            found += 1
        elif "Borrowed:" in added or "Guaranteed:" in added:
            agree(added, [sums_of([event], "amount", "ceiling")], unit_of(log))
    lived = [event for event in events.values() if not isinstance(event.fact, OPENING)]
    assert found > 20 or all(event.origin == "modelled" for event in lived)


def test_what_is_counted_comes_to_what_its_events_come_to(log, tale):
    events = {e.position: e for e in log.read("main")}
    names = {name: kind for kind, form in KINDS.items() for name in (form.one, form.many)}
    openings = ("Also on record in these months: ", "Besides, in the model: ", "Besides: ")
    found = 0
    for said in (s for c in tale["chapters"] for p in c["paragraphs"] for s in p["sentences"]):
        opening = next((o for o in openings if said["text"].startswith(o)), None)
        if opening is None:
            continue
        numbers = Counter()
        for number, name, _, sums in re.findall(
            r"([a-z]+|\d+) ([a-z][a-z ]+?)( \(([^)]*)\))?(?:, | and |\.$)", said["text"].removeprefix(opening)
        ):
            kind = names[name]
            mine = [events[p] for p in said["positions"] if events[p].kind == kind]
            numbers[kind] = NUMBERS.index(number) if number in NUMBERS else int(number)
            assert numbers[kind] == len(mine)
            if kind != "PolicyRate":
                wanted = [sums_of(mine, "amount", "unattributed"), sums_of(mine, "ceiling")]
                agree(sums, [sum_ for sum_ in wanted if sum_], unit_of(log))
                found += 1
        assert numbers.total() == len(said["positions"])
    assert found


def worth(log, moments):
    """What the listed companies were worth at some moments, each folded anew from the log."""
    rows = list(log.rows("main"))
    found = []
    for moment in moments:
        position = max(row[0] for row in rows if row[1] <= moment)
        world = world_at(log, "main", position)
        found.append(sum(world.readings.value(actor, moment) or 0 for actor in world.listed))
    return found


def test_how_far_the_companies_rose_or_fell_is_read_off_the_log_at_both_ends(log, tale):
    calendar, start = named("loop").calendar, log.opening().moment
    until = log.head("main").lived
    begins = [calendar.moment(*map(int, c["since"].split("-"))) for c in tale["chapters"][1:]]
    edges = worth(log, [start, *(moment - 1 for moment in begins), until])
    for chapter, (before, after) in zip(tale["chapters"], pairwise(edges), strict=True):
        text = chapter["lead"][1]["text"]
        found = re.search(r"(rose|fell) by ([\d.]+) %(, to| from highest)", text)
        if found is None:
            assert "ended where they began" in text
            assert after == pytest.approx(before, rel=0.0006)
        elif found[3] == ", to":
            assert (found[1] == "rose") == (after > before)
            assert float(found[2]) == pytest.approx(abs(after / before - 1) * 100, abs=0.051)
            (figure, slack, _), *_ = figures(text)
            assert figure == pytest.approx(after / unit_of(log), abs=slack)


def looked_at(log):
    """The value of all listed companies each six hours, on each event and just before it, in the model."""
    events = list(log.read("main"))
    looked = {*range(events[0].moment, log.head("main").lived, 21_600)}
    looked |= {e.moment for e in events} | {e.moment - 1 for e in events[1:] if e.moment > events[0].moment}
    world, behind = world_at(log, "main", 1), iter(events[1:])
    ahead = next(behind)
    for moment in sorted(looked):
        while ahead is not None and ahead.moment <= moment:
            world.step(ahead)
            ahead = next(behind, None)
        yield moment, sum(world.readings.value(actor, moment) or 0 for actor in world.listed)


def closed(log, path):
    """The sum of all companies' last closes, day by day, off the table of closes, with a moment just after
    them; each counts from the opening on, where its value then is known, or from its first close.
    """
    days = {}
    with path.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            if row["shares"]:
                days.setdefault(row["date"], {})[row["actor"]] = float(row["close"]) * int(row["shares"])
    story, quoted = Story.load(log.opening().fact.text), {actor for day in days.values() for actor in day}
    last = {
        actor.id: balance.amount / unit_of(log)
        for actor in story.actors if actor.listed and actor.id in quoted
        for balance in actor.opening if balance.account == "value" and balance.amount
    }  # fmt: skip  # one filter
    after = {story.calendar.day(e.moment): e.moment + 1 for e in log.read("main") if e.kind == "Quote"}
    yield story.start, sum(last.values())
    for day in sorted(days.keys() & after.keys()):
        last |= days[day]
        yield after[day], sum(last.values())


def test_the_fall_is_the_largest_there_is_and_is_told_alike_everywhere(log, tale):
    """By closes on record, off the table of closes; where there are none, by values in the model."""
    recorded = any(event.kind == "Quote" for event in log.read("main"))
    path = find_story(Story.load(log.opening().fact.text).id) / "quotes.csv"
    highest, deepest, bottom = 0, 0.0, 0
    for moment, value in closed(log, path) if recorded else looked_at(log):
        highest = max(highest, value)
        if 1 - value / highest > deepest:
            deepest, bottom = 1 - value / highest, moment
    said = f"{deepest * 100:.1f} %"
    where = "by closes on record" if recorded else "in the model"
    sizes, measured = re.search(
        r"(?:that fall is|those falls are) (.*?) ((?:by|in) [a-z ]+)\.$", tale["cut"]
    ).groups()
    assert said in re.split(" and |, ", sizes)
    assert measured == where
    first, *_ = (
        c for c in tale["chapters"] if c["title"].startswith("The fall") and said in c["lead"][1]["text"]
    )
    lead = first["lead"][1]["text"]
    if f"fell by {said} from highest to lowest" not in lead:  # a break comes first
        assert f"on the way to the bottom of a fall of {said} on" in lead
        assert [c["title"] for c in tale["chapters"]][1:3] == ["The fall", "The break"]
        return
    (figure, slack, _), *_ = figures(lead)  # of all that are listed, as every screen has it
    assert figure == pytest.approx(worth(log, [bottom])[0] / unit_of(log), abs=slack)


def closes_until(day, path):
    """The last close of each actor up to a day: its price times its shares, and its date."""
    found = {}
    if path.exists():
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                if row["date"] <= day and row["shares"]:
                    found[row["actor"]] = float(row["close"]) * int(row["shares"]), row["date"]
    return found


def test_the_table_at_the_end_is_read_off_the_log_and_the_observations(log, tale):
    story = Story.load(log.opening().fact.text)
    start, until = story.start, story.calendar.moment(2025, 7, 1) - 1
    position = log.position_at("main", until)
    told_ = chronicle(History(log, "main", "x.db"), position, until)
    seen = {}
    path = find_story(story.id) / "observed.toml"
    rows = tomllib.loads(path.read_text(encoding="utf-8"))["observation"] if path.exists() else []
    for row in rows:
        if row["kind"] == "market_value" and "2025-05-17" <= str(row["date"]) <= "2025-06-30":
            seen[row["actor"]] = float(row["value"]) * 10**9  # the last one stays
    closed = closes_until("2025-06-30", find_story(story.id) / "quotes.csv")
    first, last = (world_at(log, "main", log.position_at("main", at)) for at in (start, until))
    ids = {actor.name: actor.id for actor in story.actors}
    table = [line for line in markdown(told_).splitlines() if line.startswith("| ")]
    assert table[0] == "| In the model ◆ | at first | now | observed ● | belief |"
    assert len(table) > 3
    for line in table[1:]:
        name, then, now, observed, belief = (cell.strip() for cell in line.strip("|").split("|"))
        actor = ids[name]
        agree(then, [first.readings.value(actor, start)], unit_of(log))
        agree(now, [last.readings.value(actor, until)], unit_of(log))
        if actor in closed:
            value, day = closed[actor]
            observed, _, close = observed.partition(", close of ")
            assert close == day
            agree(observed, [value], 1)
        else:
            agree(observed, [seen[actor]] if actor in seen else [], 1)
            assert (observed == "no observation") == (actor not in seen)
        share = last.readings.belief_share(actor, until) * 100
        assert (
            belief == "< 1 %"
            if 0 < share < 0.5
            else float(belief.strip("<% ")) == pytest.approx(share, abs=0.51)
        )
