"""Secrets taken out of text before it is kept: known values, and the well-known shapes of credentials. Pure."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from pathlib import Path

SHAPES: Mapping[str, str] = {
    "private key": r"-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----",
    "AWS access key": r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b",
    "GitHub token": r"\b(?:gh[pousr]_[A-Za-z0-9]{36,}|github_pat_[A-Za-z0-9_]{60,})",
    "GitLab token": r"\bglpat-[A-Za-z0-9_-]{20,}",
    "Slack token": r"\bxox[abeoprs]-[A-Za-z0-9-]{10,}",
    "Anthropic key": r"\bsk-ant-[A-Za-z0-9_-]{20,}",
    "OpenAI key": r"\bsk-(?:proj-|svcacct-)[A-Za-z0-9_-]{20,}|\bsk-[A-Za-z0-9]{48}\b",
    "Google key": r"\bAIza[0-9A-Za-z_-]{35}",
    "Stripe key": r"\b[sr]k_live_[0-9A-Za-z]{20,}",
    "npm token": r"\bnpm_[A-Za-z0-9]{36}\b",
    "PyPI token": r"\bpypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{20,}",
}
"""The same families as gitleaks and GitHub's secret scanning look for, by what they are called."""
CLUES: Mapping[str, tuple[str, ...]] = {
    "private key": ("PRIVATE KEY",),
    "AWS access key": ("AKIA", "ASIA"),
    "GitHub token": ("ghp_", "gho_", "ghu_", "ghs_", "ghr_", "github_pat_"),
    "GitLab token": ("glpat-",),
    "Slack token": ("xox",),
    "Anthropic key": ("sk-ant-",),
    "OpenAI key": ("sk-",),
    "Google key": ("AIza",),
    "Stripe key": ("k_live_",),
    "npm token": ("npm_",),
    "PyPI token": ("pypi-AgEI",),
}
"""By shape, words of which one is in whatever has that shape: far quicker to look for than the shapes."""
SHORTEST = 8
"""Characters; a shorter value is too likely to be an ordinary word."""
LARGEST_FILE = 64 << 10
MARK = "[redacted]"
_SECRET_NAME = re.compile(r"KEY|TOKEN|SECRET|PASSW|PASSPHRASE|CREDENTIAL|PRIVATE|_DSN$|_PWD$", re.IGNORECASE)
_REST_OF_KEY = r'[^"]*?(?:-----END (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----|(?=")|\Z)'
_LINE = re.compile(r"""^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_.]*)\s*=\s*(["']?)(.*?)\2\s*$""", re.MULTILINE)


class Redactor:
    """Replaces secrets by a mark; doing it twice changes nothing more."""

    def __init__(self, values: Iterable[str] = (), more: Callable[[], Iterable[str]] = tuple) -> None:
        """`more` is asked for further values when there is something to look through."""
        self._values, self._more = tuple(values), more

    def text(self, text: str) -> str:
        """The text, or JSON that stays JSON, without what is secret."""
        clues, secret = self._known
        return secret.sub(MARK, text) if any(clue in text for clue in clues) else text

    @cached_property
    def _known(self) -> tuple[tuple[str, ...], re.Pattern[str]]:
        values = (*self._values, *self._more())
        known = {each for value in values if len(value) >= SHORTEST for each in _forms(value)}
        shapes = [
            pattern + _REST_OF_KEY if name == "private key" else pattern for name, pattern in SHAPES.items()
        ]
        parts = [*(re.escape(value) for value in sorted(known, key=len, reverse=True)), *shapes]
        clues = (*known, *(clue for name in SHAPES for clue in CLUES[name]))
        return clues, re.compile("|".join(f"(?:{part})" for part in parts))


def secrets_of(environ: Mapping[str, str]) -> list[str]:
    """The values of variables whose names say that they are secret."""
    return [value for name, value in environ.items() if _SECRET_NAME.search(name)]


def secrets_in(root: Path) -> list[str]:
    """Those of the `.env` files in a folder and two levels below; files that cannot be read have none."""
    found: list[str] = []
    for pattern in (".env*", "*/.env*", "*/*/.env*"):
        for path in sorted(root.glob(pattern)):
            try:
                if path.is_file() and path.stat().st_size <= LARGEST_FILE:
                    given = {m[1]: m[3] for m in _LINE.finditer(path.read_text("utf-8", "replace"))}
                    found += secrets_of(given)
            except OSError:
                continue
    return found


def _forms(value: str) -> tuple[str, ...]:
    """As it is, and as it stands in JSON."""
    return value, json.dumps(value, ensure_ascii=False)[1:-1], json.dumps(value)[1:-1]
