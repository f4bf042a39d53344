"""The entities beside the event log, and the creation of all tables."""

from datetime import datetime

from sqlalchemy import Connection
from sqlmodel import Field, SQLModel

from hive.store.schema import METADATA


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


def create(connection: Connection) -> None:
    """Create what is missing."""
    METADATA.create_all(connection)
    SQLModel.metadata.create_all(connection)
