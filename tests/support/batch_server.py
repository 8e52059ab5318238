"""A batch service on this machine that keeps OpenAI's documented rules, for the official client.

    with batch_server(lambda body: Answer('{"trials": []}')) as server:
        upload_and_create(server.base_url)
        server.finish()
        collect(server.base_url)
    assert server.answered == {"row-1": 1} and not server.direct_calls

Nothing happens by itself. The test moves every batch by ``advance()`` (one step: validating, in_progress, finalizing,
completed), ``finish()``, ``work(2)`` (two requests of each batch) or ``expire()``; what ``before_poll`` holds is called
whenever a client asks for a batch, as in ``server.before_poll = server.advance``. ``disturb("create", Drop())`` spoils
the next such call: `Status` and `Hang` leave it undone, `Drop` does it and loses the reply. The openai client tries
again by itself unless its `max_retries` is 0, and so does twice what was dropped.
"""

from __future__ import annotations

import contextlib
import itertools
import json
import socket
import threading
import time
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

from tests.support import model_server
from tests.support.batch_files import (
    CANCELLED,
    ENDED,
    EXPIRED,
    KEPT,
    QUEUE_IS_FULL,
    WINDOW,
    Batch,
    Limits,
    RefusalError,
    StoredFile,
    check_order,
    check_upload,
    error_body,
    is_success,
    jsonl,
    page,
    parse_form,
    problem,
    read_requests,
    result_line,
    shuffled,
    undone_line,
)
from tests.support.model_server import Answer, Behaviour, Drop, Hang, ModelServer, Respond, Status

Operation = Literal["upload", "files", "file", "download", "delete", "create", "batches", "retrieve", "cancel"]
Said = str | Answer | Status | Hang

STEP = 60  # seconds that one step takes, by the server's clock
DOCUMENTED = Limits()
NO_DIRECT_CALLS = (Status(500, error_body("A batch makes no direct calls.")),)


@dataclass(frozen=True)
class Call:
    """What a client sent."""

    query: Mapping[str, str]
    content_type: str
    content: bytes


@dataclass(frozen=True)
class Reply:
    """What a client gets."""

    status: int
    body: object
    """Bytes are sent as they are, text as HTML, all else as JSON."""
    headers: Mapping[str, str] = field(default_factory=dict)
    is_lost: bool = False
    """Whether the connection ends in the middle of the body."""


class BatchServer(ModelServer):
    """The server; make it with :func:`batch_server`."""

    def __init__(
        self,
        respond: Callable[[dict[str, Any]], Said],
        limits: Limits,
        direct: Sequence[Behaviour] | Respond,
        tokens: Callable[[dict[str, Any]], int],
        seed: int,
    ) -> None:
        super().__init__(direct)
        self.RequestHandlerClass = _Handler
        self.now = int(time.time())
        """The server's clock in seconds; it stands still between the test's moves."""
        self.files: dict[str, StoredFile] = {}
        self.batches: dict[str, Batch] = {}
        self.calls: list[Operation] = []
        """Every call of the file and batch interface, in order."""
        self.answered: Counter[str] = Counter()
        """By custom_id: how often `respond` was asked, over all batches."""
        self.paid: Counter[str] = Counter()
        """The same, of requests that ended with status 200."""
        self.before_poll: Callable[[], object] = lambda: None
        """Called before a batch is shown to a client."""
        self.bugs: list[Exception] = []
        """What the server, or `respond`, raised while a client waited; the first is raised when the block ends."""
        self._respond = respond
        self._limits = limits
        self._tokens = tokens
        self._seed = seed
        self._spoilt: defaultdict[Operation, deque[Status | Hang | Drop]] = defaultdict(deque)
        self._numbers = itertools.count(1)
        self._state = threading.RLock()

    @property
    def direct_calls(self) -> list[dict[str, Any]]:
        """JSON of each call that went to /v1/chat/completions."""
        return self.requests

    def disturb(self, operation: Operation, *behaviours: Status | Hang | Drop) -> None:
        """Spoil the next calls of an operation, one by each behaviour."""
        self._spoilt[operation].extend(behaviours)

    # ------------------------------------------------------------------------------------------ the test moves time

    def advance(self) -> None:
        """Move every batch that is under way one step."""
        with self._state:
            self.now += STEP
            for batch in self.batches.values():
                match batch.status:
                    case "validating":
                        self._validate(batch)
                    case "in_progress":
                        self._do(batch, len(batch.waiting))
                        self._move(batch, "finalizing")
                    case "finalizing":
                        self._end(batch, "completed")
                    case "cancelling":
                        self._end(batch, "cancelled")

    def finish(self) -> None:
        """Advance until every batch has ended."""
        with self._state:
            while any(batch.status not in ENDED for batch in self.batches.values()):
                self.advance()

    def work(self, some: int | Collection[str]) -> None:
        """Do some requests of each batch, so many or those with these ids; the others wait on."""
        with self._state:
            for batch in self.batches.values():
                if batch.status == "validating":
                    self._validate(batch)
                if batch.status == "in_progress":
                    self._do(batch, some)

    def expire(self, done: int | Collection[str] = 0) -> None:
        """Let every batch that is under way run out of time, with some of its requests done."""
        with self._state:
            self.work(done)
            under_way = [batch for batch in self.batches.values() if batch.status not in (*ENDED, "cancelling")]
            self.now = max([self.now, *(batch.created_at + WINDOW for batch in under_way)])
            for batch in under_way:
                self._end(batch, "expired", EXPIRED)

    def pass_time(self, seconds: int) -> None:
        """Move the clock: files that are too old vanish. Batches stay where they are."""
        with self._state:
            self.now += seconds
            self.files = {name: file for name, file in self.files.items() if file.expires_at > self.now}

    def _move(self, batch: Batch, status: str) -> None:
        batch.status = status
        batch.times[status] = self.now

    def _validate(self, batch: Batch) -> None:
        name = batch.order["input_file_id"]
        file = self.files.get(name)
        if file is None or file.purpose != "batch":
            message = f"Cannot find file {name}, or the project does not have access to it."
            batch.problems = [problem("invalid_request", message, param="file_id")]
        else:
            requests, batch.problems = read_requests(file.content, batch.order["endpoint"], self._limits)
            if not batch.problems:
                batch.model = requests[0].body["model"]
                batch.tokens = sum(self._tokens(request.body) for request in requests)
                batch.problems = self._queue_problems(batch)
            if not batch.problems:
                batch.total = len(requests)
                batch.waiting = {
                    request.custom_id: request for request in shuffled(requests, f"{self._seed} {batch.id}")
                }
        self._move(batch, "failed" if batch.problems else "in_progress")

    def _queue_problems(self, batch: Batch) -> list[dict[str, Any]]:
        limit = self._limits.enqueued_tokens.get(str(batch.model))
        others = (other for other in self.batches.values() if other.model == batch.model and other is not batch)
        queued = sum(other.tokens for other in others if other.status not in ENDED)
        is_full = limit is not None and queued + batch.tokens > limit
        return [problem("token_limit_exceeded", QUEUE_IS_FULL.format(batch.model, limit))] if is_full else []

    def _do(self, batch: Batch, some: int | Collection[str]) -> None:
        waiting = list(batch.waiting)
        for name in waiting[:some] if isinstance(some, int) else [name for name in waiting if name in some]:
            request = batch.waiting[name]
            self.answered[name] += 1
            said = self._respond(request.body)
            said = Answer(said) if isinstance(said, str) else said
            del batch.waiting[name]
            line = result_line(next(self._numbers), request, said)
            if is_success(line):
                self.paid[name] += 1
                batch.done.append(line)
            else:
                batch.failed.append(line)

    def _end(self, batch: Batch, status: str, why: Mapping[str, str] = CANCELLED) -> None:
        left = [undone_line(next(self._numbers), request, why) for request in batch.waiting.values()]
        kept = (batch.order.get("output_expires_after") or {}).get("seconds", KEPT)
        if batch.done:
            batch.output_file_id = self._store(f"{batch.id}_output.jsonl", "batch_output", jsonl(batch.done), kept).id
        if batch.failed or left:
            lines = jsonl([*batch.failed, *left])
            batch.error_file_id = self._store(f"{batch.id}_error.jsonl", "batch_output", lines, kept).id
        self._move(batch, status)

    def _store(self, filename: str, purpose: str, content: bytes, kept: int = KEPT) -> StoredFile:
        file = StoredFile(f"file-{next(self._numbers)}", filename, purpose, content, self.now, self.now + kept)
        self.files[file.id] = file
        return file

    # --------------------------------------------------------------------------------------------- the client calls

    def reply(self, method: str, path: str, call: Call) -> Reply | None:
        """What a call is answered with; None: the connection is closed."""
        try:
            operation, act = self._route(method, path)
            with self._state:
                self.calls.append(operation)
                spoilt = self._spoilt[operation].popleft() if self._spoilt[operation] else None
                if spoilt is None or isinstance(spoilt, Drop):
                    return Reply(200, act(call), is_lost=spoilt is not None)
        except RefusalError as refusal:
            return Reply(refusal.status, refusal.body)
        if isinstance(spoilt, Status):
            return Reply(spoilt.status, spoilt.body or error_body("As the test wished."), spoilt.headers)
        self.closing.wait(spoilt.seconds)
        return None

    def _route(self, method: str, path: str) -> tuple[Operation, Callable[[Call], object]]:
        route: tuple[Operation, Callable[[Call], object]]
        match [method, *path.removeprefix("/v1/").split("/")]:
            case ["POST", "files"]:
                route = "upload", self._upload
            case ["GET", "files"]:
                route = "files", lambda call: page(list(self.files.values()), call.query, 10_000)
            case ["GET", "files", name]:
                route = "file", lambda _: self._file(name).body()
            case ["GET", "files", name, "content"]:
                route = "download", lambda _: self._file(name).content
            case ["DELETE", "files", name]:
                route = "delete", lambda _: self._delete(name)
            case ["POST", "batches"]:
                route = "create", self._create
            case ["GET", "batches"]:
                route = "batches", lambda call: page(list(self.batches.values()), call.query, 20)
            case ["GET", "batches", name]:
                route = "retrieve", lambda _: self._retrieve(name)
            case ["POST", "batches", name, "cancel"]:
                route = "cancel", lambda _: self._cancel(name)
            case _:
                raise RefusalError(404, f"Invalid URL ({method} {path})")
        return route

    def _upload(self, call: Call) -> object:
        part = check_upload(parse_form(call.content_type, call.content))
        return self._store(str(part.filename), "batch", part.content).body()

    def _file(self, name: str) -> StoredFile:
        if name not in self.files:
            raise RefusalError(404, f"No such File object: {name}", "id")
        return self.files[name]

    def _delete(self, name: str) -> object:
        del self.files[self._file(name).id]
        return {"id": name, "object": "file", "deleted": True}

    def _create(self, call: Call) -> object:
        order = json.loads(call.content)
        check_order(order)
        name = f"batch_{next(self._numbers)}"
        batch = self.batches[name] = Batch(name, order, self.now)
        return batch.body()

    def _retrieve(self, name: str) -> object:
        self.before_poll()
        return self._batch(name).body()

    def _cancel(self, name: str) -> object:
        batch = self._batch(name)
        if batch.status in {"completed", "failed", "expired"}:
            raise RefusalError(409, f"Cannot cancel a batch with status '{batch.status}'.")
        if batch.status not in {"cancelling", "cancelled"}:
            self._move(batch, "cancelling")
        return batch.body()

    def _batch(self, name: str) -> Batch:
        if name not in self.batches:
            raise RefusalError(404, f"No batch found with id '{name}'.")
        return self.batches[name]


@contextlib.contextmanager
def batch_server(
    respond: Callable[[dict[str, Any]], Said] = lambda _: Answer(),
    *,
    limits: Limits = DOCUMENTED,
    direct: Sequence[Behaviour] | Respond = NO_DIRECT_CALLS,
    tokens: Callable[[dict[str, Any]], int] = lambda body: len(json.dumps(body.get("messages", ""))) // 4,
    seed: int = 0,
) -> Iterator[BatchServer]:
    """Run a server for the length of a block.

    Args:
        respond: What the body of a request is answered with: text, an `Answer`, a `Status` or, as one that timed out,
            a `Hang`. Called once for each request, when its batch is worked on.
        limits: What a batch may hold.
        direct: How /v1/chat/completions behaves.
        tokens: Prompt tokens of a body, for `limits`.
        seed: Of the order in which requests are done.
    """
    with BatchServer(respond, limits, direct, tokens, seed) as server:
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
    if server.bugs:
        raise server.bugs[0]


class _Handler(model_server._Handler):
    disable_nagle_algorithm = True  # else a body waits 40 ms for the client to acknowledge the head
    server: BatchServer

    def do_GET(self) -> None:  # noqa: N802 - http.server's name
        self._serve()

    def do_DELETE(self) -> None:  # noqa: N802 - http.server's name
        self._serve()

    def do_POST(self) -> None:  # noqa: N802 - http.server's name
        if urlsplit(self.path).path == "/v1/chat/completions":
            super().do_POST()
        else:
            self._serve()

    def _serve(self) -> None:
        url = urlsplit(self.path)
        query = {name: values[-1] for name, values in parse_qs(url.query).items()}
        content = self.rfile.read(int(self.headers.get("content-length", 0)))
        call = Call(query, self.headers.get("content-type", ""), content)
        try:
            reply = self.server.reply(self.command, url.path, call)
        except Exception as bug:
            self.server.bugs.append(bug)
            self._send_reply(Reply(500, error_body(f"The stand-in broke: {bug!r}")))
            raise
        if reply is None:
            self.close_connection = True
        else:
            self._send_reply(reply)

    def _send_reply(self, reply: Reply) -> None:
        match reply.body:
            case bytes(data):
                kind = "application/octet-stream"
            case str(text):
                data, kind = text.encode(), "text/html"
            case body:
                data, kind = json.dumps(body).encode(), "application/json"
        self.send_response(reply.status)
        for name, value in {**reply.headers, "content-type": kind, "content-length": str(len(data))}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data[: len(data) // 2] if reply.is_lost else data)
        self.close_connection = self.close_connection or reply.is_lost
