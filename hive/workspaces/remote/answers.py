"""What a server's answer means: pure, from the words of git and of the server."""

import re
from typing import Literal

from hive.errors import HiveError
from hive.text import decode, one_line

Refusal = Literal["moved", "declined", "denied", "setup", "network"]
"""`moved`: the branch is elsewhere; `declined`: a rule or hook of the server says no; `denied`: who are you;
`setup`: no such remote or repository; `network`: nothing was decided, so it can be tried again."""

_MOVED = re.compile(r"stale info|fetch first|non-fast-forward|needs force|reference already exists")
_BUSY = re.compile(
    r"failed to update ref|cannot lock ref|unable to (?:create|migrate)|failed to lock|timed? ?out"
)
_DENIED = re.compile(
    r"Authentication failed|could not read (?:Username|Password)|Permission denied|Invalid username|"
    r"(?:error|HTTP)[: ]+40[13]\b|[Aa]ccess denied|not authorized|Host key verification failed|"
    r"insufficient permission|[Uu]nauthorized"
)
_SETUP = re.compile(
    r"does not appear to be a git repository|[Rr]epository(?: '[^']*')? not found|not found\b|"
    r"does not support --atomic|No such remote|transport '[^']*' not allowed|does not exist|"
    r"unable to find remote helper"
)
_PASSWORD = re.compile(r"(://)[^/@\s'\"]+@")
_STEPS: dict[Refusal, str] = {
    "moved": "hive merges and tests the changeset again",
    "declined": "see to what the server asks for",
    "denied": "see that `git push` works for you in this repository without a question (a credential helper, a key)",
    "setup": "correct the remote: `git remote -v` shows it",
    "network": "see that the server can be reached",
}


class TroubleError(HiveError):
    """A remote did not do what it was asked for; nothing is known of what it has before it is asked again."""

    def __init__(self, kind: Refusal, where: str, said: str, *, after: float = 0.0) -> None:
        words = {
            "moved": "has moved",
            "declined": "declines",
            "denied": "does not let you in",
            "setup": "cannot be used",
            "network": "cannot be reached, or broke off",
        }[kind]
        super().__init__(f"{where} {words}: {said or 'it said nothing'}", next_step=_STEPS[kind])
        self.kind = kind
        self.after = after
        """Seconds that the other end asks to wait."""
        self.said = said


def words(stderr: bytes) -> str:
    """What the server and git said, in one harmless line without passwords; the server's own words first."""
    lines = [line.strip() for line in decode(stderr).splitlines() if line.strip()]
    theirs = [line.removeprefix("remote:").strip() for line in lines if line.startswith("remote:")]
    rest = [
        line for line in lines if not line.startswith(("remote:", "hint:", "To ", "error: failed to push"))
    ]
    said = " / ".join(dict.fromkeys(line for line in (*theirs, *rest) if line))
    return one_line(_PASSWORD.sub(r"\1", said), 600)


def classify(stdout: bytes, stderr: bytes) -> tuple[Refusal, str]:
    """The class of a push that did not succeed, and the words for a person.

    `stdout` is what `git push --porcelain` prints: `!<TAB>from:to<TAB>[rejected] (reason)`.
    """
    said = words(stderr)
    for line in decode(stdout).splitlines():
        flag, _, rest = line.partition("\t")
        if flag != "!":
            continue
        summary = rest.rpartition("\t")[2]
        text = one_line(f"{summary} {said}".strip(), 600)
        if _MOVED.search(summary):
            return "moved", text
        if "remote failure" in summary or _BUSY.search(summary):
            return "network", text
        return "declined", text
    return trouble(stderr), said


def trouble(stderr: bytes) -> Refusal:
    """The class of a failure in which no ref was spoken of."""
    text = decode(stderr)
    if _DENIED.search(text):
        return "denied"
    return "setup" if _SETUP.search(text) else "network"
