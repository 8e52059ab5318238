"""One call in the traffic: it waits, it is let go, and it tells how it went."""

from __future__ import annotations

import asyncio
import math
from typing import Protocol

__all__ = ["TrafficCall"]


class _Control(Protocol):
    """Who is told how calls went."""

    def note_answer(self, call: TrafficCall, used_tokens: float | None) -> None: ...
    def note_rate_limit(self, call: TrafficCall, wait: float | None) -> None: ...
    def note_failure(self, call: TrafficCall, reason: str, wait: float | None) -> None: ...


class TrafficCall:
    """One call. What ends without telling anything (because it is cancelled, say) keeps what was set aside for it.

    Args:
        control: Who is told how it went.
        tokens: Tokens that are set aside for it.
        held: Seconds in which the pace, and in which outages, had held everyone when its caller came.
    """

    def __init__(self, control: _Control, tokens: float, held: tuple[float, float]) -> None:
        self.tokens = tokens
        """Tokens that are set aside for it."""
        self.started = math.inf
        """When it was let go, by the clock of the event loop."""
        self.paced = 0.0
        """Seconds that it waited while everyone did, for the pace or for as long as the endpoint told to."""
        self.outage = 0.0
        """Seconds that it waited while the endpoint was down."""
        self.is_probe = False
        """Whether it is the one call that tries an endpoint which is down."""
        self.admission: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        """Done when it is let go, or never will be."""
        self._control = control
        self._held = held
        self._has_told = False

    @property
    def is_let_go(self) -> bool:
        """Whether it is under way."""
        return self.started < math.inf

    def let_go(self, now: float, held: tuple[float, float], *, is_probe: bool) -> None:
        """Let it start.

        Args:
            now: The time.
            held: Seconds in which the pace, and in which outages, have held everyone by now.
            is_probe: Whether it tries an endpoint that is down.
        """
        self.started = now
        self.paced, self.outage = held[0] - self._held[0], held[1] - self._held[1]
        self.is_probe = is_probe
        self.admission.set_result(None)

    def succeeded(self, used_tokens: float | None = None) -> None:
        """Tell that the endpoint answered, whatever the answer is worth.

        Args:
            used_tokens: Tokens that were really used; None when nobody says, so that the estimate stands.
        """
        if self.take_first_word():
            self._control.note_answer(self, used_tokens)

    def rate_limited(self, wait: float | None = None) -> None:
        """Tell that it was turned away as one too many (429).

        Args:
            wait: Seconds that the endpoint told to wait, for everyone.
        """
        if self.take_first_word():
            self._control.note_rate_limit(self, wait)

    def unreachable(self, reason: str, wait: float | None = None) -> None:
        """Tell that there was no answer: no connection, a time-out, a server error.

        Args:
            reason: What happened, in words.
            wait: Seconds that the endpoint told to wait, for everyone.
        """
        if self.take_first_word():
            self._control.note_failure(self, reason, wait)

    def take_first_word(self) -> bool:
        """Whether it has not told anything before; what comes later tells nothing."""
        is_first, self._has_told = not self._has_told, True
        return is_first
