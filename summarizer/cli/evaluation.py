"""``summarizer eval``: how accurate an engine is on labelled articles, and whether a change made it better.

The commands and their options; what they do is in ``measuring``, imported when one runs.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = ["app"]

app = typer.Typer(
    help="Measure accuracy on labelled articles.",
    epilog="Exit status: 0 done, 1 an engine failed, labels are wrong or the gate says worse, 2 wrong usage.",
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

Cases = Annotated[
    Path | None,
    typer.Option("--cases", metavar="DIR", help="Case folders, each with an article and gold.json; else built-in."),
]
Engine = Annotated[str | None, typer.Option("--engine", metavar="NAME", help="Engine; else by the settings.")]
Model = Annotated[str | None, typer.Option("--model", metavar="NAME", help="Model; else by the settings.")]
BaseUrl = Annotated[
    str | None, typer.Option("--base-url", metavar="URL", help="Address of the model's API; else by the settings.")
]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Seed of the intervals.")]
Resume = Annotated[
    Path | None,
    typer.Option("--resume", metavar="FILE", help="Append answers here, and go on from what it holds."),
]
Concurrency = Annotated[int, typer.Option("--concurrency", min=1, metavar="N", help="Articles at a time.")]


@app.callback(invoke_without_command=True)
def evaluate(  # noqa: PLR0913 - an option of a command is a parameter
    context: typer.Context,
    *,
    cases: Cases = None,
    engine: Engine = None,
    model: Model = None,
    base_url: BaseUrl = None,
    json: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the figures here.")] = None,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a readable page here.")] = None,
    baseline: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Compare with these figures, written by --json.")
    ] = None,
    gate: Annotated[
        bool, typer.Option("--gate", help="Exit with 1 only if the run is worse than the baseline.")
    ] = False,
    min_effect: Annotated[
        float, typer.Option(min=0, max=1, metavar="F1", help="Smallest difference that counts.")
    ] = 0.01,
    show: Annotated[
        list[str] | None,
        typer.Option(metavar="CASE", help="List what is not right in a case, or in 'all'; may be repeated."),
    ] = None,
    resume: Resume = None,
    concurrency: Concurrency = 1,
    seed: Seed = 0,
) -> None:
    """Score an engine on labelled articles: precision, recall and F1 per field and group, with intervals."""
    if context.invoked_subcommand is not None:
        return
    from summarizer.cli.measuring import Measurement, Outputs, measure  # noqa: PLC0415 - heavy

    wanted = Measurement(cases, engine, model, base_url, resume, concurrency, seed)
    outputs = Outputs(json, html, baseline, tuple(show or ()), min_effect, gate)
    raise typer.Exit(measure(wanted, outputs))


@app.command()
def lint(
    folder: Annotated[
        Path | None,
        typer.Argument(metavar="[DIR]", help="Case folders, or one case; else the built-in ones."),
    ] = None,
) -> None:
    """Check gold files against the schema and their articles, and list doubtful labels."""
    from summarizer.cli.measuring import check_labels  # noqa: PLC0415 - heavy

    raise typer.Exit(check_labels(folder))


@app.command()
def new(
    article: Annotated[Path, typer.Argument(metavar="ARTICLE", help="Text, Markdown, HTML or JSON; also .gz.")],
    *,
    cases: Annotated[Path, typer.Option(metavar="DIR", help="Folder that the case goes into.")] = Path("cases"),
    name: Annotated[str | None, typer.Option(metavar="NAME", help="Name of the case; else the file's.")] = None,
    empty: Annotated[bool, typer.Option("--empty", help="Start from an empty gold file.")] = False,
    engine: Engine = None,
    model: Model = None,
) -> None:
    """Make a case of an article: a gold file filled by an engine, to be corrected by hand."""
    from summarizer.cli.measuring import make_case  # noqa: PLC0415 - heavy

    make_case(article, cases, name, None if empty else (engine, model))


@app.command()
def aa(
    *,
    report: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Figures of a run, written by --json; else run one.")
    ] = None,
    cases: Cases = None,
    engine: Engine = None,
    model: Model = None,
    resume: Resume = None,
    seed: Seed = 0,
) -> None:
    """Show how often the comparison raises a false alarm: one run, resampled, against itself."""
    from summarizer.cli.measuring import Measurement, show_false_alarms  # noqa: PLC0415 - heavy

    raise typer.Exit(show_false_alarms(report, Measurement(cases, engine, model, None, resume, 1, seed)))
