"""`python -m unittest` that also leaves its counts in a file; runs in the service's Python, not in hive's.

Given to the interpreter by `-c`, with the file's path as the first argument: standard library only, and
nothing that Python 3.6 does not know.
"""

import hashlib
import hmac
import json
import os
import sys
import unittest


class RememberingResult(unittest.TextTestResult):
    """The usual result, which also knows the tests that passed."""

    def addSuccess(self, test):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN201, N802
        """Remember it."""
        super().addSuccess(test)
        self.__dict__.setdefault("passed", []).append(test)


def told(result):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN201
    """Each test that is known by name, with what became of it and why."""
    red = (
        result.failures
        + result.errors
        + [(test, "unexpected success") for test in result.unexpectedSuccesses]
    )
    off = result.skipped + [(test, "expected failure") for test, _ in result.expectedFailures]
    found = [(test, "failed", why[-2000:]) for test, why in red] + [
        (test, "skipped", why) for test, why in off
    ]
    found += [(test, "passed", "") for test in result.__dict__.get("passed", [])]
    return [(test.id(), outcome, why) for test, outcome, why in found[:20000]]


class CountingRunner(unittest.TextTestRunner):
    """The usual text runner, with a record of what it saw."""

    results = ""
    resultclass = RememberingResult  # type: ignore[assignment]

    def run(self, test):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN201 - typed differently by each Python
        """Run the tests and leave their counts."""
        result = super().run(test)
        failed = len(result.failures) + len(result.errors) + len(result.unexpectedSuccesses)
        skipped = len(result.skipped) + len(result.expectedFailures)
        tests = told(result)  # type: ignore[no-untyped-call]
        counted = {"run": result.testsRun, "failed": failed, "skipped": skipped, "tests": tests}
        with open(self.results, "w") as file:  # noqa: PTH123 - one import less in a foreign interpreter
            json.dump(counted, file)
        return result


def sealed():  # type: ignore[no-untyped-def] # noqa: ANN201
    """The runner that seals its counts; the secret is read, and the file with it removed, before any test is."""
    place = os.environ.pop("HIVE_WITNESS", "")
    try:
        with open(place) as file:  # noqa: PTH123
            said = json.load(file)
        os.unlink(place)  # noqa: PTH108
    except (OSError, ValueError):
        return CountingRunner

    class SealingRunner(CountingRunner):
        def run(self, test):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
            result = super().run(test)  # type: ignore[no-untyped-call]
            failed = len(result.failures) + len(result.errors) + len(result.unexpectedSuccesses)
            skipped = len(result.skipped) + len(result.expectedFailures)
            passed = max(result.testsRun - failed - skipped, 0)
            with open(said["results"], "rb") as file:  # noqa: PTH123
                found = hashlib.sha256(file.read()).hexdigest()
            words = f"{passed} passed, {failed} failed: {found}"
            mac = hmac.new(said["secret"].encode(), words.encode(), "sha256").hexdigest()
            with open(said["results"] + ".seal", "w") as file:  # noqa: PTH123
                json.dump({"passed": passed, "failed": failed, "mac": mac}, file)
            return result

    return SealingRunner


if __name__ == "__main__":
    CountingRunner.results = sys.argv.pop(1)
    sys.path[0] = os.getcwd()  # noqa: PTH109 - what `-m` would have put there
    sys.argv[0] = "python -m unittest"
    unittest.main(module=None, testRunner=sealed())  # type: ignore[no-untyped-call]
