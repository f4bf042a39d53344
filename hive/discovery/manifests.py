"""Reads the build files of a tree."""

import re
from collections.abc import Callable, Iterator
from posixpath import basename, dirname
from typing import Any

from hive.discovery.documents import (
    json_value,
    mapping,
    sequence,
    text_of,
    toml_value,
    xml_root,
    yaml_documents,
)
from hive.discovery.jvm import read_gradle, read_maven
from hive.discovery.manifest import Manifest, Runs
from hive.discovery.sources import Sources

_NODE_SERVERS = frozenset(
    {
        "express",
        "fastify",
        "koa",
        "restify",
        "hapi",
        "@hapi/hapi",
        "@nestjs/core",
        "moleculer",
        "next",
        "nuxt",
        "hono",
    }
    | {
        "apollo-server",
        "@apollo/server",
        "apollo-server-express",
        "@grpc/grpc-js",
        "grpc",
        "seneca",
        "polka",
        "micro",
    }
    | {
        "@angular/core",
        "react-scripts",
        "@vue/cli-service",
        "gatsby",
        "@remix-run/node",
        "@sveltejs/kit",
        "astro",
        "sails",
    }
    | {
        "graphql-yoga",
        "@feathersjs/feathers",
        "@adonisjs/core",
        "egg",
        "kafkajs",
        "amqplib",
        "bullmq",
        "loopback",
        "vite",
    }
)
_NODE_MOBILE = frozenset({"react-native", "expo", "electron", "@ionic/angular", "@ionic/react"})
_STARTS = frozenset({"start", "dev", "serve", "start:dev", "start:prod"})
_PLACEHOLDER_TEST = re.compile(r"no tests? specified|^[ \t]*(exit 0|true|:)\s*$|^[ \t]*echo\b[^&|;]*$")
_PYTHON_NEED = re.compile(r"^[ \t]*([A-Za-z0-9][\w.-]*)")
_SETUP_NAME = re.compile(r"\bname\s*=\s*[\"']([\w.-]+)[\"']")


def manifests(sources: Sources) -> Iterator[Manifest]:
    """Every build file that could be read, in path order."""
    readers: tuple[tuple[str, Callable[[str, str], Manifest | None]], ...] = (
        (r"package\.json", _node),
        (r"pom\.xml", read_maven),
        (r"build\.gradle(\.kts)?", read_gradle),
        (r"go\.mod", _go),
        (r"pyproject\.toml", _pyproject),
        (r"(requirements([\w.-]*)\.(txt|in)|setup\.py|setup\.cfg|Pipfile)", _python),
        (r".*\.[cf]sproj", _dotnet),
        (r"Cargo\.toml", _rust),
        (r"composer\.json", _php),
        (r"Gemfile", _ruby),
        (r"mix\.exs", _elixir),
    )
    for pattern, read in readers:
        for path in sources.named(pattern):
            text = sources.text(path)
            found = read(path, text) if text is not None else None
            if found:
                yield found


def workspace_members(sources: Sources) -> dict[str, tuple[str, ...]]:
    """Members that workspace files beside the manifests name, by the folder of the file."""
    found: dict[str, tuple[str, ...]] = {}
    for path in sources.named(r"pnpm-workspace\.ya?ml"):
        document = next(iter(yaml_documents(sources.text(path) or "")), None)
        found[dirname(path) or "."] = tuple(
            text_of(entry) for entry in sequence(mapping(document).get("packages"))
        )
    for path in sources.named(r"settings\.gradle(\.kts)?"):
        included = re.findall(r"include\w*\s*\(?((?:\s*[\"'][^\"'\n]+[\"']\s*,?)+)", sources.text(path) or "")
        names = [name for group in included for name in re.findall(r"[\"']:?([^\"']+)[\"']", group)]
        found[dirname(path) or "."] = tuple(name.replace(":", "/") for name in names)
    for path in sources.named(r"go\.work"):
        uses = re.findall(r"^[ \t]*(?:use\s+)?\(?\s*(\.{1,2}/\S*)", sources.text(path) or "", re.MULTILINE)
        found[dirname(path) or "."] = tuple(uses)
    return found


def _folder(path: str) -> str:
    return dirname(path) or "."


def _named(path: str, name: str) -> str:
    return name or basename(dirname(path)) or "root"


def _node(path: str, text: str) -> Manifest | None:
    document = mapping(json_value(text))
    if not document:
        return None
    needs = frozenset(
        name
        for key in ("dependencies", "devDependencies", "peerDependencies")
        for name in mapping(document.get(key))
    )
    scripts = mapping(document.get("scripts"))
    workspaces = document.get("workspaces")
    listed = (
        sequence(mapping(workspaces).get("packages"))
        if isinstance(workspaces, dict)
        else sequence(workspaces)
    )
    runs: Runs = "unclear"
    if not needs.isdisjoint(_NODE_MOBILE) or listed:
        runs = "library"
    elif not needs.isdisjoint(_NODE_SERVERS) and not _STARTS.isdisjoint(scripts):
        runs = "server"
    elif _STARTS.isdisjoint(scripts) and ("exports" in document or "types" in document):
        runs = "library"
    test = text_of(scripts.get("test"))
    return Manifest(
        path,
        _folder(path),
        "node",
        _named(path, text_of(document.get("name"))),
        runs,
        needs,
        tuple(text_of(entry) for entry in listed if entry),
        test if test and not _PLACEHOLDER_TEST.search(test) else None,
        frozenset({text_of(document.get("packageManager")).partition("@")[0]} - {""}),
    )


def _go(path: str, text: str) -> Manifest | None:
    module = re.search(r"^module\s+(\S+)", text, re.MULTILINE)
    return Manifest(path, _folder(path), "go", module[1] if module else _named(path, ""))


def _pyproject(path: str, text: str) -> Manifest | None:
    document = toml_value(text)
    project, tool = mapping(document.get("project")), mapping(document.get("tool"))
    poetry = mapping(tool.get("poetry"))
    groups = mapping(document.get("dependency-groups")).values()
    listed = [entry for group in (project.get("dependencies"), *groups) for entry in sequence(group)]
    needs = {found[1].lower() for entry in listed if (found := _PYTHON_NEED.match(text_of(entry)))}
    needs |= {name.lower() for name in mapping(poetry.get("dependencies"))}
    members = sequence(mapping(mapping(tool.get("uv")).get("workspace")).get("members"))
    marks = {name for name in ("pytest", "poetry", "uv") if name in tool or name in text}
    return Manifest(
        path,
        _folder(path),
        "python",
        _named(path, text_of(project.get("name")) or text_of(poetry.get("name"))),
        "library" if members and not project else "unclear",
        frozenset(needs),
        tuple(text_of(entry) for entry in members),
        marks=frozenset(marks if project or poetry else marks | {"tools only"}),
    )


def _python(path: str, text: str) -> Manifest | None:
    if basename(path).startswith("requirements") and re.search(r"(dev|test|doc|lint)", basename(path)):
        return None
    lines = [found[1].lower() for line in text.splitlines() if (found := _PYTHON_NEED.match(line))]
    named = _SETUP_NAME.search(text) if basename(path).startswith("setup") else None
    marks = frozenset({"pytest"} if "pytest" in text else ())
    return Manifest(
        path,
        _folder(path),
        "python",
        _named(path, named[1] if named else ""),
        needs=frozenset(lines),
        marks=marks,
    )


def _dotnet(path: str, text: str) -> Manifest | None:
    root = xml_root(text)
    if root is None:
        return None
    sdk = root.get("Sdk") or ""
    references = [element.get("Include") or "" for element in root.iter("ProjectReference")]
    packages = [element.get("Include") or "" for element in root.iter("PackageReference")]
    values: dict[str, str] = {
        element.tag: (element.text or "").strip() for element in root.iter() if element.tag
    }
    is_test = "Microsoft.NET.Test.Sdk" in packages or values.get("IsTestProject", "").lower() == "true"
    runs: Runs = "library"
    if (
        is_test
        or values.get("UseMaui", "").lower() == "true"
        or values.get("IsAspireHost", "").lower() == "true"
    ):
        runs = "library"
    elif sdk.startswith(("Microsoft.NET.Sdk.Web", "Microsoft.NET.Sdk.Worker", "Microsoft.NET.Sdk.Blazor")):
        runs = "server"
    elif values.get("OutputType", "").lower() == "exe" and "Aspire" not in text:
        runs = "unclear"
    return Manifest(
        path,
        _folder(path),
        "dotnet",
        basename(path).rpartition(".")[0],
        runs,
        frozenset(basename(reference.replace("\\", "/")).rpartition(".")[0] for reference in references),
        test="dotnet test" if is_test else None,
    )


def _rust(path: str, text: str) -> Manifest | None:
    document = toml_value(text)
    package = mapping(document.get("package"))
    members = sequence(mapping(document.get("workspace")).get("members"))
    needs = frozenset(mapping(document.get("dependencies")))
    runs: Runs = "unclear" if package and not ("lib" in document and "bin" not in document) else "library"
    members_named = tuple(text_of(entry) for entry in members)
    return Manifest(
        path, _folder(path), "rust", _named(path, text_of(package.get("name"))), runs, needs, members_named
    )


def _php(path: str, text: str) -> Manifest | None:
    document = mapping(json_value(text))
    needs = frozenset(mapping(document.get("require"))) | frozenset(mapping(document.get("require-dev")))
    runs: Runs = "library" if document.get("type") in ("library", "composer-plugin") else "unclear"
    if any(
        name.startswith(("laravel/", "symfony/framework", "slim/", "hyperf/", "silex/")) for name in needs
    ):
        runs = "server"
    script: Any = mapping(document.get("scripts")).get("test")
    marks = frozenset({"phpunit"} if any(name.startswith("phpunit/") for name in needs) else ())
    name = _named(path, text_of(document.get("name")))
    return Manifest(
        path, _folder(path), "php", name, runs, needs, test="composer test" if script else None, marks=marks
    )


def _ruby(path: str, text: str) -> Manifest | None:
    needs = frozenset(re.findall(r"^[ \t]*gem\s+[\"']([\w-]+)", text, re.MULTILINE))
    servers = {"rails", "sinatra", "puma", "grape", "hanami", "roda", "grpc"}
    runs: Runs = "library" if "gemspec" in text else "unclear" if servers.isdisjoint(needs) else "server"
    return Manifest(path, _folder(path), "ruby", _named(path, ""), runs, needs)


def _elixir(path: str, text: str) -> Manifest | None:
    app = re.search(r"app:\s*:(\w+)", text)
    runs: Runs = "server" if re.search(r":(phoenix|plug_cowboy|grpc|bandit)\b", text) else "unclear"
    return Manifest(path, _folder(path), "elixir", _named(path, app[1] if app else ""), runs)
