"""From ``--model gguf:PATH`` or ``--model hf:REPO/FILE`` to a model file on this machine, its bytes checked.

Either may end in ``#sha256=HEX``; the file is then used only if its checksum is that one.
"""

from __future__ import annotations

import re
from pathlib import Path

from summarizer.errors import ConfigurationError
from summarizer.extraction.llm.local.checksums import file_digest
from summarizer.extraction.llm.local.model_hub import HubFile, fetch

__all__ = ["is_embedded", "resolve_model_file"]

_GGUF, _HUB = "gguf:", "hf:"
_MAGIC = b"GGUF"
_HUB_NAME = re.compile(r"(?P<repo>[\w-][\w.-]*/[\w-][\w.-]*)/(?P<file>[^/].*)")
_CHECKSUM = "#sha256="


def is_embedded(model: str) -> bool:
    """Whether a model name asks for a model in this process: ``gguf:PATH`` or ``hf:REPO/FILE``."""
    return model.startswith((_GGUF, _HUB))


def resolve_model_file(model: str) -> Path:
    """Find the model file, fetching it from the hub where it was never fetched, and check it.

    Raises:
        ConfigurationError: if there is no such file, it is no GGUF file, or its bytes are not the expected ones.
    """
    name, checksum = _split_checksum(model)
    if name.startswith(_HUB):
        path = fetch(_hub_file(name), checksum)
        _check_magic(path)
        return path
    path = _local_file(name.removeprefix(_GGUF))
    _check_magic(path)
    if checksum is not None and file_digest(path) != checksum:
        raise ConfigurationError(
            f"{path}: its SHA-256 is {file_digest(path)}, not the {checksum} asked for",
            "get the file again, or correct the #sha256= part of the model's name",
        )
    return path


def _split_checksum(model: str) -> tuple[str, str | None]:
    name, separator, checksum = model.rpartition(_CHECKSUM)
    if not separator:
        return model, None
    if not re.fullmatch("[0-9a-fA-F]{64}", checksum):
        raise ConfigurationError(
            f"model {model!r}: what follows #sha256= is no SHA-256", "give all of its 64 hexadecimal digits"
        )
    return name, checksum.lower()


def _hub_file(name: str) -> HubFile:
    match = _HUB_NAME.fullmatch(name.removeprefix(_HUB))
    if match is None or ".." in match["file"].split("/"):
        raise ConfigurationError(
            f"model {name!r}: not of the form hf:OWNER/NAME/FILE",
            "name the repository and the file in it, as in hf:owner/some-model-GGUF/some-model-q4_k_m.gguf",
        )
    return HubFile(match["repo"], match["file"])


def _local_file(name: str) -> Path:
    try:
        path = Path(name).expanduser()
    except RuntimeError:  # the home of a user that does not exist
        path = Path(name)
    if not name or not path.exists():
        raise ConfigurationError(f"model {_GGUF + name!r}: there is no such file", "correct the path after gguf:")
    if not path.is_file():
        raise ConfigurationError(f"model {_GGUF + name!r}: this is a folder", "name the .gguf file in it")
    return path


def _check_magic(path: Path) -> None:
    try:
        with path.open("rb") as file:
            magic = file.read(len(_MAGIC))
    except OSError as error:
        raise ConfigurationError(
            f"{path}: can't be read ({error.strerror})", "make the file readable for this user"
        ) from error
    if magic != _MAGIC:
        raise ConfigurationError(
            f"{path}: this is no GGUF file",
            "use a model in GGUF format (its file begins with the letters GGUF); other formats can be converted",
        )
