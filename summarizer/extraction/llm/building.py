"""From settings to a model: endpoint or embedded server, below it budget and cache."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol, cast

from pydantic import BaseModel, SecretStr

from summarizer.errors import ConfigurationError
from summarizer.extraction.llm.contracts.proposals import Judge
from summarizer.extraction.llm.contracts.questions import QuestionsExtractor
from summarizer.extraction.llm.contracts.records import RecordsExtractor
from summarizer.extraction.llm.contracts.usage import Extraction
from summarizer.extraction.llm.endpoint.model import Endpoint, EndpointModel, RetryPolicy
from summarizer.extraction.llm.endpoint.traffic import Traffic
from summarizer.extraction.llm.exchange import Model, Request
from summarizer.extraction.llm.local.model_files import is_embedded, resolve_model_file
from summarizer.extraction.llm.storing.budget import Budget, MeteredModel
from summarizer.extraction.llm.storing.cache import CachedModel
from summarizer.extraction.llm.storing.journal import Journal, RecordingModel, ReplayingModel
from summarizer.extraction.llm.storing.prices import BATCH_FACTOR, price
from summarizer.reading.reader import Reading
from summarizer.schemas import Tokens
from summarizer.settings import PROJECT_FILE, Settings

_ASK_ONCE = RetryPolicy(attempts=1, empty_replies=0)

EMBEDDED_TIMEOUT = 1800.0
"""Seconds that one call to a model in this process may take: a laptop needs minutes for what a provider does in one."""


@dataclass(frozen=True, slots=True)
class BuiltModel:
    """A model ready to be asked, and what watches over it."""

    model: Model
    budget: Budget
    price: Callable[[Tokens], float | None]
    """US dollars of some tokens."""
    connection: AbstractAsyncContextManager[object]
    """Inside of it connections stay open between requests."""


def build_model(
    settings: Settings,
    client: object | None = None,
    notify: Callable[[str], None] | None = None,
    *,
    journal: Journal | None = None,
    traffic: Traffic | None = None,
) -> BuiltModel:
    """The model that the settings name, with its cache and budget.

    Args:
        settings: model, address, key and the rest.
        client: the caller's own client.
        notify: told once when the cache can't be used.
        journal: keeps the replies of articles that are not finished.
        traffic: what all calls keep in step with, where many articles are worked on at once in one event loop.

    Raises:
        ConfigurationError: if no model is named, or what is named can't be used.
    """
    if not settings.model:
        raise ConfigurationError("the engine 'llm' needs a model", "name one with --model or SUMMARIZER_MODEL")
    if client is None and is_embedded(settings.model):
        endpoint, is_free = _embedded(settings, settings.model), True
    else:
        endpoint, is_free = remote_endpoint(settings, settings.model, client), False
    listed = _batch_price if endpoint.is_batched else price
    cost = _free if is_free else partial(listed, settings.model, endpoint.address)
    # What a batch has answered is paid: its client keeps to the limit itself, where it lets a request go out.
    budget = Budget(None if endpoint.is_batched else settings.max_cost)
    connection = EndpointModel(endpoint, price=None if is_free else listed, is_free=is_free, traffic=traffic)
    model: Model = MeteredModel(connection, budget, cost)
    if journal is not None:
        model = RecordingModel(model, journal)
    if settings.use_cache:
        model = CachedModel(model, notify=notify)
    if journal is not None:
        model = ReplayingModel(model, journal)
    return BuiltModel(model, budget, cost, connection)


class ModelExtractor(Protocol):
    """An extractor that asks a model."""

    @property
    def name(self) -> str:
        """Engine name for ``run.engine``."""
        ...

    @property
    def model(self) -> Model:
        """Who answers."""
        ...

    @property
    def prompt(self) -> str:
        """Fingerprint of the prompt and the shapes of its answers."""
        ...

    def plan(self, reading: Reading) -> Sequence[Request[BaseModel]]:
        """What would be sent for an article at first, without sending it."""
        ...

    async def extract(self, reading: Reading) -> Extraction:
        """Propose a draft."""
        ...


def make_extractor(settings: Settings, model: Model, judge: Judge) -> ModelExtractor:
    """The extractor for the contract that the settings ask for."""
    is_embedded_model = is_embedded(settings.model or "")
    if settings.contract == "questions" or (settings.contract == "auto" and is_embedded_model):
        return cast("ModelExtractor", QuestionsExtractor(model, judge))
    return cast("ModelExtractor", RecordsExtractor(model, judge))


def _free(tokens: Tokens) -> float:
    del tokens
    return 0.0


def _batch_price(model: str, base_url: str | None, tokens: Tokens) -> float | None:
    listed = price(model, base_url, tokens)
    return None if listed is None else BATCH_FACTOR * listed


def _embedded(settings: Settings, model: str) -> Endpoint:
    from summarizer.extraction.llm.local.embedded import embedded_server  # noqa: PLC0415 - an optional extra

    server = embedded_server(resolve_model_file(model))
    return Endpoint(
        model=model,
        base_url=server.base_url,
        api_key=SecretStr(server.api_key),
        structured_output=settings.structured_output,
        timeout=max(settings.timeout, EMBEDDED_TIMEOUT),
        retry=RetryPolicy(budget=max(settings.retry_seconds, EMBEDDED_TIMEOUT)),
        label="in this process",
    )


def remote_endpoint(settings: Settings, model: str, client: object | None = None) -> Endpoint:
    """The model that the settings name, behind its API.

    Raises:
        ConfigurationError: if address or key can't be one, or the key must not be sent to the address.
    """
    key = settings.api_key
    if settings.base_url and settings.origins.get("base_url") == PROJECT_FILE and key is not None and client is None:
        endpoint = Endpoint(model=model, base_url=settings.base_url)
        if not endpoint.is_loopback:
            # Whoever hands out a folder must not get the key of whoever runs the program in it.
            raise ConfigurationError(
                f"the address {endpoint.shown_address} comes from a project file: no key is sent there",
                "confirm the address with --base-url or SUMMARIZER_BASE_URL",
            )
    endpoint = Endpoint(
        model=model,
        base_url=settings.base_url,
        api_key=key if client is None else None,
        structured_output=settings.structured_output,
        timeout=settings.timeout,
        retry=RetryPolicy(budget=settings.retry_seconds),
        client=client,
    )
    # What a batch has answered stays as it is: the same call made at once again would change nothing.
    return replace(endpoint, retry=_ASK_ONCE) if endpoint.is_batched else endpoint
