"""Files for the loaders to load."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import Protocol

import pytest


class Write(Protocol):
    """Write a file; names that end in `.gz` are compressed."""

    def __call__(self, name: str, content: str | bytes) -> Path: ...


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def write_file(name: str, content: str | bytes) -> Path:
        data = content.encode() if isinstance(content, str) else content
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
        return path

    return write_file
