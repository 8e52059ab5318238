"""Every error that the program raises on purpose.

    SummarizerError                 the root: `except SummarizerError` catches what a user can act on
    ├── ConfigurationError          the set-up or the call is wrong; no input would have worked
    ├── ModelError                  a model gave no answer for one article; the others are unaffected
    │   ├── ModelUnavailableError   no answer in the time for retries: rate limit, server error, time-out ...
    │   │   └── EndpointDownError   nothing answers any more: no article would fare better
    │   ├── ModelRefusedError       the model or the provider's filter refused
    │   ├── ModelAnswerError        answers came, none of the right shape
    │   ├── AnswerCutOffError       the answer was longer than any budget allowed
    │   └── RequestTooLongError     the article does not fit the model's context
    ├── BudgetExceededError         the next call would pass --max-cost
    └── LoadError                   one input could not become an article; the others are unaffected
        ├── EmptyInputError         nothing, or nothing but white space
        ├── BinaryInputError        bytes that are not text: a PDF, a Word file, an image
        ├── UnreadableInputError    missing, a folder, a dangling link, no permission, damaged archive
        ├── TooLargeError           more bytes than the limit, compressed or not
        ├── UnsupportedFormatError  a file name whose ending the loaders don't know
        └── RecordError             one record of a JSON or JSON Lines file is not an article

A message is one line and says what happened, where, and what to do: `where: reason; advice`.
Errors survive pickling, so a worker process can hand them to its parent.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import ClassVar

__all__ = [
    "AnswerCutOffError",
    "BinaryInputError",
    "BudgetExceededError",
    "ConfigurationError",
    "EmptyInputError",
    "EndpointDownError",
    "LoadError",
    "ModelAnswerError",
    "ModelError",
    "ModelRefusedError",
    "ModelUnavailableError",
    "RecordError",
    "RequestTooLongError",
    "Spent",
    "SummarizerError",
    "TooLargeError",
    "UnreadableInputError",
    "UnsupportedFormatError",
]

# Line breaks, other control characters, and what is left of a file name that is not UTF-8.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


def _one_line(message: str) -> str:
    """Escape what would break the line or the terminal: file names may hold anything."""
    return _UNPRINTABLE.sub(lambda match: match[0].encode("unicode_escape").decode("ascii"), message)


class SummarizerError(Exception):
    """Root of all errors that the program raises on purpose."""

    code: ClassVar[str] = "error"
    """Stable identifier of the kind of error, for files that machines read."""


class _AdvisedError(SummarizerError):
    """An error with a reason and an advice."""

    def __init__(self, reason: str, advice: str | None = None) -> None:
        super().__init__(reason, advice)
        self.reason = reason
        self.advice = advice

    def __str__(self) -> str:
        return _one_line(self.reason if self.advice is None else f"{self.reason}; {self.advice}")


class ConfigurationError(_AdvisedError):
    """The set-up or the call is wrong: no input would have worked.

    Args:
        reason: What is wrong.
        advice: What to do about it.
    """

    code = "configuration"


class BudgetExceededError(_AdvisedError):
    """The next call to a model would cost more than what is left of the limit.

    Args:
        reason: What was spent, what the call would cost and what the limit is.
        advice: What to do about it.
    """

    code = "budget"


@dataclass(frozen=True, slots=True)
class Spent:
    """What calls to a model cost that led to nothing."""

    outcomes: tuple[str, ...] = ()
    """How each call ended, in order."""
    input_tokens: int = 0
    """Prompt tokens of all calls."""
    output_tokens: int = 0
    """Completion tokens of all calls."""
    cost: float | None = 0.0
    """US dollars; None when the price is not known."""


class ModelError(_AdvisedError):
    """A model gave no answer for one article.

    Args:
        reason: What happened.
        advice: What to do about it.
        spent: What was tried and what it cost.
    """

    code = "model"

    def __init__(self, reason: str, advice: str | None = None, spent: Spent | None = None) -> None:
        super().__init__(reason, advice)
        self.args = (reason, advice, spent)  # errors survive pickling
        self.spent = spent or Spent()


class ModelUnavailableError(ModelError):
    """No answer within the time for retries: rate limit, server error, time-out, no connection."""

    code = "model_unavailable"


class EndpointDownError(ModelUnavailableError):
    """Nothing has answered for so long that the run ends; articles that are not done are no failures."""

    code = "endpoint_down"


class ModelRefusedError(ModelError):
    """The model, or the provider's content filter, refused."""

    code = "model_refused"


class ModelAnswerError(ModelError):
    """Answers came, but none of the right shape."""

    code = "model_answer"


class AnswerCutOffError(ModelError):
    """The answer was cut off at every budget that was tried; it is never read as complete."""

    code = "answer_cut_off"


class RequestTooLongError(ModelError):
    """The request does not fit the model's context."""

    code = "request_too_long"


class LoadError(SummarizerError):
    """One input could not become an article.

    Args:
        reason: What happened.
        name: The file (or other source) as the caller named it; None for text without a name.
        advice: What to do about it.
    """

    code = "load"

    def __init__(self, reason: str, name: str | None = None, advice: str | None = None) -> None:
        super().__init__(reason, name, advice)
        self.reason = reason
        self.name = name
        self.advice = advice

    @property
    def place(self) -> str:
        """Where it happened, as the message shows it."""
        return self.name if self.name is not None else "the text"

    def __str__(self) -> str:
        message = f"{self.place}: {self.reason}"
        return _one_line(message if self.advice is None else f"{message}; {self.advice}")


class EmptyInputError(LoadError):
    """The input holds nothing, or nothing but white space."""

    code = "empty"


class BinaryInputError(LoadError):
    """The input is not text."""

    code = "binary"


class UnreadableInputError(LoadError):
    """The input can't be opened or read to its end."""

    code = "unreadable"


class TooLargeError(LoadError):
    """The input is larger than the limit.

    Args:
        reason: What happened.
        name: The file as the caller named it.
        advice: How to raise the limit.
        limit: The limit that was passed, in bytes.
    """

    code = "too_large"

    def __init__(
        self, reason: str, name: str | None = None, advice: str | None = None, limit: int | None = None
    ) -> None:
        super().__init__(reason, name, advice)
        self.args = (reason, name, advice, limit)
        self.limit = limit


class UnsupportedFormatError(LoadError):
    """The ending of the file's name is none that the loaders know."""

    code = "unsupported_format"


class RecordError(LoadError):
    """One record of a file of many is not an article; the other records are unaffected.

    Args:
        reason: What happened.
        name: The file as the caller named it.
        advice: What to do about it.
        line: Line of the record in a JSON Lines file, counted from 1.
        index: Place of the record in a JSON list, counted from 1.
        field: The key of the record that is at fault; None when it is the whole record.
    """

    code = "record"

    def __init__(
        self,
        reason: str,
        name: str | None = None,
        advice: str | None = None,
        line: int | None = None,
        index: int | None = None,
        field: str | None = None,
    ) -> None:
        super().__init__(reason, name, advice)
        self.args = (reason, name, advice, line, index, field)
        self.line = line
        self.index = index
        self.field = field

    @property
    def place(self) -> str:
        """File, line (or place in the list) and field."""
        parts = [super().place]
        if self.line is not None:
            parts.append(f"line {self.line}")
        if self.index is not None:
            parts.append(f"record {self.index}")
        if self.field is not None:
            parts.append(f"field {self.field!r}")
        return ", ".join(parts)
