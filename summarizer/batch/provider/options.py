"""What a submission is asked to do besides what the settings say."""

from __future__ import annotations

from dataclasses import dataclass

from summarizer.batch.options import DEFAULT_OPTIONS, BatchOptions

__all__ = ["DEFAULT_PROVIDER_OPTIONS", "DOCUMENTED", "Limits", "ProviderOptions"]


@dataclass(frozen=True, slots=True)
class Limits:
    """What one batch may hold; the defaults are what OpenAI documents.

    "The file can contain up to 50,000 requests, and can be up to 200 MB in size"
    (https://platform.openai.com/docs/api-reference/batch/create).
    """

    requests: int = 50_000
    """Requests of a batch."""
    file_bytes: int = 200_000_000
    """Size of its file."""


DOCUMENTED = Limits()


@dataclass(frozen=True, slots=True)
class ProviderOptions:
    """What is taken of a folder, and how it is sent."""

    batch: BatchOptions = DEFAULT_OPTIONS
    """What is taken of the folder; `collect_batch` knows that from the submission, and heeds `duckdb` and `debug`."""
    limits: Limits = DOCUMENTED
    """What one batch may hold."""
    resubmit: bool = True
    """Whether `collect_batch` sends what follows from the answers."""


DEFAULT_PROVIDER_OPTIONS = ProviderOptions()
