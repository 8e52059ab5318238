"""The work on a Ray cluster: the same function for each article, as a Ray Data pipeline (https://docs.ray.io).

Files are read where the work is done, so the folder has to be at the same path on every node. What is finished streams
to the process that holds the ledger, which writes it down: a node that dies costs the articles that were on it, which
Ray does again, and nothing else. Rows are not materialised, so memory does not grow with the folder.

The key of a model is not sent: it comes from the environment of the nodes, or from the user's file there.
"""

from __future__ import annotations

import logging
import os
import pickle
import secrets
import signal
import socket
import threading
import warnings
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from itertools import islice
from typing import Any

from summarizer.batch.crews.protocol import Keep
from summarizer.batch.crews.remote import ClusterSetup, ModelWorker, ReadingWorker, RulesWorker
from summarizer.batch.ledger.ledger import Ledger
from summarizer.batch.ledger.records import Finished
from summarizer.batch.work import ArticleTask, FileTask, Task
from summarizer.errors import ConfigurationError

__all__ = ["LOCAL", "WorkOnCluster"]

LOCAL = "local"
"""Address that starts a cluster on this machine, and stops it at the end."""
_QUIET: dict[str, Any] = {"log_to_driver": False, "logging_level": logging.ERROR}
_ANY_CLUSTER = {
    "RAY_USAGE_STATS_ENABLED": "0",  # nothing about a user's work is sent anywhere
    "RAY_DEDUP_LOGS_SKIP_REGEX": ".",  # messages of other processes would be mixed into ours
    "RAY_BACKEND_LOG_LEVEL": "fatal",  # same
}
_OWN_CLUSTER = {
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",  # what makes it listen on the loopback address only
    "RAY_AUTH_MODE": "token",  # other users of this machine stay out, and no token is left in the home folder
    "RAY_AUTH_TOKEN": secrets.token_hex(32),
}
_PATIENCE = 5.0
"""Seconds in which a cluster has to answer."""
_SLICE = 20_000
"""Tasks that one pipeline is made of: each costs the driver some memory."""
_RULES_BLOCK = 8
"""Articles that are handed over, lost and done again together; with a model, which costs more to ask, it is one."""
_CPUS = 0.5
"""Of a worker. Less than one, so that the workers of a node that died find room on those that are left."""


@dataclass(frozen=True, slots=True)
class WorkOnCluster:
    """Works on a cluster."""

    address: str
    """Address of the cluster, or ``local``."""
    setup: ClusterSetup
    """What each worker needs."""
    ledger: Ledger
    """Says what is done."""

    def work(self, tasks: Iterator[Task], keep: Keep) -> None:
        """Work through the tasks, slice by slice.

        Raises:
            ConfigurationError: if Ray is not installed, or the cluster can't be reached.
        """
        with _connected(self.address) as ray:
            while piece := list(islice(tasks, _SLICE)):
                if self.setup.asks_model:
                    piece = self._read(ray, piece, keep)
                    self._do(ray, ModelWorker, piece, keep, block=1)
                else:
                    self._do(ray, RulesWorker, piece, keep, block=_RULES_BLOCK)

    def _read(self, ray: Any, tasks: list[Task], keep: Keep) -> list[Task]:  # noqa: ANN401 - ray carries no types
        """Read the files first, to ask once about a text that has several names; what is left is still to be asked."""
        by_name = {task.name: task for task in tasks}
        texts: dict[str, Task] = {task.article.sha256: task for task in tasks if isinstance(task, ArticleTask)}
        files = [task for task in tasks if isinstance(task, FileTask)]
        for finished in _stream(ray, ReadingWorker, self.setup, files, block=_RULES_BLOCK):
            keep(finished)
            for entry in finished.entries:
                if entry.content is not None and entry.content not in self.ledger:
                    texts.setdefault(entry.content, by_name[entry.file])
        return list(texts.values())

    def _do(self, ray: Any, worker: type, tasks: list[Task], keep: Keep, *, block: int) -> None:  # noqa: ANN401
        for finished in _stream(ray, worker, self.setup, tasks, block=block):
            keep(finished)


def _stream(ray: Any, worker: type, setup: ClusterSetup, tasks: Sequence[Task], *, block: int) -> Iterator[Finished]:  # noqa: ANN401
    """What becomes of the tasks, as it comes."""
    if not tasks:
        return
    workers = max(1, min(len(tasks), int(ray.cluster_resources().get("CPU", 1))))
    pool = ray.data.ActorPoolStrategy(
        min_size=1,
        max_size=workers,
        max_concurrent_calls_per_actor=setup.calls_of_each(workers) if worker is ModelWorker else 1,
    )
    rows = [{"task": pickle.dumps(task)} for task in tasks]
    pipeline = ray.data.from_items(rows, override_num_blocks=-(-len(rows) // block)).flat_map(
        worker, fn_constructor_args=(setup, workers), compute=pool, num_cpus=_CPUS
    )
    for table in pipeline.iter_batches(batch_size=None, batch_format="pyarrow", prefetch_batches=1):
        for row in table.to_pylist():
            came = pickle.loads(row["finished"])  # noqa: S301 - made by our own workers
            if isinstance(came, Exception):
                raise came
            yield came


@contextmanager
def _connected(address: str) -> Generator[Any, None, None]:
    """Ray, connected to a cluster; what was started here is stopped at the end.

    Raises:
        ConfigurationError: if Ray is not installed, or the cluster can't be reached.
    """
    ray = _import_ray(_OWN_CLUSTER if address == LOCAL else {})
    if ray.is_initialized():  # by the caller, who ends it too
        _quieten(ray)
        yield ray
        return
    try:
        with _own_signals():
            if address == LOCAL:
                _start(ray)
            else:
                _require_listener(address)
                ray.init(address=address, **_QUIET)
    except (OSError, ValueError, RuntimeError) as error:
        reason = f"the Ray cluster at {address} can't be reached ({error})"
        raise ConfigurationError(reason, "give its HOST:PORT, as 'ray status' tells it") from error
    try:
        _quieten(ray)
        yield ray
    finally:
        ray.shutdown()


def _import_ray(environment: Mapping[str, str]) -> Any:  # noqa: ANN401 - it carries no types
    """Import Ray, which reads its environment when it is imported; what the user has set there stays.

    Raises:
        ConfigurationError: if it is not installed.
    """
    for name, value in {**_ANY_CLUSTER, **environment}.items():
        os.environ.setdefault(name, value)
    try:
        import_module("ray.data")
    except ModuleNotFoundError:
        raise ConfigurationError("--ray needs the package ray", "pip install 'summarizer[ray]'") from None
    return import_module("ray")


def _start(ray: Any) -> None:  # noqa: ANN401 - as above
    """Start a cluster of this machine, which listens on its loopback address only and asks nobody outside anything."""
    services: Any = import_module("ray._private.services")
    name = "start_api_server"
    start_api_server = getattr(services, name, None)
    if start_api_server is not None:
        # Also without a dashboard this server is started, and asks the addresses at which clouds tell what they are.
        setattr(services, name, _no_api_server)
    try:
        ray.init(address=LOCAL, include_dashboard=False, **_QUIET)
    finally:
        if start_api_server is not None:
            setattr(services, name, start_api_server)


def _no_api_server(*_: object, **__: object) -> tuple[None, None]:
    """No address, no process."""
    return None, None


def _require_listener(address: str) -> None:
    """Try the address: Ray itself would try for minutes.

    Raises:
        OSError: if nothing listens there.
        ValueError: if it is no address.
    """
    host, colon, port = address.rpartition(":")
    if not colon or not port.isdecimal() or "/" in host:
        raise ValueError("that is no HOST:PORT")
    socket.create_connection((host.strip("[]"), int(port)), timeout=_PATIENCE).close()


@contextmanager
def _own_signals() -> Generator[None, None, None]:
    """Keep our way of being stopped: ``ray.init`` puts one of its own in its place and never gives ours back."""
    before = signal.getsignal(signal.SIGTERM)
    try:
        yield
    finally:
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGTERM, before)


def _quieten(ray: Any) -> None:  # noqa: ANN401 - as above
    """No progress bars but ours, no limit on how long a slow model may think."""
    logging.getLogger("ray.data").setLevel(logging.CRITICAL)
    warnings.filterwarnings("ignore", category=DeprecationWarning, module=r"ray\.data\.context")  # of its own defaults
    context = ray.data.DataContext.get_current()
    context.enable_progress_bars = False
    context.execution_options.preserve_order = False
    context.execution_no_progress_timeout_s = -1
