"""An OpenAI-compatible server on this machine that answers as scripted, or as a function says.

    with model_server([Status(429, headers={"retry-after": "1"}), Answer('{"trials": []}')]) as server:
        ask(server.base_url)
    assert len(server.requests) == 2

The last behaviour of a script is repeated. ``model_server(respond)`` calls a function with each request's JSON; what
it returns is the answer. An answer is wrapped as it was asked for: as a tool call where tools were sent.
"""

from __future__ import annotations

import contextlib
import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

USAGE = {
    "prompt_tokens": 100,
    "completion_tokens": 10,
    "total_tokens": 110,
    "prompt_tokens_details": {"cached_tokens": 40},
}


@dataclass(frozen=True)
class Answer:
    """A reply with status 200."""

    content: str | None = "{}"
    """The answer."""
    finish_reason: str = "stop"
    refusal: str | None = None
    is_tool_call: bool | None = None
    """Whether the answer is a tool call; None: when the request held tools."""
    usage: Mapping[str, Any] | None = field(default_factory=lambda: USAGE)

    def body(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """The reply's JSON."""
        message: dict[str, Any] = {"role": "assistant", "content": self.content, "refusal": self.refusal}
        is_tool_call = "tools" in request if self.is_tool_call is None else self.is_tool_call
        if is_tool_call and self.content:
            name = request["tools"][0]["function"]["name"]
            function = {"name": name, "arguments": self.content}
            message |= {"content": None, "tool_calls": [{"id": "call-1", "type": "function", "function": function}]}
        return {
            "id": "reply-1",
            "object": "chat.completion",
            "created": 0,
            "model": request["model"],
            "choices": [{"index": 0, "finish_reason": self.finish_reason, "message": message}],
            "usage": self.usage,
        }


@dataclass(frozen=True)
class Status:
    """A reply with a status and a body of its own."""

    status: int
    body: object = None
    """What is sent as JSON; text is sent as HTML."""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Hang:
    """No reply for so many seconds, then a closed connection."""

    seconds: float = 30.0


@dataclass(frozen=True)
class Drop:
    """A connection closed in the middle of the body."""


Behaviour = Answer | Status | Hang | Drop
Respond = Callable[[dict[str, Any]], str]


class ModelServer(ThreadingHTTPServer):
    """The server; make it with :func:`model_server`."""

    daemon_threads = True

    def __init__(self, script: Sequence[Behaviour] | Respond) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.requests: list[dict[str, Any]] = []
        """JSON of each request."""
        self.headers: list[dict[str, str]] = []
        """Headers of each request, names in lower case."""
        self.connections: list[socket.socket] = []
        """One for each connection that was made."""
        self.closing = threading.Event()
        self._script = script
        self._lock = threading.Lock()

    @property
    def base_url(self) -> str:
        """Address to give to a client."""
        return f"http://127.0.0.1:{self.server_address[1]}/v1"

    def behaviour(self, request: dict[str, Any], headers: dict[str, str]) -> Behaviour:
        """Record a request and choose what to do with it."""
        with self._lock:
            self.requests.append(request)
            self.headers.append(headers)
            number = len(self.requests)
        if callable(self._script):
            return Answer(self._script(request))
        return self._script[min(number, len(self._script)) - 1]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients that give up are part of the tests."""


@contextlib.contextmanager
def model_server(script: Sequence[Behaviour] | Respond) -> Iterator[ModelServer]:
    """Run a server for the length of a block."""
    with ModelServer(script) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.closing.set()
            server.shutdown()
            thread.join()
            for connection in server.connections:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)


def closed_port() -> int:
    """A port of this machine on which nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        return cast("int", server.getsockname()[1])


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: ModelServer

    def setup(self) -> None:
        super().setup()
        self.server.connections.append(self.connection)

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        headers = {name.lower(): value for name, value in self.headers.items()}
        match self.server.behaviour(request, headers):
            case Answer() as answer:
                self._send(200, answer.body(request))
            case Status() as status:
                self._send(status.status, status.body, status.headers)
            case Hang() as hang:
                self.server.closing.wait(hang.seconds)
                self.close_connection = True
            case Drop():
                self._send(200, Answer().body(request), cut=20)
                self.close_connection = True

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - its name in the base class
        """Say nothing."""

    def _send(
        self, status: int, body: object, headers: Mapping[str, str] | None = None, *, cut: int | None = None
    ) -> None:
        is_page = isinstance(body, str)
        data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("content-type", "text/html" if is_page else "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data[:cut])
