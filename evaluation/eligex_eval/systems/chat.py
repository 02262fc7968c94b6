"""A language model with an OpenAI-compatible chat endpoint.

Every reply is cached on disk under the hash of its request, so a rerun asks nothing twice and a report can
be made again from the cache alone.  Latency is as measured when the reply was made; cost follows from the
token counts of the reply and the prices given.  The key is read from an environment variable, never from
an option, and is stored nowhere.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ..documents import Document, Input
from ..errors import SystemFailedError
from ..predictions import Prediction
from .prompt import messages, place

KEY_VARIABLE = "ELIGEX_CHAT_KEY"
RETRIED = frozenset({408, 409, 429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Reply:
    """The reply to one text."""

    content: str
    seconds: float
    tokens_in: int
    tokens_out: int
    cached: bool = False


class Chat:
    """Ask a chat endpoint for every text.

    Parameters
    ----------
    url
        The base address, such as ``http://127.0.0.1:8000/v1``.
    model
        The name of the model as the endpoint knows it.
    examples
        How many worked examples from the training documents go into the prompt.
    cache
        The folder of cached replies.
    price_in, price_out
        Price of a million tokens, for the cost column.
    timeout, retries
        Seconds for one request, and how often a busy or failing endpoint is asked again.
    """

    def __init__(
        self,
        url: str,
        *,
        model: str = "default",
        examples: int = 0,
        cache: Path | str = ".eligex-eval/replies",
        price_in: float = 0.0,
        price_out: float = 0.0,
        timeout: float = 120.0,
        retries: int = 3,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        if not url.startswith(("http://", "https://")):
            raise SystemFailedError("not an http address", where=url, remedy="Give it as chat:http://…/v1.")
        self.url = url.rstrip("/") + "/chat/completions"
        self.model = model
        self.name = f"chat:{model}"
        self.shots = int(examples)
        self.examples: list[Document] = []
        self.cache = Path(cache)
        self.prices = (float(price_in), float(price_out))
        self.timeout, self.retries, self.sleep = float(timeout), int(retries), sleep
        self.problems: list[tuple[str, str]] = []

    def describe(self) -> dict[str, Any]:
        """Return model, prompt and prices."""
        prompt = json.dumps(messages("", self.examples)).encode()
        return {
            "model": self.model,
            "examples": [d.id for d in self.examples],
            "prompt": hashlib.sha256(prompt).hexdigest()[:16],
            "price of a million tokens": self.prices,
        }

    def train(self, documents: Iterable[Document]) -> None:
        """Choose the worked examples: the shortest documents with at least five entities."""
        usable = [d for d in documents if len(d.gold.entities or ()) >= 5 or len(d.gold.atoms or ()) >= 2]
        self.examples = sorted(usable, key=lambda d: (len(d.text), d.id))[: self.shots]

    def predict(self, inputs: Iterable[Input]) -> Iterator[Prediction]:
        """Yield a result for every input."""
        for item in inputs:
            reply = self.ask(item.text)
            cost = (reply.tokens_in * self.prices[0] + reply.tokens_out * self.prices[1]) / 1e6
            placed = place(reply.content, item.text)
            self.problems += [(item.id, problem) for problem in placed.problems]
            yield placed.prediction(item.id, item.text, reply.seconds, cost)

    def ask(self, text: str) -> Reply:
        """Return the reply to one text, from the cache if it is there."""
        body = {
            "model": self.model,
            "messages": messages(text, self.examples),
            "temperature": 0,
            "seed": 1,
            "response_format": {"type": "json_object"},
        }
        request = json.dumps(body, ensure_ascii=False, sort_keys=True).encode("utf-8")
        key = hashlib.sha256(self.url.encode() + b"\0" + request).hexdigest()
        path = self.cache / key[:2] / f"{key}.json"
        if path.exists():
            return Reply(**{**json.loads(path.read_text("utf-8")), "cached": True})
        before = time.perf_counter()
        answer = self._post(request)
        reply = self._read(answer, time.perf_counter() - before)
        path.parent.mkdir(parents=True, exist_ok=True)
        stored = {"content": reply.content, "seconds": reply.seconds}
        stored |= {"tokens_in": reply.tokens_in, "tokens_out": reply.tokens_out}
        partial = path.with_suffix(".part")
        partial.write_text(json.dumps(stored, ensure_ascii=False), "utf-8")
        partial.replace(path)
        return reply

    def _read(self, answer: Any, seconds: float) -> Reply:
        try:
            content = answer["choices"][0]["message"]["content"] or ""
        except (KeyError, IndexError, TypeError) as error:
            raise SystemFailedError("the answer is not of the chat format", where=self.url) from error
        usage = answer.get("usage") or {}
        return Reply(
            str(content),
            seconds,
            int(usage.get("prompt_tokens") or 0),
            int(usage.get("completion_tokens") or 0),
        )

    def _post(self, body: bytes) -> Any:
        headers = {"Content-Type": "application/json"}
        if os.environ.get(KEY_VARIABLE):
            headers["Authorization"] = f"Bearer {os.environ[KEY_VARIABLE]}"
        last = ""
        for attempt in range(self.retries + 1):
            if attempt:
                self.sleep(min(2.0**attempt, 30.0))
            request = urllib.request.Request(self.url, data=body, headers=headers, method="POST")  # noqa: S310
            try:
                with urllib.request.urlopen(request, timeout=self.timeout) as response:  # noqa: S310
                    return json.loads(response.read().decode("utf-8"))
            except urllib.error.HTTPError as error:
                with error:
                    last = f"{error.code} {error.reason}"
                if error.code not in RETRIED:
                    break
            except (urllib.error.URLError, TimeoutError, ConnectionError) as error:
                last = str(getattr(error, "reason", error))
            except (json.JSONDecodeError, UnicodeDecodeError) as error:
                last = f"the answer is not JSON: {error}"
        raise SystemFailedError(
            f"no answer: {last}", where=self.url, remedy="Replies so far are cached; run again to go on."
        )
