"""One turn of the agent: reads, decides, writes and tells."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from hive.agents.propagate import files, journal
from hive.agents.propagate.rework import Decision, decide
from hive.agents.propagate.rivals import rivals
from hive.agents.propagate.subject import Work, work_of
from hive.agents.propagate.survey import Draft, Survey
from hive.model import Assignment, Ended, FileEdited, Report, Said, Unplaced, digest
from hive.text import plural


class Turn:
    """One turn; every step is a batch of reports, the last one ends with `Ended`."""

    def __init__(self, assignment: Assignment) -> None:
        self.assignment = assignment
        self.workspace = Path(assignment.workspace).resolve()
        self.home = Path(assignment.home)
        self.folder = files.service_folder(self.workspace, assignment.service.path)
        self.journal = journal.load(self.home)
        if assignment.turn == 1:  # a first turn may be done again after a crash, or in a new workspace
            self.journal = journal.Journal(pages=tuple(filter(self._is_there, self.journal.pages)))

    def _is_there(self, page: journal.Page) -> bool:
        file = self.workspace / page.path
        return file.is_file() and not file.is_symlink() and digest(file.read_bytes()) == page.written

    def steps(self) -> Iterator[list[Report]]:
        """Place the field, or take back what a failing check points at."""
        if any(item.source == "conflict" for item in self.assignment.feedback):
            self.journal = journal.Journal()  # another base: the work is done afresh
        elif self.assignment.feedback:
            yield from self._rework()
            return
        work = self._work()
        if work is None:
            intent = self.assignment.intent
            what = intent.intent.replace("_", " ") if intent else "work that is not a change of a field"
            yield [Ended(outcome="failed", reason=f"propagate cannot do this: {what}; choose another agent")]
            return
        if work.remove and work.old is not None and self._in_contract(work.old.name):
            reason = (
                f"the contract still has {work.old.name!r}: what it promises is not removed from the code"
            )
            yield [Ended(outcome="failed", reason=reason)]
            return
        yield from self._place(work)

    def _work(self) -> Work | None:
        """What is asked for, with what else the contracts have that looks like it."""
        work, entity = work_of(self.assignment), self.assignment.entity
        if work is None or entity is None or work.old is not None:
            return work
        known = rivals(self.workspace, entity, work.subject.new.words)
        return replace(work, subject=replace(work.subject, rivals=known))

    def _place(self, work: Work) -> Iterator[list[Report]]:
        drafts = Survey(self.workspace, self.folder, work, self._is_known).drafts()
        yield []  # whoever was interrupted until here has changed nothing
        for draft in drafts:
            yield self._write(draft)
        journal.save(self.home, self.journal)
        edited = [draft for draft in drafts if draft.proposal.placed]
        left = sum(len(draft.proposal.left) for draft in drafts)
        count = sum(len(draft.proposal.placed) for draft in edited)
        where = f"{plural(count, 'place')} of {plural(len(edited), 'file')}" if edited else "no place"
        rest = f"; {plural(left, 'place')} left to a person" if left else ""
        yield [Said(text=f"{_done(work)} {where}{rest}"), Ended(outcome="finished")]

    def _in_contract(self, name: str) -> bool:
        entity = self.assignment.entity
        return entity is not None and any(field.name == name for field in entity.fields)

    def _is_known(self, path: str) -> bool:
        """Whether a file is the contract's own, or had an edit taken back that must not come again."""
        entity, page = self.assignment.entity, self.journal.page(path)
        taken = page is not None and any(entry.taken for entry in page.entries)
        return taken or (entity is not None and entity.contract == path)

    def _write(self, draft: Draft) -> list[Report]:
        made = draft.proposal
        left = [journal.Remark(path=draft.path, line=one.line, reason=one.reason) for one in made.left]
        self.journal = self.journal.model_copy(
            update={"remarks": tuple(dict.fromkeys((*self.journal.remarks, *left)))}
        )
        reports: list[Report] = [Unplaced(path=one.path, line=one.line, reason=one.reason) for one in left]
        if made.placed:
            page = journal.page_of(draft.path, draft.original, made.text, made.placed)
            self.journal = self.journal.with_page(page)
            journal.save(self.home, self.journal)  # before the file: what is written can be taken back
            files.write(self.workspace / draft.path, made.text.encode("latin-1"))
            reports += [
                FileEdited(path=draft.path, line=one.line, summary=one.summary) for one in made.placed
            ]
        return reports

    def _rework(self) -> Iterator[list[Report]]:
        if any(item.source == "review" for item in self.assignment.feedback):
            reason = "propagate cannot follow a person's remarks; choose another agent"
            yield [Ended(outcome="failed", reason=reason)]
            return
        if any(item.source == "union" for item in self.assignment.feedback):
            reason = "propagate cannot make two changes work together that fail only so; choose another agent"
            yield [Ended(outcome="failed", reason=reason)]
            return
        output = "\n".join(item.text for item in self.assignment.feedback)
        counted = any(item.source == "check" for item in self.assignment.feedback)
        decision = decide(self.journal, self.assignment.turn, output, comparable=counted)
        changed = self._written(decision)
        yield [*changed, *self._left([one.path for one in changed]), *_told(decision)]

    def _written(self, decision: Decision) -> list[Unplaced]:
        """Bring the files to what the journal says now; a file that somebody else changed is left alone."""
        earlier = (self.journal, self.journal.rewound(self.assignment.turn))
        self.journal = decision.journal
        journal.save(self.home, self.journal)
        reports: list[Unplaced] = []
        for page in self.journal.pages:
            known = [old.content() for one in earlier if (old := one.page(page.path)) is not None]
            if not self._rewritten(page, known):
                reason = "the file was changed since: take back by hand what the checks do not bear"
                reports.append(Unplaced(path=page.path, line=None, reason=reason))
        return reports

    def _rewritten(self, page: journal.Page, known: Sequence[str | None]) -> bool:
        file, wanted = self.workspace / page.path, page.content()
        plain = file.is_file() and not file.is_symlink()
        found = file.read_bytes().decode("latin-1") if plain else None
        if found == wanted:
            return True
        if found not in known or file.is_symlink():
            return False
        if wanted is None:
            file.unlink()
        else:
            files.write(file, wanted.encode("latin-1"))
        return True

    def _left(self, foreign: Collection[str]) -> list[Report]:
        """What waits for a person, of this turn and of earlier ones."""
        left: list[Report] = [
            Unplaced(path=one.path, line=one.line, reason=one.reason) for one in self.journal.remarks
        ]
        for page in (page for page in self.journal.pages if page.path not in foreign):
            for entry in page.entries:
                if entry.taken:
                    reason = "taken back: " + entry.why
                    left.append(Unplaced(path=page.path, line=entry.line, reason=reason))
        return left


def _told(decision: Decision) -> list[Report]:
    """The end of a turn of rework, in words."""
    reports: list[Report] = [
        FileEdited(
            path=one.page.path, line=one.entry.line, summary=f"put back, {one.reason}: {one.entry.summary}"
        )
        for one in decision.again
    ]
    if decision.failed:
        return [*reports, Ended(outcome="failed", reason=decision.failed)]
    said = f"took back {plural(len(decision.back), 'place')}: {decision.back[0].reason}"
    return [*reports, Said(text=said), Ended(outcome="finished")]


def _done(work: Work) -> str:
    if work.old is None:
        return f"{work.subject.new.name} put into"
    if work.remove:
        return f"{work.old.name} removed from"
    return f"{work.old.name} renamed to {work.subject.new.name} in"
