"""What an actor does is told or decided in any span, never both; and what is assumed of a balance."""

from pathlib import Path

import pytest
from support.faulty_story import R, T, faults, line_in

from narrative.engine.opening import opening_acts
from narrative.story.faults import Fault
from narrative.story.reader import read_story

# The good story tells an Order by the lab on 2025-04-01 and a Funding of it on 2025-03-10.
END = "[collapse]\n"


def both(folder: Path, process: str, of: str, *span: str) -> tuple[Path, list[Fault]]:
    """The faults of a role added to the good story that say it is told and decided."""
    lines = (f'process = "{process}"', "latency = 1", f'of = ["{of}"]', *span)
    role = "[[cast.role]]\n" + "\n".join(lines) + "\n\n"
    story, found = faults(folder, (R, END, role + END))
    return story, [fault for fault in found if "told and decided" in fault.what]


def test_a_board_that_orders_while_the_record_tells_its_orders_is_a_fault(tmp_path: Path) -> None:
    story, found = both(tmp_path, "ordering", "lab", "from = 2025-03-15")
    (fault,) = found
    assert (Path(fault.file).name, fault.line) == (R, line_in(story, R, "from = 2025-03-15"))
    assert 'ordering plays "lab" from 2025-03-15, and entry "chips"' in fault.what
    assert "2025-04-01" in fault.what
    assert "`from` a day after 2025-04-01" in str(fault)


def test_a_role_without_a_span_is_named_by_its_process(tmp_path: Path) -> None:
    story, found = both(tmp_path, "funding", "lab")
    (fault,) = found
    assert fault.line == line_in(story, R, 'process = "funding"')
    assert '"round"' in fault.what


@pytest.mark.parametrize(
    ("process", "of", "span"),
    [
        ("ordering", "lab", ("from = 2025-04-02",)),  # the day after the last told order
        ("ordering", "lab", ("until = 2025-03-31",)),  # the day before it
        ("ordering", "chipmaker", ()),  # who sells orders nothing
        ("announcing", "lab", ("from = 2025-02-04",)),
        ("supplying", "chipmaker", ()),  # no delivery is told
        ("earning", "lab", ()),
    ],
)
def test_what_is_told_before_after_or_of_others_is_no_fault(
    tmp_path: Path, process: str, of: str, span: tuple[str, ...]
) -> None:
    assert both(tmp_path, process, of, *span)[1] == []


def test_the_last_day_of_a_span_counts(tmp_path: Path) -> None:
    assert len(both(tmp_path, "ordering", "lab", "until = 2025-04-01")[1]) == 1


def test_a_role_of_several_is_a_fault_for_each_of_them_that_the_record_tells(tmp_path: Path) -> None:
    extra = 'date = 2025-04-02\nkind = "Order"\nactor = "chipmaker"\ncounterparty = "lab"\n'
    entry = f'\n[[event]]\nid = "back"\n{extra}headline = "b"\nsource = "s"\nconfidence = "low"\n'
    end = 'reason = "paid from the money raised" }]\n'
    role = '[[cast.role]]\nprocess = "ordering"\nlatency = 1\n\n'
    _, found = faults(tmp_path, (R, END, role + END), (T, end, end + entry))
    assert len([fault for fault in found if "told and decided" in fault.what]) == 2


UNKNOWN = "unknown = true "


def test_what_is_assumed_of_an_unknown_balance_opens_the_full_cast_alone(tmp_path: Path) -> None:
    story, found = faults(tmp_path, (R, UNKNOWN, "assumed = 2\n" + UNKNOWN))
    assert found == ()
    told = read_story(story)
    (actor,) = [a for a in told.actors if any(b.assumed is not None for b in a.opening)]
    (balance,) = [b for b in actor.opening if b.assumed is not None]
    assert balance.assumed == 2 * 10**9 * 10**told.money.digits
    for cast, opened in (("none", 0), ("market", 0), ("full", 1)):
        facts = [act[0].fact for act in opening_acts(told, seed=1, cast=cast)]
        known = [f for f in facts if f.told and f.told.entry == f"opening:{actor.id}:{balance.account}"]
        assert len(known) == opened
        if known:
            assert getattr(known[0], balance.account) == balance.assumed
            assert known[0].told.confidence == "assumption"


def test_only_an_unknown_sum_is_assumed(tmp_path: Path) -> None:
    _, found = faults(tmp_path, (R, UNKNOWN, "amount = 1\nassumed = 2 "))
    assert any("has assumed, and is no unknown sum" in fault.what for fault in found)


def test_nobody_is_cast_to_tell_what_is_told_anyway(tmp_path: Path) -> None:
    role = '[[cast.role]]\nprocess = "telling"\nlatency = 1\n\n'
    story, (fault,) = faults(tmp_path, (R, END, role + END))
    assert fault.line == line_in(story, R, 'process = "telling"')
    assert "telling is in every cast" in fault.what
