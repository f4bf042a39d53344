"""A service's files: which ones are read, and how they are written back."""

import contextlib
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from hive.agents.propagate.carriers import LARGEST
from hive.agents.propagate.grammars import language_of
from hive.agents.propagate.naming import listed
from hive.errors import HiveError
from hive.text import one_line

SKIPPED_FOLDERS = listed(
    "node_modules bower_components vendor third_party dist build target venv env site-packages __pycache__ obj"
    " coverage"
)
MOST_FILES = 50_000
DEEPEST = 40
_LOCKS = listed("package-lock.json npm-shrinkwrap.json pnpm-lock.yaml composer.lock packages.lock.json")
_MARKED_BY = re.compile(
    r"(?:generated|produced) by:? (?:the )?([\w./ -]{2,60}?)(?:\.\s|[,;\"]|$| DO NOT| at )", re.I | re.M
)
_GENERATOR_NAME = re.compile(
    r"(gen|generate|regenerate|regen|codegen|protogen)[-_.]?(protos?|grpc|stubs?|clients?|code|api|sources?|models?)?"
    r"\.(sh|py|js|mjs|ps1)|buf\.gen\.yaml"
)
_CONTRACT = re.compile(
    rb"^\s*[{]?\s*[\"']?(openapi|swagger|asyncapi|\$schema)[\"']?\s*:", re.MULTILINE | re.IGNORECASE
)


_SCHEMA = re.compile(
    rb"\s*\{\s*(\"(title|description|\$id|id|javaType)\"\s*:\s*\"[^\"]*\"\s*,\s*)*\"(type\"\s*:\s*\"object|properties\"\s*:)"
)


class Found(NamedTuple):
    """A file that may carry the entity."""

    path: str
    """Relative to the repository, posix."""
    language: str
    raw: bytes


def service_folder(workspace: Path, path: str) -> Path:
    """The folder of a service. Raises HiveError when it is missing or not inside the workspace."""
    folder = (workspace / path).resolve()
    if not folder.is_relative_to(workspace.resolve()) or not folder.is_dir():
        raise HiveError(
            f"the service's folder {path!r} is not a folder inside the workspace",
            next_step="correct the service's path in hive.toml",
        )
    return folder


def names(folder: Path) -> Iterator[Path]:
    """Every regular file below a folder, sorted; neither links nor dependencies nor hidden folders are entered."""
    count = 0
    for root, folders, files in os.walk(folder, followlinks=False):
        here = Path(root)
        deep = len(here.relative_to(folder).parts) >= DEEPEST
        folders[:] = (
            [] if deep else sorted(f for f in folders if f not in SKIPPED_FOLDERS and not f.startswith("."))
        )
        for name in sorted(files):
            count += 1
            if count > MOST_FILES:
                return
            yield here / name


def siblings(folder: Path) -> list[Path]:
    """The regular files of one folder, sorted."""
    return sorted(file for file in folder.iterdir() if file.is_file() and not file.is_symlink())


def read(file: Path, workspace: Path) -> Found | None:
    """A file's content where it is source of a known language and of a size that people write."""
    language = language_of(file.name)
    if language is None or file.name in _LOCKS:
        return None
    try:
        if not stat.S_ISREG(file.lstat().st_mode) or file.lstat().st_size > LARGEST:
            return None
        raw = file.read_bytes()
    except OSError:
        return None
    if b"\0" in raw:
        return None
    return Found(file.relative_to(workspace).as_posix(), language, raw)


def is_contract(found: Found) -> bool:
    """Whether a file is an interface description: those change in the contract commit, not here."""
    if found.language not in ("json", "yaml"):
        return False
    return bool(_CONTRACT.search(found.raw[:2048]) or _SCHEMA.match(found.raw[:2048]))


def generator(file: Path, raw: bytes, folder: Path) -> str:
    """What writes a generated file, in words: the nearest script of the service, else what the file's head says."""
    scripts = [script for script in names(folder) if _GENERATOR_NAME.fullmatch(script.name)]
    if scripts:
        nearest = max(scripts, key=lambda script: _shared(script, file))
        return f"run {nearest.relative_to(folder).as_posix()} of the service to write it anew"
    said = _MARKED_BY.search(raw[:2048].decode("utf-8", "replace"))
    return f"{one_line(said.group(1))} has to write it anew" if said else "its generator has to write it anew"


def _shared(script: Path, file: Path) -> int:
    """How many folders two files have in common."""
    return len([1 for ours, theirs in zip(script.parts, file.parts, strict=False) if ours == theirs])


def write(file: Path, raw: bytes) -> None:
    """Replace a file's content in one step, keeping its mode; makes the file where there is none."""
    mode = stat.S_IMODE(file.lstat().st_mode) if file.exists() else 0o644
    temporary = file.with_name(f".{file.name}.hive-new")
    try:
        temporary.unlink(missing_ok=True)  # a turn that was killed may have left its own
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(raw)
        temporary.chmod(mode)
        temporary.replace(file)
    except OSError as error:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise HiveError(
            f"cannot write {file.name!r}: {error.strerror or error}",
            next_step="see whether the workspace's disk is full or read-only",
        ) from error


def is_test(path: str) -> bool:
    """Whether a file is a test, by the usual names."""
    parts = PurePosixPath(path).parts
    name = parts[-1].lower()
    folder = any(part.lower() in ("test", "tests", "__tests__", "spec") for part in parts[:-1])
    return folder or bool(re.search(r"(^test_|_test\.|\.test\.|\.spec\.|tests?\.(java|cs)$)", name))
