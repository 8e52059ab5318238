"""Model files from the Hugging Face hub, kept in its client's own cache folder.

A file that is there already is used without asking the network: an answer must not change because somebody changed a
repository overnight, and a run must work on a train. To get a newer one, remove it from that cache.

What is fetched is checked against the SHA-256 that the hub reports: the client itself compares sizes only.
"""

from __future__ import annotations

import importlib
import re
from pathlib import Path
from typing import NamedTuple, Protocol, cast

from summarizer.errors import ConfigurationError
from summarizer.extraction.llm.local.checksums import file_digest, forget_digest

__all__ = ["HubFile", "fetch"]

_SHA256 = re.compile("[0-9a-f]{64}")


class HubFile(NamedTuple):
    """A file of the hub."""

    repo: str
    """``owner/name``."""
    file: str
    """Path in the repository."""

    def __str__(self) -> str:
        return f"hf:{self.repo}/{self.file}"


class _Metadata(Protocol):
    @property
    def etag(self) -> str | None: ...


class _Client(Protocol):
    """What we use of huggingface_hub, which is an extra and need not be installed."""

    def try_to_load_from_cache(self, repo_id: str, filename: str) -> object: ...
    def hf_hub_url(self, repo_id: str, filename: str) -> str: ...
    def get_hf_file_metadata(self, url: str) -> _Metadata: ...
    def hf_hub_download(self, repo_id: str, filename: str) -> str: ...


def fetch(wanted: HubFile, checksum: str | None = None) -> Path:
    """File on this machine, checked; it is downloaded only where it is not there yet.

    Args:
        wanted: The file.
        checksum: SHA-256 that it must have, from the user; None if the user gave none.

    Raises:
        ConfigurationError: if it can't be had, or is not what it should be; such a file is not kept.
    """
    client = _client()
    cached = client.try_to_load_from_cache(wanted.repo, wanted.file)
    path = Path(cached) if isinstance(cached, str) else None
    reported = _name_digest(path) if path else None
    if reported is None and not (path and checksum):
        reported = _reported_digest(client, wanted)
    expected = _agreed(wanted, reported, checksum)
    if path is None:
        path = _download(client, wanted)
    found = file_digest(path)
    if found != expected:
        _remove(path)
        raise ConfigurationError(
            f"{wanted}: its SHA-256 is {found}, not {expected}: damaged or tampered with; it was not kept",
            "try again; if it happens again, ask the owner of the repository",
        )
    return path


def _client() -> _Client:
    try:
        return cast("_Client", importlib.import_module("huggingface_hub"))
    except ImportError as error:
        raise ConfigurationError(
            "a model from the hub needs the package huggingface-hub", "run: pip install 'summarizer[local]'"
        ) from error


def _name_digest(path: Path) -> str | None:
    """What the client's cache says of a file: its link leads to a blob that is named after the SHA-256."""
    name = path.readlink().name if path.is_symlink() else ""
    return name if _SHA256.fullmatch(name) else None


def _reported_digest(client: _Client, wanted: HubFile) -> str | None:
    try:
        etag = client.get_hf_file_metadata(client.hf_hub_url(wanted.repo, wanted.file)).etag
    except Exception as error:
        raise _unavailable(wanted, error) from error
    return etag if etag and _SHA256.fullmatch(etag) else None


def _agreed(wanted: HubFile, reported: str | None, checksum: str | None) -> str:
    expected = checksum or reported
    if expected is None:
        raise ConfigurationError(
            f"{wanted}: the hub reports no SHA-256 for it, so it can't be checked",
            f"give the one you expect: {wanted}#sha256=HEX",
        )
    if reported not in {None, expected}:
        raise ConfigurationError(
            f"{wanted}: the hub's file has the SHA-256 {reported}, not the {expected} asked for",
            "correct the #sha256= part, or use another file",
        )
    return expected


def _download(client: _Client, wanted: HubFile) -> Path:
    try:
        return Path(client.hf_hub_download(wanted.repo, wanted.file))
    except Exception as error:
        raise _unavailable(wanted, error) from error


def _unavailable(wanted: HubFile, error: Exception) -> ConfigurationError:
    """The error in our words. Its classes differ from release to release, the status of the answer does not."""
    status = getattr(getattr(error, "response", None), "status_code", None)
    if status == 404:
        return ConfigurationError(
            f"{wanted}: the hub has no file {wanted.file!r} in a repository {wanted.repo!r}", "correct the name"
        )
    if status in {401, 403}:
        return ConfigurationError(
            f"{wanted}: the hub does not let us have it: there is no repository {wanted.repo!r}, or it is not public",
            "correct the name; or accept its terms on its page and set HF_TOKEN",
        )
    reason = (str(error).strip() or type(error).__name__).splitlines()[0]
    return ConfigurationError(
        f"{wanted}: can't be fetched from the hub ({reason})",
        "check the connection (HTTPS_PROXY, HF_ENDPOINT, HF_HUB_OFFLINE) and the space on the disk; "
        "or bring the file yourself and use gguf:PATH",
    )


def _remove(path: Path) -> None:
    """Remove a file from the client's cache: the link, and every blob that it leads to."""
    forget_digest(path)
    while path.is_symlink():
        target = path.parent / path.readlink()
        path.unlink()
        path = target
    path.unlink(missing_ok=True)
