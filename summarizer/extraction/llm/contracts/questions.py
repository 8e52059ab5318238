"""The questions contract: the rules' draft, its gaps filled by a model that chooses among words of the text.

For models that can't write a record. Each gap is one short question behind the article, which an endpoint with a prompt
cache reads once. A choice counts when the model makes it again with the answers in reverse order: a small model likes
the first answer, or the last, whatever it says.
"""

from __future__ import annotations

import asyncio

from pydantic import BaseModel, Field

from summarizer.errors import ModelError
from summarizer.extraction.draft import Draft, Refusal
from summarizer.extraction.llm.contracts.gaps import Gaps, Option, Question, main_first
from summarizer.extraction.llm.contracts.numbering import Numbering
from summarizer.extraction.llm.contracts.passages import Passage, write_passage
from summarizer.extraction.llm.contracts.prompts import fingerprint, render
from summarizer.extraction.llm.contracts.proposals import Judge
from summarizer.extraction.llm.contracts.usage import Extraction, Usage, with_usage
from summarizer.extraction.llm.exchange import Message, Model, Request
from summarizer.extraction.rules.discourse import follow_discourse
from summarizer.extraction.rules.engine import draft_trials
from summarizer.extraction.rules.links import link_unattributed
from summarizer.reading.reader import Reading

CONTRACT = "questions"
MOST_QUESTIONS = 40
"""Questions about one article at most; main trials come first."""
_MOST_CHARACTERS = 24_000
"""An article's text goes along up to this length: about 7,000 tokens."""
_LETTERS = "ABCDEFGHIJ"
_NONE = "not stated"


class Choice(BaseModel):
    """The answer to a question."""

    c: str = Field(pattern=r"^[A-J]$")
    """Letter of the answer."""


class QuestionsExtractor:
    """Extractor that lets a model choose where the rules left something open.

    Args:
        model: who answers.
        judge: the grounder's question about a claim.
    """

    name = "llm"

    def __init__(self, model: Model, judge: Judge) -> None:
        self.model = model
        self._judge = judge

    @property
    def prompt(self) -> str:
        """Fingerprint of the prompt and answer shape."""
        return fingerprint(CONTRACT, (Choice,))

    def plan(self, reading: Reading) -> list[Request[Choice]]:
        """The requests that an article leads to at least, without sending any."""
        _, questions, article = _prepare(reading)
        return [_request(article, question, is_reversed=False)[0] for question in questions]

    async def extract(self, reading: Reading) -> Extraction:
        """Propose a draft.

        Raises:
            ModelError: if the model answered none of the questions.
            ConfigurationError: if no request would be answered.
            BudgetExceededError: if a call would pass the limit.
        """
        draft, questions, article = await asyncio.to_thread(_prepare, reading)
        usage = Usage()
        answered, failed = 0, list[ModelError]()
        for question in questions:
            try:
                option = await self._choose(article, question, usage)
            except ModelError as error:
                failed.append(error)
                usage.add_error(error, question.kind)
                usage.note(question.kind, f"left open: {error.reason}")
                continue
            answered += 1
            if option is not None:
                self._put(reading, draft, option)
        if failed and not answered:
            raise with_usage(failed[0], usage)
        return Extraction(draft, usage)

    async def _choose(self, article: tuple[str, str], question: Question, usage: Usage) -> Option | None:
        """The option that the model chooses twice, or None."""
        first = await self._ask(article, question, usage, is_reversed=False)
        if first is None:
            return None
        second = await self._ask(article, question, usage, is_reversed=True)
        return first if first is second else None

    async def _ask(
        self, article: tuple[str, str], question: Question, usage: Usage, *, is_reversed: bool
    ) -> Option | None:
        request, options = _request(article, question, is_reversed=is_reversed)
        reply = await self.model.ask(request)
        usage.add(reply)
        place = _LETTERS.index(reply.value.c)
        chosen = options[place] if place < len(options) else None
        return chosen if isinstance(chosen, Option) else None

    def _put(self, reading: Reading, draft: Draft, option: Option) -> None:
        """Put a chosen claim into the draft, if grounding takes it."""
        reason = self._judge(reading, option.field, option.claim)
        if reason is None:
            option.apply()
            return
        cited = tuple(sorted({reading.sentence_at(span.start) for span in option.claim.spans}))
        draft.refused.append(Refusal(f"/{option.field}", option.field, str(option.claim.value), reason, cited))


def _prepare(reading: Reading) -> tuple[Draft, list[Question], tuple[str, str]]:
    """The rules' draft, its open questions, and the article's fence and text."""
    discourse, numbering = follow_discourse(reading), Numbering(reading)
    trials, unattributed = draft_trials(reading, discourse)
    kept = [trial for trial in trials if trial.has_facts]
    unattributed += [result.estimate for trial in trials if not trial.has_facts for result in trial.results]
    unattributed.sort(key=lambda item: item.value_span)
    draft = Draft(kept, [link_unattributed(reading, item) for item in unattributed])
    questions = list(Gaps(numbering, discourse).questions(main_first(kept)))[:MOST_QUESTIONS]
    text = write_passage(numbering, Passage(0, len(reading.sentences)))[:_MOST_CHARACTERS]
    return draft, questions, (f"article-{reading.article.sha256[:8]}", text)


def _request(
    article: tuple[str, str], question: Question, *, is_reversed: bool
) -> tuple[Request[Choice], list[Option | str]]:
    """A question with lettered answers, and what each letter stands for; the last one states nothing."""
    options: list[Option | str] = [*question.options, *question.decoys]
    if is_reversed:
        options.reverse()
    words = [option if isinstance(option, str) else option.words for option in options]
    shown = [f"{letter}) {said}" for letter, said in zip(_LETTERS, [*words, _NONE], strict=False)]
    fence, text = article
    values = {"fence": fence, "passage": text, "question": question.text, "options": shown}
    request = Request(
        messages=(
            Message("system", render(f"{CONTRACT}/system.md.j2")),
            Message("user", render(f"{CONTRACT}/question.md.j2", **values)),
        ),
        response_model=Choice,
        output_tokens=16,
        purpose=question.kind,
    )
    return request, options
