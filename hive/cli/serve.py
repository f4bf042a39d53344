"""`hive serve`: the dashboard for browsers, on loopback unless one shares it on purpose."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from hive.cli.compose import Project
    from hive.cli.serving import Serving

PORT = 8470
RoleName = Literal["viewer", "reviewer", "operator"]


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(serve)


def serve(
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes any free one.")] = PORT,
    share: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Listen on this address instead of loopback.")
    ] = None,
    insecure_http: Annotated[
        bool, typer.Option(help="Share without TLS: whoever is on the network can read and take over.")
    ] = False,
    tls_cert: Annotated[Path | None, typer.Option(metavar="FILE", help="Certificate, PEM.")] = None,
    tls_key: Annotated[Path | None, typer.Option(metavar="FILE", help="Its key, PEM.")] = None,
    host_name: Annotated[
        list[str] | None, typer.Option(metavar="NAME", help="Answer for this host name too.")
    ] = None,
    origin: Annotated[
        list[str] | None, typer.Option(metavar="URL", help="Let pages of this origin in, such as a proxy's.")
    ] = None,
    link: Annotated[
        RoleName | None, typer.Option(help="Print a link to the running server for one browser.")
    ] = None,
    token: Annotated[
        RoleName | None, typer.Option(help="Print the token of a role, for programs and `hive tui --url`.")
    ] = None,
) -> None:
    """Serve the dashboard to a browser: the same truth as the terminal. Ending it stops no run."""
    import asyncio

    from hive.cli.bench import make_bench
    from hive.cli.compose import open_project
    from hive.cli.serving import Opening, link_to_running, prepare, token_of
    from hive.process import collect_seldom

    with open_project() as project:
        if token:
            print(token_of(project.layout.root, token))
            return
        if link:
            print(link_to_running(project.layout.root, link))
            return
        opening = Opening(
            address=share or "127.0.0.1",
            port=port,
            shared=share is not None,
            insecure=insecure_http,
            certificate=tls_cert,
            key=tls_key,
            names=tuple(host_name or ()),
            origins=tuple(origin or ()),
        )
        with prepare(project.layout.root, make_bench(project), opening) as serving:
            _announce(project, serving)
            collect_seldom()
            asyncio.run(serving.run())


def _announce(project: "Project", serving: "Serving") -> None:
    """Where it is; a link only for a terminal, because what is not one may be kept in a file."""
    print(f"hive serves {project.name} on {serving.url}")
    for line in serving.opens:
        print(f"  {line}")
    if sys.stdout.isatty():
        print("Open in a browser, once, within 15 minutes:")
        for role, url in serving.links().items():
            print(f"  {role:<9} {url}")
    print("A link for another browser: hive serve --link operator (or reviewer, viewer)")
    print(f"For programs: the token in {serving.secret_file}", flush=True)
