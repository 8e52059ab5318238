"""Prices without a network, and an estimate of tokens that is rarely too low."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from summarizer.extraction.llm.storing.prices import estimate_tokens, price
from summarizer.schemas import Tokens

MILLION = Tokens(input=1_000_000, output=1_000_000)
OPENAI = "https://api.openai.com/v1"
OPENROUTER = "https://openrouter.ai/api/v1"
GEMINI = "https://generativelanguage.googleapis.com/v1beta/openai/"


def test_input_and_output_have_prices_of_their_own() -> None:
    # gpt-4o-mini costs 0.15 dollars a million in, 0.60 out, and has done so since it came out.
    assert price("gpt-4o-mini", OPENAI, Tokens(input=1_000_000)) == pytest.approx(0.15)
    assert price("gpt-4o-mini", OPENAI, Tokens(output=1_000_000)) == pytest.approx(0.60)
    assert price("gpt-4o-mini", OPENAI, MILLION) == pytest.approx(0.75)
    assert price("gpt-4o-mini", OPENAI, Tokens()) == 0.0


def test_tokens_from_the_provider_s_cache_are_cheaper() -> None:
    assert price("gpt-4o-mini", OPENAI, Tokens(input=1_000_000, cached=400_000)) == pytest.approx(0.09 + 0.03)


def test_more_cached_tokens_than_tokens_are_all_of_them() -> None:
    assert price("gpt-4o-mini", OPENAI, Tokens(input=10, cached=99)) == price(
        "gpt-4o-mini", OPENAI, Tokens(input=10, cached=10)
    )


@pytest.mark.parametrize(
    ("model", "base_url"),
    [
        ("gpt-4o-mini", None),
        ("gpt-4o-mini-2024-07-18", OPENAI),
        ("gpt-4o-mini", "https://API.OpenAI.com/v1/"),
        ("gpt-4o-mini", "https://team.openai.azure.com/openai/v1"),
        ("openai/gpt-4o-mini", OPENROUTER),
        ("openai/gpt-4o-mini", OPENAI),
        ("openai/gpt-4o-mini", None),
    ],
)
def test_the_same_model_under_its_names(model: str, base_url: str | None) -> None:
    assert price(model, base_url, MILLION) == pytest.approx(0.75)


def test_whose_endpoint_it_is_decides() -> None:
    groq = price("llama-3.3-70b-versatile", "https://api.groq.com/openai/v1", MILLION)
    assert groq is not None
    assert groq > 0
    assert price("llama-3.3-70b-versatile", OPENAI, MILLION) is None
    assert price("gemini-2.5-flash", GEMINI, MILLION) == price("models/gemini-2.5-flash", GEMINI, MILLION) is not None


@pytest.mark.parametrize(
    ("model", "base_url"),
    [
        ("no-such-model", OPENAI),
        ("no-such-model", None),
        ("nobody/no-such-model", OPENROUTER),
        ("nobody/no-such-model", None),
        ("qwen.gguf", None),
        ("gpt-4o-mini", "https://llm.example.org/v1"),
        ("gpt-4o-mini", "http://192.168.1.7:8000/v1"),
        ("gpt-4o-mini", "http://[::1"),
        ("gpt-4o-mini", ""),
        ("whisper-1", OPENAI),  # priced by the minute: free it is not
        ("", None),
    ],
)
def test_what_has_no_known_price_has_none(model: str, base_url: str | None) -> None:
    assert price(model, base_url, MILLION) is None


@pytest.mark.parametrize(
    "base_url",
    [
        "http://127.0.0.1:8099/v1",
        "http://localhost:11434/v1",
        "http://LOCALHOST/v1",
        "http://[::1]:8080",
        "http://127.8.9.1",
        "http://0.0.0.0:8000/v1",
        "http://llama.localhost:1234",
        "localhost:8080/v1",
    ],
)
def test_one_s_own_machine_costs_nothing(base_url: str) -> None:
    assert price("gpt-4o-mini", base_url, MILLION) == 0.0
    assert price("models/qwen.gguf", base_url, MILLION) == 0.0


@pytest.mark.parametrize("base_url", ["https://localhost.example.org/v1", "https://127.0.0.1.example.org/v1"])
def test_a_host_that_only_looks_like_it_does_not(base_url: str) -> None:
    assert price("gpt-4o-mini", base_url, MILLION) is None


def test_the_free_models_of_openrouter() -> None:
    assert price("someone/some-model:free", OPENROUTER, MILLION) == 0.0
    assert price("someone/some-model:free", "https://llm.example.org/v1", MILLION) is None


# Counted with the tokeniser of Qwen, one of the dearest for digits.
COUNTED = [
    ("HR 0.63; 95% CI, 0.45-0.89", 23),
    ("NCT07919 NCT15838 NCT23757", 21),
    ("PHASE III TRIAL OF ZOLBETUXIMAB MEETS PRIMARY ENDPOINT IN CLDN18.2-POSITIVE GASTRIC CANCER", 34),
    ("At a median follow-up of 23.4 months, median progression-free survival was 16.6 months.", 25),
    ('{"names": ["zorvatinib"], "size": 412, "start": 1024, "end": 1067}', 36),
    ("该试验显示无进展生存期显著延长，总生存期数据尚未成熟。", 17),
]


@pytest.mark.parametrize(("text", "tokens"), COUNTED)
def test_the_estimate_is_not_below_what_was_counted(text: str, tokens: int) -> None:
    assert tokens <= estimate_tokens(text) <= 2.5 * tokens


def test_the_estimate_of_prose_is_about_a_quarter_of_its_characters() -> None:
    prose = (
        "The safety profile was consistent with earlier studies, and no new signals were seen in either group. " * 50
    )
    assert 1 / 5 <= estimate_tokens(prose) / len(prose) <= 1 / 3


def test_digits_are_dearer_than_letters() -> None:
    assert estimate_tokens("4" * 60) > 3 * estimate_tokens("a" * 60)


def test_the_empty_text_has_none() -> None:
    assert estimate_tokens("") == 0


@given(st.text(), st.text())
def test_more_text_is_never_fewer_tokens_by_more_than_a_seam(one: str, other: str) -> None:
    together = estimate_tokens(one + other)
    assert abs(together - estimate_tokens(one) - estimate_tokens(other)) <= 2
