"""Fake model servers on loopback, for tests of hive and of whoever builds on it: real HTTP, scripted answers."""

from hive.testing.request import Request
from hive.testing.script import (
    Break,
    Part,
    Refusal,
    Reply,
    Script,
    Text,
    Thinking,
    ToolUse,
    Usage,
)
from hive.testing.server import FakeModels, serving

__all__ = [
    "Break",
    "FakeModels",
    "Part",
    "Refusal",
    "Reply",
    "Request",
    "Script",
    "Text",
    "Thinking",
    "ToolUse",
    "Usage",
    "serving",
]
