"""How a session tells its reports."""

from collections.abc import Awaitable, Callable

from hive.model import Report

Tell = Callable[[Report], Awaitable[None]]
