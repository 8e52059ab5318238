"""Who runs a trial, and what its patients must have had before."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from summarizer.extraction.draft import Claim
from summarizer.extraction.rules.attributes import TrialText, describing
from summarizer.extraction.rules.discourse import Discourse
from summarizer.lexicon import DrugMention
from summarizer.reading.blocks import BlockKind
from summarizer.reading.mentions.model import Organisation
from summarizer.reading.reader import Reading
from summarizer.schemas import Support
from summarizer.text import TextSpan

_SPONSOR_WORDS = re.compile(
    r"\b(?:sponsor(?:ed|s)?(?: by)?|fund(?:ed|s)(?: by)?|run by|conducted by|led by|partner in|developed by"
    r"|(?:trial|study) (?:from|by)|run from(?: the)?|with money from(?: the)?|coordinated by|together with"
    r"|initiated by|supported by|the sponsor|backed by|financed by|paid for by|underwritten by|jointly with"
    r"|(?:carried out|performed|organi[sz]ed)(?: [^.;,]{1,40})? by)\b",
    re.IGNORECASE,
)
_ACTS = re.compile(
    r"^(?:'s\b|,? (?:an? [^,]{3,60}, )?(?:Inc\.?|has|have|had|said|says|is|was|announced|announces|reported|reports"
    r"|released|noted|plans?|initiates?|initiated|doses|dosed|wants|intends|scores|will|today|also|now"
    r"|\([^)]{2,40}\)))",
)
_RUNS = re.compile(
    r"(?:,? Inc\.?|,? \([^)]{2,40}\))?,? (?:is|has|was|have|will|also|now|said|noted|reported|announced|started"
    r"|initiated|tested|runs?|ran|stopped|launched)\b"
)
_PAYS = re.compile(r"(?:,? the sponsor|is a partner|-sponsored|,? (?:funded|sponsored|ran|runs|paid for)\b)")
_LISTED = re.compile(r",? (?:Inc\.?,? )?(?:and|&) |, ")
_COMPANY_LEAD = 5


def sponsor_claims(reading: Reading, discourse: Discourse, text: TrialText) -> list[Claim]:
    """Organisations that sponsor the trial: said so, or presenting their own drug's trial."""
    found: dict[str, Claim] = {}
    folded = reading.folded
    for number, passage in text.passages:
        inside = [o for o in reading.mentions[number].organisations if passage.covers(o.span)]
        said = [_is_said(reading, number, passage, organisation) for organisation in inside]
        _spread_over_lists(folded, inside, said)
        for organisation, is_said in zip(inside, said, strict=True):
            if is_said:
                found.setdefault(
                    organisation.name, Claim(organisation.name, (organisation.span,), Support.QUOTED, "sponsor wording")
                )
    if not found and text.node.number in discourse.mains:
        for claim in _presenting_companies(reading):
            found[str(claim.value)] = claim
    return list(found.values())


_OF_ITS_OWN = re.compile(r"'s? (?:[\w-]+,? ){0,5}?(?:[Pp]hase (?:[1-4]|I{1,3})|trial|study|program(?:me)?)\b")


def _is_said(reading: Reading, number: int, passage: TextSpan, organisation: Organisation) -> bool:
    """True when the words around an organisation say that it runs or pays for the trial."""
    folded = reading.folded
    before = folded[max(passage.start, organisation.span.start - 60) : organisation.span.start]
    after = folded[organisation.span.end : min(passage.end, organisation.span.end + 60)]
    named = bool(reading.mentions[number].designations)
    acts = named and (_RUNS.match(after) is not None or _OF_ITS_OWN.match(after) is not None)
    return acts or _SPONSOR_WORDS.search(before) is not None or _PAYS.match(after) is not None


def _spread_over_lists(folded: str, organisations: Sequence[Organisation], said: list[bool]) -> None:
    """In "A, B and C sponsor the trial" what is said of one of them is said of all."""
    links = [
        _LISTED.fullmatch(folded, first.span.end, second.span.start) is not None
        for first, second in pairwise(organisations)
    ]
    for place in range(1, len(said)):
        said[place] = said[place] or (said[place - 1] and links[place - 1])
    for place in range(len(said) - 2, -1, -1):
        said[place] = said[place] or (said[place + 1] and links[place])


_MEDIA = re.compile(r"\b(?:Wire|News|Press|Journal|Times|Post|Bulletin|Today|Media|Newswire)\b")
_OWNER_IN_BRACKETS = re.compile(r"[(;,][^()]{0,30}$")


def _presenting_companies(reading: Reading) -> list[Claim]:
    """The company, or the companies in one breath, that speak in headline or lead; else the owner of the drug."""
    prose = 0
    for sentence, mentions in zip(reading.sentences, reading.mentions, strict=True):
        if prose >= _COMPANY_LEAD:
            break
        prose += sentence.kind is BlockKind.PROSE
        companies = [o for o in mentions.organisations if not _MEDIA.search(o.name)]
        said = [
            _ACTS.match(reading.folded[o.span.end : o.span.end + 80]) is not None or sentence.start == o.span.start
            for o in companies
        ]
        _spread_over_lists(reading.folded, companies, said)
        if any(said):
            first = said.index(True)
            chosen = [
                o
                for place, o in enumerate(companies)
                if said[place] and (place == first or _in_list(reading, companies, first, place))
            ]
            return [_presenting(o, "company presenting its own trial") for o in chosen]
    for mentions in reading.mentions[: reading.boilerplate_from]:
        for organisation in mentions.organisations:
            after = reading.folded[organisation.span.end : organisation.span.end + 30]
            if (_ACTS.match(after) or after.startswith(", the sponsor")) and not _MEDIA.search(organisation.name):
                return [_presenting(organisation, "company speaking")]
    return _owners(reading)


def _in_list(reading: Reading, companies: Sequence[Organisation], first: int, place: int) -> bool:
    return all(
        _LISTED.fullmatch(reading.folded, companies[at].span.end, companies[at + 1].span.start) is not None
        for at in range(first, place)
    )


def _owners(reading: Reading) -> list[Claim]:
    """The company in the brackets behind the article's drug: "examplinib (Brandex; Norvane Therapeutics)"."""
    own = reading.main_drug
    for mentions in reading.mentions:
        drugs = [drug for drug in mentions.drugs if own is not None and drug.generic == own.generic]
        for organisation in mentions.organisations:
            before = reading.folded[max(0, organisation.span.start - 45) : organisation.span.start]
            beside = any(0 <= organisation.span.start - drug.end <= 30 for drug in drugs)
            if beside and _OWNER_IN_BRACKETS.search(before) and not _MEDIA.search(organisation.name):
                return [_presenting(organisation, "company in brackets behind its drug")]
    return []


def _presenting(organisation: Organisation, rule: str) -> Claim:
    return Claim(organisation.name, (organisation.span,), Support.QUOTED, rule)


_PRIOR = re.compile(
    r"\b(?P<lead>(?:previously (?:been )?treated with|pretreated with|resistan(?:ce|t) to(?: prior)?|refractory to"
    r"|progress(?:ed|ion|ing) (?:on or after|on or following|on|after|following|despite)|relapsed (?:on|after)"
    r"(?:, or is refractory to,)?|after(?: (?:failure of|progression on|prior|previous|both))?|following(?: prior)?"
    r"|had (?:already )?(?:received|finished|completed|had)|have (?:already )?(?:received|finished|completed)"
    r"|received (?:prior|previous)|responded to|responding to"
    r"|prior(?: treatment with)?|previous(?: treatment with)?|failed|despite|whose))\s"
    r"(?P<rest>[^.;]{2,120})",
    re.IGNORECASE,
)
_PATIENTS = re.compile(
    r"\b(?:patients?|participants?|people|adults|women|men|children|those|disease(?! progression)"
    r"|tumou?rs?|cancers?|carcinoma|lymphoma"
    r"|leuk\w+|myeloma|melanoma|individuals|population)\b",
    re.IGNORECASE,
)


def prior_therapy_claims(text: TrialText) -> list[Claim]:
    """Treatments that patients must have had: interventions directly after the wording that says so."""
    found: dict[str, Claim] = {}
    folded = text.reading.folded
    described = describing(text)
    for number, passage in text.passages:
        if text.reading.mentions[number].estimates and number not in described:
            continue
        drugs = [d for d in text.reading.mentions[number].drugs if passage.covers(TextSpan(d.start, d.end))]
        for match in _PRIOR.finditer(folded, *passage):
            start = match.start("rest")
            if not _PATIENTS.search(folded, max(passage.start, match.start() - 130), match.end()):
                continue
            near = [
                d
                for d in drugs
                if start <= d.start <= start + 75
                and d.kind not in ("CONTROL", "PLACEBO")
                and _clean_gap(folded[start : d.start])
            ]
            if not near or any(
                start - 1 <= e.span.start <= near[0].start for e in text.reading.mentions[number].estimates
            ):
                continue
            following = [d for d in drugs if d.start > near[0].start]
            claims = [_class_claim(folded, start, near[0]) or _regimen_claim(folded, near[0], following)]
            claims += _listed_classes(folded, near[0], following)
            for claim in claims:
                if str(claim.value) not in ("placebo", "observation"):
                    found.setdefault(str(claim.value).casefold(), claim)
    return list(found.values())


_BASED = re.compile(
    r"\b(?:[A-Za-z][\w/]*(?:-\w+)?-(?:based|containing)|platinum|taxane) "
    r"(?:(?:chemo|immuno|chemoradio)?therapy|treatment|doublet|regimens?)\b"
)


def _class_claim(folded: str, start: int, drug: DrugMention) -> Claim | None:
    """The whole of "gemcitabine-based chemotherapy", which is more than gemcitabine and more than chemotherapy."""
    for match in _BASED.finditer(folded, start, drug.end + 40):
        if match.start() <= drug.start < match.end() or match.start() < drug.end <= match.end():
            return Claim(match[0], (TextSpan(*match.span()),), Support.QUOTED, "prior therapy wording")
    return None


_AND = re.compile(r"(?:,| and| or|, and|, or) (?:an? |the )?")


def _listed_classes(folded: str, first: DrugMention, following: Sequence[DrugMention]) -> list[Claim]:
    """The rest of "an aromatase inhibitor and a CDK4/6 inhibitor": of classes, each is a therapy of its own."""
    claims: list[Claim] = []
    end = first.end
    for drug in following:
        if "CLASS" not in (first.kind, drug.kind) or not _AND.fullmatch(folded, end, drug.start):
            break
        claims.append(Claim(drug.generic, (TextSpan(drug.start, drug.end),), Support.QUOTED, "prior therapy wording"))
        end = drug.end
    return claims


def _clean_gap(gap: str) -> bool:
    return re.search(r"\b(?:vs|versus|compared|with (?=\w+ plus)|to receive|was|were|showed|in \d)\b|,", gap) is None


def _regimen_claim(folded: str, first: DrugMention, following: Sequence[DrugMention]) -> Claim:
    names, spans = [first.generic], [TextSpan(first.start, first.end)]
    end = first.end
    for drug in following:
        gap = folded[end : drug.start]
        if drug.generic == names[-1]:
            end = drug.end
            continue
        if (
            re.fullmatch(r"\)?(?:\s?\([^)]{0,40}\))?\s(?:and|plus)\s", gap)
            and first.kind == "DRUG"
            and drug.kind == "DRUG"
        ):
            names.append(drug.generic)
            spans.append(TextSpan(drug.start, drug.end))
            end = drug.end
        else:
            break
    return Claim(" plus ".join(names), tuple(spans), Support.QUOTED, "prior therapy wording")
