"""Who calls whom: addresses, settings, clients and stubs."""

import pytest

from tests.discovery.memory import PYTHON_IMAGE, calls, discovered, events, node


def shop(**more: str) -> dict[str, str]:
    """Two services, `web` and `order-history`, and more files."""
    files = {
        "web/package.json": node("web"),
        "web/index.js": "app.listen(80)",
        "order-history/package.json": node("order-history"),
        "order-history/index.js": "app.listen(80)",
    }
    return files | more


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("web/a.js", "fetch('http://order-history:8080/orders')"),
        ("web/a.js", "const host = process.env.ORDER_HISTORY_HOST || 'localhost'"),
        ("web/a.py", "client = os.getenv('HISTORY', 'x'); grpc.insecure_channel('order-history:50051')"),
        ("web/a.go", 'mustMapEnv(&svc.addr, "ORDER_HISTORY_SERVICE_ADDR")'),
        ("web/A.java", '@FeignClient(name = "order-history")\ninterface A {}'),
        ("web/A.java", 'String url = getServiceUrl("order-history");'),
        ("web/a.cs", 'new Uri("https+http://order-history")'),
        ("web/a.ts", "this.http.get(environment.orderHistoryServiceUrl)"),
        ("web/a.js", "await ctx.call('order-history.list')"),
        ("web/a.py", "requests.post('http://localhost:3500/v1.0/invoke/order-history/method/x')"),
        ("web/nginx.conf", "location / { proxy_pass http://${ORDER_HISTORY_HOST}:8080/; }"),
        (
            "web/application.yml",
            "spring:\n  cloud:\n    gateway:\n      routes:\n        - uri: lb://ORDER-HISTORY\n",
        ),
        ("web/appsettings.json", '{"ReverseProxy": {"Address": "http://order-history:8080"}}'),
        ("web/.env", "API_TARGET=http://order-history:80"),
    ],
)
def test_a_service_that_names_the_address_of_another_calls_it(path: str, text: str) -> None:
    graph = discovered(shop() | {path: text})
    assert calls(graph) == {("web", "order-history")}
    assert graph.edges[0].evidence.startswith(f"{path}:")


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("web/a.js", "// fetch('http://order-history:8080')"),
        ("web/a.py", "# http://order-history:80"),
        ("web/tests/a.test.js", "fetch('http://order-history:8080')"),
        ("web/a.js", "const allowedOrigins = ['http://order-history:3000']"),
        ("web/A.java", 'clients.inMemory().withClient("order-history");'),
        ("web/README.md", "http://order-history:8080"),
        ("web/a.js", "connect('mongodb://order-history:27017')"),
        ("notes/a.js", "fetch('http://order-history:8080')"),
    ],
)
def test_comments_tests_origins_and_strangers_call_nobody(path: str, text: str) -> None:
    assert calls(discovered(shop() | {path: text})) == set()


def test_compose_gives_addresses_through_its_variables_and_other_host_names() -> None:
    graph = discovered(
        shop(
            **{
                ".env": "HISTORY_ADDR=past:9000\n",
                "compose.yaml": """
                    services:
                      web:
                        build: web
                        environment: ["HISTORY_ADDR", "MODE=${MODE:-dev}"]
                      order-history:
                        build: {context: ./order-history}
                        hostname: past
                      db: {image: "postgres:16"}
                    """,
            }
        )
    )
    assert [(edge.source, edge.target, edge.evidence) for edge in graph.edges] == [
        ("web", "order-history", "compose.yaml:4")
    ]


def test_kubernetes_gives_addresses_and_a_shared_map_only_to_those_who_read_the_name() -> None:
    def workload(name: str) -> str:
        return f"""
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}}}
spec:
  template:
    metadata: {{labels: {{app: {name}}}}}
    spec:
      containers:
        - image: registry.invalid/{name}:1
          envFrom: [{{configMapRef: {{name: addresses}}}}]
---
apiVersion: v1
kind: Service
metadata: {{name: {name}-svc}}
spec: {{selector: {{app: {name}}}}}
"""

    config = """
apiVersion: v1
kind: ConfigMap
metadata: {name: addresses}
data:
  HISTORY_API: order-history-svc:8080
  WEB_API: web-svc:80
"""
    graph = discovered(
        shop()
        | {
            "deploy/web.yaml": workload("web"),
            "deploy/history.yaml": workload("order-history"),
            "deploy/config.yaml": config,
            "web/a.js": "fetch(process.env.HISTORY_API)",
        }
    )
    assert calls(graph) == {("web", "order-history")}


def test_settings_that_one_service_keeps_for_others_speak_for_those() -> None:
    graph = discovered(
        shop(
            **{
                "config/package.json": node("config"),
                "config/index.js": "app.listen(1)",
                "config/shared/web.yml": "url: http://order-history:80",
                "config/shared/order-history.yml": "port: 80",
                "config/shared/application.yml": "url: http://web:80",
            }
        )
    )
    assert calls(graph) == {("web", "order-history")}


def test_start_order_counts_only_where_nothing_better_is_known() -> None:
    compose = """
        services:
          web: {build: web, depends_on: [order-history, payments]}
          order-history: {build: order-history, depends_on: [payments]}
          payments: {build: payments}
        """
    files = shop(**{"compose.yaml": compose, "payments/Dockerfile": PYTHON_IMAGE, "payments/app.py": "x = 1"})
    graph = discovered(files | {"web/a.js": "fetch('http://order-history')"})
    assert calls(graph) == {("web", "order-history"), ("order-history", "payments")}


PROTO = 'syntax = "proto3";\npackage shop;\nservice HistoryService { rpc Get (A) returns (A); }\nmessage A { string id = 1; }\n'


@pytest.mark.parametrize(
    ("client", "server"),
    [
        (
            ("a.go", "c := pb.NewHistoryServiceClient(conn)"),
            ("b.go", "pb.RegisterHistoryServiceServer(s, x)"),
        ),
        (("a.py", "HistoryServiceStub(channel)"), ("b.py", "add_HistoryServiceServicer_to_server(x, s)")),
        (
            ("a.js", "new proto.HistoryService(addr, cred)"),
            ("b.js", "s.addService(proto.HistoryService.service, {})"),
        ),
        (
            ("A.java", "HistoryServiceGrpc.newBlockingStub(c);"),
            ("B.java", "class B extends HistoryServiceImplBase {}"),
        ),
        (
            ("A.cs", "o.AddGrpcClient<HistoryService.HistoryServiceClient>();"),
            ("B.cs", "class B : HistoryService.HistoryServiceBase {}"),
        ),
        (("a.rs", "HistoryServiceClient::connect(url)"), ("b.rs", "HistoryServiceServer::new(x)")),
        (
            ("a.ts", "client.getService<H>('HistoryService')"),
            ("b.ts", "@GrpcMethod('HistoryService', 'Get')"),
        ),
        (
            ("a.cc", "auto s = HistoryService::NewStub(c);"),
            ("b.cc", "class B : public HistoryService::Service {}"),
        ),
    ],
)
def test_a_stub_calls_whoever_serves_the_same_rpc_service(
    client: tuple[str, str], server: tuple[str, str]
) -> None:
    graph = discovered(
        shop()
        | {"protos/shop.proto": PROTO, f"web/{client[0]}": client[1], f"order-history/{server[0]}": server[1]}
    )
    assert calls(graph) == {("web", "order-history")}
    assert graph.edges[0].contract == "protos/shop.proto"
    assert graph.contracts[0].owner == "order-history"


def test_generated_code_names_every_client_and_calls_nobody() -> None:
    code = "class Gen { HistoryService.HistoryServiceClient c; }\n"
    files = shop() | {
        "protos/shop.proto": PROTO,
        "order-history/b.go": "pb.RegisterHistoryServiceServer(s, x)",
        "web/ShopGrpc.cs": "// <auto-generated>\n//     Generated by the protocol buffer compiler.\n" + code,
    }
    assert calls(discovered(files)) == set()
    assert calls(discovered(files | {"web/Own.cs": code})) == {("web", "order-history")}


def test_the_contract_of_a_call_is_the_only_one_that_its_target_owns() -> None:
    document = "openapi: 3.0.3\ninfo: {title: History, version: '1'}\npaths: {}\n"
    graph = discovered(
        shop()
        | {"contracts/order-history.openapi.yaml": document, "web/a.js": "fetch('http://order-history')"}
    )
    assert graph.edges[0].contract == "contracts/order-history.openapi.yaml"


def test_events_delivered_over_http_are_events_and_no_calls() -> None:
    compose = """
        services:
          web: {build: web, environment: {EVENTS_URL: "http://order-history:80/events"}}
          order-history: {build: order-history}
        """
    graph = discovered(shop(**{"compose.yaml": compose}))
    assert calls(graph) == set()
    assert events(graph) == {("web", "order-history")}
