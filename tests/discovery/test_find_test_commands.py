"""The command that tests a service, in its own folder."""

import pytest

from tests.discovery.memory import PYTHON_IMAGE, discovered, node

POM = "<project><artifactId>users</artifactId><build><plugins><plugin><artifactId>spring-boot-maven-plugin</artifactId></plugin></plugins></build></project>"
AGGREGATOR = "<project><artifactId>all</artifactId><packaging>pom</packaging><modules><module>users</module></modules></project>"
WEB = '<Project Sdk="Microsoft.NET.Sdk.Web"/>'
TESTS = '<Project><ItemGroup><PackageReference Include="Microsoft.NET.Test.Sdk"/><ProjectReference Include="..\\..\\users\\Users.csproj"/></ItemGroup></Project>'
GRADLE = "plugins { id 'org.springframework.boot' }"


@pytest.mark.parametrize(
    ("files", "command"),
    [
        ({"users/package.json": node("u", test="jest"), "users/package-lock.json": "{}"}, "npm test"),
        ({"users/package.json": node("u", test="jest"), "pnpm-lock.yaml": "x"}, "pnpm test"),
        ({"users/package.json": node("u", test="jest"), "users/yarn.lock": ""}, "yarn test"),
        ({"users/package.json": node("u", test="echo no test specified && exit 1")}, None),
        ({"users/Dockerfile": PYTHON_IMAGE, "users/app.py": "", "users/tests/test_a.py": "import pytest"}, "python -m pytest"),
        ({"users/Dockerfile": PYTHON_IMAGE, "users/tests/test_a.py": "import unittest", "users/app.py": ""}, "python -m unittest discover -s tests"),
        ({"users/Dockerfile": PYTHON_IMAGE, "users/app.py": ""}, None),
        ({"users/pyproject.toml": "[project]\nname='u'\n", "users/uv.lock": "", "users/test_a.py": "import pytest", "users/app.py": "app = FastAPI()"}, "uv run pytest"),
        ({"users/go.mod": "module u", "users/main.go": "package main\nfunc main() {\n\thttp.ListenAndServe(a, b)\n}"}, "go test ./..."),
        ({"users/pom.xml": POM, "users/A.java": "", "users/mvnw": ""}, "./mvnw test"),
        ({"users/pom.xml": POM, "users/A.java": ""}, "mvn test"),
        ({"pom.xml": AGGREGATOR, "mvnw": "", "users/pom.xml": POM, "users/A.java": ""}, "../mvnw -f ../pom.xml -pl users -am test"),
        ({"users/build.gradle": GRADLE, "users/gradlew": "", "users/A.java": ""}, "./gradlew test"),
        ({"settings.gradle": "include 'users'", "gradlew": "", "users/build.gradle": GRADLE, "users/A.java": ""}, "../gradlew -p .. :users:test"),
        ({"users/Users.csproj": WEB, "users/A.cs": "", "tests/U/U.csproj": TESTS}, "dotnet test ../tests/U/U.csproj"),
        ({"users/Cargo.toml": "[package]\nname='u'\n", "users/src/main.rs": "fn main() { axum::serve(l, a) }"}, "cargo test"),
        ({"users/composer.json": '{"require": {"slim/slim": "4", "phpunit/phpunit": "9"}}', "users/index.php": ""}, "vendor/bin/phpunit"),
        ({"users/composer.json": '{"require": {"slim/slim": "4"}, "scripts": {"test": "x"}}', "users/a.php": ""}, "composer test"),
        ({"users/Gemfile": "gem 'sinatra'", "users/app.rb": "", "users/spec/a_spec.rb": ""}, "bundle exec rspec"),
        ({"users/mix.exs": "app: :users\n{:phoenix, '1'}", "users/lib/a.ex": ""}, "mix test"),
    ],
)  # fmt: skip
def test_each_ecosystem_has_its_command(files: dict[str, str], command: str | None) -> None:
    graph = discovered(files if any("Cargo" in path for path in files) else files | {"users/lib/x.js": "1"})
    assert [(service.path, service.test) for service in graph.services] == [("users", command)]


@pytest.mark.parametrize(
    ("files", "language"),
    [
        (
            {"users/package.json": node("u"), "users/a.ts": "", "users/b.js": "", "users/c.ts": ""},
            "typescript",
        ),
        (
            {"users/pom.xml": POM, "users/A.kt": "", "users/static/a.js": "", "users/static/b.js": ""},
            "kotlin",
        ),
        ({"users/Dockerfile": "FROM nginx", "users/index.html": ""}, "html"),
        ({"users/Dockerfile": PYTHON_IMAGE, "users/app.py": ""}, "python"),
    ],
)
def test_the_build_files_decide_the_language_before_the_number_of_files(
    files: dict[str, str], language: str
) -> None:
    assert [service.language for service in discovered(files).services] == [language]
