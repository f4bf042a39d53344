"""Whatever a file looks like, it parses as well after the edit as before."""

import textwrap
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hive.agents.propagate.grammars import GRAMMARS, SUFFIXES, errors
from hive.agents.propagate.placing import passing, propose
from hive.agents.propagate.proposal import Proposal
from hive.agents.propagate.source import Source
from hive.agents.propagate.subject import Subject

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.txt"))
BEFORE = [
    file.read_text().partition("--- before ")[2].split("--- after\n")[0].split("\n", 1) for file in GOLDEN
]
LINES = sorted({line for _, text in BEFORE for line in text.split("\n") if line.strip()})
PATHS = {language: f"users/any{suffix}" for suffix, language in SUFFIXES.items()}


def whole(source: Source, subject: Subject) -> Proposal:
    first = propose(source, subject)
    return passing(source, first, first.signatures, subject) if first.signatures else first


def hold(source: Source, subject: Subject) -> None:
    """The promises that hold for every file."""
    made = whole(source, subject)
    raw = made.text.encode("latin-1")
    assert errors(raw, source.language) <= errors(source.raw, source.language)
    if not made.placed:
        assert made.text == source.text
    # Nothing that was there is lost: the old text is what remains when lines and words are only added.
    letters = iter("".join(made.text.split()))
    assert source.language == "go" or all(any(a == b for b in letters) for a in "".join(source.text.split()))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(LINES), max_size=12), st.sampled_from(sorted(GRAMMARS)))
def test_lines_of_all_languages_in_any_order(lines: list[str], language: str) -> None:
    hold(Source(PATHS[language], language, "\n".join(lines).encode()), subject_of_all())


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(BEFORE), st.data())
def test_files_with_a_piece_cut_out(case: list[str], data: st.DataObject) -> None:
    path, text = case
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 40)))
    language = SUFFIXES["." + path.rpartition(".")[2]]
    hold(Source(path, language, (text[:start] + text[end:]).encode()), subject_of_all())


FIELDS = ("id", "email", "display_name", "phone", "store_credit")


@settings(max_examples=60, deadline=None)
@given(
    st.permutations(FIELDS),
    st.integers(3, 5),
    st.sampled_from(["    {n}={v},", '    "{n}": {v},', "    {n}: int = {v}", '    "{n}",']),
    st.booleans(),
)
def test_lists_of_python_get_the_field_once(names: list[str], count: int, shape: str, trailing: bool) -> None:
    body = "\n".join(shape.format(n=name, v=at) for at, name in enumerate(names[:count]))
    body = body if trailing else body.rstrip(",")
    around = {"=": ("user = User(\n", "\n)\n"), ":": ("user = {\n", "\n}\n"), ",": ("USER = [\n", "\n]\n")}
    if " = " in shape:
        text = f"class User:\n{body}\n"
    else:
        opening, closing = around["=" if "=" in shape else ":" if ":" in shape else ","]
        text = opening + body + closing
    source = Source("user.py", "python", textwrap.dedent(text).encode())
    subject = subject_of_all()
    made = whole(source, subject)
    hold(source, subject)
    assert made.text.count("loyalty_points") == len(made.placed) <= 1
    again = Source("user.py", "python", made.text.encode())
    assert whole(again, subject).placed == () or not made.placed


def subject_of_all() -> Subject:
    from hive.agents.propagate.subject import Field, examples

    new = Field("loyalty_points", "integer")
    fields = tuple(Field(name, "integer" if name == "store_credit" else "string") for name in FIELDS)
    return Subject(("user",), fields, examples(fields, ("store_credit", "display_name"), new), new)


@pytest.mark.parametrize("language", sorted(GRAMMARS))
def test_an_empty_file_stays_empty(language: str) -> None:
    assert whole(Source(PATHS[language], language, b""), subject_of_all()) == Proposal("")
