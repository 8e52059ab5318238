"""Who makes the HTTP calls: our own openai client, one per event loop, or the caller's."""

from __future__ import annotations

import functools
import inspect
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

import anyio
import anyio.lowlevel
import anyio.to_thread

from summarizer.errors import ConfigurationError
from summarizer.extraction.llm.endpoint.target import Endpoint

if TYPE_CHECKING:
    from openai import AsyncOpenAI

__all__ = ["Clients", "Create"]

Create = Callable[..., Awaitable[Any]]
"""``chat.completions.create``."""

_NO_KEY = "no-key"
"""Servers that need no key still get a header: the openai client insists."""


@dataclass(slots=True)
class _Shared:
    """A client of one event loop, and how many use it now."""

    client: AsyncOpenAI
    users: int = 0


class Clients:
    """Lends ``chat.completions.create`` of an endpoint.

    A pool of connections belongs to the event loop that opened it, and only that loop can close it. So each loop has
    a client of its own, which lives as long as somebody there borrows it. An AsyncOpenAI of the caller's is copied for
    each loop for the same reason, unless it came with a pool (``http_client=``) that only the caller can know how to
    replace.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._shared = anyio.lowlevel.RunVar[_Shared | None]("client of an endpoint", None)
        client = endpoint.client
        self._given = None if client is None or _is_copyable(client) else _given_create(client)

    @asynccontextmanager
    async def borrow(self) -> AsyncGenerator[Create, None]:
        """Lend it for the length of a block."""
        create = self.acquire()
        try:
            yield create
        finally:
            await self.release()

    def acquire(self) -> Create:
        """Lend it until :meth:`release` is called, in the same event loop."""
        if self._given is not None:
            return self._given
        shared = self._shared.get()
        if shared is None:
            shared = _Shared(_client(self._endpoint))
            self._shared.set(shared)
        shared.users += 1
        return cast("Create", shared.client.chat.completions.create)

    async def release(self) -> None:
        """Take it back; the last one in a loop closes the client."""
        shared = self._shared.get()
        if shared is None:
            return
        shared.users -= 1
        if not shared.users:
            self._shared.set(None)
            with anyio.CancelScope(shield=True):  # a cancelled request still closes its connections
                await shared.client.close()


def _client(endpoint: Endpoint) -> AsyncOpenAI:
    """A client with a pool of its own, and without retries: its own ones would be silent, and multiply ours."""
    from openai import AsyncOpenAI, DefaultAsyncHttpxClient  # noqa: PLC0415 - costs 1 s

    # A proxy can't reach a server on this machine.
    pool = DefaultAsyncHttpxClient(trust_env=not endpoint.is_loopback)
    if endpoint.client is not None:
        return cast("AsyncOpenAI", endpoint.client).with_options(max_retries=0, http_client=pool)
    return AsyncOpenAI(
        api_key=_NO_KEY if endpoint.api_key is None else endpoint.api_key.get_secret_value(),
        base_url=endpoint.address,
        timeout=endpoint.timeout,
        max_retries=0,
        http_client=pool,
    )


def _is_copyable(client: object) -> bool:
    """Whether it is an async openai client with the pool that openai made for it, which holds no wish of the caller."""
    pool = getattr(client, "_client", None)
    return type(pool).__name__ == "AsyncHttpxClientWrapper" and callable(getattr(client, "with_options", None))


def _given_create(client: object) -> Create:
    """``create`` of the caller's client, async whatever it was, and without retries of its own."""
    with_options = getattr(client, "with_options", None)
    asked = with_options(max_retries=0) if callable(with_options) else client
    create = getattr(getattr(getattr(asked, "chat", None), "completions", None), "create", None)
    if not callable(create):
        raise ConfigurationError(
            f"client= is a {type(client).__name__} and has no chat.completions.create",
            "give an OpenAI or AsyncOpenAI client, or one with the same interface",
        )
    return cast("Create", create) if _is_async(create) else _in_thread(cast("Callable[..., Any]", create))


def _is_async(function: Callable[..., Any]) -> bool:
    """Whether a call gives an awaitable; openai's own decorators hide it one level down."""
    unwrapped = inspect.unwrap(function)
    return inspect.iscoroutinefunction(unwrapped) or inspect.iscoroutinefunction(type(unwrapped).__call__)


def _in_thread(create: Callable[..., Any]) -> Create:
    async def call(**parameters: Any) -> Any:  # noqa: ANN401 - as openai's
        # Abandoned when cancelled: Ctrl-C should not wait for a slow server.
        result = await anyio.to_thread.run_sync(functools.partial(create, **parameters), abandon_on_cancel=True)
        return await result if inspect.isawaitable(result) else result

    return call
