"""Who may do what: a viewer looks, a reviewer judges, an operator starts, stops and lands."""

from enum import IntEnum


class Role(IntEnum):
    """Each may do all that the ones before it may."""

    VIEWER = 1
    REVIEWER = 2
    OPERATOR = 3

    @property
    def word(self) -> str:
        """The name as people write it."""
        return self.name.lower()


ROLES = {role.word: role for role in Role}
