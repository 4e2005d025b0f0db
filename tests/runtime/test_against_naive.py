"""Random policies over random streams, against an evaluator that counts everything again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from revlex.engine.runtime.evaluator import Evaluator
from revlex.engine.runtime.events import Decoder, Event
from revlex.tests.reference.days import Window, micros_of, moment_of
from revlex.tests.reference.naive import (
    Asked,
    Counted,
    Naive,
    Seen,
    Thing,
    Watched,
    World,
    belonging,
)
from revlex.tests.reference.streams import compiled

HALF_HOUR = timedelta(minutes=30)

# --------------------------------------------------------------- what policies may say


def always(_world: World, _thing: Thing) -> bool:
    return True


def field_of(kind: str, name: str) -> Any:
    """A field of what is counted, or of what it links to."""

    def read(world: World, thing: Thing) -> Any:
        found = thing if thing.kind == kind else world.linked(thing, kind)
        return None if found is None else found.get(name)

    return read


def _flag(world: World, thing: Thing) -> str:
    found = field_of("order", "flag")(world, thing)
    return "none" if found is None else str(found)


def _hours(world: World, thing: Thing) -> datetime:
    """What the clock on the wall showed when a review was posted."""
    wall: datetime = thing.get("posted_at").astimezone(world.zone)
    return wall


def _late_on_a_weekday(world: World, thing: Thing) -> bool:
    """From 21:30 of a day from Monday to Friday to 02:30 of the next."""
    wall = _hours(world, thing)
    if (wall.hour, wall.minute) >= (21, 30):
        return wall.weekday() < 5
    return (wall.hour, wall.minute) < (2, 30) and (wall - timedelta(days=1)).weekday() < 5


def _latest_stars(reviews: list[Thing]) -> int:
    """The stars of the review that was posted last, or of the last in order of several."""
    by_date = sorted(reviews, key=lambda one: (one.get("posted_at"), one.key))
    return int(by_date[-1].get("stars")) if by_date else 5


def _least_stars(reviews: list[Thing], of_class: str) -> int:
    return min((one.get("stars") for one in reviews if one.get("class") == of_class), default=3)


REVIEW_CONDITIONS = {
    "": always,
    "count(review for order) > 1": lambda w, t: len(belonging(w, t, "review", "order")) > 1,
    "count(return for order) > 0": lambda w, t: bool(belonging(w, t, "return", "order")),
    "sum(review.stars of review for buyer) >= 4": lambda w, t: (
        sum(one.get("stars") for one in belonging(w, t, "review", "buyer")) >= 4
    ),
    "(least(review.stars of review for buyer where review.class == other) ?? 3) < 3": lambda w, t: (
        _least_stars(belonging(w, t, "review", "buyer"), "other") < 3
    ),
    "review.stars <= 2": lambda _w, t: t.get("stars") <= 2,
    "review.class != logistics": lambda _w, t: t.get("class") != "logistics",
    "order.flag == none": lambda w, t: _flag(w, t) == "none",
    "review.posted_at during 01:30 to 14:00": lambda w, t: (
        (1, 30) <= (_hours(w, t).hour, _hours(w, t).minute) < (14, 0)
    ),
    "review.posted_at during saturday to sunday": lambda w, t: _hours(w, t).weekday() >= 5,
    "review.posted_at during monday to friday 21:30 to 02:30": _late_on_a_weekday,
    "not declared(review.posted_at)": lambda w, t: not w.lies_in_period(t.get("posted_at")),
    'declared(review.posted_at, "strike", "disaster")': lambda w, t: w.lies_in_period(
        t.get("posted_at"), "strike", "disaster"
    ),
    "has order.delivered_at": lambda w, t: field_of("order", "delivered_at")(w, t) is not None,
    'product.category == "toys"': lambda w, t: field_of("product", "category")(w, t) == "toys",
}
ORDER_CONDITIONS = {
    "": always,
    "count(review for order where review.stars <= 2) > 0": lambda w, t: any(
        one.get("stars") <= 2 for one in belonging(w, t, "review", "order")
    ),
    "count(return for order) == 0": lambda w, t: not belonging(w, t, "return", "order"),
    "(latest(review.stars of review for order) ?? 5) <= 2": lambda w, t: (
        _latest_stars(belonging(w, t, "review", "order")) <= 2
    ),
    'count(item for order where product.category == "toys") > 0': lambda w, t: any(
        field_of("product", "category")(w, one) == "toys"
        for one in belonging(w, t, "item", "order")
    ),
    "count(review for order where count(review for buyer) > 1) > 0": lambda w, t: any(
        len(belonging(w, one, "review", "buyer")) > 1 for one in belonging(w, t, "review", "order")
    ),
    "order.flag == none": lambda w, t: _flag(w, t) == "none",
    "order.quantity >= 2": lambda _w, t: t.get("quantity") >= 2,
}
REVIEW_DATES = {
    "": field_of("review", "posted_at"),
    "order.placed_at": field_of("order", "placed_at"),
    "order.delivered_at": field_of("order", "delivered_at"),
}
ORDER_DATES = {
    "": field_of("order", "placed_at"),
    "order.delivered_at": field_of("order", "delivered_at"),
}


def _texts(kind: str, condition: str, date: str) -> str:
    where = f" where {condition}" if condition else ""
    return f"{kind}{where}" + (f" dated {date}" if date else "")


@st.composite
def review_counts(draw: st.DrawFn, operator: str = "count") -> Counted:
    condition = draw(st.sampled_from(["", "", "", *REVIEW_CONDITIONS]))
    date = draw(st.sampled_from(sorted(REVIEW_DATES)))
    where, dated = REVIEW_CONDITIONS[condition], REVIEW_DATES[date]
    entity = _texts("review", condition, date)
    if operator == "count":
        return Counted("count", "review", dated, where, None, f"count({entity})")
    if operator == "count distinct":
        both = " and ".join(filter(None, ["has review.buyer_key", condition]))
        text = f"count(distinct review.buyer_key of {_texts('review', both, date)})"
        buyer = field_of("review", "buyer_key")
        return Counted(operator, "review", dated, where, buyer, text)
    text = f"{operator}(review.stars of {entity})"
    return Counted(operator, "review", dated, where, field_of("review", "stars"), text)


@st.composite
def order_counts(draw: st.DrawFn, operator: str = "count") -> Counted:
    condition = draw(st.sampled_from(["", "", *ORDER_CONDITIONS]))
    date = draw(st.sampled_from(sorted(ORDER_DATES)))
    where, dated = ORDER_CONDITIONS[condition], ORDER_DATES[date]
    entity = _texts("order", condition, date)
    if operator == "count":
        return Counted("count", "order", dated, where, None, f"count({entity})")
    text = f"sum(order.quantity of {entity})"
    return Counted("sum", "order", dated, where, field_of("order", "quantity"), text)


ITEMS = Counted("count", "item", field_of("order", "placed_at"), always, None, "count(item)")
RETURNS = Counted(
    "count", "return", field_of("return", "requested_at"), always, None, "count(return)"
)
PLAIN = st.one_of(
    review_counts(),
    review_counts("count distinct"),
    review_counts("least"),
    review_counts("greatest"),
    review_counts("average"),
    order_counts(),
    order_counts("sum"),
    st.just(ITEMS),
    st.just(RETURNS),
)
COUNTS = st.one_of(review_counts(), order_counts(), st.just(ITEMS), st.just(RETURNS))
WINDOWS = st.sampled_from(
    [
        Window(5, "d"),
        Window(36, "h"),
        Window(1, "calendar days"),
        Window(4, "calendar days"),
        Window(1, "calendar weeks"),
        Window(1, "calendar months"),
        Window(3, "business days"),
        Window(1, "this calendar week"),
        Window(1, "this calendar month"),
        Window(1, "last calendar day"),
        Window(1, "last calendar week"),
    ]
)


CHOICES = st.one_of(st.none(), st.none(), st.none(), st.tuples(COUNTS, st.integers(1, 3), WINDOWS))


@st.composite
def shares(draw: st.DrawFn) -> tuple[Counted, ...]:
    """A share, which is a ratio of two counts."""
    all_of = draw(review_counts())
    entity = all_of.text.removeprefix("count(").removesuffix(")")

    def both(world: World, thing: Thing) -> bool:
        return all_of.where(world, thing) and thing.get("stars") <= 2

    bad = replace(all_of, where=both, text=f"share(review.stars <= 2 of {entity})")
    return bad, all_of


@st.composite
def measures(draw: st.DrawFn, name: str, per: str | None = None) -> Asked:
    kind = draw(st.sampled_from(["plain", "ratio", "share"])) if per is None else "plain"
    parts: tuple[Counted, ...]
    if kind == "plain":
        parts = (draw(PLAIN if per is None else COUNTS),)
    else:
        parts = draw(shares()) if kind == "share" else (draw(COUNTS), draw(COUNTS))
    is_ratio = len(parts) == 2
    return Asked(
        name=name,
        per=per or draw(st.sampled_from(["shop", "product"])),
        parts=parts,
        window=draw(WINDOWS),
        lag=timedelta(days=draw(st.sampled_from([0, 0, 0, 2]))),
        at_least=draw(st.integers(2, 3)) if is_ratio else 1,
        choice=draw(CHOICES),
    )


@st.composite
def turning(draw: st.DrawFn, strategy: st.SearchStrategy[Asked], start: datetime) -> Asked:
    """A measure that may have another variant from some day on."""
    asked = draw(strategy)
    if draw(st.sampled_from([True, False, False])):
        window = draw(WINDOWS)
        lag = timedelta(days=draw(st.sampled_from([0, 0, 2])))
        day = (start + timedelta(days=draw(st.integers(1, 14)))).date()
        return replace(asked, turn=(day, replace(asked, window=window, lag=lag)))
    return asked


@st.composite
def thresholds(draw: st.DrawFn, number: int, start: datetime) -> tuple[Watched, list[Asked]]:
    asked = draw(turning(measures(f"measure_{number}"), start))
    if len(asked.parts) == 2:
        low, high = Fraction(1, 4), Fraction(3, 4)
        leave = draw(st.sampled_from([None, Fraction(1, 2)]))
    else:
        low, high = Fraction(1), Fraction(3)
        leave = draw(st.sampled_from([None, Fraction(2)]))
    schedule = draw(st.sampled_from(["on change", "daily", "daily", "weekly"]))
    hold = draw(st.sampled_from(["none", "none", "checks", "length"]))
    others = turning(measures(f"other_{number}", per=asked.per), start)
    other = draw(st.none() | st.none() | st.none() | others)
    require = None if other is None else (other, draw(st.integers(1, 2)))
    third = draw(st.none() | st.none() | measures(f"third_{number}", per=asked.per))
    band = draw(st.sampled_from(["low", "high", "forced"]))
    when = None if third is None else (band, third, draw(st.integers(1, 3)))
    watched = Watched(
        name=f"threshold-{number}",
        asked=asked,
        schedule=schedule,
        clock=draw(st.sampled_from(["00:00", "02:30", "06:00"])),
        bounds=(low, high),
        leave_high=leave,
        hold_checks=2 if hold == "checks" and schedule != "on change" else 1,
        hold_for=timedelta(hours=30) if hold == "length" else None,
        require=require,
        when=when,
        moves=draw(st.sampled_from(["both", "both", "both", "up", "down"])),
    )
    return watched, [asked, *watched.others()]


# ------------------------------------------------------------------- as a policy


def policy_text(zone: str, watched: list[Watched], asked: list[Asked], retention: int) -> str:
    return f"""
policy: random
title: Random
version: "1"
timezone: {zone}
retention: {retention}d
classify:
  - as: logistics
    when: review.text contains "courier"
  - as: other
review_rules:
  - rule: in-time
    when: has order.delivered_at
    require: review.posted_at within 5d of order.delivered_at
    otherwise: refuse
    because: it came too late
measures:
{"".join(map(_measure_text, asked))}
thresholds:
{"".join(map(_threshold_text, watched))}
appeals:
  - {{appeal: verdict, attempts: [within 5d of notice]}}
"""


def _measure_text(asked: Asked) -> str:
    if asked.turn is None:
        return f"  {asked.name}:\n{_variant_text(asked, '    ')}"
    day, other = asked.turn
    first = f"    - effective: {{until: {day}}}\n{_variant_text(asked, '      ')}"
    second = f"    - effective: {{from: {day}}}\n{_variant_text(other, '      ')}"
    return f"  {asked.name}:\n{first}{second}"


def _variant_text(asked: Asked, indent: str) -> str:
    is_share = asked.parts[0].text.startswith("share(")
    value = asked.parts[0].text if is_share else asked.text
    lines = [f"per: {asked.per}", f"value: '{value}'", f"over: '{asked.over}'"]
    lines += [f"lag: {asked.lag.days}d"] if asked.lag else []
    lines += [f"at_least: {asked.at_least}"] if asked.at_least > 1 else []
    return "".join(f"{indent}{line}\n" for line in lines)


def _shown(watched: Watched, bound: Fraction) -> str:
    if len(watched.asked.parts) == 2:
        return f"{bound * 100}%"
    return f"{bound}.0" if watched.asked.parts[0].operator == "average" else str(bound)


def _bands_text(watched: Watched, low: str, high: str) -> str:
    bands = {"low": f"below {low}", "middle": f"from {low} below {high}", "high": f"from {high}"}
    if watched.when is not None:
        name, asked, least = watched.when
        condition = f"when {asked.name} >= {least}"
        bands[name] = f"{bands[name]} or {condition}" if name in bands else condition
    return f"{{{', '.join(f'{name}: {says}' for name, says in bands.items())}}}"


def _threshold_text(watched: Watched) -> str:
    low, high = (_shown(watched, bound) for bound in watched.bounds)
    at = "" if watched.schedule == "on change" else f" at {watched.clock}"
    lines = [
        f"  - threshold: {watched.name}",
        f"    measure: {watched.asked.name}",
        f"    check: {watched.schedule}{at}",
        f"    bands: {_bands_text(watched, low, high)}",
    ]
    if watched.moves != "both":
        lines.append(f"    moves: {watched.moves}")
    if watched.leave_high is not None:
        lines.append(f"    leave: {{high: below {_shown(watched, watched.leave_high)}}}")
    if watched.hold_checks > 1:
        lines.append(f"    hold_for: {{high: {watched.hold_checks} checks}}")
    if watched.hold_for is not None:
        lines.append("    hold_for: {high: 30h}")
    if watched.require is not None:
        lines.append(f"    require: {watched.require[0].name} >= {watched.require[1]}")
    return "\n".join(lines) + "\n"


# -------------------------------------------------------------------------- streams

ORDERS, PRODUCTS, REVIEWS = ("o0", "o1", "o2"), ("p1", "p2"), ("r0", "r1", "r2", "r3")
TEXTS = st.sampled_from([None, "bad courier", "fine"])
MAYBE_PRODUCT = st.none() | st.sampled_from(PRODUCTS)
SOON = st.integers(0, 48 * 6) | st.sampled_from([0, 0, 2, 48])
"""Half hours."""

Row = tuple[int, dict[str, Any]]
"""When, in half hours from the start, and what an event says."""

STORY = st.fixed_dictionaries(
    {
        "at": st.integers(0, 48 * 14) | st.sampled_from([0, 4, 10, 48, 192, 196, 240]),
        "product_id": MAYBE_PRODUCT,
        "product_ids": st.none() | st.just(list(PRODUCTS)),
        "quantity": st.none() | st.integers(1, 3),
        "delivered": st.none() | SOON,
        "delivered_at": st.none() | st.none() | st.integers(-200, 200),
        "reviewed": st.none() | SOON | SOON,
        "stars": st.sampled_from([1, 1, 2, 3, 5]),
        "buyer_key": st.sampled_from([None, "b1", "b2"]),
        "knows_order": st.booleans(),
        "of": st.sampled_from([None, None, "o0", "o1"]),
        "names_product": st.booleans(),
        "text": TEXTS,
    }
)
"""An order, what became of it, and what was said about it."""


def told(number: int, story: dict[str, Any]) -> list[Row]:
    """The events of a story."""
    order, at = f"o{number}", story["at"]
    both = {name: story[name] for name in ("product_id", "product_ids")}
    placed = {"type": "order.placed", "order_id": order, "quantity": story["quantity"], **both}
    rows: list[Row] = [(at, placed)]
    if story["delivered"] is not None:
        later = {"delivered_at": story["delivered_at"], **both}
        rows.append(
            (at + story["delivered"], {"type": "order.delivered", "order_id": order, **later})
        )
    if story["reviewed"] is not None:
        review = {
            "type": "review.posted",
            "review_id": f"r{number}",
            "order_id": story["of"] or (order if story["knows_order"] else None),
            "product_id": story["product_id"] if story["names_product"] else None,
            **{name: story[name] for name in ("stars", "buyer_key", "text")},
        }
        rows.append((at + story["reviewed"], review))
    return rows


@st.composite
def happenings(draw: st.DrawFn) -> dict[str, Any]:
    """Something that happens to what the stories are about, or to nothing."""
    type_ = draw(st.sampled_from(sorted(_HAPPENINGS)))
    return {"type": type_, **{n: draw(strategy) for n, strategy in _HAPPENINGS[type_].items()}}


_REVIEW = {"review_id": st.sampled_from(REVIEWS)}
_HAPPENINGS: Mapping[str, Mapping[str, st.SearchStrategy[Any]]] = {
    "calendar.declared": {
        "kind": st.sampled_from(["public_holiday", "public_holiday", "strike", "peak_season"]),
        "from": st.sampled_from([-96, -48, -20, 0, 20, 48]),
        "to": st.sampled_from([-48, 0, 48, 96, 2000]),
    },
    "order.delivered": {
        "order_id": st.sampled_from(ORDERS),
        "product_id": MAYBE_PRODUCT,
        "delivered_at": st.none() | st.integers(-200, 200),
    },
    "order.flagged": {
        "order_id": st.sampled_from(ORDERS),
        "flag": st.sampled_from(["none", "fake"]),
    },
    "product.listed": {
        "product_id": st.sampled_from(PRODUCTS),
        "category": st.sampled_from(["toys", "toys", "books"]),
    },
    "return.requested": {
        "return_id": st.sampled_from(["x1", "x2", "x3"]),
        "order_id": st.sampled_from(ORDERS),
    },
    "review.edited": {**_REVIEW, "stars": st.none() | st.integers(1, 5), "text": TEXTS},
    "review.classified": {**_REVIEW, "class": st.sampled_from(["product", "logistics"])},
    "review.removed": _REVIEW,
    "review.restored": _REVIEW,
    "review.hidden": _REVIEW,
    "review.published": _REVIEW,
}


@dataclass(frozen=True, slots=True)
class Case:
    """A policy and a stream."""

    zone: str
    watched: list[Watched]
    asked: list[Asked]
    retention: int
    start: datetime
    events: list[tuple[datetime, dict[str, Any]]]

    @property
    def text(self) -> str:
        return policy_text(self.zone, self.watched, self.asked, self.retention)


STARTS = {
    "America/New_York": ["2018-03-07", "2018-10-31"],
    "America/Sao_Paulo": ["2018-02-13", "2018-10-30"],
    "Asia/Bangkok": ["2018-02-20"],
}
"""Some days before the clocks are set, where they are."""


@st.composite
def cases(draw: st.DrawFn) -> Case:
    zone = draw(st.sampled_from(sorted(STARTS)))
    start = datetime.fromisoformat(draw(st.sampled_from(STARTS[zone]))).replace(tzinfo=UTC)
    drawn = [draw(thresholds(number, start)) for number in range(draw(st.integers(1, 3)))]
    stories = draw(st.lists(STORY, min_size=3, max_size=9))
    rows = [row for number, story in enumerate(stories) for row in told(number, story)]
    rows += draw(st.lists(st.tuples(st.integers(0, 48 * 20), happenings()), max_size=9))
    events = [
        (start + HALF_HOUR * at, {n: value for n, value in said.items() if value is not None})
        for at, said in sorted(rows, key=lambda row: row[0])
    ]
    for number, (at, said) in enumerate(events):
        said["event_id"] = f"e{number:03}"
        for name in {"delivered_at", "from", "to"} & said.keys():
            said[name] = at + HALF_HOUR * said[name]
    return Case(
        zone=zone,
        watched=[watched for watched, _ in drawn],
        asked=[asked for _, several in drawn for asked in several],
        retention=draw(st.sampled_from([400, 35])),
        start=start,
        events=events,
    )


# -------------------------------------------------------------------- both of them

Look = tuple[Any, Any, Any]


@dataclass(slots=True)
class Found:
    """What came of a stream: crossings by threshold and subject, and what every look saw."""

    crossings: dict[tuple[str, str], list[Seen]]
    looks: dict[tuple[str, str], list[tuple[datetime, Look]]]
    refused: list[str]


def engine(case: Case, end: datetime) -> Found:
    program = compiled(case.text)
    evaluator, decoder = Evaluator(program), Decoder(program.catalog)
    found = Found(defaultdict(list), defaultdict(list), [])

    def look(threshold: Any, subject: str, now: int, measured: Any, _shop: str) -> None:
        row = (measured.value, measured.numerator, measured.denominator)
        found.looks[threshold.name, subject].append((moment_of(now), row))

    evaluator.observe(look)
    decisions = []
    for at, said in case.events:
        event = decoder.convert({"shop_id": "s", "occurred_at": at, **said})
        assert isinstance(event, Event), event
        decisions += evaluator.feed(event)
    decisions += evaluator.advance(micros_of(end))
    for one in decisions:
        if one.kind == "threshold":
            subject = "" if one.subject.kind == "shop" else one.subject.id
            at = datetime.fromisoformat(one.time.event_time).astimezone(UTC)
            row = (at, subject, one.outcome.band_before, one.outcome.band or "", one.rule.result)
            found.crossings[one.rule.id, subject].append(row)
    found.refused = [one.event.event_id for one in evaluator.quarantined]
    assert len({one.decision_id for one in decisions}) == len(decisions)
    return found


def naive(case: Case, end: datetime) -> Found:
    slow = Naive(case.watched, ZoneInfo(case.zone), timedelta(days=case.retention))
    slow.run(case.events, end)
    found = Found(defaultdict(list), defaultdict(list), slow.refused)
    for name, rows in slow.seen.items():
        for row in rows:
            found.crossings[name, row[1]].append(row)
    for name, looks in slow.measured.items():
        for at, subject, row in looks:
            found.looks[name, subject].append((at, row))
    return found


@settings(
    max_examples=150, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
@given(cases())
def test_the_same_crossings(case: Case) -> None:
    end = case.events[-1][0] + timedelta(days=40)
    fast, slow = engine(case, end), naive(case, end)
    assert fast.refused == slow.refused
    assert dict(fast.crossings) == dict(slow.crossings)
    for one in case.watched:
        if one.schedule != "on change":
            _same_looks(one, fast, slow)


def _same_looks(one: Watched, fast: Found, slow: Found) -> None:
    """What every check sees, carried on from the last look where one was spared."""
    for (name, subject), looks in slow.looks.items():
        if name != one.name:
            continue
        told, last = iter(fast.looks.get((name, subject), ())), None
        following = next(told, None)
        for at, expected in looks:
            while following is not None and following[0] <= at:
                last, following = following[1], next(told, None)
            if last is not None:
                assert last == expected, (name, subject, at)
            else:
                assert not expected[0], (name, subject, at)
