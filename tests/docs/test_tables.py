"""The page on tables: its queries are answered, and its columns are those there are."""

import re
from pathlib import Path

import pytest

import narrative
from narrative.tables.source import schemas

PAGE = (Path(__file__).parents[2] / "docs" / "tables.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def there(tmp_path_factory):
    """A directory in which ai-2025 was performed."""
    where = tmp_path_factory.mktemp("frames")
    narrative.run("ai-2025", db=where / "ai-2025.db")
    return where


@pytest.mark.parametrize("sql", re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL))
def test_the_questions_are_answered(sql, there, monkeypatch):
    monkeypatch.chdir(there)
    assert 3 <= len(narrative.query("ai-2025", sql)) <= 5


def test_there_are_four():
    assert len(re.findall(r"```sql", PAGE)) == 4


def test_the_columns_are_those_of_the_tables():
    told = dict(re.findall(r"^\| `(\w+)` \| .*? \| (.*?) \|$", PAGE, re.MULTILINE))
    assert set(told) == {"events", "postings", "readings", "observed", "branches", "causes", "turns"}
    for table, columns in told.items():
        assert columns.split(", ") == list(schemas()[table]), table
