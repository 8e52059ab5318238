"""A toy article with its labels, and builders that take what a gold file would say.

The trial, the drugs and every figure are made up.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from summarizer.evaluation.scoring import CaseScore, score_case
from summarizer.schemas import GoldCase, Run, Source, Summary, Tokens

ARTICLE = """Examplinib helps in made-up disease

Examplinib plus placeholderine kept patients with advanced toyoma well in the double-blind phase 3 LANTERN-2
trial (NCT00000001), which randomised 320 people to examplinib (n = 160) or placebo (n = 160). Median PFS was
13.3 months (95% CI, 11.2-15.9) with examplinib and 8.2 months with placebo (HR, 0.62; 95% CI, 0.49-0.80;
P <.001). Median OS was not reached with examplinib. At 24 months, 61% were alive; in patients with a score of
at least 5 it was 70%. The ORR was 44% (70 of 160) by independent review. The primary endpoint was PFS.
Results were shown at the

Among 40 patients with follow-up, the response rate was 35%.

LANTERN-1, a phase 2 study, had enrolled 90 patients with advanced toyoma.
The FDA approved examplinib in June 2021 and
"""

GOLD: dict[str, Any] = {
    "case": "toy",
    "trials": [
        {
            "name": "LANTERN-2",
            "registry_ids": ["NCT00000001"],
            "focus": "MAIN",
            "phases": ["PHASE3"],
            "allocation": "RANDOMIZED",
            "masking": "DOUBLE",
            "intervention_model": "PARALLEL",
            "conditions": ["advanced toyoma"],
            "enrollment": 320,
            "enrollment_type": "ACTUAL",
            "arms": [
                {"role": "EXPERIMENTAL", "interventions": ["examplinib", "placeholderine"], "n": 160},
                {"role": "PLACEBO_COMPARATOR", "interventions": ["placebo"], "n": 160},
            ],
            "endpoints": [{"endpoint": "PFS", "rank": "PRIMARY"}],
            "results": [
                {
                    "endpoint": "PFS",
                    "statistic": "MEDIAN",
                    "value": 13.3,
                    "unit": "months",
                    "ci_low": 11.2,
                    "ci_high": 15.9,
                    "ci_level": 95,
                    "arm": "examplinib + placeholderine",
                    "alternatives": {"arm": ["examplinib"]},
                },
                {"endpoint": "PFS", "statistic": "MEDIAN", "value": 8.2, "unit": "months", "arm": "placebo"},
                {
                    "endpoint": "PFS",
                    "statistic": "HAZARD_RATIO",
                    "value": 0.62,
                    "ci_low": 0.49,
                    "ci_high": 0.80,
                    "ci_level": 95,
                    "p_value": "<0.001",
                },
                {
                    "endpoint": "OS",
                    "statistic": "MEDIAN",
                    "reached": False,
                    "arm": "examplinib + placeholderine",
                },
                {"endpoint": "OS", "statistic": "RATE", "value": 61, "unit": "%", "timepoint": "24 months"},
                {
                    "endpoint": "OS",
                    "statistic": "RATE",
                    "value": 70,
                    "unit": "%",
                    "timepoint": "24 months",
                    "subgroup": "score ≥5",
                    "alternatives": {"subgroup": ["patients with a score of at least 5"]},
                },
                {
                    "endpoint": "ORR",
                    "statistic": "RATE",
                    "value": 44,
                    "unit": "%",
                    "numerator": 70,
                    "denominator": 160,
                    "assessor": "INDEPENDENT",
                },
            ],
        },
        {
            "name": "LANTERN-1",
            "focus": "SUPPORTING",
            "phases": ["PHASE2"],
            "conditions": ["advanced toyoma"],
            "enrollment": 90,
            "enrollment_type": "ACTUAL",
            "regulatory_events": [{"agency": "FDA", "action": "APPROVAL", "date": "2021-06"}],
        },
    ],
    "unattributed_results": [{"endpoint": "ORR", "statistic": "RATE", "value": 35, "unit": "%"}],
    "truncations": [
        {"text": "Results were shown at the", "kind": "CUT_SENTENCE"},
        {"text": "Among 40 patients with follow-up, the response rate was 35%.", "kind": "LOST_ANTECEDENT"},
        {"text": "The FDA approved examplinib in June 2021 and", "kind": "CUT_END"},
    ],
}

Records = dict[str, Any]


def without_alternatives(value: Any) -> Any:
    """What a prediction that agrees with a gold file would say."""
    if isinstance(value, dict):
        return {key: without_alternatives(each) for key, each in value.items() if key not in {"alternatives", "case"}}
    return [without_alternatives(each) for each in value] if isinstance(value, list) else value


def build_summary(records: Records) -> Summary:
    """A summary that holds the records and nothing else."""
    return Summary.model_validate(
        {
            **without_alternatives(records),
            "source": Source(sha256="0" * 64, characters=0),
            "run": Run(engine="toy", engine_reason="test", tokens=Tokens(input=5, output=2), cost=0.25),
        }
    )


@pytest.fixture
def article() -> str:
    return ARTICLE


@pytest.fixture
def gold() -> Records:
    """The toy labels, to be changed at will."""
    return copy.deepcopy(GOLD)


@pytest.fixture
def prediction() -> Records:
    """A prediction that is right, to be changed at will."""
    records: Records = without_alternatives(copy.deepcopy(GOLD))
    return records


@pytest.fixture
def make_summary() -> Callable[[Records], Summary]:
    return build_summary


@pytest.fixture
def score() -> Callable[..., CaseScore]:
    """Score records against labels, both as a gold file would say them."""

    def run(labels: Records, records: Records, text: str = ARTICLE) -> CaseScore:
        return score_case(GoldCase.model_validate({"case": "toy", **labels}), build_summary(records), text)

    return run


@pytest.fixture
def score_trial(score: Callable[..., CaseScore]) -> Callable[..., CaseScore]:
    """Score one trial against one labelled trial of the same name."""

    def run(labels: Records, records: Records) -> CaseScore:
        common = {"name": "LANTERN-2", "focus": "MAIN"}
        return score({"trials": [{**common, **labels}]}, {"trials": [{**common, **records}]})

    return run


@pytest.fixture
def score_row(score_trial: Callable[..., CaseScore]) -> Callable[..., CaseScore]:
    """Score one result against one labelled result of the same core."""

    def run(labels: Records, records: Records) -> CaseScore:
        core = {"endpoint": "OS", "statistic": "RATE", "value": 61.0, "unit": "%"}
        return score_trial({"results": [{**core, **labels}]}, {"results": [{**core, **records}]})

    return run


@pytest.fixture
def case_folder(tmp_path: Path) -> Callable[..., Path]:
    """Write case folders, and return the folder that they are in."""

    def make(count: int = 1, labels: Records | None = None, text: str = ARTICLE) -> Path:
        for index in range(count):
            folder = tmp_path / "cases" / f"toy-{index:02}"
            folder.mkdir(parents=True)
            (folder / "article.txt").write_text(text, encoding="utf-8")
            content = {**copy.deepcopy(labels or GOLD), "case": folder.name}
            (folder / "gold.json").write_text(json.dumps(content), encoding="utf-8")
        return tmp_path / "cases"

    return make
