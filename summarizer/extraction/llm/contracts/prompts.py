"""Prompts are files in ``prompts/``: found, rendered, and hashed into every record's ``run``."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from summarizer.errors import ConfigurationError

if TYPE_CHECKING:
    from jinja2 import Environment
    from pydantic import BaseModel


@cache
def prompt_folder() -> Path:
    """The folder ``prompts`` of a checkout, or its copy in an installed wheel.

    Raises:
        ConfigurationError: if neither is there.
    """
    packaged = Path(str(resources.files("summarizer"))) / "_data" / "prompts"
    checkout = Path(__file__).resolve().parents[4] / "prompts"
    for folder in (packaged, checkout):
        if folder.is_dir():
            return folder
    raise ConfigurationError("the prompts are not installed", "install summarizer again")


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined  # noqa: PLC0415 - only the model engine needs it

    return Environment(
        loader=FileSystemLoader(prompt_folder()),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - a prompt is plain text; what is fenced in it is made harmless before
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def render(name: str, **values: object) -> str:
    """A template of ``prompts/`` with its values put in."""
    return _environment().get_template(name).render(values).strip()


@cache
def fingerprint(contract: str, response_models: tuple[type[BaseModel], ...]) -> str:
    """First 12 hexadecimal digits of a SHA-256 over a contract's templates and the shapes of its answers.

    Args:
        contract: name of a folder in ``prompts/``.
        response_models: shapes of the answers.
    """
    digest = hashlib.sha256()
    for path in sorted((prompt_folder() / contract).iterdir()):
        if path.is_file():
            digest.update(f"{path.name}\0".encode() + path.read_bytes() + b"\0")
    for model in response_models:
        digest.update(json.dumps(model.model_json_schema(), sort_keys=True).encode())
    return digest.hexdigest()[:12]
