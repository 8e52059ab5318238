"""The base that every public model shares."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    """A public, plain model: unknown fields are refused, field docstrings become JSON Schema descriptions."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True)
