"""What a name says about its bearer: infrastructure, a test, a tool, a library, generated code."""

import re
from posixpath import basename

from hive.discovery.names import tokens

_INFRASTRUCTURE = re.compile(
    r"(^|/)("
    r"postgres(ql)?|pgvector|postgis|pgadmin\d?|mysql|mariadb|percona|mongo(db)?|mongo-express|redis(-stack)?|redisinsight|valkey|"
    r"memcached|cassandra|couchdb|couchbase|cockroach(db)?|clickhouse|influxdb|neo4j|arangodb|mssql|sqlserver|sql-edge|"
    r"azure-sql-edge|db2|dynamodb(-local)?|dynamodblocal|eventstore(db)?|rethinkdb|timescaledb|"
    r"rabbitmq|(cp-)?kafka|kowl|kafdrop|kafka-ui|(cp-)?zookeeper|redpanda|activemq|artemis|nats(-streaming)?|pulsar|"
    r"(cp-)?schema-registry|mosquitto|emqx|debezium|kafka-connect|nsqd?|"
    r"elasticsearch|opensearch(-dashboards)?|kibana|logstash|filebeat|metricbeat|fluentd|fluent-bit|solr|"
    r"grafana|loki|tempo|promtail|prometheus|alertmanager|jaeger|all-in-one|zipkin|cadvisor|node-exporter|"
    r"opentelemetry-collector(-contrib)?|otel|opentelemetrycollector|jaegertracing|openzipkin|skywalking|datalust|"
    r"nginx(-unprivileged)?|nginx-proxy|traefik|envoy(proxy)?|haproxy|caddy|httpd|kong|apisix|istio|linkerd|"
    r"consul|vault|etcd|minio|localstack|azurite|keycloak|openldap|"
    r"mailhog|maildev|mailpit|mailcatcher|smtp4dev|adminer|phpmyadmin|portainer|watchtower|selenium|sonarqube|"
    r"dapr|daprd|placement|flagd|busybox|swagger-ui|wiremock|mockserver|hystrix-dashboard|firestore-emulator"
    r")(?=$|[:@_.-])"
)
_WEB_SERVERS = re.compile(
    r"(^|[/_.-])(nginx(-unprivileged)?|httpd|caddy|envoy(proxy)?|haproxy|traefik|kong)(?=$|[:@_.-])"
)
_TEST_TOKENS = frozenset(
    {
        "test",
        "tests",
        "e2e",
        "testing",
        "testdata",
        "mock",
        "mocks",
        "fixture",
        "fixtures",
        "cypress",
        "playwright",
    }
    | {"benchmark", "benchmarks", "perf", "locust", "k6", "gatling", "jmeter", "artillery"}
    | {"unittests", "integrationtests", "functionaltests", "acceptance", "loadtest", "loadtests", "simulator"}
)
_TOOL_TOKENS = frozenset(
    {
        "docs",
        "doc",
        "documentation",
        "script",
        "scripts",
        "tool",
        "tools",
        "tooling",
        "hack",
        "ci",
        "terraform",
        "ansible",
    }
    | {
        "devcontainer",
        "github",
        "circleci",
        "gitlab",
        "jenkins",
        "husky",
        "vscode",
        "template",
        "templates",
        "archetype",
    }
    | {
        "deploy",
        "deployment",
        "deployments",
        "infra",
        "infrastructure",
        "k8s",
        "kubernetes",
        "helm",
        "chart",
        "charts",
    }
    | {
        "kustomize",
        "manifests",
        "openshift",
        "swarm",
        "dcos",
        "pulumi",
        "bicep",
        "apphost",
        "scaffold",
        "generator",
    }
    | {"codegen", "migrations", "migrator", "buildsrc", "monitoring-stack", "observability"}
)
_LIBRARY_TOKENS = frozenset(
    {
        "lib",
        "libs",
        "library",
        "libraries",
        "common",
        "commons",
        "shared",
        "util",
        "utils",
        "sdk",
        "contracts",
        "proto",
    }
    | {
        "protos",
        "schemas",
        "spec",
        "specs",
        "defaults",
        "servicedefaults",
        "helpers",
        "types",
        "eslint",
        "tsconfig",
    }
    | {"buildingblocks", "starter", "parent", "bom", "dto", "dtos", "pkg", "packages"}
)
_LOAD_TEST = re.compile(r"load[-_.]?(test|tests|testing|tester)")
_LOAD_GENERATOR = re.compile(r"load[-_.]?gen")
_TEST_FILE = re.compile(
    r"(^test_.*|.*_test|.*_tests|.*_spec|.*[.-](test|spec|e2e|stories|cy)|.*Tests?|.*TestCase|.*IT|.*Spec|conftest)\.\w+$"
)
_GENERATED_FOLDERS = frozenset(
    {"generated", "gen", "genproto", "autogen", "__generated__", "generated-sources"}
)


def is_infrastructure(image: str) -> bool:
    """Whether a container image (or what it is based on) is a database, broker, proxy or the like."""
    return bool(_INFRASTRUCTURE.search(image.lower().split("@")[0]))


def is_web_server(image: str) -> bool:
    """Whether an image serves or forwards HTTP by configuration alone."""
    return bool(_WEB_SERVERS.search(image.lower()))


def is_test_path(path: str) -> bool:
    """Whether a file belongs to tests, mocks or load generation: it proves nothing about the services."""
    folders, _, name = path.rpartition("/")
    segments = folders.split("/")
    driven = any(_LOAD_GENERATOR.search(segment.lower()) for segment in segments)
    return driven or bool(_TEST_FILE.match(name)) or any(_is_test_name(segment) for segment in segments)


def _is_test_name(segment: str) -> bool:
    words = {*tokens(segment), *re.split(r"[-_.]", segment.lower())}
    return bool(_LOAD_TEST.search(segment.lower())) or not _TEST_TOKENS.isdisjoint(words)


def is_aside(folder: str) -> bool:
    """Whether a folder holds tests, tools, documentation or deployment: never a service."""
    segments = [segment for segment in folder.split("/") if segment and segment != "."]
    if any(_is_test_name(segment) for segment in segments):
        return True
    if any(segment.startswith(".") for segment in segments):
        return True
    if any("docs" in tokens(segment) for segment in segments):
        return True
    return any(segment.lower() in _TOOL_TOKENS | _GENERATED_FOLDERS for segment in segments)


def is_tool_name(folder: str) -> bool:
    """Whether the last part of a folder's name is that of a tool or of deployment."""
    parts = tokens(basename(folder))
    return bool(parts) and (parts[-1] in _TOOL_TOKENS or "".join(parts) in _TOOL_TOKENS)


def is_library_name(folder: str) -> bool:
    """Whether a folder is called like a library or a contract module."""
    parts = tokens(basename(folder))
    return bool(parts) and (
        parts[-1] in _LIBRARY_TOKENS or parts[0] in _LIBRARY_TOKENS or "".join(parts) in _LIBRARY_TOKENS
    )


def is_among_generated(path: str) -> bool:
    """Whether a file is in a folder that a code generator fills."""
    return not _GENERATED_FOLDERS.isdisjoint(path.lower().split("/")[:-1])
