"""Where a model is, how it is reached, and how patiently."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Literal
from urllib.parse import SplitResult, urlsplit

from pydantic import SecretStr

from summarizer.errors import ConfigurationError

__all__ = ["KEY_VARIABLE", "OPENAI", "Endpoint", "RetryPolicy", "StructuredOutput"]

OPENAI = "https://api.openai.com/v1"
"""Address of OpenAI's own API."""
KEY_VARIABLE = "OPENAI_API_KEY"
"""Environment variable that holds the key, as messages name it."""

StructuredOutput = Literal["auto", "tools", "json_schema", "json"]
"""How the shape of an answer is asked for; ``auto`` tries what the endpoint is likely to take, and then the others."""

_KEY = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """What is tried again, how often and how long."""

    attempts: int = 6
    """Calls at most that may meet a rate limit, a server error, a time-out or no connection, the first one included."""
    budget: float = 300.0
    """Seconds that one request may lose to such calls and to waiting after them."""
    first_wait: float = 1.0
    """Seconds before the first retry where the server does not say; it doubles with each one, less some jitter."""
    longest_wait: float = 60.0
    """Most seconds that such a wait grows to."""
    empty_replies: int = 2
    """Retries after a reply without an answer."""
    cut_offs: int = 2
    """Retries, each with twice the output budget, after an answer that was cut off."""
    reasks: int = 2
    """Times that the model is shown what is wrong with its answer."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One model of one OpenAI-compatible API.

    Raises:
        ConfigurationError: if the address or the key can't be one, or if OpenAI's own API has no key.
    """

    model: str
    """Name by which the API knows the model."""
    base_url: str | None = None
    """Address up to and with ``/v1``; None is OpenAI's own."""
    api_key: SecretStr | None = None
    """Key; None where the API needs none."""
    structured_output: StructuredOutput = "auto"
    """How the shape of an answer is asked for."""
    timeout: float = 120.0
    """Seconds that one call may take, whichever client makes it."""
    retry: RetryPolicy = RetryPolicy()
    """What is tried again, how often and how long."""
    client: object | None = field(default=None, repr=False)
    """The caller's own client: anything with ``.chat.completions.create``, sync or async. It is never closed.

    An async client with an ``http_client`` of its own is good for one event loop.
    """

    label: str | None = None
    """What tells it from others where its address does not: a server in this process has a new port each time."""

    def __post_init__(self) -> None:
        if self.client is not None:
            return
        if self.base_url is not None and not (self._parts.scheme in {"http", "https"} and self._parts.hostname):
            raise ConfigurationError(
                f"{self.shown_address!r} is no address of an API", "give one such as http://localhost:11434/v1"
            )
        if self.api_key is None and self.is_openai:
            raise ConfigurationError(
                "OpenAI's API needs a key and there is none",
                f"set {KEY_VARIABLE}, or name another API with --base-url",
            )
        if self.api_key is not None and not _KEY.fullmatch(self.api_key.get_secret_value()):
            raise ConfigurationError(
                "the key is empty or holds characters that no key has, such as spaces or line breaks",
                f"look at {KEY_VARIABLE}",
            )

    @property
    def address(self) -> str | None:
        """Address of the API; None when the caller's client does not tell it."""
        if self.client is None:
            return self.base_url or OPENAI
        told = self.base_url or getattr(self.client, "base_url", None)
        return None if told is None else str(told)

    @property
    def is_batched(self) -> bool:
        """Whether the client answers from a provider's batches, which other processes wait for: it says so itself."""
        return getattr(self.client, "is_batched", False) is True

    @property
    def secret(self) -> SecretStr | None:
        """Key that is sent, wherever it comes from."""
        told = self.api_key or getattr(self.client, "api_key", None)
        return SecretStr(told) if isinstance(told, str) else told if isinstance(told, SecretStr) else None

    @property
    def shown_address(self) -> str:
        """Address as messages may show it, without the user, password or query that it may hold."""
        if self.address is None:
            return "the given client"
        parts = self._parts
        if not parts.netloc:
            return "the given address"
        return f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}{parts.path}"

    @property
    def host(self) -> str:
        """Host name in lower case; empty when unknown."""
        return self._parts.hostname or ""

    @property
    def port(self) -> int | None:
        """Port, where the address names one."""
        try:
            return self._parts.port
        except ValueError:  # no number, or too large
            return None

    @property
    def is_openai(self) -> bool:
        """Whether it is OpenAI's own API."""
        return self.host == "api.openai.com" or self.host.endswith(".api.openai.com")

    @property
    def is_loopback(self) -> bool:
        """Whether it is on this machine."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @property
    def _parts(self) -> SplitResult:
        try:
            return urlsplit(self.address or "")
        except ValueError:  # e.g. half of an IPv6 address
            return urlsplit("")
