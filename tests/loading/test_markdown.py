"""Markdown: marks go, words and numbers stay."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from summarizer.errors import EmptyInputError
from summarizer.loading import article_from_markdown, load_article

if TYPE_CHECKING:
    from tests.loading.conftest import Write

DOCUMENT = """\
# Zelomib wins in [lung cancer](https://a.org/b_(c))

Data *presented* at the [2024 **European** _Congress_](/esmo "title") of [LUMEN-12][1] show
a benefit ![plot](a.png)(HR, 0.62; *P* <.001).

Data presented at the

A

## Safety

- Rash: [12%](https://a.org)
- Fever
  - grade 3: __4%__
1. First
2. Second

| End point | Zelomib | Placebo |
|-----------|:-------:|--------:|
| [PFS](x.html) | **13.3** | 8.2 |
| OS | | 22.8 |

> “Quoted,” she said.

```
code 0.5
```

<div>A block of <a href="x">HTML</a></div>

***

[1]: https://a.org/lumen
"""
TEXT = """\
Zelomib wins in lung cancer

Data presented at the 2024 European Congress of LUMEN-12 show
a benefit (HR, 0.62; P <.001).

Data presented at the

A

Safety

- Rash: 12%
- Fever
  - grade 3: 4%

1. First
2. Second

End point | Zelomib | Placebo
PFS | 13.3 | 8.2
OS |  | 22.8

“Quoted,” she said.

code 0.5

A block of HTML"""


def test_a_document(write: Write) -> None:
    article = load_article(write("a.md", DOCUMENT))
    assert article.text == TEXT
    assert article.title == "Zelomib wins in lung cancer"
    assert article.notes == ()


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("HR 0.62[0.50-0.77](P=.003)", "HR 0.62[0.50-0.77](P=.003)"),
        ("[37.0%](n=10/27)", "[37.0%](n=10/27)"),
        ("[x](P<.001)", "[x](P<.001)"),
        ("results from the trial () showed", "results from the trial () showed"),
        ("the [LUMEN-12]() trial", "the LUMEN-12 trial"),
        ("[a](http://x.y), [b](//x.y), [c](x/y), [d](#z), [e](x.html), [f](doi:10.1/2)", "a, b, c, d, e, f"),
        ("10*5 and 6*7", "10*5 and 6*7"),
        ("2*.5*3", "2*.5*3"),
        ("**0.62**, *P* <.001; ***bold***", "0.62, P <.001; bold"),
        ("a\\*b and 5 \\< 6 and &lt; &amp;", "a*b and 5 < 6 and < &"),
        ("snake_case_name and 5 * 3 * 2", "snake_case_name and 5 * 3 * 2"),
        ("> 10% of patients", "> 10% of patients"),
        ("2024. A year ends", "2024. A year ends"),
        ("-1.31 is a change", "-1.31 is a change"),
        ("0.62<sup>1</sup>, m<sup>2</sup>, 10<sup>9</sup>/L", "0.62¹, m2, 10⁹/L"),
        ("HR 0.62[1](#ref1) and [2](#ref2)", "HR 0.62¹ and 2"),
        ("one<br>two  \nthree", "one\ntwo\nthree"),
        ("<span>in <b>inline</b></span> tags", "in inline tags"),
        ("<!-- comment -->\n\ntext", "text"),
        ("text <https://a.org/b>", "text https://a.org/b"),
        ("`P <.001`", "P <.001"),
        ("0`5` and 12.\n\n12.", "0`5` and 12.\n12."),
        ("``` 0.62 here\n0.63\n```", " 0.62 here\n0.63"),
        ("``` python\n0.63\n```", "0.63"),
        ("* star\n+ plus", "* star\n+ plus"),
    ],
)
def test_pieces(source: str, text: str) -> None:
    article = article_from_markdown(source)
    assert article.text == text or article.text.replace("\n\n", "\n") == text


def test_front_matter() -> None:
    source = "---\ntitle: 'Zelomib: approved'\ndate: 2024-10-20\nurl: https://a.org\n---\nThe FDA approved it."
    article = article_from_markdown(source)
    assert article.text == "Zelomib: approved\n\nThe FDA approved it."
    assert (article.title, article.url) == ("Zelomib: approved", "https://a.org")
    assert article.published == "2024-10-20"
    assert article.notes == ("front matter taken out of the text", "headline put before the text")


def test_deep_nesting_loses_nothing() -> None:
    assert "deep 0.62" in article_from_markdown("> " * 60 + "deep 0.62").text
    assert "deep 0.62" in article_from_markdown("- " * 60 + "deep 0.62").text


def test_mojibake_behind_entities() -> None:
    article = article_from_markdown("0.50&acirc;&euro;&ldquo;0.77")
    assert article.text == "0.50–0.77"
    assert "mojibake repaired in 1 line" in article.notes


def test_nothing_but_marks() -> None:
    with pytest.raises(EmptyInputError):
        article_from_markdown("---\n\n***\n")


# Without letters, `/` and `:` nothing is a tag, an address or a definition, whose numbers go with them.
@settings(deadline=None)  # the first example imports what the others use
@given(st.text(alphabet="0123456789 .,*_[]()<>=%-+|#~!&;é`'\n\\", min_size=1, max_size=80))
def test_numbers_stay_as_they_are(source: str) -> None:
    try:
        text = article_from_markdown(source).text
    except EmptyInputError:
        text = ""
    assert re.findall("[0-9]+", text) == re.findall("[0-9]+", source)


@pytest.mark.parametrize("unit", ["[", "*a ", "a*b*", "![", "`a``", "<a ", "> ", "[x](y ", "5<sup>2</sup>"])
def test_time_is_linear(unit: str) -> None:
    started = time.process_time()
    try:
        article_from_markdown("Text.\n\n" + unit * (100_000 // len(unit)))
    finally:
        assert time.process_time() - started < 5
