"""The command ``batch`` and those below it. What a command needs is imported when it runs: ``--help`` must be quick."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from summarizer.cli.options import (
    BaseUrl,
    Contract,
    DryRun,
    Engine,
    Exclude,
    Folder,
    Include,
    Limit,
    MaxCost,
    Model,
    NoCache,
    Out,
    Quiet,
    RetryFailed,
)

if TYPE_CHECKING:
    from summarizer.settings import Settings

__all__ = ["app", "with_address"]

_DEFAULT = "run"
_ADDRESS = re.compile(r"local|[\w.-]+:\d+|\[[0-9a-f:]+\]:\d+")


class _FolderFirst(TyperGroup):
    """``batch FOLDER ...`` means ``batch run FOLDER ...``; a folder called like a command is named ``./submit``."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:  # noqa: ANN401 - typer's own, of no public name
        if args and args[0] not in {*self.commands, "-h", "--help"}:
            args = [_DEFAULT, *args]
        return super().parse_args(ctx, with_address(args))


def with_address(args: list[str]) -> list[str]:
    """Give ``--ray`` the value that may be left out: what follows is one only if it looks like an address."""
    whole: list[str] = []
    for at, word in enumerate(args):
        following = args[at + 1] if at + 1 < len(args) else ""
        whole.append(f"{word}=local" if word == "--ray" and not _ADDRESS.fullmatch(following) else word)
    return whole


app = typer.Typer(
    cls=_FolderFirst,
    help=(
        "Turn a folder of articles into tables: summarizer batch FOLDER --out OUT.\n\n"
        "'summarizer batch run --help' shows its options. The other commands send the work of a folder to a provider's "
        "Batch API, which takes hours and costs half."
    ),
    epilog="Exit status: 0 all done, 1 some input failed or waits, 2 wrong usage or set-up, 130 stopped.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.command(_DEFAULT)
def run(  # noqa: PLR0913 - an option of a command is a parameter
    folder: Folder,
    *,
    out: Out,
    include: Include = None,
    exclude: Exclude = None,
    limit: Limit = None,
    fail_fast: Annotated[bool, typer.Option("--fail-fast", help="Stop at the first input that fails.")] = False,
    retry_failed: RetryFailed = False,
    redo: Annotated[bool, typer.Option("--redo", help="Do everything again, also what is done.")] = False,
    engine: Engine = None,
    model: Model = None,
    base_url: BaseUrl = None,
    contract: Contract = None,
    max_cost: MaxCost = None,
    no_cache: NoCache = False,
    dry_run: DryRun = False,
    concurrency: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Calls to a model at the same time (8).")
    ] = None,
    requests_per_minute: Annotated[
        float | None, typer.Option(metavar="N", help="Calls to a model a minute at most.")
    ] = None,
    tokens_per_minute: Annotated[
        float | None, typer.Option(metavar="N", help="Tokens a minute at most, in and out.")
    ] = None,
    processes: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Processes that the rules use; by default all cores.")
    ] = None,
    ray: Annotated[
        str | None,
        typer.Option(metavar="[ADDRESS]", help="Work on a Ray cluster; without an address, one on this machine."),
    ] = None,
    corrections: Annotated[
        list[Path] | None,
        typer.Option(metavar="FILE", help="Apply corrections of 'summarizer review'; may be repeated."),
    ] = None,
    duckdb: Annotated[bool, typer.Option("--duckdb", help="Write records.duckdb too.")] = False,
    quiet: Quiet = False,
    json_logs: Annotated[
        bool, typer.Option("--json-logs", help="Say everything as JSON, a line each, on stderr.")
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Add tracebacks to failures.jsonl.")] = False,
) -> None:
    """Turn a folder of articles into tables of trials and results.

    Writes summaries.jsonl, trials.csv, results.csv, their Parquet twins, failures.jsonl and run.json. What is done is
    kept: stop it any way and run the same command again, and it goes on where it was.

    A pattern without a slash names files and folders at any depth ('*.html'); with a slash it is read from
    the top of FOLDER ('2024/**/final.txt').
    """
    from summarizer.batch import BatchOptions  # noqa: PLC0415 - heavy
    from summarizer.cli.correcting import ReviewedCorrections  # noqa: PLC0415 - heavy
    from summarizer.cli.folder import plan_folder, summarize_folder  # noqa: PLC0415 - heavy
    from summarizer.cli.progress import Voice  # noqa: PLC0415 - heavy

    options = BatchOptions(
        include=tuple(include or ()),
        exclude=tuple(exclude or ()),
        limit=limit,
        fail_fast=fail_fast,
        retry_failed=retry_failed,
        redo=redo,
        processes=processes or _cores(),
        ray=ray,
        duckdb=duckdb,
        corrections=ReviewedCorrections(corrections) if corrections else None,
        debug=debug,
    )
    settings = _settings(
        engine=engine,
        model=model,
        base_url=base_url,
        contract=contract,
        max_cost=max_cost,
        use_cache=False if no_cache else None,
        concurrency=concurrency,
        requests_per_minute=requests_per_minute,
        tokens_per_minute=tokens_per_minute,
    )
    if dry_run:
        plan_folder(folder, out, options, settings)
        return
    voice = Voice.JSON if json_logs else Voice.QUIET if quiet else Voice.PLAIN
    raise typer.Exit(summarize_folder(folder, out, options, settings, voice))


def _settings(**given: object) -> Settings:
    from summarizer.settings import load_settings  # noqa: PLC0415 - heavy

    return load_settings(given, origin="flag")


def _cores() -> int:
    """Cores that this process may use."""
    import os  # noqa: PLC0415 - as above

    affinity = getattr(os, "sched_getaffinity", None)  # not on every system
    return len(affinity(0)) if affinity else os.cpu_count() or 1
