"""Commits on a thread of its own, so that the next batch is gathered while the disk works."""

import sqlite3
from queue import SimpleQueue
from threading import Thread

_Token = SimpleQueue[bool]


class Committer:
    """One commit of a connection at a time. What is asked of it is done in order, so that waiting
    is asking to be told; an interrupt between any two steps leaves nothing to untangle.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self.error: sqlite3.Error | None = None  # of the last commit
        self._db = db
        self._asked: SimpleQueue[_Token | bool] = SimpleQueue()  # True commits, False ends
        self._begun: _Token = SimpleQueue()
        self._out = False  # whether there may be something to wait for
        self._thread: Thread | None = None

    def commit(self) -> None:
        """Start committing."""
        if self._thread is None:
            self._thread = Thread(target=self._run, name="commit", daemon=True)
            self._thread.start()
        self._out = True
        self._asked.put(True)
        # Python's threads take turns: without this wait the other would get its turn, and the disk
        # its work, some milliseconds later.
        self._begun.get()

    def land(self) -> None:
        """Wait until nothing is being committed."""
        if self._out:
            told: _Token = SimpleQueue()
            self._asked.put(told)
            told.get()
            self._out = False

    def close(self) -> None:
        """End the thread, after what it was asked for."""
        self._asked.put(False)
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while asked := self._asked.get():
            if asked is True:
                self._begun.put(True)
                try:
                    self._db.execute("COMMIT")
                    self.error = None
                except sqlite3.Error as error:
                    self.error = error
            else:
                asked.put(True)
