"""Which provider the settings name."""

from __future__ import annotations

from summarizer.errors import ConfigurationError
from summarizer.extraction.llm.building import remote_endpoint
from summarizer.extraction.llm.endpoint.target import Endpoint
from summarizer.extraction.llm.local.model_files import is_embedded
from summarizer.settings import Settings, resolve_engine

__all__ = ["provider_of"]


def provider_of(settings: Settings) -> Endpoint:
    """Where batches go.

    Raises:
        ConfigurationError: if the engine in use asks no model behind an API, or the key must not be sent there.
    """
    choice = resolve_engine(settings)
    if choice.engine != "llm" or not settings.model:
        reason = f"a Batch API needs a model, and the engine in use is {choice.engine!r} ({choice.reason})"
        raise ConfigurationError(reason, "name a model with --model")
    if is_embedded(settings.model):
        raise ConfigurationError(
            f"{settings.model} runs in this process, which has no Batch API", "work with 'summarizer batch run'"
        )
    return remote_endpoint(settings, settings.model)
