"""Every way in which a call can fail has one outcome, told in the attempts: a retry, a work-around or an error."""

from __future__ import annotations

import asyncio
import gc
import logging
import pickle
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
from pydantic import BaseModel, SecretStr

from summarizer.errors import (
    AnswerCutOffError,
    ConfigurationError,
    ModelAnswerError,
    ModelError,
    ModelRefusedError,
    ModelUnavailableError,
    RequestTooLongError,
)
from summarizer.extraction.llm.endpoint.model import Endpoint, EndpointModel, RetryPolicy
from summarizer.extraction.llm.endpoint.rejections import told_wait
from summarizer.extraction.llm.exchange import Message, Reply, Request
from summarizer.schemas import Tokens
from tests.support.model_server import Answer, Behaviour, Drop, Hang, ModelServer, Status, closed_port, model_server

KEY = "sk-test-4f9c2e71aa"
ARTICLE = "Belomertinib lengthened survival in the LUMEN-7 trial, the company said on Monday in a statement."
GOOD = '{"trial": "LUMEN-7", "patients": 431}'
QUICK = RetryPolicy(attempts=4, budget=5.0, first_wait=0.01, longest_wait=0.02)


class Trial(BaseModel):
    trial: str
    patients: int


REQUEST = Request((Message("system", "Extract the trial."), Message("user", ARTICLE)), Trial, 500, "records")


def endpoint(server: ModelServer | str, **options: Any) -> Endpoint:
    address = server if isinstance(server, str) else server.base_url
    where: dict[str, Any] = {"model": "test-model", "base_url": address, "api_key": SecretStr(KEY), "retry": QUICK}
    return Endpoint(**(where | options))


def ask(script: Sequence[Behaviour], **options: Any) -> tuple[Reply[Trial], ModelServer]:
    with model_server(script) as server:
        return asyncio.run(EndpointModel(endpoint(server, **options)).ask(REQUEST)), server


def fail(script: Sequence[Behaviour], **options: Any) -> tuple[ModelError | ConfigurationError, ModelServer]:
    with model_server(script) as server, pytest.raises((ModelError, ConfigurationError)) as caught:
        asyncio.run(EndpointModel(endpoint(server, **options)).ask(REQUEST))
    assert isinstance(caught.value, ModelError | ConfigurationError)
    return caught.value, server


def outcomes(reply: Reply[Trial]) -> list[str]:
    return [attempt.outcome for attempt in reply.attempts]


def api_error(status: int, message: str, code: str | None = None, **headers: str) -> Status:
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return Status(status, {"error": {"message": message, "type": "error", "param": None, "code": code}}, names)


# ------------------------------------------------------------------------------------------------ waiting


def test_answer() -> None:
    reply, server = ask([Answer(GOOD)])
    assert reply.value == Trial(trial="LUMEN-7", patients=431)
    assert type(reply.value) is Trial
    assert outcomes(reply) == ["ok"]
    assert reply.attempts[0].number == 1
    assert reply.attempts[0].purpose == "records"
    assert reply.tokens == Tokens(input=100, cached=40, output=10)
    assert len(server.requests) == 1


@pytest.mark.parametrize("header", [{"retry_after": "0.2"}, {"retry_after_ms": "200"}])
def test_rate_limit_that_tells_how_long_to_wait(header: dict[str, str]) -> None:
    reply, _ = ask([api_error(429, "slow down", **header), Answer(GOOD)])
    assert outcomes(reply) == ["rate limited (429), waited 0.2 s as told", "ok"]
    assert [attempt.number for attempt in reply.attempts] == [1, 2]
    assert [attempt.waited for attempt in reply.attempts] == [0.0, 0.2]


def test_date_to_wait_for_is_read() -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    assert told_wait({"retry-after": date}) == pytest.approx(30, abs=2)
    assert told_wait({"retry-after": "Wed, 21 Oct 2015 07:28:00 GMT"}) == 0.0
    assert told_wait({"retry-after": "soon"}) is None
    assert told_wait({}) is None


def test_wait_that_does_not_fit_the_budget() -> None:
    started = time.monotonic()
    error, server = fail([api_error(429, "slow down", retry_after="600")])
    assert isinstance(error, ModelUnavailableError)
    assert "told to wait 600.0 s" in error.reason
    assert error.advice
    assert len(server.requests) == 1
    assert time.monotonic() - started < 4


def test_rate_limit_that_does_not_tell() -> None:
    reply, _ = ask([api_error(429, "slow down"), Answer(GOOD)])
    assert outcomes(reply) == ["rate limited (429), waited 0.0 s", "ok"]
    assert 0 < reply.attempts[1].waited <= 0.02


@pytest.mark.parametrize("status", [408, 500, 502, 503, 504])
def test_server_error(status: int) -> None:
    reply, _ = ask([Status(status, {"error": "oops"}), Status(status, "<html>oops</html>"), Answer(GOOD)])
    assert [outcome[: len("server error (500), waited")] for outcome in outcomes(reply)[:2]] == [
        f"server error ({status}), waited"
    ] * 2
    assert outcomes(reply)[2] == "ok"


def test_server_error_for_ever() -> None:
    error, server = fail([Status(503, {"error": "overloaded"})])
    assert isinstance(error, ModelUnavailableError)
    assert str(error) == "server error (503) 4 times; try again later"
    assert len(server.requests) == len(error.spent.outcomes) == 4
    assert error.spent.outcomes[-1] == "server error (503), given up"
    assert str(pickle.loads(pickle.dumps(error))) == str(error)  # noqa: S301 - our own


def test_no_connection() -> None:
    model = EndpointModel(endpoint(f"http://127.0.0.1:{closed_port()}/v1"))
    with pytest.raises(ModelUnavailableError, match="no connection to http://127") as caught:
        asyncio.run(model.ask(REQUEST))
    assert len(caught.value.spent.outcomes) == 4


def test_time_out() -> None:
    reply, _ = ask([Hang(), Answer(GOOD)], timeout=0.3)
    assert outcomes(reply)[0].startswith("no answer within 0.3 s, waited")
    assert 0.25 < reply.attempts[0].seconds < 2


def test_dropped_connection() -> None:
    reply, _ = ask([Drop(), Answer(GOOD)])
    assert outcomes(reply)[0].startswith("the connection was dropped, waited")


def test_reply_that_is_not_json() -> None:
    broken = Status(200, "{", {"content-type": "application/json"})
    assert isinstance(fail([broken])[0], ModelUnavailableError)


# ------------------------------------------------------------------------------------------ odd replies


@pytest.mark.parametrize("content", [None, "", " \n "])
def test_empty_reply(content: str | None) -> None:
    reply, _ = ask([Answer(content), Answer(GOOD)])
    assert outcomes(reply)[0].startswith("empty reply (no text), waited")


def test_empty_replies_are_retried_twice() -> None:
    error, server = fail([Answer(None)])
    assert isinstance(error, ModelUnavailableError)
    assert "empty reply" in error.reason
    assert len(server.requests) == 3
    assert (error.spent.input_tokens, error.spent.output_tokens) == (300, 30)


def test_reply_without_choices() -> None:
    body = {"id": "1", "object": "chat.completion", "created": 0, "model": "m", "choices": []}
    reply, _ = ask([Status(200, body), Answer(GOOD)])
    assert outcomes(reply)[0].startswith("empty reply (no choices), waited")


def test_error_in_a_reply_whose_status_is_200() -> None:
    reply, _ = ask([Status(200, {"error": {"code": 502, "message": "Provider returned error"}}), Answer(GOOD)])
    assert outcomes(reply)[0].startswith("server error (502), waited")


def test_web_page() -> None:
    error, _ = fail([Status(200, "<!doctype html><title>Hello</title>")])
    assert isinstance(error, ConfigurationError)
    assert "web page" in error.reason


def test_refusal() -> None:
    error, server = fail([Answer(None, refusal="I can't help with that.")])
    assert isinstance(error, ModelRefusedError)
    assert len(server.requests) == 1


def test_content_filter() -> None:
    error, server = fail([Answer("", finish_reason="content_filter")])
    assert isinstance(error, ModelRefusedError)
    assert len(server.requests) == 1


def test_content_filter_before_the_model() -> None:
    error, _ = fail([api_error(400, "The response was filtered", "content_filter")])
    assert isinstance(error, ModelRefusedError)


def test_cut_off_answer_gets_a_larger_budget() -> None:
    # What was cut off looks complete: it must not be parsed.
    reply, server = ask([Answer(GOOD.replace("431", "4"), finish_reason="length"), Answer(GOOD)])
    assert reply.value.patients == 431
    assert outcomes(reply) == ["answer cut off at 500 tokens, asked again with 1000", "ok"]
    assert [request["max_tokens"] for request in server.requests] == [500, 1000]
    assert reply.tokens == Tokens(input=200, cached=80, output=20)


def test_answer_that_is_always_cut_off() -> None:
    error, server = fail([Answer(None, finish_reason="length")])
    assert isinstance(error, AnswerCutOffError)
    assert [request["max_tokens"] for request in server.requests] == [500, 1000, 2000]


def test_cut_off_answers_are_no_invalid_ones() -> None:
    cut = Answer('{"trial": "LU', finish_reason="length")
    wrong = Answer("{}")
    reply, _ = ask([cut, wrong, cut, wrong, Answer(GOOD)])
    assert [outcome.split(" (")[0].split(" at ")[0] for outcome in outcomes(reply)] == [
        "answer cut off",
        "answer not valid",
        "answer cut off",
        "answer not valid",
        "ok",
    ]


@pytest.mark.parametrize("is_tools", [True, False])
def test_invalid_json(is_tools: bool) -> None:
    mode = "tools" if is_tools else "json_schema"
    reply, server = ask([Answer('{"trial": "LUMEN-7", "pat'), Answer(GOOD)], structured_output=mode)
    assert outcomes(reply)[0].startswith("answer not valid (Invalid JSON: EOF")
    assert outcomes(reply)[1] == "ok"
    first, second = (request["messages"] for request in server.requests)
    assert second[: len(first)] == first
    assert len(second) > len(first)


def test_wrong_shape() -> None:
    reply, _ = ask([Answer('{"trial": "LUMEN-7", "patients": "many"}'), Answer(GOOD)])
    assert outcomes(reply)[0].startswith("answer not valid (patients: Input should be a valid integer")
    assert outcomes(reply)[0].endswith(", asked again")


def test_wrong_shape_for_ever() -> None:
    error, server = fail([Answer('{"trial": "LUMEN-7", "pa": 1}')])
    assert isinstance(error, ModelAnswerError)
    assert error.reason == "no valid answer in 3 tries, the last one: patients: Field required"
    assert len(server.requests) == 3
    assert error.spent.outcomes[-1] == "answer not valid (patients: Field required), given up"
    assert error.spent.input_tokens == 300


# ------------------------------------------------------------------------------------------ rejections


@pytest.mark.parametrize("status", [401, 403])
def test_wrong_key(status: int) -> None:
    error, server = fail([api_error(status, f"Incorrect API key provided: {KEY}.", "invalid_api_key")])
    assert isinstance(error, ConfigurationError)
    assert "OPENAI_API_KEY" in str(error)
    assert "Incorrect API key provided: [key]" in str(error)
    assert len(server.requests) == 1


def test_missing_key() -> None:
    error, server = fail([api_error(401, "Missing bearer")], api_key=None)
    assert isinstance(error, ConfigurationError)
    assert error.advice == "set OPENAI_API_KEY"
    assert server.headers[0]["authorization"] == "Bearer no-key"


def test_openai_without_a_key() -> None:
    with pytest.raises(ConfigurationError, match="set OPENAI_API_KEY"):
        Endpoint("gpt-4.1-mini")


@pytest.mark.parametrize("key", ["", "sk-two words", "sk-line\n", "sk-…"])
def test_text_that_can_not_be_a_key(key: str) -> None:
    with pytest.raises(ConfigurationError, match="characters that no key has") as caught:
        Endpoint("gpt-4.1-mini", api_key=SecretStr(key))
    assert not key or key not in str(caught.value)


@pytest.mark.parametrize("address", ["localhost:11434", "ftp://localhost/v1", "http://", "http://[::1/v1"])
def test_text_that_can_not_be_an_address(address: str) -> None:
    with pytest.raises(ConfigurationError, match="no address of an API"):
        Endpoint("llama", address)


def test_unknown_model() -> None:
    error, server = fail([api_error(404, "The model `test-model` does not exist", "model_not_found")])
    assert isinstance(error, ConfigurationError)
    assert error.reason.startswith(f"{server.base_url} has no model 'test-model' (404: The model")
    assert len(server.requests) == 1


def test_wrong_address() -> None:
    error, server = fail([Status(404, "404 page not found")])
    assert isinstance(error, ConfigurationError)
    assert f"nothing answers at {server.base_url}" in error.reason
    assert "'test-model'" in error.reason


@pytest.mark.parametrize(
    "message",
    [
        "This model's maximum context length is 8192 tokens. However, you requested 9000 tokens.",
        "the request exceeds the available context size, try increasing it",
        "prompt is too long: 210000 tokens > 200000 maximum",
    ],
)
def test_request_beyond_the_context(message: str) -> None:
    error, server = fail([api_error(400, message)])
    assert isinstance(error, RequestTooLongError)
    assert len(server.requests) == 1


def test_used_up_quota() -> None:
    error, server = fail([api_error(429, "You exceeded your current quota", "insufficient_quota", retry_after="1")])
    assert isinstance(error, ConfigurationError)
    assert "plan and billing" in str(error)
    assert len(server.requests) == 1


def test_other_rejection_shows_what_the_server_says() -> None:
    error, _ = fail([api_error(400, "Invalid value for 'top_k'. " + "x " * 500)])
    assert isinstance(error, ConfigurationError)
    assert "Invalid value for 'top_k'" in error.reason
    assert len(error.reason) < 450


# ---------------------------------------------------------------------------------------- secrecy, care


@pytest.mark.parametrize(
    "script",
    [
        [api_error(401, f"Incorrect API key provided: {KEY}")],
        [api_error(400, f"Bad request from {KEY}: {ARTICLE}")],
        [Status(422, {"detail": [{"loc": ["body", "messages"], "msg": "bad input", "input": ARTICLE}]})],
        [api_error(500, f"{KEY}: {ARTICLE[:40]}")],
        [Answer('{"trial": 1, "patients": "' + ARTICLE + '"}')],
        [Answer(None, refusal=ARTICLE)],
        [Answer(ARTICLE)],
        [Drop()],
    ],
)
def test_key_and_article_are_never_shown(
    script: list[Behaviour], caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.INFO)
    error, _ = fail(script)
    spent = error.spent.outcomes if isinstance(error, ModelError) else ()
    said = "\n".join([str(error), repr(error), *spent, caplog.text, *capfd.readouterr()])
    assert KEY not in said
    assert KEY[3:] not in said
    assert ARTICLE[:25] not in said
    assert not [record for record in caplog.records if record.levelno >= logging.WARNING]


def test_key_that_looks_like_a_word_is_never_shown() -> None:
    error, _ = fail([api_error(400, "The caller swordfish may not do this")], api_key=SecretStr("swordfish"))
    assert "The caller [key] may not do this" in str(error)


def test_key_is_in_no_repr_and_no_debug_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with model_server([Status(500), Answer("{}"), Answer(GOOD)]) as server:
        where = endpoint(server)
        model = EndpointModel(where)
        reply = asyncio.run(model.ask(REQUEST))
    said = "\n".join([repr(where), repr(model), model.parameters, repr(reply), caplog.text])
    assert KEY not in said
    assert server.headers[0]["authorization"] == f"Bearer {KEY}"


def test_tokens_and_cost_of_all_calls() -> None:
    script: list[Behaviour] = [
        Answer(None),
        Answer("{}"),
        Answer(GOOD, finish_reason="length"),
        Status(500),
        Answer(GOOD),
    ]

    def price(model: str, base_url: str | None, tokens: Tokens) -> float:
        assert model == "test-model"
        return tokens.input + tokens.output / 10

    with model_server(script) as server:
        reply = asyncio.run(EndpointModel(endpoint(server), price=price).ask(REQUEST))
    assert reply.tokens == Tokens(input=400, cached=160, output=40)
    assert reply.cost == pytest.approx(4 * 101)
    assert len(reply.attempts) == 5


@pytest.mark.parametrize(("is_free", "cost"), [(True, 0.0), (False, None)])
def test_cost_without_a_price(is_free: bool, cost: float | None) -> None:
    with model_server([Answer(GOOD, usage=None)]) as server:
        reply = asyncio.run(EndpointModel(endpoint(server), is_free=is_free).ask(REQUEST))
    assert reply.cost == cost
    assert reply.tokens == Tokens()


def test_cancelled_request_leaves_nothing_open() -> None:
    async def give_up(model: EndpointModel) -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(model.ask(REQUEST), 0.3)

    with model_server([Hang(), Answer(GOOD)]) as server:
        model = EndpointModel(endpoint(server))
        asyncio.run(give_up(model))
        assert asyncio.run(model.ask(REQUEST)).value.patients == 431
    gc.collect()  # an open socket would warn, and warnings are errors


def test_cancelled_wait() -> None:
    async def give_up(model: EndpointModel) -> None:
        async with asyncio.timeout(0.3):
            await model.ask(REQUEST)

    with model_server([api_error(429, "slow down", retry_after="3")]) as server, pytest.raises(TimeoutError):
        asyncio.run(give_up(EndpointModel(endpoint(server))))


def test_one_event_loop_after_another() -> None:
    with model_server([Answer(GOOD)]) as server:
        model = EndpointModel(endpoint(server))
        for _ in range(3):
            assert asyncio.run(model.ask(REQUEST)).value.patients == 431
    gc.collect()


def test_connections_stay_open_between_requests_inside_the_block() -> None:
    async def twice(model: EndpointModel) -> None:
        async with model:
            await model.ask(REQUEST)
            await model.ask(REQUEST)

    with model_server([Answer(GOOD)]) as server:
        asyncio.run(twice(EndpointModel(endpoint(server))))
        assert len(server.connections) == 1


def test_requests_side_by_side() -> None:
    async def many(model: EndpointModel) -> list[Reply[Trial]]:
        return await asyncio.gather(*(model.ask(REQUEST) for _ in range(8)))

    with model_server([Status(500), Answer(GOOD)]) as server:
        replies = asyncio.run(many(EndpointModel(endpoint(server))))
    assert sum(len(reply.attempts) for reply in replies) == len(server.requests) == 9
