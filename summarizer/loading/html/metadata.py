"""Headline, address and day of publication, as the page itself declares them.

Only declarations count (JSON-LD, `meta`, `link`, `time`): a date found somewhere in the text is a guess.
"""

from __future__ import annotations

import json
import re
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple, cast

from summarizer.loading.dates import parse_date

if TYPE_CHECKING:
    from collections.abc import Iterator

    from summarizer.loading.html.tree import Element

__all__ = ["Metadata", "read_metadata"]


class Metadata(NamedTuple):
    """What a page says about itself."""

    title: str | None = None
    url: str | None = None
    published: str | None = None
    notes: tuple[str, ...] = ()


_TITLES = ("og:title", "twitter:title", "citation_title", "dc.title", "parsely-title")
_DATES = (
    "article:published_time", "og:published_time", "datepublished", "citation_publication_date",
    "citation_date", "dc.date.issued", "dcterms.date", "dc.date", "parsely-pub-date", "sailthru.date",
    "pubdate", "publish-date", "date",
)  # fmt: skip
_ARTICLE_TYPE = re.compile("article|posting|report|webpage", re.IGNORECASE)
_SITE = re.compile(r"\s+([|\u2013\u2014-])\s+[^|]{1,60}$")


def read_metadata(root: Element) -> Metadata:
    """Read what a page declares about itself, before the tree is pruned."""
    metas = _metas(root)
    linked, broken = _linked_data(root)
    title = _title(root, metas, linked)
    address = linked.get("url") or linked.get("mainEntityOfPage")
    if isinstance(address, dict):
        address = cast("dict[str, object]", address).get("@id")
    canonical = (link for link in root.iter("link") if link.get("rel", "").lower() == "canonical")
    addresses = [link.get("href", "") for link in canonical]
    addresses += [metas.get("og:url", ""), str(address or ""), metas.get("citation_public_url", "")]
    absolute = (found for text in addresses if re.match("(?i)https?://", found := text.strip()))
    dates: list[object] = [linked.get("datePublished"), *(metas.get(key) for key in _DATES), *_times(root)]
    return Metadata(
        title=title,
        url=next(absolute, None),
        published=next((day for date in dates if (day := parse_date(date))), None),
        notes=("JSON-LD that is not valid JSON was ignored",) if broken else (),
    )


def _times(root: Element) -> Iterator[str]:
    """Machine-readable times, those that are declared to be the publication's first."""
    times = list(root.iter("time"))
    declared = [t for t in times if "pub" in f"{t.get('itemprop', '')} {t.get('class', '')}".lower()]
    # Not a time in a list of other articles: only the first, and only with its `datetime`.
    for element in [*declared, *times[:1]]:
        yield element.get("datetime", "") or element.get("content", "")


def _metas(root: Element) -> dict[str, str]:
    """`meta` elements by lower-case name; the first of a name counts."""
    found: dict[str, str] = {}
    for meta in root.iter("meta"):
        content = " ".join(meta.get("content", "").split())
        for key in ("property", "name", "itemprop"):
            if content and (name := meta.get(key, "").strip().lower()):
                found.setdefault(name, content)
    return found


def _linked_data(root: Element) -> tuple[dict[str, object], bool]:
    """The JSON-LD object that describes an article, and whether any JSON-LD was broken."""
    broken = False
    candidates: list[dict[str, object]] = []
    for script in root.iter("script"):
        if script.get("type", "").strip().lower() != "application/ld+json":
            continue
        try:
            # Not strict: line breaks within strings are common and harmless.
            content = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):
            broken = True
            continue
        candidates += _objects(content)
    ranked = [c for c in candidates if _ARTICLE_TYPE.search(str(c.get("@type", "")))]
    ranked.sort(key=lambda c: ("headline" not in c, "webpage" in str(c.get("@type")).lower()))
    return (ranked[0] if ranked else {}), broken


def _objects(content: object) -> Iterator[dict[str, object]]:
    if isinstance(content, list):
        for item in cast("list[object]", content):
            yield from _objects(item)
    elif isinstance(content, dict):
        found = cast("dict[str, object]", content)
        yield found
        yield from _objects(found.get("@graph"))


def _title(root: Element, metas: dict[str, str], linked: dict[str, object]) -> str | None:
    headings = [text for h1 in root.iter("h1") if (text := " ".join(h1.text_content().split()))]
    declared = [linked.get("headline"), *(metas.get(key) for key in _TITLES)]
    candidates = [_plain(text) for text in declared if isinstance(text, str) and text.strip()]
    candidates += [text for title in root.iter("title") if (text := " ".join(title.text_content().split()))]
    for heading in headings:
        # The heading on the page is the title without the site's name.
        if any(text.casefold().startswith(heading.casefold()) for text in candidates):
            return heading
    if candidates:
        return _without_site(candidates[0], metas.get("og:site_name"))
    return headings[0] if len(headings) == 1 else None


def _plain(text: str) -> str:
    """Titles in JSON-LD and feeds are often escaped twice, and hold tags."""
    unescape: Any = import_module("html").unescape
    return " ".join(re.sub(r"</?[a-z]{1,6}>", "", unescape(text)).split())


def _without_site(title: str, site: str | None) -> str:
    """Take the site's name off the end, where it is known or behind a bar: a dash may be the title's own."""
    match = _SITE.search(title)
    if match and (match[1] == "|" or (site and site.casefold() in match[0].casefold())):
        return title[: match.start()]
    return title
