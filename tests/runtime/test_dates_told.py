"""Points in time as sellers read them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from revlex.engine.runtime.instants import FIRST_INSTANT, LAST_INSTANT, parse_instant
from revlex.engine.runtime.notices.dates import readable
from revlex.engine.runtime.zones import zone_names

DAY = 86_400_000_000


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "3 July 2025, 09:05"),
        ("en-GB", "3 July 2025, 09:05"),
        ("th", "3 กรกฎาคม ค.ศ. 2025 เวลา 09:05 น."),
        ("vi", "09:05 ngày 3 tháng 7 năm 2025"),
        ("id", "3 Juli 2025, 09:05"),
        ("ms", "3 Julai 2025, 09:05"),
        ("pt-BR", "3 de julho de 2025, 09:05"),
        ("es", "3 de julio de 2025, 09:05"),
        ("zh-Hant", "2025年7月3日 09:05"),
        ("xx", "2025-07-03 09:05"),
        (None, "2025-07-03 09:05"),
    ],
)
def test_in_each_language(language: str | None, said: str) -> None:
    at = parse_instant("2025-07-03T02:05:00Z")
    assert readable(at, "Asia/Bangkok", language) == f"{said} (Asia/Bangkok)"


@pytest.mark.parametrize(
    ("instant", "name", "said"),
    [
        ("2025-08-01T16:59:59.999999Z", "Asia/Bangkok", "1 August 2025, 24:00 (Asia/Bangkok)"),
        ("2025-12-31T23:59:59.999999Z", "UTC", "31 December 2025, 24:00 (UTC)"),
        ("2025-08-01T16:00:00Z", "Asia/Bangkok", "1 August 2025, 23:00 (Asia/Bangkok)"),
        ("2025-08-01T17:00:00Z", "Asia/Bangkok", "2 August 2025, 00:00 (Asia/Bangkok)"),
        ("2025-08-01T09:59:59.999999Z", "UTC", "1 August 2025, 10:00 (UTC)"),
        ("2025-08-01T09:59:59.999998Z", "UTC", "1 August 2025, 09:59:59 (UTC)"),
        ("2025-08-01T09:00:07.25Z", "UTC", "1 August 2025, 09:00:07 (UTC)"),
        ("2025-10-26T00:30:00Z", "Europe/Berlin", "26 October 2025, 02:30 (Europe/Berlin, +02:00)"),
        ("2025-10-26T01:30:00Z", "Europe/Berlin", "26 October 2025, 02:30 (Europe/Berlin, +01:00)"),
        ("2025-11-02T05:30:00Z", "US/Eastern", "2 November 2025, 01:30 (US/Eastern, -04:00)"),
        ("2025-10-26T02:30:00Z", "Europe/Berlin", "26 October 2025, 03:30 (Europe/Berlin)"),
    ],
)  # fmt: skip
def test_ends_of_days_and_clocks_that_are_set_back(instant: str, name: str, said: str) -> None:
    assert readable(parse_instant(instant), name, "en") == said


@given(
    instant=st.integers(FIRST_INSTANT, LAST_INSTANT),
    name=st.sampled_from(sorted(zone_names())),
    language=st.sampled_from(["en", "th", "vi", "xx"]),
)
def test_every_instant_can_be_told(instant: int, name: str, language: str) -> None:
    inside = FIRST_INSTANT + 2 * DAY < instant < LAST_INSTANT - 2 * DAY
    assert not inside or name in readable(instant, name, language)


@pytest.mark.parametrize("name", ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
def test_the_ends_of_the_calendar_can_be_told(name: str) -> None:
    for instant in (FIRST_INSTANT, FIRST_INSTANT + 999_999, LAST_INSTANT, LAST_INSTANT - 1):
        assert readable(instant, name, "en")
