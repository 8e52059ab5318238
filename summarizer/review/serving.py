"""The review folder on this machine only, with corrections saved to ``OUT/corrections.jsonl``.

Who may use it is who has the address that was printed: it holds a token, which the browser then keeps as a cookie. No
other site's page can read or post: cookie and ``Origin`` are checked, and ``Host``, so that a name which somebody makes
point to this machine is of no use either.
"""

from __future__ import annotations

import json
import secrets
from collections import defaultdict
from http import HTTPStatus
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import parse_qs, unquote, urlsplit

from summarizer.errors import ConfigurationError
from summarizer.review.corrections import (
    Correction,
    append_correction,
    dump_correction,
    parse_correction,
    read_corrections,
)
from summarizer.review.generate import CORRECTIONS, REVIEW, count_reviews

__all__ = ["ReviewServer"]

_HOST: Final = "127.0.0.1"
_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
}
_LARGEST: Final = 1_000_000
"""Bytes of a correction that is taken; one of the page has a few hundred."""
_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src data:; connect-src 'self'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class ReviewServer(ThreadingHTTPServer):
    """Serves the pages of one run.

    Args:
        out: What ``summarizer batch`` wrote, with its review folder.
        port: Port to listen on; 0 takes a free one.

    Raises:
        ConfigurationError: if the port can't be had.
    """

    daemon_threads = True

    def __init__(self, out: Path, port: int = 0) -> None:
        self.pages = out / REVIEW
        self.corrections = out / CORRECTIONS
        self.token = secrets.token_urlsafe(24)
        try:
            super().__init__((_HOST, port), _Handler)
        except OSError as error:
            raise ConfigurationError(f"port {port}: {error.strerror}", "choose another with --port") from error
        self.cookie = f"summarizer_review_{self.server_port}"

    @property
    def origin(self) -> str:
        """What the browser calls this server."""
        return f"http://{_HOST}:{self.server_port}"

    @property
    def address(self) -> str:
        """What to open."""
        return f"{self.origin}/?token={self.token}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "summarizer"
    sys_version = ""
    timeout = 30

    @property
    def _review(self) -> ReviewServer:
        return cast("ReviewServer", self.server)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ANN401 - as the base class has it
        """Say nothing: the command line is for people."""

    def do_GET(self) -> None:
        """Give a page, a file of it, or the corrections."""
        target = urlsplit(self.path)
        query = parse_qs(target.query)
        if not self._is_for_us():
            return
        if target.path == "/" and secrets.compare_digest(query.get("token", [""])[0].encode(), self._token()):
            self._let_in()
        elif not self._is_let_in():
            self._refuse(HTTPStatus.FORBIDDEN, "Open the address that 'summarizer review --serve' printed.")
        elif target.path == "/corrections":
            self._give_corrections(query.get("article", [None])[0])
        else:
            self._give_file(unquote(target.path))

    def do_POST(self) -> None:
        """Save a correction."""
        if not self._is_for_us():
            return
        is_ours = self.headers.get("Origin") == self._review.origin and self._is_let_in()
        if not is_ours or self.path != "/corrections":
            self._refuse(HTTPStatus.FORBIDDEN, "Only the review page of this run may save corrections.")
            return
        body = self._read_body()
        if body is None:
            return
        try:
            correction = parse_correction(body.decode("utf-8"))
        except ValueError as error:  # also what is no UTF-8
            self._refuse(HTTPStatus.BAD_REQUEST, f"Not a correction: {error}")
            return
        try:
            is_new = append_correction(self._review.corrections, correction)
        except (OSError, ConfigurationError) as error:
            self._refuse(HTTPStatus.INTERNAL_SERVER_ERROR, f"Not saved: {error}")
            return
        self._give_json({"saved": correction.id}, HTTPStatus.CREATED if is_new else HTTPStatus.OK)

    def _is_for_us(self) -> bool:
        if self.headers.get("Host") == urlsplit(self._review.origin).netloc:
            return True
        self._refuse(HTTPStatus.FORBIDDEN, "This server answers to its own address only.")
        return False

    def _token(self) -> bytes:
        return self._review.token.encode()

    def _is_let_in(self) -> bool:
        try:
            cookies = SimpleCookie(self.headers.get("Cookie", ""))
        except CookieError:
            return False
        held = cookies.get(self._review.cookie)
        return held is not None and secrets.compare_digest(held.value.encode(), self._token())

    def _let_in(self) -> None:
        """Keep the token in the browser, and out of the address that stands in its history."""
        self.send_response(HTTPStatus.SEE_OTHER)
        self.send_header("Location", "/index.html")
        self.send_header("Set-Cookie", f"{self._review.cookie}={self._review.token}; HttpOnly; SameSite=Strict; Path=/")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _read_body(self) -> bytes | None:
        length = self.headers.get("Content-Length", "")
        if self.headers.get_content_type() != "application/json" or not length.isdecimal() or int(length) > _LARGEST:
            self._refuse(HTTPStatus.BAD_REQUEST, "One correction as JSON is wanted.")
            return None
        return self.rfile.read(int(length))

    def _give_corrections(self, article: str | None) -> None:
        """All corrections of an article; without one, how far each article is."""
        path = self._review.corrections
        try:
            found = read_corrections([path]) if path.exists() else []
        except ConfigurationError as error:
            self._refuse(HTTPStatus.INTERNAL_SERVER_ERROR, str(error))
            return
        if article is not None:
            self._give_json([json.loads(dump_correction(each)) for each in found if each.article == article])
            return
        by_article: dict[str, list[Correction]] = defaultdict(list)
        for each in found:
            by_article[each.article].append(each)
        self._give_json(count_reviews(by_article))

    def _give_file(self, path: str) -> None:
        """A file of the review folder, and of nothing else."""
        folder = self._review.pages.resolve()
        parts = path.split("/")[1:]
        is_plain = all(part not in {"", ".", ".."} and not set(part) & set("\\:\0") for part in parts)
        wanted = folder.joinpath(*parts) if is_plain else folder
        kind = _TYPES.get(wanted.suffix)
        if kind is None or not wanted.is_file() or not wanted.resolve().is_relative_to(folder):
            self._refuse(HTTPStatus.NOT_FOUND, "There is no such page.")
            return
        self._give(wanted.read_bytes(), kind)

    def _give_json(self, value: object, status: HTTPStatus = HTTPStatus.OK) -> None:
        self._give(json.dumps(value).encode("ascii"), "application/json", status)

    def _refuse(self, status: HTTPStatus, reason: str) -> None:
        self.close_connection = True  # what was not read of the request must not be taken for another one
        self._give(f"{reason}\n".encode(), "text/plain; charset=utf-8", status)

    def _give(self, content: bytes, kind: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(content)
