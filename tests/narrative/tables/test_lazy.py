"""An interrupt ends a query, wherever it finds the two threads."""

from queue import SimpleQueue
from threading import Thread

import polars as pl

from narrative.tables import lazy

lost = []


class Losing:
    """A queue from which the first thing taken is lost to Ctrl-C before anyone has named it."""

    def __init__(self):
        self.kept, self.first = SimpleQueue(), True
        self.put = self.kept.put

    def get(self):
        found = self.kept.get()
        if self.first:
            self.first = False
            lost.append(found)
            raise KeyboardInterrupt
        return found


def test_an_interrupt_between_taking_and_naming_what_was_asked_leaves_nobody_waiting(monkeypatch):
    monkeypatch.setattr(lazy, "SimpleQueue", Losing)
    seen = []

    def ask():
        try:
            lazy.collected(
                {"one": {"a": pl.Int64()}},
                lambda *_: pl.DataFrame({"a": [1]}),
                lambda tables: tables["one"].collect(),
            )
        except KeyboardInterrupt as stop:
            seen.append(stop)

    thread = Thread(target=ask, daemon=True)
    thread.start()
    thread.join(10)
    waits = thread.is_alive()
    for one in lost:
        if waits:
            one.answer.cancel()  # or this test would never end
    assert not waits
    assert len(seen) == 1
