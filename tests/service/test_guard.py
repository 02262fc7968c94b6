"""Limits of the service: how large, how slow, how many; and processes that hang or die."""

from __future__ import annotations

import asyncio
import os
import signal
from dataclasses import replace
from typing import Any

import pytest

from eligex.service.guard import Guard, Rate
from eligex.service.settings import Settings

SETTINGS = Settings(max_bytes=100, max_batch_bytes=1_000, body_time=0.3, rate=3, time_limit=10.0, workers=2)


def ask(
    chunks: list[tuple[float, bytes]],
    *,
    path: str = "/extract",
    size: int | None = None,
    guard: Any = None,
    swallow: bool = False,
) -> tuple[int, bytes]:
    """Return status and body of the answer to a request whose pieces arrive after so many seconds.

    With ``swallow`` the application takes whatever is raised for a broken body, as FastAPI does.
    """

    async def application(scope: Any, receive: Any, send: Any) -> None:
        body, more = b"", True
        status = 200
        try:
            while more:
                message = await receive()
                body, more = body + message.get("body", b""), message.get("more_body", False)
        except Exception:
            if not swallow:
                raise
            status = 400
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": body})

    async def run() -> tuple[int, bytes]:
        waiting = list(chunks)
        sent: list[Any] = []

        async def receive() -> Any:
            seconds, body = waiting.pop(0)
            await asyncio.sleep(seconds)
            return {"type": "http.request", "body": body, "more_body": bool(waiting)}

        async def send(message: Any) -> None:
            sent.append(message)

        headers = [] if size is None else [(b"content-length", str(size).encode())]
        scope = {"type": "http", "path": path, "client": ("10.0.0.1", 5), "headers": headers}
        await (guard or Guard(application, SETTINGS))(scope, receive, send)
        names = {name for name, _ in sent[0]["headers"]}
        assert {b"x-content-type-options", b"content-security-policy"} <= names
        return sent[0]["status"], sent[1]["body"]

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("chunks", "options", "status"),
    [
        pytest.param([(0, b"a" * 100)], {}, 200, id="fits"),
        pytest.param([(0, b"a" * 60), (0, b"a" * 60)], {}, 413, id="too-large-in-pieces"),
        pytest.param([(0, b"")], {"size": 50_000_000}, 413, id="too-large-as-announced"),
        pytest.param([(0, b"")], {"size": -5}, 413, id="size-that-is-none"),
        pytest.param([(0, b"a" * 900)], {"path": "/batch", "size": 900}, 200, id="batch"),
        pytest.param([(0, b"a"), (1.0, b"b")], {}, 408, id="too-slow"),
        pytest.param([(0.1, b"a")] * 30, {}, 408, id="drop-by-drop"),
        pytest.param([(0, b"a"), (1.0, b"b")], {"swallow": True}, 408, id="too-slow-taken-for-broken"),
        pytest.param([(0, b"a" * 60)] * 2, {"swallow": True}, 413, id="too-large-taken-for-broken"),
    ],
)
def test_size_and_time_of_a_request(chunks: Any, options: Any, status: int) -> None:
    assert ask(chunks, **options)[0] == status


def test_too_many_requests_are_refused() -> None:
    async def nothing(_scope: Any, _receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    guard = Guard(nothing, SETTINGS)
    assert [ask([(0, b"")], guard=guard)[0] for _ in range(4)] == [200, 200, 200, 429]
    assert ask([(0, b"")], guard=guard, path="/health")[0] == 200


def test_clients_are_counted_apart_and_forgotten() -> None:
    rate = Rate(1)
    assert rate.wait("a", 0.0) == 0.0
    assert rate.wait("b", 0.0) == 0.0
    assert rate.wait("a", 0.0) == pytest.approx(60)
    for number in range(10_001):
        rate.wait(str(number), 0.0)
    assert rate.wait("a", 0.0) == 0.0
    assert Rate(0).wait("a", 0.0) == 0.0


@pytest.mark.slow
def test_processes_that_hang_or_die_are_replaced(monkeypatch: pytest.MonkeyPatch) -> None:
    from eligex.service import workers as module
    from eligex.service.workers import Text, Workers

    monkeypatch.setattr(module, "_GRACE", 1.0)  # the test waits for it, and the time limit, once
    text = Text("Inclusion Criteria:\n- Age ≥ 18 years")

    async def run() -> tuple[list[Any], list[Any], Any]:
        workers = Workers(replace(SETTINGS, concepts=False))  # half the time to load, four times
        await workers.start()
        try:
            first, second = workers._workers
            os.kill(first._process.pid, signal.SIGKILL)
            os.kill(second._process.pid, signal.SIGSTOP)
            lost = await asyncio.gather(*(workers.extract(text) for _ in range(2)))
            again = await asyncio.gather(*(workers.extract(text) for _ in range(4)))
            waiting = [asyncio.create_task(workers.extract(text)) for _ in range(SETTINGS.waiting + 4)]
            many = await asyncio.gather(*waiting, return_exceptions=True)
            return lost, again, many
        finally:
            await workers.stop()

    lost, again, many = asyncio.run(run())
    assert sorted(each.error.code for each in lost) == ["E600", "E601"]
    assert [each.error for each in again] == [None] * 4
    assert sum(type(each).__name__ == "BusyError" for each in many) == 2
    assert sum(getattr(each, "error", "") is None for each in many) == SETTINGS.waiting + 2
