"""A model in this process: llama.cpp answers on a loopback port, for the same client that talks to any endpoint.

Only this process knows the key, so other users of the machine can't use the port. llama.cpp is loaded when the first
server starts, never before: it is an extra (``pip install 'summarizer[local]'``).
"""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import http.client
import importlib
import json
import os
import secrets
import threading
from collections.abc import Generator
from pathlib import Path
from typing import Any, Protocol, cast

from summarizer.errors import ConfigurationError
from summarizer.extraction.llm.local.model_files import is_embedded, resolve_model_file

__all__ = ["DEFAULT_CONTEXT", "EmbeddedServer", "embedded_server", "is_embedded", "resolve_model_file"]

DEFAULT_CONTEXT = 16_384
"""Tokens of prompt and answer together; llama.cpp takes fewer where the model was trained with fewer."""

_BATCH = 512  # tokens; between batches llama.cpp looks whether the client is still there
_CACHE_MIB = 1024  # for the states of earlier prompts; llama.cpp's own default would take up to 8 GiB
_SILENT = -1
_START_SECONDS = 300.0
_STOP_SECONDS = 2.0


class _Server(Protocol):
    @property
    def listening_address(self) -> str: ...


class _Library(Protocol):
    """What we use of xllamacpp, which is an extra and need not be installed."""

    def CommonParams(self) -> Any: ...  # noqa: ANN401, N802  # a hundred fields, and no types
    def Server(self, params: object) -> _Server: ...  # noqa: N802


class EmbeddedServer:
    """A running llama.cpp server. Get it with :func:`embedded_server`, which loads each file once.

    Loading holds Python's interpreter lock: no other thread runs meanwhile (half a second for 100 MB).

    Args:
        path: Model file, as :func:`resolve_model_file` gives it.
        context: Tokens of prompt and answer together.

    Raises:
        ConfigurationError: if xllamacpp is not installed or can't load the file.
    """

    def __init__(self, path: Path, context: int = DEFAULT_CONTEXT) -> None:
        self.path = path
        self.api_key = secrets.token_urlsafe(32)
        """Key that the server asks for; never written anywhere."""
        library = _library()
        try:
            self._server: _Server | None = library.Server(_parameters(library, path, context, self.api_key))
        except RuntimeError as error:  # its message says "check the input params", whatever happened
            raise _not_loaded(path) from error
        self._address = self._server.listening_address.removeprefix("http://")
        self.base_url = f"http://{self._address}/v1"
        """Address for an OpenAI-compatible client."""
        # A server that is told to stop before its loop runs never stops (seen with a busy machine): the first
        # answer of the loop proves that it runs.
        try:
            self.context: int = self._slots(_START_SECONDS)[0]["n_ctx"]
            """Tokens that prompt and answer may really take together."""
        except (OSError, http.client.HTTPException, ValueError, LookupError) as error:
            raise _not_loaded(path) from error

    def close(self) -> None:
        """Stop the server, or leave it to the end of the process, which does not wait for it, if it may be in use.

        Its destructor would wait, holding the interpreter lock, until every client has its answer or hangs up; and a
        client may be a thread of ours, which needs the lock for that.
        """
        server, self._server = self._server, None
        if server is not None and (threading.active_count() > 1 or self._is_busy()):
            _keep_to_the_end(server)

    def _is_busy(self) -> bool:
        try:
            return any(slot["is_processing"] for slot in self._slots(_STOP_SECONDS))
        except (OSError, http.client.HTTPException, ValueError, LookupError):
            return True

    def _slots(self, seconds: float) -> list[dict[str, Any]]:
        """Ask the loop for its slots. Not with an HTTP library: those look for proxies, in vain on this machine."""
        connection = http.client.HTTPConnection(self._address, timeout=seconds)
        try:
            connection.request("GET", "/slots", headers={"Authorization": f"Bearer {self.api_key}"})
            slots: list[dict[str, Any]] = json.loads(connection.getresponse().read())
            return slots
        finally:
            connection.close()


_servers: dict[tuple[Path, int], EmbeddedServer] = {}
_lock = threading.Lock()


def embedded_server(path: Path, context: int = DEFAULT_CONTEXT) -> EmbeddedServer:
    """The server of a model file, started by the first call of this process and stopped at its end.

    Raises:
        ConfigurationError: if xllamacpp is not installed or can't load the file.
    """
    key = (path.resolve(), context)
    with _lock:
        if key not in _servers:
            _servers[key] = EmbeddedServer(path, context)
        return _servers[key]


@atexit.register
def _stop_servers() -> None:
    with _lock:
        while _servers:
            _servers.popitem()[1].close()


def _keep_to_the_end(server: _Server) -> None:
    """Never destroy an object, and end the process without C++ tearing down what its threads still work on."""
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(server))
    # Python ends as always, and then exit() calls these, the last one first, with the status as first argument. Where
    # the C library has no on_exit (it is glibc's), such a process may crash at its very end.
    with contextlib.suppress(AttributeError, OSError, TypeError):
        library = ctypes.CDLL(None)
        for function in (library._exit, library.fcloseall):  # noqa: SLF001  # C's own name
            library.on_exit(ctypes.cast(function, ctypes.c_void_p), None)


def _library() -> _Library:
    try:
        with _brief_spinning():
            return cast("_Library", importlib.import_module("xllamacpp"))
    except ImportError as error:
        raise ConfigurationError(
            "a model in this process needs the package xllamacpp", "run: pip install 'summarizer[local]'"
        ) from error


@contextlib.contextmanager
def _brief_spinning() -> Generator[None]:
    """Have threads that wait for each other go to sleep soon; OpenMP reads this once, when it is loaded.

    By default they keep their cores for milliseconds, thousands of times a second. Beside another process that uses
    the cores, a second llama.cpp say, that made it over a hundred times slower; alone, it gained nothing.
    """
    if {"GOMP_SPINCOUNT", "OMP_WAIT_POLICY"} & os.environ.keys():  # the user's own choice
        yield
        return
    os.environ["GOMP_SPINCOUNT"] = "1000"
    try:
        yield
    finally:
        del os.environ["GOMP_SPINCOUNT"]


def _parameters(library: _Library, path: Path, context: int, api_key: str) -> object:
    parameters = library.CommonParams()
    parameters.model.path = str(path)
    parameters.model_alias = {path.name}  # else its full path would be the name that it reports
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = 0  # any that is free
    parameters.api_keys = [api_key]
    parameters.ui = False
    parameters.verbosity = _SILENT
    parameters.n_ctx = context
    parameters.n_batch = parameters.n_ubatch = _BATCH
    parameters.n_parallel = 1
    parameters.cache_prompt = True
    parameters.cache_ram_mib = _CACHE_MIB
    parameters.use_jinja = True
    parameters.warmup = False  # the first request warms it up as well
    parameters.cpuparams.n_threads = parameters.cpuparams_batch.n_threads = _usable_cores()
    return parameters


def _usable_cores() -> int:
    """Cores that this process may use, which can be fewer than the machine has."""
    affinity = getattr(os, "sched_getaffinity", None)  # not on macOS and Windows
    return len(affinity(0)) if affinity else os.cpu_count() or 1


def _not_loaded(path: Path) -> ConfigurationError:
    return ConfigurationError(
        f"{path}: llama.cpp can't load this model",
        "it may be incomplete (get it again), too large for the memory, or newer than the installed xllamacpp "
        "(run: pip install --upgrade xllamacpp)",
    )
