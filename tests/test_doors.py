"""What hive does in one place only, read from its syntax trees."""

import ast
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
_STARTERS = ("system", "popen", "posix_spawn", "fork", "forkpty", "startfile", "exec", "spawn")

Finder = Callable[[ast.AST], bool]


def imports(*packages: str) -> Finder:
    """An import of one of the packages, or of a module in it, spelled in any way."""

    def found(node: ast.AST) -> bool:
        match node:
            case ast.Import(names):
                modules = [alias.name for alias in names]
            case ast.ImportFrom(module=str(module)):
                modules = [module]
            case ast.Call(
                func=ast.Name(id="__import__") | ast.Attribute(attr="import_module"),
                args=[ast.Constant(value=str(module)), *_],
            ):
                modules = [module]
            case _:
                return False
        return any(module.partition(".")[0] in packages for module in modules)

    return found


def starts_process(node: ast.AST) -> bool:
    """A way to start a program that is not the one door."""
    match node:
        case ast.Attribute(value=ast.Name(id="os"), attr=name):
            return name.startswith(_STARTERS)
        case ast.Attribute(value=ast.Name(id="asyncio"), attr=name):
            return name.startswith("create_subprocess")
        case _:
            return imports("subprocess", "pty", "multiprocessing", "pexpect")(node)


def starts_git(node: ast.AST) -> bool:
    """An argv that begins with git."""
    match node:
        case ast.List(elts=[ast.Constant(value="git"), *_]) | ast.Tuple(elts=[ast.Constant(value="git"), *_]):
            return True
        case _:
            return False


def asks_for_a_shell(node: ast.AST) -> bool:
    """`shell=` anything but False, or a function that always takes a shell."""
    match node:
        case ast.keyword(arg="shell", value=ast.Constant(value=False)):
            return False
        case ast.keyword(arg="shell"):
            return True
        case ast.Attribute(attr="create_subprocess_shell" | "getoutput" | "getstatusoutput"):
            return True
        case _:
            return False


def unsafe_loading(node: ast.AST) -> bool:
    """Formats and functions that run what they read."""
    match node:
        case ast.Call(func=ast.Name(id="eval" | "exec")):
            return True
        case _:
            return imports("pickle", "marshal", "shelve", "dill")(node)


DOORS: dict[str, tuple[Finder, tuple[str, ...]]] = {
    # The forwarder runs alone inside the sandbox, where it becomes the confined command; the warden stands beside one.
    "child processes": (starts_process, ("process/", "network/forwarder.py", "warden.py")),
    # The scripted agent plays one that runs git itself; the conformance suite makes a playground for agents.
    "git": (starts_git, ("workspaces/git.py", "agents/scripted/commands.py", "agents/conformance/site.py")),
    "a shell": (asks_for_a_shell, ()),
    "SQL": (imports("sqlalchemy", "sqlmodel", "sqlite3"), ("store/", "orchestrator/durable.py")),
    "the durable engine": (imports("dbos"), ("orchestrator/durable.py",)),
    "code from data": (unsafe_loading, ()),
}


def uses(finder: Finder, allowed: tuple[str, ...], root: Path) -> Iterator[str]:
    """Where something is used outside the files that may."""
    for path in sorted(root.rglob("*.py")):
        name = path.relative_to(root).as_posix()
        if not name.startswith(allowed or ("\0",)):
            tree = ast.parse(path.read_bytes(), name)
            yield from (f"{name}:{getattr(node, 'lineno', '?')}" for node in ast.walk(tree) if finder(node))


@pytest.mark.parametrize("door", DOORS)
def test_there_is_one_door(door: str) -> None:
    finder, allowed = DOORS[door]
    assert list(uses(finder, allowed, ROOT / "hive")) == []


@pytest.mark.parametrize(
    ("door", "code"),
    [
        ("child processes", "import subprocess"),
        ("child processes", "from subprocess import run"),
        ("child processes", "import os\nos.system('ls')"),
        ("child processes", "import os\nos.execvp('ls', ['ls'])"),
        ("child processes", "import asyncio\nasyncio.create_subprocess_exec('ls')"),
        ("child processes", "__import__('subprocess').run(['ls'])"),
        ("git", "run(['git', 'status'])"),
        ("git", "argv = ('git',)"),
        ("a shell", "run('ls', shell=True)"),
        ("a shell", "run('ls', shell=flag)"),
        ("SQL", "import sqlalchemy.orm as orm"),
        ("SQL", "def f():\n    from sqlmodel import Session"),
        ("the durable engine", "import importlib\nimportlib.import_module('dbos')"),
        ("code from data", "import pickle"),
        ("code from data", "eval(text)"),
    ],
)
def test_a_second_door_is_found(tmp_path: Path, door: str, code: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "other.py").write_text(code)
    finder, allowed = DOORS[door]
    assert len(list(uses(finder, allowed, tmp_path))) == 1
