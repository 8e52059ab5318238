"""A model in this process that says what a test tells it to: it stands below the engine, which is the thing tested."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from pydantic import BaseModel

from summarizer.extraction.llm.exchange import Answer, Reply, Request
from summarizer.schemas import Attempt, Tokens

Say = BaseModel | Exception | Callable[[Request[Any]], BaseModel]


class StandIn:
    """Answers requests in turn; an exception is raised, the last answer is repeated."""

    name = "stand-in"
    parameters = ""

    def __init__(self, answers: Sequence[Say]) -> None:
        self._answers = list(answers)
        self.requests: list[Request[Any]] = []

    async def ask(self, request: Request[Answer]) -> Reply[Answer]:
        """Give the next answer."""
        self.requests.append(request)
        said = self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]
        if isinstance(said, Exception):
            raise said
        value = said if isinstance(said, BaseModel) else said(request)
        attempt = Attempt(number=1, purpose=request.purpose, outcome="ok", seconds=0.5)
        checked = request.response_model.model_validate(value.model_dump())
        return Reply(checked, (attempt,), Tokens(input=100, output=10), 0.25)
