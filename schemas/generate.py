"""Write the JSON Schema files beside the models: ``python -m schemas.generate``."""

from __future__ import annotations

import json
from pathlib import Path

from .gold import GoldCase
from .summary import Summary

FOLDER = Path(__file__).parent


def render_json_schemas() -> dict[str, str]:
    """File name -> JSON Schema (draft 2020-12) text of each published shape."""
    return {
        "summary.schema.json": _render(Summary),
        "gold.schema.json": _render(GoldCase),
    }


def _render(model: type[Summary | GoldCase]) -> str:
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **model.model_json_schema()}
    return json.dumps(schema, indent=2, ensure_ascii=False) + "\n"


def main() -> None:
    """Write every schema file."""
    for name, text in render_json_schemas().items():
        (FOLDER / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
