"""HTML pages: the article's text, with the text of its links."""

from summarizer.loading.html.page import PageText, declared_encoding, fragment_text, read_page

__all__ = ["PageText", "declared_encoding", "fragment_text", "read_page"]
