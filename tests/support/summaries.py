"""A summary made by hand, for what shows and exports summaries; its trial and drugs do not exist."""

from __future__ import annotations

import hashlib

from summarizer.schemas import (
    Allocation,
    Analysis,
    Arm,
    ArmRole,
    DeclaredEndpoint,
    EndpointRank,
    EnrollmentType,
    Flag,
    Focus,
    Masking,
    Phase,
    RegulatoryAction,
    RegulatoryEvent,
    Rejection,
    Result,
    Run,
    Setting,
    Severity,
    Source,
    Span,
    Statistic,
    Status,
    Summary,
    Support,
    TrialRecord,
    Truncation,
    TruncationKind,
)

TEXT = """\
Examplinib doubles survival in LARKSPUR-1
The phase 3 LARKSPUR-1 trial enrolled 240 patients. Median OS was 13.3 months with examplinib vs 8.2 months \
with placebo (HR, 0.62; 95% CI, 0.50-0.77; P <.001).
Objective responses were seen in 10 of 27 patients (37.0%).
Data presented at the
The combination led to a pCR rate of 38.9%.
"""


def span_of(passage: str, text: str = TEXT, support: Support = Support.QUOTED) -> Span:
    start = text.index(passage)
    return Span(start=start, end=start + len(passage), text=passage, support=support)


def make_trial(**changes: object) -> TrialRecord:
    values: dict[str, object] = {
        "name": "LARKSPUR-1",
        "aliases": ["EXA-301"],
        "registry_ids": ["NCT00000000"],
        "focus": Focus.MAIN,
        "sponsors": ["Example Therapeutics"],
        "phases": [Phase.PHASE3],
        "status": Status.ACTIVE_NOT_RECRUITING,
        "allocation": Allocation.RANDOMIZED,
        "masking": Masking.DOUBLE,
        "multicenter": True,
        "conditions": ["advanced examploma"],
        "biomarkers": ["EXA1-positive"],
        "settings": [Setting.FIRST_LINE],
        "prior_therapies": ["surgery"],
        "enrollment": 240,
        "enrollment_type": EnrollmentType.ACTUAL,
        "arms": [
            Arm(role=ArmRole.EXPERIMENTAL, interventions=["examplinib", "chemotherapy"], n=120),
            Arm(role=ArmRole.PLACEBO_COMPARATOR, interventions=["placebo"], n=None),
        ],
        "endpoints": [DeclaredEndpoint(endpoint="OS", rank=EndpointRank.PRIMARY)],
        "results": [
            Result(
                endpoint="OS",
                statistic=Statistic.MEDIAN,
                value=13.3,
                value_text="13.3 months",
                unit="months",
                arm="examplinib",
            ),
            Result(
                endpoint="OS",
                statistic=Statistic.HAZARD_RATIO,
                value=0.62,
                value_text="0.62",
                ci_low=0.5,
                ci_high=0.77,
                ci_level=95,
                p_value="<0.001",
                analysis=Analysis.INTERIM,
            ),
            Result(
                endpoint="ORR",
                statistic=Statistic.RATE,
                value=37.0,
                value_text="37.0%",
                unit="%",
                numerator=10,
                denominator=27,
                subgroup="EXA1-positive",
            ),
        ],
        "regulatory_events": [RegulatoryEvent(agency="FDA", action=RegulatoryAction.FAST_TRACK, date="2025-06-11")],
        "presented_at": ["ESMO Congress 2025"],
    }
    return TrialRecord.model_validate(values | changes)


def make_summary(**changes: object) -> Summary:
    values: dict[str, object] = {
        "source": Source(
            name="folder/larkspur.txt",
            title="Examplinib doubles survival in LARKSPUR-1",
            published="2025-10-19",
            sha256=hashlib.sha256(TEXT.encode()).hexdigest(),
            characters=len(TEXT),
        ),
        "trials": [make_trial()],
        "unattributed_results": [
            Result(endpoint="pCR", statistic=Statistic.RATE, value=38.9, value_text="38.9%", unit="%")
        ],
        "truncations": [Truncation(text="Data presented at the", kind=TruncationKind.CUT_SENTENCE)],
        "evidence": {
            "/trials/0/name": [span_of("LARKSPUR-1")],
            "/trials/0/results/0/value": [span_of("13.3", support=Support.NUMBER)],
            "/trials/0/results/1/value": [span_of("0.62", support=Support.NUMBER)],
            "/trials/0/results/2/value": [span_of("37.0", support=Support.NUMBER)],
            "/unattributed_results/0/value": [span_of("38.9", support=Support.NUMBER)],
        },
        "rejected": [
            Rejection(
                pointer="/trials/0/phases/1",
                value="PHASE2",
                reason="not in the text",
                sentences=[1],
            )
        ],
        "flags": [
            Flag(
                code="ci-excludes-estimate",
                severity=Severity.WARNING,
                pointer="/trials/0/results/1/ci_low",
                message="The interval does not hold the estimate.",
            )
        ],
        "run": Run(engine="rules", engine_reason="by default"),
    }
    return Summary.model_validate(values | changes)


HOSTILE = (
    "\x1b[31mred\x1b[0m\x1b[2J\x1b]8;;https://evil.example\x07x \x9b31m\x08\x00 [bold]b[/bold] [/] :smile: "
    "\u202etxt.exe\u202c \u2066i\u2069 \u200b\ufeff a|b `c` <script>alert(1)</script> **d** _e_ "
    "[f](https://evil.example) ![g](x) ~~h~~ &lt; $i$\r\n# heading\n- item\u2028\u2029\x85\U000e0041 end"
)
"""What an article may hold to act on a terminal, on Markdown or on a browser."""


def make_hostile_summary() -> Summary:
    """A summary with hostile text in every field that holds text of the article."""
    trial = make_trial(
        **dict.fromkeys(("name",), HOSTILE),
        **{
            name: [HOSTILE]
            for name in (
                "aliases",
                "registry_ids",
                "sponsors",
                "conditions",
                "biomarkers",
                "prior_therapies",
                "presented_at",
            )
        },
        arms=[Arm(role=ArmRole.EXPERIMENTAL, interventions=[HOSTILE, HOSTILE])],
        endpoints=[DeclaredEndpoint(endpoint=HOSTILE, rank=EndpointRank.PRIMARY)],
        regulatory_events=[RegulatoryEvent(agency=HOSTILE, action=RegulatoryAction.APPROVAL, date=HOSTILE)],
    )
    result = Result(
        statistic=Statistic.OTHER,
        **dict.fromkeys(("endpoint", "value_text", "unit", "p_value", "arm", "timepoint", "subgroup"), HOSTILE),
    )
    trial.results = [result]
    span = Span(start=0, end=len(HOSTILE), text=HOSTILE, support=Support.QUOTED, rule=HOSTILE)
    source = Source(
        name=HOSTILE,
        title=HOSTILE,
        url=HOSTILE,
        published=HOSTILE,
        sha256="0" * 64,
        characters=1,
        notes=[HOSTILE],
    )
    return make_summary(
        source=source,
        trials=[trial],
        unattributed_results=[result],
        truncations=[Truncation(text=HOSTILE, kind=TruncationKind.CUT_END)],
        evidence={f"/trials/0/{HOSTILE}": [span]},
        rejected=[Rejection(pointer=f"/trials/0/{HOSTILE}", value=HOSTILE, reason=HOSTILE)],
        flags=[Flag(code=HOSTILE, severity=Severity.ERROR, pointer=HOSTILE, message=HOSTILE)],
        run=Run(engine="rules", engine_reason=HOSTILE, model=HOSTILE),
    )
