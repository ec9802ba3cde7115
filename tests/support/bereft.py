"""A verb asked in a program of its own, of which one worker is killed while it lives."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

CODE = """
import json, multiprocessing, os, signal, narrative
killed = []
def progress(*_):
    for child in multiprocessing.active_children()[: not killed]:
        killed.append(child.pid)
        os.kill(child.pid, signal.SIGKILL)
if __name__ == "__main__":
    found = narrative.{verb}({db!r}, **{asked!r}, workers=2, progress=progress)
    assert killed
    print(json.dumps(found.plain()))
"""


def bereft(folder: Path, verb: str, db: str, asked: dict[str, Any]) -> Any:
    """An answer as plain data, of two workers of whom one was killed; its program is written to a folder."""
    script = folder / "killing.py"
    script.write_text(CODE.format(verb=verb, db=db, asked=asked), encoding="utf-8")
    run = subprocess.run(
        [sys.executable, str(script)], capture_output=True, text=True, check=False, timeout=300
    )
    assert run.returncode == 0, run.stderr
    return json.loads(run.stdout)
