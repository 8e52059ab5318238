"""The engines of the program, as something to evaluate."""

from __future__ import annotations

from importlib import metadata

from summarizer.settings import load_settings

from .runner import Engine, EngineId


def choose_engine(
    engine: str | None = None, model: str | None = None, base_url: str | None = None
) -> tuple[Engine, EngineId, str]:
    """Choose an engine as the program itself does.

    Args:
        engine: Name of an engine; None leaves it to the settings.
        model: Name of a model; None leaves it to the settings.
        base_url: Address of the model's endpoint; None leaves it to the settings.

    Returns:
        The engine, who it is, and why it was chosen.

    Raises:
        ConfigurationError: if there is no such engine, or it lacks a setting.
    """
    from summarizer.pipeline import Summarizer  # noqa: PLC0415 - reads its dictionaries when imported

    settings = load_settings({"engine": engine, "model": model, "base_url": base_url}, origin="flag")
    summarizer = Summarizer(settings)
    identity = EngineId(
        engine=summarizer.choice.engine,
        model=None if summarizer.choice.engine == "rules" else settings.model,
        prompt=summarizer.prompt,
        program_version=_find_version(),
    )
    return summarizer.summarize, identity, summarizer.choice.reason


def _find_version() -> str | None:
    try:
        return metadata.version("summarizer")
    except metadata.PackageNotFoundError:  # a bare checkout
        return None
