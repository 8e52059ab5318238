"""Files and strings to articles: text, Markdown, HTML, JSON and JSON Lines, each also compressed.

    listing = list_files("releases")                  # what is there, what was ignored, what is broken
    for file in listing:
        for item in load_articles(file.path, name=file.name):
            ...                                       # an Article, or the LoadError in its place

Loading is the only step that may change text; what it did stands in `Article.notes`.
"""

from summarizer.loading.building import (
    article_from_bytes,
    article_from_html,
    article_from_markdown,
    article_from_text,
)
from summarizer.loading.files import FileStamp, FolderListing, FoundFile, IgnoredEntry, list_files, read_stamp
from summarizer.loading.loader import load_article, load_articles
from summarizer.loading.settings import DEFAULT_LIMITS, SUFFIXES, Format, LoadLimits, format_of

__all__ = [
    "DEFAULT_LIMITS",
    "SUFFIXES",
    "FileStamp",
    "FolderListing",
    "Format",
    "FoundFile",
    "IgnoredEntry",
    "LoadLimits",
    "article_from_bytes",
    "article_from_html",
    "article_from_markdown",
    "article_from_text",
    "format_of",
    "list_files",
    "load_article",
    "load_articles",
    "read_stamp",
]
