"""What Dockerfiles say: what an image is based on, which folders go into it, which defaults it sets."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from posixpath import basename, dirname, normpath

from hive.discovery.deployment import Setting
from hive.discovery.roles import is_infrastructure, is_test_path, is_web_server
from hive.discovery.sources import Sources

FILES = r"(Dockerfile|Containerfile)([._-].*)?|.*[._-]Dockerfile"
_FROM = re.compile(r"^[ \t]*FROM\s+(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?", re.IGNORECASE | re.MULTILINE)
_ENV = re.compile(r"^[ \t]*ENV\s+([A-Za-z_]\w*)[ =]\s*\"?([^\s\"\\]+)", re.IGNORECASE | re.MULTILINE)
_MORE_ENV = re.compile(r"^[ \t]+([A-Z_][A-Z0-9_]*)=\"?([^\s\"\\]+)\"?\s*\\?$", re.MULTILINE)
_ENTRY = re.compile(r"^[ \t]*(CMD|ENTRYPOINT)\b", re.IGNORECASE | re.MULTILINE)
_PATHS = re.compile(r"[A-Za-z0-9_@.][\w@.-]*(?:/[\w@.-]+)+/?|--filter[= ]\S+|\b[\w-]+\b")


@dataclass(frozen=True)
class Dockerfile:
    """One Dockerfile."""

    path: str
    folder: str
    base: str
    """What the last stage is based on, followed through the file's own stages."""
    stages: int
    starts: bool
    """Whether it says what to run."""
    settings: tuple[Setting, ...]
    words: frozenset[str]
    """Paths and words of its instructions, to find the code that goes into it."""

    @property
    def infrastructure(self) -> bool:
        """Whether it only dresses up a database, a broker or the like."""
        return is_infrastructure(self.base) and not is_web_server(self.base)

    @property
    def web_server(self) -> bool:
        """Whether a web server or proxy carries it."""
        return is_web_server(self.base)


def dockerfiles(sources: Sources) -> Iterator[Dockerfile]:
    """Every Dockerfile outside tests."""
    for path in sources.named(FILES):
        text = sources.text(path)
        if text and not is_test_path(path) and not basename(path).endswith(".dockerignore"):
            found = _parse(path, text)
            if found:
                yield found


def _parse(path: str, text: str) -> Dockerfile | None:
    stages = _FROM.findall(text)
    if not stages:
        return None
    named = {name.lower(): image for image, name in stages if name}
    base = stages[-1][0]
    for _ in range(len(stages)):
        base = named.get(base.lower(), base)
    settings = [
        Setting(match[1], match[2], f"{path}:{text.count(chr(10), 0, match.start(1)) + 1}")
        for pattern in (_ENV, _MORE_ENV)
        for match in pattern.finditer(text)
    ]
    return Dockerfile(
        path=path,
        folder=dirname(path) or ".",
        base=base,
        stages=len(stages),
        starts=bool(_ENTRY.search(text)),
        settings=tuple(settings),
        words=frozenset(normpath(word) for word in _PATHS.findall(text) if len(word) < 200),
    )
