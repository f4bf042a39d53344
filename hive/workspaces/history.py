"""The agent's own commits, kept without ever running git on its repository's configuration."""

import os
import re
import stat
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from hive.errors import HiveError
from hive.workspaces.folders import is_real_folder
from hive.workspaces.git import Git, make_bare
from hive.workspaces.layout import alternates_line

if TYPE_CHECKING:
    from hive.workspaces.store import ObjectStore

_OID = re.compile(rb"(?<![0-9a-f])[0-9a-f]{40}(?![0-9a-f])")
_SKIPPED = frozenset({"objects", "hooks", "index", "config", "info"})
_FILES, _BYTES, _TIPS = 2000, 1 << 20, 200
_TIMEOUT = 60.0


def keep(store: "ObjectStore", private: Path, name: str, known: Sequence[str]) -> tuple[tuple[str, ...], str]:
    """Fetch every commit that refs, reflogs or half-done operations of a private repository name.

    The tips that `known` commits do not contain get refs below `refs/hive/history/<name>/` in the store. Returns
    them, and a note when they could not be read: then the worktree's files are all that is kept.
    """
    candidates = sorted(set(_named(private)) - set(known))
    if not candidates:
        return (), ""
    borrowed = alternates_line(store.path / "objects")
    if (
        not is_real_folder(private / "objects")
        or _read(private / "objects" / "info" / "alternates") != borrowed
    ):
        return (), "the agent changed where its repository finds objects; its own commits were not read"
    try:
        return _fetch(store, private, name, candidates, known), ""
    except HiveError as error:
        return (), f"the agent's own commits could not be read: {error.message}"


def _fetch(
    store: "ObjectStore", private: Path, name: str, candidates: Sequence[str], known: Sequence[str]
) -> tuple[str, ...]:
    with tempfile.TemporaryDirectory(prefix="history-", dir=store.path / "hive") as scratch:
        between = make_bare(Path(scratch) / "repo.git")
        lines = alternates_line(private / "objects") + alternates_line(store.path / "objects")
        info = between.git_dir / "objects" / "info"
        info.mkdir(exist_ok=True)
        (info / "alternates").write_bytes(lines)
        tips = _tips(between, candidates, known)[:_TIPS]
        if tips:
            orders = "".join(f"create refs/tips/{tip} {tip}\n" for tip in tips)
            between.run("update-ref", "--stdin", stdin=orders.encode())
            store.git.run(
                "fetch", "--quiet", "--no-tags", "--no-write-fetch-head", "--no-auto-maintenance",
                "--end-of-options", str(between.git_dir), f"+refs/tips/*:refs/hive/history/{name}/*",
                settings={"fetch.fsckObjects": "true"}, timeout=_TIMEOUT,
            )  # fmt: skip
        return tuple(tips)


def _tips(git: Git, candidates: Sequence[str], known: Sequence[str]) -> list[str]:
    asked = "".join(f"{oid}\n" for oid in candidates).encode()
    answers = git.run("cat-file", "--batch-check=%(objectname) %(objecttype)", stdin=asked, timeout=_TIMEOUT)
    commits = [line.split()[0] for line in answers.stdout.decode().splitlines() if line.endswith(" commit")]
    asked = "".join(f"{oid}\n" for oid in [*commits, *(f"^{oid}" for oid in known)]).encode()
    listed = git.run("rev-list", "--parents", "--stdin", stdin=asked, timeout=_TIMEOUT).stdout.decode()
    lines = [line.split() for line in listed.splitlines()]
    parents = {parent for line in lines for parent in line[1:]}
    return [line[0] for line in lines if line[0] not in parents]


def _named(private: Path) -> Iterator[str]:
    """Object ids in the small plain files of a repository, read as text: no link is followed, no pipe opened."""
    seen = 0
    for folder, folders, files in os.walk(private):
        folders[:] = [name for name in folders if name not in _SKIPPED]
        for file in files:
            if file not in _SKIPPED and seen < _FILES:
                seen += 1
                yield from (oid.decode() for oid in _OID.findall(_read(Path(folder) / file)))


def _read(file: Path) -> bytes:
    try:
        opened = os.open(file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return b""
    with os.fdopen(opened, "rb") as content:
        return content.read(_BYTES) if stat.S_ISREG(os.fstat(opened).st_mode) else b""
