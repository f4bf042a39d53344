"""`hive diff`: a unified diff, coloured and harmless."""

from rich.text import Text

from hive.dashboard.palette import BAD, BUSY, DIM, GOOD, STRONG
from hive.text import one_line, sanitize

MOST_CHARACTERS = 2_000_000
LONGEST_LINE = 2_000


def diff_view(text: str, *, title: str = "") -> Text:
    """The diff line by line, below its title. A very long line or diff is cut, and says so."""
    shown = Text(f"{one_line(title).upper()}\n", style=STRONG) if title else Text()
    if not text:
        return shown.append("no changes", style=DIM)
    in_hunk = False
    for line in sanitize(text, MOST_CHARACTERS).split("\n"):
        in_hunk = line.startswith("@@") or (in_hunk and not line.startswith("diff "))
        if line.startswith("index ") and not in_hunk:
            continue  # object ids tell a reader nothing
        cut = line[:LONGEST_LINE]
        if len(line) > LONGEST_LINE:
            cut += f"… ({len(line) - LONGEST_LINE} more characters)"
        shown.append(f"{cut}\n", style=_style(line, in_hunk))
    shown.rstrip()
    return shown


def _style(line: str, in_hunk: bool) -> str:
    if line.startswith("@@"):
        return BUSY
    if not in_hunk:
        return STRONG if line.startswith("diff ") else DIM
    if line.startswith("+"):
        return GOOD
    return BAD if line.startswith("-") else ""
