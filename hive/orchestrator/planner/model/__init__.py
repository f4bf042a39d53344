"""The planner with a model: the model proposes contract changes and briefs, hive decides what they mean."""
