"""How an endpoint wants to be asked - structured-output mode and parameters - guessed at first, then learned."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal

from summarizer.extraction.llm.endpoint.target import Endpoint

if TYPE_CHECKING:
    import instructor

__all__ = ["Dialect", "Mode", "first_dialect", "instructor_mode"]

_LOCAL_PORTS = {11434, 8080, 8000, 1234}
"""Ollama, llama.cpp, vLLM and LM Studio, unless told otherwise."""
_REASONING = re.compile(r"(?:.*/)?(?:o[134]|gpt-5(?![\w.-]*-chat))(?![0-9a-z])", re.IGNORECASE)
_REASONING_FACTOR = 4
_REASONING_OUTPUT = 4096

TokenParameter = Literal["max_tokens", "max_completion_tokens"]


class Mode(StrEnum):
    """How the shape of an answer is asked for, most reliable first; an endpoint that takes none takes the last."""

    TOOLS = "tools"
    JSON_SCHEMA = "json_schema"
    JSON = "json"
    TEXT = "JSON in text"


@dataclass(slots=True)
class Dialect:
    """How one endpoint is asked; it changes when the endpoint shows that it wants something else."""

    mode: Mode
    """Mode that the next request starts with."""
    is_fixed: bool
    """True when the caller chose the mode: then no other one is tried."""
    token_parameter: TokenParameter
    """Name of the parameter that limits the answer."""
    has_temperature: bool
    """Whether the endpoint takes a temperature."""
    is_reasoning: bool = False
    """Whether tokens that nobody sees count as output."""
    has_worked: bool = False
    """Whether a request was answered in ``mode``."""
    odd_replies: int = 0
    """Requests that were answered in a later mode only."""
    largest_output: int | None = None
    """Output tokens that the endpoint grants at most; None when it has not complained yet."""
    _learned: set[str] = field(default_factory=set[str])

    @property
    def parameters(self) -> dict[str, Any]:
        """Parameters that do not depend on the request; 0 makes answers as repeatable as the endpoint can."""
        return {"temperature": 0.0} if self.has_temperature else {}

    def first_budget(self, output_tokens: int) -> int:
        """Output budget to begin with."""
        wanted = max(_REASONING_FACTOR * output_tokens, _REASONING_OUTPUT) if self.is_reasoning else output_tokens
        return self.granted(wanted)

    def granted(self, output_tokens: int) -> int:
        """As much of an output budget as the endpoint grants."""
        return output_tokens if self.largest_output is None else min(output_tokens, self.largest_output)

    def below(self, mode: Mode) -> Mode | None:
        """Mode to try after one that the endpoint does not take; None when there is none."""
        if self.is_fixed:
            return None
        ladder = list(Mode)
        return next(iter(ladder[ladder.index(mode) + 1 :]), None)

    def learn_from_answer(self, mode: Mode) -> None:
        """Take it that a request was answered in this mode.

        A reply of the wrong kind says something of its article as well: where the mode has worked before, or this is
        the first such reply, the next request starts as this one did.
        """
        if mode is self.mode:
            self.has_worked = True
            return
        self.odd_replies += 1
        if not self.has_worked and self.odd_replies > 1:
            self.learn_mode(mode)

    def learn_mode(self, mode: Mode) -> None:
        """Start with this mode from now on, unless a request that ran beside has already found a later one."""
        ladder = list(Mode)
        self.mode = max(self.mode, mode, key=ladder.index)

    def give_up(self, parameter: str) -> str | None:
        """Do without a parameter that the endpoint rejects.

        Returns:
            What is done instead; None when that was done before, so that two rejections never take turns for ever.
        """
        is_used = self.has_temperature if parameter == "temperature" else self.token_parameter == parameter
        if is_used and parameter in self._learned:
            return None
        if is_used:  # else a request that ran beside has learned it
            self._learned.add(parameter)
            if parameter == "temperature":
                self.has_temperature = False
            else:
                is_old = parameter == "max_tokens"
                self.token_parameter = "max_completion_tokens" if is_old else "max_tokens"
        return ("left out" if parameter == "temperature" else f"{self.token_parameter} is used") + " from here on"


def first_dialect(endpoint: Endpoint) -> Dialect:
    """Guess how an endpoint is asked, from its address and the model's name."""
    is_reasoning = bool(_REASONING.match(endpoint.model))
    chosen = endpoint.structured_output
    return Dialect(
        mode=_first_mode(endpoint) if chosen == "auto" else Mode(chosen),
        is_fixed=chosen != "auto",
        token_parameter="max_completion_tokens" if is_reasoning else "max_tokens",
        has_temperature=not is_reasoning,
        is_reasoning=is_reasoning,
    )


def instructor_mode(mode: Mode) -> instructor.Mode:
    """Instructor's name of a mode."""
    from instructor import Mode as Theirs  # noqa: PLC0415  # slow to import

    return {
        Mode.TOOLS: Theirs.TOOLS,
        Mode.JSON_SCHEMA: Theirs.JSON_SCHEMA,
        Mode.JSON: Theirs.JSON,
        Mode.TEXT: Theirs.MD_JSON,
    }[mode]


def _first_mode(endpoint: Endpoint) -> Mode:
    # Local servers turn a schema into a grammar, which a small model can't leave; their tool calls are often guessed
    # from text. The big providers, and gateways to them, are best at tools.
    is_local = endpoint.is_loopback or endpoint.port in _LOCAL_PORTS
    return Mode.JSON_SCHEMA if is_local else Mode.TOOLS
