"""The cache of answers: what a second ask costs, what it must not remember, and what can't break a run."""

from __future__ import annotations

import asyncio
import multiprocessing
import os
import sqlite3
import stat
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, Field, create_model, field_validator

from summarizer.errors import ConfigurationError, ModelUnavailableError
from summarizer.extraction.llm.exchange import Answer, Message, Model, Reply, Request
from summarizer.extraction.llm.storing import answers
from summarizer.extraction.llm.storing.cache import CachedModel, cache_info, clear_cache, request_key, responses_path
from summarizer.schemas import Attempt, Tokens

ARTICLE = "Zorvatinib halved the risk of progression, the company said."


class Drugs(BaseModel):
    names: list[str]


class Fuller(BaseModel):
    names: list[str]
    doses: list[str] = []


class Turned(BaseModel):
    doses: list[str] = []
    names: list[str]


class Aliased(BaseModel):
    names: list[str] = Field(alias="drugNames")


class Scripted(Model):
    """Says what it is told to, and counts."""

    def __init__(self, *, name: str = "scripted-1", parameters: str = "seed=0", delay: float = 0.0) -> None:
        self._name = name
        self._parameters = parameters
        self.delay = delay
        self.failures: list[Exception] = []
        self.calls = 0
        self.gate: asyncio.Event | None = None

    @property
    def name(self) -> str:
        return self._name

    @property
    def parameters(self) -> str:
        return self._parameters

    async def ask(self, request: Request[Answer]) -> Reply[Answer]:
        self.calls += 1
        if self.gate is not None:
            await self.gate.wait()
        await asyncio.sleep(self.delay)
        if self.failures:
            raise self.failures.pop(0)
        given = {"drugNames": ["zorvatinib"]} if request.response_model is Aliased else {"names": ["zorvatinib"]}
        attempt = Attempt(number=1, outcome="ok", seconds=0.1)
        tokens = Tokens(input=100, cached=40, output=7)
        return Reply(request.response_model.model_validate(given), (attempt,), tokens, 0.25)


def make_request(
    *contents: str, shape: Any = Drugs, output_tokens: int = 100, purpose: str = "records"
) -> Request[Any]:
    messages = tuple(Message("user", content) for content in contents or (ARTICLE,))
    return Request(messages, shape, output_tokens, purpose)


def ask(model: Model, request: Request[Any] | None = None) -> Reply[Any]:
    return asyncio.run(model.ask(request or make_request()))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "responses.sqlite3"


def test_the_second_ask_makes_no_call_and_costs_nothing(path: Path) -> None:
    inner = Scripted()
    first = ask(CachedModel(inner, path))
    assert (first.cached, first.cost, first.tokens.input, len(first.attempts)) == (False, 0.25, 100, 1)
    second = ask(CachedModel(inner, path))  # another object: as good as another run
    assert inner.calls == 1
    assert second == Reply(first.value, (), Tokens(), 0.0, cached=True)


@pytest.mark.parametrize(
    ("model", "request_"),
    [
        (Scripted(), make_request(ARTICLE + " ")),
        (Scripted(), make_request("", ARTICLE)),
        (Scripted(), Request((Message("system", ARTICLE),), Drugs, 100, "records")),
        (Scripted(name="scripted-2"), make_request()),
        (Scripted(parameters="seed=1"), make_request()),
        (Scripted(), make_request(shape=Fuller)),
    ],
    ids=["message", "split", "role", "model", "parameters", "schema"],
)
def test_anything_that_may_change_the_answer_makes_a_new_call(path: Path, model: Scripted, request_: Any) -> None:
    ask(CachedModel(Scripted(), path))
    assert not ask(CachedModel(model, path), request_).cached
    assert model.calls == 1


@pytest.mark.parametrize("request_", [make_request(output_tokens=9000), make_request(purpose="rejected claims")])
def test_budget_of_the_answer_and_purpose_change_no_answer(path: Path, request_: Any) -> None:
    ask(CachedModel(Scripted(), path))
    assert ask(CachedModel(Scripted(), path), request_).cached


def test_order_matters_of_messages_and_of_fields() -> None:
    model = Scripted()
    assert request_key(model, make_request("a", "b")) != request_key(model, make_request("b", "a"))
    turned = create_model("Fuller", doses=(list[str], []), names=(list[str], ...))
    assert turned.model_json_schema() == Fuller.model_json_schema(), "but for the order of the fields"
    assert request_key(model, make_request(shape=Fuller)) != request_key(model, make_request(shape=turned))


ROLES = st.sampled_from(["system", "user", "assistant"])
MESSAGES = st.lists(st.tuples(ROLES, st.text(max_size=5)), max_size=3)
KEYED = st.tuples(st.text(max_size=5), st.text(max_size=5), MESSAGES, st.sampled_from([Drugs, Fuller, Turned]))


def key_of(parts: tuple[str, str, list[tuple[Literal["system", "user", "assistant"], str]], type[BaseModel]]) -> str:
    name, parameters, messages, shape = parts
    request = Request(tuple(Message(role, content) for role, content in messages), shape, 10, "records")
    return request_key(Scripted(name=name, parameters=parameters), request)


@given(KEYED, KEYED)
def test_different_requests_have_different_keys(one: Any, other: Any) -> None:
    assert (key_of(one) == key_of(other)) == (one == other)


def test_an_answer_with_aliases_and_one_of_a_client_s_own_subclass_are_kept(path: Path) -> None:
    inner = Scripted()
    ask(CachedModel(inner, path), make_request(shape=Aliased))
    assert ask(CachedModel(inner, path), make_request(shape=Aliased)).value.names == ["zorvatinib"]

    class Wrapping(Scripted):
        async def ask(self, request: Request[Answer]) -> Reply[Answer]:
            reply = await super().ask(request)
            wrapped: Any = create_model("Wrapped", __base__=request.response_model)
            value: Any = wrapped.model_validate(reply.value.model_dump())
            return Reply(value)

    wrapping = Wrapping(name="wrapping")
    ask(CachedModel(wrapping, path))
    assert ask(CachedModel(wrapping, path)).cached
    assert (inner.calls, wrapping.calls) == (1, 1)


def test_an_answer_that_would_come_back_as_another_is_not_kept(path: Path) -> None:
    class Forgetful(BaseModel):
        names: list[str] = Field(default=[], exclude=True)

    inner = Scripted()
    for _ in range(2):
        assert ask(CachedModel(inner, path), make_request(shape=Forgetful)).value.names == ["zorvatinib"]
    assert inner.calls == 2


def test_an_answer_that_is_not_valid_any_more_is_asked_for_again(path: Path) -> None:
    class Strict(BaseModel):
        names: list[str]

        @field_validator("names")
        @classmethod
        def check(cls, names: list[str]) -> list[str]:
            if forbidden.intersection(names):
                raise ValueError("no longer allowed")
            return names

    forbidden: set[str] = set()
    inner = Scripted()
    model = CachedModel(inner, path)
    ask(model, make_request(shape=Strict))
    forbidden.add("older")
    key = request_key(inner, make_request(shape=Strict))
    for damaged in ('{"names": ["older"]}', '{"names": [', b"\x00\xff", ""):
        with sqlite3.connect(path) as connection:
            connection.execute("UPDATE answers SET answer = ? WHERE key = ?", (damaged, key))
        connection.close()
        calls = inner.calls
        assert not ask(model, make_request(shape=Strict)).cached
        assert inner.calls == calls + 1
        assert ask(model, make_request(shape=Strict)).cached
    assert model.problem is None


def test_failures_are_not_kept(path: Path) -> None:
    inner = Scripted()
    inner.failures = [ModelUnavailableError("the server is busy"), ConfigurationError("wrong key")]
    model = CachedModel(inner, path)
    for expected in (ModelUnavailableError, ConfigurationError):
        with pytest.raises(expected):
            ask(model)
    assert not ask(model).cached
    assert inner.calls == 3
    assert cache_info(path).entries == 1


def test_neither_article_nor_key_nor_parameters_are_in_the_files(path: Path) -> None:
    model = CachedModel(Scripted(parameters="api_key=sk-very-secret"), path)
    ask(model)  # the connection is open, so the write-ahead log is there too
    written = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert b"zorvatinib" in written
    assert b"sk-very-secret" not in written
    assert b"halved the risk" not in written
    assert {stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()} == {0o600}


def test_a_file_that_others_could_read_is_closed_to_them(path: Path) -> None:
    path.parent.mkdir()
    path.touch(0o644)
    ask(CachedModel(Scripted(), path))
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def assert_goes_on_without(path: Path, complaint: str) -> None:
    told: list[str] = []
    inner = Scripted()
    model = CachedModel(inner, path, told.append)
    for content in ("a", "b", "a"):
        assert ask(model, make_request(content)).value == Drugs(names=["zorvatinib"])
    assert inner.calls == 3
    assert told == [model.problem]
    assert complaint in told[0]
    assert "\n" not in told[0]


@pytest.mark.parametrize("content", [b"no database at all" * 300, b"SQLite format 3\x00" + b"\xff" * 5000])
def test_a_damaged_file(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    assert_goes_on_without(path, "run 'summarizer cache clear'")
    with pytest.raises(ConfigurationError, match=r"can't be read.*run 'summarizer cache clear'"):
        cache_info(path)
    assert clear_cache(path) == 0
    inner = Scripted()
    ask(CachedModel(inner, path))
    assert ask(CachedModel(inner, path)).cached


def test_a_file_damaged_in_the_middle(path: Path) -> None:
    model = CachedModel(Scripted(), path)
    for number in range(200):
        ask(model, make_request(str(number)))
    model.close()
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * (path.stat().st_size - 4096))
    assert_goes_on_without(path, "run 'summarizer cache clear'")


def test_tables_of_a_later_version(path: Path) -> None:
    ask(CachedModel(Scripted(), path))
    with sqlite3.connect(path) as connection:
        connection.execute("INSERT INTO migrations VALUES ('9999 from the future', '2099-01-01')")
    connection.close()
    assert_goes_on_without(path, "another version")


def test_a_folder_that_can_t_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert_goes_on_without(tmp_path / "file" / "responses.sqlite3", "SUMMARIZER_CACHE_DIR")


def test_a_folder_in_place_of_the_file(path: Path) -> None:
    path.mkdir(parents=True)
    assert_goes_on_without(path, "SUMMARIZER_CACHE_DIR")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everywhere")
@pytest.mark.parametrize("has_file", [True, False])
def test_a_read_only_folder(path: Path, has_file: bool) -> None:
    path.parent.mkdir()
    if has_file:
        path.touch(0o400)
    path.parent.chmod(0o500)
    try:
        assert_goes_on_without(path, "SUMMARIZER_CACHE_DIR")
    finally:
        path.parent.chmod(0o700)


def test_a_database_that_turns_read_only_under_the_run(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As root may write everywhere, SQLite itself is told to refuse."""
    real = answers.connect

    def connect_read_only(file: Path) -> sqlite3.Connection:
        connection = real(file)
        connection.execute("PRAGMA query_only = ON")
        return connection

    monkeypatch.setattr(answers, "connect", connect_read_only)
    assert_goes_on_without(path, "readonly")


def test_a_locked_database_costs_patience_a_few_times_and_no_answer(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answers, "_BUSY_SECONDS", 0.01)
    told: list[str] = []
    inner = Scripted()
    model = CachedModel(inner, path, told.append)
    ask(model, make_request("before"))
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    assert not ask(model, make_request("during")).cached
    holder.execute("ROLLBACK")
    holder.close()
    assert ask(model, make_request("before")).cached, "one stall must not turn the cache off"
    assert len(told) == 1
    assert "another process" in told[0]


def write_answers(path: Path, start: int, count: int) -> None:
    """Run in a process of its own."""
    model = CachedModel(Scripted(), path)
    for number in range(start, start + count):
        ask(model, make_request(str(number)))
    model.close()
    if model.problem is not None:
        raise AssertionError(model.problem)


def test_several_processes_write_at_once(path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    with context.Pool(2) as pool:
        pool.starmap(write_answers, [(path, 0, 60), (path, 30, 60)], chunksize=1)
    assert cache_info(path).entries == 90


def test_threads_with_event_loops_of_their_own(path: Path) -> None:
    inner = Scripted()
    model = CachedModel(inner, path)
    requests = [make_request(str(number % 10)) for number in range(80)]
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(ask, [model] * 80, requests))
    assert all(reply.value == Drugs(names=["zorvatinib"]) for reply in replies)
    assert inner.calls == 10
    assert model.problem is None


def test_the_same_request_at_the_same_time_is_one_call(path: Path) -> None:
    inner = Scripted(delay=0.02)
    model = CachedModel(inner, path)

    async def gather() -> list[Reply[Any]]:
        return await asyncio.gather(*(model.ask(make_request()) for _ in range(20)))

    replies = asyncio.run(gather())
    assert inner.calls == 1
    assert sorted(reply.cached for reply in replies) == [False] + [True] * 19
    assert sum(reply.cost or 0.0 for reply in replies) == 0.25
    replies[0].value.names.append("changed by one caller")
    assert replies[1].value.names == ["zorvatinib"]


def test_the_same_request_from_two_event_loops_is_one_call(path: Path) -> None:
    inner = Scripted(delay=0.2)
    model = CachedModel(inner, path)
    replies: list[Reply[Any]] = []
    threads = [threading.Thread(target=lambda: replies.append(ask(model))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert inner.calls == 1
    assert sorted(reply.cached for reply in replies) == [False, True, True, True]


def test_the_failure_or_end_of_one_caller_is_not_that_of_the_others(path: Path) -> None:
    async def scenario() -> tuple[list[Any], int]:
        inner = Scripted()
        inner.gate = asyncio.Event()
        inner.failures = [ModelUnavailableError("the server is busy")]
        model = CachedModel(inner, path)
        tasks = [asyncio.create_task(model.ask(make_request())) for _ in range(4)]
        await asyncio.sleep(0.01)
        tasks[1].cancel()  # one that waits
        await asyncio.sleep(0.01)
        inner.gate.set()
        return await asyncio.gather(*tasks, return_exceptions=True), inner.calls

    results, calls = asyncio.run(scenario())
    assert isinstance(results[0], ModelUnavailableError)
    assert isinstance(results[1], asyncio.CancelledError)
    assert [result.value.names for result in results[2:]] == [["zorvatinib"], ["zorvatinib"]]
    assert calls == 3


def test_those_who_wait_for_a_cancelled_caller_get_an_answer(path: Path) -> None:
    async def scenario() -> Reply[Any]:
        inner = Scripted()
        inner.gate = asyncio.Event()
        model = CachedModel(inner, path)
        first, second = (asyncio.create_task(model.ask(make_request())) for _ in range(2))
        await asyncio.sleep(0.01)
        first.cancel()
        inner.gate.set()
        return await second

    assert asyncio.run(scenario()).value == Drugs(names=["zorvatinib"])


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_forked_process_opens_the_database_anew(path: Path) -> None:
    model = CachedModel(Scripted(), path)
    ask(model, make_request("parent"))
    child = multiprocessing.get_context("fork").Process(target=ask, args=(model, make_request("child")))
    child.start()
    child.join(20)
    assert child.exitcode == 0
    assert ask(model, make_request("child")).cached
    assert model.problem is None


def test_the_default_place_is_the_cache_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUMMARIZER_CACHE_DIR", str(tmp_path / "chosen"))
    ask(CachedModel(Scripted()))
    assert responses_path() == tmp_path / "chosen" / "responses.sqlite3"
    assert responses_path().is_file()


def test_info_counts_answers_and_what_they_saved(path: Path) -> None:
    assert cache_info(path).entries == 0
    assert not path.exists(), "looking must not make a file"
    model, other = CachedModel(Scripted(), path), CachedModel(Scripted(name="scripted-2"), path)
    for content in ("a", "b", "a", "a"):
        ask(model, make_request(content))
    ask(other)
    info = cache_info(path)
    assert (info.entries, info.hits, info.saved_cost) == (3, 2, 0.5)
    assert info.models == (("scripted-1", 2), ("scripted-2", 1))
    assert info.saved_tokens == Tokens(input=200, cached=80, output=14)
    assert info.bytes >= path.stat().st_size > 0
    assert info.oldest is not None
    assert info.newest is not None
    assert info.oldest <= info.newest
    assert info.newest.utcoffset() is not None


def test_clear_forgets_all_and_a_run_that_uses_the_file_goes_on(path: Path) -> None:
    assert clear_cache(path) == 0
    inner = Scripted()
    model = CachedModel(inner, path)
    for content in ("a", "b"):
        ask(model, make_request(content))
    assert clear_cache(path) == 2
    assert b"zorvatinib" not in b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert not ask(model, make_request("a")).cached
    assert ask(model, make_request("a")).cached
    assert model.problem is None
    assert cache_info(path).entries == 1


def test_clear_says_so_when_it_can_t(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers, "_BUSY_SECONDS", 0.01)
    ask(CachedModel(Scripted(), path))
    holder = sqlite3.connect(path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(ConfigurationError, match=r"can't be cleared.*another process"):
        clear_cache(path)
    holder.close()
    assert cache_info(path).entries == 1
