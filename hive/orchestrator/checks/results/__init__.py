"""Readers of what test runners leave behind."""
