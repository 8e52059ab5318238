"""What a client that answers from batches raises besides its replies."""

from __future__ import annotations

from summarizer.errors import ModelError

__all__ = ["DeferredError", "RejectedError"]


class DeferredError(ModelError):
    """The answer is not there yet: the request waits to be sent, or is at the provider.

    It is a ModelError so that an extractor goes on with its other questions: everything about an article that can be
    asked now goes out in one round, and not one request a day. Whatever the extractor makes of it is dropped, because
    the client remembers the articles that wait.
    """

    code = "deferred"


class RejectedError(Exception):
    """The provider has rejected a request; it looks as the openai client's errors do.

    Args:
        status: HTTP status.
        body: What the provider said.
    """

    def __init__(self, status: int, body: object) -> None:
        super().__init__(f"rejected with status {status}")
        self.status_code = status
        self.body = body
        self.response = None
