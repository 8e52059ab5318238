"""Measure batches: wall time with a model, cores with the rules, memory and start-up of a large folder.

1. With a model: articles over a server on this machine that takes the same time for every answer. The target is
   1.05 x (articles x latency / concurrency); the time until the first call (imports, dictionaries) is told apart.
2. With the rules: the same folder by one process and by all cores.
3. With ``--articles N`` (100,000 is the target's size): peak memory of all processes together while the rules read the
   folder, and the time that the command takes when everything is done already. Takes about N / 40 seconds on two cores,
   with ``--longest 200`` an eighth of that.

Usage: ``python evals/benchmarks/batch.py [--long] [--articles N [--longest N] [--folder FOLDER] [--only-size]]``
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

CASES = Path(__file__).parents[1] / "cases"
COMMAND = [sys.executable, "-m", "summarizer.cli", "batch", "run"]
LATENCY = 1.0
CONCURRENCY = 8
ARTICLES, LONG_ARTICLES = 96, 480
FILES, LONG_FILES = 240, 1_000
LONGEST = 1_500
"""Characters of an article of the large folder: what matters there is how many there are."""


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--long", action="store_true", help="more articles with the model")
    parser.add_argument("--articles", type=int, default=0, help="size of the large folder")
    parser.add_argument("--longest", type=int, default=LONGEST, help="characters of its articles")
    parser.add_argument("--folder", type=Path, help="where to make it, or where it is")
    parser.add_argument("--only-size", action="store_true", help="the large folder only")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if not given.only_size:
            _measure_model(folder, LONG_ARTICLES if given.long else ARTICLES)
            _measure_cores(folder, LONG_FILES if given.long else FILES)
        if given.articles:
            _measure_size(given.folder or folder / "large", folder / "large-out", given.articles, given.longest)


# ---------------------------------------------------------------------------------------------- a model


def _measure_model(folder: Path, articles: int) -> None:
    _write_articles(folder / "model", articles, longest=LONGEST)
    with _server() as server:
        started = time.monotonic()
        _run(folder / "model", folder / "model-out", "--model", "m", "--base-url", server.url, "--no-cache",
             "--concurrency", str(CONCURRENCY))  # fmt: skip
        ended = time.monotonic()
    calls, first, last = server.calls, server.first, server.last
    ideal = calls * LATENCY / CONCURRENCY
    print(f"with a model: {articles} articles, {calls} calls of {LATENCY:g} s, {CONCURRENCY} at the same time")
    print(f"  ideal                           {ideal:7.2f} s")
    print(f"  first call to last answer       {last - first:7.2f} s   {(last - first) / ideal:.3f} x")
    print(f"  whole command                   {ended - started:7.2f} s   {(ended - started) / ideal:.3f} x")
    print(f"  most calls at the same time     {server.most:7d}")


class _Server(ThreadingHTTPServer):
    """A server that takes the same time for every answer, and says that there are no trials."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}/v1"
        self.calls = self.open = self.most = 0
        self.first = self.last = 0.0
        self.lock = threading.Lock()

    def answer(self, request: Mapping[str, Any]) -> dict[str, Any]:
        """Answer after the latency."""
        with self.lock:
            self.first = self.first or time.monotonic()
            self.calls += 1
            self.open += 1
            self.most = max(self.most, self.open)
        time.sleep(LATENCY)
        with self.lock:
            self.open -= 1
            self.last = time.monotonic()
        usage = {"prompt_tokens": 1000, "completion_tokens": 100, "total_tokens": 1100}
        choice = {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": '{"t": []}'}}
        return {
            "id": "1", "object": "chat.completion", "created": 0, "model": request["model"],
            "choices": [choice], "usage": usage,
        }  # fmt: skip


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else head and body, sent apart, take 40 ms more than the latency
    server: _Server

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["content-length"])))
        data = json.dumps(self.server.answer(request)).encode()
        self.send_response(200)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - its name in the base class
        """Say nothing."""


@contextmanager
def _server() -> Iterator[_Server]:
    with _Server() as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()


# ---------------------------------------------------------------------------------------------- the rules


def _measure_cores(folder: Path, files: int) -> None:
    _write_articles(folder / "rules", files)
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    seconds = {
        number: _run(folder / "rules", folder / f"rules-{number}", "--processes", str(number)).seconds
        for number in (1, cores)
    }
    print(f"\nwith the rules: {files:,} articles, the whole command")
    for number, took in seconds.items():
        print(f"  {number} process{'es' if number > 1 else '  '}    {took:7.2f} s   {seconds[1] / took:.2f} x")


def _measure_size(folder: Path, out: Path, articles: int, longest: int) -> None:
    _write_articles(folder, articles, longest=longest)
    first = _run(folder, out)
    print(f"\nlarge folder: {articles:,} articles")
    print(
        f"  first run                       {first.seconds:9.1f} s   {articles / first.seconds:.0f} articles a second"
    )
    print(f"  peak memory, first process      {first.peak_own:9.0f} MB")
    print(f"  peak memory, all processes      {first.peak_all:9.0f} MB")
    again = _run(folder, out)
    print(f"  again, nothing to do            {again.seconds:9.2f} s")
    print(f"  peak memory, again              {again.peak_all:9.0f} MB")
    size = sum(path.stat().st_size for path in out.iterdir()) / 1e6
    ledger = (out / "ledger.sqlite3").stat().st_size / 1e6
    print(f"  files in OUT                    {size:9.0f} MB, of which the ledger {ledger:.0f} MB")


def _write_articles(folder: Path, number: int, *, longest: int | None = None) -> None:
    """The cases again and again, each time with another last line, a thousand to a folder."""
    if folder.exists():
        return
    texts = [path.read_text(encoding="utf-8") for path in sorted(CASES.glob("*/article.txt"))]
    for at in range(number):
        path = folder / f"{at // 1000:04}" / f"{at % 1000:03}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{texts[at % len(texts)][:longest]}\nNumber {at} of the folder.\n", encoding="utf-8")


# ---------------------------------------------------------------------------------------------- runs


@dataclass
class _Ran:
    seconds: float
    peak_own: float = 0.0
    """Megabytes of the first process."""
    peak_all: float = 0.0
    """Megabytes of all processes together; shared pages are counted once (proportional set size)."""


def _run(folder: Path, out: Path, *arguments: str) -> _Ran:
    started = time.monotonic()
    with subprocess.Popen([*COMMAND, str(folder), "--out", str(out), "--quiet", *arguments]) as process:  # noqa: S603 - our own command
        ran = _Ran(0.0)
        while process.poll() is None:
            _watch(process.pid, ran)
            time.sleep(1.0)  # it takes time itself
    ran.seconds = time.monotonic() - started
    if process.returncode:
        sys.exit(f"the batch ended with {process.returncode}")
    return ran


def _watch(root: int, ran: _Ran) -> None:
    """Note the memory of a process and of all below it, where the system tells."""
    sizes = {pid: _megabytes(pid) for pid in _tree(root)}
    ran.peak_own = max(ran.peak_own, sizes.get(root, 0.0))
    ran.peak_all = max(ran.peak_all, sum(sizes.values()))


def _tree(root: int) -> set[int]:
    parents: dict[int, int] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        _ignore_gone(lambda status=status: parents.update({int(status.parent.name): _parent(status)}))
    found = {root}
    while more := {pid for pid, parent in parents.items() if parent in found} - found:
        found |= more
    return found


def _parent(status: Path) -> int:
    return int(status.read_text().rpartition(")")[2].split()[1])


def _megabytes(pid: int) -> float:
    total = 0.0

    def read() -> None:
        nonlocal total
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total = int(line.split()[1]) / 1024

    _ignore_gone(read)
    return total


def _ignore_gone(read: Callable[[], object]) -> None:
    """Processes end while they are looked at."""
    try:
        read()
    except (OSError, ValueError):
        return


if __name__ == "__main__":
    main()
