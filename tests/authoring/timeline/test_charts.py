"""Scales and marks of charts."""

from __future__ import annotations

from datetime import UTC
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from revlex.engine.authoring.timeline.charts.scales import LEFT, PLOT, Times, values_for
from revlex.engine.authoring.timeline.charts.svg import element, px
from revlex.engine.authoring.timeline.charts.thinning import outlined, thinned
from revlex.engine.authoring.timeline.model import Stretch
from revlex.engine.records.values import DECIMAL, DURATION, INTEGER, PERCENT
from revlex.engine.runtime.instants import DAY, FIRST_INSTANT, LAST_INSTANT

instants = st.integers(FIRST_INSTANT + 2 * DAY, LAST_INSTANT - 2 * DAY)
stretches = st.one_of(
    st.tuples(instants, st.integers(0, 5_000_000 * DAY)),
    st.tuples(instants, st.integers(0, 900 * DAY)),
).map(lambda pair: Stretch(pair[0], min(sum(pair), LAST_INSTANT - DAY), UTC, "UTC"))
numbers = st.fractions(min_value=-(10**9), max_value=10**9, max_denominator=10**6)
units = st.sampled_from([PERCENT, DECIMAL, INTEGER, DURATION])


@given(stretches)
def test_lines_of_time_are_few_and_in_order(stretch: Stretch) -> None:
    ticks = Times(stretch).ticks()
    places = [tick.place for tick in ticks]
    assert places == sorted(set(places))
    assert len(places) <= 16
    assert all(LEFT <= place <= LEFT + PLOT for place in places)


@given(stretches, st.lists(instants, max_size=20))
def test_later_is_never_further_left(stretch: Stretch, moments: list[int]) -> None:
    times = Times(stretch)
    places = [times.place(at) for at in sorted(moments)]
    assert places == sorted(places)
    assert all(LEFT <= place <= LEFT + PLOT for place in places)


@given(st.lists(numbers, max_size=20), units)
def test_a_scale_holds_its_values_with_few_lines(known: list[Fraction], unit: str) -> None:
    values = values_for(known, unit, 20, 100)
    assert values.low < values.high
    assert all(values.low <= value <= values.high for value in known)
    assert 2 <= len(values.lines) <= 13
    assert all(20 <= values.place(one) <= 120 for one in [*values.lines, *known])
    heights = [values.place(value) for value in sorted(known)]
    assert heights == sorted(heights, reverse=True)


@given(numbers)
def test_lengths_have_one_decimal_at_most(value: Fraction) -> None:
    assert abs(Fraction(px(value)) - value) <= Fraction(1, 20)


@given(st.lists(instants), stretches)
def test_marks_that_would_cover_each_other_are_one(moments: list[int], stretch: Stretch) -> None:
    moments = sorted(at for at in moments if stretch.holds(at))
    times = Times(stretch)
    kept = thinned(moments, times, lambda at: at)
    assert len(kept) <= PLOT // 3 + 1
    assert kept[-1:] == moments[-1:]
    outline = outlined(moments, times, lambda at: at, lambda at: at % 7)
    assert len(outline) <= 3 * (PLOT + 1)
    assert set(kept) <= set(outline)


def test_elements_escape_what_others_wrote() -> None:
    made = element("text", "<a & \u202e", class_='"x"')
    assert made == '<text class="&#34;x&#34;">&lt;a &amp; &lt;U+202E&gt;</text>'
