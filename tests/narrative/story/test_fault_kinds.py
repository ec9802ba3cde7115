"""One fault of each kind: what is said of it, what was meant, and the line it names.

The expected line is that of the text put in, counted by the newlines before it.
"""
# ruff: noqa: E501  # the table has a row a line

from pathlib import Path

import pytest
from support.faulty_story import OBS, R, T, faults, line_in

# name: file, old text, new text, where the fault stands (a text of the file; the new text if empty),
# what is said of it, what was meant
CASES = {
    "unknown kind": (T, '"Funding"', '"Fundin"', "", 'kind is "Fundin"', 'Did you mean "Funding"?'),
    "kind only the engine writes": (T, '"Funding"', '"Opening"', "", 'kind is "Opening"', ""),
    "missing kind": (T, 'kind = "Funding"\n', "", '[[event]]\nid = "round"', 'lacks "kind"', "It takes"),
    "unknown field": (T, "post_money", "post_mony", "", 'no field "post_mony"', '"post_money"?'),
    "field of another kind": (T, "post_money", "due", "", 'no field "due"', "Funding takes"),
    "party by its own name": (
        T, 'counterparty = "outside"', 'investor = "outside"', "", 'no field "investor"',
        "The investor of Funding stands in `counterparty`.",
    ),
    "missing field": (
        T, 'headline = "The lab raises', '# "', '[[event]]\nid = "round"', 'lacks "headline"', "It takes a text",
    ),
    "missing party": (
        T, 'counterparty = "outside"', "#", '[[event]]\nid = "round"', 'lacks "counterparty"', "the id of an actor",
    ),
    "missing name": (
        T, 'kind = "Funding"', 'kind = "Interest"', '[[event]]\nid = "round"', 'lacks "loan"', "It takes the name",
    ),
    "text for money": (T, "amount = 6.6", 'amount = "6.6"', "", 'amount is the text "6.6"', "without quotes"),
    "number for text": (T, 'narrative = "scale"\nheadline = "The lab raises', 'narrative = 3\nheadline = "', "", "", ""),
    "text for date": (T, "2025-03-10", '"10 March"', "", "date does not read: '10 March' is no date", ""),
    "number for date": (T, "date = 2025-03-10", "date = 20250310", "", "date is the number 20250310", "It takes a day"),
    "time zone": (T, "2025-03-10", "2025-03-10T09:00:00Z", "", "with a time zone", "write the local time"),
    "part of a second": (T, "2025-03-10", "2025-03-10T09:00:00.5", "", "with a fraction of a second", "whole seconds"),
    "unknown actor": (T, 'actor = "lab"', 'actor = "lap"', "", 'actor is "lap", which is no actor', '"lab"?'),
    "actor by its name in capitals": (T, 'actor = "lab"', 'actor = "LAB"', "", 'actor is "LAB"', '"lab"?'),
    "unknown narrative": (T, 'narrative = "scale"', 'narrative = "scail"', "", "is no narrative", '"scale"?'),
    "status outside the set": (T, "tone = 0.5", 'status = "frim"\ntone = 0.5', 'status = "frim"', 'status is "frim"', '"firm"?'),
    "confidence outside the set": (
        T, 'confidence = "assumption"', 'confidence = "hihg"', "", 'confidence is "hihg"', 'Did you mean "high"?',
    ),
    "amount that is not firm": (
        T, "amount = 6.6  ", 'status = "reported"\namount = 6.6  ', "amount = 6.6  ",
        "has amount with status reported", "write it as `ceiling`",
    ),
    "fraction of a cent": (T, "6.6  ", "6.123456789012", "", "6.123456789012 times 1,000,000,000 USD", "0.01 USD"),
    "NaN": (T, "6.6  ", "nan", "amount = nan", "amount is NaN", "left out"),
    "infinity": (T, "6.6  ", "inf", "amount = inf", "amount is Infinity", "left out"),
    "payment to oneself": (T, 'counterparty = "outside"', 'counterparty = "lab"', "", "pays itself", "one purse to another"),
    "negative sum": (T, "6.6  ", "-6.6", "", "amount is -6.6", "never negative"),
    "sum too large": (T, "6.6  ", "90071.99254740993", "", "more than 2**53", "unit"),
    "NaN as a number": (T, "tone = 0.5", "tone = nan", "", "tone is NaN", "finite"),
    "tone out of range": (T, "tone = 0.5", "tone = 5", "", "tone is 5", "from -1 to 1"),
    "date before the span": (
        T, "2025-02-03", "2024-12-30", "", 'entry "plan" of 2024-12-30 is outside the story', "the span",
    ),
    "date after the span": (T, "2025-04-01", "2026-01-01", "", "runs from 2025-01-01 to 2025-12-31", ""),
    "date at the opening": (T, "date = 2025-02-03", "date = 2025-01-01T00:00:00", "", "the very moment", "later"),
    "dates out of order": (
        T, "2025-04-01", "2025-03-01", "", 'entry "chips" of 2025-03-01 stands after "round" of 2025-03-10', "order",
    ),
    "impossible date": (
        T, "date = 2025-03-10", "date = 2025-02-30", "", "2025-02-30 is no date: February 2025 has 28 days", "",
    ),
    "impossible month": (T, "date = 2025-03-10", "date = 2025-13-10", "", "months count from 01 to 12", ""),
    "two entries with one id": (
        T, 'id = "chips"', 'id = "round"', 'id = "round"\ndate = 2025-04', 'two entries have the id "round"', "line",
    ),
    "link to nowhere": (
        T, '[{ id = "round"', '[{ id = "rond"', "", 'entry "chips" follows "rond", which is no entry', '"round"?',
    ),
    "link to itself": (T, '[{ id = "round"', '[{ id = "chips"', "", 'a ring: "chips" to "chips"', ""),
    "basis of a link": (T, 'basis = "author"', 'basis = "auther"', "", 'basis is "auther"', '"author"?'),
    "kind of link": (T, "part_of = [", "partof = [", "", 'no field "partof"', '"part_of"?'),
    "link without a reason": (
        T, ', reason = "paid from the money raised"', "", "follows = [", 'follows lacks "reason"', "It takes a text",
    ),
    "restates with an amount": (T, "part_of", "restates", "amount = 10\n", "restates another and has amount", "`stated`"),
    "order that nobody opened": (
        T, 'kind = "Order"', 'kind = "Delivery"\norder = "chps"', 'order = "chps"',
        'is of order "chps", which no earlier Order opens', "Tell the Order first",
    ),
    "due before it is ordered": (
        T, "due = 2026-04-01", "due = 2025-03-31", "", 'entry "chips" of 2025-04-01 has due 2025-03-31, before it', "later",
    ),
    "delayed to before it is said": (
        T, 'kind = "Order"', 'kind = "Delay"\nuntil = 2025-03-31', "until = 2025-03-31", "has until 2025-03-31, before it", "",
    ),
    "more secured than lent": (
        T, 'kind = "Order"', 'kind = "Loan"\nsecured = 10.5', "secured = 10.5", "has more secured than amount", "repeats a part",
    ),
    "more settled than paid": (
        T, 'kind = "Order"', 'kind = "Payment"\nsettles = 11', "settles = 11", "has more settles than amount", "repeats a part",
    ),
    "rate below nothing": (
        T, 'kind = "Funding"', 'kind = "Loan"\nrate = -1', "rate = -1", "rate is -1", "from 0 on",
    ),
    "quantity without unit": (T, "tone = 0.5", "quantity = 5\ntone = 0.5", "quantity = 5", "without a unit", "`unit`"),
    "unknown table": (T, "# What", "[[evnt]]\n# What", "[[evnt]]", 'no table "evnt"', "[[event]]"),
    "story without a title": (R, 'title = "demo"', "#", "", 'lacks "title"', ""),
    "plausible beyond all": (
        R, "[collapse]", '[plausible]\nsource = "mine"\nmarket = 91\n[collapse]', "market = 91",
        "a plausible size of market is 91", "more than 0 and up to 90, per cent",
    ),
    "plausible and nothing": (
        R, "[collapse]", '[plausible]\nsource = "mine"\nrates = 0\n[collapse]', "rates = 0",
        "a plausible size of rates is 0", "leave it out",
    ),
    "plausible by nobody": (R, "[collapse]", "[plausible]\nrates = 1\n[collapse]", "[plausible]", 'lacks "source"', ""),
    "plausible of no kind": (
        R, "[collapse]", '[plausible]\nsource = "mine"\nrate = 1\n[collapse]', "rate = 1", 'no field "rate"', '"rates"?',
    ),
    "plausible without its parameter": (
        R, "[collapse]", '[plausible]\nsource = "mine"\ndelay = 30\n[collapse]', "delay = 30",
        "and the story has no parameter delivery_delay", "Give the parameter",
    ),
    "unknown key of the story": (R, "[collapse]", "[colapse]", "", 'no field "colapse"', '"collapse"?'),
    "threshold beyond one": (
        R, "[collapse]", "[claims]\nsure = 1.5\n[collapse]", "sure = 1.5", "sure is 1.5", "less than 1",
    ),
    "span backwards": (R, "until = 2025", "until = 2024", "", "ends before it begins", ""),
    "unknown calendar": (R, '"gregorian"', '"mayan"', "", 'kind is "mayan"', '"gregorian" or "julian"'),
    "hour": (R, '"09:00"', '"25:00"', "", "'25:00' is no time of day", ""),
    "digits": (R, "digits = 2", "digits = 12", "", "digits is 12", "0 to 9"),
    "written in": (R, "written_in = 1_000_000_000", "written_in = 0", "", "written_in is 0", ""),
    "actor twice": (R, 'id = "chipmaker"', 'id = "lab"', '[[actor]]\nid = "lab"\nname = "A maker', "stands twice", "line"),
    "actor that is no slug": (R, 'id = "lab"', 'id = "Lab"', "", "no short name", "small letters"),
    "actor named outside": (R, 'id = "lab"', 'id = "outside"', "", "taken by the engine", ""),
    "two openings of one account": (
        R, 'account = "cash"', 'account = "value"', '[[actor.opening]]\naccount = "value"\nunknown',
        'actor "lab" has two openings of value', "line",
    ),
    "opening with the wrong figure": (R, "amount = 20", "number = 20", "", 'value has "number"', 'It takes "amount"'),
    "opening without a figure": (R, "amount = 20", "#", 'account = "value"', "value has no figure", "not zero"),
    "unknown and known": (R, "unknown = true", "amount = 1\nunknown = true", "unknown = true", "is unknown and has", ""),
    "stake without an asset": (R, 'account = "cash"', 'account = "stake"', "", "stake without an asset", "`asset`"),
    "value with an asset": (R, "amount = 20", 'asset = "lab"\namount = 20', 'asset = "lab"', "value with an asset", ""),
    "negative number": (
        R, 'account = "cash"\nunknown = true', 'account = "shares"\nnumber = -5', "number = -5", "shares is -5", "never negative",
    ),
    "part that ends before it begins": (
        R, "latency = 3600", "from = 2025-03-01\nuntil = 2025-02-01\nlatency = 3600", "until = 2025-02-01", "ends before it begins", "",
    ),
    "parameter without a range": (R, "low = 15.0", "#", '[[parameter]]\nname = "belief_half_life_fast"', 'lacks "low"', ""),
    "opening without an account": (
        R, 'account = "cash"\n', "#\n", "[[actor.opening]]\n#\nunknown", 'opening 2 lacks "account"', "",
    ),
    "kind of relation": (R, '"supplies"', '"suplies"', "", 'kind is "suplies"', '"supplies"?'),
    "relation to nobody": (R, 'to = "lab"', 'to = "lob"', "", 'to is "lob"', '"lab"?'),
    "relation to oneself": (R, 'to = "lab"', 'to = "chipmaker"', "", "to itself", "two actors"),
    "step of nobody": (R, 'from = ["lab"]', 'from = ["labb"]', "", "no actor or role", '"lab"?'),
    "step of an unknown kind": (R, 'kinds = ["Order"]', 'kinds = ["Ordre"]', "", "no kind of fact", '"Order"?'),
    "name twice": (
        R, "A maker of chips", "A laboratory", 'name = "A laboratory"\nroles = ["supplier"]', "two actors are called", "line",
    ),
    "step twice": (R, "step = 2", "step = 1", '[[circle]]\nstep = 1\ntext = "the lab orders', "circle 1 stands twice", ""),
    "step nought": (R, "step = 1", "step = 0", "", "step is 0", "from 1"),
    "cast": (R, 'default = "market"', 'default = "markets"', "", 'default is "markets"', '"market"?'),
    "process": (R, 'process = "market"', 'process = "markt"', "", '"markt" is no process', '"market"?'),
    "latency": (R, "latency = 3600", "latency = 0", "", "latency is 0", "1 second"),
    "kind that nobody tells": (R, "{ Announcement =", "{ Anouncement =", "", 'reads "Anouncement"', '"Announcement"?'),
    "field that names no actor": (R, 'Order = ["seller"]', 'Order = ["amount"]', "", 'reads "amount" of Order', '"buyer"'),
    "fields in no list": (R, 'Order = ["seller"]', 'Order = "seller"', "", "reads Order is the text", "a list"),
    "value outside its range": (R, "value = 25.0", "value = 99", "", "value 99 is outside 15 to 60", ""),
    "range backwards": (R, "low = 15.0", "low = 75", "", "low 75 is above high 60", ""),
    "half-life in years": (R, 'unit = "days"', 'unit = "years"', "", 'is "years"', "in days"),
    "no half-life": (R, "low = 15.0", "low = 0", "", "low is 0", "longer than nothing"),
    "parameter twice": (
        R, 'name = "fatigue_rate"', 'name = "fast_share"', '[[parameter]]\nname = "fast_share"\nvalue = 0.1', "stands twice", "",
    ),
    "parameter that is asked for": (
        R, 'name = "duration"', 'name = "durations"', '[[parameter]]\nname = "durations"', 'lacks the parameter "duration"', '"durations"?',
    ),
    "parameter of the other sort": (
        R, 'reads = "acting"', 'reads = "reading"', 'reads = "reading"\nsource = "three',
 'parameter "impulse_coefficient" is not acting', "",
    ),
    "parameter of nobody": (R, 'name = "silent_step"', 'name = "silent_step.lob"', "", 'of "lob"', '"lab"?'),
    "one table for several": (R, "[[link]]  ", "[link]  ", "", "link is a table", "[[link]]"),
    "observed actor": (OBS, '"chipmaker"', '"chipmakr"', "", "no actor of this story", '"chipmaker"?'),
    "observed kind": (OBS, '"market_value"', '"market_valu"', "", 'kind is "market_valu"', '"market_value"?'),
    "observed entry": (OBS, '["plan"]', '["plam"]', "", "no entry of this timeline", '"plan"?'),
    "observed unit": (OBS, '"USD bn"', '"billions"', "", 'unit "billions"', '"USD bn"'),
    "observed value": (OBS, "520", '"520"', "", 'value is the text "520"', ""),
}  # fmt: skip  # a table


# Faults from which others truly follow: an id that others use is gone, or a kind is another one.
LEADING_TO_MORE = {
    "party by its own name",
    "missing name",
    "order that nobody opened",
    "delayed to before it is said",
    "rate below nothing",
    "more settled than paid",
    "actor twice",
    "actor that is no slug",
    "actor named outside",
    "parameter twice",
    "parameter of nobody",
}


@pytest.mark.parametrize("case", CASES)
def test_a_fault_is_told_with_its_line_and_what_was_meant(tmp_path: Path, case: str) -> None:
    file, old, new, where, what, meant = CASES[case]
    story, found = faults(tmp_path, (file, old, new))
    line = line_in(story, file, where or new)
    there = [f for f in found if f.file == str(story / file) and f.line == line]
    assert any(what in f.what and meant in f.meant for f in there), "\n".join(map(str, found))
    assert len(found) == 1 or case in LEADING_TO_MORE, "\n".join(map(str, found))
