"""A screen reads the log of each history that it shows once."""

from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import narrative
from events.event import Event
from events.log import Log

SCREENS: dict[str, Callable[[str, str], object]] = {
    "replay": lambda one, _: narrative.replay(one),
    "replay at": lambda one, _: narrative.replay(one, at="2025-09-01"),
    "tell": lambda one, _: narrative.tell(one),
    "tell two": narrative.tell,
    "page": lambda one, _: narrative.page(one, output=Path(one).with_suffix(".html")),
    "plot": lambda one, _: narrative.plot(one, what="valuation", output=Path(one).with_suffix(".svg")),
    "plot circle": lambda one, _: narrative.plot(one, what="circle", output=Path(one).with_suffix(".svg")),
    "compare": lambda one, other: narrative.compare([one, other]),
    "why": lambda one, _: narrative.why(one, "oracle", "valuation"),
    "why an event": lambda one, _: narrative.why(one, 100),
    "show": lambda one, _: narrative.show(one, 100),
    "loop": lambda one, _: narrative.loop(one),
}


@pytest.fixture(scope="module")
def pair(tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    room = tmp_path_factory.mktemp("once")
    names = [str(room / f"{seed}.db") for seed in (1, 2)]
    for seed, name in enumerate(names, 1):
        narrative.run("ai-2025", db=name, seed=seed)
    return names[0], names[1]


@pytest.mark.parametrize("screen", SCREENS)
def test_a_screen_reads_the_log_once(
    screen: str, pair: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    times: Counter[tuple[Log, int]] = Counter()
    read = Log.read

    def counted(log: Log, branch: str, start: int = 1, stop: int | None = None) -> Iterator[Event]:
        for event in read(log, branch, start, stop):
            times[log, event.position] += start != stop  # to look one event up is no reading of the log
            yield event

    monkeypatch.setattr(Log, "read", counted)
    SCREENS[screen](*pair)
    assert set(times.values()) <= {0, 1}
