"""Unified diffs as files, hunks and lines."""

from hypothesis import given
from hypothesis import strategies as st

from hive.dashboard.web import hunks
from hive.dashboard.web.hunks import parse

MODIFIED = """diff --git a/a b.py b/a b.py
index 1..2 100644
--- a/a b.py\t
+++ b/a b.py\t
@@ -1,2 +1,3 @@ def f():
 one
--- two
+++ two
+three
\\ No newline at end of file
"""


def test_a_line_that_looks_like_a_header_is_a_line():
    (file,), cut = parse(MODIFIED)
    assert file.path == "a b.py"
    assert file.hunks[0].heading == "def f():"
    assert file.hunks[0].lines == [" one", "--- two", "+++ two", "+three", "\\ No newline at end of file"]
    assert not cut


def test_added_deleted_renamed_and_binary_files_are_told_apart():
    text = (
        "diff --git a/n b/n\nnew file mode 100644\n--- /dev/null\n+++ b/n\n@@ -0,0 +1 @@\n+x\n"
        "diff --git a/d b/d\ndeleted file mode 100644\n--- a/d\n+++ /dev/null\n@@ -1 +0,0 @@\n-x\n"
        "diff --git a/o b/p\nsimilarity index 100%\nrename from o\nrename to p\n"
        "diff --git a/i.png b/i.png\nBinary files a/i.png and b/i.png differ\n"
        "# big.bin: too large to show\n"
    )
    files, _ = parse(text)
    assert [(f.path, f.status, f.note) for f in files] == [
        ("n", "added", ""), ("d", "deleted", ""), ("p", "renamed", ""), ("i.png", "modified", "binary"),
        ("big.bin", "modified", "too large to show"),
    ]  # fmt: skip
    assert files[2].old_path == "o"


def test_two_hunks_keep_their_places():
    (file,), _ = parse("diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1 +1 @@\n-a\n+b\n@@ -9,0 +10 @@ g\n+c\n")
    assert [(h.old, h.new, h.lines) for h in file.hunks] == [(1, 1, ["-a", "+b"]), (9, 10, ["+c"])]


def test_hostile_lines_are_one_harmless_line_each():
    (file,), _ = parse(
        "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -0,0 +1 @@\n+a\rb\x1b[2J\u202ec" + "y" * 5000 + "\n"
    )
    (line,) = file.hunks[0].lines
    assert line.startswith("+a␍bc")
    assert len(line) < 2100


def test_too_many_lines_are_cut_and_it_is_said(monkeypatch):
    monkeypatch.setattr(hunks, "MOST_LINES", 6)
    (file,), cut = parse(MODIFIED)
    assert cut
    assert len(file.hunks[0].lines) == 1


def test_no_difference_is_no_file():
    assert parse("") == ([], False)


@given(st.text(alphabet="+-@ \\\n#adif/gtb0123,", max_size=300))
def test_no_text_breaks_the_parser(text: str):
    parse(text)
