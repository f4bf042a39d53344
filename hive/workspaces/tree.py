"""The files of a commit or of a folder, as discovery and planning read them."""

import os
import stat
from collections import Counter, OrderedDict
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Lock

from hive.workspaces.diff import contents
from hive.workspaces.git import Git
from hive.workspaces.store import ObjectStore

FILE_LIMIT = 4 << 20
"""Bytes of a file above which it is not part of a tree: nothing that hive reads by itself is that large."""
_CACHE_BYTES = 64 << 20
_AHEAD_BYTES = 4 << 20
_AHEAD_FILES = 256
_SKIPPED = frozenset({".git", "node_modules"})


class GitTree:
    """The regular files of one commit; links and submodules are left out. Safe to use from several threads."""

    def __init__(self, source: ObjectStore | Git, commit: str) -> None:
        self._git = source if isinstance(source, Git) else source.git
        listed = self._git.fields("ls-tree", "-r", "-z", "-l", "--full-tree", "--end-of-options", commit)
        files = (_file(line) for line in listed)
        self._files = {path: (oid, size) for path, oid, size in sorted(f for f in files if f is not None)}
        self._order = list(self._files)
        self._place = {path: at for at, path in enumerate(self._order)}
        self._misses: Counter[str] = Counter()
        self._cache: OrderedDict[str, bytes] = OrderedDict()
        self._cached = 0
        self._lock = Lock()

    def paths(self) -> Sequence[str]:
        """Every regular file up to `FILE_LIMIT`, sorted."""
        return self._order

    def __contains__(self, path: object) -> bool:
        return path in self._files

    def oid(self, path: str) -> str:
        """The object id of a file's content: equal ids, equal bytes. KeyError when there is no such file."""
        return self._files[path][0]

    def read(self, path: str) -> bytes:
        """A file's content; KeyError when there is none."""
        oid, _ = self._files[path]
        with self._lock:
            if oid not in self._cache:
                self._load(self._ahead(path))
            self._cache.move_to_end(oid)
            return self._cache[oid]

    def _ahead(self, path: str) -> list[str]:
        """The file, and after repeated misses more and more of its kind that follow it: one git call reads all."""
        suffix = os.path.splitext(path)[1]  # noqa: PTH122 - a plain string, many times
        count = min(2 ** self._misses[suffix], _AHEAD_FILES)
        self._misses[suffix] += 1
        wanted, total = [self._files[path][0]], 0
        for other in self._order[self._place[path] + 1 :]:
            oid, size = self._files[other]
            if len(wanted) >= count or total + size > _AHEAD_BYTES:
                break
            if other.endswith(suffix) and oid not in self._cache:
                wanted.append(oid)
                total += size
        return wanted

    def _load(self, oids: list[str]) -> None:
        for oid, content in reversed(contents(self._git, oids).items()):
            self._cache[oid] = content
            self._cached += len(content)
        while self._cached > _CACHE_BYTES and len(self._cache) > 1:
            _, dropped = self._cache.popitem(last=False)
            self._cached -= len(dropped)


def _file(line: str) -> tuple[str, str, int] | None:
    """A line of `ls-tree -l`; the size of what a partial clone lacks is no number."""
    facts, path = line.split("\t", 1)
    mode, kind, oid, size = facts.split()
    if kind != "blob" or mode == "120000" or not size.isdigit() or int(size) > FILE_LIMIT:
        return None
    return path, oid, int(size)


class FolderTree:
    """The regular files of a folder on disk, without `.git` and `node_modules`; links are not followed."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._paths = sorted(_walk(os.fspath(root), ""))
        self._known = frozenset(self._paths)

    def paths(self) -> Sequence[str]:
        """Every regular file up to `FILE_LIMIT` that was there when the tree was made, sorted."""
        return self._paths

    def read(self, path: str) -> bytes:
        """A file's content; KeyError when there is none, or when a link stands in the way now."""
        if path not in self._known:
            raise KeyError(path)
        try:
            return _read_beneath(self.root, path)
        except OSError as error:
            raise KeyError(path) from error


def _walk(folder: str, prefix: str) -> Iterator[str]:
    try:
        found = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return
    for entry in found:
        if entry.name in _SKIPPED:
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(entry.path, f"{prefix}{entry.name}/")
        elif entry.is_file(follow_symlinks=False) and entry.stat(follow_symlinks=False).st_size <= FILE_LIMIT:
            yield prefix + entry.name


def _read_beneath(root: Path, path: str) -> bytes:
    """Read a file, opening each folder on the way without following links."""
    *folders, name = path.split("/")
    place = os.open(root, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for folder in folders:
            below = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=place)
            os.close(place)
            place = below
        opened = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=place)
    finally:
        os.close(place)
    with os.fdopen(opened, "rb") as file:
        if not stat.S_ISREG(os.fstat(opened).st_mode):
            raise OSError(f"{path!r} is not a regular file")
        return file.read(FILE_LIMIT)
