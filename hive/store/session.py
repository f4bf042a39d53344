"""One transaction of the entities beside the event log."""

import contextlib
from collections.abc import Iterator

from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from hive.store.database import Database


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
