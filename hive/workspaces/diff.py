"""What changed between two commits: names and numbers, bounded text, and a digest that an approval carries."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from hive.model import FileStat, digest
from hive.text import decode
from hive.workspaces.git import NO_OID, Git, split_fields
from hive.workspaces.names import shown

Status = Literal["added", "modified", "deleted", "renamed", "type_changed"]
_STATUS: dict[str, Status] = {
    "A": "added",
    "M": "modified",
    "D": "deleted",
    "R": "renamed",
    "C": "added",
    "T": "type_changed",
}
TEXT_LIMIT = 4 << 20
"""Bytes of diff text that are shown at most."""
_FILE_LIMIT = 1 << 20
"""Bytes of a file above which its diff is not shown."""
_CHUNK = 200
CONTENT_LIMIT = 1 << 20
"""Bytes of a file that the scope guard looks into."""
_CONTENT_TOTAL = 64 << 20


class Changed(NamedTuple):
    """One changed path, with all that the scope guard needs to judge it."""

    path: str
    """With `surrogateescape` for what is not UTF-8."""
    status: Status
    old_mode: str
    new_mode: str
    """`100644`, `100755`, `120000` (symbolic link), `160000` (submodule), `000000` (none)."""
    old: str
    new: str
    size: int = 0
    """Bytes of the new file."""
    before: bytes | None = None
    after: bytes | None = None
    """Content, or the target of a symbolic link; none when absent or above the limit."""


def raw(git: Git, old: str, new: str) -> bytes:
    """The raw diff: modes, object ids and paths; no text, no renames, the same for equal trees."""
    return git.run(
        "diff-tree", "-r", "-z", "--raw", "--no-abbrev", "--no-renames", "--end-of-options", old, new
    ).stdout


def diff_digest(git: Git, old: str, new: str) -> str:
    """A hash over modes, object ids and paths of the difference."""
    return digest(raw(git, old, new))


def parse_raw(output: bytes) -> Iterator[Changed]:
    """The records of a raw diff without renames."""
    fields = split_fields(output)
    for facts, path in zip(fields[::2], fields[1::2], strict=True):
        old_mode, new_mode, old, new, letter = facts[1:].split(" ")
        yield Changed(path, _STATUS[letter[0]], old_mode, new_mode, old, new)


def sizes(git: Git, oids: Sequence[str]) -> dict[str, int]:
    """Bytes of each object; -1 for one that is missing."""
    asked = "".join(f"{oid}\n" for oid in oids).encode()
    lines = (
        git.run("cat-file", "--batch-check=%(objectname) %(objectsize)", stdin=asked)
        .stdout.decode()
        .splitlines()
    )
    found = (line.split(" ") for line in lines)
    return {oid: int(size) if size.isdigit() else -1 for oid, size in found}


def contents(git: Git, oids: Iterable[str]) -> dict[str, bytes]:
    """The bytes of blobs; the caller has looked at their sizes. Missing ones are left out."""
    asked = "".join(f"{oid}\n" for oid in dict.fromkeys(oids)).encode()
    output = git.run("cat-file", "--batch", stdin=asked).stdout if asked else b""
    found, at = {}, 0
    while at < len(output):
        end = output.index(b"\n", at)
        facts = output[at:end].decode().split(" ")
        at = end + 1
        if len(facts) == 3:
            size = int(facts[2])
            found[facts[0]] = output[at : at + size]
            at += size + 1
    return found


def changes(git: Git, old: str, new: str) -> tuple[Changed, ...]:
    """Every changed path with sizes and (bounded) content before and after; a rename is a deletion and an addition."""
    listed = list(parse_raw(raw(git, old, new)))
    blobs = [oid for each in listed for oid in _blobs(each)]
    size = sizes(git, list(dict.fromkeys(blobs)))
    wanted, total = [], 0
    for oid in blobs:
        if 0 <= size[oid] <= CONTENT_LIMIT and total + size[oid] <= _CONTENT_TOTAL:
            wanted.append(oid)
            total += size[oid]
    content = contents(git, wanted)
    return tuple(
        each._replace(
            size=max(size.get(each.new, 0), 0), before=content.get(each.old), after=content.get(each.new)
        )
        for each in listed
    )


def _blobs(change: Changed) -> list[str]:
    sides = ((change.old_mode, change.old), (change.new_mode, change.new))
    return [oid for mode, oid in sides if oid != NO_OID and mode != "160000"]


def diff_stat(git: Git, old: str, new: str) -> tuple[FileStat, ...]:
    """Changed files with counted lines, renames found, sorted by path."""
    output = git.run(
        "diff-tree", "-r", "-z", "--raw", "--numstat", "-M", "-l400", "--no-ext-diff", "--no-textconv",
        "--end-of-options", old, new,
    ).stdout  # fmt: skip
    fields = iter(split_fields(output))
    status: dict[str, Status] = {}
    stats = []
    for field in fields:
        if field.startswith(":"):
            letter = field.rsplit(" ", 1)[1][0]
            path = next(fields)
            status[next(fields) if letter in "RC" else path] = _STATUS[letter]
            continue
        added, removed, path = field.split("\t", 2)
        if not path:
            next(fields)
            path = next(fields)
        stats.append(
            FileStat(path=shown(path), status=status[path], added=_count(added), removed=_count(removed))
        )
    return tuple(sorted(stats, key=lambda stat: stat.path))


def _count(number: str) -> int | None:
    return None if number == "-" else int(number)


def diff_text(
    git: Git, old: str, new: str, paths: Sequence[str] | None = None, limit: int = TEXT_LIMIT
) -> str:
    """The unified diff as text for people: bounded, with a line for each file that was left out."""
    listed = [each for each in parse_raw(raw(git, old, new)) if paths is None or _within(each.path, paths)]
    size = sizes(git, list(dict.fromkeys(oid for each in listed for oid in _blobs(each))))
    shown_paths, left_out, total = [], [], 0
    for each in listed:
        weight = sum(max(size[oid], 0) for oid in _blobs(each))
        if weight > _FILE_LIMIT or total + weight > limit:
            left_out.append(each.path)
        else:
            shown_paths.append(each.path)
            total += weight
    whole = not left_out and paths is None and len(shown_paths) <= _CHUNK
    pieces = [[]] if whole else [shown_paths[at : at + _CHUNK] for at in range(0, len(shown_paths), _CHUNK)]
    text = "".join(_text(git, old, new, piece) for piece in pieces)
    return text + "".join(f"# {shown(path)}: too large to show\n" for path in left_out)


def _within(path: str, folders: Sequence[str]) -> bool:
    return any(
        folder in ("", ".") or path == folder or path.startswith(folder.rstrip("/") + "/")
        for folder in folders
    )


def _text(git: Git, old: str, new: str, paths: Sequence[str]) -> str:
    output = git.run(
        "diff-tree", "-r", "-p", "-M", "-l400", "--no-color", "--no-ext-diff", "--no-textconv", "--full-index",
        "--submodule=short", "--src-prefix=a/", "--dst-prefix=b/", "--end-of-options", old, new, "--", *paths,
    ).stdout  # fmt: skip
    return decode(output)
