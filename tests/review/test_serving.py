"""`--serve`: the pages for this machine, corrections saved, and nobody else let in."""

from __future__ import annotations

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from summarizer.review.corrections import read_corrections
from summarizer.review.serving import ReviewServer
from tests.review.conftest import DESKTOP, Run, Visitor, visiting
from tests.review.test_correcting import ARTICLE, RESULT, Reviewer

ROOT = Path(__file__).parents[2]


@pytest.fixture
def server(own_run: Run) -> Iterator[ReviewServer]:
    with ReviewServer(own_run.out) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


def ask(
    server: ReviewServer, path: str, method: str = "GET", body: str | None = None, **headers: str
) -> tuple[int, bytes, dict[str, str]]:
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=5)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    try:
        connection.request(method, path, body, {"Cookie": f"{server.cookie}={server.token}"} | named)
        answer = connection.getresponse()
        return answer.status, answer.read(), dict(answer.getheaders())
    finally:
        connection.close()


def correction(server: ReviewServer, **changes: object) -> str:
    values: dict[str, object] = {
        "id": "correction-1",
        "article": "a" * 64,
        "reviewer": "Ada",
        "time": "2026-01-01T00:00:00Z",
        "operation": "accept",
        "pointer": "",
    }
    return json.dumps(values | changes)


def post(server: ReviewServer, body: str, **headers: str) -> int:
    given = {"Origin": server.origin, "Content_Type": "application/json"} | headers
    return ask(server, "/corrections", "POST", body, **given)[0]


def test_correction_is_saved_and_given_again(server: ReviewServer) -> None:
    assert post(server, correction(server)) == 201
    assert post(server, correction(server)) == 200  # sent again after a lost answer
    assert [each.id for each in read_corrections([server.corrections])] == ["correction-1"]
    _, found, _ = ask(server, f"/corrections?article={'a' * 64}")
    assert [each["id"] for each in json.loads(found)] == ["correction-1"]
    _, counts, _ = ask(server, "/corrections")
    assert json.loads(counts) == {"a" * 64: {"ids": ["correction-1"], "accepted": True}}


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Cookie": "none=1"},
        {"Cookie": "summarizer_review=guess"},
        {"Host": "evil.example"},
    ],
)
def test_other_sites_can_not_post(server: ReviewServer, headers: dict[str, str]) -> None:
    assert post(server, correction(server), **headers) == 403
    assert not server.corrections.exists()


@pytest.mark.parametrize("path", ["/index.html", "/corrections", "/data/index.js", "/?token=guess", "/"])
def test_nobody_reads_without_the_printed_address(server: ReviewServer, path: str) -> None:
    status, body, _ = ask(server, path, Cookie="")
    assert status == 403
    assert b"printed" in body


def test_other_names_of_this_machine_are_refused(server: ReviewServer) -> None:
    assert ask(server, "/index.html", Host=f"rebound.example:{server.server_port}")[0] == 403


@pytest.mark.parametrize(
    "path",
    [
        "/../summaries.jsonl",
        "/..%2f..%2fsummaries.jsonl",
        "/articles/../../run.json",
        "/%2e%2e/run.json",
        "/..\\run.json",
        "//etc/passwd",
        "/index.html%00.js",
        "/outside.js",
        "/summarizer-review.json",
        "/data",
        "/articles/",
    ],
)
def test_nothing_but_the_pages_is_given(server: ReviewServer, path: str) -> None:
    outside = server.pages.parent / "secret.js"
    outside.write_text("secret", encoding="utf-8")
    (server.pages / "outside.js").symlink_to(outside)
    assert ask(server, path)[0] == 404


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        ("not JSON", {}),
        ("{}", {}),
        (json.dumps({"id": "x"}), {}),
        ("", {"Content_Type": "text/plain"}),
        ("", {"Content_Length": "99999999999"}),
    ],
)
def test_what_is_no_correction_is_refused(server: ReviewServer, body: str, headers: dict[str, str]) -> None:
    assert post(server, body, **headers) == 400
    assert not server.corrections.exists()


def test_pages_may_run_and_load_nothing_but_their_own(server: ReviewServer) -> None:
    status, _, headers = ask(server, "/index.html")
    assert status == 200
    assert "script-src 'self';" in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_correction_in_the_browser_reaches_the_file(browser: object, server: ReviewServer, own_run: Run) -> None:
    with visiting(browser, viewport=DESKTOP) as visitor:
        visitor.open(server.address).wait_for_url("**/index.html")
        page = f"{server.origin}/articles/{own_run.page_of(ARTICLE).name}"
        reviewer = Reviewer(visitor, page)
        reviewer.choose(f"{RESULT}/p_value")
        reviewer.page.keyboard.press("d")
        reviewer.page.get_by_text("1 correction, saved").wait_for()
        (saved,) = read_corrections([own_run.out / "corrections.jsonl"])
        assert (saved.operation, saved.pointer) == ("delete", f"{RESULT}/p_value")
        reviewer.page.keyboard.press("u")
        reviewer.page.wait_for_timeout(300)
        assert [each.operation for each in read_corrections([own_run.out / "corrections.jsonl"])] == [
            "delete",
            "withdraw",
        ]
        assert reviewer.shown(f"{RESULT}/p_value").get_attribute("data-state") is None


def test_correction_that_can_not_be_saved_is_said_and_sent_later(
    browser: object, server: ReviewServer, own_run: Run
) -> None:
    visitor = Visitor(browser, viewport=DESKTOP)
    visitor.open(server.address)
    reviewer = Reviewer(visitor, f"{server.origin}/articles/{own_run.page_of(ARTICLE).name}")
    reviewer.page.route("**/corrections", lambda route: route.abort())
    reviewer.choose(f"{RESULT}/p_value")
    reviewer.page.keyboard.press("d")
    reviewer.page.get_by_text("could not be saved").wait_for()
    reviewer.page.unroute("**/corrections")
    reviewer.page.reload()
    reviewer.page.get_by_text("1 correction, saved").wait_for()
    assert len(read_corrections([own_run.out / "corrections.jsonl"])) == 1
    visitor.context.close()


def test_ctrl_c_ends_it_cleanly(own_run: Run) -> None:
    command = [sys.executable, "-m", "summarizer.cli", "review", str(own_run.out), "--serve"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process:
        assert process.stderr is not None
        for line in process.stderr:
            if line.startswith("stop with"):
                break
        time.sleep(0.2)
        process.send_signal(signal.SIGINT)
        said = process.stderr.read()
        assert process.wait(10) == 0
    assert said == "stopped\n"
