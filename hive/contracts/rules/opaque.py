"""Rules about formats that hive recognises and cannot read."""

from hive.contracts.rules.rule import Rule
from hive.model import ContractKind, Severity

_SEVERITY: dict[str, Severity] = {"added": "compatible", "removed": "breaking", "changed": "unknown"}


def _rules(kind: ContractKind) -> dict[str, Rule]:
    found = (
        Rule(f"{kind}-{happened}", kind, happened, {"none": severity}, f"the {kind} file was {happened}")
        for happened, severity in _SEVERITY.items()
    )
    return {rule.id: rule for rule in found}


AVRO = _rules("avro")
GRAPHQL = _rules("graphql")
SPRING = _rules("spring-cloud-contract")
OPAQUE = {**AVRO, **GRAPHQL, **SPRING}
