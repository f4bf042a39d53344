"""The built-in deterministic agent: adds a field by following one that is there already."""
