"""What stands before every request: its size, how long it may take to arrive, how many there may be.

Pure ASGI, so that a request that is too large is refused while it arrives and not when it is in memory.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from typing import Any

from eligex.service.settings import Settings

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[MutableMapping[str, Any], Receive, Send], Awaitable[None]]
_CLIENTS = 10_000
"""The most clients that are remembered; the one that was quiet longest is forgotten."""
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""Headers of every answer."""
STRICT = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
"""The content security policy of what is no page."""


class _RefusedError(Exception):
    """A request that is answered at once."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status, self.detail = status, detail


@dataclass(slots=True)
class _Bucket:
    left: float
    since: float


class Rate:
    """How many requests each client may still make: ``rate`` at once, and as many in a minute.

    >>> rate = Rate(2)
    >>> [rate.wait("a", now) for now in (0.0, 0.0, 0.0, 30.0)]
    [0.0, 0.0, 30.0, 0.0]
    """

    def __init__(self, rate: int) -> None:
        self._rate = rate
        self._clients: OrderedDict[str, _Bucket] = OrderedDict()

    def wait(self, client: str, now: float) -> float:
        """Count a request; return in how many seconds it would be allowed, 0 if it is."""
        if not self._rate:
            return 0.0
        bucket = self._clients.setdefault(client, _Bucket(float(self._rate), now))
        self._clients.move_to_end(client)
        if len(self._clients) > _CLIENTS:
            self._clients.popitem(last=False)
        speed = self._rate / 60
        bucket.left = min(self._rate, bucket.left + (now - bucket.since) * speed)
        bucket.since = now
        if bucket.left < 1:
            return (1 - bucket.left) / speed
        bucket.left -= 1
        return 0.0


class Guard:
    """Refuses requests that are too large, too slow or too many, and sets the headers of answers."""

    def __init__(self, app: Application, settings: Settings) -> None:
        self._app, self._settings = app, settings
        self._rate = Rate(settings.rate)

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer a request, or pass it on."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False
        stopped: list[_RefusedError] = []

        async def answer(message: Message) -> None:
            nonlocal started
            if stopped and not started:
                return  # what reads the body may take the refusal for a broken body, and answer that
            if message["type"] == "http.response.start":
                started = True
                message["headers"] = _with_headers(message["headers"])
            await send(message)

        try:
            self._check(scope)
            await self._app(scope, self._limited(scope, receive, stopped), answer)
        except _RefusedError as refused:
            stopped = [refused]
        if stopped and not started:
            refusal = stopped.pop()
            await _refuse(refusal, answer)

    def _check(self, scope: MutableMapping[str, Any]) -> None:
        client = scope.get("client") or ("", 0)
        if scope["path"] != "/health" and (seconds := self._rate.wait(client[0], time.monotonic())):
            raise _RefusedError(429, f"too many requests; try again in {seconds:.0f} seconds")
        size = dict(scope["headers"]).get(b"content-length", b"0")
        if not size.isdigit() or int(size) > self._limit(scope):
            raise _RefusedError(413, f"a request has {self._limit(scope):,} bytes at most")

    def _limit(self, scope: MutableMapping[str, Any]) -> int:
        return self._settings.max_batch_bytes if scope["path"] == "/batch" else self._settings.max_bytes

    def _limited(
        self, scope: MutableMapping[str, Any], receive: Receive, stopped: list[_RefusedError]
    ) -> Receive:
        """Return what receives a body within its limits; a refusal is raised, and is in ``stopped``, too."""
        arrived, until = 0, time.monotonic() + self._settings.body_time
        whole = False

        def refuse(status: int, detail: str) -> _RefusedError:
            stopped.append(_RefusedError(status, detail))
            return stopped[-1]

        async def limited() -> Message:
            nonlocal arrived, whole
            if whole:  # what comes then is only that the client goes away
                return await receive()
            try:
                message = await asyncio.wait_for(receive(), max(until - time.monotonic(), 0.01))
            except TimeoutError:
                raise refuse(408, "the request took too long to arrive") from None
            arrived += len(message.get("body", b""))
            whole = not message.get("more_body", False)
            if arrived > self._limit(scope):
                raise refuse(413, f"a request has {self._limit(scope):,} bytes at most")
            return message

        return limited


def _with_headers(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    there = {name.lower() for name, _ in headers}
    more = HEADERS | {"Content-Security-Policy": STRICT}
    found = [(name.lower().encode(), value.encode()) for name, value in more.items()]
    return [*headers, *(each for each in found if each[0] not in there)]


async def _refuse(refused: _RefusedError, send: Send) -> None:
    body = json.dumps({"detail": refused.detail}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    headers += [(b"connection", b"close")] if refused.status in (408, 413) else []
    headers += [(b"retry-after", b"10")] if refused.status == 429 else []
    await send({"type": "http.response.start", "status": refused.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
