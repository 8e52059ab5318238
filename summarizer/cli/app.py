"""The commands and their options. What a command needs is imported when it runs: ``--help`` must be quick."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from summarizer import __version__
from summarizer.cli import batching, benching, cache, evaluation, provider, reviewing
from summarizer.cli.options import BaseUrl, Contract, DryRun, Engine, MaxCost, Model, NoCache

__all__ = ["OutputFormat", "app"]

# Without rich in the help and without its tracebacks, which alone take 0.1 s to import.
app = typer.Typer(
    name="summarizer",
    help="Clinical-trial news in, grounded trial records out: every value points at the words it rests on.",
    epilog="Exit status: 0 all done, 1 some input failed, 2 wrong usage or set-up.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


class OutputFormat(StrEnum):
    """How a summary is shown."""

    TABLE = "table"
    JSON = "json"
    MD = "md"


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"summarizer {__version__}")
        raise typer.Exit


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context,
    version: Annotated[
        bool,
        typer.Option("--version", "-V", help="Show the version.", callback=_print_version, is_eager=True),
    ] = False,
) -> None:
    """Clinical-trial news in, grounded trial records out."""
    del version  # the callback has answered it
    if context.invoked_subcommand is None:
        typer.echo(context.get_help(), err=True)
        raise typer.Exit(2)


@app.command()
def summarize(  # noqa: PLR0913 - an option of a command is a parameter
    file: Annotated[str, typer.Argument(metavar="FILE|-", help="An article; - reads standard input.")],
    *,
    form: Annotated[
        OutputFormat, typer.Option("--format", "-f", help="A view for people, JSON, or Markdown.")
    ] = OutputFormat.TABLE,
    engine: Engine = None,
    model: Model = None,
    base_url: BaseUrl = None,
    contract: Contract = None,
    max_cost: MaxCost = None,
    no_cache: NoCache = False,
    dry_run: DryRun = False,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show which passage every value rests on, and the rule.")
    ] = False,
    include_text: Annotated[bool, typer.Option("--include-text", help="Put the article's text into the JSON.")] = False,
) -> None:
    """Show what one article says about clinical trials."""
    from summarizer.cli.single import show_article  # noqa: PLC0415 - heavy
    from summarizer.settings import load_settings  # noqa: PLC0415 - heavy

    given = {
        "engine": engine,
        "model": model,
        "base_url": base_url,
        "contract": contract,
        "max_cost": max_cost,
        # A switch that is not given must not beat the environment and the files.
        "use_cache": False if no_cache else None,
        "explain": explain or None,
        "include_text": include_text or None,
    }
    show_article(file, form, load_settings(given, origin="flag"), is_dry_run=dry_run)


@app.command()
def version() -> None:
    """Show the version."""
    _print_version(True)


provider.add_commands(batching.app)
app.add_typer(batching.app, name="batch")
app.add_typer(evaluation.app, name="eval")
app.add_typer(reviewing.app, name="review")
app.add_typer(benching.app, name="bench")
app.add_typer(cache.app, name="cache")
