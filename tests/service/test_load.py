"""Many clients at once, and some that send nonsense, too much, or nothing: all are answered."""

from __future__ import annotations

import http.client
import json
import socket
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat
from typing import Any

import pytest

import eligex
import eligex_corpus

pytestmark = pytest.mark.slow
CLIENTS, TEXTS, HUGE = 8, 200, 50_000_000


def ask(address: str, path: str, body: Any, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(address.removeprefix("http://"), timeout=120)
    try:
        connection.request("POST", path, body, {"Content-Type": "application/json"} | (headers or {}))
        answer = connection.getresponse()
        return answer.status, answer.read()
    except (BrokenPipeError, ConnectionResetError):
        return 413, b""  # the service closed the line while the rest was being sent
    finally:
        connection.close()


def test_all_are_answered_and_the_limits_hold(address: str) -> None:
    texts = [each.text or "" for each in eligex_corpus.read_split()]
    asked = [json.dumps({"text": texts[n % len(texts)], "trial_id": f"T-{n}"}) for n in range(TEXTS)]
    name, _, port = address.removeprefix("http://").partition(":")
    silent = [socket.create_connection((name, int(port))) for _ in range(20)]
    try:
        for line in silent:
            line.sendall(b"POST /extract HTTP/1.1\r\nHost: localhost\r\nContent-Length: 90\r\n\r\n{")
        with ThreadPoolExecutor(CLIENTS + 3) as clients:
            nonsense = clients.map(
                ask, repeat(address), ["/extract", "/batch", "/view"] * 10, repeat("\x00{")
            )
            announced = clients.submit(ask, address, "/extract", "{", {"Content-Length": str(HUGE)})
            pieces = (b"a" * 100_000 for _ in range(HUGE // 100_000))
            sent = clients.submit(ask, address, "/batch", pieces)
            found = list(clients.map(ask, repeat(address), repeat("/extract"), asked))
            assert {status for status, _ in nonsense} <= {200, 400, 422}
            assert (announced.result()[0], sent.result()[0]) == (413, 413)
    finally:
        for line in silent:
            line.close()
    assert Counter(status for status, _ in found) == {200: TEXTS}
    records = [json.loads(body) for _, body in found]
    assert [each["trial_id"] for each in records] == [f"T-{n}" for n in range(TEXTS)]
    own = eligex.extract(texts[3])
    assert records[3]["criteria"] == json.loads(json.dumps(own.to_dict()))["criteria"]
    assert ask(address, "/extract", asked[0])[0] == 200
