"""Tokens, links and cookies."""

from pathlib import Path

import pytest

from hive.dashboard.web.keys import LINK_SECONDS, MOST_LINKS, SESSION_SECONDS, Keys, read_or_make_secret
from hive.dashboard.web.role import Role
from hive.errors import UsageError

SECRET = "s" * 43


class Now:
    """The time, as a test wants it."""

    seconds = 1000

    def __call__(self) -> int:
        return self.seconds


@pytest.fixture
def now() -> Now:
    return Now()


@pytest.fixture
def keys(now: Now) -> Keys:
    return Keys(SECRET, now)


def test_each_role_has_a_token_of_its_own(keys: Keys):
    tokens = {role: keys.token(role) for role in Role}
    assert len(set(tokens.values())) == 3
    for role, token in tokens.items():
        found = keys.bearer(token)
        assert found
        assert found.role is role
    assert keys.bearer("") is None
    assert keys.bearer(SECRET[:-1]) is None


def test_a_link_opens_one_session_and_is_void_after_a_while(keys: Keys, now: Now):
    link = keys.link(Role.VIEWER, "bo")
    assert keys.redeem(link[:-1]) is None
    opened = keys.redeem(link)
    assert opened
    assert (opened.role, opened.name) == (Role.VIEWER, "bo")
    assert keys.redeem(link) is None
    late = keys.link(Role.VIEWER, "bo")
    now.seconds += LINK_SECONDS + 1
    assert keys.redeem(late) is None


def test_links_that_nobody_uses_do_not_pile_up(keys: Keys):
    links = [keys.link(Role.VIEWER, "bo") for _ in range(MOST_LINKS + 1)]
    assert keys.redeem(links[0]) is None
    assert keys.redeem(links[-1]) is not None


def test_a_cookie_outlives_the_server_but_not_its_time_nor_its_secret(keys: Keys, now: Now):
    session = keys.redeem(keys.link(Role.REVIEWER, "bö"))
    assert session
    cookie = keys.cookie(session)
    assert Keys(SECRET, now).open(cookie) == session
    assert Keys("t" * 43, now).open(cookie) is None
    now.seconds += SESSION_SECONDS + 1
    assert keys.open(cookie) is None


def test_a_csrf_key_belongs_to_its_session(keys: Keys):
    one, other = (keys.redeem(keys.link(Role.VIEWER, "bo")) for _ in range(2))
    assert one
    assert other
    assert keys.csrf_matches(one, keys.csrf(one))
    assert not keys.csrf_matches(one, keys.csrf(other))
    assert not keys.csrf_matches(one, "")


def test_the_secret_is_made_once_with_enough_bits(tmp_path: Path):
    path = tmp_path / "new" / "web.token"
    secret = read_or_make_secret(path)
    assert len(secret) >= 43
    assert read_or_make_secret(path) == secret


@pytest.mark.parametrize(
    "spoil",
    [
        lambda p: p.chmod(0o640),
        lambda p: p.write_text("short"),
        lambda p: (p.rename(f"{p}.x"), p.symlink_to(f"{p}.x")),
    ],
)
def test_a_spoilt_secret_is_refused(tmp_path: Path, spoil):
    path = tmp_path / "web.token"
    read_or_make_secret(path)
    spoil(path)
    with pytest.raises(UsageError, match="token file"):
        read_or_make_secret(path)
