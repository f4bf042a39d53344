"""From a sentence to a landed changeset: plan, tasks, checks, queue, landing."""
