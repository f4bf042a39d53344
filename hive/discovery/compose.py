"""Containers of Docker Compose and Swarm files."""

import re
from collections.abc import Iterator, Mapping
from posixpath import dirname, join, normpath
from typing import Any

from hive.discovery.deployment import Deployment, Setting
from hive.discovery.documents import line_of, mapping, sequence, text_of, yaml_documents
from hive.discovery.sources import Sources

_FILES = r"((docker-)?compose|docker-stack|stack)([._-].*)?\.ya?ml|.*[._-](docker-)?compose\.ya?ml"
_VARIABLE = re.compile(r"\$\{(\w+)(?::?[-?+]([^}]*))?\}|\$(\w+)")
_PORT = re.compile(r"(?:.*:)?(\d{2,5}):\d{2,5}(?:/\w+)?$")


def compose_deployments(sources: Sources) -> Iterator[Deployment]:
    """Every container of every compose file, in path order."""
    for path in sources.named(_FILES):
        variables = dotenv(sources.text(join(dirname(path), ".env")) or "")
        for document in yaml_documents(sources.text(path) or "")[:1]:
            for name, body in mapping(mapping(document).get("services")).items():
                if isinstance(body, dict):
                    yield _deployment(sources, path, variables, name, body)


def dotenv(text: str) -> dict[str, str]:
    """`NAME=value` lines; a value may use the names above it."""
    values: dict[str, str] = {}
    for line in text.splitlines():
        name, equals, value = line.removeprefix("export ").partition("=")
        if equals and re.fullmatch(r"\s*[A-Za-z_]\w*\s*", name):
            values[name.strip()] = expand(value.strip().strip("\"'"), values)[:1000]
    return values


def expand(text: str, variables: Mapping[str, str]) -> str:
    """The text with the known variables and defaults put in; unknown ones stay."""

    def known(found: re.Match[str]) -> str:
        name = found[1] or found[3]
        return variables.get(name) or found[2] or found[0]

    return _VARIABLE.sub(known, text)


def _deployment(
    sources: Sources, path: str, variables: dict[str, str], name: str, body: dict[str, Any]
) -> Deployment:
    folder, dockerfile = _build(sources, path, variables, body.get("build"))
    networks = [
        text_of(alias) for network in mapping(body.get("networks")).values() for alias in _aliases(network)
    ]
    hosts = [text_of(body.get("container_name")), text_of(body.get("hostname")), *networks]
    return Deployment(
        name=str(name),
        kind="compose",
        where=f"{path}:{line_of(name)}",
        folder=folder,
        dockerfile=dockerfile,
        image=expand(text_of(body.get("image")), variables),
        hosts=tuple(host for host in hosts if host),
        settings=tuple(_settings(sources, path, variables, body)),
        needs=tuple(_needs(path, body)),
        ports=tuple(_ports(variables, body)),
        command=_command(body),
    )


def _aliases(network: object) -> list[Any]:
    return sequence(mapping(network).get("aliases"))


def _build(
    sources: Sources, path: str, variables: dict[str, str], build: object
) -> tuple[str | None, str | None]:
    if isinstance(build, str):
        context, dockerfile = build, ""
    elif isinstance(build, dict):
        context, dockerfile = text_of(build.get("context")) or ".", text_of(build.get("dockerfile"))
    else:
        return None, None
    folder = normpath(join(dirname(path), expand(context, variables)))
    if folder != "." and folder not in sources.folders:
        return None, None
    wanted = normpath(join(folder, expand(dockerfile, variables) or "Dockerfile"))
    beside = normpath(join(dirname(path), expand(dockerfile, variables) or "Dockerfile"))
    found = next((file for file in (wanted, beside) if file in sources), None)
    return folder, found


def _settings(
    sources: Sources, path: str, variables: dict[str, str], body: dict[str, Any]
) -> Iterator[Setting]:
    environment = body.get("environment")
    for name, value in mapping(environment).items():
        yield Setting(name, expand(text_of(value), variables), f"{path}:{line_of(name)}")
    for entry in sequence(environment):
        name, equals, value = text_of(entry).partition("=")
        value = expand(value, variables) if equals else variables.get(name, "")
        yield Setting(name.strip(), value, f"{path}:{line_of(entry)}")
    listed = body.get("env_file")
    for entry in listed if isinstance(listed, list) else [listed]:
        file = normpath(join(dirname(path), text_of(mapping(entry).get("path")) or text_of(entry) or "."))
        for name, value in dotenv(sources.text(file) or "").items():
            yield Setting(name, value, f"{file}:1", shared=True)
    if command := _command(body):
        yield Setting("command", expand(command, variables), f"{path}:{line_of(body.get('command'))}")


def _command(body: dict[str, Any]) -> str:
    command = body.get("command")
    return text_of(command) or " ".join(text_of(part) for part in sequence(command))


def _needs(path: str, body: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for key in ("depends_on", "links"):
        listed = body.get(key)
        for entry in listed if isinstance(listed, list) else mapping(listed):
            if name := text_of(entry).partition(":")[0]:
                yield name, f"{path}:{line_of(entry)}"


def _ports(variables: dict[str, str], body: dict[str, Any]) -> Iterator[int]:
    for entry in sequence(body.get("ports")):
        published = text_of(mapping(entry).get("published"))
        found = _PORT.match(expand(text_of(entry), variables))
        if found or published.isdigit():
            yield int(found[1] if found else published[:6])
