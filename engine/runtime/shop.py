"""One shop's engine: an event in, decisions out, with everything that was due before it.

The strata run in the order of the language: entities, classification, rules on events, measures,
thresholds, violations, ladders, actions, appeals.
"""

from __future__ import annotations

import heapq
from collections import OrderedDict
from collections.abc import Callable, Iterator
from copy import copy
from typing import Any

from ..language.authored import MOST_POINTS
from ..language.catalog import SHOP
from ..records.decision import Decision, Evidence, Mode, Outcome
from .actions import Actions
from .cases import Cases
from .crossing import Crossings
from .desk import ACTION_END, ACTION_START, CASE, CHECK, HOLD, POINTS, Desk
from .earning import Earnings
from .effects import Effects
from .entities import (
    Application,
    Entity,
    apply_application,
    apply_settings,
    item_keys,
    keys_in_scope,
    link_attribute,
)
from .event_types import Event
from .holds import Holds
from .judging import Judged, Judging
from .keeping import Keeping
from .ladders import Ladders
from .measuring import Measuring
from .model import AggregateState, Case, Chain, Facts, Redress, WatchState
from .openings import Openings
from .periods import DECLARING, PUBLIC_HOLIDAY
from .prepared import Prepared
from .refused import Refused
from .remedies import Remedies
from .reversals import Reversals, outside_grounds
from .violations import Offence, Violations
from .watching import Watching
from .writing import Moment, Wording, Writer

Timer = tuple[int, int, str]
"""When, in which rank, and for whom."""

OnMove = Callable[[Desk, Case], None]
"""Called with an appeal that has moved, at the end of the moment that brought it."""

_LAST_RANK = CHECK + 1


def new_facts(prepared: Prepared, shop: str, region: str) -> Facts:
    """The facts of a shop of which nothing is known yet."""
    facts = Facts(
        region=region,
        entities={kind: OrderedDict() for kind in prepared.kinds.classes},
        aggregates=[AggregateState() for _ in prepared.aggregates],
        watches={p.threshold.name: WatchState() for p in prepared.thresholds},
    )
    entity = prepared.kinds.classes[SHOP](entity_key=shop, region=region)
    facts.entities[SHOP][shop] = entity
    return facts


class ShopEngine:
    """Everything that happens to one shop, from its facts and appeals on."""

    def __init__(
        self,
        prepared: Prepared,
        shop: str,
        facts: Facts,
        redress: Redress,
        chain: Chain,
        mode: Mode = "live",
        *,
        rehearsal: bool = False,
    ) -> None:
        """Take up the given state; in a rehearsal nothing is sealed."""
        self._prepared = prepared
        self.facts = facts
        region, program = facts.region, prepared.program
        calendar = prepared.calendar(region)
        measuring = Measuring(prepared, facts, calendar)
        key = None if rehearsal else prepared.key
        writer = Writer(program, shop, region, program.zone(region), chain, mode, key)
        desk = Desk(prepared, facts, redress, calendar, measuring, writer, rehearsal)
        self.desk = desk
        self.openings = Openings(desk)
        self._actions = Actions(desk, self.openings)
        self._ladders = Ladders(desk, self._actions)
        self._earnings = Earnings(desk, self._ladders)
        self._holds = Holds(desk, self.openings)
        self._reversals = Reversals(desk, self._ladders, self._actions, self.openings, self._holds)
        self.effects = Effects(desk, self._actions, self._reversals)
        self.cases = Cases(desk, self.openings, self.effects)
        self._remedies = Remedies(desk, self.effects)
        self._violations = Violations(desk, self._ladders, self._actions, self.openings)
        self.crossings = Crossings(desk, self._violations, self._actions, self.openings)
        self.watching = Watching(desk, self.crossings)
        self._judging = Judging(desk, self.openings, self._holds)
        self._keeping = Keeping(desk)
        self.on_move: OnMove | None = None
        if facts.declared.get(PUBLIC_HOLIDAY):
            self._use_holidays()

    def take(self) -> list[Decision]:
        """The decisions written since the last call."""
        written, self.desk.writer.written = self.desk.writer.written, []
        return written

    def taken_over(self) -> None:
        """Begin to work on what another program has left: count, and see to what comes next."""
        now = self.facts.clock
        self.desk.measuring.aggregates.recount(now)
        self._ladders.taken_over(now)
        self.watching.taken_over(now)

    # ---------------------------------------------------------------- time

    def advance(self, now: int) -> bool:
        """Let everything happen that is due at or before an instant.

        Gives `False` where it stopped because history has to be evaluated again first.
        """
        if not self.run_through((now, _LAST_RANK, "")):
            return False
        self.facts.clock = max(self.facts.clock, now)
        return True

    def run_through(self, end: Timer) -> bool:
        """Let the timers go up to one, as `advance` does."""
        timers = self.facts.timers
        while timers and timers[0] <= end:
            at, rank, ref = heapq.heappop(timers)
            self.facts.clock = max(self.facts.clock, at)
            self._due(rank, ref, at)
            self.watching.arm(at, f"{rank}/{ref}/{at}")
            if self.cases.recompute is not None:
                return False
            self.tell()
        return True

    def tell(self) -> None:
        """Tell how the appeals stand that have moved since this was last called."""
        moved = self.desk.moved
        if not moved:
            return
        if self.on_move is not None:
            for key in moved:
                self.on_move(self.desk, self.desk.redress.cases[key])
        moved.clear()

    def _due(self, rank: int, ref: str, at: int) -> None:
        if rank == POINTS:
            self._ladders.due(ref, at)
        elif rank == ACTION_END:
            self._actions.due_end(ref, at)
        elif rank == ACTION_START:
            self._actions.due_start(ref, at)
        elif rank == CASE:
            self.cases.due(ref, at)
        elif rank == HOLD:
            self._hold_is_over(ref, at)
        elif rank == CHECK:
            self.watching.due(ref, at)

    def _hold_is_over(self, decision: str, at: int) -> None:
        changed = self._holds.due(decision, at)
        if changed is not None:
            self.watching.entity_changed(*changed)

    # -------------------------------------------------------------- events

    def handle(self, event: Event, now: int) -> None:
        """Let an event happen; everything due before it must have happened.

        Raises:
            Refused: the event does not fit what is known; nothing has changed.
        """
        if not self.facts.opened:
            self.facts.opened = True
            self.watching.opened(now)
        self._keeping.forget(now)
        self._sweep(now)
        moment = Moment(now, event.event_id, event.event_id)
        application = self._prepared.applications[event.type]
        if self.cases.handles(event.type):
            self.cases.handle(event, moment)
        elif event.type == "violation.recorded":
            self._recorded(event, moment)
        elif event.type == "violation.voided":
            self._voided(event, moment)
        else:
            if event.type in DECLARING:
                self._declare(event, now)
            self._apply(application, event, moment)
        self.watching.arm(now, event.event_id, event.event_id)

    def _declare(self, event: Event, now: int) -> None:
        """Take note of a declared period; holidays change the calendar from now on."""
        if self.desk.measuring.periods.declare(event):
            self._use_holidays()
            self.desk.measuring.aggregates.days_changed(now)

    def _use_holidays(self) -> None:
        """Go on with the calendar of the region and the public holidays of this shop."""
        desk = self.desk
        usual = self._prepared.calendar(self.facts.region)
        desk.calendar = usual.closed_on(desk.measuring.periods.holidays(usual))
        desk.measuring.use(desk.calendar)

    def _apply(self, application: Application, event: Event, moment: Moment) -> None:
        entity, key = self._entity(application, event)
        self._check_needs(application, event)
        before = copy(entity) if self._can_be_put_back(application, moment) else None
        if event.type in self._prepared.remembering:
            is_known = key in self.facts.entities[application.kind]
            self.desk.measuring.past = copy(entity) if is_known else None
        changed = self._change(application, event, entity, key, moment.now)
        if application.event.settles and self.facts.holds:
            self._holds.settle(application.kind, entity)
        offences = self._judge(application, event, entity, before, moment)
        aggregates = self.desk.measuring.aggregates
        for kind, other in changed:
            aggregates.entity_changed(kind, other, moment.now)
            self.watching.entity_changed(kind, other)
        if event.type in self._prepared.ending:
            scope = self.desk.scope(application.kind, entity)
            about = keys_in_scope(self._prepared.kinds, application.kind, scope)
            self._actions.happened(event.type, about, moment)
        for offence in offences:
            self._violations.issue(offence, moment)
        earnings = self._prepared.earning.get(event.type)
        if earnings is not None:
            self._earnings.happened(earnings, entity, moment)
        remedies = self._prepared.remedies.get(event.type)
        if remedies is not None:
            self._remedies.happened(remedies, event, entity, moment)

    def _can_be_put_back(self, application: Application, moment: Moment) -> bool:
        """Whether the event changes a review that is known, and rules may refuse that."""
        about_known_review = application.kind == "review" and application.event.state == "known"
        return about_known_review and self._judging.has_rules(application.event.name, moment.now)

    def _judge(
        self,
        application: Application,
        event: Event,
        entity: Entity,
        before: Entity | None,
        moment: Moment,
    ) -> list[Offence]:
        """Let the rules on events speak, if there are any for this one."""
        about_review = application.kind == "review"
        if not about_review and not self._judging.has_rules(event.type, moment.now):
            return []
        scope = self.desk.scope(application.kind, entity)
        judged = Judged(application.kind, entity, scope, moment, before)
        if about_review:
            self._judging.classify(judged)
        offences = self._judging.judge(event.type, judged)
        if about_review and not judged.refused:
            self._judging.draft(event.type, judged)
        return offences

    def _entity(self, application: Application, event: Event) -> tuple[Entity, str]:
        """The entity that an event is about: as known, or a new one, not yet kept."""
        kind = application.kind
        key: str = self.desk.writer.shop if kind == SHOP else getattr(event, application.key)
        known = self.facts.entities[kind].get(key)
        state = application.event.state
        if known is None and state == "known":
            message = f"no {kind} `{key}` has been seen"
            raise Refused(f"unknown-{kind}", application.key.rstrip("_"), message)
        if known is not None and state == "new":
            message = f"the {kind} `{key}` has been seen before"
            raise Refused("already-exists", application.key.rstrip("_"), message)
        return known or self._prepared.kinds.classes[kind](entity_key=key), key

    def _check_needs(self, application: Application, event: Event) -> None:
        for kind, field in application.needs:
            key = getattr(event, field)
            if key not in self.facts.entities[kind]:
                raise Refused(f"unknown-{kind}", field, f"no {kind} `{key}` has been seen")

    def _change(
        self, application: Application, event: Event, entity: Entity, key: str, now: int
    ) -> list[tuple[str, str]]:
        """Let the event change its entities; gives what changed, linked entities first."""
        kind = application.kind
        self.desk.measuring.aggregates.entity_about_to_change(kind, key)
        self.desk.measuring.aggregates.reverse.forget(kind, key, entity)
        apply_application(application, event, entity)
        if kind == "review" and self.desk.is_excluded(key):
            entity.status = "excluded"
        changed = self._linked(application, event, entity, now) if application.linked else []
        self._keeping.keep(kind, key, entity, now)
        changed += self._count(application, entity)
        if application.items and self._prepared.has_items:
            changed += self._items(application, event, entity, key, now)
        return [*dict.fromkeys(changed), (kind, key)]

    def _linked(
        self, application: Application, event: Event, entity: Entity, now: int
    ) -> list[tuple[str, str]]:
        """Let the event set fields of entities that this one links to."""
        changed = []
        for kind, setting in application.linked:
            key = getattr(entity, link_attribute(kind))
            if key is None or (setting.source and getattr(event, setting.source) is None):
                continue
            known = self.facts.entities[kind].get(key)
            other = known or self._prepared.kinds.classes[kind](entity_key=key)
            apply_settings((setting,), event, other)
            self._keeping.keep(kind, key, other, now)
            changed.append((kind, key))
        return changed

    def _count(self, application: Application, entity: Entity) -> list[tuple[str, str]]:
        """Let the event's counters go up, on the entity itself or on one that it links to."""
        changed = []
        for kind, field in application.counters:
            target, key = entity, ""
            if kind != application.kind:
                key = getattr(entity, link_attribute(kind))
                target = self.facts.entities[kind].get(key)
                changed.append((kind, key))
            if target is None:
                continue
            setattr(target, field, getattr(target, field) + 1)
        return changed

    def _items(
        self, application: Application, event: Event, order: Entity, key: str, now: int
    ) -> list[tuple[str, str]]:
        """Keep an item for each product of an order."""
        products = getattr(event, application.items or "") or ()
        if not products and order.product_link:
            products = (order.product_link,)
        changed = []
        for item, product in item_keys(key, products):
            entity: Entity = self.facts.entities["item"].get(item)
            if entity is None:
                made = self._prepared.kinds.classes["item"]
                entity = made(entity_key=item, order_link=key, product_link=product)
            entity.product_id = product
            self._keeping.keep("item", item, entity, now)
            changed.append(("item", item))
        return changed

    # ---------------------------------------------------------- violations

    def _recorded(self, event: Any, moment: Moment) -> None:
        """Somebody outside found a violation."""
        if event.violation not in self._prepared.program.violations:
            message = f"the policy has no violation `{event.violation}`"
            raise Refused("unknown-violation", "violation", message)
        violation = self.desk.violation(event.violation, moment.now)
        if event.points is not None and not 0 <= event.points <= MOST_POINTS:
            message = f"`points` has to be 0 to {MOST_POINTS}"
            raise Refused("out-of-range", "points", message)
        if self.desk.register.is_recorded(event.violation_id):
            message = f"the violation `{event.violation_id}` has been recorded before"
            raise Refused("already-exists", "violation_id", message)
        writer = self.desk.writer
        outcome = Outcome(violation=violation.name)
        wording = Wording(
            kind="notice",
            section="violations",
            item=violation,
            span=violation.span,
            outcome=outcome,
            evidence=Evidence(),
            because=event.reason,
            extra=event.violation_id,
        )
        kind, key = _about(event, writer.shop)
        entity = self.facts.entities[kind].get(key)
        cause = writer.write(wording, writer.subject(kind, key, entity), moment)
        offence = Offence(
            violation.name,
            cause,
            event.reason,
            event.points,
            event.severity,
            extra=event.violation_id,
        )
        self._violations.issue(offence, moment)

    def _voided(self, event: Any, moment: Moment) -> None:
        """Somebody outside took a violation back."""
        issued = self.facts.issued.get(event.decision_id)
        if issued is None or issued.reversed_by is not None:
            message = "no such decision is in force"
            raise Refused("unknown-decision", "decision_id", message)
        grounds = outside_grounds(event.event_id, event.reason)
        self._reversals.reverse(event.decision_id, grounds, moment)

    # ------------------------------------------------------------ retention

    def _sweep(self, now: int) -> None:
        """Now and then, forget subjects, decisions and drafts that are older than the retention.

        Which decisions are still needed depends on the appeals of the day, so that a rehearsal
        forgets none.
        """
        facts, retention = self.facts, self._prepared.program.retention
        if now - facts.swept_at <= retention // 16:
            return
        facts.swept_at = now
        self.watching.forget(now - retention)
        if self.desk.rehearsal:
            return
        self._forget_decisions(now - retention)
        self._forget_drafts(now - retention)

    def _forget_decisions(self, before: int) -> None:
        facts = self.facts
        needed = set(self._needed())
        self.desk.register.forget()
        for identity, issued in list(facts.issued.items()):
            if issued.at < before and identity not in needed:
                del facts.issued[identity]

    def _needed(self) -> Iterator[str]:
        """The decisions that something of today rests on, with those that caused them."""
        facts, redress = self.facts, self.desk.redress
        waiting = [c.decision for c in redress.cases.values() if c.closed_at is None]
        waiting += [id_ for held in facts.holds.values() for id_ in held]
        waiting += [id_ for ladder in facts.ladders.values() for id_ in ladder.contributions]
        for state in facts.actions.values():
            waiting += [grant.decision for grant in state.grants]
        seen: set[str] = set()
        while waiting:
            identity = waiting.pop()
            if identity in seen or identity not in facts.issued:
                continue
            seen.add(identity)
            yield identity
            waiting += [facts.issued[identity].root, *facts.issued[identity].causes]

    def _forget_drafts(self, before: int) -> None:
        for key, times in list(self.facts.drafted.items()):
            left = [at for at in times if at >= before]
            if key.startswith("run|"):
                continue
            if left:
                self.facts.drafted[key] = left
            else:
                del self.facts.drafted[key]


def _about(event: Any, shop: str) -> tuple[str, str]:
    """What a violation that was found outside is about."""
    if event.review_id is not None:
        return "review", event.review_id
    if event.product_id is not None:
        return "product", event.product_id
    return SHOP, shop
