"""No test reaches the network or the user's home; all of them share one lexicon cache."""

from __future__ import annotations

import os
import shutil
import socket
import tempfile
from collections.abc import Iterator
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest

CACHE = "SUMMARIZER_CACHE_DIR"
ENVIRONMENT = pytest.StashKey[pytest.MonkeyPatch]()
FOLDER = pytest.StashKey[Path]()


class NetworkBlockedError(OSError):
    """A test tried to reach a host other than this one."""


def pytest_configure(config: pytest.Config) -> None:
    """Set the environment before anything is imported, and before xdist starts workers, which inherit it."""
    patch = config.stash[ENVIRONMENT] = pytest.MonkeyPatch()
    folder = config.stash[FOLDER] = Path(tempfile.mkdtemp(prefix="summarizer-tests-"))
    for name in list(os.environ):
        if name.startswith(("SUMMARIZER_", "OPENAI_", "XDG_")) and name != CACHE:
            patch.delenv(name)
    for name in ("COLUMNS", "FORCE_COLOR", "GITHUB_ACTIONS", "NO_COLOR", "PY_COLORS"):
        patch.delenv(name, raising=False)
    for name in ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"):
        patch.setenv(name, str(folder / "home"))
    if not os.environ.get(CACHE):
        patch.setenv(CACHE, str(folder / "cache"))
    (folder / "home").mkdir()
    Path(os.environ[CACHE]).mkdir(parents=True, exist_ok=True)


def pytest_unconfigure(config: pytest.Config) -> None:
    """Put the environment back and remove the temporary folder."""
    config.stash[ENVIRONMENT].undo()
    shutil.rmtree(config.stash[FOLDER], ignore_errors=True)


@pytest.fixture(scope="session", autouse=True)
def _no_network() -> Iterator[None]:
    """Refuse every connection and look-up that leaves this machine."""
    real_lookup = socket.getaddrinfo

    def guarded_lookup(host: Any, *args: Any, **kwargs: Any) -> Any:
        _refuse_remote(host)
        return real_lookup(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket, "socket", _GuardedSocket)
        patch.setattr(socket, "getaddrinfo", guarded_lookup)
        yield


class _GuardedSocket(socket.socket):
    def connect(self, address: Any) -> None:
        self._check(address)
        super().connect(address)

    def connect_ex(self, address: Any) -> int:
        self._check(address)
        return super().connect_ex(address)

    def _check(self, address: Any) -> None:
        if self.family in {socket.AF_INET, socket.AF_INET6}:
            _refuse_remote(address[0])


def _refuse_remote(host: str | bytes | None) -> None:
    name = host.decode() if isinstance(host, bytes) else host
    if name in {None, "", "localhost"}:
        return
    try:
        is_local = ip_address(str(name)).is_loopback
    except ValueError:
        is_local = False
    if not is_local:
        raise NetworkBlockedError(f"tests have no network: {name}")
