"""The file and its writing thread: what is kept, what is undone, what is refused."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import stat
from typing import TYPE_CHECKING

import msgspec
import pytest

from signoff.engine import schema
from signoff.engine.database import Changes, Database, Transaction
from signoff.engine.errors import (
    DatabaseDamagedError,
    DatabaseInUseError,
    DatabaseTooNewError,
    RefusedError,
    UnavailableError,
)
from signoff.engine.records import Promise, Task

from .desk import Clock

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable
    from pathlib import Path

ADD = "INSERT INTO tags VALUES ('t', 'v', ?)"


@pytest.fixture
def batches() -> list[int]:
    """The sizes of the batches committed so far."""
    return []


@pytest.fixture
async def database(tmp_path: Path, batches: list[int]) -> AsyncIterator[Database]:
    """A running database."""
    opened = Database(tmp_path / "engine.db", Clock())

    def committed(_changes: Changes, size: int) -> None:
        batches.append(size)

    opened.start(committed)
    yield opened
    await opened.close()


def adding(row: str) -> Callable[[Transaction], str]:
    """Return an operation that adds a row and returns it."""

    def work(tx: Transaction) -> str:
        tx.run(ADD, row)
        return row

    return work


def failing(row: str, error: Exception) -> Callable[[Transaction], str]:
    """Return an operation that adds a row and fails."""

    def work(tx: Transaction) -> str:
        tx.run(ADD, row)
        raise error

    return work


async def rows(database: Database) -> list[str]:
    """Read the rows that are there."""
    return await database.run(
        lambda tx: [row[0] for row in tx.run("SELECT id FROM tags ORDER BY id")]
    )


async def test_requests_share_commits(database: Database, batches: list[int]) -> None:
    """Many requests at once are answered each, after few commits."""
    results = await asyncio.gather(*(database.run(adding(str(n))) for n in range(100)))
    assert results == [str(n) for n in range(100)]
    assert (sum(batches), len(batches) < 20) == (100, True)


async def test_one_failure_stays_its_own(database: Database) -> None:
    """A request that fails is undone; its neighbours in the batch are kept."""
    outcomes = await asyncio.gather(
        database.run(adding("a")),
        database.run(failing("b", ValueError("mine"))),
        database.run(adding("c")),
        return_exceptions=True,
    )
    assert (outcomes[0], repr(outcomes[1]), outcomes[2]) == (
        "a",
        "ValueError('mine')",
        "c",
    )
    assert await rows(database) == ["a", "c"]


async def test_refusal_is_handed_on(database: Database) -> None:
    """A refusal reaches who asked as it is."""
    with pytest.raises(RefusedError, match="no"):
        await database.run(failing("a", RefusedError(404, "no")))


async def test_database_error_is_unavailability(database: Database) -> None:
    """What SQLite refuses is told as nothing kept; the next request works."""
    with pytest.raises(UnavailableError):
        await database.run(lambda tx: tx.run("INSERT INTO nowhere VALUES (1)"))
    assert await database.run(adding("a")) == "a"


async def test_lost_transaction_fails_its_batch(database: Database) -> None:
    """Where SQLite gives up the transaction, the whole batch is told; then it works."""
    outcomes = await asyncio.gather(
        database.run(adding("a")),
        database.run(lambda tx: tx.run("ROLLBACK")),
        database.run(adding("c")),
        return_exceptions=True,
    )
    kept = [one for one in outcomes if isinstance(one, str)]
    assert await rows(database) == sorted(kept)
    assert isinstance(outcomes[1], UnavailableError)


async def test_answer_follows_the_commit(database: Database, tmp_path: Path) -> None:
    """What is answered can be read by another connection to the file."""
    await database.run(adding("a"))
    with contextlib.closing(sqlite3.connect(tmp_path / "engine.db")) as other:
        assert other.execute("SELECT id FROM tags").fetchall() == [("a",)]


async def test_cancelled_request_harms_nobody(database: Database) -> None:
    """Who stops waiting may still have been served; the thread goes on."""
    waiting = asyncio.create_task(database.run(adding("a")))
    await asyncio.sleep(0)
    waiting.cancel()
    assert await database.run(adding("b")) == "b"
    assert await rows(database) == ["a", "b"]


async def test_closing_answers_what_is_queued(tmp_path: Path) -> None:
    """Requests before the close are kept, later ones refused."""
    database = Database(tmp_path / "engine.db", Clock())
    database.start(lambda _changes, _size: None)
    asked = [asyncio.create_task(database.run(adding(str(n)))) for n in range(50)]
    await asyncio.sleep(0)
    await database.close()
    assert await asyncio.gather(*asked) == [str(n) for n in range(50)]
    with pytest.raises(UnavailableError):
        await database.run(adding("late"))


async def test_second_engine_is_refused(database: Database, tmp_path: Path) -> None:
    """Two engines on one file would each send the other's messages."""
    assert await database.run(adding("a")) == "a"
    with pytest.raises(DatabaseInUseError):
        Database(tmp_path / "engine.db", Clock())


def test_files_are_the_owners_alone(tmp_path: Path) -> None:
    """The file and what SQLite keeps beside it have mode 0600."""
    path = tmp_path / "deep" / "engine.db"
    path.parent.mkdir()
    path.touch(mode=0o644)
    with contextlib.closing(schema.open_database(path)) as opened:
        opened.execute("INSERT INTO tags VALUES ('a', 'b', 'c')")
        modes = {stat.S_IMODE(one.stat().st_mode) for one in path.parent.iterdir()}
    assert modes == {0o600}


def test_commits_are_flushed(tmp_path: Path) -> None:
    """The file is in WAL mode with full synchronisation."""
    with contextlib.closing(schema.open_database(tmp_path / "e.db")) as opened:
        assert opened.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert opened.execute("PRAGMA synchronous").fetchone() == (2,)


def test_newer_file_is_refused(tmp_path: Path) -> None:
    """A file of a newer release is named with both versions."""
    path = tmp_path / "e.db"
    with contextlib.closing(schema.open_database(path)) as opened:
        opened.execute("PRAGMA user_version = 99")
    with pytest.raises(DatabaseTooNewError, match="99") as refused:
        schema.open_database(path)
    assert (refused.value.found, refused.value.known) == (99, len(schema.MIGRATIONS))


def test_older_file_keeps_its_tasks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file of the first release is brought up to date with what it holds."""
    path, task = tmp_path / "e.db", Task("t", "pending", 3, due_at=7, queue="any@g")
    with monkeypatch.context() as first:
        first.setattr(schema, "MIGRATIONS", schema.MIGRATIONS[:1])
        with contextlib.closing(schema.open_database(path)) as opened, opened:
            row = msgspec.structs.astuple(task)[:10]
            opened.execute("INSERT INTO tasks VALUES (?,?,?,?,?,?,?,?,?,?)", row)
    with contextlib.closing(schema.open_database(path)) as opened:
        assert Task(*opened.execute("SELECT * FROM tasks").fetchone()) == task


def damage_header(path: Path) -> None:
    """Leave something that is no database."""
    path.write_bytes(b"\x00\xff" * 5000)


def damage_schema(path: Path) -> None:
    """Overwrite the first page below its header."""
    with contextlib.closing(schema.open_database(path)):
        pass
    content = bytearray(path.read_bytes())
    content[100:4096] = b"\xff" * 3996
    path.write_bytes(content)


def make_foreign(path: Path) -> None:
    """Leave another program's database."""
    with contextlib.closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE invoices (id)")


def make_folder(path: Path) -> None:
    """Leave a folder where the file should be."""
    path.mkdir()


@pytest.mark.parametrize(
    "leave", [damage_header, damage_schema, make_foreign, make_folder]
)
def test_unusable_file_is_refused(
    tmp_path: Path, leave: Callable[[Path], None]
) -> None:
    """What is no engine's database is named, untouched, and can be tried again."""
    path = tmp_path / "e.db"
    leave(path)
    for _ in range(2):
        with pytest.raises(DatabaseDamagedError, match=r"e\.db"):
            Database(path, Clock())


def test_reopened_file_is_kept(tmp_path: Path) -> None:
    """Opening again brings the same rows and makes nothing anew."""
    path = tmp_path / "e.db"
    with contextlib.closing(schema.open_database(path)) as first:
        first.execute("INSERT INTO tags VALUES ('a', 'b', 'c')")
    with contextlib.closing(schema.open_database(path)) as second:
        assert second.execute("SELECT * FROM tags").fetchall() == [("a", "b", "c")]


@pytest.mark.parametrize(("table", "record"), [("promises", Promise), ("tasks", Task)])
def test_records_mirror_their_tables(
    tmp_path: Path, table: str, record: type[Promise | Task]
) -> None:
    """A record's fields are its table's columns, in order."""
    with contextlib.closing(schema.open_database(tmp_path / "e.db")) as opened:
        columns = opened.execute(f"PRAGMA table_info({table})").fetchall()
    assert [column[1] for column in columns] == list(record.__struct_fields__)
