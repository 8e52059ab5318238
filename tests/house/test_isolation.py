"""The guards of ``tests/conftest.py`` hold."""

from __future__ import annotations

import os
import socket
import threading
from pathlib import Path

import platformdirs
import pytest


@pytest.mark.parametrize("address", [("192.0.2.1", 80), ("2001:db8::1", 80)])
def test_remote_address_is_refused(address: tuple[str, int]) -> None:
    family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
    with socket.socket(family) as connection, pytest.raises(OSError, match="tests have no network"):
        connection.connect(address)


def test_remote_name_is_refused() -> None:
    with pytest.raises(OSError, match="tests have no network"):
        socket.create_connection(("example.org", 443), timeout=1)


def test_loopback_is_open() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=_accept_and_close, args=[server])
        thread.start()
        with socket.create_connection(server.getsockname(), timeout=5) as connection:
            assert connection.recv(1) == b""
        thread.join()


def test_home_is_empty_and_temporary() -> None:
    assert str(Path.home()) == os.environ["HOME"]
    assert list(Path.home().iterdir()) == []
    assert platformdirs.user_config_path("summarizer").is_relative_to(Path.home())


def test_cache_is_shared_and_outside_the_home() -> None:
    cache = Path(os.environ["SUMMARIZER_CACHE_DIR"])
    assert cache.is_dir()
    assert not cache.is_relative_to(Path.home())


def _accept_and_close(server: socket.socket) -> None:
    connection, _ = server.accept()
    connection.close()
