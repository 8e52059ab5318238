"""Models from the hub, fetched by its real client from a stand-in on this machine."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from summarizer.errors import ConfigurationError
from summarizer.extraction.llm.local.embedded import resolve_model_file
from tests.support.model_server import closed_port

REASON = "the extra `local` is not installed"
hub_client = pytest.importorskip("huggingface_hub", reason=REASON)
constants = pytest.importorskip("huggingface_hub.constants", reason=REASON)

CONTENT = b"GGUF" + bytes(range(256)) * 40
SHA256 = hashlib.sha256(CONTENT).hexdigest()
OTHER = hashlib.sha256(b"something else").hexdigest()
MODEL = "hf:owner/some-model-GGUF/folder/model-q4.gguf"
PATH = "/owner/some-model-GGUF/resolve/main/folder/model-q4.gguf"


@dataclass
class Hub:
    """What the stand-in sends, and what it was asked."""

    cache: Path
    content: bytes = CONTENT
    sha256: str | None = SHA256
    """What it reports; None: a file that git keeps itself, of which it knows a SHA-1."""
    status: int = 200
    error_code: str | None = None
    requests: list[str] = field(default_factory=list)
    server: Server | None = None

    def point_client(self, patch: pytest.MonkeyPatch, port: int) -> None:

        endpoint = f"http://127.0.0.1:{port}"
        patch.setattr(constants, "ENDPOINT", endpoint)
        patch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", endpoint + "/{repo_id}/resolve/{revision}/{filename}")
        hub_client.close_session()

    def kept(self) -> list[str]:
        """Files in the client's cache that hold a model or a part of one."""
        return [path.name for path in self.cache.rglob("*") if path.is_file() and path.read_bytes()[:4] == b"GGUF"]


class Server(ThreadingHTTPServer):
    daemon_threads = True
    hub: Hub


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_HEAD(self) -> None:
        hub = self.server.hub
        hub.requests.append(f"{self.command} {self.path}")
        content = hub.content if hub.status == 200 else b""
        self.send_response(hub.status)
        self.send_header("X-Repo-Commit", "c" * 40)
        self.send_header("ETag", '"' + "a" * 40 + '"')
        self.send_header("Content-Length", str(len(content)))
        if hub.sha256:
            self.send_header("X-Linked-Etag", f'"{hub.sha256}"')
        if hub.error_code:
            self.send_header("X-Error-Code", hub.error_code)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content)

    do_GET = do_HEAD  # noqa: N815  # named by the base class

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002  # as the base class
        pass


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    hub = Hub(tmp_path / "hub")
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SUMMARIZER_CACHE_DIR", str(tmp_path / "ours"))
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(hub.cache))
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", False)
    with Server(("127.0.0.1", 0), Handler) as server:
        server.hub = hub
        hub.point_client(monkeypatch, server.server_address[1])
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield hub
        hub_client.close_session()
        server.shutdown()
        thread.join()


def refusal(model: str = MODEL) -> str:
    with pytest.raises(ConfigurationError) as caught:
        resolve_model_file(model)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_a_file_is_fetched_once_and_checked(hub: Hub, capfd: pytest.CaptureFixture[str]) -> None:
    path = resolve_model_file(MODEL)
    assert path.read_bytes() == CONTENT
    assert path.is_relative_to(hub.cache)
    assert f"GET {PATH}" in hub.requests
    hub.requests.clear()
    assert resolve_model_file(MODEL) == path
    assert resolve_model_file(f"{MODEL}#sha256={SHA256}") == path
    assert hub.requests == []
    assert capfd.readouterr() == ("", "")  # a progress bar is for terminals


def test_a_file_that_is_there_needs_no_network(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    path = resolve_model_file(MODEL)
    hub.point_client(monkeypatch, closed_port())
    assert resolve_model_file(MODEL) == path
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    assert resolve_model_file(MODEL) == path


def test_a_file_that_somebody_else_fetched_is_checked_without_the_network(
    hub: Hub, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = hub_client.hf_hub_download("owner/some-model-GGUF", "folder/model-q4.gguf")
    hub.point_client(monkeypatch, closed_port())
    assert resolve_model_file(MODEL) == Path(path)
    (note,) = (tmp_path / "ours" / "models").iterdir()
    assert json.loads(note.read_text(encoding="utf-8"))["sha256"] == SHA256


def test_a_check_is_remembered_until_the_file_changes(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    path = resolve_model_file(MODEL)
    with monkeypatch.context() as patch:
        patch.delattr(hashlib, "file_digest")
        assert resolve_model_file(MODEL) == path
    path.resolve().write_bytes(CONTENT[:-1] + b"!")
    assert "damaged or tampered with; it was not kept; try again" in refusal()
    assert hub.kept() == []
    assert resolve_model_file(MODEL).read_bytes() == CONTENT


def test_a_damaged_note_is_no_note(hub: Hub, tmp_path: Path) -> None:
    path = resolve_model_file(MODEL)
    (note,) = (tmp_path / "ours" / "models").iterdir()
    for damage in ("", "{}", "[1]", '{"path": 1, "size": 2, "changed": 3}'):
        note.write_text(damage, encoding="utf-8")
        assert resolve_model_file(MODEL) == path


def test_a_file_with_the_wrong_checksum_is_not_kept(hub: Hub) -> None:
    hub.sha256 = OTHER
    message = refusal()
    assert message.startswith(f"{MODEL}: its SHA-256 is {SHA256}, not {OTHER}: damaged or tampered with")
    assert hub.kept() == []
    hub.sha256 = SHA256
    assert resolve_model_file(MODEL).read_bytes() == CONTENT


def test_another_checksum_than_asked_for_is_refused_before_the_download(hub: Hub) -> None:
    assert f"not the {OTHER} asked for" in refusal(f"{MODEL}#sha256={OTHER}")
    assert hub.requests == [f"HEAD {PATH}"]
    resolve_model_file(MODEL)
    assert f"not the {OTHER} asked for" in refusal(f"{MODEL}#sha256={OTHER}")
    assert hub.kept()  # the file is not to blame


def test_without_a_reported_checksum_one_has_to_be_given(hub: Hub) -> None:
    hub.sha256 = None
    assert f"give the one you expect: {MODEL}#sha256=HEX" in refusal()
    assert resolve_model_file(f"{MODEL}#sha256={SHA256}").read_bytes() == CONTENT


def test_what_is_no_model_is_refused(hub: Hub) -> None:
    hub.content = b"{}"
    hub.sha256 = hashlib.sha256(b"{}").hexdigest()
    assert "this is no GGUF file" in refusal()


@pytest.mark.parametrize("code", ["EntryNotFound", "RepoNotFound", None])
def test_what_the_hub_does_not_have_is_named(hub: Hub, code: str | None) -> None:
    hub.status, hub.error_code = 404, code
    message = refusal()
    assert "no file 'folder/model-q4.gguf' in a repository 'owner/some-model-GGUF'; correct the name" in message


@pytest.mark.parametrize(("status", "code"), [(401, None), (401, "RepoNotFound"), (403, "GatedRepo")])
def test_what_the_hub_does_not_give_is_told(hub: Hub, status: int, code: str | None) -> None:
    hub.status, hub.error_code = status, code
    assert "accept its terms on its page and set HF_TOKEN" in refusal()


def test_a_hub_out_of_order_is_told(hub: Hub) -> None:
    hub.status = 503
    assert "can't be fetched from the hub (Server error '503" in refusal()


def test_no_connection_is_told(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    hub.point_client(monkeypatch, closed_port())
    message = refusal()
    assert "can't be fetched from the hub" in message
    assert "check the connection (HTTPS_PROXY, HF_ENDPOINT, HF_HUB_OFFLINE)" in message
    assert "use gguf:PATH" in message


def test_the_switch_for_no_network_is_obeyed(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    hub_client.close_session()
    assert "can't be fetched from the hub" in refusal()
    assert hub.requests == []


@pytest.mark.parametrize("model", ["hf:", "hf:model.gguf", "hf:owner/name", "hf:owner/name/", "hf:o/n/../f.gguf"])
def test_a_name_of_another_form_is_refused(model: str) -> None:
    assert "not of the form hf:OWNER/NAME/FILE" in refusal(model)


def test_without_the_extra_the_error_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "huggingface_hub", None)
    assert "needs the package huggingface-hub; run: pip install 'summarizer[local]'" in refusal()
