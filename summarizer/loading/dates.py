"""Dates of publication as sources write them, to ISO 8601; ambiguous ones are refused, not guessed."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

__all__ = ["parse_date"]

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1
    )
}
_ISO = re.compile(r"^(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})(?:t\d{4,6}\D?.*)?$")
_MONTH_FIRST = re.compile(r"\b([a-z]{3})[a-z]*\.? (\d{1,2})(?:st|nd|rd|th)?,? (\d{4})\b")
_DAY_FIRST = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)?[ -]([a-z]{3})[a-z]*\.?,?[ -](\d{4})\b")
_NUMERIC = re.compile(r"(\d{1,2})([/.-])(\d{1,2})\2(\d{4})(?!\d)")
_PATTERNS = ((_ISO, (1, 2, 3)), (_COMPACT, (1, 2, 3)), (_MONTH_FIRST, (3, 1, 2)), (_DAY_FIRST, (3, 2, 1)))
"""Each with its groups of year, month and day."""
_LONGEST = 100
_EARLIEST = 100_000_000  # as seconds this is March 1973
_MILLISECONDS = 10_000_000_000  # as seconds this is the year 2286


def parse_date(value: object) -> str | None:
    """Day that a source's date names, as `2024-10-20`.

    Understands ISO 8601 with or without a time, `October 20, 2024`, `20 Oct 2024`, the dates of mail
    and RSS headers, and Unix time in seconds or milliseconds. The day is the one printed: times are not
    moved between zones. `03/04/2024` names two days and gives None; `20/04/2024` names one.
    """
    if isinstance(value, bool):
        return None
    if isinstance(value, int | float):
        return _from_timestamp(value)
    if not isinstance(value, str):
        return None
    text = " ".join(value[:_LONGEST].split()).lower()
    if match := _NUMERIC.match(text):
        readings = {_day(match[4], match[3], match[1]), _day(match[4], match[1], match[3])} - {None}
        return readings.pop() if len(readings) == 1 else None
    for pattern, (year, month, day) in _PATTERNS:
        if match := pattern.search(text):
            return _day(match[year], match[month], match[day])
    return None


def _day(year: str, month: str, day: str) -> str | None:
    try:
        return date(int(year), _MONTHS.get(month) or int(month), int(day)).isoformat()
    except ValueError:
        return None


def _from_timestamp(value: float) -> str | None:
    if abs(value) < _EARLIEST:
        # Too small for a Unix time of our days; `20241020` written as a number is the only reading left.
        match = _COMPACT.match(str(value))
        return _day(match[1], match[2], match[3]) if match else None
    seconds = value / 1000 if abs(value) >= _MILLISECONDS else value
    try:
        return datetime.fromtimestamp(seconds, tz=UTC).date().isoformat()
    except (OverflowError, OSError, ValueError):
        return None
