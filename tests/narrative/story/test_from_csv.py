"""A CSV of plain facts begins a story that passes `check`, or every fault of it is told with its line."""

import resource
from pathlib import Path

import pytest
from click.testing import CliRunner

import narrative
from events.errors import Unwritable
from events.files import Taken
from events.formats.jsonl_reader import BadFile
from narrative.cli import main
from narrative.story import faults as faults_of_stories
from narrative.story import from_csv
from narrative.story.faults import StoryFaults
from narrative.story.from_csv import drafted
from narrative.story.reader import read_story
from narrative.whatif.check import check_story

FACTS = """date,kind,actor,counterparty,amount,headline,source,narrative,status,participants
2025-03-10,Funding,OpenAI,outside,6600000000.50,"It raises 6.6 billion, at last",A paper,scale,,Thrive; MGX
2025-01-21,Announcement,OpenAI,Oracle Corp.,500000000000,Stargate,A paper,scale,intention,
2025-01-21T00:00,Outcome,Oracle Corp.,,7,"Said ""yes""
on two lines",A paper,,,

2025-03-11,Order,openai,Oracle Corp.,1e3,Chips,A paper,,,
"""


def drafts(text: str | bytes, where: Path) -> Path:
    (where / "facts.csv").write_bytes(text.encode() if isinstance(text, str) else text)
    drafted(where / "facts.csv", where / "story")
    assert check_story(where / "story") == ()
    return where / "story"


def faults(text: str | bytes, where: Path) -> list[str]:
    with pytest.raises(StoryFaults) as refusal:
        drafts(text, where)
    assert [path.name for path in where.iterdir()] == ["facts.csv"]
    return [line.removeprefix(f"{where}/facts.csv:") for line in str(refusal.value).splitlines()]


def test_facts_become_entries_in_the_order_of_their_moments(tmp_path):
    story = read_story(drafts(FACTS, tmp_path))
    assert [(entry.id, entry.kind, entry.actor) for entry in story.entries] == [
        ("2025-01-21t00-00-outcome-oracle-corp", "Outcome", "oracle-corp"),
        ("2025-01-21-announcement-openai", "Announcement", "openai"),
        ("2025-03-10-funding-openai", "Funding", "openai"),
        ("2025-03-11-order-openai", "Order", "openai"),
    ]
    outcome, words, funding, order = (entry.fact for entry in story.entries)
    # Firm money in cents; words are a ceiling; what has room for neither is only stated.
    assert (funding.amount, words.ceiling, order.amount) == (660_000_000_050, 50_000_000_000_000, 100_000)
    assert (outcome.told.stated, outcome.told.headline) == (700, 'Said "yes"\non two lines')
    assert funding.told.participants == ("Thrive", "MGX")
    assert (words.told.status, words.told.confidence) == ("intention", "low")
    assert {actor.id: actor.name for actor in story.actors} == {
        "openai": "OpenAI",
        "oracle-corp": "Oracle Corp.",
    }


def test_no_balance_is_known_and_the_story_runs(tmp_path, monkeypatch):
    story = drafts(FACTS, tmp_path)
    monkeypatch.chdir(tmp_path)
    assert narrative.check("story") == {"story": "story", "entries": 4, "faults": [], "code": []}
    assert narrative.run("story")["until"] == "2025-03-11T23:59:59"
    shown = narrative.replay("story")["actors"]["openai"]
    assert (shown["cash"], shown["debt"]) == (None, None)
    assert all(balance.unknown for actor in read_story(story).actors for balance in actor.opening)


@pytest.mark.parametrize("name", ["nosuch.csv", "folder.csv"])
def test_a_file_that_cannot_be_read_is_one_sentence_and_leaves_nothing(name, tmp_path):
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(BadFile) as refusal:
        narrative.import_(tmp_path / name)
    assert str(refusal.value).startswith(f"{tmp_path / name} cannot be read: ")
    assert str(refusal.value).endswith(". Nothing was written.")
    assert [path.name for path in tmp_path.iterdir()] == ["folder.csv"]


def test_a_story_of_one_row_has_one_entry(tmp_path, monkeypatch):
    drafts(f"{PLAIN}2025-01-01,Order,OpenAI,5,x,y\n", tmp_path)
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(main, ["check", "story"]).stdout == "story: no faults, 1 entry\n"


PLAIN = "date,kind,actor,amount,headline,source\n"


def test_six_columns_are_enough_for_every_kind_of_money(tmp_path):
    kinds = ("Order", "Funding", "Loan", "Investment", "Payment", "Announcement")
    rows = "".join(f"2025-01-0{day},{kind},OpenAI,5,x,y\n" for day, kind in enumerate(kinds, 1))
    story = read_story(drafts(PLAIN + rows, tmp_path))
    *firm, words = (entry.fact for entry in story.entries)
    assert [fact.amount for fact in firm] == [500] * 5
    # Nobody is named, so the money goes to or comes from everybody else.
    assert [getattr(fact, fact.parties[1]) for fact in firm] == ["outside"] * 5
    assert (words.counterparty, words.told.status, words.ceiling) == (None, "intention", 500)


@pytest.mark.parametrize(
    ("written", "cents"),
    [
        ("1.5bn", 150_000_000_000), ("1.5 BN", 150_000_000_000), ("40k", 4_000_000), ("2.25m", 225_000_000),
        ("0.5tn", 50_000_000_000_000), ("1e3", 100_000), ("7.10", 710),
    ],
)  # fmt: skip  # one table
def test_sums_are_written_as_people_write_them(written, cents, tmp_path):
    story = read_story(drafts(f"{PLAIN}2025-01-01,Funding,OpenAI,{written},x,y\n", tmp_path))
    assert story.entries[0].fact.amount == cents


@pytest.mark.parametrize("written", ["1,5bn", "bn", "1e3bn", "1e99999", "1e-99999", "nan", "Infinity", "$5"])
def test_what_is_no_sum_is_told_as_it_was_written(written, tmp_path):
    assert faults(f'{PLAIN}2025-01-01,Funding,OpenAI,"{written}",x,y\n', tmp_path) == [
        (
            f'2: entry "2025-01-01-funding-openai": amount is the text "{written}". '
            "It takes a sum in USD without commas, as 6600000 or 6.6m."
        )
    ]


def test_names_keep_their_accents_and_lose_them_in_ids(tmp_path):
    story = read_story(drafts(f"{PLAIN}2025-01-01,Funding,Société Générale,5,x,y\n", tmp_path))
    assert [(actor.id, actor.name) for actor in story.actors] == [("societe-generale", "Société Générale")]
    (tmp_path / "other").mkdir()
    assert faults(f"{PLAIN}2025-01-01,Funding,東芝,5,x,y\n", tmp_path / "other") == [
        (
            '2: the actor "東芝" cannot name an actor. '
            'Use a name of Latin letters, not "outside", "market" or "story".'
        )
    ]


def test_texts_come_through_whole_whatever_they_hold(tmp_path):
    headline = 'a "quoted" \\ back\\slash, [[event]] # \x7f\x01\u202e\U000e0001 é\nnext'
    cell = headline.replace('"', '""')
    story = read_story(drafts(f'{PLAIN}2025-01-01,Funding,OpenAI,5,"{cell}",y\n', tmp_path))
    assert story.entries[0].fact.told.headline == headline
    name = b'facts \xff\n"[x]\x7f.csv'.decode(errors="surrogateescape")
    (tmp_path / name).write_text(FACTS)
    assert drafted(tmp_path / name, tmp_path / "third")["entries"] == 4


def test_ids_differ_where_dates_kinds_and_actors_do_not(tmp_path):
    row = "2025-01-01,Outcome,lab,x,y"
    rows = [f"{row},", f"{row},", f"{row},2025-01-01-outcome-lab-2", f"{row},"]
    story = read_story(drafts("date,kind,actor,headline,source,id\n" + "\n".join(rows), tmp_path))
    assert [entry.id.removeprefix("2025-01-01-outcome-") for entry in story.entries] == [
        "lab", "lab-3", "lab-2", "lab-4",
    ]  # fmt: skip  # one list


def test_a_file_that_is_nothing_but_faults_is_soon_left(tmp_path, monkeypatch):
    looked = []
    monkeypatch.setattr(faults_of_stories, "nearest", lambda word, _: looked.append(word))
    rows = "".join(f"2025-01-01,Ordr{i},a,5,x,y\n" for i in range(5_000))
    told = faults(PLAIN + rows, tmp_path)
    assert [line.split(":")[0] for line in told[:-1]] == [str(line) for line in range(2, 1_002)]
    assert told[-1] == "… These are 1,000 faults; the rest of the file was not looked at."
    assert len(looked) <= 1_001


def test_1720_is_as_good_a_year(tmp_path):
    facts = "date,kind,actor,amount,headline,source,counterparty\n1720-02-02,Loan,company,100,h,s,outside\n"
    assert read_story(drafts(facts, tmp_path)).entries[0].moment < 0


def test_every_fault_is_told_at_once_with_its_line(tmp_path):
    assert faults(
        "date,kind,actor,amount,headline,source,counterparty\n"
        "2025-13-10,Funding,OpenAI,6.6,x,y,outside\n"
        "2025-01-10,Fundng,OpenAI,6.6,x,y,outside\n"
        '2025-01-10,Funding,OpenAI,"1,000",x,y,outside\n'
        "2025-01-10,Funding,market,1,x,y,outside\n"
        "2025-01-10,Funding,OpenAI,1,x,y\n"
        "2025-01-10,Order,OpenAI,-5,x,y,Oracle\n"
        "2025-01-10,Order,OpenAI,0.001,,y,Oracle\n",
        tmp_path,
    ) == [
        (
            '2: entry "2025-13-10-funding-openai": date does not read: 2025-13-10 is no date: '
            "months count from 01 to 12."
        ),
        '3: entry "2025-01-10-fundng-openai": kind is "Fundng". Did you mean "Funding"?',
        ('4: entry "2025-01-10-funding-openai": amount is the text "1,000". '
        "It takes a sum in USD without commas, as 6600000 or 6.6m."),
        (
            '5: the actor "market" cannot name an actor. '
            'Use a name of Latin letters, not "outside", "market" or "story".'
        ),
        '6: this row has 6 cells, and the header 7. A text with "," in it stands in "quotes".',
        ('7: entry "2025-01-10-order-openai": amount is -5. A sum is never negative: '
        "the kind and its parties say which way it goes."),
        '8: entry "2025-01-10-order-openai-2" lacks "headline". It takes a text.',
        ('8: entry "2025-01-10-order-openai-2": amount is 0.001 times 1 USD, '
        "which has a fraction of the smallest unit. The story counts in 0.01 USD: "
        "round the sum."),
    ]  # fmt: skip  # a fault a line


HEAD = "date,kind,actor,amount,headline,source"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", '1: the column "actor" is missing.'),
        (HEAD, "1: there are no facts below the header."),
        (f"{HEAD},sauce\n", '1: there is no column "sauce". Did you mean "source"?'),
        (f"{HEAD},date\n", '1: the column "date" stands twice. Keep one.'),
        (HEAD.replace(",", "|"), '1: the column "actor" is missing.'),
        (f'{HEAD}\n2025-01-01,Note,a,,"never closed,x\n', "2: this row does not read as CSV"),
        (HEAD.encode() + b"\n\xff\n", "2: this line is not UTF-8 text. Save the file as UTF-8."),
    ],
)
def test_a_file_that_is_no_table_of_facts(text, told, tmp_path):
    assert faults(text, tmp_path)[0].startswith(told)


@pytest.mark.parametrize("mark", [";", "\t"])
def test_what_spreadsheets_put_for_commas_and_capitals_do_no_harm(mark, tmp_path):
    rows = ["Date,KIND,Actor,amount,headline,Source", '2025-01-01,funding,OpenAI,6.6m,"Shares, at last",x']
    story = read_story(
        drafts("\n".join(rows).replace(", at", "\0").replace(",", mark).replace("\0", ", at"), tmp_path)
    )
    (entry,) = story.entries
    assert (entry.fact.amount, entry.fact.told.headline) == (660_000_000, "Shares, at last")


def test_a_note_says_what_its_headline_says(tmp_path):
    story = read_story(drafts(f"{PLAIN}2025-01-01,Note,The Times,,A leader warns,x\n", tmp_path))
    assert story.entries[0].fact.text == "A leader warns"


def test_rows_are_tied_by_their_ids(tmp_path):
    head = "date,kind,actor,amount,headline,source,id,order,loan"
    rows = ["2025-01-01,Order,a,9,x,y,rails,,", "2025-01-02,Loan,a,9,x,y,,,"]
    more = ["2025-01-03,Cancellation,a,9,x,y,,rails,", "2025-01-04,Repayment,a,5,x,y,,,2025-01-02-loan-a"]
    *_, cancelled, repaid = read_story(drafts("\n".join((head, *rows, *more)), tmp_path)).entries
    assert (cancelled.fact.order, repaid.fact.loan) == ("rails", "2025-01-02-loan-a")
    (tmp_path / "other").mkdir()
    assert faults("\n".join((head, *rows, more[0].replace("rails", ""))), tmp_path / "other") == [
        '4: entry "2025-01-03-cancellation-a" lacks "order". It takes the `id` of the row that opened it.'
    ]


def test_a_mark_that_spreadsheets_put_first_does_no_harm(tmp_path):
    assert len(read_story(drafts("\ufeff" + FACTS, tmp_path)).entries) == 4


def test_a_story_that_stands_there_is_not_written_over(tmp_path):
    (tmp_path / "story").mkdir()
    (tmp_path / "story" / "replay.toml").write_text("mine")
    with pytest.raises(Taken, match="is not an empty folder") as refusal:
        drafts(FACTS, tmp_path)
    assert refusal.value.code == 3
    assert (tmp_path / "story" / "replay.toml").read_text() == "mine"


def test_a_full_disk_leaves_no_half_a_story(tmp_path):
    (tmp_path / "facts.csv").write_text(FACTS)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_500, hard))
    try:
        with pytest.raises(Unwritable, match="story could not be written"):
            drafted(tmp_path / "facts.csv", tmp_path / "story")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [path.name for path in tmp_path.iterdir()] == ["facts.csv"]


def rows_of(*actors: str) -> str:
    head = "date,kind,actor,amount,headline,source\n"
    return head + "".join(f"2001-02-0{i},Funding,{name},{i}m,h{i},s\n" for i, name in enumerate(actors, 1))


def test_different_companies_never_become_one_actor(tmp_path):
    found = faults(rows_of("C++ Works", "C# Works", "C Works"), tmp_path)
    assert [line.partition(".")[0] for line in found] == [
        '3: "C# Works" and "C++ Works" of line 2 both come to the id "c-works"',
        '4: "C Works" and "C++ Works" of line 2 both come to the id "c-works"',
    ]


def test_letters_that_no_id_has_do_not_make_two_names_one(tmp_path):
    (found,) = faults(rows_of("Альфа Bank", "Бета Bank"), tmp_path)
    assert found.startswith('3: "Бета Bank" and "Альфа Bank" of line 2 both come to the id "bank"')


def test_spellings_of_one_name_are_one_actor(tmp_path):
    story = read_story(drafts(rows_of("Oracle Corp.", "oracle corp", "ORACLE  CORP"), tmp_path))
    assert [actor.name for actor in story.actors] == ["Oracle Corp."]


def test_a_row_that_stands_twice_is_kept_and_said(tmp_path):
    row = "2001-02-01,Funding,Mill,5m,x,s\n"
    (tmp_path / "facts.csv").write_text(f"date,kind,actor,amount,headline,source\n{row}{row}")
    made = narrative.import_(tmp_path / "facts.csv", story=tmp_path / "story")
    assert (made.entries, made.repeats) == (2, ["line 3 repeats line 2"])
    said = CliRunner().invoke(
        main, ["import", str(tmp_path / "facts.csv"), "--story", str(tmp_path / "other")]
    )
    assert "Kept, though it stands twice: line 3 repeats line 2." in said.stderr


def test_a_cell_as_long_as_a_text_of_a_timeline_may_be_is_read(tmp_path):
    long = "x" * 140_000
    story = read_story(
        drafts(f'date,kind,actor,headline,source\n2001-02-01,Outcome,Mill,"{long}",s\n', tmp_path)
    )
    assert story.entries[0].fact.told.headline == long


def test_what_the_facts_are_together_is_told_by_their_lines_in_the_file(tmp_path):
    """Rules between rows, which only a whole story can break, name a row of the file, not what it became."""
    head = "date,kind,actor,amount,headline,source,id,loan"
    rows = ["2025-01-04,Repayment,a,12,x,y,,lent", "2025-01-02,Loan,a,9,x,y,lent,"]
    (found,) = faults("\n".join((head, *rows)), tmp_path)
    assert found == '2: entry "2025-01-04-repayment-a" takes 12 off "lent", of which 9 is owed. Lower it.'


def test_of_every_text_that_a_cell_can_hold_the_story_has_that_text(tmp_path):
    """What is written is not read again before it stands there, so each letter must come back as it was."""
    letters = (*range(1, 10), *range(11, 13), *range(14, 0x250), 0x85, 0x2028, 0xFFFD, 0x1F600)
    every = "".join(map(chr, letters))
    cell = '"' + f"x{every}x".replace('"', '""') + '"'
    story = read_story(drafts(f"{PLAIN}2025-01-01,Funding,Mill,5,{cell},s\n", tmp_path))
    assert story.entries[0].fact.told.headline == f"x{every}x"


def test_more_facts_than_a_story_holds_are_refused_with_the_line_of_the_first(tmp_path, monkeypatch):
    monkeypatch.setattr(from_csv, "MOST_ROWS", 2)
    head, row = "date,kind,actor,headline,source\n", "2025-01-0{},Note,Ann,Said,A paper\n"
    told = faults(head + "".join(row.format(day) for day in range(1, 5)), tmp_path)
    assert told == ["4: there are more than 2 facts. Import them in parts, a story each."]
    drafts(head + row.format(1) + row.format(2), tmp_path)
