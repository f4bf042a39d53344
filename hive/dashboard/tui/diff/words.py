"""Which words of two similar lines differ (Myers by difflib, over words instead of characters)."""

import re
from difflib import SequenceMatcher

MOST_WORDS = 300
LEAST_ALIKE = 0.35
"""Lines less alike than this are different lines: marking their words would only be noise."""
_WORD = re.compile(r"\w+|\s+|[^\w\s]")

Spans = list[tuple[int, int]]


def changed_words(old: str, new: str) -> tuple[Spans, Spans]:
    """Character ranges of both lines that differ; empty when the lines have little in common."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    if not before or not after or max(len(before), len(after)) > MOST_WORDS:
        return [], []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    if matcher.ratio() < LEAST_ALIKE:
        return [], []
    removed: Spans = []
    added: Spans = []
    for what, a, b, c, d in matcher.get_opcodes():
        if what != "equal":
            removed += _span(before, a, b)
            added += _span(after, c, d)
    return removed, added


def _span(words: list[str], start: int, end: int) -> Spans:
    if start == end:
        return []
    at = sum(map(len, words[:start]))
    return [(at, at + sum(map(len, words[start:end])))]
