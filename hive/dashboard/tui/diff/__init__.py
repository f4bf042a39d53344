"""Unified diffs for people: parsed, with changed words found, laid out in one column or two. Pure."""
