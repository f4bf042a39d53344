"""Contracts of a tree, held against the plan."""

import pytest

from hive.model import ContractKind
from hive.orchestrator.checks.conformance import check_contracts

USERS = b'{"type": "object",\n "properties": {"points": {"type": "integer"}}}\n'
KINDS: dict[str, ContractKind] = {"users.json": "jsonschema", "cart.json": "jsonschema"}


def test_contracts_as_planned_pass_and_are_counted() -> None:
    both = {"users.json": USERS, "cart.json": USERS}
    evidence = check_contracts(both, both, KINDS, service="users", tree="4b82", inputs="ab")
    assert evidence.check == "contract"
    assert (evidence.outcome, evidence.reason) == ("passed", "2 contracts as planned")
    assert (evidence.collected, evidence.passed, evidence.failed, evidence.skipped) == (2, 2, 0, 0)
    assert (evidence.service, evidence.tree, evidence.inputs) == ("users", "4b82", "ab")


@pytest.mark.parametrize(
    ("found", "reason"),
    [
        (None, "users.json: is missing"),
        (b"", "users.json:1: differs"),
        (USERS.replace(b"integer", b"string"), "users.json:2: differs"),
        (USERS + b"\n", "users.json:3: differs"),
        (USERS[:-1], "users.json:2: differs"),
        (USERS.replace(b"\n", b"\r\n"), "users.json:1: differs"),
    ],
)
def test_a_contract_that_a_task_touched_fails_with_its_place(found: bytes | None, reason: str) -> None:
    evidence = check_contracts({"users.json": USERS}, {"users.json": found}, KINDS)
    assert (evidence.outcome, evidence.failed) == ("failed", 1)
    assert evidence.tail.startswith(reason)


@pytest.mark.parametrize("raw", [b"{", b"\xff\xfe", b"[" * 100_000])
def test_a_contract_that_cannot_be_read_fails_even_when_planned_so(raw: bytes) -> None:
    evidence = check_contracts({"users.json": raw}, {"users.json": raw}, KINDS)
    assert evidence.outcome == "failed"
    assert "users.json" in evidence.tail


def test_a_contract_of_no_known_kind_fails() -> None:
    assert check_contracts({"a": b""}, {"a": b""}, KINDS).tail == "a: is of no known kind"


def test_no_contract_proves_nothing() -> None:
    assert check_contracts({}, {"other": b""}, KINDS).outcome == "unverified"
