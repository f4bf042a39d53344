"""`CODEOWNERS`: who owns which files, in GitHub's syntax and GitLab's. Pure.

The last matching line decides, and one without owners takes ownership away; with GitLab's sections, the last
matching line of each section does. See https://docs.github.com/en/repositories (About code owners) and
https://docs.gitlab.com/user/project/codeowners/reference/.
"""

import re
from collections.abc import Iterable
from functools import cached_property
from typing import NamedTuple

from hive.model import Ownership

PLACES = (".github/CODEOWNERS", "CODEOWNERS", "docs/CODEOWNERS", ".gitlab/CODEOWNERS")
"""Where it may be; the first that is there counts."""
_SECTION = re.compile(r"(\^?)\[([^\]]+)\](?:\[\d+\])?((?:\s+[^\s#]+)*)\s*(?:#.*)?")
_WORD = re.compile(r"(?:\\.|[^\s\\])+")


class _Line(NamedTuple):
    pattern: str
    owners: tuple[str, ...]


class CodeOwners:
    """The file, ready to be asked."""

    def __init__(self, text: str) -> None:
        self._sections = _parse(text)

    def owned(self, paths: Iterable[str]) -> tuple[Ownership, ...]:
        """Who must approve changes of these files; one path for each group of owners."""
        found: dict[tuple[str, ...], str] = {}
        for path in paths:
            for section in self._compiled:
                owners = next((owners for matches, owners in section if matches(path)), ())
                if owners:
                    found.setdefault(owners, path)
        return tuple(Ownership(path=path, owners=owners) for owners, path in found.items())

    @cached_property
    def _compiled(self) -> list[list[tuple["_Matcher", tuple[str, ...]]]]:
        return [
            [(_Matcher(line.pattern), line.owners) for line in reversed(lines)]
            for lines in self._sections.values()
        ]


class _Matcher:
    """One pattern; `docs/*` is about the files of a folder, not about those of its folders."""

    def __init__(self, pattern: str) -> None:
        from pathspec import GitIgnoreSpec
        from pathspec.patterns.gitignore import GitIgnorePatternError

        literal = f"\\{pattern}" if pattern.startswith("!") else pattern  # ownership cannot be negated
        try:
            self._spec = GitIgnoreSpec.from_lines([literal])
        except GitIgnorePatternError:  # a line that means nothing is skipped, as both forges do
            self._spec = GitIgnoreSpec.from_lines([])
        flat = pattern.endswith("/*") and "**" not in pattern
        self._slashes = pattern.strip("/").count("/") if flat else None

    def __call__(self, path: str) -> bool:
        return self._slashes in (None, path.count("/")) and self._spec.match_file(path)


def _parse(text: str) -> dict[str, list[_Line]]:
    """The lines by section; those before any section are in the section without a name."""
    sections: dict[str, list[_Line]] = {"": []}
    lines, default = sections[""], ()
    for raw in text.splitlines():
        stripped = raw.strip()
        if not stripped or stripped.startswith("#"):
            continue
        if header := _SECTION.fullmatch(stripped):
            optional, name, owners = header.groups()
            default = tuple(owners.split())
            lines = [] if optional else sections.setdefault(name.casefold(), [])
            continue
        if words := _WORD.findall(stripped):
            lines.append(_Line(words[0], _owners(words[1:]) or default))
    return sections


def _owners(words: list[str]) -> tuple[str, ...]:
    """The owners of a line, up to a comment."""
    end = next((at for at, word in enumerate(words) if word.startswith("#")), len(words))
    return tuple(word for word in words[:end] if "@" in word)
