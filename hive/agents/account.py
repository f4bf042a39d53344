"""What a session shares with others: the money of its run, and the quota of its key."""

from dataclasses import dataclass, field

from hive.agents.budget import Budget
from hive.agents.quota import Quota


@dataclass(frozen=True)
class Account:
    """Endless by itself; sessions that shall know of each other are given the same parts."""

    budget: Budget = field(default_factory=Budget)
    quota: Quota = field(default_factory=Quota)
