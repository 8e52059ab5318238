"""The model engine as a user calls it: by address, with a client of their own, in and out of event loops."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from openai import AsyncOpenAI, OpenAI

from summarizer import asummarize, summarize
from summarizer.errors import ConfigurationError
from summarizer.extraction.llm.contracts.records import RecordsExtractor
from summarizer.pipeline import Summarizer
from summarizer.schemas import Summary
from summarizer.settings import Settings, load_settings
from tests.grounding.test_invariant import check_evidence
from tests.support.leaves import numbers_in, numbers_of
from tests.support.model_server import ModelServer, model_server

TEXT = (
    "Norvane Therapeutics reported results from the randomized phase 3 LARKSPUR-2 trial of talvorexib in adults with "
    "advanced biliary tract cancer.\n\nMedian overall survival was 15.2 months with talvorexib and 11.9 months with "
    "placebo (HR, 0.71; 95% CI, 0.58-0.87). Patients had progressed on durvalumab.\n"
)
ANSWER = (
    '{"t": [{"n": "LARKSPUR-2", "s": [0], "m": true, "a": [{"k": "prior_therapies", "v": "durvalumab", "s": [2]}]}]}'
)


def answer(request: Mapping[str, Any]) -> str:
    return ANSWER if "<article-" in request["messages"][-1]["content"] else '{"f": []}'


def settings_for(server: ModelServer, **given: object) -> Settings:
    return load_settings({"model": "m", "base_url": server.base_url, "use_cache": False, **given})


def check(summary: Summary) -> None:
    assert summary.run.engine == "llm"
    assert summary.trials[0].prior_therapies == ["durvalumab"]
    assert [attempt.outcome for attempt in summary.run.attempts] == ["ok"]
    check_evidence(TEXT, summary)


def test_summarize_by_address() -> None:
    with model_server(answer) as server:
        summary = summarize(TEXT, settings=settings_for(server))
    check(summary)
    run = summary.run
    assert (run.model, run.tokens.input, run.tokens.output, run.cached) == ("m", 100, 10, False)
    assert run.prompt == RecordsExtractor.prompt.fget(None)  # type: ignore[attr-defined]
    assert run.engine_reason == "because a model is set by argument (model)"


def test_asummarize_many_at_once() -> None:
    async def work(settings: Settings) -> list[Summary]:
        return await asyncio.gather(*(asummarize(f"{TEXT}\nCopy {n}.\n", settings=settings) for n in range(8)))

    with model_server(answer) as server:
        summaries = asyncio.run(work(settings_for(server)))
        assert len(server.requests) == 8
    assert all(summary.trials[0].prior_therapies == ["durvalumab"] for summary in summaries)


def test_summarize_inside_an_event_loop() -> None:
    """As in a notebook, whose cells run in one."""

    async def cell(settings: Settings) -> Summary:
        return summarize(TEXT, settings=settings)

    with model_server(answer) as server:
        check(asyncio.run(cell(settings_for(server))))


def test_one_summarizer_in_many_threads() -> None:
    with model_server(answer) as server:
        summarizer = Summarizer(settings_for(server))
        found: list[Summary] = []
        threads = [threading.Thread(target=lambda: found.append(summarizer.summarize(TEXT))) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert len(found) == 4
    for summary in found:
        check(summary)


def test_a_client_of_your_own() -> None:
    with model_server(answer) as server:
        settings = load_settings({"use_cache": False})
        with OpenAI(api_key="mine", base_url=server.base_url) as client:
            check(summarize(TEXT, engine="llm", model="m", client=client, settings=settings))

        async def work() -> Summary:
            async with AsyncOpenAI(api_key="mine", base_url=server.base_url) as own:
                return await asummarize(TEXT, engine="llm", model="m", client=own, settings=settings)

        check(asyncio.run(work()))
        assert [headers["authorization"] for headers in server.headers] == ["Bearer mine"] * 2


def test_a_client_without_a_model_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="calls no model"):
        summarize(TEXT, client=object())


def test_a_real_model_in_this_process(gguf: Path, sample: str) -> None:
    """A model of 135 million parameters understands next to nothing: whatever it says, nothing false gets in."""
    summary = summarize(sample, settings=load_settings({"model": f"gguf:{gguf}", "use_cache": False}))
    assert summary.run.tokens.output > 0
    assert summary.run.cost == 0.0
    check_evidence(sample, summary)
    missing = {pointer: n for pointer, n in numbers_of(summary).items() if n not in numbers_in(sample)}
    assert missing == {}
    assert summary.trials[0].name == "LARKSPUR-2"


@pytest.fixture
def sample() -> str:
    """With something that the rules leave open: a small model is asked nothing else."""
    return (
        "The randomized phase 3 LARKSPUR-2 trial compared durvalumab with placebo in 412 patients.\n\n"
        "Median overall survival was 15.2 months in one group. The 12-month figures were mature. Survival was 61%.\n\n"
        "Quality of life was stable at 24 months.\n"
    )
