"""Arms of a trial: which interventions are compared, in which role, with how many patients."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from summarizer.extraction.draft import Claim, DraftArm
from summarizer.extraction.rules.attributes import TrialText
from summarizer.lexicon import DrugMention
from summarizer.reading.blocks import BlockKind
from summarizer.schemas import ArmRole, Support
from summarizer.text import TextSpan


@dataclass(slots=True)
class Regimen:
    """Interventions given together, as worded in one place."""

    drugs: list[DrugMention] = field(default_factory=list[DrugMention])
    n: tuple[int, TextSpan] | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Generic names in text order, each once."""
        return tuple(dict.fromkeys(drug.generic for drug in self.drugs))

    @property
    def span(self) -> TextSpan:
        """From the first to the last intervention."""
        return TextSpan(self.drugs[0].start, self.drugs[-1].end)


_PLUS = re.compile(
    r"(?:\s?\([^)]{0,60}\))?\s*(?:,\s*)?(?:-|\+|/|plus|and|with|given with|added to|on top of|in combination with|combined with|alongside|followed by|together with|paired with|or with|, with or without|with or without|and also)\s*(?:a |an |the |standard |intravenous |oral |fixed-dose |weekly |daily )*(?:[a-z]+-based )?",
    re.IGNORECASE,
)
_APPOSITION = re.compile(r"\s?[\(\[]")
_VERSUS = re.compile(
    r"\b(?:vs\.?|versus|compared (?:with|to)|in comparison with|against|over|rather than|up against|bettered|pits|beat|outperform(?:ed|s)|or|and|to|with either)\b",
    re.IGNORECASE,
)
_SIZE = re.compile(r"\s?(?:\([^)]{0,50}?)?[\(,;]?\s?[nN] ?= ?(?P<n>\d[\d,]*)\)?")


def _regimens(text: TrialText, number: int, passage: TextSpan) -> list[Regimen]:
    """Interventions of one passage, grouped into regimens by the words between them."""
    folded = text.reading.folded
    drugs = [d for d in text.reading.mentions[number].drugs if passage.covers(TextSpan(d.start, d.end))]
    groups: list[Regimen] = []
    previous: DrugMention | None = None
    for drug in drugs:
        if previous is not None:
            gap = folded[previous.end : drug.start]
            same = drug.generic == previous.generic and (_APPOSITION.fullmatch(gap) or len(gap) <= 3)
            if same:
                previous = drug
                continue
            if _PLUS.fullmatch(gap) and not _is_list_or(gap):
                groups[-1].drugs.append(drug)
                previous = drug
                continue
        groups.append(Regimen([drug]))
        previous = drug
    for group in groups:
        match = _SIZE.match(folded, group.drugs[-1].end)
        if match:
            group.n = (int(match["n"].replace(",", "")), TextSpan(*match.span("n")))
    return groups


def _is_list_or(gap: str) -> bool:
    return re.search(r"\bor\b", gap) is not None and "without" not in gap


_CONTROL_KINDS = ("PLACEBO", "CONTROL")
_PRIOR = re.compile(
    r"\b(?:after|prior|previous(?:ly)?|resistan\w+ to|resistant to|refractory to|following|failed|progress\w+ (?:on|after)|treated with|relapsed (?:on|after)|ineligible for|not eligible for|candidates for|had (?:received|taken)|approved|including|such as|standard-of-care|compared with other|unlike|who had|whose|na[i\u00ef]ve to|new to|as many as|class)\b[^.;,]{0,60}$",
    re.IGNORECASE,
)


def _is_background(folded: str, regimen: Regimen, passage: TextSpan) -> bool:
    before = folded[max(passage.start, regimen.span.start - 70) : regimen.span.start]
    return _PRIOR.search(before) is not None


@dataclass(frozen=True, slots=True)
class _Comparison:
    experimental: Regimen
    controls: tuple[Regimen, ...]
    number: int
    weight: int


_RANDOMISED_TO = re.compile(r"\b(?:randomi[sz]\w+|assigned|allocated|received|took|given|tests?|compar\w+|evaluat\w+|against|versus|vs\.?|pits|one arm|got|get|added|adding|replac\w+|partner)\b", re.IGNORECASE)
_EACH_WITH = re.compile(r"\b(?:each|both|all|either)\b[^.;]{0,25}\b(?:with|plus|on top of|added to|received|also had|given with)\b|\bin both (?:arms|groups)\b|\bon top of\b|\bas (?:a )?partner\b", re.IGNORECASE)


def find_arms(text: TrialText) -> list[DraftArm]:
    """Arms proposed from the trial's passages; experimental arm first."""
    comparison = _best_comparison(text)
    if comparison is not None:
        return _arms_of_comparison(text, comparison)
    single = _single_regimen(text)
    if single is None:
        return []
    return [_draft_arm(ArmRole.EXPERIMENTAL, single, text)]


def _best_comparison(text: TrialText) -> _Comparison | None:
    folded = text.reading.folded
    best: _Comparison | None = None
    for number, passage in text.passages:
        kind = text.reading.sentences[number].kind
        groups = [g for g in _regimens(text, number, passage) if g.drugs[0].kind != "PROCEDURE" or len(g.drugs) > 1]
        groups = [g for g in groups if not _is_background(folded, g, passage)]
        for index in range(len(groups) - 1):
            first, second = groups[index], groups[index + 1]
            if first.names == second.names:
                continue
            gap = folded[first.span.end : second.span.start]
            weight = _comparison_weight(folded, passage, first, second, gap)
            if weight <= 0:
                continue
            weight += len(first.names) + len(second.names) + (3 if first.n or second.n else 0)
            weight -= 4 if kind is BlockKind.HEADING else 0
            if best is None or weight > best.weight:
                best = _Comparison(first, (second, *_more_controls(folded, groups, index + 1)), number, weight)
    return best


def _comparison_weight(folded: str, passage: TextSpan, first: Regimen, second: Regimen, gap: str) -> int:
    if len(gap) > 150 or "." in gap.replace("vs.", "").strip() and re.search(r"\.\s[A-Z]", gap):
        return 0
    strong = re.search(r"\b(?:vs\.?|versus|compared (?:with|to)|in comparison with|against|rather than|over|bettered|as opposed to)\b", gap, re.IGNORECASE)
    control = second.drugs[0].kind in _CONTROL_KINDS or (second.n is not None and first.n is not None)
    lead = folded[max(passage.start, first.span.start - 160) : first.span.start]
    assigned = _RANDOMISED_TO.search(lead) is not None
    glued = re.search(r"\b(?:or|and|to)\b", gap) is not None
    if strong:
        return 8
    if control and glued:
        return 7
    if assigned and re.search(r"\bor\b", gap) and len(gap) <= 60:
        return 6
    if control and len(gap) <= 80:
        return 3
    return 0


def _more_controls(folded: str, groups: Sequence[Regimen], at: int) -> list[Regimen]:
    more: list[Regimen] = []
    current = groups[at]
    for group in groups[at + 1 :]:
        gap = folded[current.span.end : group.span.start]
        if len(gap) <= 30 and re.fullmatch(r"(?:\s?\([^)]*\))?,?\s*(?:or|and|,|versus|vs\.?)\s*(?:the )?", gap) and group.drugs[0].kind in _CONTROL_KINDS:
            more.append(group)
            current = group
        else:
            break
    return more


def _arms_of_comparison(text: TrialText, comparison: _Comparison) -> list[DraftArm]:
    first, controls = comparison.experimental, comparison.controls
    second = controls[0]
    if first.drugs[0].kind in _CONTROL_KINDS and second.drugs[0].kind not in _CONTROL_KINDS:
        first, second = second, first
    backbone = _backbone(text, comparison, first, second)
    experimental = _with_backbone(first, backbone)
    control = _with_backbone(second, backbone)
    control = _added_placebo(text, comparison, experimental, control)
    arms = [_draft_arm(ArmRole.EXPERIMENTAL, experimental, text), _draft_arm(_control_role(control), control, text)]
    return arms


def _control_role(regimen: Regimen) -> ArmRole:
    if any(drug.kind == "PLACEBO" for drug in regimen.drugs):
        return ArmRole.PLACEBO_COMPARATOR
    if regimen.names and regimen.names[0] in ("observation", "active surveillance", "no treatment"):
        return ArmRole.NO_INTERVENTION
    return ArmRole.ACTIVE_COMPARATOR


def _backbone(text: TrialText, comparison: _Comparison, first: Regimen, second: Regimen) -> list[DrugMention]:
    """Interventions that both arms get: "each with paclitaxel and carboplatin"."""
    folded = text.reading.folded
    found: list[DrugMention] = []
    for number, passage in text.passages:
        if abs(number - comparison.number) > 1:
            continue
        for match in _EACH_WITH.finditer(folded, *passage):
            end = re.search(r"[.;]", folded[match.end() : passage.end])
            stop = match.end() + end.start() if end else passage.end
            for drug in text.reading.mentions[number].drugs:
                if match.end() <= drug.start < stop and drug.generic not in (*first.names, *second.names):
                    if all(drug.generic != other.generic for other in found):
                        found.append(drug)
    return found


def _with_backbone(regimen: Regimen, backbone: Sequence[DrugMention]) -> Regimen:
    return Regimen([*regimen.drugs, *backbone], regimen.n)


def _added_placebo(text: TrialText, comparison: _Comparison, experimental: Regimen, control: Regimen) -> Regimen:
    """"tiragolumab ... placebo, each with X" is handled by the backbone; "A plus B vs placebo plus B" stands as worded."""
    return control


def _single_regimen(text: TrialText) -> Regimen | None:
    """The regimen of a trial that compares nothing: the first one named near its description."""
    folded = text.reading.folded
    candidates: list[tuple[int, int, Regimen]] = []
    for order, (number, passage) in enumerate(text.passages):
        for regimen in _regimens(text, number, passage):
            if regimen.drugs[0].kind in (*_CONTROL_KINDS, "CLASS", "PROCEDURE") or _is_background(folded, regimen, passage):
                continue
            heading = text.reading.sentences[number].kind is BlockKind.HEADING
            candidates.append((order + (5 if heading else 0), -len(regimen.names), regimen))
    if not candidates:
        return None
    candidates.sort(key=lambda item: item[:2])
    best = candidates[0][2]
    for _, _, regimen in candidates:
        if set(best.names) < set(regimen.names) and candidates[0][0] <= 2:
            return regimen
    return best


def _draft_arm(role: ArmRole, regimen: Regimen, text: TrialText) -> DraftArm:
    claims: dict[str, Claim] = {}
    for drug in regimen.drugs:
        span = TextSpan(drug.start, drug.end)
        claims.setdefault(drug.generic, Claim(drug.generic, (span,), Support.QUOTED, "intervention"))
    n = None
    if regimen.n is not None:
        n = Claim(regimen.n[0], (regimen.n[1],), Support.NUMBER, "arm size")
    spans = tuple(TextSpan(drug.start, drug.end) for drug in regimen.drugs)
    role_claim = Claim(role.value, spans[:1], Support.DERIVED, "role in the comparison")
    return DraftArm(role_claim, list(claims.values()), n, tuple(name.casefold() for name in claims))
