"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

__all__ = [
    "BaseUrl",
    "Contract",
    "DryRun",
    "Engine",
    "Exclude",
    "Folder",
    "Include",
    "Limit",
    "MaxCost",
    "Model",
    "NoCache",
    "Out",
    "Quiet",
    "RetryFailed",
]

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
Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="Where the articles are, however deep.")]
Out = Annotated[Path, typer.Option("--out", "-o", metavar="OUT", help="Where the results go.")]
Include = Annotated[
    list[str] | None,
    typer.Option(metavar="GLOB", help="Read only these paths; a pattern, may be repeated."),
]
Exclude = Annotated[
    list[str] | None,
    typer.Option(metavar="GLOB", help="Leave these paths out; a pattern, may be repeated."),
]
Limit = Annotated[int | None, typer.Option(min=1, metavar="N", help="Stop after this many articles.")]
RetryFailed = Annotated[
    bool, typer.Option("--retry-failed", help="Try again everything that failed in an earlier run.")
]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")]
