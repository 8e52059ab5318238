"""Answers as text: what the cache and the journal keep, and how it is read back."""

from __future__ import annotations

from pydantic import ValidationError

from summarizer.extraction.llm.exchange import Answer, Request

__all__ = ["read_answer", "write_answer"]


def read_answer(request: Request[Answer], text: str) -> Answer | None:
    """A kept answer; None where it is damaged or its model has become stricter since."""
    try:
        return request.response_model.model_validate_json(text)
    except ValidationError:
        return None


def write_answer(request: Request[Answer], value: Answer) -> str | None:
    """An answer as text; None where reading that back would give something else."""
    try:
        text = value.model_dump_json(by_alias=True, round_trip=True)
    except ValueError:  # a value that JSON can't hold
        return None
    read = read_answer(request, text)
    # By their fields: the client may have made the value with a subclass of its own.
    return text if read is not None and dict(read) == dict(value) else None
