"""The files of a folder, in an order that is the same on every machine."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from summarizer.errors import LoadError, UnreadableInputError
from summarizer.loading.settings import format_of
from summarizer.loading.sources import as_path

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["FileStamp", "FolderListing", "FoundFile", "IgnoredEntry", "list_files", "read_stamp"]


class FileStamp(NamedTuple):
    """What changes when a file does: while it is the same, so are the bytes, as make, git and rsync take it too."""

    size: int
    """Bytes."""
    modified: int
    """Time of the last change of the bytes, in nanoseconds since 1970."""
    changed: int
    """Time of the last change of bytes, name or rights, in nanoseconds since 1970; of creation on Windows."""
    inode: int
    """Number of the file in its file system."""

    @classmethod
    def of(cls, status: os.stat_result) -> FileStamp:
        """The stamp in a file's status."""
        return cls(status.st_size, status.st_mtime_ns, status.st_ctime_ns, status.st_ino)


def read_stamp(path: Path) -> FileStamp | None:
    """The stamp of a file now; None where it can't be examined."""
    try:
        return FileStamp.of(path.stat())
    except OSError:
        return None


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file that the loaders can read, by its name."""

    location: str
    """Where it is; a `Path` for each of a million files would take longer to make than to find them."""
    name: str
    """Its path relative to the folder, with `/` on every system; identifies it within a run."""
    stamp: FileStamp
    """What it was like when it was found."""

    @property
    def path(self) -> Path:
        """Where it is."""
        return Path(self.location)


@dataclass(frozen=True, slots=True)
class IgnoredEntry:
    """Something in the folder that is no input."""

    name: str
    """Its path relative to the folder."""
    reason: str
    """Why it is left alone."""


@dataclass(frozen=True, slots=True)
class FolderListing:
    """What a folder holds. Every entry of the folder is in one of the three lists, or in a folder that is."""

    folder: Path
    files: tuple[FoundFile, ...]
    """Inputs, ordered by name, code point by code point."""
    ignored: tuple[IgnoredEntry, ...]
    """Entries that are no inputs: other formats, hidden files, pipes; ordered by name."""
    errors: tuple[LoadError, ...]
    """Entries that look like inputs but can't be read: dangling links, links that leave the folder, closed folders;
    ordered by name."""

    def __iter__(self) -> Iterator[FoundFile]:
        """Iterate over the inputs."""
        return iter(self.files)

    def __len__(self) -> int:
        """Count the inputs."""
        return len(self.files)


def list_files(folder: str | Path) -> FolderListing:
    """List the inputs under a folder, however deep, and whatever else is there.

    Links to files and folders are followed within the folder; a folder that several links lead to is listed once,
    under its own name. A link that leaves the folder is an error: whoever made the folder could have any file of this
    machine read, and with a model sent away.

    Raises:
        UnreadableInputError: if the folder itself is missing, no folder, or closed to the reader.
    """
    root = as_path(folder)
    if not root.is_dir():
        reason = "not a folder" if root.exists() else "there is no such folder"
        raise UnreadableInputError(reason, str(root), "name a folder of articles")
    walk = _Walk(root)
    walk.run()
    if walk.root_error is not None:
        raise walk.root_error
    return FolderListing(
        folder=root,
        files=tuple(sorted(walk.files, key=lambda file: file.name)),
        ignored=tuple(sorted(walk.ignored, key=lambda entry: entry.name)),
        errors=tuple(sorted(walk.errors, key=lambda error: error.name or "")),
    )


class _Walk:
    """One walk through a folder: real folders first, then the folders that links lead to."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.prefix = os.path.join(root, "")  # noqa: PTH118 - pathlib drops the slash
        self.real_root = root.resolve()
        self.files: list[FoundFile] = []
        self.ignored: list[IgnoredEntry] = []
        self.errors: list[LoadError] = []
        self.root_error: LoadError | None = None
        self.seen: set[tuple[int, int]] = set()
        self.links: list[Path] = []

    def run(self) -> None:
        self._visit(self.root)
        while self.links:
            self.links.sort(key=self._name, reverse=True)
            link = self.links.pop()
            if self._identity(link) in self.seen:
                self._ignore(link, "a link to a folder that is listed already")
            else:
                self._visit(link)

    def _visit(self, start: Path) -> None:
        pending = [start]
        while pending:
            folder = pending.pop()
            try:
                self.seen.add(self._identity(folder))
                with os.scandir(folder) as entries:
                    for entry in entries:
                        self._sort(entry, pending)
            except OSError as error:
                found = UnreadableInputError(
                    f"the folder can't be listed ({error.strerror})", self._name(folder), "make it readable"
                )
                if folder == self.root:
                    found = UnreadableInputError(found.reason, str(self.root), found.advice)
                    self.root_error = found
                self.errors.append(found)

    def _sort(self, entry: os.DirEntry[str], pending: list[Path]) -> None:
        path = entry.path
        if entry.name.startswith("."):
            self._ignore(path, "hidden")
            return
        supported = format_of(entry.name) is not None
        try:
            status = entry.stat()
        except OSError as error:
            self._sort_broken(Path(path), error, is_link=entry.is_symlink(), supported=supported)
            return
        if entry.is_symlink() and self._leaves(path, status, supported=supported):
            return
        if stat.S_ISDIR(status.st_mode):
            (self.links if entry.is_symlink() else pending).append(Path(path))
        elif not stat.S_ISREG(status.st_mode):
            self._ignore(path, "not a regular file")
        elif supported:
            self.files.append(FoundFile(path, self._name(path), FileStamp.of(status)))
        else:
            self._ignore(path, "format not supported")

    def _leaves(self, path: str, status: os.stat_result, *, supported: bool) -> bool:
        """Keep a link that leaves the folder aside; tells whether it does."""
        target = Path(path).resolve()
        if target.is_relative_to(self.real_root):
            return False
        reason = f"a link that leaves the folder, to {target}"
        if supported or stat.S_ISDIR(status.st_mode):
            advice = "copy what it leads to into the folder, or name that folder"
            self.errors.append(UnreadableInputError(reason, self._name(path), advice))
        else:
            self._ignore(path, "format not supported")
        return True

    def _sort_broken(self, path: Path, error: OSError, *, is_link: bool, supported: bool) -> None:
        reason = f"can't be examined ({error.strerror})"
        if is_link:
            reason = f"a dangling link to {path.readlink()}"
        if supported or not path.suffix:
            name = self._name(path)
            self.errors.append(UnreadableInputError(reason, name, "restore its target or remove it"))
        else:
            self._ignore(path, reason)

    def _ignore(self, path: str | Path, reason: str) -> None:
        self.ignored.append(IgnoredEntry(self._name(path), reason))

    def _name(self, path: str | Path) -> str:
        r"""Name relative to the folder; bytes that are not UTF-8 become `\udc..` escapes, in plain ASCII."""
        whole = str(path)
        # Path.relative_to takes ten times as long. A path below "." may come with and without its "./".
        name = "." if whole == str(self.root) else whole.removeprefix(self.prefix).replace(os.sep, "/")
        return name.encode("utf-8", "backslashreplace").decode("utf-8")

    @staticmethod
    def _identity(path: Path) -> tuple[int, int]:
        status = path.stat()
        return status.st_dev, status.st_ino
