import atexit
import os
import shutil
from tempfile import mkdtemp

import pytest
from support.tiny import ten_days

from narrative.story.model import Story

STATE = mkdtemp(prefix="narrative-state-")  # what tests remember is not the user's
os.environ["XDG_STATE_HOME"] = STATE
atexit.register(shutil.rmtree, STATE, ignore_errors=True)


@pytest.fixture
def tiny() -> Story:
    return ten_days()
