"""One event loop in a thread of its own, for callers without one: connections stay open between their calls."""

from __future__ import annotations

import atexit
import threading
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from anyio.from_thread import BlockingPortal

Result = TypeVar("Result")

_lock = threading.Lock()
_portal: BlockingPortal | None = None


def run(work: Callable[[], Awaitable[Result]]) -> Result:
    """Run a coroutine function on the background loop and wait for it; Ctrl-C cancels it.

    It may be called from any thread, also from one that runs an event loop, which then waits as well.
    """
    future = _start().start_task_soon(work)
    try:
        return future.result()
    except BaseException:
        future.cancel()
        raise


def _start() -> BlockingPortal:
    global _portal  # noqa: PLW0603 - one loop per process
    with _lock:
        if _portal is None:
            from anyio.from_thread import start_blocking_portal  # noqa: PLC0415 - only the model engine needs it

            manager: AbstractContextManager[BlockingPortal] = start_blocking_portal("asyncio")
            _portal = manager.__enter__()
            atexit.register(manager.__exit__, None, None, None)
        return _portal
