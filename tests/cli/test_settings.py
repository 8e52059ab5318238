"""Where settings come from, which source wins, and that the key stays hidden."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

import pytest

from summarizer.errors import ConfigurationError
from summarizer.settings import Settings, load_settings, resolve_engine, user_config_file

KEY = "sk-do-not-print-me"


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "home" / "config"))
    folder = tmp_path / "project" / "below"
    folder.mkdir(parents=True)
    (folder.parent / "pyproject.toml").write_text("[project]\nname = 'x'\n", encoding="utf-8")
    monkeypatch.chdir(folder)
    return folder.parent


def write_user_file(text: str) -> None:
    path = user_config_file()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def test_each_source_beats_the_next(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings().model is None
    write_user_file("model = 'user'\nbase-url = 'http://user'\n")
    assert load_settings().model == "user"
    (project / "pyproject.toml").write_text("[tool.summarizer]\nmodel = 'project'\n", encoding="utf-8")
    assert load_settings().model == "project"
    monkeypatch.setenv("SUMMARIZER_MODEL", "environment")
    assert load_settings().model == "environment"
    settings = load_settings({"model": "flag", "engine": None}, origin="flag")
    assert settings.model == "flag"
    assert settings.base_url == "http://user"
    assert settings.origins == {"model": "flag (--model)", "base_url": "the user's config.toml"}


def test_an_empty_variable_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SUMMARIZER_ENGINE", "")
    assert load_settings().engine is None


@pytest.mark.parametrize(
    ("given", "variable", "reason"),
    [
        ({}, None, "by default (no model is configured)"),
        ({"engine": "rules"}, None, "by flag (--engine)"),
        ({}, "rules", "by environment (SUMMARIZER_ENGINE)"),
        ({"engine": "rules", "model": "m"}, None, "by flag (--engine); model 'm' is not used by it"),
    ],
)
def test_the_engine_and_why(
    given: dict[str, object], variable: str | None, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if variable:
        monkeypatch.setenv("SUMMARIZER_ENGINE", variable)
    choice = resolve_engine(load_settings(given, origin="flag"))
    assert (choice.engine, choice.reason) == ("rules", reason)


def test_a_named_model_is_used() -> None:
    choice = resolve_engine(load_settings({"model": "some-model"}, origin="flag"))
    assert (choice.engine, choice.reason) == ("llm", "because a model is set by flag (--model)")


def test_the_model_engine_needs_a_model() -> None:
    with pytest.raises(ConfigurationError, match="needs a model; name one with --model or SUMMARIZER_MODEL"):
        resolve_engine(load_settings({"engine": "llm"}))


def test_an_unknown_engine_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="there is no engine 'magic'; use one of: rules, llm"):
        resolve_engine(Settings(engine="magic"))


def test_a_key_alone_asks_for_no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    assert resolve_engine(load_settings()).engine == "rules"


def test_the_key_is_never_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    settings = load_settings()
    assert settings.api_key is not None
    assert settings.api_key.get_secret_value() == KEY
    assert settings.origins["api_key"] == "environment (OPENAI_API_KEY)"
    shown = [repr(settings), str(settings), settings.model_dump_json(), json.dumps(settings.public())]
    assert not any(KEY in text for text in shown)
    assert settings.public()["api_key"] == "set"
    assert pickle.loads(pickle.dumps(settings)) == settings  # noqa: S301 - our own pickle


def test_the_key_may_stand_in_the_users_file_but_not_in_a_project(project: Path) -> None:
    write_user_file(f"api_key = '{KEY}'\n")
    assert load_settings().api_key is not None
    (project / "pyproject.toml").write_text(f"[tool.summarizer]\napi-key = '{KEY}'\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match="must not stand in a project file") as caught:
        load_settings()
    assert KEY not in str(caught.value)


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ("modell = 'x'", "unknown setting 'modell'; known are: engine, model"),
        ("origins = {}", "unknown setting 'origins'"),
        ("engine = [1]", "setting 'engine'"),
        ("engine = ", "can't be read as TOML"),
    ],
)
def test_a_wrong_file_is_one_line_that_names_it(project: Path, table: str, message: str) -> None:
    (project / "pyproject.toml").write_text(f"[tool.summarizer]\n{table}\n", encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load_settings()
    assert message in str(caught.value)
    assert "pyproject.toml" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_wrong_key_is_not_quoted(project: Path) -> None:
    with pytest.raises(ConfigurationError) as caught:
        load_settings({"api_key": [KEY]})
    assert KEY not in str(caught.value)


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        load_settings().engine = "llm"  # type: ignore[misc]
