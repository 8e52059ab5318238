"""The names that users import, pinned."""

from __future__ import annotations

import inspect
import tomllib
from importlib.metadata import version
from pathlib import Path

import summarizer

ROOT = Path(__file__).parents[2]
OURS = ("summarizer", "schemas")


def test_all_is_what_the_package_exposes() -> None:
    names = set(dir(summarizer)) | set(vars(summarizer))
    public = {name: getattr(summarizer, name) for name in names if not name.startswith("_")}
    ours = {name for name, value in public.items() if getattr(value, "__module__", "").startswith(OURS)}
    assert ours == set(summarizer.__all__)
    assert summarizer.__all__ == sorted(summarizer.__all__)


def test_every_name_can_be_had_and_is_documented() -> None:
    for name in summarizer.__all__:
        value = getattr(summarizer, name)
        if inspect.isclass(value) or inspect.isfunction(value):
            assert value.__doc__, name


def test_the_two_ways_in_take_the_same_arguments() -> None:
    sync, asynchronous = inspect.signature(summarizer.summarize), inspect.signature(summarizer.asummarize)
    assert list(sync.parameters) == list(asynchronous.parameters)
    assert inspect.iscoroutinefunction(summarizer.asummarize)
    for name in ("engine", "model", "client"):
        assert sync.parameters[name].kind is inspect.Parameter.KEYWORD_ONLY
        assert sync.parameters[name].default is None


def test_every_place_states_the_same_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["version"] == version("summarizer") == summarizer.__version__
    assert f"## [{project['version']}]" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
