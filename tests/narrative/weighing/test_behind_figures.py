"""Each figure names the branches behind it: the command beside it lives a member of it, event for event."""

import shlex
from pathlib import Path

from attrs import evolve
from click.testing import CliRunner

import narrative
from events.log import open_log
from narrative.analysis.history import History
from narrative.cli import main
from narrative.story.catalogue import find_story
from narrative.weighing.claims import CLAIMS
from narrative.weighing.tails import cut, supposed, tail
from narrative.whatif.prepared import what_if_file
from narrative.whatif.request import file_page, request

SEED = 3


def test_the_branch_beside_a_figure_is_a_member_of_it_to_the_last_event(tmp_path: Path) -> None:
    db = str(tmp_path / "loop.db")
    narrative.run("loop", db=db, until="2025-06-30")
    switched = [claim.id for claim in CLAIMS if claim.switches]
    found = narrative.claims(
        db, seeds=1, first=SEED, draws=0, workers=1, only=switched, at="2025-03-01", until="2025-06-30"
    )
    branches = {one.switch: shlex.split(one.branch or "")[1:] for one in found.claims if one.switch}
    for asked in branches.values():
        run = CliRunner().invoke(main, asked)
        assert run.exit_code == 0, run.output
    with open_log(Path(db), create=False, read_only=True) as log:
        opening = cut(History(log, "main", db), log.opening("main").moment, log.head("main").lived or 0)
        for switch, asked in branches.items():
            what = supposed(opening, request(file_page(what_if_file(switch, find_story("loop")))))
            member = tail(opening, evolve(what, reseed=SEED))
            assert member.digest == log.head(asked[asked.index("--name") + 1]).digest, switch
    assert len(branches) == 5
