"""The stories of appeals; they are told only if somebody named rules to appeal against."""

from __future__ import annotations

from collections.abc import Generator
from typing import Final

from .agenda import Story
from .clocks import DAY, HOUR, OFFICE
from .phrases import phrases
from .shops import Shop
from .world import World

_APPEALS: Final = 450
_WITHDRAWS: Final = 80
_EVIDENCE_WANTED: Final = 260
_UPHELD: Final = 630
_TRIES_AGAIN: Final = 350
_REASONS: Final = ("context-missing", "not-our-fault", "system-bug")
_ERRORS: Final = ("rule_wrong", "data_wrong", "threshold_wrong", "context_missing", "new_evidence")
_EVIDENCE: Final = (
    *("statement", "order_ids", "explanation", "documents"),
    *("screenshot", "chat_time", "occurred_at"),
)
_LACKING: Final = 120
_LAST_REVIEWER: Final = 20


def appeal(world: World, shop: Shop) -> Story:
    """The shop may appeal, up to twice, against what a rule has decided."""
    rules, chance = world.settings.appeal_rules, world.chance
    if not rules or not chance.happens(_APPEALS):
        return
    rule, appeal_id = chance.pick(rules), world.new_id("a")
    first = chance.between(1, _LAST_REVIEWER // 2)
    for reviewer in (first, first + _LAST_REVIEWER // 2):  # nobody decides the same thing twice
        yield _later(world, shop, 3 * DAY, 20 * DAY)
        _file(world, shop, appeal_id, rule)
        outcome = yield from _reviewed(world, shop, appeal_id, f"reviewer-{reviewer}")
        if outcome != "upheld" or not chance.happens(_TRIES_AGAIN):
            return


def _later(world: World, shop: Shop, median: int, most: int) -> int:
    at = world.agenda.now + world.chance.skewed(median, most)
    return OFFICE.settle(at, shop.region.clock, world.chance)


def _file(world: World, shop: Shop, appeal_id: str, rule: str) -> None:
    chance = world.chance
    speech = phrases(shop.region.language)
    kinds = _EVIDENCE[:2] if chance.happens(_LACKING) else _EVIDENCE
    world.agenda.tell(
        "appeal.filed",
        shop,
        appeal_id=appeal_id,
        rule=rule,
        reason_code=chance.pick(_REASONS),
        statement=speech.sentence(chance, "appeals"),
        evidence=tuple(f"{kind}: {appeal_id}/{kind}.pdf" for kind in kinds),
    )


def _reviewed(world: World, shop: Shop, appeal_id: str, reviewer: str) -> Generator[int, None, str]:
    """What becomes of an appeal that was filed; gives its outcome, or nothing if withdrawn."""
    chance, tell = world.chance, world.agenda.tell
    yield _later(world, shop, 10 * HOUR, 4 * DAY)
    if chance.happens(_WITHDRAWS):
        tell("appeal.withdrawn", shop, appeal_id=appeal_id, note="settled with the buyer")
        return ""
    tell("appeal.assigned", shop, appeal_id=appeal_id, reviewer=reviewer)
    if chance.happens(_EVIDENCE_WANTED):
        yield _later(world, shop, 8 * HOUR, 2 * DAY)
        wanted = ("chat_log",)
        tell("appeal.evidence_requested", shop, appeal_id=appeal_id, by=reviewer, wanted=wanted)
        yield _later(world, shop, DAY, 6 * DAY)
        tell("appeal.evidence_added", shop, appeal_id=appeal_id, evidence=("chat_log: log.txt",))
    yield _later(world, shop, 2 * DAY, 9 * DAY)
    outcome = "upheld" if chance.happens(_UPHELD) else "overturned"
    _decide(world, shop, appeal_id, reviewer, outcome)
    return outcome


def _decide(world: World, shop: Shop, appeal_id: str, reviewer: str, outcome: str) -> None:
    is_upheld = outcome == "upheld"
    world.agenda.tell(
        "appeal.decided",
        shop,
        appeal_id=appeal_id,
        outcome=outcome,
        decided_by=reviewer,
        reason="the decision stands" if is_upheld else "the evidence was convincing",
        error_class=None if is_upheld else world.chance.pick(_ERRORS),
    )
