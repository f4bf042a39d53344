"""gofmt's columns around new lines."""

from hive.agents.propagate.alignment import aligned


def test_a_longer_key_moves_its_section() -> None:
    old = "x{\n\tID: a,\n\tTo: b,\n\n\tAt: c,\n}\n"
    new = "x{\n\tID: a,\n\tLonger: n,\n\tTo: b,\n\n\tAt: c,\n}\n"
    assert aligned(new, old) == "x{\n\tID:     a,\n\tLonger: n,\n\tTo:     b,\n\n\tAt: c,\n}\n"


def test_a_value_of_many_lines_ends_a_section() -> None:
    old = "x{\n\tA: f(\n\t\t1),\n\tTo: b,\n}\n"
    new = "x{\n\tA: f(\n\t\t1),\n\tTo: b,\n\tLonger: n,\n}\n"
    assert aligned(new, old) == "x{\n\tA: f(\n\t\t1),\n\tTo:     b,\n\tLonger: n,\n}\n"


def test_types_and_tags_of_a_struct_have_columns_of_their_own() -> None:
    old = 'type X struct {\n\tA string `json:"a"`\n}\n'
    new = 'type X struct {\n\tA string `json:"a"`\n\tLonger int64 `json:"l"`\n}\n'
    assert aligned(new, old) == 'type X struct {\n\tA      string `json:"a"`\n\tLonger int64  `json:"l"`\n}\n'


def test_lines_that_were_there_stay_as_they_are() -> None:
    text = "x{\n\tID:   a,\n\tTo: b,\n}\n"
    assert aligned(text, text) == text
