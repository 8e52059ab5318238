"""An endpoint is asked in the way that it is likely to take, and learns another one when it does not."""

from __future__ import annotations

import asyncio
import gc
import json
import threading
from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest
from openai import AsyncAzureOpenAI, AsyncOpenAI, AzureOpenAI, DefaultAsyncHttpxClient, OpenAI
from pydantic import BaseModel, Field, SecretStr

from summarizer.errors import ConfigurationError, ModelRefusedError, ModelUnavailableError
from summarizer.extraction.llm.endpoint.model import Endpoint, EndpointModel, RetryPolicy
from summarizer.extraction.llm.endpoint.modes import Mode, first_dialect
from summarizer.extraction.llm.exchange import Message, Reply, Request
from tests.support.model_server import Answer, Behaviour, ModelServer, Status, closed_port, model_server

GOOD = '{"trial": "LUMEN-7", "patients": 431}'
QUICK = RetryPolicy(attempts=3, budget=5.0, first_wait=0.01, longest_wait=0.02)
KEY = SecretStr("sk-test-4f9c2e71aa")


class Trial(BaseModel):
    trial: str
    patients: int = Field(ge=0)


SYSTEM = "Extract the trial."
REQUEST = Request((Message("system", SYSTEM), Message("user", "An article with {{ braces }}.")), Trial, 500, "records")


def model_at(server: ModelServer, **options: Any) -> EndpointModel:
    where: dict[str, Any] = {"model": "m", "base_url": server.base_url, "retry": QUICK}
    return EndpointModel(Endpoint(**(where | options)))


def model_of(client: object, **options: Any) -> EndpointModel:
    where: dict[str, Any] = {"model": "m", "client": client, "retry": QUICK}
    return EndpointModel(Endpoint(**(where | options)))


def ask(script: Sequence[Behaviour], **options: Any) -> tuple[Reply[Trial], ModelServer]:
    with model_server(script) as server:
        return asyncio.run(model_at(server, **options).ask(REQUEST)), server


def outcomes(reply: Reply[Any]) -> list[str]:
    return [attempt.outcome for attempt in reply.attempts]


def rejection(message: str, status: int = 400) -> Status:
    return Status(status, {"error": {"message": message}})


def asked_by(request: dict[str, Any]) -> str:
    """Name of the mode in which a request was made."""
    if "tools" in request:
        return "tools"
    kind: str = request.get("response_format", {}).get("type", "text")
    return {"json_object": "json"}.get(kind, kind)


class UnknownEndpoint:
    """A client that does not tell where its endpoint is: one that is first asked by tools."""

    def __init__(self, server: ModelServer) -> None:
        self._server = server
        self.chat = SimpleNamespace(completions=SimpleNamespace(create=self._create))

    async def _create(self, **parameters: Any) -> Any:
        async with AsyncOpenAI(api_key="k", base_url=self._server.base_url, max_retries=0) as client:
            return await client.chat.completions.create(**parameters)


# ---------------------------------------------------------------------------------------------- choice


@pytest.mark.parametrize(
    ("address", "mode"),
    [
        (None, Mode.TOOLS),
        ("https://api.openai.com/v1", Mode.TOOLS),
        ("https://example.openai.azure.com/openai/v1", Mode.TOOLS),
        ("https://openrouter.ai/api/v1", Mode.TOOLS),
        ("https://llm.example.org/v1", Mode.TOOLS),
        ("http://localhost:11434/v1", Mode.JSON_SCHEMA),
        ("http://127.0.0.1:9999/v1", Mode.JSON_SCHEMA),
        ("http://[::1]:9999/v1", Mode.JSON_SCHEMA),
        ("http://gpu-box:11434/v1", Mode.JSON_SCHEMA),
        ("http://gpu-box:8000/v1", Mode.JSON_SCHEMA),
        ("http://gpu-box:8080/v1", Mode.JSON_SCHEMA),
        ("http://gpu-box:1234/v1", Mode.JSON_SCHEMA),
    ],
)
def test_first_mode(address: str | None, mode: Mode) -> None:
    assert first_dialect(Endpoint("m", address, KEY)).mode is mode


@pytest.mark.parametrize("chosen", ["tools", "json_schema", "json"])
def test_chosen_mode(chosen: str) -> None:
    reply, server = ask([Answer(GOOD)], structured_output=chosen)
    assert reply.value.patients == 431
    assert asked_by(server.requests[0]) == chosen


@pytest.mark.parametrize(
    ("model", "is_reasoning"),
    [
        ("o1", True),
        ("o3-mini", True),
        ("openai/o4-mini", True),
        ("gpt-5", True),
        ("gpt-5-nano", True),
        ("azure/openai/gpt-5.1-2026-01-01", True),
        ("gpt-5-chat-latest", False),
        ("gpt-4.1-mini", False),
        ("gpt-4o", False),
        ("qwen3:4b", False),
        ("foo1", False),
        ("o1ympus", False),
    ],
)
def test_reasoning_models(model: str, is_reasoning: bool) -> None:
    assert first_dialect(Endpoint(model, "http://localhost/v1")).is_reasoning is is_reasoning


def test_parameters_of_a_reasoning_model() -> None:
    _, server = ask([Answer(GOOD)], model="openai/gpt-5-mini")
    assert "temperature" not in server.requests[0]
    assert "max_tokens" not in server.requests[0]
    assert server.requests[0]["max_completion_tokens"] == 4096


def test_parameters_of_any_other_model() -> None:
    _, server = ask([Answer(GOOD)])
    assert server.requests[0]["temperature"] == 0
    assert server.requests[0]["max_tokens"] == 500
    assert "max_completion_tokens" not in server.requests[0]


def test_static_prefix_stays_in_front() -> None:
    for mode in ("tools", "json_schema", "json"):
        _, server = ask([Answer(GOOD)], structured_output=mode)
        first, *_, last = server.requests[0]["messages"]
        assert first["role"] == "system"
        assert first["content"].startswith(SYSTEM)
        assert last == {"role": "user", "content": "An article with {{ braces }}."}


def test_parameters_for_a_cache_key() -> None:
    def parameters(**options: Any) -> str:
        where: dict[str, Any] = {"model": "m", "base_url": "https://me:pass@a.org/v1?k=1", "api_key": KEY}
        return EndpointModel(Endpoint(**(where | options))).parameters

    assert parameters() == "https://a.org/v1 auto:tools max_tokens {'temperature': 0.0}"
    assert parameters(structured_output="json") != parameters()
    assert parameters(model="o3") != parameters()
    assert parameters(timeout=1.0, api_key=SecretStr("other")) == parameters()


# -------------------------------------------------------------------------------------------- learning


@pytest.mark.parametrize(
    "refusal",
    [
        rejection("registry.ollama.ai/library/gemma does not support tools"),
        rejection("tool_choice is not supported", 422),
        rejection("No endpoints found that support tool use.", 404),
        rejection("Not supported", 501),
        rejection("tools param requires --jinja flag", 500),
        Status(400, {"detail": [{"loc": ["body", "tools"], "msg": "unknown field tools"}]}),
    ],
)
def test_endpoint_that_takes_no_tools(refusal: Status) -> None:
    with model_server([refusal, Answer(GOOD)]) as server:
        model = model_of(UnknownEndpoint(server))
        reply = asyncio.run(model.ask(REQUEST))
        again = asyncio.run(model.ask(REQUEST))
    assert outcomes(reply)[0].startswith(f"endpoint does not take tools ({refusal.status}: ")
    assert outcomes(reply)[0].endswith("): json_schema is used from here on")
    assert outcomes(again) == ["ok"]
    assert [asked_by(request) for request in server.requests] == ["tools", "json_schema", "json_schema"]


def test_rejected_mode_is_remembered_even_if_the_request_fails() -> None:
    with model_server([rejection("tools are not supported"), Answer(None, refusal="No."), Answer(GOOD)]) as server:
        model = model_of(UnknownEndpoint(server))
        with pytest.raises(ModelRefusedError):
            asyncio.run(model.ask(REQUEST))
        assert outcomes(asyncio.run(model.ask(REQUEST))) == ["ok"]
    assert [asked_by(request) for request in server.requests] == ["tools", "json_schema", "json_schema"]


def test_reply_without_the_tool_call() -> None:
    said = Answer("Here is it.", is_tool_call=False)
    with model_server([said, Answer(GOOD), said, Answer(GOOD)]) as server:
        model = model_of(UnknownEndpoint(server))
        replies = [asyncio.run(model.ask(REQUEST)) for _ in range(3)]
    odd = ["no tool call in the reply: asked again by json_schema", "ok"]
    # The first such reply may be the article's doing, the second is the endpoint's.
    assert [outcomes(reply) for reply in replies] == [odd, odd, ["ok"]]
    assert [asked_by(request) for request in server.requests] == ["tools", "json_schema"] * 2 + ["json_schema"]


def test_a_mode_that_has_worked_is_not_given_up_for_odd_replies() -> None:
    odd = Answer("Here is it.", is_tool_call=False)
    script = [Answer(GOOD), odd, Answer(GOOD), odd, Answer(GOOD), Answer(GOOD)]
    with model_server(script) as server:
        model = model_of(UnknownEndpoint(server))
        for _ in range(4):
            asyncio.run(model.ask(REQUEST))
    assert [asked_by(request) for request in server.requests] == [
        "tools", "tools", "json_schema", "tools", "json_schema", "tools",
    ]  # fmt: skip


def test_last_mode_takes_json_out_of_text() -> None:
    text = Answer(f"Sure:\n```json\n{GOOD}\n```", is_tool_call=False)
    with model_server([text]) as server:
        reply = asyncio.run(model_of(UnknownEndpoint(server)).ask(REQUEST))
    assert reply.value.patients == 431
    assert [asked_by(request) for request in server.requests] == ["tools", "json_schema", "json", "text"]
    assert outcomes(reply)[-2:] == ["the reply is no JSON object: asked again by JSON in text", "ok"]
    assert server.requests[-1]["messages"][0]["content"].startswith(SYSTEM)


def test_endpoint_that_takes_nothing() -> None:
    with model_server([rejection("response_format is not supported")]) as server:
        model = model_of(UnknownEndpoint(server))
        with pytest.raises(ConfigurationError, match="does not take JSON in text for model 'm'"):
            asyncio.run(model.ask(REQUEST))
    assert len(server.requests) == 4


def test_chosen_mode_is_kept() -> None:
    with model_server([rejection("tools are not supported")]) as server:
        model = model_at(server, structured_output="tools")
        with pytest.raises(ConfigurationError, match="does not take tools for model 'm'"):
            asyncio.run(model.ask(REQUEST))
    assert len(server.requests) == 1


def test_reply_without_the_tool_call_in_a_chosen_mode_is_an_invalid_answer() -> None:
    reply, server = ask([Answer("Here is it.", is_tool_call=False), Answer(GOOD)], structured_output="tools")
    assert outcomes(reply) == ["answer not valid (no answer in the place where one belongs), asked again", "ok"]
    assert [asked_by(request) for request in server.requests] == ["tools", "tools"]


def test_token_parameter_is_learned() -> None:
    message = (
        "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
    )
    with model_server([rejection(message), Answer(GOOD)]) as server:
        model = model_at(server)
        reply = asyncio.run(model.ask(REQUEST))
        assert outcomes(asyncio.run(model.ask(REQUEST))) == ["ok"]
    assert outcomes(reply) == ["max_tokens rejected (400): max_completion_tokens is used from here on", "ok"]
    assert "max_tokens" not in server.requests[1]
    assert server.requests[1]["max_completion_tokens"] == 500


def test_temperature_is_left_out_where_it_is_rejected() -> None:
    message = (
        "Unsupported value: 'temperature' does not support 0.0 with this model. Only the default (1) is supported."
    )
    reply, server = ask([rejection(message), Answer(GOOD)])
    assert outcomes(reply) == ["temperature rejected (400): left out from here on", "ok"]
    assert "temperature" not in server.requests[1]


def test_rejections_do_not_take_turns_for_ever() -> None:
    script = [rejection(f"Unrecognized request argument: {name}") for name in ("max_tokens", "max_completion_tokens")]
    with model_server([*script, script[0]]) as server, pytest.raises(ConfigurationError, match="max_tokens rejected"):
        asyncio.run(model_at(server).ask(REQUEST))
    assert len(server.requests) == 3


def test_largest_output_is_learned() -> None:
    message = "max_tokens is too large: 500. This model supports at most 300 completion tokens, you provided 500."
    reply, server = ask([rejection(message), Answer(GOOD)])
    assert outcomes(reply) == ["at most 300 output tokens are granted (400), asked again with as many", "ok"]
    assert server.requests[1]["max_tokens"] == 300


def test_answers_of_a_function() -> None:
    def respond(request: dict[str, Any]) -> str:
        return json.dumps({"trial": request["messages"][-1]["content"][:10], "patients": 1})

    with model_server(respond) as server:
        for mode in ("tools", "json_schema", "json"):
            reply = asyncio.run(model_at(server, structured_output=mode).ask(REQUEST))
            assert reply.value.trial == "An article"


# ----------------------------------------------------------------------------------- callers' own clients


def test_sync_client() -> None:
    with model_server([Status(500), Answer(GOOD)]) as server, OpenAI(api_key="k", base_url=server.base_url) as client:
        model = model_of(client)
        replies = [asyncio.run(model.ask(REQUEST)) for _ in range(2)]
        assert not client.is_closed()
    assert [len(reply.attempts) for reply in replies] == [2, 1]  # the client's own retries are off, so ours are told


def test_async_client() -> None:
    async def use(server: ModelServer) -> Reply[Trial]:
        async with AsyncOpenAI(api_key="k", base_url=server.base_url) as client:
            reply = await model_of(client).ask(REQUEST)
            assert not client.is_closed()
            return reply

    with model_server([Status(500), Answer(GOOD)]) as server:
        assert len(asyncio.run(use(server)).attempts) == 2


def test_async_client_in_one_event_loop_after_another() -> None:
    with model_server([Answer(GOOD)]) as server:
        client = AsyncOpenAI(api_key="k", base_url=server.base_url)
        model = model_of(client)
        for _ in range(3):
            assert asyncio.run(model.ask(REQUEST)).value.patients == 431
    del model, client
    gc.collect()


def test_sync_azure_client() -> None:
    with (
        model_server([Answer(GOOD)]) as server,
        AzureOpenAI(api_key="k", api_version="1", base_url=server.base_url) as client,
    ):
        assert asyncio.run(model_of(client).ask(REQUEST)).value.patients == 431


def test_async_azure_client() -> None:
    async def use(server: ModelServer) -> None:
        async with AsyncAzureOpenAI(api_key="k", api_version="1", base_url=server.base_url) as client:
            assert (await model_of(client).ask(REQUEST)).value.patients == 431

    with model_server([Answer(GOOD)]) as server:
        asyncio.run(use(server))
    assert server.headers[0]["api-key"] == "k"


def test_any_object_with_the_same_interface() -> None:
    threads: list[int] = []

    def create(**parameters: Any) -> Any:
        threads.append(threading.get_ident())
        function = SimpleNamespace(name=parameters["tools"][0]["function"]["name"], arguments=GOOD)
        message = SimpleNamespace(content=None, refusal=None, tool_calls=[SimpleNamespace(id="1", function=function)])
        return SimpleNamespace(choices=[SimpleNamespace(message=message, finish_reason="stop")])

    client = SimpleNamespace(chat=SimpleNamespace(completions=SimpleNamespace(create=create)))
    reply = asyncio.run(model_of(client).ask(REQUEST))
    assert reply.value.patients == 431
    assert reply.cost is None
    assert threads != [threading.get_ident()]


def test_object_without_the_interface() -> None:
    with pytest.raises(ConfigurationError, match=r"client= is a dict and has no chat\.completions\.create"):
        model_of({})


def test_bug_in_a_client_is_not_hidden() -> None:
    def create(**parameters: Any) -> Any:
        raise KeyError("bug")

    client = SimpleNamespace(chat=SimpleNamespace(completions=SimpleNamespace(create=create)))
    with pytest.raises(KeyError, match="bug"):
        asyncio.run(model_of(client).ask(REQUEST))


def test_slow_sync_client_is_given_up() -> None:
    release = threading.Event()

    def create(**parameters: Any) -> Any:
        release.wait(5)

    client = SimpleNamespace(chat=SimpleNamespace(completions=SimpleNamespace(create=create)))
    try:
        with pytest.raises(ModelUnavailableError, match=r"no answer within 0\.1 s"):
            asyncio.run(model_of(client, timeout=0.1, retry=RetryPolicy(attempts=1)).ask(REQUEST))
    finally:
        release.set()


def test_async_client_with_a_pool_of_its_own() -> None:
    async def use(server: ModelServer) -> None:
        pool = DefaultAsyncHttpxClient(headers={"x-house": "ours"})
        async with AsyncOpenAI(api_key="k", base_url=server.base_url, http_client=pool) as client:
            assert len((await model_of(client).ask(REQUEST)).attempts) == 2

    with model_server([Status(500), Answer(GOOD)]) as server:
        asyncio.run(use(server))
    assert server.headers[0]["x-house"] == "ours"


def test_proxy_is_not_asked_for_a_server_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{closed_port()}")
    assert outcomes(ask([Answer(GOOD)])[0]) == ["ok"]
