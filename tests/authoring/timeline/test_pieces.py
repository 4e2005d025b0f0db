"""The pieces that a history is made of, each on its own."""

from __future__ import annotations

from datetime import UTC
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from revlex.engine.authoring.timeline.model import Stretch
from revlex.engine.authoring.timeline.periods import cut, period_of, unit_for
from revlex.engine.authoring.timeline.sampling import MOST_SAMPLES, Look, Sampler
from revlex.engine.authoring.timeline.values import read_value, readable, unit_of
from revlex.engine.records.values import DECIMAL, DURATION, INTEGER, PERCENT, show
from revlex.engine.runtime.instants import DAY, FIRST_INSTANT, LAST_INSTANT
from revlex.engine.runtime.zones import zone

numbers = st.fractions(min_value=-(10**6), max_value=10**6, max_denominator=10**4)


@given(value=numbers, unit=st.sampled_from([PERCENT, DECIMAL]))
def test_a_value_is_read_back_exactly(value: Fraction, unit: str) -> None:
    assert read_value(show(value, unit)) == value


@given(st.integers(-(10**17), 10**17))
def test_a_length_of_time_is_read_back_exactly(micros: int) -> None:
    text = show(micros, DURATION)
    assert read_value(text) == micros
    assert unit_of(text) == DURATION


@given(st.text(max_size=30))
def test_any_other_text_is_no_value(text: str) -> None:
    found = read_value(text)
    assert found is None or any(character.isdigit() for character in text)


def test_values_are_rounded_for_people() -> None:
    assert readable(Fraction(1, 3), PERCENT) == "33.33%"
    assert readable(Fraction(31, 7), DECIMAL) == "4.43"
    assert readable(Fraction(7), INTEGER) == "7"
    assert readable(Fraction(90_061_500_000), DURATION) == "1d 1h 1m 2s"
    assert readable(None, PERCENT) == "none"


instants = st.integers(FIRST_INSTANT + 2 * DAY, LAST_INSTANT - 2 * DAY)
near = st.builds(
    lambda start, days: (start, min(start + days * DAY, LAST_INSTANT - DAY)),
    instants,
    st.integers(0, 4000),
)


@given(reach=near | st.tuples(instants, instants).map(lambda pair: (min(pair), max(pair))))
def test_periods_follow_on_each_other_and_hold_the_stretch(reach: tuple[int, int]) -> None:
    for clock in (UTC, zone("America/Sao_Paulo")):
        stretch = Stretch(*reach, clock, "")
        begins = cut(stretch, unit_for(stretch))
        assert begins == sorted(set(begins))
        assert len(begins) <= 400
        assert 0 <= period_of(begins, stretch.end) == len(begins) - 1
        if len(begins) < 400:
            assert period_of(begins, stretch.start) == 0


looks = st.lists(st.tuples(st.integers(0, 10_000), st.none() | numbers), max_size=400)


@given(looks)
def test_however_many_looks_few_samples_say_how_far_values_went(
    seen: list[tuple[int, Fraction | None]],
) -> None:
    sampler = Sampler(Stretch(0, 10_000, UTC, "UTC"), [-1_000, 3_000, 7_000])
    seen.sort(key=lambda pair: pair[0])
    for at, value in seen:
        sampler.add(Look(at, "t", "m", "", value, PERCENT, 1))
    samples = sampler.samples()
    assert len(samples) <= MOST_SAMPLES
    assert sampler.looks == len(seen)
    assert [one.at for one in samples] == sorted({one.at for one in samples})
    if not seen:
        return
    for begin, end in ((0, 3_000), (3_000, 7_000), (7_000, 10_001)):
        inside = [pair for pair in seen if begin <= pair[0] < end]
        kept = [(one.at, one.value) for one in samples if begin <= one.at < end]
        assert kept[-1:] == inside[-1:]
    assert (samples[-1].at, samples[-1].value) == seen[-1]
    known = [value for _, value in seen if value is not None]
    lows = [one.low for one in samples if one.low is not None]
    highs = [one.high for one in samples if one.high is not None]
    assert min(lows, default=None) == min(known, default=None)
    assert max(highs, default=None) == max(known, default=None)
