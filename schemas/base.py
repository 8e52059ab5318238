"""The base that every public model shares."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Record(BaseModel):
    """A public, plain model: unknown fields and numbers that JSON can't write are refused.

    Field docstrings become JSON Schema descriptions.
    """

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)
