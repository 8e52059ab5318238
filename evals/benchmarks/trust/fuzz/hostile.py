"""Hostile files and folders: made to fill a memory, to hang, to get out of a folder, to break a parser.

Each is read the way a batch reads it. What is expected is an article or an error that names the file, soon.
"""

from __future__ import annotations

import gzip
import json
import os
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from summarizer.errors import LoadError
from summarizer.extraction.rules.engine import RulesExtractor
from summarizer.loading import list_files, load_articles
from summarizer.pipeline import summarize_article

from ..figures import NONE, Share, Table
from ..material import Material
from .invariants import breaches_of_article, breaches_of_summary

SENTENCE = "In the phase 3 ORCHARD-12 trial, median OS was 13.3 months vs 8.2 months (HR, 0.62; 95% CI, 0.50-0.77). "
OUTSIDE = "a line of another folder"
MOST_SECONDS = 10.0
"""Seconds that a folder may take beyond what its length allows."""
_MEMBER = gzip.compress(bytes(100_000_000), 9)
"""100 MB in 100 kB."""


def _record(text: str) -> str:
    return json.dumps({"text": text})


def _packed_inside(data: bytes, times: int) -> bytes:
    for _ in range(times):
        data = gzip.compress(data)
    return data


FILES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "5 GB in a .txt.gz": ("a.txt.gz", lambda: _MEMBER * 50),
    "5 GB in a .json.gz": ("a.json.gz", lambda: _MEMBER * 50),
    "100 MB on one line of a .jsonl.gz": ("a.jsonl.gz", lambda: _MEMBER),
    "packed ten times": ("a.txt.gz", lambda: _packed_inside(SENTENCE.encode(), 10)),
    "packed data cut off": ("a.txt.gz", lambda: gzip.compress(SENTENCE.encode() * 99)[:-9]),
    "packed data with rubbish behind": ("a.txt.gz", lambda: gzip.compress(SENTENCE.encode()) + b"rubbish" * 99),
    "10,000 packed members": ("a.txt.gz", lambda: gzip.compress(b"a ") * 10_000),
    "a packed member of nothing": ("a.txt.gz", lambda: gzip.compress(b"")),
    "a line of 10 million characters": ("a.txt", lambda: b"x" * 10_000_000),
    "a record of 10 million characters": ("a.jsonl", lambda: _record("y " * 5_000_000).encode()),
    "a tag of 10 million characters": ("a.html", lambda: b"<p>text</p><p title='" + b"x" * 10_000_000),
    "tags 100,000 deep": ("a.html", lambda: b"<div>" * 100_000 + SENTENCE.encode()),
    "quotations 100,000 deep": ("a.md", lambda: b"> " * 100_000 + SENTENCE.encode()),
    "JSON 1,000,000 deep": ("a.json", lambda: b"[" * 1_000_000),
    "JSON 100,000 objects deep": ("a.json", lambda: b'{"a":' * 100_000 + b"1" + b"}" * 100_000),
    "a JSON number of 100,000 digits": ("a.json", lambda: b'{"id": ' + b"9" * 100_000 + b', "text": "a"}'),
    "JSON with NaN and Infinity": ("a.json", lambda: b'{"text": "a b", "date": NaN, "id": -Infinity}'),
    "JSON with one key many times": ("a.json", lambda: b"{" + b'"text": "a",' * 50_000 + b'"text": "b"}'),
    "JSON with lone surrogates": ("a.json", lambda: rb'{"text": "a \ud800 b", "title": "\udfff", "id": "\ud83d"}'),
    "JSON with a NUL": ("a.json", lambda: rb'{"text": "a \u0000 b"}'),
    "lines of nothing but brackets": ("a.jsonl", lambda: b"[]\n{}\n" * 20_000),
    "NULs": ("a.txt", lambda: bytes(1_000_000)),
    "text with a NUL": ("a.txt", lambda: SENTENCE.encode() + b"\0"),
    "bidi controls": ("a.txt", lambda: ("\u202e" + SENTENCE + "\u2066\u2069").encode() * 20),
    "lone surrogates as bytes": ("a.txt", lambda: b"\xed\xa0\x80 " * 500 + SENTENCE.encode()),
    "UTF-7 and UTF-16 of nothing": ("a.txt", lambda: b"\xff\xfe" + b"+AGE-" * 301),
    "entities that grow": ("a.html", lambda: _entities().encode()),
    "a document type from elsewhere": ("a.html", lambda: _outside().encode()),
    "a page in a page in a page": ("a.html", lambda: b"<html><body><p>a b c</p>" * 3_000),
}
"""Name of each, the file's name, and what is in it."""


def _entities() -> str:
    grown = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    return f'<!DOCTYPE html [<!ENTITY e0 "grown">{grown}]><html><body><p>{SENTENCE}&e11;</p></body></html>'


def _outside() -> str:
    return (
        '<!DOCTYPE html SYSTEM "file:///etc/hostname" [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
        '<html xmlns:xi="http://www.w3.org/2001/XInclude"><base href="file:///etc/"><link rel=import href=passwd>'
        f'<body><xi:include href="/etc/passwd" parse="text"/><iframe src="passwd"></iframe><p>{SENTENCE}&x;</p>'
    )


def _links(folder: Path) -> None:
    (folder.parent / "secret.txt").write_text(OUTSIDE, encoding="utf-8")
    (folder / "out.txt").symlink_to(folder.parent / "secret.txt")
    (folder / "up.txt").symlink_to("../secret.txt")
    (folder / "above").symlink_to("..")
    (folder / "root").symlink_to("/")


def _loops(folder: Path) -> None:
    (folder / "self.txt").symlink_to("self.txt")
    (folder / "one").symlink_to("two")
    (folder / "two").symlink_to("one")
    (folder / "here").symlink_to(".")


def _devices(folder: Path) -> None:
    os.mkfifo(folder / "pipe.txt")
    (folder / "zero.txt").symlink_to("/dev/zero")
    (folder / "terminal.txt").symlink_to("/dev/tty")
    (folder / "folder.txt").mkdir()


def _names(folder: Path) -> None:
    for name in ("\n.txt", "\x1b[2J.txt", "=1+1.txt", "\u202e.txt", "<b>.txt", "-rf.txt", os.fsdecode(b"\xff\xfe.txt")):
        (folder / name).write_text(SENTENCE, encoding="utf-8")


FOLDERS: dict[str, Callable[[Path], None]] = {
    "links that leave the folder": _links,
    "links in a circle": _loops,
    "pipes, devices and folders named as files": _devices,
    "names that act": _names,
}


def hostile_table(material: Material) -> tuple[Table, list[str]]:
    """Hostile files and folders that led to anything but an article or an error, in time."""
    told: list[str] = []
    files = list(FILES)[: material.limit]
    folders = list(FOLDERS)[: material.limit]
    for name in files:
        told += [f"hostile: {name}: {what}" for what in read_folder(partial(write_file, name))]
    bad_files = {line.split(": ")[1] for line in told}
    for name in folders:
        told += [f"hostile: {name}: {what}" for what in read_folder(FOLDERS[name])]
    bad = {line.split(": ")[1] for line in told}
    rows = (
        Share("files", len(bad_files), len(files), NONE),
        Share("folders", len(bad - bad_files), len(folders), NONE),
    )
    return Table("Hostile files that led to anything but an article or an error", rows), told


def write_file(name: str, folder: Path) -> None:
    """Write one of `FILES`."""
    file_name, make = FILES[name]
    (folder / file_name).write_bytes(make())


def read_folder(make: Callable[[Path], None]) -> list[str]:
    """Make a folder, read it, and tell what should not have come of it."""
    with tempfile.TemporaryDirectory(prefix="summarizer-hostile-") as above:
        folder = Path(above) / "folder"
        folder.mkdir()
        make(folder)
        started = time.process_time()
        try:
            found, size = _read(folder)
        except Exception as error:  # noqa: BLE001 - that anything may come is what is measured
            return [f"{type(error).__name__}: {error}"[:200]]
        seconds = time.process_time() - started
        allowed = MOST_SECONDS + size / 100_000
        return found if seconds <= allowed else [*found, f"{seconds:.0f} s"]


def _read(folder: Path) -> tuple[list[str], int]:
    """What is wrong with what a folder gave, and the characters of its articles."""
    listing = list_files(folder)
    found = [breach for error in listing.errors for breach in breaches_of_article(error)]
    size = 0
    for file in listing:
        for item in load_articles(file.path, name=file.name):
            found += breaches_of_article(item)
            if isinstance(item, LoadError):
                continue
            size += len(item.text)
            if any(words in item.text for words in (OUTSIDE, "root:", "grown" * 100)):
                found.append("text of another file, or text that grew")
            if len(item.text) <= _MOST_SUMMARISED:
                summary = summarize_article(item, RulesExtractor(), reason="fuzzing")
                found += breaches_of_summary(summary, item.text)
    return found, size


_MOST_SUMMARISED = 300_000
"""Characters of an article that is also summarised: `dense` has the time of long ones."""
