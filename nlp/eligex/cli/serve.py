"""``eligex serve``: the extraction as a page and as a service."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from eligex.cli import options
from eligex.cli.reporting import say
from eligex.errors import EligexError


def serve_cli(
    host: Annotated[
        str, typer.Option(help="Where to listen; by default for this machine alone. 0.0.0.0 is everywhere.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port.")] = 8000,
    corrections: Annotated[
        Path | None,
        typer.Option(
            metavar="FOLDER",
            help="Let results be corrected in the page, and save them here as JSON Lines with their texts.",
            show_default=False,
        ),
    ] = None,
    name: Annotated[
        list[str] | None,
        typer.Option(
            "--name",
            metavar="HOST",
            help="A name by which the service may be called, besides localhost; may repeat.",
            show_default=False,
        ),
    ] = None,
    model: options.Model = None,
    concepts: options.Concepts = True,
    vocabulary: options.Vocabularies = None,
    jobs: Annotated[int, typer.Option("--jobs", "-j", min=1, help="Processes, each with the model.")] = 2,
    time_limit: Annotated[
        float, typer.Option(min=0, help="Seconds that a text may take; 0 is no limit.")
    ] = 20.0,
    rate: Annotated[int, typer.Option(min=0, help="Requests of a client in a minute; 0 is no limit.")] = 240,
    max_mb: Annotated[float, typer.Option(min=0.001, help="Largest request with one text, in MB.")] = 2.0,
) -> None:
    """Serve a page with a box for a text, and the same extraction as POST /extract and POST /batch."""
    if find_spec("fastapi") is None or find_spec("uvicorn") is None:
        raise EligexError(
            "serving needs FastAPI and uvicorn, which are not installed",
            remedy='Install them with: pip install "eligex[web]"',
        )
    import uvicorn

    from eligex.service import Settings
    from eligex.service.app import create_app
    from eligex.service.settings import LOOPBACK

    settings = Settings(
        model=model,
        concepts=concepts,
        vocabularies=tuple(map(str, vocabulary or ())),
        workers=jobs,
        time_limit=time_limit,
        rate=rate,
        max_bytes=int(max_mb * 1e6),
        corrections=corrections,
        hosts=(*LOOPBACK, host, *(name or ())),
    )
    app = create_app(settings)
    app.state.workers.load()
    say(f"http://{f'[{host}]' if ':' in host else host}:{port}/ (Ctrl-C ends it)")
    uvicorn.run(
        app,
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_keep_alive=15,
    )
