"""The entities beside the event log, and the creation of all tables."""

import sqlite3
from datetime import datetime

from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateTable
from sqlmodel import Field, SQLModel

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
