"""Names of HTML elements, roles and classes, and what they mean for the text of an article."""

__all__ = [
    "BLOCKS",
    "FURNITURE",
    "FURNITURE_ROLES",
    "FURNITURE_WORDS",
    "NEVER_FURNITURE",
    "NEVER_TEXT",
    "PARAGRAPHS",
]

BLOCKS = frozenset([
    "address", "article", "aside", "blockquote", "body", "caption", "center", "col", "colgroup", "dd",
    "details", "dialog", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1",
    "h2", "h3", "h4", "h5", "h6", "header", "hgroup", "hr", "html", "legend", "li", "main", "menu", "nav",
    "ol", "p", "pre", "section", "summary", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
])  # fmt: skip
"""Elements that begin and end a line of their own; all others run on within a line."""

PARAGRAPHS = frozenset([
    "caption", "dd", "dt", "figcaption", "h1", "h2", "h3", "h4", "h5", "h6", "li", "p", "pre", "td", "th",
])  # fmt: skip
"""Elements whose content is running text."""

NEVER_TEXT = frozenset([
    "annotation", "annotation-xml", "audio", "base", "canvas", "datalist", "embed", "iframe", "input", "link",
    "map", "meta", "noscript", "object", "script", "select", "style", "svg", "template", "textarea", "title",
    "video",
])  # fmt: skip
"""Elements whose content is no text for readers."""

FURNITURE = frozenset(["aside", "dialog", "footer", "form", "menu", "nav"])
"""Elements around an article: navigation, forms, asides."""

FURNITURE_ROLES = frozenset([
    "alert", "banner", "complementary", "contentinfo", "dialog", "form", "navigation", "search", "toolbar",
])  # fmt: skip
"""ARIA roles of such elements."""

FURNITURE_WORDS = frozenset([
    "ad", "ads", "adslot", "advert", "advertisement", "advertising", "banner", "breadcrumb",
    "breadcrumbs", "comments", "consent", "cookie", "cookies", "disqus", "gdpr", "modal", "mostread",
    "newsletter", "outbrain", "pager", "pagination", "paywall", "popup", "promo", "promoted", "promotion",
    "recommendations", "recommended", "related", "share", "sharing", "sidebar", "signup", "social",
    "sponsored", "subscribe", "subscription", "taboola", "toolbar", "trending",
])  # fmt: skip
"""Words in the class or id of such elements."""

NEVER_FURNITURE = frozenset([
    "article", "body", "h1", "html", "main", "tbody", "td", "th", "thead", "tr",
])  # fmt: skip
"""Elements that belong to the article whatever their class says."""
