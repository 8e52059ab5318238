"""What is fuzzed: each target takes bytes, puts them through one part of the program and tells what broke.

What the program may raise at hostile input is a ``SummarizerError``, and pydantic's ``ValidationError`` where JSON is
read into a record; any other exception is a crash, and comes out of the target as it is.
"""

from __future__ import annotations

import hashlib
import random
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from pydantic import BaseModel, ValidationError

from summarizer.article import Article
from summarizer.errors import SummarizerError
from summarizer.extraction.draft import Draft
from summarizer.extraction.llm.contracts.merging import merge
from summarizer.extraction.llm.contracts.numbering import Numbering
from summarizer.extraction.llm.contracts.proposals import Subject, propose
from summarizer.extraction.rules.discourse import follow_discourse
from summarizer.extraction.rules.engine import RulesExtractor
from summarizer.grounding import ground, why_unsupported
from summarizer.loading import LoadLimits, article_from_text, load_articles
from summarizer.pipeline import make_source, summarize_article
from summarizer.reading.reader import Reading, read
from summarizer.schemas import SCHEMA_VERSION, GoldCase, ModelAnswer, ModelCorrections, Run, Summary

from .drafts import random_draft
from .invariants import breaches_of_article, breaches_of_reading, breaches_of_summary

SUFFIXES = (".txt", ".md", ".html", ".json", ".jsonl", ".txt.gz", ".html.gz", ".jsonl.gz")
LIMITS = LoadLimits(article_bytes=2_000_000, stream_bytes=4_000_000)
"""So that what unpacks to a lot costs a run little."""


def as_text(data: bytes) -> str:
    """Bytes as a string, with lone surrogates for what is not UTF-8, as file names have them."""
    return data.decode("utf-8", "surrogateescape")


@dataclass(frozen=True)
class Targets:
    """The targets, and what they need besides their input.

    Attributes:
        articles: Articles that drafts and answers are about.
    """

    articles: tuple[Article, ...]

    @cached_property
    def readings(self) -> tuple[Reading, ...]:
        """The articles, read."""
        return tuple(read(article) for article in self.articles)

    @cached_property
    def _subjects(self) -> tuple[Subject, ...]:
        return tuple(
            Subject(reading, follow_discourse(reading), Numbering(reading), why_unsupported)
            for reading in self.readings
        )

    def prepared(self) -> Targets:
        """The same, with everything read that is read once: the first execution then costs what the others do."""
        if not self._subjects:
            raise ValueError("there is no article to fuzz with")
        return self

    def by_name(self) -> dict[str, Callable[[bytes], list[str]]]:
        """Every target: bytes to the breaches that they led to."""
        return {
            "loader": lambda data: list(self.loader(data)),
            "reader": lambda data: list(self.reader(data)),
            "pipeline": lambda data: list(self.pipeline(data)),
            "grounder": lambda data: list(self.grounder(data)),
            "answers": lambda data: list(self.answers(data)),
            "records": lambda data: list(self.records(data)),
        }

    def loader(self, data: bytes) -> Iterator[str]:
        """A file: its first byte chooses the ending of its name, the rest is what it holds."""
        suffix = SUFFIXES[data[0] % len(SUFFIXES)] if data else SUFFIXES[0]
        with tempfile.TemporaryDirectory(prefix="summarizer-fuzz-") as folder:
            path = Path(folder) / f"input{suffix}"
            path.write_bytes(data[1:])
            found = list(load_articles(path, name=path.name, limits=LIMITS))
        if not found:
            yield "a file gave neither an article nor an error"
        for item in found:
            yield from breaches_of_article(item)

    def reader(self, data: bytes) -> Iterator[str]:
        """A text, read."""
        try:
            article = article_from_text(as_text(data))
        except SummarizerError:
            return
        yield from breaches_of_reading(read(article))

    def pipeline(self, data: bytes) -> Iterator[str]:
        """A text, summarised by the rules."""
        try:
            article = article_from_text(as_text(data))
        except SummarizerError:
            return
        summary = summarize_article(article, RulesExtractor(), reason="fuzzing", include_text=True)
        yield from breaches_of_summary(summary, article.text)

    def grounder(self, data: bytes) -> Iterator[str]:
        """A draft that bytes dictate, grounded in one of the articles."""
        chance = random.Random(hashlib.sha256(data).digest())  # noqa: S311 - repeatable, not secret
        reading = chance.choice(self.readings)
        yield from self._breaches_of_draft(reading, random_draft(chance, reading, data.decode("utf-8", "replace")))

    def answers(self, data: bytes) -> Iterator[str]:
        """A model's answer on one of the articles: its first byte chooses the article, the rest is the answer."""
        subject = self._subjects[data[0] % len(self._subjects)] if data else self._subjects[0]
        try:
            answer = ModelAnswer.model_validate_json(data[1:])
        except ValidationError:
            return
        draft = merge(subject.reading, subject.discourse, [propose(subject, answer)])
        yield from self._breaches_of_draft(subject.reading, draft)

    def records(self, data: bytes) -> Iterator[str]:
        """JSON that should be a summary, a label or a correction: its first byte chooses which."""
        models: tuple[type[BaseModel], ...] = (Summary, GoldCase, ModelCorrections)
        model = models[data[0] % len(models)] if data else Summary
        try:
            record = model.model_validate_json(data[1:])
        except ValidationError:
            return
        if model.model_validate_json(record.model_dump_json()) != record:
            yield f"{model.__name__}: JSON does not bring the same back"

    @staticmethod
    def _breaches_of_draft(reading: Reading, draft: Draft) -> Iterator[str]:
        grounded = ground(reading, draft)
        summary = Summary(
            source=make_source(reading.article, include_text=False),
            trials=grounded.trials,
            unattributed_results=grounded.unattributed_results,
            truncations=grounded.truncations,
            evidence=grounded.evidence,
            rejected=grounded.rejected,
            run=Run(engine="rules", engine_reason="fuzzing", versions={"schema": SCHEMA_VERSION}),
        )
        yield from breaches_of_summary(summary, reading.article.text)
