"""What actors hold must bear what the story has them do."""

from pathlib import Path

from support.faulty_story import R, T, faults, line_in

END = "[collapse]\n"
LISTED = "listed = true\n"
STORY_END = 'reason = "paid from the money raised" }]\n'


def opening(account: str, number: int) -> str:
    return (
        f'\n[[actor.opening]]\naccount = "{account}"\nasset = "chipmaker"\nnumber = {number}\n'
        'date = 2024-12-31\nsource = "s"\nconfidence = "low"\n'
    )


def pledge(day: int, shares: int) -> str:
    return (
        f'\n[[event]]\nid = "pledge-{day}"\ndate = 2025-05-{day:02}\nkind = "Pledge"\nactor = "lab"\n'
        f'counterparty = "outside"\nasset = "chipmaker"\nshares = {shares}\n'
        'headline = "h"\nsource = "s"\nconfidence = "low"\n'
    )


def pledging(folder: Path, *openings: str, told: str = "") -> tuple[Path, list[str]]:
    """The faults of a good story whose lab opens with these and pledges shares as told."""
    actor = '[[actor]]\nid = "chipmaker"\n'
    story, found = faults(folder, (R, actor, "".join(openings) + actor), (T, STORY_END, STORY_END + told))
    return story, [str(fault) for fault in found]


def test_a_pledge_of_more_than_is_held_is_a_fault_where_the_stake_is_known(tmp_path: Path) -> None:
    story, found = pledging(tmp_path, opening("stake", 100), told=pledge(1, 60) + pledge(2, 41))
    (fault,) = found
    assert f":{line_in(story, T, 'shares = 41')}: lab has then pledged 101 shares of chipmaker" in fault
    assert "holds 100" in fault


def test_shares_pledged_before_the_story_count(tmp_path: Path) -> None:
    _, found = pledging(tmp_path, opening("stake", 100), opening("pledged", 90), told=pledge(1, 11))
    assert len(found) == 1


def test_a_story_does_not_open_with_more_pledged_than_held(tmp_path: Path) -> None:
    story, found = pledging(tmp_path, opening("stake", 100), opening("pledged", 101))
    (fault,) = found
    line = line_in(story, R, 'account = "pledged"') - 1
    assert f"{R}:{line}: lab has then pledged 101 shares" in fault


def test_all_that_is_held_may_be_pledged_and_an_unknown_stake_is_not_zero(tmp_path: Path) -> None:
    assert pledging(tmp_path, opening("stake", 100), told=pledge(1, 100))[1] == []
    other = tmp_path / "other"
    other.mkdir()
    assert pledging(other, opening("pledged", 5), told=pledge(1, 60))[1] == []


# --- purses -------------------------------------------------------------------------------------

ROLE = '[[cast.role]]\nprocess = "{}"\nlatency = 1\nof = ["lab"]\nfrom = 2025-04-02\n\n'


def cast(folder: Path, process: str, *edits: tuple[str, str, str]) -> tuple[Path, list[str]]:
    """Faults about purses, the lab being played."""
    story, found = faults(folder, (R, END, ROLE.format(process) + END), *edits)
    return story, [str(fault) for fault in found if "whose cash nobody knows" in str(fault)]


def test_nobody_is_cast_to_spend_a_purse_that_nobody_knows(tmp_path: Path) -> None:
    story, (fault,) = cast(tmp_path, "ordering")
    line = line_in(story, R, 'process = "ordering"')
    assert f'{R}:{line}: ordering plays "lab"' in fault
    assert "what is `assumed` of it" in fault


def test_an_assumption_in_the_story_makes_it_spendable(tmp_path: Path) -> None:
    assert cast(tmp_path, "ordering", (R, "unknown = true ", "assumed = 2\nunknown = true "))[1] == []


def test_a_debt_that_nobody_knows_does_not_hold_announcements_back_unsaid(tmp_path: Path) -> None:
    """The lab's announcements are told until April; nobody knows what it owes."""
    assert len(announcing(tmp_path / "heeded", "1.0")) == 1
    assert announcing(tmp_path / "unheeded", "0.0") == []


def announcing(folder: Path, headroom: str) -> list[str]:
    folder.mkdir()
    parameter = (
        f'[[parameter]]\nname = "announce_headroom"\nvalue = {headroom}\nlow = 0.0\nhigh = 2.0\n'
        'unit = "1"\nreads = "acting"\nsource = "s"\nconfidence = "assumption"\n\n'
    )
    _, found = faults(folder, (R, END, ROLE.format("announcing") + parameter + END))
    return [str(fault) for fault in found if "whose debt nobody knows" in str(fault)]


def test_who_only_earns_may_have_an_unknown_purse(tmp_path: Path) -> None:
    assert cast(tmp_path, "earning")[1] == []


def test_an_actor_with_a_fault_of_its_own_makes_no_others_and_ends_nothing(tmp_path: Path) -> None:
    _, found = faults(tmp_path, (R, END, ROLE.format("ordering") + END), (R, 'id = "chipmaker"', "id = 7"))
    assert found
    assert not any("nobody knows" in fault.what for fault in found)
