"""``summarizer.schemas`` is the same in a checkout (a bridge) and in a wheel (the package itself)."""

from __future__ import annotations

import importlib
from pathlib import Path

import summarizer.schemas

ROOT = Path(__file__).parents[2]


def test_bridge_has_one_line_for_each_public_name() -> None:
    names = importlib.import_module("schemas").__all__
    bridge = (ROOT / "summarizer" / "schemas.py").read_text(encoding="utf-8")
    lines = [line for line in bridge.splitlines() if line and not line.startswith('"""')]
    assert lines == [f"from schemas import {name} as {name}" for name in names]


def test_names_are_the_same_objects() -> None:
    schemas = importlib.import_module("schemas")
    for name in schemas.__all__:
        assert getattr(summarizer.schemas, name) is getattr(schemas, name)


def test_schemas_export_what_they_define() -> None:
    schemas = importlib.import_module("schemas")
    defined = {
        name
        for name, value in vars(schemas).items()
        if getattr(value, "__module__", "").startswith("schemas.") or name == "SCHEMA_VERSION"
    }
    assert defined == set(schemas.__all__)
