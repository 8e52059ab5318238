"""The Summary: everything that one article says about trials, with evidence."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from . import notebook
from .base import Record
from .enums import Severity, Support, TruncationKind
from .result import Result
from .trial import TrialRecord

SCHEMA_VERSION = "1.1"
"""Moves with the shape of :class:`Summary` (major: something moved or vanished; minor: something was added)."""


class Span(Record):
    """A passage of the source."""

    start: int = Field(ge=0)
    """First character, 0-based, in Unicode code points of the canonical text."""
    end: int = Field(ge=0)
    """One past the last character (half-open)."""
    text: str
    """The passage: ``source_text[start:end]``."""
    support: Support
    """How the passage supports the value."""
    rule: str | None = None
    """Name of the rule that read it, when explanations were asked for."""


class Source(Record):
    """Where the text came from."""

    name: str | None = None
    """File path relative to the folder that was read, or a name given by the caller."""
    title: str | None = None
    """Headline, where the file states one."""
    url: str | None = None
    """Address, where the file states one."""
    published: str | None = None
    """ISO 8601 date of publication, where the file states one."""
    sha256: str
    """SHA-256 of the canonical text in UTF-8, hexadecimal."""
    characters: int = Field(ge=0)
    """Length of the canonical text in code points."""
    notes: list[str] = Field(default_factory=list[str])
    """What loading did to the file: encoding guessed, mojibake repaired, decompressed ..."""
    text: str | None = None
    """The canonical text, only when asked for."""


class Truncation(Record):
    """A passage whose text is visibly incomplete."""

    text: str
    """Copied exactly from the source."""
    kind: TruncationKind
    """In which way it is incomplete."""


class Rejection(Record):
    """A claim that the text does not support and that was therefore kept out of the record."""

    pointer: str
    """JSON pointer (RFC 6901) of the place that the value would have had."""
    value: str
    """The value, as text."""
    reason: str
    """Why it was rejected."""
    sentences: list[int] = Field(default_factory=list[int])
    """Sentences (0-based) that were cited for it."""


class Flag(Record):
    """Something that a careful reader should look at."""

    code: str
    """Stable name of the check, e.g. ``ci-excludes-estimate``."""
    severity: Severity
    """INFO, WARNING or ERROR."""
    pointer: str
    """JSON pointer (RFC 6901) of the value that it is about; empty string for the whole summary."""
    message: str
    """What was found, in a sentence."""


class Attempt(Record):
    """One call to a model, or one retry of it."""

    number: int = Field(ge=1)
    """1-based."""
    purpose: str = "records"
    """What was asked for: ``records``, ``rejected claims`` ..."""
    outcome: str
    """``ok``, or what went wrong and what was done about it."""
    seconds: float = Field(ge=0)
    """Wall time of the call."""
    waited: float = Field(default=0.0, ge=0)
    """Seconds of waiting before it: after a rate limit, between retries."""


class Tokens(Record):
    """Tokens of all calls for this article."""

    input: int = Field(default=0, ge=0)
    """Prompt tokens, cached ones included."""
    cached: int = Field(default=0, ge=0)
    """Prompt tokens that the provider served from its cache."""
    output: int = Field(default=0, ge=0)
    """Completion tokens."""


class Run(Record):
    """How the summary was made."""

    engine: str
    """``rules`` or ``llm``."""
    engine_reason: str
    """Why this engine was used: by flag, by environment, by default."""
    model: str | None = None
    """Model name; None for the rules engine."""
    prompt: str | None = None
    """Fingerprint of the prompt and response schema; None for the rules engine."""
    versions: dict[str, str] = Field(default_factory=dict[str, str])
    """Versions of summarizer, the schema and the dictionaries that took part."""
    attempts: list[Attempt] = Field(default_factory=list[Attempt])
    """Calls to a model, retries included; empty for the rules engine."""
    tokens: Tokens = Field(default_factory=Tokens)
    """Token counts; zero for the rules engine."""
    cost: float | None = None
    """US dollars; None when no price is known, 0 for the rules engine."""
    seconds: float = Field(default=0.0, ge=0)
    """Wall time for this article."""
    cached: bool = False
    """True when the answer came from a cache."""


class Summary(Record):
    """Everything that one article says about trials; the public, versioned result of the program."""

    schema_version: str = SCHEMA_VERSION
    """Version of this shape."""
    source: Source
    """Where the text came from."""
    trials: list[TrialRecord] = Field(default_factory=list[TrialRecord])
    """Trials in order of first mention."""
    unattributed_results: list[Result] = Field(default_factory=list[Result])
    """Results whose trial the text does not tell."""
    truncations: list[Truncation] = Field(default_factory=list[Truncation])
    """Damaged passages in text order."""
    evidence: dict[str, list[Span]] = Field(default_factory=dict[str, list[Span]])
    """JSON pointer (RFC 6901) of every non-empty leaf of the records -> the passages it rests on."""
    rejected: list[Rejection] = Field(default_factory=list[Rejection])
    """Claims that the text does not support."""
    flags: list[Flag] = Field(default_factory=list[Flag])
    """What a careful reader should look at."""
    run: Run
    """How this summary was made."""

    def to_dataframe(self, table: Literal["results", "trials"] = "results") -> Any:  # noqa: ANN401 - pandas is optional
        """The results, or the trials, as a pandas ``DataFrame``: one row each, with its JSON pointer.

        Args:
            table: ``results`` (those of no known trial last) or ``trials``.

        Raises:
            ImportError: if pandas is not installed.
            ValueError: if there is no such table.
        """
        if table == "results":
            columns = ["pointer", "trial", *Result.model_fields, "start", "end"]
            return notebook.write_dataframe(notebook.result_rows(self), columns)
        if table == "trials":
            return notebook.write_dataframe(notebook.trial_rows(self), ["pointer", *TrialRecord.model_fields])
        raise ValueError(f"there is no table {table!r}; take 'results' or 'trials'")

    def _repr_html_(self) -> str:
        """What a notebook shows: the record, and the text where the summary carries it."""
        return notebook.render_html(self)
