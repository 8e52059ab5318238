"""How an event loop uses the ledger, which is for one thread at a time: in its own, or all of it in another one."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, Protocol, TypeVar

__all__ = ["Access", "Here", "InThread"]

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")


class Access(Protocol):
    """Calls functions that use the ledger, one after the other."""

    async def use(
        self, function: Callable[Parameters, Result], *args: Parameters.args, **kwargs: Parameters.kwargs
    ) -> Result:
        """Call a function."""
        ...

    def close(self) -> None:
        """Wait for what was begun."""
        ...


class Here(Access):
    """Calls them in the thread of the event loop, which waits for the disk."""

    async def use(
        self, function: Callable[Parameters, Result], *args: Parameters.args, **kwargs: Parameters.kwargs
    ) -> Result:
        """Call a function."""
        return function(*args, **kwargs)

    def close(self) -> None:
        """Nothing was begun that is not done."""


class InThread(Access):
    """Calls them in a thread of its own, so that no call to a model waits for the disk.

    A function that has begun is not broken off when its task is cancelled: a transaction is whole or not there.
    """

    def __init__(self) -> None:
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="ledger")

    async def use(
        self, function: Callable[Parameters, Result], *args: Parameters.args, **kwargs: Parameters.kwargs
    ) -> Result:
        """Call a function."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._executor, lambda: function(*args, **kwargs))

    def close(self) -> None:
        """Wait for what was begun."""
        self._executor.shutdown()
