"""Pages as text: a template, and data in it that no browser takes for anything but data."""

from __future__ import annotations

import html
import json
from functools import cache
from importlib import resources
from string import Template
from typing import Any

from summarizer.render.inert import make_inert

__all__ = ["as_script_data", "render_page"]

# What could end a script element or begin a comment in it. The rest is ASCII already.
_ACTIVE = {ord("<"): "\\u003c", ord(">"): "\\u003e", ord("&"): "\\u0026"}


def as_script_data(value: Any) -> str:  # noqa: ANN401 - any JSON
    """JSON that stands safely within a script element of HTML, and in a script."""
    return json.dumps(value, ensure_ascii=True, separators=(",", ":")).translate(_ACTIVE)


def render_page(name: str, title: str, data: Any) -> str:  # noqa: ANN401 - any JSON
    """A page.

    Args:
        name: Name of its template, without the ending.
        title: Its title: any text, shown as it is.
        data: What its scripts find in it.
    """
    return _template(name).substitute(title=html.escape(make_inert(title)), data=as_script_data(data))


@cache
def _template(name: str) -> Template:
    folder = resources.files("summarizer.review").joinpath("templates")
    return Template(folder.joinpath(f"{name}.html").read_text(encoding="utf-8"))
