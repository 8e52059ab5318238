"""The records contract: ask about each passage, let grounding judge, send back what it rejects, join with the rules."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from functools import cache

from summarizer.errors import AnswerCutOffError, ModelError, RequestTooLongError
from summarizer.extraction.draft import Refusal
from summarizer.extraction.llm.contracts.corrections import apply_corrections, correctable
from summarizer.extraction.llm.contracts.merging import merge
from summarizer.extraction.llm.contracts.numbering import Numbering, harmless
from summarizer.extraction.llm.contracts.passages import (
    MOST_CHARACTERS,
    Passage,
    halves,
    split_passages,
    write_opening,
    write_passage,
)
from summarizer.extraction.llm.contracts.prompts import fingerprint, prompt_folder, render
from summarizer.extraction.llm.contracts.proposals import Judge, Proposals, Subject, propose
from summarizer.extraction.llm.contracts.usage import Extraction, Usage, with_usage
from summarizer.extraction.llm.exchange import Message, Model, Request
from summarizer.extraction.rules.discourse import follow_discourse
from summarizer.loading import article_from_text
from summarizer.reading.reader import Reading, read
from summarizer.schemas import ModelAnswer, ModelCorrections, write_answer

CONTRACT = "records"
"""Folder in ``prompts/``."""
_EXAMPLES = ("example-1",)
_LEAST_OUTPUT, _MOST_OUTPUT = 800, 8_000
"""Bounds of the first budget of an answer, in tokens."""
_LONGEST_SHOWN = 160
"""Characters of a rejected value that the model is shown again."""


class RecordsExtractor:
    """Extractor that asks a model; what the model leaves empty, or gets wrong, the rules fill.

    Args:
        model: who answers.
        judge: the grounder's question about a claim.
        most_characters: length of a passage; longer articles are split at paragraph borders.
    """

    name = "llm"

    def __init__(self, model: Model, judge: Judge, *, most_characters: int = MOST_CHARACTERS) -> None:
        self.model = model
        self._judge = judge
        self._most_characters = most_characters

    @property
    def prompt(self) -> str:
        """Fingerprint of prompt and answer shapes."""
        return prompt_fingerprint()

    def plan(self, reading: Reading) -> list[Request[ModelAnswer]]:
        """The requests that an article leads to at first, without sending any."""
        numbering = Numbering(reading)
        return [passage_request(numbering, passage) for passage in split_passages(numbering, self._most_characters)]

    async def extract(self, reading: Reading) -> Extraction:
        """Propose a draft.

        Raises:
            ModelError: if no passage of the article was answered.
            ConfigurationError: if no request would be answered.
            BudgetExceededError: if a call would pass the limit.
        """
        return await _ArticleRun(self.model, self._judge, reading).run(self._most_characters)


class _ArticleRun:
    """One article: its passages, their answers, what they cost."""

    def __init__(self, model: Model, judge: Judge, reading: Reading) -> None:
        self._model = model
        self._subject = Subject(reading, follow_discourse(reading), Numbering(reading), judge)
        self._usage = Usage()
        self._errors: list[ModelError] = []

    async def run(self, most_characters: int) -> Extraction:
        answered: list[Proposals] = []
        for passage in split_passages(self._subject.numbering, most_characters):
            answered += await self._passage(passage)
        if self._errors and not answered:
            raise with_usage(self._errors[0], self._usage)
        # Joining runs the rules engine: milliseconds, but not on the event loop of a hundred other articles.
        draft = await asyncio.to_thread(merge, self._subject.reading, self._subject.discourse, answered)
        return Extraction(draft, self._usage)

    async def _passage(self, passage: Passage) -> list[Proposals]:
        """Proposals for a passage: one, or those of its parts when its answer is too long; none when it failed."""
        request = passage_request(self._subject.numbering, passage)
        try:
            reply = await self._model.ask(request)
        except (AnswerCutOffError, RequestTooLongError) as error:
            self._usage.add_error(error, request.purpose)
            parts = halves(self._subject.numbering, passage)
            if parts is None:
                return self._give_up(passage, error)
            said = f"sentences {passage.first}-{passage.last - 1} are asked for in two parts"
            self._usage.note(request.purpose, said)
            return [found for part in parts for found in await self._passage(part)]
        except ModelError as error:
            self._usage.add_error(error, request.purpose)
            return self._give_up(passage, error)
        self._usage.add(reply)
        return [await self._judged(request, reply.value)]

    def _give_up(self, passage: Passage, error: ModelError) -> list[Proposals]:
        self._errors.append(error)
        said = f"sentences {passage.first}-{passage.last - 1} are read by the rules only: {error.reason}"
        self._usage.note("records", said)
        return []

    async def _judged(self, request: Request[ModelAnswer], answer: ModelAnswer) -> Proposals:
        """What the text supports of an answer, after a second try at what it does not."""
        proposals = await asyncio.to_thread(propose, self._subject, answer)
        rejected = correctable(proposals.refused)
        if not rejected:
            return proposals
        shown = {"fence": _fence(self._subject.reading), "rejected": [_shown(item) for item in rejected]}
        again = Request(
            messages=(
                *request.messages,
                Message("assistant", write_answer(answer)),
                Message("user", render(f"{CONTRACT}/rejected.md.j2", **shown)),
            ),
            response_model=ModelCorrections,
            output_tokens=200 + 40 * len(rejected),
            purpose="rejected claims",
        )
        try:
            reply = await self._model.ask(again)
        except ModelError as error:  # the first answer is paid for and stands
            self._usage.add_error(error, again.purpose)
            self._usage.note(again.purpose, f"{len(rejected)} rejected values stay rejected: {error.reason}")
            return proposals
        self._usage.add(reply)
        mended, gone = apply_corrections(answer, rejected, reply.value.f)
        second = await asyncio.to_thread(propose, self._subject, mended)
        second.refused += gone
        return second


def _fence(reading: Reading) -> str:
    """Name of the tags around an article's words.

    A text can't close them: their name is not known while it is written, and no tag of it comes through whole.
    """
    return f"article-{reading.article.sha256[:8]}"


def _shown(refusal: Refusal) -> Refusal:
    """As it may be shown again: a model that obeys its article may have answered a whole order."""
    return replace(refusal, value=" ".join(harmless(refusal.value).split())[:_LONGEST_SHOWN])


def passage_request(numbering: Numbering, passage: Passage) -> Request[ModelAnswer]:
    """What is asked about a passage: the static prefix, then the passage, fenced."""
    reading = numbering.reading
    fence = _fence(reading)
    text, before = write_passage(numbering, passage), write_opening(numbering, passage)
    estimates = sum(1 for item in reading.estimates if passage.first <= item.sentence < passage.last)
    inside = reading.mentions[passage.first : passage.last]
    names = {item.text for mentions in inside for item in mentions.designations}
    return Request(
        messages=(
            Message("system", system_message()),
            Message("user", render(f"{CONTRACT}/passage.md.j2", fence=fence, passage=text, before=before)),
        ),
        response_model=ModelAnswer,
        output_tokens=min(_LEAST_OUTPUT + 30 * estimates + 200 * len(names), _MOST_OUTPUT),
        purpose="records",
    )


@cache
def system_message() -> str:
    """The static prefix: instructions and worked examples, the same for every article."""
    examples: list[dict[str, str]] = []
    for name in _EXAMPLES:
        article = (prompt_folder() / CONTRACT / f"{name}.txt").read_text(encoding="utf-8")
        answer = (prompt_folder() / CONTRACT / f"{name}.json").read_text(encoding="utf-8")
        numbering = Numbering(read(article_from_text(article)))
        passage = write_passage(numbering, Passage(0, len(numbering.reading.sentences)))
        examples.append({"passage": passage, "answer": write_answer(ModelAnswer.model_validate_json(answer))})
    return render(f"{CONTRACT}/system.md.j2", fence="article", examples=examples)


@cache
def prompt_fingerprint() -> str:
    """Fingerprint of the contract: templates, examples and answer shapes."""
    return fingerprint(CONTRACT, (ModelAnswer, ModelCorrections))
