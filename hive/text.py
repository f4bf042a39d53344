"""Outside text (agents, files, names, models) made harmless before a terminal or a page sees it."""

import re

# A whole escape sequence is dropped, so that "\x1b[31mred" reads "red" and not "[31mred".
_SEQUENCES = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # CSI
    # OSC, DCS, SOS, PM, APC to their end; never over the next opening, or a million openings take for ever.
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x07\x1b\x90\x98\x9c-\x9f]*(?:\x07|\x1b\\|\x9c)"
    r"|\x9b[0-?]*[ -/]*[@-~]"  # CSI as one C1 byte
    r"|\x1b[ -/]*[0-~]"
)
# C0 but tab and newline, DEL, C1; bidirectional controls; tag characters; line and paragraph separators.
_CONTROLS = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]"
)

# Every escape sequence begins with a control character.
_HARM = re.compile(_CONTROLS.pattern[:-1] + "\ud800-\udfff]")


def sanitize(text: str, limit: int | None = None) -> str:
    """Text without escape sequences and control characters; lone surrogates are shown escaped.

    `limit` cuts to that many characters and says how many were left out.
    """
    cut = ""
    if limit is not None and len(text) > limit:
        cut = f"… ({len(text) - limit} more characters)"
        text = text[:limit]
    clean = _CONTROLS.sub("", _SEQUENCES.sub("", text.replace("\r\n", "\n").replace("\r", "\n")))
    return clean.encode("utf-8", "backslashreplace").decode() + cut


def harmless(text: str) -> bool:
    """Whether sanitizing would leave the text as it is; quick where it would."""
    return (text.isascii() and text.isprintable()) or not _HARM.search(text)


def one_line(text: str, limit: int = 200) -> str:
    """The text as a single sanitized line, for tables and log lines."""
    return " ".join(sanitize(text, limit).split())


def decode(raw: bytes) -> str:
    """Bytes of unknown origin as text; what is not UTF-8 becomes U+FFFD."""
    return raw.decode("utf-8", "replace")


def plural(count: int, noun: str, nouns: str | None = None) -> str:
    """`1 service`, `3 services`, `2 entries`."""
    return f"{count} {noun if count == 1 else nouns or noun + 's'}"
