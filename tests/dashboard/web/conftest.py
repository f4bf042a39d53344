"""One server for all tests of a module that do not change what it is."""

from collections.abc import Iterator

import pytest

from tests.dashboard.web.site import Site, make_log, serve, story, tell


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A server with one run under way."""
    folder = tmp_path_factory.mktemp("site")
    log = make_log(folder)
    tell(log, story().envelopes)
    with serve(folder, log) as running:
        yield running
