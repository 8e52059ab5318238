"""How each kind of atom is printed: the regular expressions of the lexer, over folded text."""

from __future__ import annotations

import re

from summarizer.text import NUMBER

_UNKNOWN = (
    r"NR|NE|NC|NA|N/?R|N/?E|not (?:yet )?(?:reached|estimable|evaluable|calculable|available|assessable)"
    r"|infinity|unable to (?:be )?(?:estimated?|calculated?)"
)
_CI_UNIT = r"(?: ?(?:%|percentage points|points|months|month|mo|weeks|years|days|mm ?Hg|mg/dL|mmol/L|kg|mL|L|U|pp))?"
_LOW = rf"(?P<low>[-+]?{NUMBER}|{_UNKNOWN})"
_HIGH = rf"(?P<high>[-+]?{NUMBER}|{_UNKNOWN})"
_SEPARATOR = r"[ \n]{0,9}(?:-|to|,|;|and|through|until)[ \n]{0,9}"
_BOUNDS = rf"{_LOW}{_CI_UNIT}(?: [\(\[][A-Z]{{2}}[\)\]])?{_SEPARATOR}{_HIGH}{_CI_UNIT}(?: [\(\[][A-Z]{{2}}[\)\]])?"
_CI_NAME = r"(?:confidence interval|confidence limits|credible interval|CI|CrI|C\.I\.)s?"
INTERVAL = re.compile(
    rf"(?P<level>\d\d(?:\.\d+)?) ?(?:%|percent)[ -]?(?:two-sided |repeated |stratified )?{_CI_NAME}"
    rf"(?: for (?:the )?difference)?(?: [\(\[]{_CI_NAME}[\)\]])?"
    rf"(?: of| was| were| from| ran from| ranging from| between)?[ ,:;=\(\[]{{0,4}}{_BOUNDS}"
)
INTERVAL_NO_LEVEL = re.compile(
    rf"\b(?:{_CI_NAME})(?:,? ?[\(\[]?(?P<level>\d\d(?:\.\d+)?) ?%[\)\]]?)?"
    rf"(?: of| was| from| ran from| running from| ranging from| between)?[ ,:;=\(\[]{{0,4}}{_BOUNDS}"
)
INTERVAL_LEVEL_LAST = re.compile(
    rf"(?<=[\(\[ ]){_LOW}{_CI_UNIT} ?(?:-|to) ?{_HIGH}{_CI_UNIT}[,;:]? ?[\(\[]?(?P<level>\d\d(?:\.\d+)?) ?% ?{_CI_NAME}"
)
RANGE_IN_BRACKETS = re.compile(rf"(?<=[\(\[]){_BOUNDS}(?= ?[\)\];,])")
RANGE_AFTER_VALUE = re.compile(rf"(?<=\d[,;] ){_LOW}{_CI_UNIT} ?(?:-|to) ?{_HIGH}{_CI_UNIT}(?= ?[\)\];,])")
P_VALUE = re.compile(
    r"(?:(?P<sided>one|two|1|2)-(?:sided|tailed) )?(?:nominal |log-?rank |stratified |unadjusted |adjusted )*"
    r"\b[Pp](?:[ -]?values?| for \w+)?(?: \([a-z -]{3,20}\))?(?: of| was| were| is)?\s{0,7}"
    r"(?:(?P<relation><=|>=|[<>=\u2264\u2265]|less than|greater than)\s{0,7}(?P<number>0?\.\d+|1(?:\.0+)?|0)"
    r"(?![\d%])|(?<=of )(?P<of>0?\.\d+))"
)
SIZE = re.compile(
    r"\b[nN] {0,2}= {0,2}(?P<a>\d{1,3}(?:,\d{3})+|\d+)(?:(?: ?/ ?| of )(?P<b>\d[\d,]*))?"
    r"(?P<more> (?:vs\.?|and|versus) \d[\d,]*)?"
)
FRACTION = re.compile(
    r"(?<![\w.,/-])(?P<a>\d{1,3}(?:,\d{3})+|\d{1,5}|one|two|three|four|five|six|seven|eight|nine|ten)"
    r"(?: ?/ ?| (?:out )?of (?:the |all )?(?:first )?)(?P<b>\d{1,3}(?:,\d{3})+|\d{1,6})(?![\w./%-]|,\d|\.\d)"
)
RATIO_LABEL = re.compile(
    r"\b(?:(?P<HAZARD_RATIO>[Hh]azard ratios?|HAZARD RATIOS?|[as]?HRs?)"
    r"|(?P<ODDS_RATIO>[Oo]dds ratios?|a?ORs?)"
    r"|(?P<RATE_RATIO>(?:[Ii]ncidence )?[Rr]ate ratios?|IRR|[Rr]ate ratio)"
    r"|(?P<OTHER>[Ww]in ratio)"
    r"|(?P<RISK_RATIO>[Rr]elative risk ratios?|[Rr]elative risks?(?! reduction)|[Rr]isk ratios?|RRs?)"
    r"|(?P<MEAN_DIFFERENCE>(?:(?:estimated|adjusted|treatment|mean|least-squares|LS|between-group"
    r"|placebo-corrected) ){0,3}[Dd]ifferences?(?=,? ?(?:was |of |= ?|: ?)?[-+]?\d)))\b(?!-)"
)
EVENT_RATE = re.compile(
    rf"(?P<number>[-+]?{NUMBER})(?P<unit> ?(?:(?:[a-z]+ ){{0,2}}"
    r"(?:events?|cases?|episodes?|exacerbations?|infections?|bleeds?)"
    r" )?(?:per|/) ?(?:100|1,?000|10,?000)? ?(?:patient|person|participant|subject)[- ]years?"
    r"(?: of (?:exposure|follow-up))?"
    r"| (?:events?|exacerbations?|attacks?|bleeds?|relapses?|migraine days) (?:per|a) (?:year|month))"
)
ANNUAL_RATE = re.compile(
    r"\b(?P<unit>(?:[Aa]nnuali[sz]ed|[Yy]early) (?:[\w-]+ ){0,4}?[Rr]ates?)(?: of (?:[\w-]+ ){0,3}[\w-]+)?"
    r"(?: (?:at|over|by|through|in) [^.;()%]{2,30}?)?,?(?: (?:the|a) [\w -]{3,40},)? "
    rf"(?:was|were|of|fell to|came to|stood at|averaged) (?P<number>{NUMBER})(?!\d|\.\d)(?! ?(?:%|point))"
    r"(?![^;]{0,60}\b(?:per|a) (?:patient|person|year))"
)
"""A rate a year whose unit is its name: "the annualized relapse rate was 0.14"."""
PERCENT = re.compile(rf"(?<![\w.])(?P<number>[-+]?{NUMBER}) ?(?:%|percent\b|per cent\b)(?! ?-?(?:CI|CrI|confidence)\b)")
POINTS = re.compile(
    rf"(?<![\w.])(?P<number>[-+]?{NUMBER})[ -](?P<unit>percentage[- ]points?|percent points?|points?|pp\b)"
)
DURATION_LATE = re.compile(rf"(?<![\w.])(?P<number>{NUMBER})(?= \([^()]{{2,60}}\) (?P<unit>months|weeks|days|years)\b)")
"""A number whose unit follows its arm in brackets: "13.3 (A) versus 8.2 (B) months"."""
_GAIN = (
    r" (?:median )?(?:(?:[A-Z]{2,4}|overall survival|survival|progression-free survival) )?"
    r"(?:improvement|gain|benefit|advantage|extension|increase|prolongation|difference|gap)\b"
)
DURATION = re.compile(
    rf"(?<![\w.])(?P<number>{NUMBER})(?: ?|-(?=(?:month|week|day|year){_GAIN}))(?P<unit>months?|mos?\b\.?|weeks?"
    rf"|wks?|days?|years?|yrs?|hours?|minutes?"
    r"|cycles?)\b"
)
MEASURE = re.compile(
    rf"(?<![\w.])(?P<number>[-+]?{NUMBER}) ?(?P<unit>mm ?Hg|mg/dL|mg/L|mg/g|mmol/L|mmol/mol|nmol/L|ng/mL|pg/mL|ng/dL"
    r"|g/dL"
    r"|mL/min(?:(?:/| per )1\.73 ?m(?:2|\u00b2))?(?:(?:/| per )year)?|kg/m2|kg/m\u00b2|kg|lbs?|pounds|cm|mL|ml|L|IU"
    r"|U|mg|g|meters"
    r"|metres|letters|days per month|times)\b(?!/)"
)
NOT_REACHED = re.compile(
    r"\b(?:(?:had |has |have )?(?:not|never)(?: yet)?(?: been)? (?:reached|estimable|evaluable|calculable)"
    r"(?: [\(\[](?:NR|NE)[\)\]])?|NR\b|NE\b)"
)
EXTENDED_BY = re.compile(
    r"\b(?:exten|prolong|lengthen|improv|increas|delay|add)\w* [^;.]{0,60}\b(?:survival|response|progression|OS|PFS"
    r"|DFS|EFS)\b"
    r"[^;.]{0,20}\bby (?:an? median )?(?:of )?(?:about |almost |nearly |more than |over )?$",
    re.IGNORECASE,
)
NUMBER_WORDS = {
    word: value
    for value, word in enumerate("one two three four five six seven eight nine ten eleven twelve".split(), start=1)
} | {"eighteen": 18, "fifteen": 15, "twenty-four": 24, "thirty-six": 36}
_SMALL = rf"(?:{NUMBER}|{'|'.join(NUMBER_WORDS)})"
TIMEPOINT = re.compile(
    rf"(?<![\w.-])(?:(?P<head>[Ww]eek|[Mm]onth|[Yy]ear|[Dd]ay)s? (?P<number>\d{{1,4}})(?![\d.]*%|\.?\d)"
    rf"|(?P<adjective>(?:{_SMALL}|[Oo]ne|[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Ss]ix|[Nn]ine|[Tt]welve|[Ee]ighteen))-"
    rf"(?P<unit>month|mo|year|week|day)s?\b(?!{_GAIN})"
    r"|(?:(?<=[Aa]t )|(?<=[Aa]fter )|(?<=[Bb]y )|(?<=[Ww]ithin )|(?<=[Oo]ver )|(?<=[Tt]hrough )|(?<=[Ff]or )"
    r"|(?<=[Ff]or at least )"
    rf"|(?<=[Oo]ver the )|(?<=of )(?=[\w.]+ \w+ or (?:more|longer)))"
    rf"(?P<count>{_SMALL}) (?P<plural>months?|years?|weeks?|days?)\b(?! (?:of (?:age|follow)|old))"
    rf"|(?P<labelled>{NUMBER}) (?P<label_unit>months?|years?|weeks?|days?)(?=:)"
    rf"|(?P<paired>{NUMBER})(?=(?:-,? |,? )(?:and |or )?{NUMBER}[- ](?P<pair_unit>month|year|week)s?\b)"
    r"(?:(?<=[Tt]he \d)|(?<=[Tt]he \d\d)"
    r"|(?<=[Aa]t \d)|(?<=[Aa]t \d\d)|(?<=^\d)|(?<=^\d\d)))"
)
COUNT = re.compile(
    r"(?<![\w.,%/-])(?P<number>\d{1,3}(?:,\d{3})+|\d{1,5}|[Oo]ne|[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Ss]ix|[Ss]even"
    r"|[Ee]ight|[Nn]ine|[Tt]en) "
    r"(?:(?P<unit>patients?|participants?|people|women|men|infants|children|adults|subjects) "
    r"(?=(?:(?:on|in|given|receiving|taking) (?:the )?[\w-]+(?: [\w-]+){0,2} )?(?:who )?"
    r"(?:died|discontinued|stopped|withdrew)\b)"
    r"|(?P<deaths>(?=deaths?\b|treatment-related deaths?\b|fatal events?\b)))"
    r"|(?<=\bin )(?P<number2>\d{1,3}(?:,\d{3})+|\d{1,4}|one|two|three|four|five|six|seven|eight|nine|ten) "
    r"(?P<unit2>patients?|participants?|people|women|men|infants|children|adults|subjects)\b"
    r"(?! (?:with|who|whose|from|and|aged)\b)(?! in (?!the [\w-]+ (?:arm|group)))(?=[^.%]{0,60}(?:[,.;]|\band\b|$))"
)
SKIP = re.compile(
    rf"\b(?:IQR|interquartile range|range|SD|standard deviation)[ ,:;=]{{0,3}}[-+]?{NUMBER} ?%?"
    rf"(?: ?(?:-|to|,) ?[-+]?{NUMBER} ?%?)?"
    rf"|\b(?:NCT|ISRCTN|ChiCTR|jRCT)\w*|\b(?:10\.\d{{4,}}/\S+)"
    rf"|\b\d{{4}};\d+[\d():-]*"
)
BARE_NUMBER = re.compile(
    rf"(?<![\w./$\u20ac\u00a3-])(?P<number>[-+]?{NUMBER})(?![\w%/]|\.\d(?!\d? [A-Z]|\d?$)|-[A-Za-z]|,\d{{3}})"
)
