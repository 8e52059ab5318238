"""What a call costs: prices from the data that ship with genai-prices, and an offline estimate of tokens.

Nothing here reaches the network: genai-prices fetches newer prices only for those who start its ``UpdatePrices``,
and nobody here does. A price is as old as the installed release.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from summarizer.schemas import Tokens

__all__ = ["BATCH_FACTOR", "estimate_tokens", "is_own_machine", "price"]

BATCH_FACTOR = 0.5
"""What a token costs in a provider's batch, as a part of its price: "each model will be offered at 50% cost discount
vs. the synchronous APIs" (https://help.openai.com/en/articles/9197833-batch-api-faq)."""

_PIECE = re.compile(
    r"""
      [A-Z]?[a-z]{1,5}                      # ordinary words are one token, long and rare ones are split
    | [A-Z]{1,2}                            # capitals are mostly abbreviations, which are split finely
    | [0-9]                                 # Qwen and Llama-2 give every digit a token; GPT groups up to three
    | [ ](?=[0-9])                          # the blank before a number does not join it
    | (?P<mark>[!-/:-@\[-`{-~])(?P=mark){0,3}
    | \s{2,16} | [^\S ]                     # indentation and line ends; a single blank joins the next word
    """,
    re.VERBOSE,
)
_BEYOND_ASCII = re.compile(r"[^\x00-\x7f]+")


def price(model: str, base_url: str | None, tokens: Tokens) -> float | None:
    """Price of one call in US dollars; None when the price of the model is not known.

    Tokens that the provider served from its cache are priced apart. Some providers charge more beyond a length of
    context, so that the price of several calls is the sum of their prices, not the price of their sum.

    Args:
        model: Model name as the endpoint is asked for it, ``gpt-4o-mini`` or ``openai/gpt-4o-mini``.
        base_url: Address of the endpoint, which decides whose price it is; None looks by the model's name alone.
        tokens: Tokens of the call.
    """
    address = None if base_url is None else _normalise(base_url)
    if address is not None and (is_own_machine(address) or _is_free_at_openrouter(model, address)):
        return 0.0
    for provider, name in _candidates(model, address):
        found = _calculate(name, provider, address, tokens)
        if found is not None:
            return found
    return None


def is_own_machine(base_url: str) -> bool:
    """Whether an address is this machine itself: what runs there is paid with electricity."""
    host = urlsplit(_normalise(base_url)).hostname or ""
    name = host.rstrip(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        address = ip_address(name)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def estimate_tokens(text: str) -> int:
    """How many tokens a text has, about, and rarely fewer than that.

    Real tokenisers are downloads of their own, one for each family of models. English has about four characters a
    token, but the news of trials has three: every digit may be a token, abbreviations and drug names are split. So
    pieces are counted: up to five letters of a word, two capitals, a digit, a mark; two bytes beyond ASCII are one.

    Measured against the tokeniser of Qwen (one of the dearest for digits): 1.07 to 1.38 times the truth on the 47
    built-in articles, 1.1 to 1.5 on JSON and JSON Schema, 1.2 to 3 on other scripts. Below the truth, by a tenth to a
    half, only on German compounds, bare lists of drug names and letters without a blank.
    """
    ascii_pieces = sum(1 for _ in _PIECE.finditer(text))
    beyond = sum((len(match[0].encode("utf-8", "surrogatepass")) + 1) // 2 for match in _BEYOND_ASCII.finditer(text))
    return ascii_pieces + beyond


def _normalise(base_url: str) -> str:
    """The address as genai-prices matches it: scheme and host in small letters, no user; empty for no address."""
    whole = base_url.strip()
    try:
        parts = urlsplit(whole if "//" in whole else f"https://{whole}")
    except ValueError:  # an open bracket: whoever makes the request has to complain
        return ""
    return parts._replace(netloc=parts.netloc.rpartition("@")[2].lower()).geturl()


def _is_free_at_openrouter(model: str, address: str) -> bool:
    """The data list some of these models, without any price, which is what an unknown price looks like too."""
    host = urlsplit(address).hostname or ""
    return model.endswith(":free") and (host == "openrouter.ai" or host.endswith(".openrouter.ai"))


def _candidates(model: str, address: str | None) -> Iterator[tuple[str | None, str]]:
    """Provider (None: by the address or the name) and model name, the closest match first.

    OpenRouter lists ``openai/gpt-4o-mini`` as it is; elsewhere the part before the slash is the provider
    (``openai/``), or a word of the endpoint's own (Gemini's ``models/``).
    """
    yield None, model
    prefix, slash, rest = model.partition("/")
    if slash and address is not None:
        yield None, rest
    elif slash:
        yield prefix, rest


def _calculate(model: str, provider: str | None, address: str | None, tokens: Tokens) -> float | None:
    from genai_prices import Usage, calc_price  # noqa: PLC0415 - 0.4 s, and free models need none of it

    usage = Usage(
        input_tokens=tokens.input,
        cache_read_tokens=min(tokens.cached, tokens.input),  # more would be the provider's mistake, and an error
        output_tokens=tokens.output,
    )
    try:
        if provider is None:
            found = calc_price(usage, model, provider_api_url=address)
        else:
            found = calc_price(usage, model, provider_id=provider)
    except (LookupError, ValueError):
        return None
    # A model that is priced by the minute or the image has no price for text, and would look free.
    has_price = found.model_price.input_mtok is not None and found.model_price.output_mtok is not None
    return float(found.total_price) if has_price else None
