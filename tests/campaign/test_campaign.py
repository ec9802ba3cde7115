"""A short campaign of each part finds nothing; `python tests/campaign/campaign.py` is the longer one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CAMPAIGN = Path(__file__).with_name("campaign.py")
SHORT = {"kills": 14, "damage": 16, "races": 4, "hostile": 28, "payloads": 4}


@pytest.mark.slow
@pytest.mark.parametrize("part", SHORT)
def test_a_short_campaign_finds_nothing(part: str) -> None:
    done = subprocess.run(
        [sys.executable, CAMPAIGN, part, f"--{part}", str(SHORT[part])],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
