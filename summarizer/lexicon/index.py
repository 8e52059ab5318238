"""The index of all names, built once from the dictionaries and kept in the user's cache.

Unpacking and cleaning the dictionaries takes a second or two; opening the packed index takes
milliseconds. The index is rebuilt when either package, the data files or the builder change. A cache
that is damaged or can't be written never fails a run: the index is then built in memory, with one
warning.
"""

from __future__ import annotations

import contextlib
import logging
import os
import tempfile
from functools import cache
from pathlib import Path

import platformdirs

from summarizer.lexicon.data import vocabulary_digest
from summarizer.lexicon.dictionaries import dictionary_versions
from summarizer.lexicon.entries import gather_entries
from summarizer.lexicon.table import StringTable, TableError, pack_table

BUILDER_VERSION = "1"
"""Changes whenever the content or layout of the index changes for the same dictionaries and data files."""

_log = logging.getLogger(__name__)


def cache_directory() -> Path:
    """Where the index is kept: ``SUMMARIZER_CACHE_DIR``, or the user's cache directory of this program."""
    chosen = os.environ.get("SUMMARIZER_CACHE_DIR")
    return Path(chosen) if chosen else Path(platformdirs.user_cache_dir("summarizer", appauthor=False))


def index_key() -> str:
    """What the index depends on: builder, packages, data files."""
    return f"{BUILDER_VERSION}/{dictionary_versions()}/{vocabulary_digest()}"


def index_path() -> Path:
    """File of the index in the cache directory."""
    return cache_directory() / "lexicon.index"


def open_index() -> StringTable:
    """Open the cached index, building and storing it first where it is absent, outdated or damaged."""
    path, key = index_path(), index_key()
    try:
        return StringTable(path.read_bytes(), key)
    except FileNotFoundError:
        pass
    except TableError as error:
        _log.info("the name index in %s is rebuilt: %s", path, error)
    except OSError as error:
        _log.warning("the name index can't be read (%s): it is built for this run", error)
    gathered = gather_entries()
    packed = pack_table(gathered.entries, key)
    if gathered.problems:
        # Not kept: the next run may find the dictionaries again.
        _log.warning("the name index is incomplete: %s", "; ".join(gathered.problems))
        return StringTable(packed, key)
    try:
        _store(path, packed)
    except OSError as error:
        _log.warning("the name index can't be kept (%s): every run will build it anew", error)
    return StringTable(packed, key)


@cache
def names() -> StringTable:
    """The index, opened once per process."""
    return open_index()


def _store(path: Path, content: bytes) -> None:
    """Write so that another process sees the old file or the new one, never a part. Not fsynced.

    A lost cache is rebuilt.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=path.name + ".")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        Path(temporary).replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            Path(temporary).unlink()
        raise
