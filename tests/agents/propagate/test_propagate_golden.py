"""One file before and after, for each language and construct."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from hive.agents.propagate.grammars import errors, language_of
from hive.agents.propagate.placing import passing, propose
from hive.agents.propagate.proposal import Proposal
from hive.agents.propagate.source import Source
from hive.agents.propagate.subject import Field, Subject

CASES = sorted((Path(__file__).parent / "golden").glob("*.txt"), key=lambda path: path.name)
SECTIONS = re.compile(
    r"(?:--- field (\w+):(\w+)\n)?--- before (\S+)\n(.*?)--- after\n(.*)--- left\n(.*)", re.DOTALL
)


class Case(NamedTuple):
    field: str | None
    type: str | None
    path: str
    before: str
    after: str
    left: str


def load(file: Path) -> Case:
    match = SECTIONS.fullmatch(file.read_text())
    assert match, f"{file.name} lacks a section"
    return Case(*match.groups())


@pytest.fixture
def subject(file: Path, subject_of: Callable[..., Subject]) -> Subject:
    case = load(file)
    return subject_of(Field(case.field, case.type), siblings=()) if case.field and case.type else subject_of()


def whole(path: str, text: str, subject: Subject) -> Proposal:
    """What the agent makes of a service with this one file."""
    source = Source(path, language_of(path) or "", text.encode())
    first = propose(source, subject)
    return passing(source, first, first.signatures, subject) if first.signatures else first


@pytest.mark.parametrize("file", CASES, ids=lambda file: file.stem)
def test_a_field_arrives_where_its_siblings_are(file: Path, subject: Subject) -> None:
    case = load(file)
    made = whole(case.path, case.before, subject)
    assert made.text == case.after
    assert "".join(f"{one.line}: {one.reason}\n" for one in made.left) == case.left


@pytest.mark.parametrize("file", CASES, ids=lambda file: file.stem)
def test_a_second_time_changes_nothing(file: Path, subject: Subject) -> None:
    case = load(file)
    assert whole(case.path, case.after, subject).placed == ()


@pytest.mark.parametrize("file", CASES, ids=lambda file: file.stem)
def test_the_edited_file_parses_as_well_as_before(file: Path, subject: Subject) -> None:
    case = load(file)
    language = language_of(case.path) or ""
    assert errors(case.after.encode(), language) <= errors(case.before.encode(), language)


@pytest.mark.parametrize("file", CASES, ids=lambda file: file.stem)
def test_line_endings_of_windows_stay(file: Path, subject: Subject) -> None:
    case = load(file)
    made = whole(case.path, case.before.replace("\n", "\r\n"), subject)
    assert made.text == case.after.replace("\n", "\r\n")


@pytest.mark.parametrize("file", CASES, ids=lambda file: file.stem)
def test_each_reported_line_is_inside_the_new_text(file: Path, subject: Subject) -> None:
    case = load(file)
    made = whole(case.path, case.before, subject)
    lines = made.text.split("\n")
    for one in (one for one in made.placed if "passed to" not in one.summary):
        words = ".?".join(subject.new.words)
        assert re.search(words, "\n".join(lines[one.line - 1 : one.line + 2]), re.IGNORECASE)
