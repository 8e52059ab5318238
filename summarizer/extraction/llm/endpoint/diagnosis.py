"""What went wrong, read from what came back: a reply without a usable answer, or an exception of the client."""

from __future__ import annotations

import json
import ssl
from collections.abc import Iterator, Mapping
from typing import Any, cast

from summarizer.extraction.llm.endpoint.failures import Failure, Kind, Trouble
from summarizer.extraction.llm.endpoint.modes import Mode
from summarizer.extraction.llm.endpoint.redaction import Redactor
from summarizer.extraction.llm.endpoint.rejections import Rejection, failure_of_rejection, failure_of_status
from summarizer.extraction.llm.endpoint.target import KEY_VARIABLE, Endpoint

__all__ = ["failure_of_error", "failure_of_reply"]

_CUT_OFF = {"length", "max_tokens", "MAX_TOKENS"}
_REFUSED_ADVICE = "try another model, or --engine rules"


def failure_of_reply(reply: Any, mode: Mode, endpoint: Endpoint, redactor: Redactor) -> Failure | None:  # noqa: ANN401 - whatever a client returns
    """What is wrong with a reply, before anything in it is parsed; None when there is an answer to parse."""
    if isinstance(reply, str) and reply.lstrip().startswith("<"):
        reason = f"{endpoint.shown_address} answers with a web page, not as an API does"
        return Failure(Kind.FATAL, reason, "most addresses of an API end in /v1")
    choices = getattr(reply, "choices", None)
    if not choices:
        return _failure_in_body(reply, endpoint, redactor) or _empty("no choices")
    message = getattr(choices[0], "message", None)
    end = _failure_of_end(getattr(choices[0], "finish_reason", None), message)
    if end is not None:
        return end
    calls = cast("list[Any]", getattr(message, "tool_calls", None) or [])
    content = getattr(message, "content", None) or ""
    if not calls and not content.strip():
        return _empty("no text")
    return _failure_of_shape(calls, content, mode)


def failure_of_error(error: Exception, endpoint: Endpoint, redactor: Redactor) -> Failure | None:
    """What an exception means that the client raised; None for one that is nobody's failure but a bug."""
    import openai  # noqa: PLC0415 - slow to import

    if isinstance(getattr(error, "status_code", None), int) and hasattr(error, "response"):
        return failure_of_status(error, endpoint, redactor)
    failure: Failure | None
    match error:
        case TimeoutError() | openai.APITimeoutError():
            advice = f"raise the time-out, or see whether {endpoint.shown_address} is overloaded"
            failure = _no_answer(f"no answer within {endpoint.timeout:g} s", advice)
        case json.JSONDecodeError() | openai.APIResponseValidationError():
            failure = _no_answer("the reply is not JSON", f"see what answers at {endpoint.shown_address}")
        case openai.APIConnectionError() | OSError():
            failure = _failure_of_connection(error, endpoint)
        case openai.APIError():
            failure = _no_answer(redactor.shown(error.message) or "the API reported an error", "try again later")
        case openai.OpenAIError():
            failure = Failure(Kind.FATAL, redactor.shown(str(error)), "look at how the client was made")
        case _:
            failure = None
    return failure


def _failure_of_end(reason: str | None, message: object) -> Failure | None:
    """An answer that did not come to its end."""
    if getattr(message, "refusal", None):
        return Failure(Kind.REFUSED, "the model refused", _REFUSED_ADVICE)
    if reason == "content_filter":
        return Failure(Kind.REFUSED, "the provider's content filter stopped the answer", _REFUSED_ADVICE)
    if reason in _CUT_OFF:
        return Failure(Kind.CUT_OFF, "answer cut off")
    if reason == "error":
        return _no_answer("the provider broke off the answer", "try again later")
    return None


def _failure_of_connection(error: Exception, endpoint: Endpoint) -> Failure:
    causes = list(_causes(error))
    names = {type(cause).__name__ for cause in causes}
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return Failure(
            Kind.FATAL,
            f"the certificate of {endpoint.shown_address} can't be verified",
            "set SSL_CERT_FILE to the certificates of your network",
        )
    if names & {"UnsupportedProtocol", "InvalidURL"}:
        return Failure(Kind.FATAL, f"{endpoint.shown_address} is no address of an API", "give one with http or https")
    if "LocalProtocolError" in names:
        return Failure(Kind.FATAL, "the request can't be sent as it is", f"look at {KEY_VARIABLE} for odd characters")
    if names & {"ConnectError", "ConnectionRefusedError", "gaierror"}:
        advice = "see that the address is right, that the server runs and that there is a network"
        reason = f"no connection to {endpoint.shown_address}"
        return Failure(Kind.BUSY, reason, advice, trouble=Trouble.NO_CONNECTION)
    return _no_answer("the connection was dropped", f"see whether {endpoint.shown_address} is overloaded")


def _failure_in_body(reply: Any, endpoint: Endpoint, redactor: Redactor) -> Failure | None:  # noqa: ANN401 - as above
    """OpenRouter reports some errors of its providers in a reply whose status is 200."""
    error = getattr(reply, "error", None)
    if not isinstance(error, Mapping):
        return None
    code = cast("Mapping[str, object]", error).get("code")
    status = code if isinstance(code, int) and 400 <= code < 600 else 502
    return failure_of_rejection(Rejection(status, cast("object", error)), endpoint, redactor)


def _failure_of_shape(calls: list[Any], content: str, mode: Mode) -> Failure | None:
    """A reply that shows that the endpoint did not heed the way it was asked."""
    if mode is Mode.TOOLS:
        if not calls:
            return Failure(Kind.MODE, "no tool call in the reply", is_reply=True)
        if len({str(getattr(call.function, "arguments", "")) for call in calls}) > 1:
            return Failure(Kind.MODE, f"{len(calls)} tool calls in place of one", is_reply=True)
    elif mode is not Mode.TEXT and not content.lstrip().startswith("{"):
        return Failure(Kind.MODE, "the reply is no JSON object", is_reply=True)
    return None


def _no_answer(reason: str, advice: str) -> Failure:
    return Failure(Kind.BUSY, reason, advice, trouble=Trouble.NO_ANSWER)


def _empty(what: str) -> Failure:
    return Failure(Kind.EMPTY, f"empty reply ({what})", "try again later, or another model")


def _causes(error: BaseException) -> Iterator[BaseException]:
    seen: set[int] = set()
    todo: list[BaseException | None] = [error]
    while todo:
        cause = todo.pop()
        if cause is not None and id(cause) not in seen:
            seen.add(id(cause))
            yield cause
            todo += [cause.__cause__, cause.__context__]
