import pytest
from hypothesis import given
from hypothesis import strategies as st

from hive.text import decode, harmless, one_line, plural, sanitize


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("plain\ttext\n", "plain\ttext\n"),
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07after", "after"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1bPq#0;2\x1b\\after", "after"),
        ("\x1b]52;c;cGF5bG9hZA==\x07", ""),
        ("\x9b2Jtext", "text"),
        ("\x9d0;title\x9cafter", "after"),
        ("\x1b(0lqk", "lqk"),
        ("\x1bcreset", "reset"),
        ("a\x00b\x07c\x08d\x7fe", "abcde"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("user\u202egnp.exe", "usergnp.exe"),
        ("a\u2066b\u2069c\u200fd\u061ce", "abcde"),
        ("tag\U000e0041s", "tags"),
        ("two\u2028lines\u2029", "twolines"),
        ("half \ud800", "half \\ud800"),
        ("日本語 é 👩‍👩‍👧", "日本語 é 👩‍👩‍👧"),
        ("[@click=app.quit]x[/]", "[@click=app.quit]x[/]"),
    ],
)
def test_outside_text_loses_what_a_terminal_would_obey_and_nothing_else(raw, clean):
    assert sanitize(raw) == clean


@pytest.mark.parametrize("opened", ["\x1b]0;never closed", "\x1b[", "\x1b", "\x9b", "\x1bP", "\x90"])
def test_a_sequence_that_never_ends_is_harmless_too(opened):
    assert not set(sanitize(opened + " text")) & {"\x1b", "\x9b", "\x90"}


@pytest.mark.parametrize("opening", ["\x1b]", "\x1bP", "\x90", "\x9d", "\x1b[", "\x1b[1;"])
def test_a_million_openings_take_no_longer_than_their_length(opening):
    assert "\x1b" not in sanitize(opening * 500_000)


@given(st.text(st.characters(codec=None)))
def test_whatever_comes_in_what_comes_out_is_encodable_and_without_controls(raw):
    clean = sanitize(raw)
    clean.encode()
    assert not any(
        (c < " " and c not in "\t\n") or "\x7f" <= c <= "\x9f" or c in "\u202e\u2028" for c in clean
    )
    assert sanitize(clean) == clean


def test_a_limit_says_how_much_was_left_out():
    assert sanitize("abcdef", 4) == "abcd… (2 more characters)"
    assert sanitize("abcd", 4) == "abcd"


def test_a_line_stays_a_line():
    assert one_line("  one\n\ttwo\r\nthree\x0bfour  ") == "one two threefour"
    assert one_line("x" * 300).endswith("… (100 more characters)")
    assert one_line("\u2028\x85") == ""


def test_bytes_of_unknown_origin_become_text():
    assert decode(b"ok \xff\xfe \xc3\xa9") == "ok \ufffd\ufffd é"


@pytest.mark.parametrize(("count", "said"), [(0, "0 files"), (1, "1 file"), (2, "2 files")])
def test_counts_read_well(count, said):
    assert plural(count, "file") == said


def test_irregular_plurals_are_given():
    assert plural(3, "entry", "entries") == "3 entries"


@given(st.text(st.characters()))
def test_what_is_called_harmless_is_left_as_it_is(text: str):
    assert not harmless(text) or sanitize(text) == text


@pytest.mark.parametrize("text", ["half \ud800", "a\x1b[31mb", "a\u202eb", "a\rb", "\x9b2J"])
def test_what_would_be_changed_is_not_called_harmless(text: str):
    assert not harmless(text)
