"""SHA-256 of model files, computed once: a gigabyte takes seconds, and models don't change."""

from __future__ import annotations

import contextlib
import hashlib
import json
from pathlib import Path

from summarizer.lexicon.index import cache_directory

__all__ = ["file_digest", "forget_digest"]


def file_digest(path: Path) -> str:
    """SHA-256 of a file in hexadecimal, remembered as long as the file's size and time of change stay the same."""
    real = path.resolve()
    before = real.stat()
    state = {"path": str(real), "size": before.st_size, "changed": before.st_mtime_ns}
    note = _note(real)
    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):  # a damaged note is no note
        noted = json.loads(note.read_text(encoding="utf-8"))
        if {key: noted[key] for key in state} == state:
            return str(noted["sha256"])
    with real.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    with contextlib.suppress(OSError):  # a cache that can't be written costs time, no more
        note.parent.mkdir(parents=True, exist_ok=True)
        note.write_text(json.dumps({**state, "sha256": digest}), encoding="utf-8")
    return digest


def forget_digest(path: Path) -> None:
    """Drop what is remembered of a file that is being removed."""
    with contextlib.suppress(OSError):
        _note(path.resolve()).unlink()


def _note(real: Path) -> Path:
    name = hashlib.sha256(str(real).encode("utf-8", "surrogateescape")).hexdigest()[:24]
    return cache_directory() / "models" / f"{name}.json"
