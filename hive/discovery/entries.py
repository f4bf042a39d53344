"""Where programs start: main functions and servers in source files."""

import re
from posixpath import basename

from hive.discovery.facts import Entry

_SERVERS: dict[str, tuple[str, ...]] = {
    "java": (
        r"SpringApplication\s*\.\s*run|@SpringBootApplication|SpringApplicationBuilder",
        r"Micronaut\.(run|build)|@QuarkusMain|ServerBuilder\s*\.?\s*forPort",
    ),
    "kotlin": (
        r"runApplication<|SpringApplication\.run|embeddedServer\(|Micronaut\.(run|build)|io\.ktor\.server",
    ),
    "scala": (r"Http\(\)\s*\.(bind|newServerAt)|HttpServer|EmberServerBuilder|BlazeServerBuilder",),
    "go": (
        r"ListenAndServe|grpc\.NewServer|gin\.(Default|New)\(|echo\.New\(|fiber\.New\(|micro\.NewService",
        r"\.Serve\(|chi\.NewRouter|kratos\.New|fx\.New\(",
    ),
    "python": (
        r"\bFastAPI\(|\bFlask\(|uvicorn\.run|grpc\.server\(|grpc\.aio\.server|\bStarlette\(|web\.Application\(",
        r"\bSanic\(|execute_from_command_line|get_wsgi_application|from nameko\.rpc import rpc|\bCelery\(",
    ),
    "javascript": (
        r"\.listen\(|NestFactory\s*\.\s*create|createServer\(|ReactDOM\.|createRoot\(|createApp\(",
        r"new ServiceBroker|bootstrapModule|new grpc\.Server",
    ),
    "csharp": (
        r"WebApplication\s*\.\s*Create|Host\s*\.\s*CreateDefaultBuilder|Host\s*\.\s*CreateApplicationBuilder",
        r"WebHost\s*\.|WebAssemblyHostBuilder|CreateHostBuilder",
    ),
    "rust": (r"HttpServer::new|axum::|warp::|rocket::|Server::builder\(|tonic::transport",),
    "php": (r"Illuminate\\Contracts\\Http\\Kernel|new\s+Kernel\(|AppFactory::create|new\s+\\?Slim\\App",),
    "ruby": (r"Sinatra|Rails\.application|Rack::|GRPC::RpcServer",),
    "elixir": (r"use Application\b|Phoenix\.Endpoint",),
    "cpp": (r"ServerBuilder|TThreadedServer|TNonblockingServer|httplib::Server|crow::SimpleApp",),
}
_STARTS = {language: re.compile("|".join(parts)) for language, parts in _SERVERS.items()}
_PROGRAMS: dict[str, re.Pattern[str]] = {
    "java": re.compile(r"public\s+static\s+void\s+main\s*\("),
    "kotlin": re.compile(r"^[ \t]*(suspend\s+)?fun\s+main\s*\(", re.MULTILINE),
    "go": re.compile(r"^func\s+main\(\)", re.MULTILINE),
    "python": re.compile(r"__name__\s*==\s*[\"']__main__[\"']"),
    "csharp": re.compile(r"static\s+(async\s+)?(Task|void|int|Task<int>)\s+Main\s*\("),
    "rust": re.compile(r"^[ \t]*(async\s+)?fn\s+main\s*\(", re.MULTILINE),
    "cpp": re.compile(r"^[ \t]*int\s+main\s*\(", re.MULTILINE),
}
_SAME = {"typescript": "javascript", "c": "cpp"}


def entry_of(path: str, language: str, text: str) -> Entry | None:
    """What starts in a file, if anything."""
    key = _SAME.get(language, language)
    if "DistributedApplication.CreateBuilder" in text:
        return None
    program = key in _PROGRAMS and bool(_PROGRAMS[key].search(text))
    if key in _STARTS and _STARTS[key].search(text):
        needs_main = key in ("go", "rust", "cpp") and not program
        return None if needs_main else "server"
    if key == "php" and basename(path) == "index.php":
        return "program"
    return "program" if program else None
