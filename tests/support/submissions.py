"""A folder that goes through a provider's Batch API, in this process, and what it leaves in its OUT."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from summarizer.batch import BatchOptions
from summarizer.batch.provider import (
    DOCUMENTED,
    Limits,
    ProviderOptions,
    ProviderReport,
    collect_batch,
    read_status,
    submit_batch,
)
from summarizer.settings import Settings, load_settings
from tests.support.batch_server import BatchServer
from tests.support.model_server import Answer
from tests.support.releases import release

__all__ = ["Desk", "correct", "files_of", "is_correction", "lines_of", "long_release", "records", "wrong"]

_TRIAL: dict[str, Any] = {"n": "LARKSPUR-2", "s": [0], "m": True}
_PHASE = {"k": "phases", "v": "PHASE3", "s": [0]}
_SPONSOR = {"k": "sponsors", "v": "Pfizer", "s": [0]}


def records(body: Mapping[str, Any]) -> str:
    """A valid answer to what is asked first, and an empty one to what is asked again."""
    return correct(body) if is_correction(body) else json.dumps({"t": [{**_TRIAL, "a": [_PHASE]}]})


def wrong(body: Mapping[str, Any]) -> str:
    """An answer with a value that the text does not hold, so that it is sent back; then it is taken back."""
    return correct(body) if is_correction(body) else json.dumps({"t": [{**_TRIAL, "a": [_PHASE, _SPONSOR]}]})


def correct(body: Mapping[str, Any]) -> str:
    """The answer that takes back whatever was sent back."""
    return json.dumps({"f": [{"i": 0, "v": None, "s": []}]})


def is_correction(body: Mapping[str, Any]) -> bool:
    """Whether a request sends rejected values back."""
    return "-rejected>" in body["messages"][-1]["content"]


def long_release(paragraphs: int = 40) -> str:
    """A release that is asked about in several passages."""
    return "".join(release(number) + "\n" for number in range(paragraphs))


@dataclass(frozen=True)
class Desk:
    """Somebody who submits and collects; each call is a command of its own, as days later."""

    folder: Path
    out: Path
    settings: Mapping[str, object]
    limits: Limits = DOCUMENTED

    @classmethod
    def at(cls, server: BatchServer, tmp_path: Path, articles: int = 0, **settings: object) -> Desk:
        """At a server, with so many short releases."""
        folder = tmp_path / "releases"
        folder.mkdir(exist_ok=True)
        for number in range(articles):
            (folder / f"{number}.txt").write_text(release(number), encoding="utf-8")
        shared = {"model": "m", "base_url": server.base_url, "use_cache": False, "retry_seconds": 0.0, "concurrency": 1}
        return cls(folder, tmp_path / "out", {**shared, **settings})

    def submit(self, **options: Any) -> ProviderReport:
        """Submit the folder."""
        asked = ProviderOptions(batch=BatchOptions(**options), limits=self.limits)
        return submit_batch(self.folder, self.out, options=asked, settings=self._settings(**self.settings))

    def status(self) -> ProviderReport:
        """Look how far it is."""
        return read_status(self.out, settings=self._patience())

    def collect(self, *, resubmit: bool = True) -> ProviderReport:
        """Collect what there is."""
        asked = ProviderOptions(limits=self.limits, resubmit=resubmit)
        return collect_batch(self.out, options=asked, settings=self._patience())

    def to_the_end(self, server: BatchServer) -> int:
        """Let the server work and collect until nothing waits; how many rounds that took."""
        for rounds in range(1, 9):
            server.finish()
            report = self.collect()
            if not report.articles.waiting:
                return rounds
        raise AssertionError(f"no end: {report}")

    def with_limits(self, **limits: int) -> Desk:
        """The same with other limits of a batch."""
        return replace(self, limits=Limits(**limits))

    def _patience(self) -> Settings:
        kept = ("retry_seconds", "concurrency", "api_key")
        return self._settings(**{name: value for name, value in self.settings.items() if name in kept})

    def _settings(self, **given: object) -> Settings:
        return load_settings(given)


def lines_of(path: Path) -> list[dict[str, Any]]:
    """The JSON of each line of a file."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def files_of(out: Path) -> dict[str, Any]:
    """What the files of results hold, without times, costs and the address that was asked."""
    found: dict[str, Any] = {
        name: (out / name).read_bytes() for name in ("trials.csv", "results.csv", "failures.jsonl")
    }
    found["summaries.jsonl"] = [_timeless(line) for line in lines_of(out / "summaries.jsonl")]
    run = json.loads((out / "run.json").read_text(encoding="utf-8"))
    found["run.json"] = {
        **{name: _timeless(run[name]) for name in ("engine", "engine_reason", "counts", "duplicates", "waiting")},
        "taken": run["files"]["taken"],
    }
    return found


def _timeless(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _timeless(item) for name, item in value.items() if name not in {"seconds", "waited", "cost"}}
    return [_timeless(item) for item in value] if isinstance(value, list) else value


def cut_off() -> Answer:
    """An answer that did not come to its end."""
    return Answer('{"t": [', finish_reason="length")
