"""The git side of hive: its own object store, isolated worktrees, diffs, the scope guard, sandboxes, landing."""
