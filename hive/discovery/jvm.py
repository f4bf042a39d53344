"""Build files of the Java world: Maven and Gradle."""

import re
from posixpath import basename, dirname

from hive.discovery.documents import xml_root
from hive.discovery.manifest import Manifest, Runs

_SERVER_PLUGINS = re.compile(
    r"spring-boot-maven-plugin|jib-maven-plugin|quarkus-maven-plugin|micronaut-maven-plugin|helidon-maven-plugin|"
    r"wildfly-maven-plugin|liberty-maven-plugin|payara-micro|"
    r"org\.springframework\.boot|com\.google\.cloud\.tools\.jib|io\.quarkus|io\.micronaut\.application|io\.ktor|"
    r"(^|\s)application(\s|$)"
)
_MAIN_CLASS = re.compile(
    r"\bplugins\s*\{[^}]{0,2000}^[ \t]*`?application`?\s*$|\bmainClass(Name)?\b|\bbootJar\s*\{", re.MULTILINE
)
_PROJECT = re.compile(r"project\s*\(\s*(?:path\s*[:=]\s*)?[\"']:?([^\"')]+)[\"']")
_APPLIED = re.compile(
    r"apply\s+plugin\s*:?\s*\(?\s*[\"']?([A-Za-z][\w.-]*)|(?:^|[{;])[ \t]*(?:id|alias)\s*\(?\s*[\"']?([\w.-]+)",
    re.MULTILINE,
)
_NAMED_SERVICE_PLUGIN = re.compile(r"service|application|boot|microservice", re.IGNORECASE)
_DISABLED = re.compile(r"bootJar\s*\{?\s*\.?\s*enabled\s*=?\s*false|<skip>\s*true\s*</skip>")


def read_maven(path: str, text: str) -> Manifest | None:
    """A Maven module; an aggregator is a library with members."""
    root = xml_root(text)
    if root is None or root.tag != "project":
        return None
    name = (root.findtext("artifactId") or "").strip()
    packaging = (root.findtext("packaging") or "jar").strip()
    members = tuple((module.text or "").strip() for module in root.findall("./modules/module"))
    plugins = " ".join(element.text or "" for element in root.findall("./build/plugins/plugin/artifactId"))
    needs = frozenset(
        (element.text or "").strip() for element in root.findall("./dependencies/dependency/artifactId")
    )
    runs: Runs = "unclear"
    if packaging == "pom" or members:
        runs = "library"
    elif packaging == "war" or _SERVER_PLUGINS.search(plugins):
        runs = "server"
    folder = dirname(path) or "."
    return Manifest(path, folder, "maven", name or basename(folder), runs, needs, members, "mvn test")


def read_gradle(path: str, text: str) -> Manifest | None:
    """A Gradle project; which plugins run something is told by their names."""
    folder = dirname(path) or "."
    plugins = " ".join(first or second for first, second in _APPLIED.findall(text.split("subprojects", 1)[0]))
    runs: Runs = "unclear"
    if "java-library" in plugins or "`java-library`" in text or _DISABLED.search(text):
        runs = "library"
    elif _SERVER_PLUGINS.search(plugins) or _MAIN_CLASS.search(text) or _NAMED_SERVICE_PLUGIN.search(plugins):
        runs = "server"
    needs = frozenset(name.replace(":", "/") for name in _PROJECT.findall(text))
    return Manifest(
        path, folder, "gradle", basename(folder) if folder != "." else "root", runs, needs, (), "gradle test"
    )
