"""What makes one engine's records differ from another's, as one short text: a part of every key of the ledger."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path

import summarizer as package
from summarizer import schemas
from summarizer.pipeline import Summarizer
from summarizer.schemas import SCHEMA_VERSION

__all__ = ["fingerprint"]


def fingerprint(summarizer: Summarizer) -> str:
    """Fingerprint of an engine: SHA-256 over engine, prompt, model and schema, hexadecimal.

    The rules are free and quick, so any change of the program's code does the work anew. What a model was paid for
    stays good until the prompt, the model, how it is asked, or the shape of the records changes.
    """
    settings = summarizer.settings
    parts: dict[str, object] = {
        "engine": summarizer.choice.engine,
        "schema": SCHEMA_VERSION,
        "explain": settings.explain,
        "include_text": settings.include_text,
    }
    if summarizer.prompt is None:
        parts["code"] = _code()
    else:
        parts |= {"prompt": summarizer.prompt, "model": settings.model, "parameters": summarizer.parameters}
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode("ascii")).hexdigest()


@cache
def _code() -> str:
    """Digest of every file of the program: its modules, and the tables that they read."""
    digest = hashlib.sha256()
    for module in (package, schemas):
        root = Path(module.__file__ or "").parent
        for path in sorted(root.rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(f"{path.relative_to(root)}\0".encode())
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
