"""hive: one change, many services, one contract."""

__version__ = "0.1.0"
