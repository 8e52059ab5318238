"""The commands ``batch submit``, ``batch status`` and ``batch collect``. What they need is imported when they run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from summarizer.cli.options import (
    BaseUrl,
    Contract,
    DryRun,
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

__all__ = ["add_commands"]

Submitted = Annotated[Path, typer.Argument(metavar="OUT", help="The folder of results that was submitted to.")]
SameUrl = Annotated[
    str | None,
    typer.Option("--base-url", metavar="URL", help="Confirm an address other than OpenAI's: a key is sent there."),
]


def add_commands(app: typer.Typer) -> None:
    """Put the commands below ``batch``."""
    app.command("submit")(submit)
    app.command("status")(status)
    app.command("collect")(collect)


def submit(  # noqa: PLR0913 - an option of a command is a parameter
    folder: Folder,
    *,
    out: Out,
    include: Include = None,
    exclude: Exclude = None,
    limit: Limit = None,
    retry_failed: RetryFailed = False,
    model: Model = None,
    base_url: BaseUrl = None,
    contract: Contract = None,
    max_cost: MaxCost = None,
    no_cache: NoCache = False,
    dry_run: DryRun = False,
    quiet: Quiet = False,
) -> None:
    """Send the work of a folder to the Batch API of the model's provider: half the price, done within a day.

    What is sent is written down: stop it any way and run the same command again, and nothing is sent twice. Then
    'summarizer batch status OUT' tells how far the provider is, and 'summarizer batch collect OUT' takes in its
    answers.

    Exit status: 0 all is sent, 1 some input failed or the limit was reached, 2 wrong usage or set-up.
    """
    from summarizer.batch import BatchOptions  # noqa: PLC0415 - heavy
    from summarizer.cli.rounds import plan_submission, submit_folder  # noqa: PLC0415 - heavy
    from summarizer.settings import load_settings  # noqa: PLC0415 - heavy

    options = BatchOptions(
        include=tuple(include or ()), exclude=tuple(exclude or ()), limit=limit, retry_failed=retry_failed
    )
    given = {
        "model": model,
        "base_url": base_url,
        "contract": contract,
        "max_cost": max_cost,
        "use_cache": False if no_cache else None,
    }
    settings = load_settings(given, origin="flag")
    if dry_run:
        plan_submission(folder, out, options, settings)
        return
    raise typer.Exit(submit_folder(folder, out, options, settings, is_quiet=quiet))


def status(out: Submitted, *, base_url: SameUrl = None) -> None:
    """Tell how far the provider is with what was submitted.

    Exit status: 0 all articles are done, 1 some wait, 2 wrong usage or set-up.
    """
    from summarizer.cli.rounds import show_status  # noqa: PLC0415 - heavy
    from summarizer.settings import load_settings  # noqa: PLC0415 - heavy

    raise typer.Exit(show_status(out, load_settings({"base_url": base_url}, origin="flag")))


def collect(
    out: Submitted,
    *,
    no_resubmit: Annotated[
        bool, typer.Option("--no-resubmit", help="Send nothing: no questions that follow from the answers, no repeats.")
    ] = False,
    duckdb: Annotated[bool, typer.Option("--duckdb", help="Write records.duckdb too.")] = False,
    base_url: SameUrl = None,
    quiet: Quiet = False,
) -> None:
    """Take in what the provider has answered, and write the tables.

    Some answers lead to further questions, and some requests fail at the provider: these are sent as the next round,
    to be collected again. An article is in the tables when all of its answers are there.

    Exit status: 0 all articles are done, 1 some failed or wait, 2 wrong usage or set-up.
    """
    from summarizer.batch import BatchOptions  # noqa: PLC0415 - heavy
    from summarizer.cli.rounds import collect_folder  # noqa: PLC0415 - heavy
    from summarizer.settings import load_settings  # noqa: PLC0415 - heavy

    settings = load_settings({"base_url": base_url}, origin="flag")
    options = BatchOptions(duckdb=duckdb)
    raise typer.Exit(collect_folder(out, options, settings, resubmit=not no_resubmit, is_quiet=quiet))
