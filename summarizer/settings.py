"""Settings: a flag beats the environment, it beats the nearest pyproject.toml, and that the user's own file.

Importing this module costs 0.2 s (pydantic-settings), so the command line imports it inside its commands.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal, cast

from platformdirs import user_config_path
from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import (
    BaseSettings,
    EnvSettingsSource,
    InitSettingsSource,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from summarizer.errors import ConfigurationError

__all__ = ["ENGINES", "EngineChoice", "Settings", "load_settings", "resolve_engine", "user_config_file"]

ENGINES = ("rules", "llm")
"""Engines of this version."""

PROJECT_FILE = "[tool.summarizer] in pyproject.toml"
"""How ``Settings.origins`` calls a project file."""

_PREFIX = "SUMMARIZER_"
_KEY_VARIABLE = "OPENAI_API_KEY"


class Settings(BaseSettings):
    """What can be set from outside. Make it with :func:`load_settings`, whose errors are one line."""

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX,
        env_ignore_empty=True,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,  # a key that fails validation must not be quoted back
        use_attribute_docstrings=True,
    )

    engine: str | None = None
    """``rules`` or ``llm``; None lets the program choose: ``llm`` where a model is named."""
    model: str | None = None
    """Model name as the endpoint knows it; ``gguf:PATH`` or ``hf:REPO/FILE`` runs a model in this process."""
    base_url: str | None = None
    """Address of an OpenAI-compatible endpoint, up to and with ``/v1``; None is OpenAI's own."""
    api_key: SecretStr | None = None
    """Key for that endpoint, from ``OPENAI_API_KEY`` or the user's own file; never printed, never written."""
    contract: Literal["auto", "records", "questions"] = "auto"
    """What a model is asked: for whole records, or only what the rules left open; ``auto`` asks a model in this process
    the questions, and any other for records."""
    structured_output: Literal["auto", "tools", "json_schema", "json"] = "auto"
    """How the shape of an answer is asked for; ``auto`` goes by the endpoint."""
    timeout: float = Field(default=120.0, gt=0)
    """Seconds that one call to a model may take."""
    retry_seconds: float = Field(default=300.0, ge=0)
    """Seconds that one request may lose to calls that failed and to waiting after them."""
    max_cost: float | None = Field(default=None, ge=0)
    """US dollars that a run may cost; None sets no limit."""
    concurrency: int = Field(default=8, ge=1, le=1000)
    """Calls to a model at the same time, in a batch."""
    requests_per_minute: float | None = Field(default=None, gt=0)
    """Calls to a model a minute, in a batch; None goes as fast as the endpoint lets it."""
    tokens_per_minute: float | None = Field(default=None, gt=0)
    """Tokens a minute, in and out, in a batch; None sets no limit."""
    use_cache: bool = True
    """Keep the answers of models on this machine, and use them again for the same question."""
    explain: bool = False
    """Record with every span which rule read it."""
    include_text: bool = False
    """Put the canonical text into the summary."""
    origins: dict[str, str] = Field(default_factory=dict[str, str], repr=False)
    """Setting that is not a default -> where it came from, in words."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Order the sources, strongest first; a ``.env`` file is not read: nobody asked for it."""
        del env_settings, dotenv_settings, file_secret_settings
        return (
            init_settings,
            _Environment(settings_cls),
            _ProjectFile(settings_cls),
            _UserFile(settings_cls),
            _Origins(settings_cls),
        )

    def public(self) -> dict[str, object]:
        """The settings as they may be shown and written: of the key only whether there is one."""
        shown = self.model_dump(exclude={"api_key", "origins"})
        return {**shown, "api_key": "set" if self.api_key else None, "origins": dict(self.origins)}


@dataclass(frozen=True, slots=True)
class EngineChoice:
    """The engine to use, and why."""

    engine: str
    """One of `ENGINES`."""
    reason: str
    """``by flag (--engine)``, ``by environment (SUMMARIZER_ENGINE)``, ``by default (...)`` ..."""


def load_settings(given: Mapping[str, object] | None = None, *, origin: str = "argument") -> Settings:
    """Settings from every source.

    Args:
        given: What the caller sets, which beats every other source; None means "not set".
        origin: What the caller's own values are called where the program says why: ``flag``, ``argument``.

    Raises:
        ConfigurationError: if a source holds an unknown setting or a value of the wrong type.
    """
    values = {name: value for name, value in (given or {}).items() if value is not None}
    try:
        settings = Settings(**values)  # type: ignore[arg-type]  # validated by pydantic, as for every source
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        name = ".".join(str(part) for part in first["loc"])
        places = f"{_PREFIX}{name.upper()}, [tool.summarizer] in pyproject.toml and {user_config_file()}"
        reason = f"setting {name!r}: {first['msg'].lower()}"
        raise ConfigurationError(reason, f"look at the flags, {places}") from None
    words = {name: _word(origin, name) for name in values if name != "origins"}
    return settings.model_copy(update={"origins": {**settings.origins, **words}})


def resolve_engine(settings: Settings) -> EngineChoice:
    """Choose the engine.

    Raises:
        ConfigurationError: if there is no such engine, or it lacks a model.
    """
    engine = settings.engine
    if engine is None:
        if settings.model is None:
            return EngineChoice("rules", "by default (no model is configured)")
        return EngineChoice("llm", f"because a model is set by {settings.origins.get('model', 'argument')}")
    if engine not in ENGINES:
        raise ConfigurationError(f"there is no engine {engine!r}", f"use one of: {', '.join(ENGINES)}")
    if engine == "llm" and not settings.model:
        raise ConfigurationError("the engine 'llm' needs a model", "name one with --model or SUMMARIZER_MODEL")
    ignored = f"; model {settings.model!r} is not used by it" if settings.model and engine == "rules" else ""
    return EngineChoice(engine, f"by {settings.origins.get('engine', 'argument')}{ignored}")


def user_config_file() -> Path:
    """The user's own settings file; it need not exist."""
    return user_config_path("summarizer", appauthor=False) / "config.toml"


def _word(origin: str, name: str) -> str:
    return f"flag (--{name.replace('_', '-')})" if origin == "flag" else f"{origin} ({name})"


class _Environment(EnvSettingsSource):
    """``SUMMARIZER_*``, and the key under its customary name."""

    def __call__(self) -> dict[str, Any]:
        found = {name: value for name, value in super().__call__().items() if name != "origins"}
        key = found.get("api_key") or os.environ.get(_KEY_VARIABLE)
        # Wrapped here already: pydantic-settings can be told to log what its sources gave.
        return {**found, "api_key": SecretStr(key)} if key else found


class _ProjectFile(InitSettingsSource):
    """``[tool.summarizer]`` of the nearest pyproject.toml, from the working folder upwards."""

    def __init__(self, settings_cls: type[BaseSettings]) -> None:
        self.path = _nearest_pyproject()
        table = _read_table(self.path, ("tool", "summarizer")) if self.path else {}
        if "api_key" in table:
            # A project file is shared and committed.
            raise ConfigurationError(
                f"{self.path}: a key must not stand in a project file",
                f"set {_KEY_VARIABLE}, or put it into {user_config_file()}",
            )
        super().__init__(settings_cls, table)


class _UserFile(InitSettingsSource):
    """The user's own config.toml."""

    def __init__(self, settings_cls: type[BaseSettings]) -> None:
        table = _read_table(user_config_file(), ())
        if "api_key" in table:
            table["api_key"] = SecretStr(str(table["api_key"]))
        super().__init__(settings_cls, table)


class _Origins(InitSettingsSource):
    """Not a source of settings: it comes last and writes down which source gave what."""

    def __init__(self, settings_cls: type[BaseSettings]) -> None:
        super().__init__(settings_cls, {})

    def __call__(self) -> dict[str, Any]:
        given = self.settings_sources_data
        origins = dict.fromkeys(given.get("_UserFile", ()), f"the user's {user_config_file().name}")
        origins |= dict.fromkeys(given.get("_ProjectFile", ()), PROJECT_FILE)
        for name in given.get("_Environment", ()):
            variable = f"{_PREFIX}{name.upper()}"
            known = name != "api_key" or variable in os.environ
            origins[name] = f"environment ({variable if known else _KEY_VARIABLE})"
        return {"origins": origins}


def _nearest_pyproject() -> Path | None:
    folder = Path.cwd()
    for candidate in (folder, *folder.parents):
        path = candidate / "pyproject.toml"
        try:
            if path.is_file():
                return path
        except OSError:  # a parent folder that may not be entered holds no settings for us
            continue
    return None


@lru_cache(maxsize=4)
def _parsed(toml: str) -> object:
    """A file that did not change is parsed once, not for every article; callers change nothing in it."""
    return tomllib.loads(toml)


def _read_table(path: Path, header: tuple[str, ...]) -> dict[str, object]:
    """One table of a TOML file, its names checked; empty where there is no file or no table.

    Raises:
        ConfigurationError: if the file can't be read, or holds a setting that does not exist.
    """
    try:
        table: object = _parsed(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:  # TOMLDecodeError and UnicodeDecodeError are ValueErrors
        raise ConfigurationError(f"{path}: can't be read as TOML ({error})", "correct the file") from None
    for key in header:
        table = cast("dict[str, object]", table).get(key, {}) if isinstance(table, dict) else {}
    if not isinstance(table, dict):
        raise ConfigurationError(f"{path}: {'.'.join(header)} is not a table", "correct the file")
    settings = {name.replace("-", "_"): value for name, value in cast("dict[str, object]", table).items()}
    known = [name for name in Settings.model_fields if name != "origins"]
    unknown = sorted(set(settings).difference(known))
    if unknown:
        raise ConfigurationError(f"{path}: unknown setting {unknown[0]!r}", f"known are: {', '.join(known)}")
    return settings
