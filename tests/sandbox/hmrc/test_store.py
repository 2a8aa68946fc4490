"""The file that holds the world: put away when its tables are of another version, kept when not."""

import sqlite3
from pathlib import Path

import pytest

from sandbox.hmrc.store import TEST_DATA, VERSION, Store


def version_of(file: Path) -> int:
    with sqlite3.connect(file) as connection:
        (version,) = connection.execute("PRAGMA user_version").fetchone()
    connection.close()
    return int(version)


def test_a_file_of_another_version_is_put_away(tmp_path: Path) -> None:
    file = tmp_path / "state.sqlite3"
    connection = sqlite3.connect(file)
    connection.executescript("CREATE TABLE settings (old TEXT); PRAGMA user_version = 1;")
    connection.close()

    store = Store(file=file)

    assert store.rows("SELECT name, value FROM settings") == []
    assert version_of(file) == VERSION


def test_a_file_of_this_version_is_kept(tmp_path: Path) -> None:
    Store(file=tmp_path / "state.sqlite3").change("INSERT INTO settings VALUES ('mode', '\"hmrc_sandbox\"')")

    assert len(Store(file=tmp_path / "state.sqlite3").rows("SELECT * FROM settings")) == 1


@pytest.mark.parametrize("table", TEST_DATA)
def test_all_test_data_is_found_by_nino(tmp_path: Path, table: str) -> None:
    columns = Store(file=tmp_path / "state.sqlite3").rows(f"PRAGMA table_info({table})")

    assert "nino" in {column["name"] for column in columns}


def test_the_file_is_its_owners_alone(tmp_path: Path) -> None:
    Store(file=tmp_path / "state.sqlite3")

    assert (tmp_path / "state.sqlite3").stat().st_mode & 0o777 == 0o600
