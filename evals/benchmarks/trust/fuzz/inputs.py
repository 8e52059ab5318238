"""Inputs for each target: right in shape more often than not, so that they get past the first check."""

from __future__ import annotations

import copy
import gzip
import json
import random
from collections.abc import Iterator, Sequence
from typing import Any

from .mutations import HOSTILE_TOKENS, Mutator
from .targets import SUFFIXES

_TAGS = (
    *("p", "div", "table", "tr", "td", "a", "b", "sup", "script", "style", "ul", "li", "article", "x-y", "svg", "math"),
    *("template", "iframe", "noscript", "title", "br", "!--", "base", "meta", "plaintext", "select", "frameset"),
)
_RECORD_KEYS = ("text", "title", "html", "url", "published", "id", "content", "body", "data", "items", "keywords")
_LINE_KEYS = (
    *("phases", "status", "arm", "enrollment", "endpoint", "event", "results", "timepoint", "subgroup", "quote"),
    *("aliases", "sponsors", "conditions", "masking", "biomarkers", "registrational", ""),
)
_LINE_VALUES = (
    *("PHASE3", "EXPERIMENTAL a + b", "PRIMARY overall survival", "APPROVAL", "DOUBLE", "true", "24 months"),
    *("COMPLETED", ""),
)
_ODD_VALUES: tuple[Any, ...] = (
    *(None, True, -1, 0, 1.5, 10**40, 1e308, float("nan"), "", "1", "\ud800", "\0", "\u202e", [], {}, [[]], {"a": 1}),
    *([None], "MAIN", "2024-13-45", "9" * 5_000),
)
_SCRATCHES = ("", '"', "}", "[" * 2_000, "\\ud800", "NaN", "1e999", "\0", ",,", "\\u0000", "-", "9" * 5_000)


class Inputs:
    """Makes inputs.

    Args:
        chance: Source of chance.
        texts: Texts to start from.
        records: Summaries and labels as JSON, to start from.
    """

    def __init__(self, chance: random.Random, texts: Sequence[str], records: Sequence[str]) -> None:
        self._chance = chance
        self._mutator = Mutator(chance, texts)
        self._records = records

    def of(self, target: str) -> Iterator[bytes]:
        """Inputs of a target, without end."""
        made = {"loader": self._file, "answers": self._answer, "records": self._record}.get(target, self._text)
        while True:
            yield made()

    def _text(self) -> bytes:
        return self._mutator.text().encode("utf-8", "surrogatepass")

    def _file(self) -> bytes:
        """The number of a file's ending, then text, a page, a record or lines of them, now and then packed."""
        ending = self._chance.randrange(len(SUFFIXES))
        suffix = SUFFIXES[ending]
        data = self._mutator.raw()
        if "json" in suffix and self._chance.random() < 0.8:
            lines = [self._article_record() for _ in range(self._chance.randint(1, 4))]
            data = "\n".join(lines).encode("utf-8", "surrogatepass")
        elif "html" in suffix and self._chance.random() < 0.8:
            data = self._page().encode("utf-8", "surrogatepass")
        if suffix.endswith(".gz") and self._chance.random() < 0.8:
            data = self._damaged(gzip.compress(data, 1))
        return bytes([ending]) + data

    def _damaged(self, data: bytes) -> bytes:
        if self._chance.random() < 0.6:
            return data
        place = self._chance.randrange(len(data))
        noise = self._chance.randbytes(self._chance.randint(0, 4))
        return data[:place] + noise + data[place + self._chance.randint(0, 9) :]

    def _page(self) -> str:
        """A text with tags at random places, few of them closed."""
        text = self._mutator.text()
        for _ in range(self._chance.randint(1, 60)):
            place = self._chance.randint(0, len(text))
            tag = self._chance.choice(_TAGS)
            marks = (
                f"<{tag}>",
                f"</{tag}>",
                f"<{tag} id='",
                f"<{tag}/>",
                "<",
                "&",
                self._chance.choice(HOSTILE_TOKENS),
            )
            text = text[:place] + self._chance.choice(marks) + text[place:]
        return f"<html><body>{text}"

    def _article_record(self) -> str:
        count = self._chance.randint(0, 6)
        odd = {self._chance.choice(_RECORD_KEYS): self._chance.choice(_ODD_VALUES) for _ in range(count)}
        return self._written(odd | {self._chance.choice(("text", "html", "body")): self._mutator.text()})

    def _answer(self) -> bytes:
        """The number of an article, then a model's answer on it."""
        trials = [
            {"n": self._words(), "s": self._numbers(), "m": self._chance.random() < 0.5, "f": self._lines()}
            for _ in range(self._chance.randint(0, 4))
        ]
        trial = self._chance.choice((None, 0, 1, 9, -1))
        link = {"e": self._numbers(), "t": trial, "a": self._chance.choice((None, 0, -1)), "p": self._words()}
        quote = {"q": self._words(), "s": self._chance.choice((0, -1, 3)), "t": trial}
        answer: Any = {"t": trials, "r": [link], "q": [quote]}
        if self._chance.random() < 0.3:
            self._replace_leaf(answer)
        return self._chosen() + self._written(answer).encode("utf-8", "surrogatepass")

    def _record(self) -> bytes:
        """The number of a model, then JSON of a real record with values that are not its own."""
        record: Any = json.loads(self._chance.choice(self._records))
        for _ in range(self._chance.randint(0, 6)):
            self._replace_leaf(record)
        kind = b"\0" if "schema_version" in record else b"\1"
        return kind + self._written(record).encode("utf-8", "surrogatepass")

    def _replace_leaf(self, value: Any) -> None:  # noqa: ANN401 - any JSON
        """Put an odd value, or nothing, where a leaf or a branch was."""
        while isinstance(value, dict | list) and value:
            keys = list(value) if isinstance(value, dict) else list(range(len(value)))
            key = self._chance.choice(keys)
            below = value[key]
            if not isinstance(below, dict | list) or not below or self._chance.random() < 0.15:
                value[key] = copy.deepcopy(self._chance.choice(_ODD_VALUES))
                return
            value = below

    def _lines(self) -> list[str]:
        return [self._line() for _ in range(self._chance.randint(0, 8))]

    def _line(self) -> str:
        kinds = self._chance.sample("@CES", self._chance.randint(0, 3))
        marks = " ".join(f"{kind}{','.join(map(str, self._numbers()))}" for kind in kinds)
        value = self._chance.choice((self._chance.choice(_LINE_VALUES), self._words()))
        return f"{self._chance.choice(_LINE_KEYS)} {value} {marks}"

    def _words(self) -> str:
        text = self._mutator.text()
        start = self._chance.randint(0, len(text))
        return text[start : start + self._chance.randint(1, 60)]

    def _numbers(self) -> list[int]:
        return [self._chance.choice((0, 1, 2, 5, 40, -1, 10**6, 10**40)) for _ in range(self._chance.randint(0, 3))]

    def _chosen(self) -> bytes:
        return bytes([self._chance.randrange(256)])

    def _written(self, value: object) -> str:
        """JSON, one time in four with a character too many, too few or changed."""
        source = json.dumps(value, ensure_ascii=self._chance.random() < 0.5)
        if self._chance.random() < 0.75:
            return source
        place = self._chance.randrange(len(source))
        return source[:place] + self._chance.choice(_SCRATCHES) + source[place + self._chance.randint(0, 2) :]
