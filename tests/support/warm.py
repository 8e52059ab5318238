"""Imported by the process that others are forked from: what they all need is loaded, built and compiled once."""

from __future__ import annotations

import instructor  # noqa: F401
import openai  # noqa: F401
import pyarrow.parquet  # noqa: F401

import summarizer.batch.crews.calls
import summarizer.batch.runner  # noqa: F401
from summarizer import summarize
from summarizer.pipeline import Summarizer
from summarizer.settings import load_settings
from tests.support.releases import release

summarize(release(0))
Summarizer(load_settings({"model": "m", "base_url": "http://127.0.0.1:9/v1"})).plan(release(0))
