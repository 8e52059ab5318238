"""Measure the work on a Ray cluster: the same folder on one node and on two, of one core each, all on this machine.

The time of a command includes what Ray takes to connect and to start its workers (10 to 15 seconds), so the time in
which articles were finished is told apart. Needs the extra ``ray``.

Usage: ``python evals/benchmarks/cluster.py [--articles N]``
"""

from __future__ import annotations

import argparse
import contextlib
import os
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

CASES = Path(__file__).parents[1] / "cases"
ENVIRONMENT = {
    **os.environ,
    "RAY_USAGE_STATS_ENABLED": "0",
    "RAY_AUTH_MODE": "disabled",
    "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0",  # makes everything listen on the loopback address only
}
START = """
import sys
from ray._private import services
services.start_api_server = lambda *_, **__: (None, None)  # it would ask outside addresses what cloud this is
from ray.cluster_utils import Cluster
common = dict(num_cpus=1, object_store_memory=80 * 2**20, node_ip_address="127.0.0.1", include_dashboard=False)
cluster = Cluster(initialize_head=True, head_node_args=common)
for _ in range(int(sys.argv[1]) - 1):
    cluster.add_node(**common)
print(cluster.address, flush=True)
sys.stdin.read()
cluster.shutdown()
"""


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=400)
    given = parser.parse_args()
    if find_spec("ray") is None:
        print("the extra `ray` is not installed")
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "in"
        _write_articles(folder, given.articles)
        print(f"{given.articles} articles with the rules")
        rates: dict[int, float] = {}
        for nodes in (1, 2):
            whole, working, finished = _measure(folder, Path(name) / f"out-{nodes}", nodes)
            rates[nodes] = finished / working
            print(
                f"  {nodes} node{'s' if nodes > 1 else ' '}   whole command {whole:6.1f} s   "
                f"{rates[nodes]:5.1f} articles a second   {rates[nodes] / rates[1]:.2f} x"
            )


def _measure(folder: Path, out: Path, nodes: int) -> tuple[float, float, int]:
    """Seconds of the command, seconds between the first and the last article that was seen, and articles in between."""
    seen: list[tuple[float, int]] = []
    with _cluster(nodes) as address:
        started = time.monotonic()
        command = [
            sys.executable,
            "-m",
            "summarizer.cli",
            "batch",
            str(folder),
            "--out",
            str(out),
            "--ray",
            address,
            "-q",
        ]
        with subprocess.Popen(command, env=ENVIRONMENT) as process:  # noqa: S603 - our own command
            while process.poll() is None:
                done = _count(out)
                if done and (not seen or done > seen[-1][1]):
                    seen.append((time.monotonic(), done))
                time.sleep(0.05)
        whole = time.monotonic() - started
    return whole, seen[-1][0] - seen[0][0], seen[-1][1] - seen[0][1]


@contextmanager
def _cluster(nodes: int) -> Iterator[str]:
    with subprocess.Popen(  # noqa: S603 - our own script
        [sys.executable, "-c", START, str(nodes)],
        env=ENVIRONMENT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        if process.stdout is None or process.stdin is None:
            raise RuntimeError("no pipes")
        yield next(line for line in process.stdout if line.startswith("127.0.0.1:")).strip()
        process.stdin.close()


def _count(out: Path) -> int:
    path = out / "ledger.sqlite3"
    if not path.exists():
        return 0
    with contextlib.suppress(sqlite3.Error), contextlib.closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("SELECT COUNT(*) FROM outcomes").fetchone()[0])
    return 0


def _write_articles(folder: Path, number: int) -> None:
    texts = [path.read_text(encoding="utf-8") for path in sorted(CASES.glob("*/article.txt"))]
    folder.mkdir()
    for at in range(number):
        text = f"{texts[at % len(texts)]}\nNumber {at} of the folder.\n"
        (folder / f"{at:05}.txt").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
