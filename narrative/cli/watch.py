"""Watching a long run: a line of progress on a terminal, and Ctrl-C between two moments."""

import signal
import sys
import threading
from time import monotonic
from types import FrameType, TracebackType
from typing import Self

from narrative.cli.guard import over
from narrative.text.numbers import count

EVERY = 0.1  # seconds between two drawings
AFTER = 0.5  # seconds that a run may take before anything is drawn


class Watch:
    """Given to a run as `progress`; also catches Ctrl-C for as long as it is entered. Where the run tells of
    something else than events, `of` is what, and no rate is drawn.

    The first Ctrl-C stops the run at the end of a moment, so that nothing decided is lost; a second
    one stops it at once, which costs only what was not yet written.
    """

    def __init__(self, history: str, again: str = "", *, of: str | None = None) -> None:
        self._of = of
        self._again = again or f"The log is whole; go on with: narrative resume {history}"
        self._asked = False
        self._drawn = 0.0
        self._started = monotonic()
        self._first: int | None = None
        self._shows = sys.stderr.isatty()
        self._former: signal.Handlers | None = None

    def __call__(self, moment: int, events: int, until: int | None = None) -> None:
        """Called after each moment. Raises KeyboardInterrupt when a stop was asked for."""
        if self._asked:
            raise KeyboardInterrupt(self._remedy(f"stopped between two {self._of or 'moments'}."))
        if not self._shows:
            return
        self._first = moment if self._first is None else self._first
        now = monotonic()
        # One member may take minutes, so that none is done yet is said at once.
        if now - self._drawn >= EVERY and (self._of or now - self._started >= AFTER):
            self._drawn = now
            self._draw(moment, events, until, now - self._started)

    def seeds(self, done: int, whole: int) -> None:
        """Called after each seed, of so many."""
        self(done, done, whole)

    def __enter__(self) -> Self:
        # Who was started to ignore Ctrl-C, as a script's background jobs are, goes on ignoring it.
        heeds = signal.getsignal(signal.SIGINT) is not signal.SIG_IGN
        if heeds and threading.current_thread() is threading.main_thread():
            self._former = signal.signal(signal.SIGINT, self._ask)  # type: ignore[assignment]  # what was there
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._former is not None:
            signal.signal(signal.SIGINT, self._former)
        if self._drawn:
            over("")

    def _ask(self, _number: int, _frame: FrameType | None) -> None:
        if self._asked:
            raise KeyboardInterrupt(self._remedy("stopped at once."))
        self._asked = True
        if self._shows:
            over(f"stopping {'soon' if self._of else 'at the end of this moment'} …")

    def _remedy(self, how: str) -> str:
        return f"{how} {self._again}"

    def _draw(self, moment: int, events: int, until: int | None, seconds: float) -> None:
        line = f"{count(events)} events, {count(round(events / seconds))}/s"
        if self._of is not None:
            line = f"{count(events)} of {count(until or 0)} {self._of}"
        start = self._first if self._first is not None else moment
        if until is not None and until > start:
            done = min((moment - start) / (until - start), 1.0)
            cells = round(30 * done)
            line = f"{'━' * cells}{'─' * (30 - cells)} {done:4.0%}  {line}"
        over(line)


def branching(history: str, name: str) -> Watch:
    """Watches a history being lived on as its branch of that name."""
    from narrative.analysis.history import address

    where = address(history)
    return Watch(f"{where.story or where.path}@{name}")
