"""Every screen has its pictures, and every key a test that presses it."""

import ast
import importlib
import inspect
import pkgutil
from pathlib import Path

import pytest
from textual.binding import Binding
from textual.screen import Screen
from textual.widget import Widget

from hive.dashboard import tui
from hive.dashboard.tui.app import HiveApp
from tests.dashboard.tui.conftest import GOLDEN

SIZES = (80, 120, 250)
PICTURES = {
    "Inbox": ("inbox",),
    "RunScreen": ("run", "run-graph"),
    "ServiceScreen": ("service-stream", "service-diff", "service-checks", "service-notes"),
    "ReviewScreen": ("review",),
    "QueueScreen": ("queue", "queue-flakes"),
    "Help": ("help",),
    "Ask": ("ask",),
    "Confirm": ("confirm",),
}
WITHOUT = {
    "Small": "it is what is shown below the smallest size",
    "WorkScreen": "it is what others are made of",
    "TabbedScreen": "it is what the run and the queue are made of",
}


def parts() -> list[type]:
    """Every class of the dashboard that may bind keys."""
    modules = [
        importlib.import_module(each.name) for each in pkgutil.walk_packages(tui.__path__, f"{tui.__name__}.")
    ]
    return [
        found
        for module in modules
        for _, found in inspect.getmembers(module, inspect.isclass)
        if found.__module__ == module.__name__ and issubclass(found, Screen | Widget | HiveApp)
    ]


def bindings() -> dict[str, set[str]]:
    """Keys by the class that binds them."""
    made = {part.__name__: Binding.make_bindings(part.__dict__.get("BINDINGS", [])) for part in parts()}
    return {name: {each.key for each in found} for name, found in made.items()}


def pressed() -> set[str]:
    """The keys that tests give to `press` or `pressed`, or choose from a table of keys."""
    found = set()
    for file in Path(__file__).parent.glob("test_*.py"):
        for call in ast.walk(ast.parse(file.read_text())):
            if isinstance(call, ast.Call) and _presses(call):
                found |= {each.value for each in ast.walk(call) if isinstance(each, ast.Constant)}
    return {each for each in found if isinstance(each, str)}


def _presses(call: ast.Call) -> bool:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    table = name == "parametrize" and isinstance(call.args[0], ast.Constant) and call.args[0].value == "key"
    return table or name in ("press", "pressed")


@pytest.mark.parametrize(("part", "keys"), sorted(bindings().items()))
def test_every_key_is_pressed_in_some_test(part, keys):
    assert not keys - pressed(), f"no test presses these keys of {part}"


def test_every_screen_has_a_picture_in_three_sizes():
    screens = {part.__name__ for part in parts() if issubclass(part, Screen)}
    assert screens == PICTURES.keys() | WITHOUT.keys()
    wanted = {f"tui-{name}-{size}.txt" for names in PICTURES.values() for name in names for size in SIZES}
    assert wanted <= {file.name for file in GOLDEN.glob("tui-*.txt")}
