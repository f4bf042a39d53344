"""Opening the project's SQLite database: version, permissions, and errors that a person can act on."""

import contextlib
import os
import sqlite3
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from hive.errors import HiveError, UsageError

if TYPE_CHECKING:
    from sqlalchemy import Engine

SCHEMA = 1
"""Version of the tables; a database of a newer one is refused, never guessed at."""
BUSY_SECONDS = 30


class Database:
    """One SQLite file in WAL mode; `NORMAL` durability unless a transaction asks for more.

    The event log asks the driver itself: importing SQLAlchemy would cost every command more than all that it reads.
    """

    def __init__(self, path: Path, patience: float = BUSY_SECONDS) -> None:
        self.path = path
        self.patience = patience
        self._idle: list[sqlite3.Connection] = []
        self._closed = False

    @classmethod
    def open(cls, path: Path, patience: float = BUSY_SECONDS) -> "Database":
        """Open, and create on first use; a lock of somebody else is waited for that many seconds.

        Raises UsageError for a newer or a foreign file.
        """
        fresh = not path.exists()
        if fresh:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
        database = cls(path, patience)
        with database.read() as connection:
            version = _version(connection)
        if version > SCHEMA:
            raise UsageError(
                f"{str(path)!r} was written by a newer hive (schema {version}, this hive knows {SCHEMA})",
                next_step="upgrade hive, or move the file away to begin anew",
            )
        if version < SCHEMA:
            database._create()
        return database

    def _create(self) -> None:
        from hive.store.tables import create

        with self.write() as connection:
            if _version(connection) < SCHEMA:  # nobody else was quicker
                create(connection)
                connection.execute(f"PRAGMA user_version = {SCHEMA}")

    @contextlib.contextmanager
    def connection(self) -> Iterator[sqlite3.Connection]:
        """A connection without a transaction, for one thread at a time; what is left open in it is rolled back."""
        with self.explained():
            try:
                connection = self._idle.pop()
            except IndexError:
                connection = self.connect()
            try:
                yield connection
            finally:
                if connection.in_transaction:
                    connection.rollback()
                if self._closed:
                    connection.close()
                else:
                    self._idle.append(connection)

    @contextlib.contextmanager
    def read(self) -> Iterator[sqlite3.Connection]:
        """A connection that sees one state of the database."""
        with self.connection() as connection:
            connection.execute("BEGIN")
            yield connection

    @contextlib.contextmanager
    def write(self, *, durable: bool = False) -> Iterator[sqlite3.Connection]:
        """A transaction that holds the write lock; `durable` returns only when the disk has it."""
        with self.connection() as connection:
            if durable:
                connection.execute("PRAGMA synchronous = FULL")
            try:
                connection.execute("BEGIN IMMEDIATE")
                yield connection
                connection.execute("COMMIT")
            finally:
                if durable:
                    connection.rollback()
                    connection.execute("PRAGMA synchronous = NORMAL")

    def close(self) -> None:
        """Let go of the file."""
        self._closed = True
        while self._idle:
            self._idle.pop().close()

    def connect(self) -> sqlite3.Connection:
        """A new connection; transactions begin where hive says so."""
        connection = sqlite3.connect(
            self.path, timeout=self.patience, isolation_level=None, check_same_thread=False
        )
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = NORMAL")
        return connection

    @cached_property
    def engine(self) -> "Engine":
        """SQLAlchemy's, for the entities beside the log; it keeps no connection."""
        from sqlalchemy import NullPool, create_engine

        return create_engine("sqlite://", creator=self.connect, poolclass=NullPool)

    @contextlib.contextmanager
    def explained(self) -> Iterator[None]:
        """Errors of the driver become ones that a person can act on."""
        try:
            yield
        except sqlite3.OperationalError as error:
            raise _explain(self.path, error, self.patience) from error
        except sqlite3.DatabaseError as error:
            raise UsageError(
                f"{str(self.path)!r} is not a database that hive can read: {error}",
                next_step="move it away to begin anew; landed work is safe in git",
            ) from error


def _version(connection: sqlite3.Connection) -> int:
    return int(connection.execute("PRAGMA user_version").fetchone()[0])


def _explain(path: Path, error: sqlite3.OperationalError, patience: float) -> HiveError:
    reason = str(error)
    if "locked" in reason:
        return HiveError(
            f"{str(path)!r} was locked by another process for {patience:g} seconds",
            next_step="see who holds it (`fuser` on that file), then `hive resume`",
        )
    if "full" in reason:
        return HiveError(
            f"no space left for {str(path)!r}; nothing recorded so far is lost",
            next_step="free some space, then `hive resume`",
        )
    if "readonly" in reason or "unable to open" in reason:
        return UsageError(
            f"{str(path)!r} cannot be written: {reason}",
            next_step="correct the permissions of the file and its folder",
        )
    return HiveError(f"{str(path)!r}: {reason}", next_step="`hive doctor` looks into it")
