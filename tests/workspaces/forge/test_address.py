import pytest

from hive.config import ForgeSettings
from hive.errors import UsageError
from hive.workspaces.forge import Address, address, choose


@pytest.mark.parametrize(
    ("url", "where"),
    [
        ("https://github.com/acme/orders.git", Address("github.com", "acme/orders")),
        ("https://user:secret@GitHub.com/acme/orders", Address("github.com", "acme/orders")),
        ("git@gitlab.com:group/sub/orders.git", Address("gitlab.com", "group/sub/orders")),
        ("ssh://git@git.example.com:2222/acme/orders.git/", Address("git.example.com", "acme/orders")),
        ("/srv/git/orders.git", None),
        ("../orders.git", None),
        ("file:///srv/orders.git", None),
        ("https://github.com/orders", None),
        ("https://github.com/acme/../other/orders", None),
        ("https://github.com/acme/or ders", None),
        ("git@github.com:acme/orders?x=1", None),
        ("https://[broken/acme/orders", None),
    ],
)
def test_an_address_names_a_repository_or_nothing(url: str, where: Address | None):
    assert address(url) == where


def test_a_token_goes_only_to_a_forge_that_is_known_or_the_users_own():
    where = Address("git.example.com", "acme/orders")
    with pytest.raises(UsageError, match=r"git\.example\.com"):
        choose(where, {}, {"GITHUB_TOKEN": "t"})
    own = {
        "git.example.com": ForgeSettings(kind="gitlab", api="https://git.example.com/api/v4", token="MINE")
    }
    with pytest.raises(UsageError, match="no token") as missing:
        choose(where, own, {"GITLAB_TOKEN": "t"})
    assert "MINE" in missing.value.next_step
    assert choose(where, own, {"MINE": "t"}).name == "gitlab acme/orders"
    assert choose(Address("github.com", "a/b"), {}, {"GH_TOKEN": "t"}).name == "github a/b"
    open_ = {"git.example.com": ForgeSettings(kind="github", api="http://git.example.com/api")}
    with pytest.raises(UsageError, match="https"):
        choose(where, open_, {"GITHUB_TOKEN": "t"})
    with pytest.raises(UsageError, match="the remote"):
        choose(None, own, {"MINE": "t"})
