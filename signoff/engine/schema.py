"""The SQLite file: its tables, its version, and how it is opened."""

from __future__ import annotations

import os
import sqlite3
from typing import TYPE_CHECKING

from signoff.engine.errors import DatabaseDamagedError, DatabaseTooNewError

if TYPE_CHECKING:
    from pathlib import Path

#: "sgnf": tells an engine database from any other SQLite file.
APPLICATION_ID = 0x73676E66

#: Entry n brings a file from version n to n + 1; never changed once released.
MIGRATIONS = (
    """
    CREATE TABLE promises (
        id TEXT NOT NULL PRIMARY KEY,
        state TEXT NOT NULL,
        param BLOB NOT NULL,
        value BLOB NOT NULL,
        tags BLOB NOT NULL,
        target TEXT,
        branch TEXT,
        timer INTEGER NOT NULL,
        timeout_at INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        settled_at INTEGER
    );
    CREATE INDEX promises_by_state ON promises (state, id);
    CREATE INDEX promises_by_branch ON promises (branch, id);
    CREATE INDEX promises_by_timeout ON promises (timeout_at)
        WHERE state = 'pending' AND target IS NOT NULL;
    CREATE TABLE tags (
        name TEXT NOT NULL,
        value TEXT NOT NULL,
        id TEXT NOT NULL,
        PRIMARY KEY (name, value, id)
    ) WITHOUT ROWID;
    CREATE TABLE callbacks (
        awaited TEXT NOT NULL,
        awaiter TEXT NOT NULL,
        ready INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (awaited, awaiter)
    ) WITHOUT ROWID;
    CREATE INDEX callbacks_by_awaiter ON callbacks (awaiter, ready);
    CREATE TABLE listeners (
        awaited TEXT NOT NULL,
        queue TEXT NOT NULL,
        PRIMARY KEY (awaited, queue)
    ) WITHOUT ROWID;
    CREATE TABLE tasks (
        id TEXT NOT NULL PRIMARY KEY,
        state TEXT NOT NULL,
        version INTEGER NOT NULL,
        pid TEXT,
        ttl INTEGER,
        due_at INTEGER,
        queue TEXT,
        prefer TEXT,
        strikes INTEGER NOT NULL,
        sent INTEGER NOT NULL
    ) WITHOUT ROWID;
    CREATE INDEX tasks_by_due ON tasks (state, due_at) WHERE due_at IS NOT NULL;
    CREATE INDEX tasks_by_queue ON tasks (queue, due_at) WHERE state = 'pending';
    CREATE TABLE unblocks (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        queue TEXT NOT NULL,
        promise TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        due_at INTEGER NOT NULL,
        UNIQUE (promise, queue)
    );
    CREATE INDEX unblocks_by_queue ON unblocks (queue, due_at);
    CREATE INDEX unblocks_by_due ON unblocks (due_at);
    CREATE INDEX unblocks_by_age ON unblocks (created_at);
    """,
    "ALTER TABLE tasks ADD COLUMN lapses INTEGER NOT NULL DEFAULT 0;",
)


def open_database(path: Path) -> sqlite3.Connection:
    """Open the file, made with mode 0600 and brought to the newest version.

    Raises:
        DatabaseDamagedError: It is no database, not one of ours, or unreadable.
        DatabaseTooNewError: A newer release wrote it.
    """
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        path.chmod(0o600)
        connection = sqlite3.connect(
            path, isolation_level=None, check_same_thread=False, cached_statements=256
        )
    except (OSError, sqlite3.Error) as error:
        raise DatabaseDamagedError(path, str(error)) from error
    try:
        _prepare(connection, path)
    except sqlite3.Error as error:
        connection.close()
        raise DatabaseDamagedError(path, str(error)) from error
    except BaseException:
        connection.close()
        raise
    return connection


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    found = _pragma(connection, "user_version")
    known = len(MIGRATIONS)
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if tables and _pragma(connection, "application_id") != APPLICATION_ID:
        raise DatabaseDamagedError(path, "it belongs to another program")
    if found > known:
        raise DatabaseTooNewError(path, found=found, known=known)
    connection.execute("PRAGMA journal_mode = WAL")
    # FULL: a commit is on the disk, not only in the kernel, when it returns.
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA busy_timeout = 5000")
    for version in range(found, known):
        connection.executescript(
            f"BEGIN IMMEDIATE; {MIGRATIONS[version]}"
            f"PRAGMA application_id = {APPLICATION_ID};"
            f"PRAGMA user_version = {version + 1}; COMMIT;"
        )


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    return connection.execute(f"PRAGMA {name}").fetchone()[0]
