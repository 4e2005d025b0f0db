"""A measure over time: its values, the bounds of the bands, and the bands that were entered."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import Final

from markupsafe import Markup

from ..as_text import name_of, standing, time_text
from ..model import Crossing, Line, Sample, Series, Stretch
from ..values import readable
from .frame import Head, Sheet, chart, time_lines, value_lines
from .scales import LEFT, PLOT, Times, Values, values_for
from .svg import box, clipped, element, label, led, line, path, px, title
from .thinning import outlined, thinned

_TOP: Final = 28
_HEIGHT: Final = 120
_STRIP: Final = 16
_FAR: Final = 2
"""A bound more than so many times above all values would flatten them, and is only named."""

_CHARACTER: Final = 7


def measure_chart(number: str, one: Series, sheet: Sheet) -> Markup:
    """The chart of a threshold and one subject."""
    times = sheet.times
    head = _head(one, sheet.stretch)
    strip = _TOP + (_HEIGHT + 8 if one.is_known else 0)
    bottom = strip + _STRIP
    parts = [time_lines(times, _TOP, bottom)]
    if one.is_known:
        parts += _plot(one, times)
    parts.append(_bands(one, times, strip))
    marked = thinned(one.crossings, times, lambda crossing: crossing.at)
    parts += [_mark(crossing, one, sheet, strip) for crossing in marked]
    return chart(number, head, max(bottom, head.height - 14), *parts)


def _head(one: Series, stretch: Stretch) -> Head:
    value = ""
    if one.last is not None:
        known = one.last.value is not None
        value = readable(one.last.value, one.unit) if known else "not enough to tell"
    notes = [one.threshold] if one.measure and one.measure != one.threshold else []
    notes += [f"of {one.subject}"] if one.subject else []
    notes += [f"band {one.band}"] if one.band else []
    notes += [one.status] if one.status != "enforce" else []
    notes.append(f"{one.looks:,} check{'' if one.looks == 1 else 's'}")
    crossed = f"{len(one.crossings):,} changes of band" if one.crossings else "no change of band"
    says = f"{name_of(one)}: {standing(one)}; {crossed}"
    if one.crossings:
        last = one.crossings[-1]
        says += f", the last on {time_text(last.at, stretch)} to {last.band}"
    return Head(one.measure or one.threshold, value, notes, says)


# ---------------------------------------------------------------------------- the values


def _plot(one: Series, times: Times) -> list[Markup]:
    known = [s.high for s in one.samples if s.high is not None]
    lowest = [s.low for s in one.samples if s.low is not None]
    lines = _near(one.lines, known)
    values = values_for(
        [*known, *lowest, *(bound.value for bound in lines)], one.unit, _TOP, _HEIGHT
    )
    return [
        value_lines(values, one.unit),
        *_bounds(lines, values),
        *(_range(piece, times, values) for piece in _pieces(one.samples)),
        *(_curve(piece, times, values, one.unit) for piece in _pieces(one.samples)),
    ]


def _near(lines: tuple[Line, ...], known: list[Fraction]) -> list[Line]:
    """The bounds that do not lie far above all values; the lowest always."""
    highest = max(known, default=Fraction(0))
    return [
        bound
        for place, bound in enumerate(lines)
        if place == 0 or bound.value <= highest * _FAR or not highest
    ]


def _bounds(lines: list[Line], values: Values) -> Iterator[Markup]:
    last = None
    for bound in lines:
        place = values.place(bound.value)
        said = f"{bound.band}: {bound.says}"
        yield line((LEFT, place), (LEFT + PLOT, place), "bound")
        at = place if last is None else min(place, last - 13)
        yield element("g", title(said), label(clipped(said, 24), LEFT + PLOT + 8, at + 4, "limit"))
        last = at


def _pieces(samples: tuple[Sample, ...]) -> list[list[Sample]]:
    """The samples between two looks that were not enough to tell."""
    found: list[list[Sample]] = [[]]
    for sample in samples:
        if sample.value is None:
            found.append([])
        else:
            found[-1].append(sample)
    return [piece for piece in found if piece]


def _curve(piece: list[Sample], times: Times, values: Values, unit: str) -> Markup:
    if len(piece) == 1:
        [only] = piece
        assert only.value is not None  # noqa: S101  # pieces have values
        at = {"cx": times.place(only.at), "cy": values.place(only.value)}
        return element("circle", title(readable(only.value, unit)), **at, r=2, class_="dot")
    steps = [
        ("L" if place else "M", times.place(one.at), values.place(one.value))
        for place, one in enumerate(piece)
        if one.value is not None
    ]
    return path(steps, "curve")


def _range(piece: list[Sample], times: Times, values: Values) -> Markup:
    """How far the values between went, where that is further than they are drawn."""
    if all(one.low == one.high for one in piece):
        return Markup()
    up = [(times.place(one.at), values.place(one.high)) for one in piece if one.high is not None]
    down = [(times.place(one.at), values.place(one.low)) for one in piece if one.low is not None]
    around = [*up, *reversed(down)]
    return path([("L" if place else "M", x, y) for place, (x, y) in enumerate(around)], "range")


# ----------------------------------------------------------------------------- the bands


def _bands(one: Series, times: Times, top: int) -> Markup:
    """The strip below: in which band the subject was when."""
    valid = [crossing for crossing in one.crossings if not crossing.undone]
    entered = outlined(valid, times, lambda crossing: crossing.at, lambda _: 0)
    begins = [(times.stretch.start, one.band_before), *((c.at, c.band) for c in entered)]
    drawn = []
    for place, (at, band) in enumerate(begins):
        end = begins[place + 1][0] if place + 1 < len(begins) else times.stretch.end
        left, right = times.place(at), times.place(end)
        if band is not None and right > left:
            kind = "band grave" if band in one.grave else "band"
            drawn.append(box(left, top, (right - left, _STRIP), kind, f"band {band}"))
            room = int(right - left) // _CHARACTER
            if room > len(band):
                drawn.append(label(band, left + 4, top + 12, "within"))
    return Markup().join(drawn)


def _mark(crossing: Crossing, one: Series, sheet: Sheet, top: int) -> Markup:
    """A place where a band was entered, which leads to the decision."""
    before = crossing.before or "no band"
    value = f" at {readable(crossing.value, one.unit)}" if crossing.value is not None else ""
    undone = ", reversed" if crossing.undone else ""
    when = time_text(crossing.at, sheet.stretch)
    says = f"{when}: {before} to {crossing.band}{value}{undone}"
    place = sheet.times.place(crossing.at)
    kind = "mark undone" if crossing.undone else "mark"
    corners = f"M{px(place)} {top} l-5 -8 h10 z"
    return led(
        sheet.place_of(crossing.decision_id), element("path", title(says), d=corners, class_=kind)
    )
