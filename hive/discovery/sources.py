"""The files of a tree that can matter for discovery, each read at most once."""

import re
from bisect import bisect_left
from collections.abc import Iterator
from posixpath import basename, dirname, splitext

from hive.ports import Tree
from hive.text import decode

SIZE_LIMIT = 1 << 20
_SKIPPED_FOLDERS = frozenset(
    {
        "node_modules",
        "bower_components",
        "jspm_packages",
        "__pycache__",
        "site-packages",
        "venv",
        ".venv",
        ".tox",
    }
    | {
        "dist",
        "build",
        "target",
        "out",
        "obj",
        "bin",
        ".next",
        ".nuxt",
        ".output",
        "coverage",
        ".git",
        ".svn",
        ".hg",
    }
    | {
        ".idea",
        ".vscode",
        ".gradle",
        ".terraform",
        ".yarn",
        ".pnpm-store",
        "third_party",
        "thirdparty",
        "pods",
        ".dart_tool",
    }
)
_VENDORED = "vendor"
_LOCKS = frozenset(
    {
        "package-lock.json",
        "npm-shrinkwrap.json",
        "yarn.lock",
        "pnpm-lock.yaml",
        "poetry.lock",
        "uv.lock",
        "cargo.lock",
    }
    | {
        "go.sum",
        "go.work.sum",
        "gemfile.lock",
        "composer.lock",
        "pipfile.lock",
        "packages.lock.json",
        "mix.lock",
        "bun.lock",
    }
)
_MINIFIED = re.compile(r"([.-]min\.(js|css|mjs)|\.bundle\.js|\.map|\.chunk\.js|\.d\.ts|\.snap)$")
CODE = {
    ".py": "python",
    ".go": "go",
    ".java": "java",
    ".kt": "kotlin",
    ".scala": "scala",
    ".groovy": "groovy",
    ".cs": "csharp",
    ".razor": "csharp",
    ".cshtml": "csharp",
    ".fs": "fsharp",
    ".ts": "typescript",
    ".tsx": "typescript",
    ".js": "javascript",
    ".jsx": "javascript",
    ".mjs": "javascript",
    ".cjs": "javascript",
    ".vue": "javascript",
    ".svelte": "javascript",
    ".php": "php",
    ".rb": "ruby",
    ".rs": "rust",
    ".ex": "elixir",
    ".exs": "elixir",
    ".cpp": "cpp",
    ".cc": "cpp",
    ".c": "c",
    ".dart": "dart",
    ".swift": "swift",
}
"""Languages by the suffix of their files."""
_SETTINGS = frozenset(
    {
        ".yml",
        ".yaml",
        ".json",
        ".toml",
        ".properties",
        ".conf",
        ".cfg",
        ".ini",
        ".env",
        ".template",
        ".tmpl",
        ".tpl",
    }
    | {".config", ".xml", ".html"}
)
_NAMED_SETTINGS = re.compile(
    r"^(\.env.*|.*\.env\..*|Caddyfile.*|nginx.*|.*\.conf\..*|Procfile|Dockerfile.*|.*\.Dockerfile)$"
)


class Sources:
    """An index of a tree's files; reading never raises."""

    def __init__(self, tree: Tree) -> None:
        self._tree = tree
        everything = sorted(path for path in tree.paths() if _is_plain(path))
        vendored = _vendor_folders(everything)
        self.paths: tuple[str, ...] = tuple(path for path in everything if not _is_skipped(path, vendored))
        self._known = frozenset(self.paths)
        self._everything = frozenset(everything)
        self.folders: frozenset[str] = frozenset(folder for path in self.paths for folder in parents(path))
        self._by_name: dict[str, list[str]] = {}
        for path in self.paths:
            self._by_name.setdefault(basename(path), []).append(path)
        self._matched: dict[str, tuple[str, ...]] = {}
        self._kept: dict[str, str | None] = {}

    def __contains__(self, path: str) -> bool:
        return path in self._known

    def exists(self, path: str) -> bool:
        """Whether the tree has a file, even one that discovery does not read, such as a lock file."""
        return path in self._everything

    def named(self, pattern: str) -> tuple[str, ...]:
        """Paths whose last part matches the whole pattern, whatever the case, in path order."""
        if pattern not in self._matched:
            wanted = re.compile(pattern, re.IGNORECASE)
            names = (name for name in self._by_name if wanted.fullmatch(name))
            self._matched[pattern] = tuple(sorted(path for name in names for path in self._by_name[name]))
        return self._matched[pattern]

    def below(self, folder: str) -> tuple[str, ...]:
        """The paths below a folder."""
        if folder == ".":
            return self.paths
        start = bisect_left(self.paths, folder + "/")
        return self.paths[start : bisect_left(self.paths, folder + "0")]

    def raw(self, path: str) -> bytes | None:
        """A file's bytes; None when it is missing, huge or binary."""
        if path not in self._known:
            return None
        try:
            raw = self._tree.read(path)
        except (KeyError, OSError, ValueError):
            return None
        return None if len(raw) > SIZE_LIMIT or b"\0" in raw[:8192] else raw

    def text(self, path: str) -> str | None:
        """A manifest's or setting's text, kept for the next question; None as for `raw`."""
        if path not in self._kept:
            raw = self.raw(path)
            self._kept[path] = None if raw is None else decode(raw).lstrip("\ufeff")
        return self._kept[path]

    def once(self, path: str) -> str | None:
        """A source file's text, not kept."""
        if path in self._kept:
            return self._kept[path]
        raw = self.raw(path)
        return None if raw is None else decode(raw)

    def scannable(self) -> Iterator[str]:
        """Source code and settings, where one service may speak of another."""
        for path in self.paths:
            name = basename(path)
            suffix = splitext(name)[1].lower()
            if suffix in CODE or suffix in _SETTINGS or _NAMED_SETTINGS.match(name):
                yield path


def parents(path: str) -> Iterator[str]:
    """The folders above a path, nearest first, `.` last."""
    folder = dirname(path)
    while folder:
        yield folder
        folder = dirname(folder)
    yield "."


def inside(path: str, folder: str) -> bool:
    """Whether a path is the folder or below it."""
    return folder == "." or path == folder or path.startswith(folder + "/")


def language_of(path: str) -> str | None:
    """The language of a source file."""
    return CODE.get(splitext(path)[1].lower())


def _is_plain(path: str) -> bool:
    """Names that cannot be shown, sent or stored as UTF-8 are nobody's manifest."""
    return (path.isprintable() and path.isascii()) or _encodes(path)


def _encodes(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return path.isprintable()


def _vendor_folders(paths: list[str]) -> frozenset[str]:
    """`vendor` folders that a package manager filled; any other one may be a service."""
    marks = ("vendor/modules.txt", "vendor/autoload.php")
    by_mark = {dirname(path) for path in paths if path.endswith(marks)}
    beside = {dirname(path) for path in paths if basename(path) in ("go.mod", "composer.json", "Gemfile")}
    return frozenset(by_mark | {f"{folder}/{_VENDORED}" if folder else _VENDORED for folder in beside})


def _is_skipped(path: str, vendored: frozenset[str]) -> bool:
    segments = path.split("/")
    if any(segment.lower() in _SKIPPED_FOLDERS for segment in segments[:-1]):
        return True
    if _VENDORED in segments[:-1] and any(folder in vendored for folder in parents(path)):
        return True
    name = segments[-1].lower()
    return name in _LOCKS or bool(_MINIFIED.search(name))
