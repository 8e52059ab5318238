"""The commands and their options. What a command needs is imported when it runs: ``--help`` must be quick."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from summarizer import __version__
from summarizer.cli import cache, evaluation

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


Engine = Annotated[
    str | None,
    typer.Option(help="rules, or llm; by default llm where a model is named, else rules."),
]
Model = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Model as its API calls it; gguf:PATH or hf:REPO/FILE runs one in this process."),
]
BaseUrl = Annotated[
    str | None,
    typer.Option(metavar="URL", help="Address of an OpenAI-compatible API, up to /v1; else OpenAI's own."),
]
Contract = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="What the model is asked: records, questions (small models), or auto."),
]
MaxCost = Annotated[
    float | None, typer.Option(min=0, metavar="USD", help="Make no call that would bring the run above this.")
]
NoCache = Annotated[bool, typer.Option("--no-cache", help="Ask the model again for what is in the cache.")]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Show what would be sent, the tokens and the cost; send nothing.")
]


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
def batch(  # noqa: PLR0913 - an option of a command is a parameter
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where the articles are, however deep.")],
    *,
    out: Annotated[Path, typer.Option("--out", "-o", metavar="OUT", help="Where the results go.")],
    include: Annotated[
        list[str] | None,
        typer.Option(metavar="GLOB", help="Read only these paths; a pattern, may be repeated."),
    ] = None,
    exclude: Annotated[
        list[str] | None,
        typer.Option(metavar="GLOB", help="Leave these paths out; a pattern, may be repeated."),
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, metavar="N", help="Stop after this many articles.")] = None,
    engine: Engine = None,
    model: Model = None,
    base_url: BaseUrl = None,
    contract: Contract = None,
    max_cost: MaxCost = None,
    no_cache: NoCache = False,
    dry_run: DryRun = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Add tracebacks to failures.jsonl.")] = False,
) -> None:
    """Turn a folder of articles into tables of trials and results.

    Writes summaries.jsonl, trials.csv, results.csv, their Parquet twins, failures.jsonl and run.json.

    A pattern without a slash names files and folders at any depth ('*.html'); with a slash it is read from
    the top of FOLDER ('2024/**/final.txt').
    """
    from summarizer.batch import BatchOptions  # noqa: PLC0415 - heavy
    from summarizer.cli.folder import plan_folder, summarize_folder  # noqa: PLC0415 - heavy
    from summarizer.settings import load_settings  # noqa: PLC0415 - heavy

    options = BatchOptions(tuple(include or ()), tuple(exclude or ()), limit, debug)
    given = {
        "engine": engine,
        "model": model,
        "base_url": base_url,
        "contract": contract,
        "max_cost": max_cost,
        "use_cache": False if no_cache else None,
    }
    settings = load_settings(given, origin="flag")
    if dry_run:
        plan_folder(folder, out, options, settings)
        return
    status = summarize_folder(folder, out, options, settings, quiet=quiet)
    raise typer.Exit(status)


@app.command()
def version() -> None:
    """Show the version."""
    _print_version(True)


app.add_typer(evaluation.app, name="eval")
app.add_typer(cache.app, name="cache")
