"""A pytest plugin that counts tests by itself and seals what it saw; runs in the service's Python, not in hive's.

Its secret is read, and the file with it removed, before any file of the project is imported. A results file that
something else has written, or a session that did not come to its end, has no seal. Standard library only, and nothing
that Python 3.6 does not know.
"""

import hashlib
import hmac
import json
import os


def _open():  # type: ignore[no-untyped-def] # noqa: ANN202 - typed differently by each pytest
    place = os.environ.pop("HIVE_WITNESS", "")
    try:
        with open(place) as file:  # noqa: PTH123 - one import less in a foreign interpreter
            said = json.load(file)
        os.unlink(place)  # noqa: PTH108
    except (OSError, ValueError):
        return None
    secret, results = said["secret"].encode(), said["results"]
    seen = {"passed": 0, "failed": 0}

    class Witness:
        def pytest_runtest_logreport(self, report):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202
            seen["failed"] += report.outcome == "failed"
            seen["passed"] += report.outcome == "passed" and report.when == "call"

        def pytest_unconfigure(self):  # type: ignore[no-untyped-def] # noqa: ANN202
            try:
                with open(results, "rb") as file:  # noqa: PTH123
                    found = hashlib.sha256(file.read()).hexdigest()
            except OSError:
                return
            words = f"{seen['passed']} passed, {seen['failed']} failed: {found}"
            mac = hmac.new(secret, words.encode(), "sha256").hexdigest()
            with open(results + ".seal", "w") as file:  # noqa: PTH123
                json.dump({"passed": seen["passed"], "failed": seen["failed"], "mac": mac}, file)

    return Witness()


_witness = _open()  # type: ignore[no-untyped-call]


def pytest_configure(config):  # type: ignore[no-untyped-def] # noqa: ANN001, ANN201
    """Listen, in the process that the results are written by."""
    global _witness
    found, _witness = _witness, None
    if found is not None and not hasattr(config, "workerinput"):
        config.pluginmanager.register(found)
