"""Articles cut the way scrapers cut them: is the damage seen, does every result stay with its trial or with none?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence

from summarizer.text import TextSpan

from ..figures import NONE, Bound, Figures, Share, Table, Target
from ..material import Material, Specimen
from .judge import Fate, Verdict, judge
from .scrapers import Damaged, Deed, damage
from .truth import KnownRow, Truth, find_truth

ORPHANED_AT_MOST = Target(Bound.AT_MOST, 0.03)
"""Of the results whose trial can still be told."""
_SHOWN = 60


def measure(material: Material) -> Figures:
    """Damage every clean article in every way at every place, and summarise each."""
    specimens = list(material.clean)
    truths = {specimen.name: find_truth(specimen) for specimen in specimens}
    verdicts = [judge(damaged, truths[damaged.specimen.name]) for damaged in _damaged(material, specimens)]
    return Figures(
        section="damage",
        tables=[
            _deeds(verdicts),
            _recall(verdicts),
            _precision(verdicts),
            _undamaged(specimens),
            _misplaced(verdicts),
            _orphaned(verdicts),
            _fates(verdicts),
            _clean(truths.values()),
        ],
        examples=list(_examples(verdicts)),
    )


def _damaged(material: Material, specimens: Sequence[Specimen]) -> list[Damaged]:
    chance = material.chance("damage")
    damaged = [each for specimen in specimens for each in damage(specimen, chance)]
    if material.limit is None or material.limit >= len(damaged):
        return damaged
    return chance.sample(damaged, material.limit)


def _with_sum(rows: list[Share], target: Target | None = None) -> tuple[Share, ...]:
    total = Share("all", sum(row.hits for row in rows), sum(row.of for row in rows), target)
    return (*rows, total)


def _deeds(verdicts: Sequence[Verdict]) -> Table:
    made = Counter(verdict.damaged.deed for verdict in verdicts)
    shows = Counter(verdict.damaged.deed for verdict in verdicts if verdict.damaged.shows)
    rows = [Share(deed.value, shows[deed], made[deed]) for deed in Deed if made[deed]]
    note = "What is left is judged by the words beside the cut. Without a trace there is no truncation to be missed."
    return Table("Damaged articles that show it", _with_sum(rows), note)


def _recall(verdicts: Sequence[Verdict]) -> Table:
    of: Counter[tuple[str, str]] = Counter()
    hits: Counter[tuple[str, str]] = Counter()
    for verdict in verdicts:
        for trace, is_found in verdict.found.items():
            if trace.is_plain:
                key = ("/".join(sorted(trace.kinds)), trace.how)
                of[key] += 1
                hits[key] += is_found
    rows = [Share(f"{kinds}: {how}", hits[kinds, how], of[kinds, how]) for kinds, how in sorted(of)]
    return Table("Truncations found (recall)", _with_sum(rows), "At the place, and with a kind that is right there.")


def _precision(verdicts: Sequence[Verdict]) -> Table:
    reported = [each for verdict in verdicts for each in verdict.reported]
    rows = [
        Share(kind.value, sum(each.is_right for each in reported if each.kind is kind), count)
        for kind, count in sorted(Counter(each.kind for each in reported).items())
    ]
    return Table("Reported truncations that are right (precision)", _with_sum(rows), "Place and kind.")


def _undamaged(specimens: Sequence[Specimen]) -> Table:
    false = [len(specimen.summary.truncations) for specimen in specimens]
    sentences = sum(len(specimen.reading.sentences) for specimen in specimens)
    rows = (
        Share("articles with a truncation reported", sum(map(bool, false)), len(specimens)),
        Share("truncations, of all sentences", sum(false), sentences),
    )
    return Table("Undamaged articles", rows)


def _misplaced(verdicts: Sequence[Verdict]) -> Table:
    rows: list[Share] = []
    for deed in Deed:
        chosen = [verdict for verdict in verdicts if verdict.damaged.deed is deed]
        judged = [fate for verdict in chosen for _, fate in _answerable(verdict)]
        if judged:
            rows.append(Share(deed.value, judged.count(Fate.MISPLACED), len(judged), NONE))
    silent = [fate for verdict in verdicts for _, fate in _silent(verdict)]
    note = (
        "Results that the summary of the clean article gives to the right trial. The last row is told apart: the words"
        " that tied the result to its trial are gone and nothing shows it, so that a reader may go wrong too."
    )
    unseen = Share("(their introduction is gone without a trace)", silent.count(Fate.MISPLACED), len(silent))
    return Table("Results given to another trial", (*_with_sum(rows, NONE), unseen), note)


def _answerable(verdict: Verdict) -> list[tuple[KnownRow, Fate]]:
    """Results that were read, in an article that shows its damage or with an untouched tie to their trial."""
    return [
        (known, fate)
        for known, is_tied, fate in verdict.fates
        if fate is not Fate.UNREAD and (is_tied or verdict.damaged.shows)
    ] + [stray for stray in verdict.strays if verdict.damaged.shows]


def _silent(verdict: Verdict) -> list[tuple[KnownRow, Fate]]:
    if verdict.damaged.shows:
        return []
    return [(known, fate) for known, is_tied, fate in verdict.fates if fate is not Fate.UNREAD and not is_tied]


def _orphaned(verdicts: Sequence[Verdict]) -> Table:
    rows: list[Share] = []
    for deed in Deed:
        tied = [
            fate
            for verdict in verdicts
            for _, is_tied, fate in verdict.fates
            if verdict.damaged.deed is deed and is_tied and fate is not Fate.UNREAD
        ]
        if tied:
            rows.append(Share(deed.value, tied.count(Fate.ORPHANED), len(tied), ORPHANED_AT_MOST))
    note = (
        "Results whose trial can still be told: nothing is gone between the trial's name and the result, or the"
        " result's own sentence is whole and names it."
    )
    return Table("Results needlessly given to none", _with_sum(rows, ORPHANED_AT_MOST), note)


def _fates(verdicts: Sequence[Verdict]) -> Table:
    rows: list[Share] = []
    for words, wanted in (("trial can still be told", True), ("tie to the trial was damaged", False)):
        chosen = Counter(fate for verdict in verdicts for _, is_tied, fate in verdict.fates if is_tied is wanted)
        rows += [Share(f"{words}: {fate.value}", chosen[fate], chosen.total()) for fate in Fate]
    return Table("What became of the results that are still in the text", tuple(rows))


def _clean(truths: Iterable[Truth]) -> Table:
    known = [row for truth in truths for row in truth.rows]
    rows = (Share("on the right trial", sum(row.is_right_when_clean for row in known), len(known)),)
    return Table(
        "Labelled results found in the undamaged articles", rows, "Those on the right trial are followed above."
    )


def _examples(verdicts: Sequence[Verdict]) -> Iterable[str]:
    """Misses of each sort, in turn over the articles."""
    sorts: list[Callable[[Verdict], list[str]]] = [_misplaced_lines, _orphaned_lines, _invented_lines, _missed_lines]
    for lines_of in sorts:
        lines = [line for verdict in verdicts for line in lines_of(verdict)]
        step = max(1, len(lines) // _SHOWN)
        yield from lines[::step][:_SHOWN]


def _misplaced_lines(verdict: Verdict) -> list[str]:
    return [
        f"{_what(verdict)}: {known.row.endpoint} {known.row.value} given to another trial"
        for known, fate in _answerable(verdict)
        if fate is Fate.MISPLACED
    ]


def _orphaned_lines(verdict: Verdict) -> list[str]:
    return [
        f"{_what(verdict)}: {known.row.endpoint} {known.row.value} given to none"
        for known, is_tied, fate in verdict.fates
        if is_tied and fate is Fate.ORPHANED
    ]


def _invented_lines(verdict: Verdict) -> list[str]:
    return [
        f"{_what(verdict)}: {each.kind} reported at {_shown(verdict, each.span)}"
        for each in verdict.reported
        if not each.is_right
    ]


def _missed_lines(verdict: Verdict) -> list[str]:
    return [
        f"{_what(verdict)}: not reported ({trace.how}): {_shown(verdict, trace.span)}"
        for trace, is_found in verdict.found.items()
        if trace.is_plain and not is_found
    ]


def _what(verdict: Verdict) -> str:
    removed = verdict.damaged.removed.of(verdict.damaged.specimen.article.text)
    return f"{verdict.damaged.specimen.name}: {verdict.damaged.deed.value} ({_shortened(removed)!r} gone)"


def _shown(verdict: Verdict, span: TextSpan) -> str:
    return repr(_shortened(span.of(verdict.damaged.text)))


def _shortened(text: str) -> str:
    return text if len(text) <= 90 else f"{text[:40]} ... {text[-40:]}"
