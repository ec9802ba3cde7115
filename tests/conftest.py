import pytest
from support.tiny import ten_days

from narrative.story.model import Story


@pytest.fixture
def tiny() -> Story:
    return ten_days()
