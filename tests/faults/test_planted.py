"""Every planted fault is noticed by the tests it names, by itself and among all the others."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from faults.planted import PLANTED, Fault

ROOT = Path(__file__).parents[2]
NAMED = sorted({test for fault in PLANTED for test in fault.tests})
NO_COPY = shutil.ignore_patterns(".*", "__pycache__")


@pytest.mark.parametrize("fault", PLANTED, ids=lambda fault: fault.name)
def test_its_text_stands_once_and_its_tests_are_there(fault: Fault) -> None:
    assert (ROOT / fault.file).read_text(encoding="utf-8").count(fault.old) == 1
    assert fault.new != fault.old
    assert [test for test in fault.tests if not (ROOT / test.partition("::")[0]).is_file()] == []


def test_no_two_faults_have_one_name() -> None:
    assert len({fault.name for fault in PLANTED}) == len(PLANTED)


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of this checkout."""
    copy = tmp_path_factory.mktemp("planted") / "checkout"
    shutil.copytree(ROOT, copy, ignore=NO_COPY)
    return copy


@contextmanager
def planted(checkout: Path, faults: Sequence[Fault]) -> Iterator[None]:
    """The copy with faults in it, and mended again."""
    whole = {file: (checkout / file).read_text(encoding="utf-8") for file in {f.file for f in faults}}
    for fault in faults:
        path = checkout / fault.file
        path.write_text(path.read_text(encoding="utf-8").replace(fault.old, fault.new), encoding="utf-8")
    try:
        yield
    finally:
        for file, text in whole.items():
            (checkout / file).write_text(text, encoding="utf-8")


def failed(checkout: Path, tests: Sequence[str]) -> set[str]:
    """Which tests of a copy fail. A run that ends otherwise than with tests passed or failed is an error."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST_")}
    # Two texts of one length in one second look alike to what is compiled and kept.
    environment |= {"PYTHONPATH": str(checkout), "PYTHONDONTWRITEBYTECODE": "1"}
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-n",
        "0",
        "-q",
        "-rf",
        "--tb=no",
        "-p",
        "no:cacheprovider",
        *tests,
    ]
    done = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode in {0, 1}, done.stdout[-2_000:] + done.stderr
    lines = map(str.split, done.stdout.splitlines())
    return {words[1] for words in lines if words[:1] in (["FAILED"], ["ERROR"])}


@pytest.mark.slow
def test_of_no_fault_no_test_fails(checkout: Path) -> None:
    assert failed(checkout, NAMED) == set()


@pytest.mark.slow
@pytest.mark.parametrize("fault", PLANTED, ids=lambda fault: fault.name)
def test_it_is_noticed(fault: Fault, checkout: Path) -> None:
    with planted(checkout, [fault]):
        noticed = failed(checkout, fault.tests)
    print(f"{fault.name}: {', '.join(sorted(noticed)) or 'noticed by none'}")
    assert noticed


@pytest.mark.slow
def test_all_at_once_each_is_still_noticed(checkout: Path) -> None:
    """A fault must not hide behind another."""
    with planted(checkout, PLANTED):
        noticed = failed(checkout, NAMED)
    unnoticed = [f.name for f in PLANTED if not any(test.startswith(f.tests) for test in noticed)]
    assert unnoticed == []
