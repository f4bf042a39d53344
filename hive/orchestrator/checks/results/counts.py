"""How many tests there were, and what became of them."""

from dataclasses import dataclass, field

from hive.model import Case


@dataclass(frozen=True)
class Counts:
    """The tests of one check; an expected failure counts as skipped, an error as failed."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    cases: tuple[Case, ...] = field(default=(), compare=False)
    """The single tests, where the runner tells them apart."""

    @property
    def collected(self) -> int:
        """All tests that the runner knew of."""
        return self.passed + self.failed + self.skipped

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.passed + other.passed,
            self.failed + other.failed,
            self.skipped + other.skipped,
            self.cases + other.cases,
        )

    @classmethod
    def of(cls, total: int, failed: int, skipped: int) -> "Counts":
        """Counts from a runner that says how many tests it ran; a failed set-up counts though no test ran."""
        return cls(max(total - failed - skipped, 0), failed, skipped)
