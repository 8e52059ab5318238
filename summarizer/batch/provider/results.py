"""What the provider's result files say: one line of JSON for each request, in any order."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Any, cast

from summarizer.extraction.llm.endpoint.ledger import tokens_of
from summarizer.schemas import Tokens

__all__ = ["Result", "read_results"]

_BUSY = {408, 409, 425, 429}
"""Statuses that are no fault of the request."""


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a request."""

    key: str
    status: int | None
    """HTTP status of what the model's endpoint said; None when there is nothing that says something of the request."""
    body: str
    """JSON of the reply or of the rejection; without a status, what happened, in a few words."""
    tokens: Tokens | None = None
    """Tokens of the reply."""


def read_results(lines: IO[bytes]) -> Iterator[Result]:
    """What a file of results says; lines that can't be read are left out, as if they had not come."""
    # By line feeds alone: a text may hold other characters that some take for the end of a line.
    for line in lines:
        try:
            values: object = json.loads(line)
        except ValueError:
            continue
        if isinstance(values, dict):
            result = _read(cast("Mapping[str, Any]", values))
            if result is not None:
                yield result


def _read(line: Mapping[str, Any]) -> Result | None:
    key, response, error = line.get("custom_id"), line.get("response"), line.get("error")
    if not isinstance(key, str):
        return None
    if not isinstance(response, dict):
        code = cast("Mapping[str, Any]", error).get("code") if isinstance(error, dict) else None
        return Result(key, None, _word(code) or "no answer")
    values = cast("Mapping[str, Any]", response)
    status, body = values.get("status_code"), values.get("body")
    if status == 200 and isinstance(body, dict) and cast("Mapping[str, Any]", body).get("choices"):
        return Result(key, 200, json.dumps(body), tokens_of(cast("object", body)))
    if isinstance(status, int) and 400 <= status < 500 and status not in _BUSY:
        return Result(key, status, json.dumps(body))
    return Result(key, None, "an empty reply" if status == 200 else f"status {status}")


def _word(code: object) -> str:
    """A code as a message may show it."""
    return " ".join(code.split("_"))[:60] if isinstance(code, str) else ""
