"""The work on a Ray cluster of two nodes on this machine, one of which is killed half way."""

from __future__ import annotations

import contextlib
import json
import os
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from summarizer.batch import run_batch
from summarizer.batch.ledger.database import DATABASE
from summarizer.settings import load_settings
from tests.support.model_server import closed_port, model_server
from tests.support.releases import answer, release, write_releases

pytest.importorskip("ray", reason="the extra `ray` is not installed; `make test` installs it")

FILES = 120
RAY = {
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_AUTH_MODE": "disabled",
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",  # makes everything listen on the loopback address only
    "RAY_health_check_initial_delay_ms": "0",  # a node that died is noticed in two seconds, not in fifteen
    "RAY_health_check_period_ms": "500",
    "RAY_health_check_timeout_ms": "2000",
    "RAY_health_check_failure_threshold": "3",
}
START_CLUSTER = """
import sys
from ray._private import services
services.start_api_server = lambda *_, **__: (None, None)  # it would ask outside addresses what cloud this is
from ray.cluster_utils import Cluster
common = dict(num_cpus=1, object_store_memory=80 * 2**20, node_ip_address="127.0.0.1", include_dashboard=False)
cluster = Cluster(initialize_head=True, head_node_args=common)
second = cluster.add_node(**common)
print(cluster.address, flush=True)
for line in sys.stdin:
    if line.strip() == "kill":
        cluster.remove_node(second, allow_graceful=False)
        print("killed", flush=True)
cluster.shutdown()
"""


class Cluster:
    """A cluster in a process of its own, which is told to kill a node."""

    def __init__(self, process: subprocess.Popen[str], address: str) -> None:
        self._process = process
        self.address = address

    def kill_a_node(self) -> None:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write("kill\n")
        self._process.stdin.flush()
        assert self._process.stdout.readline() == "killed\n"


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    environment = {**os.environ, **RAY, "PYTHONPATH": os.pathsep.join(sys.path)}
    command = [sys.executable, "-c", START_CLUSTER]
    with subprocess.Popen(
        command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        address = next(line for line in process.stdout if line.startswith("127.0.0.1:")).strip()
        yield Cluster(process, address)
        process.stdin.close()


def start_batch(folder: Path, out: Path, *arguments: str) -> subprocess.Popen[str]:
    command = [
        sys.executable,
        "-m",
        "summarizer.cli",
        "batch",
        str(folder),
        "--out",
        str(out),
        "--json-logs",
        *arguments,
    ]
    return subprocess.Popen(command, env={**os.environ, **RAY}, stderr=subprocess.PIPE, text=True)


def count_outcomes(out: Path) -> int:
    with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(out / DATABASE)) as connection:
        (number,) = connection.execute("SELECT COUNT(*) FROM outcomes").fetchone()
        return int(number)
    return 0


def summaries(out: Path) -> list[dict[str, Any]]:
    found = [json.loads(line) for line in (out / "summaries.jsonl").read_text(encoding="utf-8").splitlines()]
    for summary in found:
        del summary["run"]["seconds"], summary["run"]["attempts"]
    return found


@pytest.mark.parametrize("address", ["127.0.0.1:{port}", "nonsense", "ray://127.0.0.1:{port}"])
def test_a_cluster_that_is_not_there_is_told_at_once(tmp_path: Path, address: str) -> None:
    write_releases(tmp_path / "in", 1)
    there = address.format(port=closed_port())
    with start_batch(tmp_path / "in", tmp_path / "out", f"--ray={there}") as process:
        said = process.communicate(timeout=60)[1]
    assert process.returncode == 2
    assert f"the Ray cluster at {there} can't be reached" in said


def test_with_a_model_a_text_is_asked_for_once(cluster: Cluster, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    write_releases(folder, 12)
    (folder / "copy.txt").write_text(release(3), encoding="utf-8")
    (folder / "many.jsonl").write_text(
        f"{json.dumps({'text': release(50)})}\n{json.dumps({'text': release(4)})}\n", "utf-8"
    )
    with model_server(answer) as server:
        model = ("--model", "m", "--base-url", server.base_url, "--no-cache", "--concurrency", "4")
        with start_batch(folder, tmp_path / "out", "--ray", cluster.address, *model) as process:
            said = process.communicate(timeout=120)[1]
        assert process.returncode == 0, said
        questions = [str(request["messages"]) for request in server.requests]
        assert len(questions) == len(set(questions))
        settings = load_settings({"model": "m", "base_url": server.base_url, "use_cache": False})
        alone = run_batch(folder, tmp_path / "alone", settings=settings)
    assert alone.counts.articles == 15
    for name in ("trials.csv", "results.csv", "failures.jsonl"):
        assert (tmp_path / "out" / name).read_bytes() == (tmp_path / "alone" / name).read_bytes()


def test_a_node_that_is_killed_half_way_loses_nothing(cluster: Cluster, tmp_path: Path) -> None:
    folder, out = tmp_path / "in", tmp_path / "out"
    write_releases(folder, FILES)
    (folder / "empty.txt").touch()
    with start_batch(folder, out, "--ray", cluster.address) as process:
        while count_outcomes(out) < FILES // 4:
            assert process.poll() is None
            time.sleep(0.05)
        cluster.kill_a_node()
        done = count_outcomes(out)
        said = process.communicate(timeout=120)[1]
    assert done < FILES, "the work was over before the node was killed"
    assert process.returncode == 1, said  # the empty file
    run_batch(folder, tmp_path / "alone")
    assert summaries(out) == summaries(tmp_path / "alone")
    for name in ("trials.csv", "results.csv", "failures.jsonl"):
        assert (out / name).read_bytes() == (tmp_path / "alone" / name).read_bytes()
