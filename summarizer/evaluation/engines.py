"""The engines of the program, as something to evaluate."""

from __future__ import annotations

from importlib import metadata
from typing import TYPE_CHECKING

from summarizer.settings import Settings, load_settings, resolve_engine

from .runner import Engine, EngineId

if TYPE_CHECKING:
    from summarizer.article import Article
    from summarizer.schemas import Summary


def choose_engine(
    engine: str | None = None, model: str | None = None, *, prompt: str | None = None
) -> tuple[Engine, EngineId, str]:
    """Choose an engine as the program itself does.

    Args:
        engine: Name of an engine; None leaves it to the settings.
        model: Name of a model; None leaves it to the settings.
        prompt: Fingerprint of the prompt, where the engine has one.

    Returns:
        The engine, who it is, and why it was chosen.

    Raises:
        ConfigurationError: if there is no such engine, or it lacks a setting.
    """
    settings = load_settings({"engine": engine, "model": model}, origin="flag")
    choice = resolve_engine(settings)
    identity = EngineId(
        engine=choice.engine,
        model=None if choice.engine == "rules" else settings.model,
        prompt=prompt,
        program_version=_find_version(),
    )
    return _bind(settings, choice.engine), identity, choice.reason


def _bind(settings: Settings, engine: str) -> Engine:
    def run(article: Article) -> Summary:
        from summarizer.pipeline import summarize  # noqa: PLC0415 - reads its dictionaries when imported

        return summarize(article, engine=engine, model=settings.model, settings=settings)

    return run


def _find_version() -> str | None:
    try:
        return metadata.version("summarizer")
    except metadata.PackageNotFoundError:  # a bare checkout
        return None
