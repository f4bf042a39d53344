"""What servers say, as they say it, and what it means."""

import pytest

from hive.workspaces.remote.answers import TroubleError, classify, trouble, words


@pytest.mark.parametrize(
    ("porcelain", "meaning"),
    [
        ("!\tabc:refs/heads/main\t[rejected] (stale info)", "moved"),
        ("!\tabc:refs/heads/main\t[rejected] (fetch first)", "moved"),
        ("!\tabc:refs/heads/main\t[rejected] (non-fast-forward)", "moved"),
        ("!\tabc:refs/heads/main\t[remote rejected] (pre-receive hook declined)", "declined"),
        ("!\tabc:refs/heads/main\t[remote rejected] (protected branch hook declined)", "declined"),
        (
            "!\tabc:refs/heads/main\t[remote rejected] (push declined due to repository rule violations)",
            "declined",
        ),
        ("!\tabc:refs/heads/main\t[remote rejected] (failed to update ref)", "network"),
        ("!\tabc:refs/heads/main\t[remote failure] (remote failed to report status)", "network"),
    ],
)
def test_a_push_that_was_answered(porcelain: str, meaning: str):
    raw = f"To somewhere\n{porcelain}\nDone\n".encode()
    assert classify(raw, b"error: failed to push some refs to 'x'\n")[0] == meaning


@pytest.mark.parametrize(
    ("said", "meaning"),
    [
        ("fatal: Authentication failed for 'https://forge.invalid/a.git/'", "denied"),
        ("fatal: could not read Username for 'https://forge.invalid': terminal prompts disabled", "denied"),
        (
            "git@forge.invalid: Permission denied (publickey).\nfatal: Could not read from remote repository.",
            "denied",
        ),
        ("error: RPC failed; HTTP 403 curl 22 The requested URL returned error: 403", "denied"),
        ("fatal: '/nowhere' does not appear to be a git repository", "setup"),
        ("remote: Repository not found.\nfatal: repository 'https://x/' not found", "setup"),
        ("fatal: transport 'ext' not allowed", "setup"),
        ("fatal: the receiving end does not support --atomic push", "setup"),
        ("ssh: Could not resolve hostname forge.invalid: Name or service not known", "network"),
        (
            "fatal: unable to access 'https://x/': Failed to connect to x port 443: Connection refused",
            "network",
        ),
        ("fatal: the remote end hung up unexpectedly", "network"),
        ("error: RPC failed; HTTP 502 curl 22 The requested URL returned error: 502", "network"),
        ("", "network"),
    ],
)
def test_a_conversation_that_broke_off(said: str, meaning: str):
    assert trouble(said.encode()) == meaning


def test_a_servers_words_reach_a_person_without_harm():
    raw = "remote: \x1b[31mno\u202e pushing on Fridays\r\nremote: see https://rules.invalid\nerror: failed to push"
    said = words(raw.encode())
    assert "pushing on Fridays" in said
    assert "https://rules.invalid" in said
    assert not any(ord(char) < 32 or char == "\u202e" for char in said)
    assert "origin" in TroubleError("declined", "remote 'origin'", said).message


def test_a_password_in_an_address_is_not_repeated():
    said = words(b"fatal: unable to access 'https://ann:secret@forge.invalid/a.git/': Connection refused")
    assert said == "fatal: unable to access 'https://forge.invalid/a.git/': Connection refused"
