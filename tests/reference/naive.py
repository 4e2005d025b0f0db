"""A policy evaluated the slow way: at every check, everything again from all that is known.

Measures are counted with plain loops over all entities, one time after the other at which anything
could be seen. Nothing is shared with the engine.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta, tzinfo
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

from revlex.tests.reference.days import Window, checks, first_reading

LINKS = {
    "order": {"product": "product_id", "buyer": "buyer_key"},
    "item": {"order": "order_id", "product": "product_id"},
    "review": {"order": "order_id", "product": "product_id", "buyer": "buyer_key"},
    "return": {"order": "order_id"},
    "product": {},
}
"""Which kinds link to which, and by which field of events."""

DEFAULTS: Mapping[str, Mapping[str, Any]] = {
    "order": {"flag": "none", "quantity": 1},
    "review": {"class": "unclassified", "by_hand": False, "status": "standing", "text": ""},
    "product": {"category": ""},
    "item": {},
    "return": {},
}
HOLDERS_FIRST = ("return", "review", "item", "order", "product")


@dataclass(slots=True)
class Thing:
    """An entity: what is known of it, what it links to, when something touched it last."""

    kind: str
    key: str
    touched: datetime
    fields: dict[str, Any] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)

    def get(self, name: str) -> Any:
        return self.fields.get(name, DEFAULTS[self.kind].get(name))


@dataclass(slots=True)
class World:
    """Everything that is known of a shop, and the zone that it is in."""

    things: dict[tuple[str, str], Thing] = field(default_factory=dict)
    zone: tzinfo = UTC
    declared: dict[tuple[str, datetime], datetime] = field(default_factory=dict)
    """The end of each period, by its kind and beginning."""

    def lies_in_period(self, moment: datetime, *kinds: str) -> bool:
        """Whether a moment lies in a period of some kinds, or of any."""
        return any(
            begin <= moment < end and (not kinds or kind in kinds)
            for (kind, begin), end in self.declared.items()
        )

    @property
    def closed(self) -> frozenset[date]:
        """The days that public holidays touch, trying every quarter of an hour."""
        found = set()
        for (kind, begin), end in self.declared.items():
            moment = begin
            while kind == "public_holiday" and moment < end:
                found.add(moment.astimezone(self.zone).date())
                moment += timedelta(minutes=15)
        return frozenset(found)

    def find(self, kind: str, key: str | None) -> Thing | None:
        return None if key is None else self.things.get((kind, key))

    def of(self, kind: str) -> Iterator[Thing]:
        return (thing for (k, _), thing in self.things.items() if k == kind)

    def linked(self, thing: Thing, kind: str) -> Thing | None:
        """What a thing links to, directly or by way of its order."""
        if kind in thing.links:
            return self.find(kind, thing.links[kind])
        if "order" in thing.links and kind != "order" and kind not in LINKS[thing.kind]:
            order = self.find("order", thing.links["order"])
            return None if order is None else self.linked(order, kind)
        return None

    def key_of(self, thing: Thing, kind: str) -> str | None:
        """The key of what a thing belongs to, known or not."""
        if kind in LINKS[thing.kind]:
            return thing.links.get(kind)
        order = self.find("order", thing.links.get("order"))
        return None if order is None else order.links.get(kind)

    def touch(self, thing: Thing, at: datetime) -> None:
        thing.touched = at
        for kind, key in thing.links.items():
            other = self.find(kind, key)
            if other is not None:
                self.touch(other, at)


# ----------------------------------------------------------------------------- events


class RefusedError(Exception):
    """An event that does not fit what is known."""


def happen(world: World, event: Mapping[str, Any], now: datetime) -> None:
    """Let an event change the world."""
    kind, _, what = event["type"].partition(".")
    if kind == "calendar":
        _declare(world, event)
        return
    thing = _about(world, kind, what, event, now)
    for other, name in LINKS[kind].items():
        if event.get(name) is not None:
            thing.links[other] = event[name]
    _CHANGES[kind](thing, what, event, now)
    world.things[kind, thing.key] = thing
    world.touch(thing, now)
    if kind == "order" and what in {"placed", "delivered"}:
        _items(world, thing, event, now)
    if kind == "review":
        _classify(thing)
        _judge(world, thing, what)


def _declare(world: World, event: Mapping[str, Any]) -> None:
    length = event["to"] - event["from"]
    if length < timedelta(0) or (event["kind"] == "public_holiday" and length.days > 30):
        raise RefusedError
    world.declared[event["kind"], event["from"]] = event["to"]


def _about(world: World, kind: str, what: str, event: Mapping[str, Any], now: datetime) -> Thing:
    key = event[f"{kind}_id"]
    known = world.find(kind, key)
    if kind == "review" and (known is None) != (what == "posted"):
        raise RefusedError
    return known or Thing(kind, key, now)


def _order(order: Thing, what: str, event: Mapping[str, Any], now: datetime) -> None:
    if what in {"placed", "delivered"}:
        order.fields[f"{what}_at"] = now
    for name in ("flag", "quantity", "delivered_at"):
        if event.get(name) is not None:
            order.fields[name] = event[name]


def _product(product: Thing, _what: str, event: Mapping[str, Any], _now: datetime) -> None:
    if event.get("category") is not None:
        product.fields["category"] = event["category"]


def _return(returned: Thing, _what: str, _event: Mapping[str, Any], now: datetime) -> None:
    returned.fields["requested_at"] = now


_STATUS = {
    "published": "standing",
    "restored": "standing",
    "removed": "removed",
    "hidden": "hidden",
}


def _review(review: Thing, what: str, event: Mapping[str, Any], now: datetime) -> None:
    if what == "posted":
        review.fields["posted_at"] = now
    for name in ("stars", "text", "buyer_key", "class"):
        if event.get(name) is not None:
            review.fields[name] = event[name]
    if what == "classified":
        review.fields["by_hand"] = True
    review.fields["status"] = _STATUS.get(what, review.get("status"))


def _items(world: World, order: Thing, event: Mapping[str, Any], now: datetime) -> None:
    products = event.get("product_ids") or filter(None, [order.links.get("product")])
    for product in products:
        key = f"{order.key}/{product}"
        item = world.find("item", key) or Thing("item", key, now)
        item.links |= {"order": order.key, "product": product}
        world.things["item", key] = item
        world.touch(item, now)


def _classify(review: Thing) -> None:
    if not review.get("by_hand"):
        late = "courier" in review.get("text").split()
        review.fields["class"] = "logistics" if late else "other"


def _judge(world: World, review: Thing, what: str) -> None:
    """The one rule of the policy: a first review comes within five days of the delivery."""
    order = world.linked(review, "order")
    delivered = None if order is None else order.get("delivered_at")
    if what != "posted" or delivered is None:
        return
    if not timedelta(0) <= review.get("posted_at") - delivered <= timedelta(days=5):
        review.fields["status"] = "refused"


_CHANGES: Mapping[str, Callable[[Thing, str, Mapping[str, Any], datetime], None]] = {
    "order": _order,
    "product": _product,
    "return": _return,
    "review": _review,
}


# --------------------------------------------------------------------------- measures

Read = Callable[[World, Thing], Any]


@dataclass(frozen=True, slots=True)
class Counted:
    """One aggregate: its text in the language, and the same as Python."""

    operator: str
    kind: str
    date: Read
    where: Read
    value: Read | None
    text: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A measure: one aggregate, or two of which the first is divided by the second."""

    name: str
    per: str
    parts: tuple[Counted, ...]
    window: Window
    lag: timedelta
    at_least: int
    turn: tuple[date, Asked] | None = None
    """A day from which on another variant speaks, and that variant."""
    choice: tuple[Counted, int, Window] | None = None
    """What is counted over the window, how many are enough for it, and the window otherwise."""

    @property
    def text(self) -> str:
        return " / ".join(part.text for part in self.parts)

    @property
    def over(self) -> str:
        if self.choice is None:
            return str(self.window)
        counted, least, other = self.choice
        return f"{self.window} if {counted.text} >= {least} else {other}"

    @property
    def windows(self) -> tuple[Window, ...]:
        return (self.window, self.choice[2]) if self.choice else (self.window,)

    def read(self) -> Iterator[tuple[Counted, Window]]:
        """Everything that is counted, over each of its windows."""
        yield from ((part, window) for window in self.windows for part in self.parts)
        if self.choice is not None:
            yield self.choice[0], self.window

    def chosen(self, world: World, subject: str, now: datetime, zone: ZoneInfo) -> Window:
        if self.choice is None:
            return self.window
        counted, least, other = self.choice
        return (
            self.window
            if len(members(world, counted, self, subject, now, zone)) >= least
            else other
        )

    def border(self, zone: ZoneInfo) -> datetime | None:
        """The instant at which the other variant begins."""
        return None if self.turn is None else first_reading(self.turn[0], "00:00", zone)

    def at(self, now: datetime, zone: ZoneInfo) -> Asked:
        """The variant that speaks."""
        border = self.border(zone)
        return self.turn[1] if self.turn and border and border <= now else self

    def variants(self) -> list[Asked]:
        return [self, self.turn[1]] if self.turn else [self]


Member = tuple[str, Any]
Answer = tuple[Any, Any, Any]
"""Value, numerator, denominator; the value is missing where there is not enough to tell."""


def members(
    world: World,
    counted: Counted,
    asked: Asked,
    subject: str,
    now: datetime,
    zone: ZoneInfo,
    window: Window | None = None,
) -> list[Member]:
    """What counts for a subject, with its amount; over the first window unless told another."""
    found, closed = [], world.closed
    window = window or asked.window
    for thing in world.of(counted.kind):
        if thing.kind == "review" and thing.get("status") != "standing":
            continue
        if (asked.per != "shop" or subject) and world.key_of(thing, asked.per) != subject:
            continue
        moment = counted.date(world, thing)
        if moment is None or not window.holds(moment, now - asked.lag, zone, closed):
            continue
        if counted.where(world, thing):
            amount = counted.value(world, thing) if counted.value else None
            if counted.value is None or amount is not None:
                found.append((thing.key, amount))
    return sorted(found)


def answer(world: World, asked: Asked, subject: str, now: datetime, zone: ZoneInfo) -> Answer:
    """What a measure comes to."""
    asked = asked.at(now, zone)
    window = asked.chosen(world, subject, now, zone)
    found = [members(world, part, asked, subject, now, zone, window) for part in asked.parts]
    values = [_come_to(part.operator, rows) for part, rows in zip(asked.parts, found, strict=True)]
    if len(asked.parts) == 2:
        numerator, denominator = values
        enough = denominator >= max(asked.at_least, 1)
        return (Fraction(numerator, denominator) if enough else None, numerator, denominator)
    if asked.parts[0].operator in {"average", "least", "greatest"}:
        enough = len(found[0]) >= max(asked.at_least, 1)
        return (values[0] if enough else None, None, None)
    return values[0], None, None


def _come_to(operator: str, rows: list[Member]) -> Any:
    amounts = [amount for _, amount in rows]
    if operator == "count":
        return len(rows)
    if operator == "count distinct":
        return len(set(amounts))
    if operator == "sum":
        return sum(amounts)
    if not amounts:
        return None
    if operator == "average":
        return Fraction(sum(amounts), len(amounts))
    return min(amounts) if operator == "least" else max(amounts)


# --------------------------------------------------------------------------- roll-ups


def belonging(world: World, thing: Thing, kind: str, owner: str) -> list[Thing]:
    """All of a kind that belong to the owner that a thing belongs to, or is."""
    whose = thing.key if thing.kind == owner else world.key_of(thing, owner)
    return [
        one
        for one in world.of(kind)
        if whose is not None and world.key_of(one, owner) == whose and is_standing(one)
    ]


def is_standing(thing: Thing) -> bool:
    return thing.kind != "review" or thing.get("status") == "standing"


# ------------------------------------------------------------------------- thresholds


@dataclass(frozen=True, slots=True)
class Watched:
    """A threshold: three bands from two bounds, and when it is looked at."""

    name: str
    asked: Asked
    schedule: str
    clock: str
    bounds: tuple[Fraction, Fraction]
    leave_high: Fraction | None
    hold_checks: int
    hold_for: timedelta | None
    require: tuple[Asked, int] | None
    when: tuple[str, Asked, int] | None = None
    """A band that another measure of at least so much puts a subject into."""
    moves: str = "both"

    def others(self) -> list[Asked]:
        """The measures that its conditions read."""
        return [
            *([self.require[0]] if self.require else []),
            *([self.when[1]] if self.when else []),
        ]


@dataclass(slots=True)
class Memory:
    """What is remembered of one subject of one threshold."""

    band: str | None = None
    silent: bool = False
    candidate: str | None = None
    since: datetime | None = None
    checks: int = 0
    ingredients: Any = None
    era: int = 0


Seen = tuple[datetime, str, str | None, str | None, str]
"""When, of whom, which band before and after, and whether it `fired` or was `insufficient`."""


@dataclass(slots=True)
class Naive:
    """A shop under some thresholds."""

    watched: list[Watched]
    zone: ZoneInfo
    retention: timedelta
    world: World = field(default_factory=World)
    seen: dict[str, list[Seen]] = field(default_factory=dict)
    measured: dict[str, list[tuple[datetime, str, Answer]]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    _memory: dict[tuple[str, str], Memory] = field(default_factory=dict)
    _known: dict[str, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.world.zone = self.zone

    def run(self, events: list[tuple[datetime, Mapping[str, Any]]], end: datetime) -> None:
        """Let events happen in their order, with everything that was due before each."""
        if not events:
            return
        now = events[0][0]
        opened = now
        for at, event in events:
            self._pass(now, at, opened)
            self._forget(at)
            try:
                happen(self.world, event, at)
            except RefusedError:
                self.refused.append(event["event_id"])
            self._changed(at)
            now = at
        self._pass(now, end, opened)

    # ------------------------------------------------------------- time

    def _pass(self, start: datetime, end: datetime, opened: datetime) -> None:
        """Everything that is due after one instant and up to another, in order."""
        due: list[tuple[datetime, str]] = []
        for one in self.watched:
            if one.schedule != "on change":
                found = checks(one.schedule, one.clock, start, end, self.zone)
                due += [(at, one.name) for at in found if at > max(start, opened)]
        due += [(at, "") for at in self._turns(start, end)]
        for at, name in sorted(set(due)):
            if name:
                self._check(next(one for one in self.watched if one.name == name), at)
            else:
                self._changed(at)

    def _turns(self, start: datetime, end: datetime) -> Iterator[datetime]:
        """The instants at which something may come in or leave by itself, or has been held."""
        lags = {one.lag for one in self._all_asked()}
        spans = {self._span(window) for one in self._all_asked() for window in one.windows}
        borders = {one.border(self.zone) for one in self._all_asked()}
        yield from (at for at in borders if at is not None and start < at <= end)
        dates = [
            value
            for thing in self.world.things.values()
            for value in thing.fields.values()
            if isinstance(value, datetime)
        ]
        found = {at + lag + span for at in dates for lag in lags for span in {*spans, timedelta()}}
        holds = {one.hold_for for one in self.watched if one.hold_for}
        found |= {start + hold for hold in holds}
        day = (start - max(lags)).astimezone(self.zone).date()
        while day <= end.astimezone(self.zone).date():
            midnight = first_reading(day, "00:00", self.zone)
            found |= {midnight + lag for lag in lags}
            day += timedelta(days=1)
        held = {
            memory.since + hold
            for memory in self._memory.values()
            for hold in holds
            if memory.since is not None
        }
        more = {at + hold for at in found | held for hold in holds}
        yield from (at for at in found | held | more if start < at <= end)

    @staticmethod
    def _span(window: Window) -> timedelta:
        if window.unit == "h":
            return timedelta(hours=window.count)
        return timedelta(days=window.count if window.unit == "d" else 0)

    def _all_asked(self) -> Iterator[Asked]:
        for one in self.watched:
            for asked in (one.asked, *one.others()):
                yield from asked.variants()

    # ---------------------------------------------------------- looking

    def _subjects(self, one: Watched) -> list[str]:
        """The shop, or every product of which something has ever counted."""
        return [""] if one.asked.per == "shop" else sorted(self._known.get(one.name, ()))

    def _learn(self, one: Watched, now: datetime) -> None:
        if one.asked.per == "shop":
            return
        keys = {self.world.key_of(t, "product") for t in self.world.things.values() if t.links}
        known = self._known.setdefault(one.name, set())
        for key in keys - {None}:
            if key is not None and any(self._ingredients(one, key, now, shared=False)):
                known.add(key)
        if one.when is not None:
            known.update(thing.key for thing in self.world.of("product"))

    def _check(self, one: Watched, now: datetime) -> None:
        for subject in self._subjects(one):
            self._look(one, subject, now)

    def _changed(self, now: datetime) -> None:
        """Look at what is watched on change, where what it is made of has changed."""
        for one in self.watched:
            self._learn(one, now)
            if one.schedule != "on change":
                continue
            for subject in self._subjects(one):
                memory = self._memory.setdefault((one.name, subject), Memory())
                ingredients = self._ingredients(one, subject, now)
                silent = one.when is None and not any(ingredients)
                is_new = memory.ingredients is None and silent
                changed = ingredients != memory.ingredients and not is_new
                turns = any(each.border(self.zone) == now for each in (one.asked, *one.others()))
                if changed or turns or self._is_over(one, memory, now):
                    memory.ingredients = ingredients
                    self._look(one, subject, now)

    @staticmethod
    def _is_over(one: Watched, memory: Memory, now: datetime) -> bool:
        """Whether a band has been held long enough by now."""
        if memory.since is None or one.hold_for is None:
            return False
        return now == memory.since + one.hold_for

    def _ingredients(
        self, one: Watched, subject: str, now: datetime, *, shared: bool = True
    ) -> list[list[Member]]:
        """What counts in the measures of a threshold; with `shared` those of the shop as well."""
        asked = [one.asked, *one.others()]
        asked = [one for one in asked if shared or one.per != "shop"]
        return [
            members(
                self.world,
                part,
                each,
                "" if each.per == "shop" else subject,
                now,
                self.zone,
                window,
            )
            for several in asked
            for each in several.variants()
            for part, window in each.read()
        ]

    def _look(self, one: Watched, subject: str, now: datetime) -> None:
        memory = self._memory.setdefault((one.name, subject), Memory())
        self._turn_over(one, memory, now)
        found = answer(self.world, one.asked, subject, now, self.zone)
        value = found[0]
        if value is not None and one.require is not None:
            value = value if self._holds(*one.require, subject, now) else None
        self.measured.setdefault(one.name, []).append((now, subject, (value, *found[1:])))
        forced = one.when is not None and self._holds(*one.when[1:], subject, now)
        if value is None and not forced:
            memory.candidate, memory.since = None, None
            if memory.band is not None and not memory.silent:
                self._write(one, subject, now, memory.band, "insufficient")
            memory.silent = True
            return
        was_silent, memory.silent = memory.silent, False
        band = one.when[0] if one.when and forced else self._band(one, value, memory.band)
        band = self._kept(one, band, memory.band)
        if band == memory.band:
            memory.candidate, memory.since = None, None
            if was_silent:
                self._write(one, subject, now, band, "fired")
        elif self._held_long_enough(one, memory, band, now):
            memory.candidate, memory.since = None, None
            self._write(one, subject, now, band, "fired")
            memory.band = band

    def _turn_over(self, one: Watched, memory: Memory, now: datetime) -> None:
        """What was held under one variant is not held under the next."""
        borders = [asked.border(self.zone) for asked in (one.asked, *one.others())]
        era = sum(1 for border in borders if border is not None and border <= now)
        if era != memory.era:
            memory.era, memory.candidate, memory.since = era, None, None

    def _holds(self, other: Asked, least: int, subject: str, now: datetime) -> bool:
        """Whether another measure comes to so much."""
        whose = "" if other.per == "shop" else subject
        return bool(answer(self.world, other, whose, now, self.zone)[0] >= least)

    @staticmethod
    def _kept(one: Watched, found: str, current: str | None) -> str:
        """The band so far, where bands are entered one way only and this would be the other."""
        order = ["low", "middle", "high", "forced"]
        way = {"up": 1, "down": -1, "both": 0}[one.moves]
        if current is None or way * (order.index(found) - order.index(current)) >= 0:
            return found
        return current

    @staticmethod
    def _band(one: Watched, value: Any, current: str | None) -> str:
        low, high = one.bounds
        if current == "high" and one.leave_high is not None and value >= one.leave_high:
            return "high"
        return "low" if value < low else "middle" if value < high else "high"

    @staticmethod
    def _held_long_enough(one: Watched, memory: Memory, band: str, now: datetime) -> bool:
        if band != "high" or (one.hold_checks < 2 and one.hold_for is None):
            return True
        if memory.candidate != band or memory.since is None:
            memory.candidate, memory.since, memory.checks = band, now, 0
        memory.checks += 1
        if one.hold_for is not None:
            return now >= memory.since + one.hold_for
        return memory.checks >= one.hold_checks

    def _write(self, one: Watched, subject: str, now: datetime, band: str, result: str) -> None:
        memory = self._memory[one.name, subject]
        row = (now, subject, memory.band, band, result)
        self.seen.setdefault(one.name, []).append(row)

    # --------------------------------------------------------- forgetting

    def _forget(self, now: datetime) -> None:
        """Forget what nothing has touched for the retention and what no window holds."""
        for kind in HOLDERS_FIRST:
            for thing in list(self.world.of(kind)):
                if thing.touched >= now - self.retention:
                    continue
                if self._will_count(thing, now):
                    self.world.touch(thing, now)
                else:
                    del self.world.things[kind, thing.key]

    def _will_count(self, thing: Thing, now: datetime) -> bool:
        for asked in self._all_asked():
            for part, window in asked.read():
                moment = part.date(self.world, thing) if part.kind == thing.kind else None
                if moment is None:
                    continue
                if not window.is_over(moment, now - asked.lag, self.zone, self.world.closed):
                    return True
        return False
