"""Rules about plain JSON Schema files apart from what their schemas say."""

from hive.contracts.rules.rule import Rule

JSONSCHEMA: dict[str, Rule] = {
    rule.id: rule
    for rule in (
        Rule("schema-file-added", "jsonschema", "added", {"both": "compatible"}, "a new schema file"),
        Rule("schema-file-removed", "jsonschema", "removed", {"both": "breaking"}, "the schema file is gone"),
        Rule("schema-definition-added", "jsonschema", "added", {"both": "compatible"}, "a new definition"),
        Rule(
            "schema-definition-removed", "jsonschema", "removed", {"both": "breaking"}, "a definition is gone"
        ),
    )
}
