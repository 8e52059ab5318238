"""The provider's side: its files and batches, through the openai client, with our own patience."""

from __future__ import annotations

import random
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import TracebackType
from typing import IO, TYPE_CHECKING, NoReturn, Self, TypeVar, cast

from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt, stop_before_delay

from summarizer.batch.provider.chunks import URL, Chunk
from summarizer.errors import ConfigurationError, ModelUnavailableError, SummarizerError
from summarizer.extraction.llm.endpoint.diagnosis import failure_of_error
from summarizer.extraction.llm.endpoint.failures import Failure, Kind
from summarizer.extraction.llm.endpoint.redaction import Redactor
from summarizer.extraction.llm.endpoint.target import Endpoint

if TYPE_CHECKING:
    from openai import OpenAI
    from openai.types import Batch

__all__ = ["BatchService", "MissingError"]

Result = TypeVar("Result")

_NO_KEY = "no-key"
"""Servers that need no key still get a header: the openai client insists."""
_NAME = "summarizer_chunk"
"""Key of the metadata under which a batch has the name of its chunk."""
_PAGE = 100
_PIECE = 1 << 16
_NO_API = {404, 405, 501}


class MissingError(SummarizerError):
    """The provider has no such batch or file, or none any more."""


class _BusyError(Exception):
    """A call failed in a way that another try may mend."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.reason)
        self.failure = failure


class _DiskError(Exception):
    """A file on this machine can't be written: no trouble of the provider's, though it looks like one."""

    def __init__(self, cause: OSError) -> None:
        super().__init__(str(cause))
        self.cause = cause


class BatchService:
    """Files and batches of a provider. A context manager: leaving it closes the connections.

    Args:
        endpoint: Where it is.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._redactor = Redactor(endpoint.secret, ())
        self._client: OpenAI | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._client is not None:
            self._client.close()

    def check(self) -> None:
        """See that there is a Batch API before a day's work is prepared for it.

        Raises:
            ConfigurationError: if there is none, or it does not let us in.
            ModelUnavailableError: if nothing answers.
        """
        reply = self._try(lambda client: client.batches.with_raw_response.list(limit=1))
        if "json" not in reply.headers.get("content-type", ""):
            raise self._no_api("it answers with a web page")

    def upload(self, chunk: Chunk, content: IO[bytes]) -> str:
        """Upload the file of a chunk.

        Returns:
            The id of the file.

        Raises:
            ConfigurationError: if it is not taken.
            ModelUnavailableError: if nothing answers.
        """

        def act(client: OpenAI) -> str:
            content.seek(0)
            return client.files.create(file=(f"summarizer-{chunk.name}.jsonl", content), purpose="batch").id

        return self._try(act)

    def create(self, chunk: Chunk, file: str) -> Batch:
        """Make a batch of an uploaded file, once: a reply that is lost does not make a second one.

        Raises:
            ConfigurationError: if it is not taken.
            ModelUnavailableError: if nothing answers; there may be a batch then.
        """
        calls = 0

        def act(client: OpenAI) -> Batch:
            nonlocal calls
            calls += 1
            made = self._look_for(client, chunk, file) if calls > 1 else None
            return made or client.batches.create(
                input_file_id=file, endpoint=URL, completion_window="24h", metadata={_NAME: chunk.name}
            )

        return self._try(act)

    def find(self, chunk: Chunk) -> Batch | None:
        """The batch that was made of a chunk, if there is one.

        Raises:
            ConfigurationError: if the provider does not let us in.
            ModelUnavailableError: if nothing answers.
        """
        return self._try(lambda client: self._look_for(client, chunk, chunk.file))

    def retrieve(self, batch: str) -> Batch:
        """How a batch is.

        Raises:
            MissingError: if there is none of this id.
            ConfigurationError: if the provider does not let us in.
            ModelUnavailableError: if nothing answers.
        """
        return self._try(lambda client: client.batches.retrieve(batch), has_name=True)

    def download(self, file: str, target: IO[bytes]) -> None:
        """Write what a file holds into another one, which is empty.

        Raises:
            MissingError: if there is no such file any more.
            ConfigurationError: if the provider does not let us in.
            ModelUnavailableError: if nothing answers.
            OSError: if it can't be written.
        """

        def act(client: OpenAI) -> None:
            target.seek(0)
            target.truncate()
            with client.files.with_streaming_response.content(file) as response, _told_as_openai_does():
                for piece in response.iter_bytes(_PIECE):
                    _write(target, piece)

        try:
            self._try(act, has_name=True)
        except _DiskError as error:
            raise error.cause from None

    def shown(self, message: str) -> str:
        """What the provider said, as it may be shown."""
        return self._redactor.shown(message)

    # ----------------------------------------------------------------------------------------------------- the calls

    def _look_for(self, client: OpenAI, chunk: Chunk, file: str | None) -> Batch | None:
        # All pages: not every provider lists the newest first. Nor does every one keep what it is told besides.
        for batch in client.batches.list(limit=_PAGE):
            if (batch.metadata or {}).get(_NAME) == chunk.name or batch.input_file_id == file:
                return batch
        return None

    def _try(self, act: Callable[[OpenAI], Result], *, has_name: bool = False) -> Result:
        """Do something at the provider, again and again while it is busy, for as long as the settings allow."""
        policy = self._endpoint.retry
        retrying = Retrying(
            retry=retry_if_exception_type(_BusyError),
            stop=stop_after_attempt(policy.attempts) | stop_before_delay(policy.budget),
            wait=self._wait,
            retry_error_callback=_give_up,
        )
        return cast("Result", retrying(self._once, act, has_name))

    def _once(self, act: Callable[[OpenAI], Result], has_name: bool) -> Result:  # noqa: FBT001 - tenacity passes it on
        try:
            return act(self._connected())
        except Exception as error:
            failure = failure_of_error(error, self._endpoint, self._redactor)
            if failure is None:
                raise
            if failure.kind in {Kind.BUSY, Kind.EMPTY}:
                raise _BusyError(failure) from error
            status = getattr(error, "status_code", None)
            if status == 404 and has_name:
                raise MissingError(failure.reason) from error
            if status in _NO_API:
                raise self._no_api(f"status {status}") from error
            if failure.kind is Kind.FATAL:
                raise ConfigurationError(failure.reason, failure.advice) from error
            reason = f"{self._endpoint.shown_address} does not take the batch ({failure.reason})"
            raise ConfigurationError(reason, "work with 'summarizer batch run', or name another model") from error

    def _connected(self) -> OpenAI:
        if self._client is None:
            from openai import DefaultHttpxClient, OpenAI  # noqa: PLC0415 - costs 1 s

            endpoint = self._endpoint
            self._client = OpenAI(
                api_key=_NO_KEY if endpoint.api_key is None else endpoint.api_key.get_secret_value(),
                base_url=endpoint.address,
                timeout=endpoint.timeout,
                max_retries=0,  # its own ones would make a second batch
                http_client=DefaultHttpxClient(trust_env=not endpoint.is_loopback),  # a proxy can't reach this machine
            )
        return self._client

    def _wait(self, state: RetryCallState) -> float:
        policy, failure = self._endpoint.retry, _failure_of(state)
        if failure.wait is not None:
            return failure.wait
        growing = min(policy.longest_wait, policy.first_wait * 2.0 ** (state.attempt_number - 1))
        return growing * random.uniform(0.5, 1.0)  # noqa: S311 - jitter

    def _no_api(self, said: str) -> ConfigurationError:
        return ConfigurationError(
            f"{self._endpoint.shown_address} has no Batch API ({said})",
            "work with 'summarizer batch run', or name a provider that has one",
        )


def _failure_of(state: RetryCallState) -> Failure:
    error = None if state.outcome is None else state.outcome.exception()
    if not isinstance(error, _BusyError):
        raise TypeError(f"not a busy provider: {error!r}")
    return error.failure


def _give_up(state: RetryCallState) -> NoReturn:
    failure = _failure_of(state)
    times = f" ({state.attempt_number} tries)" if state.attempt_number > 1 else ""
    advice = "nothing is lost or sent twice: run the same command again later"
    raise ModelUnavailableError(f"the provider can't be reached: {failure.reason}{times}", advice)


def _write(target: IO[bytes], piece: bytes) -> None:
    try:
        target.write(piece)
    except OSError as error:
        raise _DiskError(error) from error


@contextmanager
def _told_as_openai_does() -> Generator[None, None, None]:
    """Turn the error of a body that is being read into one that says the same as the openai client's errors do."""
    try:
        yield
    except Exception as error:
        # By name: which of two libraries brings the class is the openai client's matter.
        if any(base.__name__ == "TransportError" for base in type(error).__mro__):
            raise ConnectionError("the connection was dropped") from error
        raise
