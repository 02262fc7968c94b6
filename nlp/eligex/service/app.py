"""The routes of the service: a page, one text, many texts, corrections, health, and the schema of it all."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from fastapi import FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.middleware.trustedhost import TrustedHostMiddleware

from eligex import __version__
from eligex.corrections.edits import edited
from eligex.errors import EligexError, InputError, TimeLimitError, WorkerError, failed
from eligex.invariants import problems
from eligex.schema import SCHEMA_VERSION, CriterionType, Source, TrialCriteria, json_schema
from eligex.service import pages
from eligex.service.guard import Guard
from eligex.service.saving import save
from eligex.service.settings import Settings
from eligex.service.workers import BusyError, Text, Workers

_RECORD = "TrialCriteria"
_NDJSON = "application/x-ndjson"
_STATUS = {TimeLimitError.code: 504, WorkerError.code: 500, "E900": 500}
"""The status of a record with an error; of all others it is 422."""
_ANSWERS: dict[int | str, dict[str, Any]] = {
    status: {
        "description": description,
        "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{_RECORD}"}}},
    }
    for status, description in (
        (200, "The record of the text, as in JSON Lines"),
        (422, "A record whose error says why the text cannot be read, or what is wrong with the request"),
        (504, "A record whose error says that the text took too long"),
    )
}


_LINES: dict[str, Any] = {
    "description": "A record for each line",
    "content": {_NDJSON: {"schema": {"$ref": f"#/components/schemas/{_RECORD}"}}},
}
_LINES_IN: dict[str, Any] = {
    "required": True,
    "content": {_NDJSON: {"schema": {"$ref": "#/components/schemas/ExtractRequest"}}},
}
_LONGEST_NAME = 200


class _Json(JSONResponse):
    """JSON in ASCII: half a character (a lone surrogate) is no UTF-8, and is answered as it was sent."""

    def render(self, content: Any) -> bytes:
        return json.dumps(content, allow_nan=False, separators=(",", ":")).encode("ascii")


class ExtractRequest(BaseModel):
    """A text to extract from."""

    model_config = ConfigDict(extra="forbid")
    text: str
    trial_id: str = Field("text", max_length=_LONGEST_NAME)
    type: CriterionType | None = None
    with_text: bool = False


class CorrectionsRequest(BaseModel):
    """A record, its text, and what is wrong with it."""

    model_config = ConfigDict(extra="forbid")
    record: dict[str, Any]
    text: str
    edits: list[dict[str, Any]] = Field(min_length=1, max_length=10_000)


def create_app(settings: Settings | None = None) -> Any:
    """Return the application, which loads its models when it starts.

    Raises
    ------
    InputError
        If the folder for corrections is none.
    """
    settings = settings or Settings()
    if settings.corrections is not None and not settings.corrections.is_dir():
        raise InputError(
            "there is no such folder for corrections",
            where=str(settings.corrections),
            remedy="Make it first.",
        )
    service = _Service(settings, Workers(settings))
    app: Any = FastAPI(
        title="eligex", version=__version__, lifespan=service.life, docs_url=None, redoc_url=None
    )
    service.add_to(app)
    app.add_exception_handler(BusyError, _busy)
    app.add_exception_handler(RequestValidationError, _wrong)
    app.state.workers = service.workers
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=[*settings.hosts])
    app.add_middleware(Guard, settings=settings)
    _describe(app)
    return app


@dataclass(slots=True)
class _Service:
    """What each route does."""

    settings: Settings
    workers: Workers

    def add_to(self, app: Any) -> None:
        page = {"response_class": HTMLResponse, "include_in_schema": False}
        app.add_api_route("/", self.index, methods=["GET"], **page)
        app.add_api_route("/view", self.view, methods=["POST"], **page)
        app.add_api_route("/extract", self.extract, methods=["POST"], responses=_ANSWERS)
        app.add_api_route(
            "/batch",
            self.batch,
            methods=["POST"],
            responses={200: _LINES},
            openapi_extra={"requestBody": _LINES_IN},
        )
        app.add_api_route("/corrections", self.corrections, methods=["POST"], status_code=201)
        app.add_api_route("/health", self.health, methods=["GET"])

    @asynccontextmanager
    async def life(self, _app: Any) -> AsyncIterator[None]:
        await self.workers.start()
        try:
            yield
        finally:
            await self.workers.stop()

    async def index(self) -> Response:
        return _page(pages.form(self.settings))

    async def view(self, request: Request) -> Response:
        given = _form(await request.body())
        words = given.get("text", "").replace("\r\n", "\n")
        name = given.get("trial_id", "").strip()[:_LONGEST_NAME]
        result = await self.workers.extract(Text(words, name or "text"))
        if result.error is not None:
            told = f"{result.error.code}: {result.error.message}"
            return _page(pages.form(self.settings, error=told, words=words, trial_id=name), _status(result))
        return _page(pages.result_page(result, words, self.settings))

    async def extract(self, body: ExtractRequest) -> Response:
        """Extract the criteria of one text."""
        result = await self.workers.extract(Text(**body.model_dump()))
        return _Json(result.to_dict(), _status(result))

    async def batch(self, request: Request) -> Response:
        """Extract the criteria of many texts: lines of JSON in, lines of JSON out, in the same order."""
        lines = [line for line in (await request.body()).split(b"\n") if line.strip()]
        if len(lines) > self.settings.max_batch:
            raise HTTPException(413, f"a batch has {self.settings.max_batch:,} texts at most")
        found = _batch(lines, self.workers, self.settings.workers)
        return StreamingResponse(found, media_type=_NDJSON)

    async def corrections(self, body: CorrectionsRequest) -> dict[str, str]:
        """Apply corrections to a record, and save it with its text."""
        if self.settings.corrections is None:
            raise HTTPException(403, "this service saves no corrections; start it with --corrections FOLDER")
        try:
            _check_version(body.record)
            before = TrialCriteria.from_dict({**body.record, "text": body.text})
            found = await asyncio.to_thread(_corrected, before, body.edits)
            file = await asyncio.to_thread(save, found, self.settings.corrections)
        except ValidationError as error:
            raise HTTPException(422, "the record is not one of this version of eligex") from error
        except EligexError as error:
            raise HTTPException(422, str(error)) from error
        return {"file": file.name}

    async def health(self) -> dict[str, Any]:
        """Say that the service works, and with what."""
        return {
            "status": "ok",
            "eligex": __version__,
            "schema_version": SCHEMA_VERSION,
            "model": self.settings.model,
            "workers": self.settings.workers,
            "corrections": self.settings.corrections is not None,
        }


async def _busy(_request: Request, error: Exception) -> Response:
    return JSONResponse({"detail": str(error)}, 503, headers={"Retry-After": "5"})


async def _wrong(_request: Request, error: Exception) -> Response:
    """Say what is wrong with a request, without what was sent."""
    found = error.errors() if isinstance(error, RequestValidationError) else []
    return _Json({"detail": [{key: each[key] for key in ("type", "loc", "msg")} for each in found]}, 422)


def _check_version(record: dict[str, Any]) -> None:
    version = record.get("schema_version")
    if version is not None and version != SCHEMA_VERSION:
        raise InputError(
            f"the record has the schema version {str(version)[:20]!r}; {SCHEMA_VERSION} is read",
            remedy="Extract again.",
        )


def _corrected(before: TrialCriteria, edits: list[dict[str, Any]]) -> TrialCriteria:
    broken = problems(before, before.text or "")
    if broken:
        raise InputError(f"the record does not fit its text: {broken[0]}", where=before.trial_id)
    return edited(before, edits)


async def _batch(lines: list[bytes], workers: Workers, at_once: int) -> AsyncIterator[bytes]:
    """Yield the records of lines in their order, as many at work as there are processes."""
    tasks: deque[asyncio.Task[TrialCriteria]] = deque()
    numbered = enumerate(lines, start=1)
    try:
        while True:
            for number, line in _first(numbered, at_once - len(tasks)):
                tasks.append(asyncio.create_task(_one(number, line, workers)))
            if not tasks:
                return
            result = await tasks.popleft()
            yield json.dumps(result.to_dict(), allow_nan=False).encode("ascii") + b"\n"
    finally:
        for task in tasks:
            task.cancel()


def _first(items: Iterator[tuple[int, bytes]], count: int) -> Iterator[tuple[int, bytes]]:
    for _ in range(count):
        item = next(items, None)
        if item is None:
            return
        yield item


async def _one(number: int, line: bytes, workers: Workers) -> TrialCriteria:
    """Return the record of a line; a line that is none, and one for which there is no place, is an error."""
    name = f"line {number}"
    try:
        asked = ExtractRequest.model_validate_json(line)
    except ValidationError as error:
        told = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
        return failed(name, Source("text", None, None, 0, 0), InputError(told.strip(": "), where=name))
    while True:
        try:
            return await workers.extract(Text(**asked.model_dump()))
        except BusyError:
            await asyncio.sleep(0.2)


def _form(body: bytes) -> dict[str, str]:
    try:
        given = parse_qs(body.decode("utf-8"), max_num_fields=10, keep_blank_values=True)
    except ValueError as error:
        raise HTTPException(400, "this is no form") from error
    return {key: values[0] for key, values in given.items()}


def _page(written: str, status: int = 200) -> Response:
    """Return a page; its own policy is in it, and a header keeps it out of frames."""
    return HTMLResponse(
        written.encode("utf-8", "replace"),
        status,
        headers={"Content-Security-Policy": "frame-ancestors 'none'"},
    )


def _status(result: TrialCriteria) -> int:
    return 200 if result.error is None else _STATUS.get(result.error.code, 422)


def _describe(app: Any) -> None:
    """Put the schema of the contract into the description that FastAPI has made and keeps."""
    contract = json.loads(json.dumps(json_schema()).replace("#/$defs/", "#/components/schemas/"))
    schemas = app.openapi().setdefault("components", {}).setdefault("schemas", {})
    schemas.update(contract.pop("$defs", {}))
    contract.pop("$schema", None)
    schemas[_RECORD] = contract
