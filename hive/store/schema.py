"""The event table."""

from sqlalchemy import Column, Index, Integer, MetaData, String, Table, Text

METADATA = MetaData()
EVENTS = Table(
    "event",
    METADATA,
    Column("seq", Integer, primary_key=True),
    Column("run", String, nullable=False),
    Column("service", String),
    Column("at", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("body", Text, nullable=False),
    Index("event_by_run", "run", "seq"),
)
