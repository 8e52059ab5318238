"""What a batch is asked to do besides what the settings say."""

from __future__ import annotations

from dataclasses import dataclass

from summarizer.batch.correcting import Corrector

__all__ = ["DEFAULT_OPTIONS", "BatchOptions"]


@dataclass(frozen=True, slots=True)
class BatchOptions:
    """What a batch takes of a folder, and how it goes about it."""

    include: tuple[str, ...] = ()
    """Patterns of the paths to read; without any, all."""
    exclude: tuple[str, ...] = ()
    """Patterns of the paths to leave out; they beat `include`."""
    limit: int | None = None
    """Articles after which to stop."""
    fail_fast: bool = False
    """Stop at the first input that fails."""
    retry_failed: bool = False
    """Try again what failed in an earlier run, also where the failure is the article's own."""
    redo: bool = False
    """Do again what is done."""
    processes: int = 1
    """Processes that the rules engine uses. With more than one, a script needs the usual
    ``if __name__ == "__main__":``, because each process reads it too."""
    ray: str | None = None
    """Address of the Ray cluster that does the work; ``local`` starts one on this machine, None uses none."""
    duckdb: bool = False
    """Write a DuckDB file too."""
    corrections: Corrector | None = None
    """What people have corrected; applied when the files are written, so that nothing is done again."""
    debug: bool = False
    """Put the traceback of a bug into `failures.jsonl`."""


DEFAULT_OPTIONS = BatchOptions()
