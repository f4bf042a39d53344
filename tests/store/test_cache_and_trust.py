from pathlib import Path

import pytest

from hive.model import Evidence, Graph, Service
from hive.store import Database
from hive.store.cache import EvidenceCache
from hive.store.trust import TrustBook


@pytest.fixture
def store(tmp_path: Path) -> Database:
    return Database.open(tmp_path / "hive.db")


def evidence(outcome: str, **more: object) -> Evidence:
    return Evidence.model_validate({"check": "tests", "outcome": outcome, "inputs": "abc", **more})


@pytest.mark.parametrize("outcome", ["passed", "failed", "unverified"])
def test_a_verdict_is_remembered_and_marked_as_reused(store: Database, outcome: str):
    cache = EvidenceCache(store)
    cache.keep(evidence(outcome, passed=3))
    found = cache.find("abc")
    assert found == evidence(outcome, passed=3, reused=True)
    assert cache.find("other") is None


@pytest.mark.parametrize("outcome", ["timed_out", "environment"])
def test_what_may_pass_next_time_is_not_remembered(store: Database, outcome: str):
    cache = EvidenceCache(store)
    cache.keep(evidence(outcome))
    assert cache.find("abc") is None


def graph(command: str | None) -> Graph:
    return Graph(services=(Service(name="users", path="users", test=command),))


def test_trust_covers_exactly_the_commands_that_were_shown(store: Database):
    book = TrustBook(store)
    assert not book.trusts(graph("pytest"))
    book.trust(graph("pytest"), "me")
    assert book.trusts(graph("pytest"))
    assert not book.trusts(graph("pytest; curl evil"))


def test_a_project_that_asks_for_more_of_the_network_is_asked_about_again(store: Database):
    book = TrustBook(store)
    book.trust(graph("pytest"), "me")
    asking = graph("pytest").model_copy(update={"network": ("npm",)})
    assert not book.trusts(asking)
    book.trust(asking, "me")
    assert book.trusts(asking)
    assert not book.trusts(asking.model_copy(update={"network": ("npm", "pypi")}))
    assert not TrustBook(store).trusts(graph(None).model_copy(update={"network": ("npm",)}))


def test_a_project_without_commands_needs_no_trust(store: Database):
    assert TrustBook(store).trusts(graph(None))
