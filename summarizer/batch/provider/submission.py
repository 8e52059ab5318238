"""What a later command has to know of a submission: it stands in the ledger, without the key."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from summarizer.batch.ledger.database import DATABASE, connect_to_read, explain_errors
from summarizer.batch.ledger.ledger import Ledger
from summarizer.batch.options import BatchOptions
from summarizer.batch.provider.chunks import ChunkStore
from summarizer.errors import ConfigurationError
from summarizer.extraction.llm.endpoint.target import Endpoint
from summarizer.settings import PROJECT_FILE, Settings

__all__ = ["Submission", "load_submission"]

_FACT = "submission"
_KEPT = (
    "engine", "model", "base_url", "contract", "structured_output", "max_cost", "use_cache", "explain", "include_text",
)  # fmt: skip
"""Settings that the records, their price or the address depend on; how patient to be is a matter of each command."""


@dataclass(frozen=True, slots=True)
class Submission:
    """What was submitted."""

    folder: str
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    limit: int | None
    settings: dict[str, Any]
    """Settings by name."""
    origins: dict[str, str]
    """Where they came from, as the records tell it."""
    engine: str
    """Fingerprint of the engine."""
    paid_before: float
    """US dollars that answers of batches had cost before it."""
    is_whole: bool = False
    """Whether the folder was gone through to its end."""

    @classmethod
    def of(cls, folder: Path, options: BatchOptions, settings: Settings, chunks: ChunkStore) -> Submission:
        """What is submitted now."""
        return cls(
            folder=str(folder.absolute()),  # the next command may be run from elsewhere
            include=options.include,
            exclude=options.exclude,
            limit=options.limit,
            settings=settings.model_dump(include=set(_KEPT)),
            origins=dict(settings.origins),
            engine=chunks.engine,
            paid_before=chunks.paid,
        )

    def keep(self, ledger: Ledger, *, is_whole: bool) -> None:
        """Write it down."""
        ledger.set_fact(_FACT, json.dumps(asdict(replace(self, is_whole=is_whole))))

    def options(self, asked: BatchOptions) -> BatchOptions:
        """What is taken of the folder, and what else a command asks for."""
        return replace(asked, include=self.include, exclude=self.exclude, limit=self.limit)

    def restore(self, own: Settings, out: Path) -> Settings:
        """The settings of the submission, with the key and the patience of whoever is at work now.

        Args:
            own: Settings of whoever is at work now.
            out: Where the submission stands.

        Raises:
            ConfigurationError: if the key must not be sent to the address.
        """
        address = self.settings["base_url"]
        is_own = address == own.base_url and own.origins.get("base_url") != PROJECT_FILE
        confirmed = {"base_url": own.origins["base_url"]} if is_own and "base_url" in own.origins else {}
        restored = own.model_copy(update={**self.settings, "origins": {**self.origins, **confirmed}})
        if own.api_key is not None and address is not None and not is_own:
            _check_address(Endpoint(model=restored.model or "", base_url=address, api_key=own.api_key), out)
        return restored


def load_submission(out: Path) -> Submission:
    """What was submitted from a folder of results.

    Raises:
        ConfigurationError: if nothing was, or the ledger can't be read.
    """
    text = None
    if (out / DATABASE).is_file():
        with explain_errors(out):
            connection = connect_to_read(out)
            try:
                row = connection.execute("SELECT value FROM facts WHERE name = ?", (_FACT,)).fetchone()
            finally:
                connection.close()
        text = None if row is None else str(row[0])
    if text is None:
        raise ConfigurationError(
            f"{out}: nothing was submitted from here", "begin with 'summarizer batch submit FOLDER --out OUT'"
        )
    values: dict[str, Any] = json.loads(text)
    return Submission(include=tuple(values.pop("include")), exclude=tuple(values.pop("exclude")), **values)


def _check_address(endpoint: Endpoint, out: Path) -> None:
    """See that a key may be sent: whoever hands out a folder must not get the key of whoever runs the program in it."""
    if endpoint.is_loopback or (endpoint.is_openai and endpoint.shown_address.startswith("https:")):
        return
    raise ConfigurationError(
        f"the address {endpoint.shown_address} comes from the ledger in {out}: no key is sent there",
        "confirm the address with --base-url or SUMMARIZER_BASE_URL",
    )
