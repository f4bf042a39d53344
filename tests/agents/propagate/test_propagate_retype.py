"""Types and literals of one field in the words of another type."""

import pytest

from hive.agents.propagate.retype import relit, retyped, zero


@pytest.mark.parametrize(
    ("word", "language", "old", "new", "wanted"),
    [
        ("str", "python", "string", "integer", "int"),
        ("CharField", "python", "string", "boolean", "BooleanField"),
        ("number", "typescript", "integer", "string", "string"),
        ("int32", "go", "integer", "string", "string"),
        ("Integer", "java", "integer", "boolean", "Boolean"),
        ("decimal", "csharp", "number", "string", "string"),
        ("varchar", "sql", "string", "integer", "int"),
        ("TEXT", "sql", "string", "boolean", "BOOLEAN"),
        ("Address", "python", "string", "integer", None),
        ("str", "python", "string", "Address", None),
    ],
)
def test_a_type_has_its_word_in_every_language(
    word: str, language: str, old: str, new: str, wanted: str | None
) -> None:
    assert retyped(word, language, old, new) == wanted


@pytest.mark.parametrize(
    ("literal", "language", "kind", "wanted"),
    [
        ('"Ada"', "python", "integer", "14"),
        ('""', "python", "integer", "0"),
        ("12", "go", "string", '"points 12"'),
        ("0", "go", "string", '""'),
        ("True", "python", "integer", "1"),
        ("3", "python", "boolean", "True"),
        ("3", "javascript", "boolean", "true"),
        ("'41.00'", "python", "integer", "'41'"),
        ("None", "python", "integer", "None"),
        ("call()", "python", "integer", None),
    ],
)
def test_a_literal_becomes_one_of_another_type(
    literal: str, language: str, kind: str, wanted: str | None
) -> None:
    assert relit(literal, language, kind, "points") == wanted


@pytest.mark.parametrize(
    ("language", "kind", "wanted"),
    [
        ("python", "string", '""'),
        ("python", "boolean", "False"),
        ("go", "number", "0.0"),
        ("go", "array", "nil"),
        ("java", "object", "null"),
        ("typescript", "array", "[]"),
        ("sql", "boolean", "FALSE"),
        ("python", "Address", "None"),
    ],
)
def test_every_type_has_a_nothing(language: str, kind: str, wanted: str) -> None:
    assert zero(language, kind) == wanted
