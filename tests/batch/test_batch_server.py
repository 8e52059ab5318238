"""The stand-in for OpenAI's batch service does what the service documents, as the official client sees it."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from openai import (
    APIConnectionError,
    AsyncOpenAI,
    BadRequestError,
    ConflictError,
    DefaultHttpxClient,
    InternalServerError,
    NotFoundError,
)
from openai import OpenAI as Client
from openai.types import Batch

from tests.support.batch_files import Limits
from tests.support.batch_server import BatchServer, batch_server
from tests.support.model_server import Answer, Drop, Hang, Status

DAY = 24 * 3600
IDS = ["row-1", "row-2", "row-3", "row-4"]


def connect(server: BatchServer) -> Client:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)  # a client loads all certificates else, which takes it longest
    return Client(api_key="k", base_url=server.base_url, max_retries=0, http_client=DefaultHttpxClient(verify=context))


def line(name: str, **changes: Any) -> dict[str, Any]:
    body = {"model": "test-model", "messages": [{"role": "user", "content": f"question of {name}"}]}
    return {"custom_id": name, "method": "POST", "url": "/v1/chat/completions", "body": body} | changes


def content_of(lines: list[dict[str, Any]]) -> bytes:
    return b"".join(json.dumps(line).encode() + b"\n" for line in lines)


def say(body: dict[str, Any]) -> Answer:
    return Answer("answer to the " + body["messages"][0]["content"])


def upload(client: Client, lines: list[dict[str, Any]] | bytes) -> str:
    content = lines if isinstance(lines, bytes) else content_of(lines)
    return client.files.create(file=("input.jsonl", content), purpose="batch").id


def create(client: Client, lines: list[dict[str, Any]] | bytes, **metadata: str) -> Batch:
    return client.batches.create(
        input_file_id=upload(client, lines),
        endpoint="/v1/chat/completions",
        completion_window="24h",
        metadata=metadata,
    )


def results(client: Client, file_id: str | None) -> dict[str, dict[str, Any]]:
    assert file_id is not None
    lines = [json.loads(text) for text in client.files.content(file_id).content.splitlines()]
    assert len({line["id"] for line in lines}) == len(lines)
    return {line["custom_id"]: line for line in lines}


@pytest.fixture
def server() -> Iterator[BatchServer]:
    with batch_server(say) as running:
        yield running


@pytest.fixture
def client(server: BatchServer) -> Iterator[Client]:
    with connect(server) as open_client:
        yield open_client


def test_file_is_kept_to_the_byte_until_it_is_deleted(server: BatchServer, client: Client) -> None:
    content = '{"custom_id": "é\u2028\x85"}\r\n\r\n--x--\r\n'.encode()
    file = client.files.create(file=("input.jsonl", content), purpose="batch")
    assert (file.object, file.filename, file.purpose, file.bytes) == ("file", "input.jsonl", "batch", len(content))
    assert file.expires_at == file.created_at + 30 * DAY
    assert client.files.retrieve(file.id) == file
    assert client.files.content(file.id).content == content
    assert [listed.id for listed in client.files.list(purpose="batch")] == [file.id]
    assert client.files.delete(file.id).deleted
    with pytest.raises(NotFoundError, match="No such File object"):
        client.files.content(file.id)
    with pytest.raises(BadRequestError, match=r"Must be \.jsonl"):
        client.files.create(file=content, purpose="batch")
    assert server.calls == ["upload", "file", "download", "files", "delete", "download", "upload"]


def test_batch_ends_with_all_answers_in_an_order_of_its_own(server: BatchServer, client: Client) -> None:
    batch = create(client, [line(name) for name in IDS], run="7")
    assert (batch.status, batch.metadata, batch.errors) == ("validating", {"run": "7"}, None)
    assert batch.expires_at == batch.created_at + DAY
    assert not server.answered
    seen = []
    for _ in range(3):
        server.advance()
        batch = client.batches.retrieve(batch.id)
        assert batch.request_counts is not None
        seen.append((batch.status, batch.request_counts.total, batch.request_counts.completed))
    assert seen == [("in_progress", 4, 0), ("finalizing", 4, 4), ("completed", 4, 4)]
    assert (batch.model, batch.error_file_id) == ("test-model", None)
    assert batch.usage is not None
    assert (batch.usage.input_tokens, batch.usage.output_tokens) == (400, 40)
    found = results(client, batch.output_file_id)
    assert sorted(found) == IDS != list(found)
    assert found["row-3"]["error"] is None
    assert found["row-3"]["response"]["status_code"] == 200
    message = found["row-3"]["response"]["body"]["choices"][0]["message"]
    assert message["content"] == "answer to the question of row-3"
    assert server.answered == server.paid == dict.fromkeys(IDS, 1)
    with pytest.raises(ConflictError, match="Cannot cancel"):
        client.batches.cancel(batch.id)
    server.pass_time(30 * DAY)
    with pytest.raises(NotFoundError):
        results(client, batch.output_file_id)


def test_asynchronous_client_can_drive_a_batch_by_asking_for_it(server: BatchServer) -> None:
    async def run() -> tuple[list[str], bytes]:
        async with AsyncOpenAI(api_key="k", base_url=server.base_url, max_retries=0) as client:
            file = await client.files.create(file=("input.jsonl", content_of([line("a")])), purpose="batch")
            batch = await client.batches.create(
                input_file_id=file.id, endpoint="/v1/chat/completions", completion_window="24h"
            )
            statuses: list[str] = [batch.status]
            for _ in range(3):
                batch = await client.batches.retrieve(batch.id)
                statuses.append(batch.status)
            assert batch.output_file_id is not None
            return statuses, (await client.files.content(batch.output_file_id)).content

    server.before_poll = server.advance
    statuses, content = asyncio.run(run())
    assert statuses == ["validating", "in_progress", "finalizing", "completed"]
    assert json.loads(content)["custom_id"] == "a"


def test_requests_that_fail_stand_in_the_error_file_alone() -> None:
    def respond(body: dict[str, Any]) -> str | Status | Hang:
        asked = body["messages"][0]["content"]
        said = {"question of row-1": Status(429), "question of row-2": Status(500, {"error": {"message": "oh"}})}
        return said.get(asked, Hang() if asked == "question of row-3" else "yes")

    with batch_server(respond) as server, connect(server) as client:
        mixed = create(client, [line(name) for name in IDS])
        hopeless = create(client, [line("row-1")])
        server.finish()
        mixed, hopeless = client.batches.retrieve(mixed.id), client.batches.retrieve(hopeless.id)
        assert mixed.request_counts is not None
        assert (mixed.request_counts.completed, mixed.request_counts.failed) == (1, 3)
        assert list(results(client, mixed.output_file_id)) == ["row-4"]
        errors = results(client, mixed.error_file_id)
        assert {name: error["response"]["status_code"] for name, error in errors.items() if error["response"]} == {
            "row-1": 429,
            "row-2": 500,
        }
        assert errors["row-2"]["response"]["body"] == {"error": {"message": "oh"}}
        assert errors["row-3"]["error"]["code"] == "request_timeout"
        assert (hopeless.status, hopeless.output_file_id) == ("completed", None)
        assert list(results(client, hopeless.error_file_id)) == ["row-1"]
        assert server.answered == {"row-1": 2, "row-2": 1, "row-3": 1, "row-4": 1}
        assert server.paid == {"row-4": 1}


@pytest.mark.parametrize(
    ("end", "status", "code"),
    [
        (lambda server, _: server.expire(), "expired", "batch_expired"),
        (lambda _, cancel: cancel(), "cancelled", "batch_cancelled"),
    ],
)
def test_batch_that_stops_half_way_keeps_what_was_done(
    server: BatchServer,
    client: Client,
    end: Callable[[BatchServer, Callable[[], object]], None],
    status: str,
    code: str,
) -> None:
    batch = create(client, [line(name) for name in IDS])
    server.work(["row-2", "row-3"])
    end(server, lambda: client.batches.cancel(batch.id))
    server.finish()
    batch = client.batches.retrieve(batch.id)
    assert (batch.status, batch.completed_at) == (status, None)
    assert batch.request_counts is not None
    assert (batch.request_counts.total, batch.request_counts.completed, batch.request_counts.failed) == (4, 2, 0)
    assert results(client, batch.output_file_id).keys() == {"row-2", "row-3"} == server.paid.keys()
    errors = results(client, batch.error_file_id)
    assert errors.keys() == {"row-1", "row-4"}
    assert {(error["response"], error["error"]["code"]) for error in errors.values()} == {(None, code)}


@pytest.mark.parametrize(
    ("lines", "problems"),
    [
        ([line("a"), line("b"), line("a")], [("duplicate_custom_id", 3, "custom_id")]),
        (content_of([line("a")]) + b"{\n\xff\n", [("invalid_json_line", 2, None), ("invalid_json_line", 3, None)]),
        ([{"custom_id": "a"}], [("missing_required_parameter", 1, name) for name in ("method", "url", "body")]),
        ([line("a", url="/v1/embeddings")], [("invalid_url", 1, "url")]),
        ([line("a"), line("b", body={"model": "other"})], [("mismatched_model", 2, "body.model")]),
        ([line(name) for name in IDS], [("maximum_requests_exceeded", None, None)]),
        ([line("a" * 900)], [("maximum_input_file_size_exceeded", None, None)]),
        (b"\n", [("empty_file", None, None)]),
    ],
)
def test_batch_of_a_bad_file_fails_before_anything_is_asked(
    lines: list[dict[str, Any]] | bytes, problems: list[tuple[str, int | None, str | None]]
) -> None:
    limits = Limits(requests=3, file_bytes=900)
    with batch_server(limits=limits) as server, connect(server) as client:
        batch = create(client, lines)
        server.finish()
        batch = client.batches.retrieve(batch.id)
        assert (batch.status, batch.output_file_id, batch.error_file_id) == ("failed", None, None)
        assert batch.errors is not None
        assert [(found.code, found.line, found.param) for found in batch.errors.data or []] == problems
        assert not server.answered


def test_model_takes_so_many_waiting_tokens() -> None:
    limits = Limits(enqueued_tokens={"test-model": 25})
    with (
        batch_server(limits=limits, tokens=lambda _: 10) as server,
        connect(server) as client,
    ):
        first, second, other = (
            create(client, [line("a"), line("b")]),
            create(client, [line("c")]),
            create(client, [line("d", body={"model": "other"})]),
        )
        server.advance()
        statuses = [client.batches.retrieve(batch.id).status for batch in (first, second, other)]
        assert statuses == ["in_progress", "failed", "in_progress"]
        errors = client.batches.retrieve(second.id).errors
        assert errors is not None
        assert errors.data
        assert errors.data[0].code == "token_limit_exceeded"
        server.finish()
        again = create(client, [line("c")])
        server.finish()
        assert client.batches.retrieve(again.id).status == "completed"


def test_list_is_paged_from_the_newest(client: Client) -> None:
    made = [create(client, [line("a")], number=str(number)).id for number in range(5)]
    page = client.batches.list(limit=2)
    assert ([batch.id for batch in page.data], page.has_more) == ([made[4], made[3]], True)
    assert [batch.id for batch in client.batches.list(limit=2, after=made[3]).data] == [made[2], made[1]]
    assert [batch.id for batch in client.batches.list(limit=2)] == made[::-1]
    assert [batch.id for batch in client.files.list(limit=1, order="asc").data] != made
    with pytest.raises(BadRequestError):
        client.batches.list(limit=101)
    with pytest.raises(NotFoundError, match="No batch found"):
        client.batches.retrieve("batch_none")


def test_call_fails_before_or_after_the_server_did_it(server: BatchServer, client: Client) -> None:
    server.disturb("upload", Status(500), Hang(0))
    for error in (InternalServerError, APIConnectionError):
        with pytest.raises(error):
            upload(client, [line("a")])
        assert not server.files
    server.disturb("upload", Drop())
    with pytest.raises(APIConnectionError):
        upload(client, [line("a")])
    assert [file.filename for file in client.files.list(purpose="batch")] == ["input.jsonl"]
    server.disturb("upload", Status(429, headers={"retry-after-ms": "1"}))
    upload(client.with_options(max_retries=1), [line("a")])
    assert server.calls == ["upload", "upload", "upload", "files", "upload", "upload"]
    assert len(server.files) == 2

    server.disturb("create", Drop())
    with pytest.raises(APIConnectionError):
        create(client, [line("a")], run="7")
    found = [batch for batch in client.batches.list() if batch.metadata == {"run": "7"}]
    assert len(found) == len(server.batches) == 1
    server.finish()
    server.disturb("download", Drop())
    file_id = client.batches.retrieve(found[0].id).output_file_id
    with pytest.raises(APIConnectionError):
        results(client, file_id)
    assert list(results(client, file_id)) == ["a"]
    assert server.answered == {"a": 1}


def test_direct_call_is_counted_and_refused(server: BatchServer, client: Client) -> None:
    with pytest.raises(InternalServerError, match="no direct calls"):
        client.chat.completions.create(model="m", messages=[{"role": "user", "content": "now"}])
    assert [call["model"] for call in server.direct_calls] == ["m"]


def test_bug_of_a_test_is_told_to_the_client_and_raised_at_the_end() -> None:
    def run() -> None:
        with batch_server(broken) as server, connect(server) as client:
            batch = create(client, [line("a")])
            server.advance()
            server.before_poll = server.advance
            with pytest.raises(InternalServerError, match="stand-in broke"):
                client.batches.retrieve(batch.id)

    def broken(body: dict[str, Any]) -> str:
        raise ValueError("a bug of the test")

    with pytest.raises(ValueError, match="a bug of the test"):
        run()
