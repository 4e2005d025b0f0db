"""Finding the item of a program that a decision came from."""

from __future__ import annotations

from ..language.program import Item, Rule
from ..language.varied import in_turn
from .desk import Desk
from .model import Issued


def item_of(desk: Desk, issued: Issued) -> tuple[str, Item]:
    """The section and item of a decision that is in force."""
    name, at, region = issued.rule, issued.at, desk.facts.region
    if issued.kind == "violation":
        return "violations", desk.violation(name, at)
    if issued.kind == "action":
        return "actions", desk.action(name, at)
    if issued.kind == "threshold":
        thresholds = (one.threshold for one in desk.prepared.thresholds)
        found = ((one, one) for one in thresholds if one.name == name)
        return "thresholds", in_turn(found, region).at(at)
    if issued.kind in {"step", "points"}:
        return "escalations", desk.ladder(name, at)
    rule = rule_of(desk, issued)
    return rule.stratum.value, rule


def rule_of(desk: Desk, issued: Issued) -> Rule:
    """The rule that a verdict came from; rules on other kinds of things may have its name."""
    rules = desk.prepared.program.rules
    found = [one for one in rules if one.name == issued.rule and one.about == issued.subject_kind]
    return in_turn(((one, one) for one in found), desk.facts.region).at(issued.at)
