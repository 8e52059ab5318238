"""A model in this process: it starts once, answers only who has the key, and never hangs or crashes the end."""

from __future__ import annotations

import hashlib
import http.client
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from openai import AuthenticationError, DefaultHttpxClient, OpenAI

from summarizer.errors import ConfigurationError
from summarizer.extraction.llm.local.embedded import EmbeddedServer, embedded_server, is_embedded, resolve_model_file
from tests.support.model_server import closed_port

ROOT = Path(__file__).parents[2]


def client_of(server: EmbeddedServer, key: str | None = None) -> OpenAI:
    pool = DefaultHttpxClient(trust_env=False)
    return OpenAI(base_url=server.base_url, api_key=key or server.api_key, max_retries=0, http_client=pool)


def say(client: OpenAI, text: str) -> str:
    reply = client.chat.completions.create(
        model="any", messages=[{"role": "user", "content": text}], max_tokens=8, temperature=0
    )
    assert reply.usage is not None
    assert reply.usage.completion_tokens <= 8
    return reply.choices[0].message.content or ""


def run(gguf: Path, *lines: str) -> subprocess.CompletedProcess[str]:
    """Run a program that has the server ``s``."""
    program = [
        "import sys, threading, time, http.client, json",
        "from pathlib import Path",
        "from summarizer.extraction.llm.local.embedded import embedded_server",
        "s = embedded_server(Path(sys.argv[1]))",
        *lines,
    ]
    return subprocess.run(
        [sys.executable, "-c", "\n".join(program), str(gguf)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,  # a machine that is busy with other things
        check=False,
    )


@pytest.mark.parametrize(
    ("model", "expected"),
    [("gguf:m.gguf", True), ("hf:o/n/f.gguf", True), ("gpt-5", False), ("ollama/hf", False), ("GGUF", False)],
)
def test_a_name_says_whether_a_model_is_embedded(model: str, expected: bool) -> None:
    assert is_embedded(model) is expected


def test_the_server_answers_who_has_the_key(server: EmbeddedServer) -> None:
    with client_of(server) as client:
        assert say(client, "What is the capital of France? Answer in one word.")


def test_the_server_refuses_who_has_not(server: EmbeddedServer) -> None:
    with client_of(server, key="guessed") as client, pytest.raises(AuthenticationError):
        say(client, "Hello")
    connection = http.client.HTTPConnection(server.base_url.removeprefix("http://").removesuffix("/v1"), timeout=10)
    for path in ("/slots", "/props", "/v1/models"):
        connection.request("GET", path)
        response = connection.getresponse()
        response.read()
        assert response.status == 401
    connection.close()


def test_the_server_is_on_the_loopback_only_and_shows_no_path(server: EmbeddedServer, gguf: Path) -> None:
    assert server.base_url.startswith("http://127.0.0.1:")
    with client_of(server) as client:
        assert [model.id for model in client.models.list()] == [gguf.name]


def test_a_file_is_loaded_once(server: EmbeddedServer, gguf: Path) -> None:
    assert server.context == 2048
    with ThreadPoolExecutor(4) as pool:
        again = list(pool.map(lambda _: embedded_server(gguf, 2048), range(8)))
    assert all(found is server for found in again)
    assert embedded_server(gguf.parent / ".." / gguf.parent.name / gguf.name, 2048) is server


def test_a_context_is_never_longer_than_the_model_was_trained_with(gguf: Path) -> None:
    """And the process says nothing of its own accord, and ends."""
    done = run(gguf, "print(s.context)")
    assert (done.returncode, done.stdout, done.stderr) == (0, "8192\n", "")


@pytest.mark.parametrize("wait", ["0", "0.5"])
def test_a_process_ends_while_an_answer_is_being_written(gguf: Path, wait: str) -> None:
    done = run(
        gguf,
        "def ask():",
        "    c = http.client.HTTPConnection(s.base_url.split('/')[2])",
        "    h = {'Authorization': 'Bearer ' + s.api_key, 'Content-Type': 'application/json'}",
        "    m = [{'role': 'user', 'content': 'The quick fox saw a dog. ' * 900}]",
        "    c.request('POST', '/v1/chat/completions', json.dumps({'messages': m, 'ignore_eos': True}), h)",
        "    c.getresponse()",
        "threading.Thread(target=ask, daemon=True).start()",
        f"time.sleep({wait})",
        "print('at the end')",
        "sys.exit(7)",
    )
    assert (done.returncode, done.stdout, done.stderr) == (7, "at the end\n", "")


def test_a_process_with_idle_connections_ends(gguf: Path) -> None:
    done = run(
        gguf,
        "c = http.client.HTTPConnection(s.base_url.split('/')[2])",
        "c.request('GET', '/health')",
        "print(c.getresponse().status)",
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "200\n", "")


def test_ctrl_c_still_means_what_python_says(gguf: Path) -> None:
    """Earlier releases of xllamacpp took the signal for themselves."""
    done = run(
        gguf,
        "import os, signal",
        "try:",
        "    os.kill(os.getpid(), signal.SIGINT)",
        "    time.sleep(5)",
        "except KeyboardInterrupt:",
        "    print('interrupted')",
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "interrupted\n", "")


def test_the_environment_is_left_alone(server: EmbeddedServer) -> None:
    assert "GOMP_SPINCOUNT" not in os.environ


@pytest.mark.parametrize("length", [4, 5_000, 20_000_000])
def test_a_damaged_model_is_a_clear_error(
    gguf: Path, tmp_path: Path, length: int, capfd: pytest.CaptureFixture[str]
) -> None:
    damaged = tmp_path / "damaged.gguf"
    with gguf.open("rb") as source:
        damaged.write_bytes(source.read(length))
    path = resolve_model_file(f"gguf:{damaged}")
    for _ in range(2):
        with pytest.raises(ConfigurationError, match=r"damaged\.gguf: llama\.cpp can't load this model; it may be inc"):
            embedded_server(path)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("absent.gguf", "there is no such file; correct the path"),
        ("", "there is no such file"),
        (".", "this is a folder; name the .gguf file"),
        ("notes.txt", "this is no GGUF file; use a model in GGUF format"),
    ],
)
def test_what_is_no_model_file_is_a_clear_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("notes.txt").write_text("GGU", encoding="ascii")
    with pytest.raises(ConfigurationError) as caught:
        resolve_model_file(f"gguf:{name}")
    assert message in str(caught.value)


def test_a_home_folder_is_expanded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    (tmp_path / "m #1.gguf").write_bytes(b"GGUF...")
    assert resolve_model_file("gguf:~/m #1.gguf") == tmp_path / "m #1.gguf"


def test_a_checksum_has_to_match(tmp_path: Path) -> None:
    path = tmp_path / "m.gguf"
    path.write_bytes(b"GGUF...")
    right = hashlib.sha256(b"GGUF...").hexdigest()
    assert resolve_model_file(f"gguf:{path}#sha256={right.upper()}") == path
    with pytest.raises(ConfigurationError, match=f"its SHA-256 is {right}, not the {'0' * 64} asked for"):
        resolve_model_file(f"gguf:{path}#sha256={'0' * 64}")
    with pytest.raises(ConfigurationError, match="64 hexadecimal digits"):
        resolve_model_file(f"gguf:{path}#sha256=12ab")
    path.write_bytes(b"GGUF, but changed")
    with pytest.raises(ConfigurationError, match=f"not the {right} asked for"):
        resolve_model_file(f"gguf:{path}#sha256={right}")


def test_without_the_extra_the_error_says_how_to_install_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "m.gguf"
    path.write_bytes(b"GGUF...")
    monkeypatch.setitem(sys.modules, "xllamacpp", None)
    with pytest.raises(ConfigurationError, match=r"xllamacpp; run: pip install 'summarizer\[local\]'"):
        embedded_server(path)


def test_no_proxy_is_asked_for_a_server_in_this_process(gguf: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{closed_port()}")
    done = run(gguf, "print('started')")
    assert (done.returncode, done.stdout, done.stderr) == (0, "started\n", "")


def test_a_second_file_gets_a_server_of_its_own(server: EmbeddedServer, gguf: Path, tmp_path: Path) -> None:
    copy = shutil.copy(gguf, tmp_path / "copy.gguf")
    other = EmbeddedServer(Path(copy), 512)
    try:
        assert other.base_url != server.base_url
        with client_of(other, key=server.api_key) as client, pytest.raises(AuthenticationError):
            say(client, "Hello")
        with client_of(other) as client:
            say(client, "Hello")
    finally:
        other.close()
        other.close()
    with client_of(server) as client:
        say(client, "Hello")
