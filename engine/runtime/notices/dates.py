"""Points in time as people read them, in the languages of marketplaces.

`3 July 2025, 09:00 (Asia/Bangkok)` on the clock of the shop, by the Gregorian calendar everywhere.
A deadline that ends with the last microsecond of a second is shown as the second after it, at the
end of a day as 24:00. Where a clock shows a time twice, because it was set back, its offset is
shown, too. Parts of a second are cut off. In other languages a date is `2025-07-03 09:00`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from ...records.values import instant_text
from ..instants import LAST_INSTANT, SECOND, OutOfCalendar, to_datetime
from ..zones import zone


@dataclass(frozen=True, slots=True)
class _Style:
    """How a language writes a date and a time; `months` where these have names."""

    pattern: str
    months: Sequence[str] = ()


def _named(pattern: str, months: str) -> _Style:
    return _Style(pattern, months.split())


_STYLES: Final[Mapping[str, _Style]] = {
    "en": _named(
        "{day} {month} {year}, {time}",
        "January February March April May June July August September October November December",
    ),
    "th": _named(
        "{day} {month} ค.ศ. {year} เวลา {time} น.",
        "มกราคม กุมภาพันธ์ มีนาคม เมษายน พฤษภาคม มิถุนายน กรกฎาคม สิงหาคม กันยายน ตุลาคม พฤศจิกายน ธันวาคม",
    ),
    "vi": _Style("{time} ngày {day} tháng {number} năm {year}"),
    "id": _named(
        "{day} {month} {year}, {time}",
        "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember",
    ),
    "ms": _named(
        "{day} {month} {year}, {time}",
        "Januari Februari Mac April Mei Jun Julai Ogos September Oktober November Disember",
    ),
    "pt": _named(
        "{day} de {month} de {year}, {time}",
        "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
    ),
    "es": _named(
        "{day} de {month} de {year}, {time}",
        "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    ),
    "zh": _Style("{year}年{number}月{day}日 {time}"),
}
_OTHERS: Final = _Style("{year:04}-{number:02}-{day:02} {time}")
_LAST: Final = 999_999


def readable(instant: int, name: str, language: str | None) -> str:
    """An instant on the clocks of a zone.

    Args:
        instant: Microseconds since 1970.
        name: The IANA name of the zone.
        language: The tag of the language; others than those known here get digits.
    """
    try:
        return _readable(instant, name, language)
    except OutOfCalendar:  # the clocks of the zone would show a year before 1 or after 9999
        return instant_text(instant)


def _readable(instant: int, name: str, language: str | None) -> str:
    at, is_end = instant, False
    if instant % SECOND == _LAST and instant < LAST_INSTANT:
        at += 1
        local = to_datetime(at, zone(name))
        is_end = local.hour == local.minute == local.second == 0
    local = to_datetime(at, zone(name))
    shown = local - timedelta(days=1) if is_end else local
    style = _STYLES.get((language or "").partition("-")[0].lower(), _OTHERS)
    text = style.pattern.format(
        day=shown.day,
        month=style.months[shown.month - 1] if style.months else "",
        number=shown.month,
        year=shown.year,
        time="24:00" if is_end else _time(local),
    )
    return f"{text} ({name}{_offset(local)})"


def _time(local: datetime) -> str:
    """Hours and minutes, and seconds if there are any; what is less than a second is cut off."""
    return f"{local:%H:%M:%S}" if local.second else f"{local:%H:%M}"


def _offset(local: datetime) -> str:
    """The offset, where the clock shows the same time twice."""
    other = local.replace(fold=1 - local.fold).utcoffset()
    own = local.utcoffset()
    return "" if own == other else f", {_signed(own)}"


def _signed(offset: timedelta | None) -> str:
    """An offset as `+07:00`."""
    minutes = (offset or timedelta()) // timedelta(minutes=1)
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}"
