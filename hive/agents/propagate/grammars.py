"""Parsers, loaded when the first file of a language asks for one."""

import importlib
from collections.abc import Iterator
from functools import cache
from pathlib import PurePosixPath
from typing import NamedTuple

from tree_sitter import Language, Node, Parser, Tree

from hive.errors import HiveError


class Grammar(NamedTuple):
    """Where a language's grammar comes from."""

    module: str
    function: str = "language"


GRAMMARS = {
    "python": Grammar("tree_sitter_python"),
    "go": Grammar("tree_sitter_go"),
    "javascript": Grammar("tree_sitter_javascript"),
    "typescript": Grammar("tree_sitter_typescript", "language_typescript"),
    "tsx": Grammar("tree_sitter_typescript", "language_tsx"),
    "java": Grammar("tree_sitter_java"),
    "csharp": Grammar("tree_sitter_c_sharp"),
    "html": Grammar("tree_sitter_html"),
    "json": Grammar("tree_sitter_json"),
    "yaml": Grammar("tree_sitter_yaml"),
    "sql": Grammar("tree_sitter_sql"),
}
SUFFIXES = {
    ".py": "python",
    ".pyi": "python",
    ".go": "go",
    ".js": "javascript",
    ".mjs": "javascript",
    ".cjs": "javascript",
    ".jsx": "javascript",
    ".ts": "typescript",
    ".mts": "typescript",
    ".cts": "typescript",
    ".tsx": "tsx",
    ".java": "java",
    ".cs": "csharp",
    ".html": "html",
    ".htm": "html",
    ".tmpl": "html",
    ".gohtml": "html",
    ".jinja": "html",
    ".j2": "html",
    ".json": "json",
    ".yaml": "yaml",
    ".yml": "yaml",
    ".sql": "sql",
}


def language_of(path: str) -> str | None:
    """The language that a file's name tells, if it is one that can be read."""
    return SUFFIXES.get(PurePosixPath(path).suffix.lower())


@cache
def parser(language: str) -> Parser:
    """The parser of a language. Raises HiveError when its grammar cannot be loaded."""
    grammar = GRAMMARS[language]
    try:
        return Parser(Language(getattr(importlib.import_module(grammar.module), grammar.function)()))
    except (ImportError, ValueError) as error:
        raise HiveError(
            f"cannot load the grammar of {language!r}: {error}",
            next_step=f"install {grammar.module.replace('_', '-')!r} in hive's environment",
        ) from error


def parse(source: bytes, language: str) -> Tree:
    """The syntax tree; broken source gives a tree with error nodes."""
    return parser(language).parse(source)


def nodes(root: Node) -> Iterator[Node]:
    """Every node below and including this one, in source order, whatever the depth."""
    stack = [root]
    while stack:
        node = stack.pop()
        yield node
        stack.extend(reversed(node.children))


def errors(source: bytes, language: str) -> int:
    """How many places of a source its grammar does not understand."""
    root = parse(source, language).root_node
    if not root.has_error:
        return 0
    return sum(_errors(root))


def _errors(root: Node) -> Iterator[int]:
    stack = [root]
    while stack:
        node = stack.pop()
        yield int(node.is_error or node.is_missing)
        stack.extend(child for child in node.children if child.has_error)
