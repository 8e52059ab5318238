"""Bytes of a file, decompressed and bounded; everything that can go wrong with a file gets its name here.

Compression is told by the first bytes, not by the name: servers hand out `.gz` files already
unpacked, and packed files under plain names. Decompression stops at the limit, so a file of a few
kilobytes that unpacks to terabytes costs no more than the limit.
"""

from __future__ import annotations

import gzip
import stat
import zlib
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, cast

from summarizer.errors import (
    ConfigurationError,
    LoadError,
    TooLargeError,
    UnreadableInputError,
    UnsupportedFormatError,
)
from summarizer.loading.settings import SUFFIXES, Format, LoadLimits, format_of
from summarizer.loading.wording import megabytes

if TYPE_CHECKING:
    from collections.abc import Generator

__all__ = ["as_path", "open_source", "read_source", "require_format", "too_large"]

_GZIP_MAGIC = b"\x1f\x8b"


def as_path(path: object) -> Path:
    """Path object of what a caller gave.

    Raises:
        ConfigurationError: if it is neither a string nor a path.
    """
    if isinstance(path, Path):
        return path
    if isinstance(path, str):
        return Path(path)
    raise ConfigurationError(f"a path is wanted, got {type(path).__name__}", "pass a str or a pathlib.Path")


def require_format(path: Path, label: str) -> Format:
    """Format of a file by its name.

    Raises:
        UnsupportedFormatError: if the ending is none that the loaders know.
    """
    found = format_of(path)
    if found is None:
        ending = f"the ending {path.suffix!r} is" if path.suffix else "a name without an ending is"
        known = " ".join(SUFFIXES)
        raise UnsupportedFormatError(f"{ending} not supported", label, f"use one of {known}, each also .gz")
    return found


def too_large(label: str, limit: int, setting: str) -> TooLargeError:
    """Build the error for an input beyond a limit; it says which setting raises the limit."""
    return TooLargeError(
        f"larger than the limit of {megabytes(limit)}",
        label,
        f"split it, or raise the limit with LoadLimits({setting}=...)",
        limit,
    )


@contextmanager
def _named_errors(label: str) -> Generator[None]:
    """Turn what the system says about a file into errors that name it and say what to do."""
    try:
        yield
    except LoadError:
        raise
    except FileNotFoundError as error:
        raise UnreadableInputError("there is no such file", label, "check the path") from error
    except PermissionError as error:
        raise UnreadableInputError("permission denied", label, "make the file readable") from error
    except (gzip.BadGzipFile, zlib.error, EOFError) as error:
        reason = f"the gzip data are damaged or cut off ({error})"
        raise UnreadableInputError(reason, label, "fetch or compress the file again") from error
    except OSError as error:
        raise UnreadableInputError(f"can't be read ({error.strerror or error})", label) from error


def _check_kind(path: Path, label: str) -> None:
    """Refuse what is not a regular file before it is opened: opening a pipe would wait for ever."""
    if "\0" in str(path):
        raise UnreadableInputError("no file can have this name (it holds a NUL)", label, "check the path")
    if path.is_symlink() and not path.exists():
        target = path.readlink()
        raise UnreadableInputError(f"a dangling link to {target}", label, "restore its target or remove it")
    mode = path.stat().st_mode
    if stat.S_ISDIR(mode):
        raise UnreadableInputError("a folder, not a file", label, "name a file, or load the folder's files")
    if not stat.S_ISREG(mode):
        raise UnreadableInputError("not a regular file", label, "copy its content to a file")


@contextmanager
def open_source(path: Path, label: str) -> Generator[tuple[IO[bytes], tuple[str, ...]]]:
    """Open a file for reading, decompressing what is compressed.

    Args:
        path: The file.
        label: Its name in errors.

    Yields:
        The stream of plain bytes, and notes on what was done. Errors of reading inside the `with` block
        come out as `LoadError` too.

    Raises:
        UnreadableInputError: if there is no file, or it can't be opened or read.
    """
    with _named_errors(label):
        _check_kind(path, label)
        named_gz = path.suffix.lower() == ".gz"
        with path.open("rb") as raw:
            magic = raw.read(len(_GZIP_MAGIC))
            raw.seek(0)
            if magic == _GZIP_MAGIC:
                with gzip.GzipFile(fileobj=raw) as unpacked:
                    yield cast("IO[bytes]", unpacked), ("decompressed (gzip)",)
            else:
                yield raw, (("named .gz, but not compressed",) if named_gz else ())


def read_source(path: Path, label: str, limits: LoadLimits) -> tuple[bytes, tuple[str, ...]]:
    """Read a whole file, up to the limit for one article.

    Raises:
        TooLargeError: if it is larger, compressed or not.
        UnreadableInputError: if there is no file, or it can't be opened or read.
    """
    with open_source(path, label) as (stream, notes):
        # One byte more than allowed tells "just fits" from "too large" without reading on.
        data = stream.read(limits.article_bytes + 1)
        if len(data) > limits.article_bytes:
            raise too_large(label, limits.article_bytes, "article_bytes")
    return data, notes
