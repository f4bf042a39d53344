import subprocess
import sys

import pytest

from hive.agents.registry import AGENTS, get
from hive.errors import UsageError
from tests.agents.means import MEANS


@pytest.mark.parametrize("name", AGENTS)
def test_every_agent_is_listed_under_its_own_name_with_a_description_of_one_line(name):
    entry = get(name)
    assert entry.name == name
    assert entry.description
    assert "\n" not in entry.description


def test_an_unknown_name_is_refused_with_the_known_ones_the_nearest_first():
    with pytest.raises(UsageError, match=r"there is no agent 'scriptd'") as error:
        get("scriptd")
    assert error.value.next_step.startswith("choose one of: scripted, ")
    assert "propagate" in error.value.next_step


def test_the_embedded_default_is_always_available():
    assert get("propagate").available() is None


def test_listing_the_agents_imports_no_adapter():
    code = (
        "import sys, hive.agents.registry\n"
        "loaded = [m for m in sys.modules if m.startswith('hive.agents.')]\n"
        "assert not [m for m in loaded if m.endswith('.agent') or '.propagate' in m], loaded"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_scripted_agent_says_what_it_lacks(monkeypatch, tmp_path):
    monkeypatch.delenv("HIVE_SCRIPT", raising=False)
    assert "HIVE_SCRIPT is not set" in (get("scripted").available() or "")
    monkeypatch.setenv("HIVE_SCRIPT", str(tmp_path / "none.json"))
    assert "is not a file" in (get("scripted").available() or "")
    with pytest.raises(UsageError, match=r"none\.json"):
        get("scripted").make(MEANS)


def test_the_scripted_agent_is_made_from_the_script_that_the_environment_names(monkeypatch, tmp_path):
    script = tmp_path / "play.json"
    script.write_text('{"services": {"*": [[{"do": "say", "text": "hello"}]]}}')
    monkeypatch.setenv("HIVE_SCRIPT", str(script))
    assert get("scripted").available() is None
    assert get("scripted").make(MEANS)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("anthropic", "ANTHROPIC_API_KEY is not set, nor anthropic_key in your own hive settings"),
        ("claude", "with a subscription, set CLAUDE_CODE_OAUTH_TOKEN"),
        ("codex", "'codex' is not installed; npm install -g @openai/codex"),
        ("gemini", "'gemini' is not installed; npm install -g @google/gemini-cli"),
        ("opencode", "'opencode' is not installed; npm install -g opencode-ai"),
        ("copilot", "'copilot' is not installed; npm install -g @github/copilot"),
        ("claude-agent-acp", "npm install -g @agentclientprotocol/claude-agent-acp"),
        ("acp", "no `acp_command` is set in your own hive settings"),
        ("command", "no `command` is set in your own hive settings"),
    ],
)
def test_an_agent_says_what_it_lacks_and_how_to_get_it(monkeypatch, tmp_path, name, words):
    monkeypatch.setenv("PATH", str(tmp_path))
    for variable in ("CLAUDE_CODE_OAUTH_TOKEN", "ANTHROPIC_AUTH_TOKEN"):
        monkeypatch.delenv(variable, raising=False)
    assert words in (get(name).available() or "")
