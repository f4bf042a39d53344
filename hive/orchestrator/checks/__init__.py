"""Checks that hive runs itself, and the evidence that they leave."""
