"""Trial records, with evidence, from clinical-trial news and company releases.

from summarizer import summarize
summary = summarize("releases/article.txt")
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from summarizer.article import Article as Article
    from summarizer.errors import ConfigurationError as ConfigurationError
    from summarizer.errors import LoadError as LoadError
    from summarizer.errors import SummarizerError as SummarizerError
    from summarizer.loading import load_article as load_article
    from summarizer.loading import load_articles as load_articles
    from summarizer.pipeline import asummarize as asummarize
    from summarizer.pipeline import summarize as summarize
    from summarizer.pipeline import verify as verify
    from summarizer.schemas import Summary as Summary

__version__ = "0.1.0"

_EXPORTS = {
    "Article": "summarizer.article",
    "ConfigurationError": "summarizer.errors",
    "LoadError": "summarizer.errors",
    "Summary": "summarizer.schemas",
    "SummarizerError": "summarizer.errors",
    "asummarize": "summarizer.pipeline",
    "load_article": "summarizer.loading",
    "load_articles": "summarizer.loading",
    "summarize": "summarizer.pipeline",
    "verify": "summarizer.pipeline",
}

__all__ = [
    "Article",
    "ConfigurationError",
    "LoadError",
    "SummarizerError",
    "Summary",
    "asummarize",
    "load_article",
    "load_articles",
    "summarize",
    "verify",
]


def __getattr__(name: str) -> object:
    """Import what is asked for, when it is asked for: ``summarizer --help`` stays quick."""
    if name not in _EXPORTS:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_EXPORTS[name]), name)


def __dir__() -> list[str]:
    """The public names."""
    return sorted([*__all__, "__version__"])
