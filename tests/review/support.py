"""Articles to review (their trials and drugs do not exist), and corrections of them by chance."""

from __future__ import annotations

import random
import re
from typing import Any

from summarizer.review.corrections import Correction, Operation, SelectedWords
from summarizer.review.tree import Entry, Tree, identify
from summarizer.review.vocabulary import FIELDS
from summarizer.schemas import Summary

TWO_TRIALS = """\
Examplinib doubles survival in LARKSPUR-1
The double-blind phase 3 LARKSPUR-1 trial (NCT01234567) enrolled 240 patients with advanced hepatocellular \
carcinoma. Median overall survival was 13.3 months with examplinib vs 8.2 months with placebo (HR, 0.62; 95% CI, \
0.50-0.77; P <.001). \
Objective responses were seen in 37.0% of patients.
In the phase 2 ORCHARD-2 trial, median progression-free survival was 6.1 months with belomertinib vs 4.0 months with \
docetaxel (HR, 0.71; 95% CI, 0.55-0.92; P = .009).
Data presented at the
The combination led to a pCR rate of 38.9%.
"""
HOSTILE = """\
<script>document.title = "owned"</script> & <img src=x onerror="document.title='owned'"> LARKSPUR-3
\u202eThe phase 3 LARKSPUR-3 trial\u202c \U0001f9ea showed a median overall survival of 21\u00b75 months with \
examplinib \U0001f48a versus 15\u00b72 months with placebo\u200b (hazard ratio 0\u00b768; 95% CI \
0\u00b754\u20130\u00b785; p=0\u00b70004). </script><!-- ]]>
${title} $data {{7*7}} \u2028 javascript:alert(1)
"""
ARTICLES = {
    "deep/hostile.txt": HOSTILE,
    "two-trials.txt": TWO_TRIALS,
    "unrelated.txt": "The company will hold its annual meeting of shareholders in June.\n",
}

_REVIEWERS = ("Ada", "Ben")


class Chance:
    """Corrections by chance: many fit, some don't, some contradict."""

    def __init__(self, summary: Summary, text: str, seed: int) -> None:
        self.random = random.Random(seed)  # noqa: S311 - tests must repeat
        self.summary = summary
        self.text = text
        self.tree = Tree(summary)
        self.made: list[Correction] = []

    def corrections(self, number: int) -> list[Correction]:
        for _ in range(number):
            self.made.append(self._one())
        return self.made

    def _one(self) -> Correction:
        make = self.random.choice(
            [self._leaf, self._leaf, self._leaf, self._record, self._item, self._addition, self._move, self._withdrawal]
        )
        values = make()
        spans = values.pop("spans", [])
        pointer = values.get("pointer", "")
        return Correction(
            id=f"c{self.random.getrandbits(64):016x}",
            article=self.summary.source.sha256,
            reviewer=self.random.choice(_REVIEWERS),
            time="2026-01-01T00:00:00Z",
            record=self._identity(pointer),
            spans=spans,
            **values,
        )

    def _identity(self, pointer: str) -> list[Any] | None:
        at = pointer
        while at and (at not in self.tree.entries or not self.tree.entries[at].kind):
            at = at.rpartition("/")[0]
        found = identify(self.tree, self.tree.entries[at]) if at else None
        return [*found[:-1], -1] if found and self.random.random() < 0.03 else found

    def _entries(self, *, records: bool) -> list[Entry]:
        return [entry for entry in self.tree.entries.values() if bool(entry.kind) is records]

    def _leaf(self) -> dict[str, Any]:
        entry = self.random.choice(self._entries(records=True))
        name = self.random.choice(list(entry.leaves))
        standing = entry.leaves[name]
        operations = [Operation.ADD] if standing is None else [Operation.EDIT, Operation.DELETE, Operation.ACCEPT]
        operation = self.random.choice(operations)
        spans = self._spans()
        value = self._value(FIELDS[entry.kind][name], spans) if operation in {Operation.ADD, Operation.EDIT} else None
        before = standing if self.random.random() > 0.03 else "something else"
        pointer = f"{entry.address}/{name}"
        return {"operation": operation, "pointer": pointer, "before": before, "value": value, "spans": spans}

    def _record(self) -> dict[str, Any]:
        entry = self.random.choice(self._entries(records=True))
        if self.random.random() < 0.4:
            return {"operation": Operation.ACCEPT, "pointer": self.random.choice([entry.address, ""])}
        return {"operation": Operation.DELETE, "pointer": entry.address, "before": _content(entry)}

    def _item(self) -> dict[str, Any]:
        items = self._entries(records=False)
        if not items:
            return self._record()
        entry = self.random.choice(items)
        operation = self.random.choice([Operation.EDIT, Operation.DELETE, Operation.ACCEPT])
        value = self.random.choice(["PHASE2", "placebo", "examplinib 7 mg"]) if operation is Operation.EDIT else None
        values = {"operation": operation, "pointer": entry.address, "before": entry.leaf, "value": value}
        return values | {"spans": self._spans()}

    def _addition(self) -> dict[str, Any]:
        spans = self._spans()
        words = spans[0].text
        number = self._number(words)
        pointer, value = self.random.choice(
            [
                ("/trials/0/phases/-", "PHASE2"),
                ("/trials/0/aliases/-", words),
                ("/trials/0/results/-", {"endpoint": "OS", "statistic": "MEDIAN", "value": number, "unit": "months"}),
                ("/unattributed_results/-", {"endpoint": "ORR", "statistic": "RATE", "value": number}),
                ("/trials/0/arms/-", {"role": "EXPERIMENTAL", "interventions": ["examplinib", "placebo"]}),
                ("/trials/-", {"name": words, "focus": "SUPPORTING"}),
                ("/truncations/-", {"text": words, "kind": "GAP"}),
            ]
        )
        operation = Operation.MARK_TRUNCATION if pointer == "/truncations/-" else Operation.ADD
        return {"operation": operation, "pointer": pointer, "value": value, "spans": spans}

    def _move(self) -> dict[str, Any]:
        results = [entry for entry in self._entries(records=True) if entry.kind == "result"]
        if not results:
            return self._record()
        entry = self.random.choice(results)
        target = self.random.choice(["/trials/0/results", "/trials/1/results", "/unattributed_results", "/truncations"])
        return {"operation": Operation.MOVE, "pointer": entry.address, "before": _content(entry), "value": target}

    def _withdrawal(self) -> dict[str, Any]:
        if not self.made:
            return self._leaf()
        earlier = self.random.choice(self.made)
        return {"operation": Operation.WITHDRAW, "pointer": earlier.pointer, "withdraws": earlier.id}

    def _spans(self) -> list[SelectedWords]:
        words = list(re.finditer(r"\S+", self.text))
        at = self.random.randrange(len(words))
        last = words[min(len(words) - 1, at + self.random.randrange(4))]
        start = words[at].start() + (self.random.random() < 0.1)
        end = max(last.end() - (self.random.random() < 0.1), start + 1)
        return [SelectedWords(start=start, end=end, text=self.text[start:end])]

    def _number(self, words: str) -> float:
        printed = re.findall(r"\d+(?:[.\u00b7]\d+)?", words)
        found = float(self.random.choice(printed).replace("\u00b7", ".")) if printed else 42.0
        return found if self.random.random() > 0.1 else -found

    def _value(self, field: Any, spans: list[SelectedWords]) -> Any:
        words = spans[0].text
        match field.kind:
            case "choice":
                return self.random.choice([*field.choices, "NONE OF THEM"])
            case "constant":
                return self.random.choice([field.constant, not field.constant])
            case "integer":
                number = self._number(words)
                return int(number) if number.is_integer() else number
            case "number":
                return self._number(words)
            case _:
                return self.random.choice([words, f"{words} 99", "12 months", "PFS2", "", "<0.001"])


def _content(entry: Entry) -> Any:
    if not entry.kind:
        return entry.leaf
    lists = {name: [_content(each) for each in held] for name, held in entry.lists.items()}
    return {name: lists.get(name, entry.leaves.get(name)) for name in FIELDS[entry.kind]}
