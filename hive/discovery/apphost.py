"""Projects and references of a .NET Aspire application host."""

import re
from collections.abc import Iterator
from posixpath import basename, dirname

from hive.discovery.deployment import Deployment, Setting
from hive.discovery.names import compact
from hive.discovery.sources import Sources

_PROJECT = re.compile(
    r"(?:(?:var|IResourceBuilder<\w+>)\s+(?P<variable>\w+)\s*=\s*)?\w+\s*\.\s*"
    r"Add(?:Project\s*<\s*(?:Projects|[\w.]+)\.(?P<project>\w+)\s*>|(?:NpmApp|NodeApp|ViteApp|JavaScriptApp|PythonApp|"
    r"UvicornApp|Dockerfile|GolangApp|SpringApp|YarnApp|PnpmApp))\s*\(\s*\"(?P<name>[^\"]+)\"(?P<rest>[^;]{0,4000}?);",
    re.DOTALL,
)
_REFERENCE = re.compile(r"\.WithReference\(\s*(\w+)")
_ENVIRONMENT = re.compile(r"\.WithEnvironment\(\s*\"([^\"]+)\"\s*,\s*(\w+)")
_LATER = re.compile(r"^[ \t]*(\w+)\s*(?=\.With)(?P<rest>[^;]{0,4000}?);", re.MULTILINE | re.DOTALL)
_ENDPOINT = re.compile(r"var\s+(\w+)\s*=\s*(\w+)\s*\.\s*GetEndpoint\(")
_ARGUMENT = re.compile(r"^[ \t]*,\s*\"([^\"]+)\"")
_NOT_A_CALL = re.compile(r"(client|callback\w*|origins?|redirect\w*)$", re.IGNORECASE)


def apphost_deployments(sources: Sources) -> Iterator[Deployment]:
    """The projects that an application host starts, with the references that they get."""
    for path in sources.named(r"(Program|AppHost)\.cs|.*AppHost\w*\.cs"):
        text = sources.text(path) or ""
        if "DistributedApplication" in text:
            yield from _deployments(sources, path, text)


def _deployments(sources: Sources, path: str, text: str) -> Iterator[Deployment]:
    found = list(_PROJECT.finditer(text))
    named = {match["variable"]: match["name"] for match in found if match["variable"]}
    named |= {
        endpoint: named[variable] for endpoint, variable in _ENDPOINT.findall(text) if variable in named
    }
    later = [(match[1], match["rest"], match.start("rest")) for match in _LATER.finditer(text)]
    for match in found:
        parts = [(match["rest"], match.start("rest"))]
        parts += [(rest, at) for variable, rest, at in later if variable == match["variable"]]
        yield Deployment(
            name=match["name"],
            kind="apphost",
            where=f"{path}:{text.count(chr(10), 0, match.start('name')) + 1}",
            folder=_folder(sources, path, match["project"], match["rest"]),
            settings=tuple(
                setting for rest, at in parts for setting in _settings(path, text, rest, at, named)
            ),
        )


def _settings(path: str, text: str, rest: str, at: int, named: dict[str, str]) -> Iterator[Setting]:
    pairs = [("reference", match[1], match.start()) for match in _REFERENCE.finditer(rest)]
    pairs += [(match[1], match[2], match.start()) for match in _ENVIRONMENT.finditer(rest)]
    for name, variable, offset in pairs:
        if variable in named and not _NOT_A_CALL.search(name):
            line = text.count("\n", 0, at + offset) + 1
            yield Setting(name, f"http://{named[variable]}", f"{path}:{line}")


def _folder(sources: Sources, path: str, project: str | None, rest: str) -> str | None:
    if project:
        wanted = compact(project)
        for file in sources.named(r".*\.[cf]sproj"):
            if compact(basename(file).rpartition(".")[0]) == wanted:
                return dirname(file) or "."
        return None
    argument = _ARGUMENT.match(rest)
    relative = argument[1].replace("\\", "/").rstrip("/").rpartition("/")[2] if argument else ""
    above = dirname(dirname(path))
    candidate = f"{above}/{relative}".lstrip("/") if relative else ""
    return candidate if candidate in sources.folders else None
