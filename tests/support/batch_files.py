"""What the service of ``batch_server`` keeps: files and batches, how they are checked, shown and written.

Names of errors are those of OpenAI's service: documented, or reported by its users where the documents give none.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from email.message import Message
from http import HTTPStatus
from typing import Any

from tests.support.model_server import Answer, Hang, Status

REQUESTS = 50_000
FILE_BYTES = 200_000_000
"""The documented 200 MB, read the narrow way; users report 209,715,200."""
KEPT = 30 * 24 * 3600
"""Seconds for which a file stays."""
ENDPOINTS = ("/v1/chat/completions", "/v1/completions", "/v1/embeddings", "/v1/responses")
WINDOW = 24 * 3600
ENDED = ("completed", "failed", "expired", "cancelled")
EXPIRED = {
    "code": "batch_expired",
    "message": "This request could not be executed before the completion window expired.",
}
CANCELLED = {"code": "batch_cancelled", "message": "The batch was cancelled before this request executed."}
QUEUE_IS_FULL = (
    "Enqueued token limit reached for {} in organization org-test. Limit: {:,} enqueued tokens. Please try again once "
    "some in_progress batches have been completed."
)
TIMED_OUT = {"code": "request_timeout", "message": "The underlying call to the model timed out."}


class RefusalError(Exception):
    """A call is answered with an error."""

    def __init__(self, status: int, message: str, param: str | None = None, code: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.body = error_body(message, param=param, code=code)


@dataclass(frozen=True)
class Limits:
    """What one batch may hold, and how much may wait."""

    requests: int = REQUESTS
    file_bytes: int = FILE_BYTES
    enqueued_tokens: Mapping[str, int] = field(default_factory=dict)
    """By model: prompt tokens of all batches that are under way; a model without one has no limit."""


@dataclass(frozen=True)
class StoredFile:
    """A file on the server."""

    id: str
    filename: str
    purpose: str
    content: bytes
    created_at: int
    expires_at: int

    def body(self) -> dict[str, Any]:
        """The file object."""
        return {
            "id": self.id,
            "object": "file",
            "bytes": len(self.content),
            "created_at": self.created_at,
            "expires_at": self.expires_at,
            "filename": self.filename,
            "purpose": self.purpose,
            "status": "processed",
            "status_details": None,
        }

    def lines(self) -> list[dict[str, Any]]:
        """The JSON of each line."""
        return [json.loads(line) for line in self.content.split(b"\n") if line]


@dataclass(frozen=True)
class BatchRequest:
    """One line of an input file."""

    custom_id: str
    body: dict[str, Any]


@dataclass(frozen=True)
class Part:
    """One field of a form."""

    filename: str | None
    content: bytes


@dataclass
class Batch:
    """A batch, as the server knows it."""

    id: str
    order: dict[str, Any]
    """What was asked for when it was created."""
    created_at: int
    status: str = "validating"
    times: dict[str, int] = field(default_factory=dict)
    """By status: when it got there."""
    model: str | None = None
    total: int = 0
    tokens: int = 0
    """Prompt tokens of all its requests."""
    waiting: dict[str, BatchRequest] = field(default_factory=dict)
    """By custom_id: what is not done yet, in the order in which it will be."""
    done: list[dict[str, Any]] = field(default_factory=list)
    """Lines of the output file."""
    failed: list[dict[str, Any]] = field(default_factory=list)
    """Lines of the error file: requests that were tried."""
    problems: list[dict[str, Any]] = field(default_factory=list)
    output_file_id: str | None = None
    error_file_id: str | None = None

    def body(self) -> dict[str, Any]:
        """The batch object."""
        return {
            "id": self.id,
            "object": "batch",
            "endpoint": self.order["endpoint"],
            "model": self.model,
            "errors": {"object": "list", "data": self.problems} if self.problems else None,
            "input_file_id": self.order["input_file_id"],
            "completion_window": self.order["completion_window"],
            "status": self.status,
            "output_file_id": self.output_file_id,
            "error_file_id": self.error_file_id,
            "created_at": self.created_at,
            "expires_at": self.created_at + WINDOW,
            **{f"{name}_at": self.times.get(name) for name in ("in_progress", "finalizing", "cancelling", *ENDED)},
            "request_counts": {"total": self.total, "completed": len(self.done), "failed": len(self.failed)},
            "usage": total_usage(self.done),
            "metadata": self.order.get("metadata"),
        }


def error_body(message: str, *, param: str | None = None, code: str | None = None) -> dict[str, Any]:
    """The JSON of a refusal."""
    return {"error": {"message": message, "type": "invalid_request_error", "param": param, "code": code}}


def problem(code: str, message: str, line: int | None = None, param: str | None = None) -> dict[str, Any]:
    """Why a batch failed, as it stands in its ``errors``."""
    return {"code": code, "message": message, "line": line, "param": param}


def parse_form(content_type: str, body: bytes) -> dict[str, Part]:
    """The fields of a multipart/form-data body by name, to the byte."""
    boundary = _header("content-type", content_type).get_param("boundary")
    if not isinstance(boundary, str):
        raise RefusalError(400, "The request is no multipart/form-data.")
    parts = {}
    for chunk in body.split(f"--{boundary}".encode())[1:-1]:
        head, _, content = chunk.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        headers = dict(line.split(": ", 1) for line in head.decode().split("\r\n"))
        disposition = _header("content-disposition", {k.lower(): v for k, v in headers.items()}["content-disposition"])
        filename = disposition.get_filename()
        name = disposition.get_param("name", header="content-disposition")
        parts[str(name)] = Part(filename, content.removesuffix(b"\r\n"))
    return parts


def check_upload(form: Mapping[str, Part]) -> Part:
    """The uploaded file. What it says is checked later, when a batch is made of it."""
    for name in ("file", "purpose"):
        if name not in form:
            raise RefusalError(400, f"Missing required parameter: '{name}'.", name, "missing_required_parameter")
    purpose = form["purpose"].content.decode()
    if purpose != "batch":
        raise RefusalError(400, f"Invalid value: '{purpose}'. This stand-in knows 'batch'.", "purpose", "invalid_value")
    if not (form["file"].filename or "").endswith(".jsonl"):
        raise RefusalError(400, "Invalid file format for Batch API. Must be .jsonl")
    return form["file"]


def check_order(order: Mapping[str, Any]) -> None:
    """Refuse to create a batch of what was asked for."""
    for name, values in (("input_file_id", None), ("endpoint", ENDPOINTS), ("completion_window", ("24h",))):
        if name not in order:
            raise RefusalError(400, f"Missing required parameter: '{name}'.", name, "missing_required_parameter")
        if values and order[name] not in values:
            message = f"Invalid value: '{order[name]}'. Supported values are: {', '.join(values)}."
            raise RefusalError(400, message, name, "invalid_value")
    metadata = order.get("metadata") or {}
    if len(metadata) > 16 or any(len(k) > 64 or not isinstance(v, str) or len(v) > 512 for k, v in metadata.items()):
        message = "Metadata has up to 16 pairs of text, with up to 64 characters in a key and 512 in a value."
        raise RefusalError(400, message, "metadata", "invalid_value")


def read_requests(content: bytes, endpoint: str, limits: Limits) -> tuple[list[BatchRequest], list[dict[str, Any]]]:
    """The requests of an input file, and what is wrong with it. Lines count from 1."""
    if not content.strip():
        return [], [problem("empty_file", "The input file is empty.")]
    if len(content) > limits.file_bytes:
        message = f"The input file is larger than the {limits.file_bytes:,} bytes that a batch may have."
        return [], [problem("maximum_input_file_size_exceeded", message)]
    lines = content.removesuffix(b"\n").split(b"\n")
    if len(lines) > limits.requests:
        message = f"The input file has {len(lines):,} requests, a batch may have {limits.requests:,}."
        return [], [problem("maximum_requests_exceeded", message)]
    requests: list[BatchRequest] = []
    problems: list[dict[str, Any]] = []
    ids: set[str] = set()
    for number, line in enumerate(lines, start=1):
        try:
            data = json.loads(line.decode())
        except ValueError:
            problems.append(problem("invalid_json_line", "This line is not parseable as valid JSON.", number))
            continue
        found = list(_line_problems(data, endpoint, number))
        if not found:
            request = BatchRequest(data["custom_id"], data["body"])
            model = requests[0].body["model"] if requests else request.body["model"]
            found = list(_clashes(request, ids, model, number))
            requests.append(request)
            ids.add(request.custom_id)
        problems += found
    return requests, problems


def _line_problems(data: object, endpoint: str, line: int) -> Iterator[dict[str, Any]]:
    if not isinstance(data, dict):
        yield problem("invalid_request", "Each line must be a JSON object.", line)
        return
    for name, kind in (("custom_id", str), ("method", str), ("url", str), ("body", dict)):
        if not data.get(name):
            yield problem("missing_required_parameter", f"Missing required parameter: '{name}'.", line, name)
        elif not isinstance(data[name], kind):
            yield problem("invalid_request", f"'{name}' has the wrong type.", line, name)
    if data.get("method", "POST") != "POST":
        yield problem("invalid_method", "The method of a request must be POST.", line, "method")
    if data.get("url", endpoint) != endpoint:
        yield problem("invalid_url", "The URL of this request is not the endpoint of the batch.", line, "url")
    body = data.get("body")
    if isinstance(body, dict) and body and not isinstance(body.get("model"), str):
        yield problem("missing_required_parameter", "Missing required parameter: 'model'.", line, "body.model")


def _clashes(request: BatchRequest, ids: set[str], model: str, line: int) -> Iterator[dict[str, Any]]:
    if request.custom_id in ids:
        message = f"The custom_id '{request.custom_id}' stands in more than one line of the file."
        yield problem("duplicate_custom_id", message, line, "custom_id")
    if request.body["model"] != model:
        message = "All requests of a batch must name the same model."
        yield problem("mismatched_model", message, line, "body.model")


def shuffled(requests: Sequence[BatchRequest], seed: str) -> Sequence[BatchRequest]:
    """The order in which requests are done: never that of the file, where there are two or more."""
    order = list(requests)
    random.Random(seed).shuffle(order)  # noqa: S311 - an order, no secret
    return order[::-1] if order == requests else order


def result_line(number: int, request: BatchRequest, said: Answer | Status | Hang) -> dict[str, Any]:
    """A line of an output file or, where the request failed, of an error file."""
    match said:
        case Answer():
            response = {"status_code": 200, "request_id": f"req_{number}", "body": said.body(request.body)}
        case Status(status=status, body=body):
            body = error_body(HTTPStatus(status).phrase) if body is None else body
            response = {"status_code": status, "request_id": f"req_{number}", "body": body}
        case Hang():
            return undone_line(number, request, TIMED_OUT)
    return {"id": f"batch_req_{number}", "custom_id": request.custom_id, "response": response, "error": None}


def is_success(line: Mapping[str, Any]) -> bool:
    """Whether a line belongs into the output file."""
    return line["response"] is not None and line["response"]["status_code"] == 200


def undone_line(number: int, request: BatchRequest, error: Mapping[str, str]) -> dict[str, Any]:
    """A line for a request that got no answer."""
    return {"id": f"batch_req_{number}", "custom_id": request.custom_id, "response": None, "error": dict(error)}


def jsonl(lines: Sequence[Mapping[str, Any]]) -> bytes:
    """Lines of JSON; text is not escaped, so that a line may hold U+2028 and its like."""
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines).encode()


def total_usage(lines: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Tokens of all the answers of an output file, as a batch tells them."""
    bodies = [line["response"]["body"] for line in lines]
    told = [body.get("usage") or {} for body in bodies if isinstance(body, dict)]
    read, written = (sum(usage.get(name, 0) for usage in told) for name in ("prompt_tokens", "completion_tokens"))
    cached = sum((usage.get("prompt_tokens_details") or {}).get("cached_tokens", 0) for usage in told)
    thought = sum((usage.get("completion_tokens_details") or {}).get("reasoning_tokens", 0) for usage in told)
    return {
        "input_tokens": read,
        "input_tokens_details": {"cached_tokens": cached},
        "output_tokens": written,
        "output_tokens_details": {"reasoning_tokens": thought},
        "total_tokens": read + written,
    }


def page(items: Sequence[Batch] | Sequence[StoredFile], query: Mapping[str, str], size: int) -> dict[str, Any]:
    """One page of a list, the newest first."""
    bodies = [item.body() for item in (items if query.get("order") == "asc" else items[::-1])]
    bodies = [body for body in bodies if query.get("purpose") in {None, body.get("purpose")}]
    limit = int(query.get("limit", size))
    if not 1 <= limit <= max(size, 100):
        raise RefusalError(400, f"Invalid 'limit': {limit}.", "limit", "invalid_value")
    names = [body["id"] for body in bodies]
    after = query.get("after")
    if after is not None and after not in names:
        raise RefusalError(404, f"Nothing found with id '{after}'.", "after")
    start = 0 if after is None else names.index(after) + 1
    data, has_more = bodies[start : start + limit], start + limit < len(bodies)
    first, last = (data[0]["id"], data[-1]["id"]) if data else (None, None)
    return {"object": "list", "data": data, "first_id": first, "last_id": last, "has_more": has_more}


def _header(name: str, value: str) -> Message:
    message = Message()
    message[name] = value
    return message
