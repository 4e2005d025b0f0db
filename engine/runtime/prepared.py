"""A program made ready to run: every expression compiled, everything settled that can be.

It is made once for each program and shared by all shops; it holds no state but caches of what it
has compiled.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from ..language import ir
from ..language.lint import proposals
from ..language.program import (
    AggregatePlan,
    AppealProcess,
    Band,
    CalendarSpec,
    Classification,
    Draft,
    Earning,
    Item,
    Ladder,
    Measure,
    Message,
    Program,
    Remedy,
    Rule,
    Status,
    Threshold,
)
from ..language.syntax import Schedule
from ..language.types import Type
from ..language.varied import Varied
from ..language.walk import subexpressions
from .calendar import Calendar
from .counted import (
    Function,
    PreparedAggregate,
    PreparedMeasure,
    PreparedRollup,
    Variants,
    all_aggregates,
    is_bounded,
    prepare_aggregate,
    prepare_measures,
    prepare_rollup,
)
from .dependence import Dependents, Route, dependents, read_kind, reverse_pairs, routes
from .entities import Application, Kinds, application, make_kinds
from .lower import Helpers, LoweredRule, lower_function, lower_rules
from .past import remembering
from .turns import Turns, turns_of

_COUNTING = frozenset({"count", "count distinct"})
AnyItem = TypeVar("AnyItem", bound=Item)


@dataclass(frozen=True, slots=True)
class PreparedThreshold:
    """A threshold with its functions, which take the subject's scope."""

    threshold: Threshold
    require: Function | None
    bounds: Mapping[int, Function]
    """Functions of looked-up bounds, by the `id` of their expression."""
    whens: tuple[tuple[Band, Function], ...]
    """The bands with conditions, in the author's order, and their functions."""
    aggregates: tuple[int, ...]
    sample: int | None
    """The aggregate whose number of members is the measure's sample, or more, where one is."""
    at_least: int
    reads: frozenset[str]
    """The kinds whose fields its conditions and bounds read."""
    restless: bool
    """Whether one of its conditions reads the time, which changes by itself."""

    @property
    def is_eager(self) -> bool:
        """Whether it can tell of subjects of which nothing has been counted."""
        return bool(self.whens)


@dataclass(frozen=True, slots=True)
class PreparedEarning:
    """What brings points back on a ladder, with its condition, which takes the event's scope."""

    ladder: Ladder
    earning: Earning
    condition: Function | None


@dataclass(frozen=True, slots=True)
class PreparedRemedy:
    """A remedy with its condition, which takes the event's scope."""

    remedy: Remedy
    condition: Function | None


@dataclass(frozen=True, slots=True)
class Slot:
    """A slot of a sentence: a function of the scope, and the type of what it gives."""

    function: Function
    type: Type


@dataclass(frozen=True, slots=True)
class Judges:
    """The rules on one type of event that speak in one region at one time, as one function."""

    judge: Function
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class Drafting:
    """The drafts for one type of event that speak in one region at one time."""

    first: Function
    drafts: tuple[Draft, ...]


@dataclass(slots=True)
class Prepared:
    """A program with everything compiled."""

    program: Program
    kinds: Kinds
    helpers: Helpers
    applications: Mapping[str, Application]
    aggregates: tuple[PreparedAggregate, ...]
    by_kind: Mapping[str, tuple[int, ...]]
    dependents: Dependents
    routes: Mapping[str, tuple[Route, ...]]
    """By kind: where roll-ups that measures count by carry a change of one to."""
    reverse: frozenset[tuple[str, str]]
    """The (kind, linked kind) pairs whose reverse has to be known."""
    has_items: bool
    """Whether anything counts the items of orders, so that they have to be kept."""
    measures: Mapping[str, PreparedMeasure]
    bounded: Mapping[str, tuple[PreparedMeasure, ...]]
    """The variants of the measures that do not speak everywhere and always."""
    ladders: Varied[Ladder]
    appeals: Varied[AppealProcess]
    thresholds: tuple[PreparedThreshold, ...]
    by_aggregate: Mapping[int, tuple[int, ...]]
    """The thresholds that an aggregate can move."""
    by_read: Mapping[str, tuple[int, ...]]
    """The thresholds whose condition or bounds read a kind."""
    restless: tuple[int, ...]
    extensions: Mapping[int, Function]
    """The conditions of what actions extend to, by the `id` of their expression."""
    numbers: Mapping[str, int]
    """What thresholds are called by: the number of the first variant of each."""
    ending: frozenset[str]
    """The events that end actions."""
    remembering: frozenset[str]
    """The types of events whose rules or drafts ask what was before."""
    starts: Mapping[str, int]
    """Where the balances of ladders begin."""
    earning: Mapping[str, tuple[PreparedEarning, ...]]
    """What brings points back, by the type of event."""
    remedies: Mapping[str, tuple[PreparedRemedy, ...]]
    """By the type of event."""
    epochs: tuple[int, ...]
    key: bytes = b""
    """The key that decisions are sealed with."""
    checks: dict[tuple[str, Schedule], dict[int, tuple[int, int]]] = field(default_factory=dict)
    """By zone, schedule and day: the first check from that day on, and the one after; a cache."""
    _judges: dict[tuple[str, str, int], Judges | None] = field(default_factory=dict)
    _drafts: dict[tuple[str, str, int], Drafting | None] = field(default_factory=dict)
    _classify: dict[tuple[str, int], tuple[Function, tuple[Classification, ...]] | None] = field(
        default_factory=dict
    )
    _turns: dict[str, Turns] = field(default_factory=dict)
    _calendars: dict[tuple[str, CalendarSpec], Calendar] = field(default_factory=dict)
    _requirements: dict[int, Function] = field(default_factory=dict)
    _messages: dict[tuple[int, str], tuple[str | Slot, ...]] = field(default_factory=dict)
    _rollups: dict[int, PreparedRollup] = field(default_factory=dict)

    def calendar(self, region: str) -> Calendar:
        """The calendar of a region; regions with the same one share it, with its caches."""
        key = (self.program.zone(region), self.program.calendar(region))
        found = self._calendars.get(key)
        if found is None:
            found = self._calendars[key] = Calendar.of(*key)
        return found

    def turns(self, region: str) -> Turns:
        """Which variant of each threshold has its turn when, in a region."""
        if region not in self._turns:
            bounded = {name: [one.measure for one in all_] for name, all_ in self.bounded.items()}
            items = [one.threshold for one in self.thresholds]
            reads = [self._measures_of(one) for one in items]
            self._turns[region] = turns_of(items, reads, bounded, region)
        return self._turns[region]

    def _measures_of(self, threshold: Threshold) -> list[str]:
        """The measures that a threshold reads, with those that these are made of."""
        waiting = [*([threshold.measure] if threshold.measure else []), *threshold.other_measures]
        found: dict[str, None] = {}
        while waiting:
            name = waiting.pop()
            if name not in found:
                found[name] = None
                for one in self.program.measures.variants[name]:
                    waiting.extend(one.measures)
        return list(found)

    def epoch(self, instant: int) -> int:
        """Between which changes of effective dates an instant lies."""
        return bisect_right(self.epochs, instant)

    def judges(self, event_type: str, region: str, instant: int) -> Judges | None:
        """The rules that judge an event, or `None` if there are none."""
        key = (event_type, region, self.epoch(instant))
        if key not in self._judges:
            self._judges[key] = self._make_judges(event_type, region, instant)
        return self._judges[key]

    def _make_judges(self, event_type: str, region: str, instant: int) -> Judges | None:
        rules = tuple(
            rule
            for rule in speaking(self.program.rules, region, instant)
            if event_type in rule.events
        )
        if not rules or not self.program.effective.covers(instant):
            return None
        about = self.program.catalog.events[event_type].about
        lowered = [
            LoweredRule(index, rule.condition, rule.stop and rule.status is not Status.SHADOW)
            for index, rule in enumerate(rules)
        ]
        return Judges(lower_rules(lowered, self.kinds.scope_kinds(about), self.helpers), rules)

    def drafting(self, event_type: str, region: str, instant: int) -> Drafting | None:
        """The drafts that answer an event; the function gives the first that applies."""
        key = (event_type, region, self.epoch(instant))
        if key not in self._drafts:
            self._drafts[key] = self._make_drafting(event_type, region, instant)
        return self._drafts[key]

    def _make_drafting(self, event_type: str, region: str, instant: int) -> Drafting | None:
        drafts = tuple(
            draft
            for draft in speaking(self.program.drafts, region, instant)
            if event_type in draft.events
        )
        if not drafts or not self.program.effective.covers(instant):
            return None
        lowered = [LoweredRule(i, draft.condition, stop=True) for i, draft in enumerate(drafts)]
        first = lower_rules(lowered, self.kinds.scope_kinds("review"), self.helpers)
        return Drafting(first, drafts)

    def classification(
        self, region: str, instant: int
    ) -> tuple[Function, tuple[Classification, ...]] | None:
        """The lines of `classify` that speak, and a function that gives the first that holds."""
        key = (region, self.epoch(instant))
        if key not in self._classify:
            lines = tuple(speaking(self.program.classify, region, instant))
            lowered = [LoweredRule(i, line.condition, stop=True) for i, line in enumerate(lines)]
            scope = self.kinds.scope_kinds("review")
            made = (lower_rules(lowered, scope, self.helpers), lines) if lines else None
            self._classify[key] = made
        return self._classify[key]

    def requirement(self, condition: ir.Expr) -> Function:
        """A condition over the shop, compiled."""
        found = self._requirements.get(id(condition))
        if found is None:
            found = lower_function(condition, self.kinds.scope_kinds("shop"), self.helpers)
            self._requirements[id(condition)] = found
        return found

    def message(self, message: Message, kind: str) -> tuple[str | Slot, ...]:
        """The parts of a sentence, its slots compiled over the scope of a kind."""
        key = (id(message), kind)
        found = self._messages.get(key)
        if found is None:
            scope = self.kinds.scope_kinds(kind)
            found = self._messages[key] = tuple(
                part
                if isinstance(part, str)
                else Slot(lower_function(part, scope, self.helpers), part.type)
                for part in message.parts
            )
        return found

    def rollup(self, plan: ir.RollupPlan) -> PreparedRollup:
        """A roll-up with its functions."""
        found = self._rollups.get(id(plan))
        if found is None:
            found = self._rollups[id(plan)] = prepare_rollup(plan, self.kinds, self.helpers)
        return found


def speaking(items: Iterable[AnyItem], region: str, instant: int) -> list[AnyItem]:
    """The items that are not disabled and apply in a region at an instant."""
    return [
        item
        for item in items
        if item.status is not Status.DISABLED and item.applies(region, instant)
    ]


def prepare(program: Program, key: bytes = b"") -> Prepared:
    """Compile everything of a program, whose decisions are sealed with a key."""
    kinds, helpers = make_kinds(program.catalog), Helpers()
    aggregates = tuple(prepare_aggregate(plan, kinds, helpers) for plan in program.aggregates)
    variants = prepare_measures(program, helpers)
    thresholds = tuple(
        _threshold(threshold, program, variants, kinds, helpers) for threshold in program.thresholds
    )
    numbers = _numbers(thresholds)
    depending = dependents([(one.plan, one.path) for one in aggregates], kinds)
    rolled = routes(program.aggregates, kinds)
    counted = {plan.entity for plan in program.aggregates}
    counted |= {plan.entity for plan in program.rollups}
    return Prepared(
        program=program,
        kinds=kinds,
        helpers=helpers,
        applications={
            name: application(program.catalog, event)
            for name, event in program.catalog.events.items()
        },
        aggregates=aggregates,
        by_kind=_by_kind(aggregates),
        dependents=depending,
        routes=rolled,
        reverse=reverse_pairs(depending, rolled, program.rollups, kinds),
        has_items="item" in counted,
        measures={name: several[0] for name, several in variants.items()},
        bounded={name: several for name, several in variants.items() if is_bounded(several)},
        ladders=Varied.of(program.ladders),
        appeals=Varied.of(program.appeals),
        thresholds=thresholds,
        by_aggregate=_by_aggregate(thresholds, numbers),
        by_read=_by_read(thresholds, numbers),
        restless=tuple({numbers[one.threshold.name]: None for one in thresholds if one.restless}),
        numbers=numbers,
        remembering=remembering(program),
        starts={ladder.name: ladder.balance.start for ladder in program.ladders},
        earning=_earning(program, kinds, helpers),
        extensions=_extensions(program, kinds, helpers),
        remedies=_remedies(program, kinds, helpers),
        ending=frozenset(one.event for one in proposals(program) if one.event),
        epochs=_epochs(program),
        key=key,
    )


def _remedies(
    program: Program, kinds: Kinds, helpers: Helpers
) -> dict[str, tuple[PreparedRemedy, ...]]:
    found: dict[str, tuple[PreparedRemedy, ...]] = {}
    for one in program.remedies:
        scope = kinds.scope_kinds(one.about)
        condition = lower_function(one.condition, scope, helpers) if one.condition else None
        found[one.event] = (*found.get(one.event, ()), PreparedRemedy(one, condition))
    return found


def _earning(
    program: Program, kinds: Kinds, helpers: Helpers
) -> dict[str, tuple[PreparedEarning, ...]]:
    found: dict[str, tuple[PreparedEarning, ...]] = {}
    for ladder in program.ladders:
        for one in ladder.earning:
            scope = kinds.scope_kinds(one.about)
            condition = lower_function(one.condition, scope, helpers) if one.condition else None
            made = PreparedEarning(ladder, one, condition)
            found[one.event] = (*found.get(one.event, ()), made)
    return found


def _threshold(
    threshold: Threshold,
    program: Program,
    measures: Variants,
    kinds: Kinds,
    helpers: Helpers,
) -> PreparedThreshold:
    scope = kinds.scope_kinds(threshold.per)
    bands = (*threshold.bands, *threshold.leave.values())
    bounds = [bound for band in bands for bound in (band.lower, band.upper) if bound]
    several = measures[threshold.measure] if threshold.measure else ()
    own = several[0].measure if several else None
    names = (*((own.name,) if own else ()), *threshold.other_measures)
    aggregates = [index for name in names for index in all_aggregates(measures[name])]
    whens = [(band, band.when) for band in threshold.bands if band.when is not None]
    counts = own is not None and not whens and not is_bounded(several)
    read = [*(bound.value for bound in bounds), *(when for _, when in whens)]
    parts = [one for expr in (threshold.require, *read) if expr for one in subexpressions(expr)]
    return PreparedThreshold(
        threshold=threshold,
        require=lower_function(threshold.require, scope, helpers) if threshold.require else None,
        bounds={
            id(bound.value): lower_function(bound.value, scope, helpers)
            for bound in bounds
            if not isinstance(bound.value, ir.Constant)
        },
        whens=tuple((band, lower_function(when, scope, helpers)) for band, when in whens),
        aggregates=tuple(dict.fromkeys(aggregates)),
        sample=_sample_aggregate(own, program.aggregates) if own and counts else None,
        at_least=own.at_least if own else 0,
        reads=frozenset(kind for one in parts if (kind := read_kind(one)) is not None),
        restless=any(isinstance(one, ir.Now) for one in parts),
    )


def _sample_aggregate(measure: Measure, plans: Sequence[AggregatePlan]) -> int | None:
    """The aggregate that has as many members as a measure's sample, or more."""
    if not isinstance(measure.sample, ir.Parameter):
        return None
    what, _, number = measure.sample.name.partition("_")
    counts = plans[int(number)].operator in _COUNTING
    return int(number) if what == "sample" or counts else None


def _by_kind(aggregates: Iterable[PreparedAggregate]) -> dict[str, tuple[int, ...]]:
    found: dict[str, tuple[int, ...]] = {}
    for index, aggregate in enumerate(aggregates):
        found[aggregate.plan.entity] = (*found.get(aggregate.plan.entity, ()), index)
    return found


def _numbers(thresholds: Iterable[PreparedThreshold]) -> dict[str, int]:
    found: dict[str, int] = {}
    for number, one in enumerate(thresholds):
        found.setdefault(one.threshold.name, number)
    return found


def _by_aggregate(
    thresholds: Iterable[PreparedThreshold], numbers: Mapping[str, int]
) -> dict[int, tuple[int, ...]]:
    found: dict[int, dict[int, None]] = {}
    for one in thresholds:
        for aggregate in one.aggregates:
            found.setdefault(aggregate, {})[numbers[one.threshold.name]] = None
    return {aggregate: tuple(moved) for aggregate, moved in found.items()}


def _by_read(
    thresholds: Iterable[PreparedThreshold], numbers: Mapping[str, int]
) -> dict[str, tuple[int, ...]]:
    found: dict[str, dict[int, None]] = {}
    for one in thresholds:
        subject = {one.threshold.per} if one.is_eager else set[str]()
        for kind in sorted(one.reads | subject):
            found.setdefault(kind, {})[numbers[one.threshold.name]] = None
    return {kind: tuple(reading) for kind, reading in found.items()}


def _extensions(program: Program, kinds: Kinds, helpers: Helpers) -> dict[int, Function]:
    scope = kinds.scope_kinds("product")
    extensions = [one for action in program.actions.every() for one in action.extends_to]
    return {
        id(one.where): lower_function(one.where, scope, helpers)
        for one in extensions
        if one.where is not None
    }


def _epochs(program: Program) -> tuple[int, ...]:
    """The instants at which something begins or ceases to apply."""
    items: list[Item] = [*program.rules, *program.drafts, *program.classify]
    intervals = [program.effective, *(item.effective for item in items)]
    borders = {border for one in intervals for border in (one.start, one.end) if border is not None}
    return tuple(sorted(borders))
