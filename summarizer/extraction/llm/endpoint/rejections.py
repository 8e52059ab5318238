"""What an HTTP error of an OpenAI-compatible API means: its status, its body and its headers."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import TypeGuard, cast

from summarizer.extraction.llm.endpoint.failures import Failure, Kind, Trouble
from summarizer.extraction.llm.endpoint.redaction import Redactor
from summarizer.extraction.llm.endpoint.target import KEY_VARIABLE, Endpoint

__all__ = ["Rejection", "failure_of_rejection", "failure_of_status", "told_wait"]


def _words(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_FILTERED = _words("content_filter", "content_policy", "ResponsibleAI", r"moderation.*flagged", "invalid_prompt")
_USED_UP = _words("insufficient_quota", "exceeded your current quota", "billing", "insufficient (?:credit|balance)")
_TOO_LONG = _words(
    "context_length_exceeded",
    r"(?:maximum|available|model'?s?) context",
    r"context (?:length|window|size|limit)",
    "(?:prompt|input|request) (?:is )?too (?:long|large)",
    "too many (?:input )?tokens",
)
_LIMIT = _words(
    r"at most (\d+) (?:completion|output) tokens",
    r"> (\d+), which is the maximum",
    r"range of max_tokens is \[1, ?(\d+)\]",
    r"tokens\W* must be less than or equal to\W*(\d+)",
)
_UNSUPPORTED = _words(
    "unsupported", "not supported", "n[o']t support", "does not take", "not permitted", "unrecognized", "use '?max_"
)
_FEATURE = _words(
    r"\btools?\b",
    "tool_choice",
    r"function.?call",
    "response_format",
    "json_schema",
    "json_object",
    "structured output",
)
_LACKING = _words(
    "support", "requires?", "implement", "unknown", "unrecognized", "invalid", "not permitted", "no endpoints"
)
_MODEL = _words(r"\bmodel\b", "deployment")

_MODE_STATUSES = {400, 404, 405, 415, 422, 501}
_LONG_STATUSES = {400, 413, 422, 500}
_BUSY_STATUSES = {408, 409, 425}
_MESSAGE_KEYS = ("message", "detail", "error", "msg", "metadata", "raw", "errors")


@dataclass(frozen=True, slots=True)
class Rejection:
    """An error that the API reported."""

    status: int
    """HTTP status."""
    body: object = None
    """What it said: parsed JSON, or text."""
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    """Headers of the response, by names in lower case."""

    @property
    def message(self) -> str:
        """What it said, in words; a web page says nothing."""
        said = dict.fromkeys(" ".join(text.split()) for text in _texts(self.body))
        return "; ".join(text for text in said if text and not text.startswith("<"))

    @property
    def everything(self) -> str:
        """Words and codes to recognise it by."""
        codes = [str(self.body.get(key) or "") for key in ("code", "type", "param")] if _is_mapping(self.body) else []
        return " ".join([self.message, *codes])


def failure_of_status(error: Exception, endpoint: Endpoint, redactor: Redactor) -> Failure:
    """What an exception with a status means: openai's, or one like it."""
    headers = cast("Mapping[str, str]", getattr(getattr(error, "response", None), "headers", None) or {})
    body = getattr(error, "body", None)
    rejection = Rejection(
        cast("int", getattr(error, "status_code", 0)),
        body if body is not None else "",
        {name.lower(): value for name, value in headers.items()},
    )
    return failure_of_rejection(rejection, endpoint, redactor)


def failure_of_rejection(rejection: Rejection, endpoint: Endpoint, redactor: Redactor) -> Failure:
    """What an error means that the API reported."""
    status, text = rejection.status, rejection.everything
    said = redactor.shown(rejection.message)
    told = f"{status}: {said}" if said else str(status)
    if status in {400, 403, 422} and _FILTERED.search(text):
        return Failure(
            Kind.REFUSED, f"the provider's content filter stopped the request ({status})", "try another model"
        )
    if status in {401, 403}:
        return _failure_of_key(told, endpoint)
    if status == 402 or (status == 429 and _USED_UP.search(text)):
        return Failure(
            Kind.FATAL, f"the quota or credit of the account is used up ({told})", "look at plan and billing"
        )
    if status == 413 or (status == 429 and re.search("request too large", text, re.IGNORECASE)):
        return _too_long(told)
    if status == 429:
        wait, advice = told_wait(rejection.headers), "try again later, or fewer at once"
        return Failure(Kind.BUSY, "rate limited (429)", advice, wait, trouble=Trouble.RATE_LIMIT)
    return (
        _failure_of_request(rejection, told)
        or _failure_of_server(rejection)
        or _failure_of_address(status, text, told, endpoint)
    )


def told_wait(headers: Mapping[str, str]) -> float | None:
    """Seconds that the headers tell to wait; None when they don't, or say something that can't be read."""
    try:
        if "retry-after-ms" in headers:
            return max(0.0, float(headers["retry-after-ms"]) / 1000)
        value = headers.get("retry-after", "")
        if re.fullmatch(r"\s*\d+(?:\.\d+)?\s*", value):
            return float(value)
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return None


def _failure_of_key(told: str, endpoint: Endpoint) -> Failure:
    if endpoint.client is not None:
        return Failure(Kind.FATAL, f"the given client is not let in ({told})", "look at the key that it was made with")
    if endpoint.api_key is None:
        reason = f"{endpoint.shown_address} wants a key and there is none ({told})"
        return Failure(Kind.FATAL, reason, f"set {KEY_VARIABLE}")
    reason = f"{endpoint.shown_address} does not accept the key, or not for model {endpoint.model!r} ({told})"
    return Failure(Kind.FATAL, reason, f"look at {KEY_VARIABLE}, which it came from unless you passed it yourself")


def _failure_of_request(rejection: Rejection, told: str) -> Failure | None:
    """What is wrong with the request itself, where something can be done about it."""
    status, text = rejection.status, rejection.everything
    if status in {400, 422}:
        limit = _LIMIT.search(text)
        if limit is not None:
            granted = int(next(filter(None, limit.groups())))
            return Failure(Kind.LIMIT, f"at most {granted} output tokens are granted ({status})", limit=granted)
        parameter = _rejected_parameter(text)
        if parameter is not None:
            return Failure(Kind.PARAMETER, f"{parameter} rejected ({status})", parameter=parameter)
    if status in _LONG_STATUSES and _TOO_LONG.search(text):
        return _too_long(told)
    return Failure(Kind.MODE, told) if _is_about_mode(status, text) else None


def _is_about_mode(status: int, text: str) -> bool:
    """Whether it is the way of structured output that the API does not take."""
    if status == 500:  # llama.cpp: "tools param requires --jinja flag"
        return bool(_FEATURE.search(text) and _LACKING.search(text))
    if status not in _MODE_STATUSES:
        return False
    return bool(_FEATURE.search(text) or (_UNSUPPORTED.search(text) and not _MODEL.search(text)))


def _failure_of_server(rejection: Rejection) -> Failure | None:
    status = rejection.status
    if status in _BUSY_STATUSES or (status >= 500 and status != 501):
        wait = told_wait(rejection.headers)
        return Failure(Kind.BUSY, f"server error ({status})", "try again later", wait, trouble=Trouble.NO_ANSWER)
    return None


def _failure_of_address(status: int, text: str, told: str, endpoint: Endpoint) -> Failure:
    if status == 404 and not _MODEL.search(text):
        reason = f"nothing answers at {endpoint.shown_address}, where model {endpoint.model!r} was looked for ({told})"
        return Failure(Kind.FATAL, reason, "see that the address is right: most end in /v1")
    if status == 404:
        reason = f"{endpoint.shown_address} has no model {endpoint.model!r} ({told})"
        return Failure(Kind.FATAL, reason, "see the name, and that your account may use it")
    reason = f"{endpoint.shown_address} rejects the request for model {endpoint.model!r} ({told})"
    return Failure(Kind.FATAL, reason, "see that model and address belong together")


def _rejected_parameter(text: str) -> str | None:
    if not _UNSUPPORTED.search(text):
        return None
    # Both names in one sentence: the first one is rejected, "use ... instead" names the other.
    named = re.search(r"max_completion_tokens|max_tokens|temperature", text)
    return named[0] if named else None


def _too_long(told: str) -> Failure:
    advice = "take a model with a larger context, or a shorter article"
    return Failure(Kind.TOO_LONG, f"the request does not fit the model's context ({told})", advice)


def _texts(body: object) -> Iterator[str]:
    """Sentences in a body; the input that some servers send back beside them is left out."""
    if isinstance(body, str):
        yield body
    elif _is_mapping(body):
        for key in _MESSAGE_KEYS:
            yield from _texts(body.get(key))
    elif isinstance(body, list):
        for item in cast("list[object]", body)[:3]:
            yield from _texts(item)


def _is_mapping(body: object) -> TypeGuard[Mapping[str, object]]:
    return isinstance(body, Mapping)
