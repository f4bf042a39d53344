"""A whole service looked at: what would change in each of its files."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from hive.agents.propagate import files
from hive.agents.propagate.changing import carries, changed, speaks_of
from hive.agents.propagate.mentions import present
from hive.agents.propagate.migrations import additions, is_coded, is_numbered
from hive.agents.propagate.naming import is_named
from hive.agents.propagate.placing import passing, propose
from hive.agents.propagate.proposal import Left, Placed, Proposal, Signature
from hive.agents.propagate.source import Edit, Source
from hive.agents.propagate.subject import Work
from hive.contracts.generated import is_generated


@dataclass(frozen=True)
class Draft:
    """One file as it would be."""

    path: str
    """Relative to the repository, posix."""
    original: str | None
    """Its content, one character per byte; none for a new file."""
    proposal: Proposal


class Survey:
    """The files of one service, seen for one subject."""

    def __init__(self, workspace: Path, folder: Path, work: Work, skip: Callable[[str], bool]) -> None:
        self._workspace = workspace
        self._folder = folder
        self._work = work
        self._subject = work.subject
        self._skip = skip

    def drafts(self) -> list[Draft]:
        """Every file that changes or of which something is left to a person, in the order of their paths."""
        drafts: dict[str, Draft] = {}
        migrated: set[Path] = set()
        for found in self._found():
            if found.language == "sql" and is_numbered(found.path) and self._work.old is None:
                migrated.add((self._workspace / found.path).parent)
            elif self._carries(found) and (draft := self._draft(found)):
                drafts[draft.path] = draft
        signatures = [one for draft in drafts.values() for one in draft.proposal.signatures]
        if signatures:
            drafts |= {draft.path: draft for draft in self._callers(drafts, signatures)}
        for folder in migrated:
            drafts |= {draft.path: draft for draft in self._migrations(folder)}
        return [drafts[path] for path in sorted(drafts)]

    def _found(self) -> Iterator[files.Found]:
        for file in files.names(self._folder):
            found = files.read(file, self._workspace)
            if found is not None and not self._skip(found.path):
                yield found

    def _carries(self, found: files.Found) -> bool:
        """Whether a file may be about the entity: has enough of its fields, or the one that changes."""
        old = self._work.old
        return carries(self._subject, found.raw) or (
            old is not None and speaks_of(old, self._subject, found.raw)
        )

    def _draft(self, found: files.Found) -> Draft | None:
        source = Source(found.path, found.language, found.raw)
        if reason := self._untouchable(found):
            if self._work.old is None and present(found.raw, [self._subject.new.words]):
                return None
            generated = is_generated(found.path, found.raw)
            if generated and not is_named(source.text, self._subject.entity):
                return None  # of another entity, with some fields of the same names
            return Draft(found.path, source.text, Proposal(source.text, (), (Left(None, reason),)))
        made = self._made(source)
        if files.is_contract(found):
            reason = "an interface description: it changes with the contract, not with the service"
            made = Proposal(source.text, (), tuple(Left(one.line, reason) for one in made.placed))
        return Draft(found.path, source.text, made) if made.placed or made.left else None

    def _made(self, source: Source) -> Proposal:
        old = self._work.old
        if old is None:
            return propose(source, self._subject)
        return changed(source, old, self._subject, remove=self._work.remove)

    def _untouchable(self, found: files.Found) -> str:
        if is_generated(found.path, found.raw):
            return f"generated: {files.generator(self._workspace / found.path, found.raw, self._folder)}"
        applied = is_coded(found.path) or (found.language == "sql" and is_numbered(found.path))
        return "an applied migration: add a new one beside it" if applied else ""

    def _callers(self, drafts: dict[str, Draft], signatures: list[Signature]) -> Iterator[Draft]:
        wanted = {one.name.encode() for one in signatures}
        for found in self._found():
            if (
                self._untouchable(found)
                or files.is_contract(found)
                or not any(name in found.raw for name in wanted)
            ):
                continue
            source = Source(found.path, found.language, found.raw)
            known = drafts.get(found.path)
            first = known.proposal if known else Proposal(source.text)
            made = passing(source, first, signatures, self._subject)
            if made is not first:
                yield replace(known, proposal=made) if known else Draft(found.path, source.text, made)

    def _migrations(self, folder: Path) -> Iterator[Draft]:
        siblings = {
            file.name: found.raw
            for file in files.siblings(folder)
            if (found := files.read(file, self._workspace))
        }
        for new in additions(siblings, self._subject):
            summary = f"a migration that adds {self._subject.new.name} to {new.table}"
            placed = Placed(1, summary, (Edit(0, 0, new.text),), 1.0, "")
            path = (folder / new.name).relative_to(self._workspace).as_posix()
            yield Draft(path, None, Proposal(new.text, (placed,)))
