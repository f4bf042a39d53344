"""The scope guard: what a task may change alone, what a person must see, what is refused."""

import pytest

from hive.model import Violation
from hive.workspaces.diff import Changed, Status
from hive.workspaces.links import leaves_tree
from hive.workspaces.scope import guard
from tests.workspaces.conftest import DATE, Project, write


def changed(
    path: str,
    status: Status = "modified",
    before: bytes | None = b"old\n",
    after: bytes | None = b"new\n",
    mode: str = "100644",
    size: int = 4,
) -> Changed:
    old_mode, new_mode = (
        ("000000" if status == "added" else mode),
        ("000000" if status == "deleted" else mode),
    )
    before = None if status == "added" else before
    return Changed(
        path,
        status,
        old_mode,
        new_mode,
        "1" * 40,
        "2" * 40,
        size,
        before,
        None if status == "deleted" else after,
    )


def rules(*files: Changed, **more: object) -> dict[str, str]:
    """The rules that a diff breaks, with their severity."""
    scope: dict[str, object] = {
        "service_path": "services/users",
        "contracts": ("services/users/api.yaml",),
        **more,
    }
    return {found.rule: found.severity for found in guard(files, **scope)}  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "path",
    ["services/users/app.py", "services/users/tests/test_new.py", "services/users/.gitignore", "services/users/a-b/ü.py",
     "services/users/makefile.txt", "services/users/digit.py", "services/users/.github.py"],
)  # fmt: skip
@pytest.mark.parametrize("status", ["added", "modified"])
def test_work_in_the_own_service_passes(path: str, status: Status) -> None:
    assert rules(changed(path, status)) == {}


@pytest.mark.parametrize(
    ("path", "rule", "severity"),
    [
        ("services/orders/app.py", "outside-service", "refused"),
        ("services/users2/app.py", "outside-service", "refused"),
        ("services/users", "outside-service", "refused"),
        ("README.md", "outside-service", "refused"),
        ("services/users/api.yaml", "contract", "refused"),
        ("hive.toml", "hive-config", "refused"),
        ("services/users/hive.toml", "hive-config", "refused"),
        (".hive/prompts/brief.md", "hive-config", "refused"),
        (".github/workflows/ci.yml", "ci-config", "needs_person"),
        ("services/users/.gitlab-ci.yml", "ci-config", "needs_person"),
        ("services/users/Jenkinsfile", "ci-config", "needs_person"),
        ("services/users/CLAUDE.md", "agent-guide", "needs_person"),
        ("services/users/AGENTS.md", "agent-guide", "needs_person"),
        ("services/users/.claude/settings.json", "agent-guide", "needs_person"),
        ("services/users/.mcp.json", "agent-guide", "needs_person"),
        ("services/users/.gitattributes", "git-control", "needs_person"),
        ("services/users/.gitmodules", "git-control", "refused"),
    ],
)
def test_files_that_are_not_the_tasks_own(path: str, rule: str, severity: str) -> None:
    assert rules(changed(path))[rule] == severity


@pytest.mark.parametrize(
    "part",
    [".git", ".GIT", ".Git", "git~1", "GIT~1", ".git ", ".git.", ".git. .", ".git::$INDEX_ALLOCATION", ".g\u200cit",
     "\ufeff.git", ".gi\u200dt", "．ｇｉｔ", ".git\\config", "a\\.git\\config", ".ɢɪᴛ".replace("ɢɪᴛ", "GIT")],
)  # fmt: skip
def test_what_some_file_system_takes_for_git_metadata_is_refused(part: str) -> None:
    assert rules(changed(f"services/users/{part}/config", "added"))["git-metadata"] == "refused"
    assert rules(changed(part))["git-metadata"] == "refused"


@pytest.mark.parametrize("name", [".gitignore", "git", "x.git", ".github", "git~x", ".gitkeep", "legit~1"])
def test_names_that_only_resemble_it_pass(name: str) -> None:
    assert "git-metadata" not in rules(changed(f"services/users/{name}/x", "added"))


@pytest.mark.parametrize(
    ("name", "severity"),
    [
        ("new\nline", "refused"), ("tab\t", "refused"), ("\udcff", "refused"), ("esc\x1b[2J", "refused"),
        ("rtl\u202egpj.exe", "refused"), ("zero\u200bwidth", "refused"), ("back\\slash", "refused"), ("x" * 256, "refused"),
        ("..", "refused"), ("-rf", "needs_person"), ("nul", "needs_person"), ("CON.txt", "needs_person"),
        ("trailing ", "needs_person"), ("dot.", "needs_person"), ("co:lon", "needs_person"), ("what?", "needs_person"),
    ],
)  # fmt: skip
def test_odd_names_of_new_files(name: str, severity: str) -> None:
    assert rules(changed(f"services/users/{name}", "added"))["odd-name"] == severity
    assert "odd-name" not in rules(changed(f"services/users/{name}", "modified"))


def test_names_that_differ_only_in_case_or_accents_name_each_other() -> None:
    files = [changed(f"services/users/{name}", "added") for name in ("A.txt", "Dir/x", "e\u0301.py")]
    existing = [
        "services/users/a.txt",
        "services/users/dir/y",
        "services/users/\u00e9.py",
        "services/users/b",
    ]
    found = guard(files, service_path="services/users", existing=[*existing, *(each.path for each in files)])
    assert [(each.rule, each.severity) for each in found] == [("name-clash", "refused")] * 3
    assert "services/users/a.txt" in found[0].reason
    assert "services/users/dir" in found[1].reason
    assert guard(files[:1], service_path="services/users", existing=["services/users/A.txt"]) == ()


@pytest.mark.parametrize(
    ("path", "target", "leaves"),
    [
        ("a/link", "b", False), ("a/link", "../b", False), ("link", "a/b/c", False), ("a/b/link", "../../c", False),
        ("link", "./x", False), ("link", "/etc/passwd", True), ("link", "..", True), ("a/link", "../../x", True),
        ("link", "a/../../x", True), ("link", "a/..", True), ("link", "../repo/x", True), ("link", "/proc/self/cwd", True),
        ("link", "", True), ("a/link", "../.git/config", True), ("a/link", "../.GIT", True), ("a/link", "x/.git", True),
    ],
)  # fmt: skip
def test_where_a_link_leads(path: str, target: str, leaves: bool) -> None:
    assert leaves_tree(path, target) is leaves


def test_links_and_submodules() -> None:
    inside = changed("services/users/link", "added", after=b"app.py", mode="120000")
    outside = changed("services/users/link", "added", after=b"../../../x", mode="120000")
    huge = changed("services/users/link", "added", after=None, mode="120000")
    assert rules(inside) == {}
    assert rules(outside) == rules(huge) == {"link-leaves-tree": "refused"}
    assert rules(changed("services/users/sub", "added", after=None, mode="160000"))["submodule"] == "refused"
    assert (
        rules(changed("services/users/sub", "deleted", before=None, mode="160000"))["submodule"] == "refused"
    )


SECRETS = [
    b"-----BEGIN RSA PRIVATE KEY-----", b"-----BEGIN PRIVATE KEY-----", b"-----BEGIN OPENSSH PRIVATE KEY-----",
    b"AKIA" + b"ABCDEFGH23456789", b"ghp_" + b"a1B2" * 9, b"github_pat_" + b"a1B2c" * 12, b"glpat-" + b"a1B2" * 5,
    b"xoxb-" + b"12345678901", b"sk-ant-" + b"api03-a1B2c3D4e5F6g7", b"sk-proj-" + b"a1B2c3D4e5F6g7H8i9J0",
    b"AIza" + b"a1B2c" * 7, b"sk_live_" + b"a1B2" * 6, b"npm_" + b"a1B2" * 9,
]  # fmt: skip


@pytest.mark.parametrize("secret", SECRETS)
def test_a_new_credential_is_refused_and_an_old_one_is_not_news(secret: bytes) -> None:
    line = b"key = '" + secret + b"'\n"
    assert rules(changed("services/users/x.py", "added", after=line)) == {"secret": "refused"}
    assert rules(changed("services/users/x.py", before=line, after=b"more\n" + line)) == {}
    reasons = guard([changed("services/users/x.py", "added", after=line)], service_path="services/users")
    assert secret.decode() not in str(reasons)


def test_settings_of_what_starts_the_tests_need_a_person_when_they_change_too() -> None:
    for name in (".npmrc", ".yarnrc.yml", ".pnpmfile.cjs"):
        assert rules(changed(f"services/users/{name}", before=b"a=1\n", after=b"a=2\n")) == {
            "test-config": "needs_person"
        }


def test_files_that_usually_hold_credentials_need_a_person() -> None:
    for name in (".env", ".env.local", "server.pem", "id_rsa", ".pypirc"):
        assert rules(changed(f"services/users/{name}", "added")) == {"secret-file": "needs_person"}
    for name in (".env.example", "environment.py", "pem.py", "keys.py"):
        assert rules(changed(f"services/users/{name}", "added")) == {}


@pytest.mark.parametrize(
    ("path", "before", "after", "rule"),
    [
        (
            "tests/test_a.py",
            b"def test_a():\n  pass\ndef test_b():\n  pass\n",
            b"def test_a():\n  pass\n",
            "tests-removed",
        ),
        ("a.test.ts", b"it('a', f)\ntest('b', f)\n", b"it('a', f)\n", "tests-removed"),
        ("a_test.go", b"func TestA(t *testing.T) {}\n", b"func helper() {}\n", "tests-removed"),
        ("src/ATest.java", b"  @Test\n  void a() {}\n", b"  void a() {}\n", "tests-removed"),
        ("tests/test_a.py", b"def test_a():\n", b"@pytest.mark.skip\ndef test_a():\n", "tests-skipped"),
        ("tests/test_a.py", b"def test_a():\n", b"@pytest.mark.xfail\ndef test_a():\n", "tests-skipped"),
        ("a.spec.js", b"it('a', f)\n", b"it.skip('a', f)\nit('b', f)\n", "tests-skipped"),
        ("tests/test_a.py", b"def test_a():\n", None, "tests-removed"),
        ("conftest.py", b"x", None, "tests-removed"),
        ("pytest.ini", b"x", None, "tests-removed"),
        ("vitest.config.ts", b"x", None, "tests-removed"),
    ],
)
def test_weaker_tests_need_a_person(path: str, before: bytes, after: bytes | None, rule: str) -> None:
    file = changed(f"services/users/{path}", "deleted" if after is None else "modified", before, after)
    assert rules(file) == {rule: "needs_person"}


def test_an_agent_may_add_and_edit_tests() -> None:
    before, after = b"def test_a():\n  assert 1\n", b"def test_a():\n  assert 2\ndef test_b():\n  pass\n"
    assert rules(changed("services/users/tests/test_a.py", "modified", before, after)) == {}
    assert rules(changed("services/users/conftest.py", "modified", b"", b"import pytest\n")) == {}


@pytest.mark.parametrize(
    ("path", "before", "after", "rule"),
    [
        ("Makefile", b"test:\n", b"test:\n\ttrue\n", "test-config"),
        ("pytest.ini", None, b"[pytest]\naddopts = -k nothing\n", "test-config"),
        ("package.json", b'{"scripts": {"test": "node --test"}}', b'{"scripts": {"test": "true"}}', "test-config"),
        ("pyproject.toml", b"", b'[tool.pytest.ini_options]\naddopts = "-k nothing"\n', "test-config"),
        ("setup.cfg", b"[metadata]\n", b"[metadata]\n[tool:pytest]\naddopts = -x\n", "test-config"),
        ("pytest.py", None, b"print('5 passed')\n", "test-config"),
        ("pytest/__init__.py", None, b"", "test-config"),
        ("uv.lock", b"a", b"b", "lock-file"),
        ("tests/conftest.py", b"", b"import sys; sys.exit(0)\n", "tests-steered"),
        ("tests/conftest.py", None, b"def pytest_collection_modifyitems(items):\n    items.clear()\n", "tests-steered"),
        ("users/model.py", b"", b"import os\nos._exit(0)\n", "tests-steered"),
        ("users/model.py", b"", b"class A:\n    def __eq__(self, other):\n        return True\n", "tests-steered"),
    ],
)  # fmt: skip
def test_what_decides_how_tests_run_and_count_needs_a_person(
    path: str, before: bytes | None, after: bytes, rule: str
):
    file = changed(f"services/users/{path}", "added" if before is None else "modified", before, after)
    assert rules(file)[rule] == "needs_person"


def test_other_parts_of_the_same_files_and_ordinary_code_do_not() -> None:
    for path, before, after in (
        ("package.json", b'{"dependencies": {}}', b'{"dependencies": {"a": "1"}}'),
        ("pyproject.toml", b"", b'[project]\nname = "x"\n'),
        ("users/cli.py", b"", b"import sys\nsys.exit(main())\n"),
        ("users/model.py", b"", b"def __eq__(self, other):\n    return self.id == other.id\n"),
    ):
        assert rules(changed(f"services/users/{path}", "modified", before, after)) == {}


def test_sizes_and_numbers_have_limits() -> None:
    assert rules(changed("services/users/x", "added", after=None, size=200 << 20)) == {"oversized": "refused"}
    many = [changed(f"services/users/{n}", "added") for n in range(2001)]
    assert rules(*many) == {"too-many-files": "needs_person"}


def test_a_service_at_the_root_owns_all_but_the_others() -> None:
    more = {"service_path": ".", "other_services": ("services/users", "web")}
    assert rules(changed("app.py"), changed("services/x.py"), changed("website/x"), **more) == {}
    assert rules(changed("web/x.js"), **more) == {"outside-service": "refused"}


def test_a_service_inside_another_is_its_own() -> None:
    inner = {"service_path": "services/users/admin", "other_services": ("services/users",)}
    assert rules(changed("services/users/admin/x.py"), **inner) == {}
    assert rules(changed("services/users/x.py"), **inner) == {"outside-service": "refused"}
    outer = {"service_path": "services/users", "other_services": ("services/users/admin",)}
    assert rules(changed("services/users/admin/x.py"), **outer) == {"outside-service": "refused"}


def test_a_file_that_the_plan_allows_passes() -> None:
    assert rules(changed("shared/ids.txt"), allowed=("shared/ids.txt",)) == {}


def test_a_violation_can_be_stored_whatever_the_name(project: Project) -> None:
    place = project.workspace()
    write(place.tree, {"services/users/\udcff\x1b[31m": "1", "services/orders/app.py": "x", "README.md": "x"})
    (place.tree / "services/users/link").symlink_to("/etc/passwd")
    commit = place.collect("work", DATE)
    found = guard(
        project.store.changes(project.base, commit),
        service_path="services/users",
        existing=project.store.paths(commit),
    )
    assert {(each.rule, each.severity) for each in found} == {
        ("odd-name", "refused"),
        ("outside-service", "refused"),
        ("link-leaves-tree", "refused"),
    }
    for each in found:
        assert Violation.model_validate_json(each.model_dump_json()) == each
    for stat in project.store.diff_stat(project.base, commit):
        assert stat.model_dump_json()
