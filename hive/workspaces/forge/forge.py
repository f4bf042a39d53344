"""What hive asks of a forge, in no forge's own words."""

from typing import Literal, NamedTuple, Protocol

Checks = Literal["none", "pending", "passed", "failed"]
"""All status checks of a request together; `none` where the forge runs none."""


class Wanted(NamedTuple):
    """A pull request as hive wants it."""

    branch: str
    """Where the commit is."""
    base: str
    """The branch that it should be merged into."""
    title: str
    body: str


class Request(NamedTuple):
    """An open pull request."""

    number: int
    url: str


class Seen(NamedTuple):
    """How a pull request stands."""

    state: Literal["open", "merged", "closed"]
    checks: Checks = "none"
    summary: str = ""
    """One line for a person: which checks failed, what blocks it."""
    merged_as: str = ""
    """The commit that it became on the base branch."""


class Forge(Protocol):
    """One repository at a forge. Every method raises TroubleError when the forge does not answer well."""

    @property
    def name(self) -> str:
        """`github` or `gitlab`, with the repository, for people."""
        ...

    def open_or_update(self, wanted: Wanted) -> Request:
        """The open request of this branch, made when there is none; asking twice makes one."""
        ...

    def look(self, number: int) -> Seen:
        """How a request stands now, its checks read back."""
        ...
