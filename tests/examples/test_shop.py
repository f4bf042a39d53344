"""The example shop keeps what the README and the demo promise about it."""

import re
import shutil
import sys
from pathlib import Path

import pytest
import yaml

from hive import process

SHOP = Path(__file__).parents[2] / "examples" / "shop"
PYTHON = ("users", "orders", "notifications")
JAVASCRIPT = ("payments", "gateway", "web")
CARRIERS = ("users", "orders", "notifications", "gateway", "web")
SERVICES = (*PYTHON, *JAVASCRIPT)
USERS = "users.openapi.yaml"
SIBLING = re.compile(r"store([_-]?)credit", re.IGNORECASE)
ELEMENT = re.compile(r"""\s*(?:["'@\[(]{0,2}store[_-]?credit|<)""", re.IGNORECASE)


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    return Path(
        shutil.copytree(SHOP, tmp_path / "shop", ignore=shutil.ignore_patterns("__pycache__", ".pytest*"))
    )


def run_tests(shop: Path, service: str) -> process.Completed:
    """Run a service's own tests as its CLAUDE.md says; skips where node is missing."""
    command = [sys.executable, "-m", "pytest", "-q"]
    if service in JAVASCRIPT:
        if not shutil.which("node"):
            pytest.skip(f"node is missing: the tests of {service} cannot run")
        command = ["node", "--test"]
    return process.run(command, cwd=shop / "services" / service)


def document(name: str) -> dict:
    return yaml.safe_load((SHOP / "contracts" / name).read_text())


def user_fields() -> dict[str, dict]:
    return document(USERS)["components"]["schemas"]["User"]["properties"]


def add_to_contract(shop: Path) -> None:
    path = shop / "contracts" / USERS
    old = "        created_at:\n"
    path.write_text(
        path.read_text().replace(old, f"        loyalty_points:\n          type: integer\n{old}", 1)
    )


def renamed(line: str) -> str:
    names = {"": "loyaltyPoints", "_": "loyalty_points", "-": "loyalty-points"}
    return SIBLING.sub(lambda found: names[found[1]], line.replace("Store Credit", "Loyalty Points"))


def add_beside_sibling(service: Path) -> int:
    """Repeat every list element that is about `store_credit` for the new field; returns how many there were."""
    count = 0
    for path in service.rglob("*.*"):
        lines = path.read_text().splitlines(keepends=True) if path.suffix != ".pyc" and path.is_file() else []
        for at in reversed(range(len(lines))):
            if ELEMENT.match(lines[at]) and renamed(lines[at]) != lines[at]:
                count += 1
                lines.insert(at + 1, renamed(lines[at]))
                if path.suffix == ".json" and not lines[at].endswith(",\n"):
                    lines[at] = lines[at].rstrip("\n") + ",\n"
        if lines:
            path.write_text("".join(lines))
    return count


@pytest.mark.parametrize("service", SERVICES)
def test_the_tests_of_every_service_pass(shop: Path, service: str) -> None:
    done = run_tests(shop, service)
    assert done.ok, done.stdout.decode()


@pytest.mark.parametrize("service", CARRIERS)
def test_a_field_in_the_contract_alone_is_red_and_green_when_it_is_carried(shop: Path, service: str) -> None:
    add_to_contract(shop)
    alone = run_tests(shop, service)
    assert alone.code == 1, alone.stdout.decode()
    assert b"loyalty" in alone.stdout
    assert add_beside_sibling(shop / "services" / service) >= 4
    carried = run_tests(shop, service)
    assert carried.ok, carried.stdout.decode()


def test_payments_has_nothing_to_do_with_a_new_field_of_users(shop: Path) -> None:
    add_to_contract(shop)
    assert add_beside_sibling(shop / "services" / "payments") == 0
    assert run_tests(shop, "payments").ok


def test_user_is_defined_once_and_has_one_integer_to_follow() -> None:
    contracts = sorted(path.name for path in (SHOP / "contracts").glob("*.yaml"))
    defining = [name for name in contracts if "User" in document(name)["components"]["schemas"]]
    assert defining == [USERS]
    assert [name for name, field in user_fields().items() if field["type"] == "integer"] == ["store_credit"]


def test_entities_that_only_resemble_a_user_share_less_than_half_of_its_fields() -> None:
    supplier = set(document("orders.openapi.yaml")["components"]["schemas"]["Supplier"]["properties"])
    types = (SHOP / "services/web/src/types.d.ts").read_text()
    contact_form = set(re.findall(r"(\w+):", types.partition("interface ContactForm")[2]))
    for decoy in (supplier, contact_form):
        shared = decoy & set(user_fields())
        assert {"email", "phone"} <= shared
        assert len(shared) < len(user_fields()) / 2


def references(node: object) -> list[str]:
    """All `$ref`s below a node of a document."""
    if isinstance(node, dict):
        own = [node["$ref"]] if isinstance(node.get("$ref"), str) else []
        return own + [ref for value in node.values() for ref in references(value)]
    return [ref for value in node for ref in references(value)] if isinstance(node, list) else []


@pytest.mark.parametrize("name", sorted(path.name for path in (SHOP / "contracts").glob("*.yaml")))
def test_references_between_contracts_lead_somewhere(name: str) -> None:
    found = references(document(name))
    assert found
    for reference in found:
        file, _, pointer = reference.partition("#/")
        node: object = document(file.removeprefix("./") or name)
        for key in pointer.split("/"):
            assert isinstance(node, dict)
            assert key in node, reference
            node = node[key]


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_can_be_built_and_explains_itself(service: str) -> None:
    folder = SHOP / "services" / service
    manifest = "pyproject.toml" if service in PYTHON else "package.json"
    assert (folder / manifest).is_file()
    assert (folder / "Dockerfile").is_file()
    guide = (folder / "CLAUDE.md").read_text()
    assert ("`python -m pytest -q`" if service in PYTHON else "`node --test`") in guide
    for mentioned in re.findall(r"`([\w./*-]+/[\w./*-]*)`", guide):
        root = SHOP if mentioned.startswith("contracts/") else folder
        assert list(root.glob(mentioned.rstrip("/"))), f"{service}/CLAUDE.md mentions {mentioned!r}"


def test_the_compose_file_starts_every_service_with_addresses_that_it_reads() -> None:
    composed = yaml.safe_load((SHOP / "docker-compose.yml").read_text())["services"]
    assert set(composed) == set(SERVICES)
    for name, service in composed.items():
        sources = [*(SHOP / service["build"]).rglob("*.py"), *(SHOP / service["build"]).rglob("*.js")]
        code = "".join(path.read_text() for path in sources)
        for variable, value in service.get("environment", {}).items():
            assert re.search(rf"\b{variable}\b", code), f"{name} does not read {variable}"
            if "://" in value:
                assert value.split("/")[2].split(":")[0] in SERVICES
