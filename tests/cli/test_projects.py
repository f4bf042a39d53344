"""What `hive discover --json` promises to programs."""

import json

from typer.testing import CliRunner

from hive.cli.app import app


def test_a_discovered_project_is_told_as_names_and_paths(tmp_path):
    (tmp_path / "orders").mkdir()
    (tmp_path / "orders" / "package.json").write_text(
        '{"name": "orders", "scripts": {"test": "node --test"}}'
    )
    (tmp_path / "orders" / "index.js").write_text("")
    (tmp_path / "orders" / "Dockerfile").write_text("FROM node\nCMD node index.js\n")
    (tmp_path / "orders" / "openapi.yaml").write_text(
        "openapi: 3.0.0\ninfo: {title: Orders, version: '1'}\npaths: {}\n"
    )
    done = CliRunner().invoke(app, ["discover", str(tmp_path), "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["contracts"] == ["orders/openapi.yaml"]
    assert told["contract_details"] == {"orders/openapi.yaml": {"kind": "openapi", "owner": "orders"}}
    assert [(each["name"], each["path"]) for each in told["services"]] == [("orders", "orders")]
    assert (told["edges"], told["event_edges"]) == ([], [])
