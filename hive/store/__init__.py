"""The project's database: the event log, and the few entities beside it; no SQL anywhere else."""

from hive.store.database import Database
from hive.store.log import SqlEventLog

__all__ = ["Database", "SqlEventLog"]
