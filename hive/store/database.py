"""Opening the project's SQLite database: version, permissions, and errors that a person can act on."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path
from sqlite3 import Connection as SqliteConnection

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.exc import DatabaseError, OperationalError

from hive.errors import HiveError, UsageError

SCHEMA = 1
"""Version of the tables; a database of a newer one is refused, never guessed at."""
BUSY_SECONDS = 30
WRITE = {"hive_begin": "BEGIN IMMEDIATE"}


class Database:
    """One SQLite file in WAL mode; `NORMAL` durability unless a transaction asks for more."""

    def __init__(self, path: Path, patience: float = BUSY_SECONDS) -> None:
        self.path = path
        self.patience = patience
        self.engine = _engine(path, patience)

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
        with database.write() as connection:
            version = int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())
            if version > SCHEMA:
                raise UsageError(
                    f"{str(path)!r} was written by a newer hive (schema {version}, this hive knows {SCHEMA})",
                    next_step="upgrade hive, or move the file away to begin anew",
                )
            if version < SCHEMA:
                from hive.store.tables import create

                create(connection)
                connection.exec_driver_sql(f"PRAGMA user_version = {SCHEMA}")
        return database

    @contextlib.contextmanager
    def read(self) -> Iterator[Connection]:
        """A connection that sees one state of the database."""
        with self._explained(), self.engine.connect() as connection:
            yield connection

    @contextlib.contextmanager
    def write(self, *, durable: bool = False) -> Iterator[Connection]:
        """A transaction that holds the write lock; `durable` returns only when the disk has it."""
        with self._explained(), self.engine.connect() as connection:
            if durable:
                _set_synchronous(connection, "FULL")
            try:
                with connection.execution_options(**WRITE).begin():
                    yield connection
            finally:
                if durable:
                    _set_synchronous(connection, "NORMAL")

    def close(self) -> None:
        """Let go of the file."""
        self.engine.dispose()

    @contextlib.contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OperationalError as error:
            raise _explain(self.path, error, self.patience) from error
        except DatabaseError as error:
            raise UsageError(
                f"{str(self.path)!r} is not a database that hive can read: {error.orig}",
                next_step="move it away to begin anew; landed work is safe in git",
            ) from error


def _engine(path: Path, patience: float) -> Engine:
    engine = create_engine(
        f"sqlite:///{path}", connect_args={"timeout": patience, "check_same_thread": False}
    )

    @event.listens_for(engine, "connect")
    def _configure(connection: SqliteConnection, _record: object) -> None:
        connection.isolation_level = None  # transactions begin where hive says so
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = NORMAL")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get("hive_begin", "BEGIN"))

    return engine


def _set_synchronous(connection: Connection, mode: str) -> None:
    driver = connection.connection.dbapi_connection
    if driver is not None:
        driver.cursor().execute(f"PRAGMA synchronous = {mode}")


def _explain(path: Path, error: OperationalError, patience: float) -> HiveError:
    reason = str(error.orig)
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
