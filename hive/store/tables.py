"""The entities beside the event log, and the creation of all tables."""

import contextlib
import sqlite3
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.dialects import sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import CreateTable
from sqlmodel import Field, Session, SQLModel

from hive.store.database import Database
from hive.store.schema import EVENTS


class CheckResult(SQLModel, table=True):
    """Evidence by the digest of all that the check could see."""

    __tablename__ = "check_result"

    inputs: str = Field(primary_key=True)
    evidence: str
    """`Evidence` as JSON."""
    at: datetime


class Trust(SQLModel, table=True):
    """A set of commands that a person allowed hive to run."""

    __tablename__ = "trust"

    commands: str = Field(primary_key=True)
    """Digest of the commands."""
    by: str
    at: datetime


def create(connection: sqlite3.Connection) -> None:
    """Create all tables of a new database."""
    for statement in EVENTS:
        connection.execute(statement)
    for table in SQLModel.metadata.sorted_tables:
        connection.execute(str(CreateTable(table).compile(dialect=sqlite.dialect())))


@contextlib.contextmanager
def session(database: Database, *, write: bool = False) -> Iterator[Session]:
    """The entities as of one state of the database; `write` holds its write lock."""
    with database.explained(), Session(database.engine) as opened:
        try:
            opened.connection().exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
            yield opened
            opened.commit()
        except DBAPIError as error:
            raise error.orig or error from error
