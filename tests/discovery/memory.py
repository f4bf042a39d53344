"""A tree in memory, and questions that the tests ask of its graph."""

from collections.abc import Mapping
from textwrap import dedent

from hive.discovery import discover
from hive.model import Graph


class MemoryTree:
    """A `Tree` of given files; counts how often each is read."""

    def __init__(self, files: Mapping[str, str | bytes]) -> None:
        """Takes contents by path; text is dedented."""
        self._files = {
            path: content if isinstance(content, bytes) else dedent(content).lstrip("\n").encode()
            for path, content in files.items()
        }
        self.reads: dict[str, int] = {}

    def paths(self) -> list[str]:
        """Every path, sorted."""
        return sorted(self._files)

    def read(self, path: str) -> bytes:
        """A file's content."""
        self.reads[path] = self.reads.get(path, 0) + 1
        return self._files[path]


def discovered(files: Mapping[str, str | bytes]) -> Graph:
    """The graph of these files."""
    return discover(MemoryTree(files))


def services(graph: Graph) -> dict[str, str]:
    """Paths of the services by their names."""
    return {service.name: service.path for service in graph.services}


def calls(graph: Graph) -> set[tuple[str, str]]:
    """Who calls whom."""
    return {(edge.source, edge.target) for edge in graph.edges}


def events(graph: Graph) -> set[tuple[str, str]]:
    """Who publishes to whom."""
    return {(edge.source, edge.target) for edge in graph.event_edges}


def node(name: str, *dependencies: str, test: str | None = None) -> str:
    """A package.json that starts something."""
    listed = ", ".join(f'"{dependency}": "1"' for dependency in dependencies or ("express",))
    script = f', "test": "{test}"' if test else ""
    return f'{{"name": "{name}", "scripts": {{"start": "node ."{script}}}, "dependencies": {{{listed}}}}}'


PYTHON_IMAGE = 'FROM python:3.12\nCOPY . .\nCMD ["python", "app.py"]\n'
