"""Finding the item of a program that a decision came from."""

from __future__ import annotations

from collections.abc import Iterable

from ..language.program import Item, Program, Rule
from .model import Issued


def item_of(program: Program, issued: Issued) -> tuple[str, Item]:
    """The section and item of a decision that is in force."""
    if issued.kind == "violation":
        return "violations", program.violations[issued.rule]
    if issued.kind == "action":
        return "actions", program.actions[issued.rule]
    if issued.kind == "threshold":
        return "thresholds", _named(program.thresholds, issued.rule)
    if issued.kind in {"step", "points"}:
        return "escalations", _named(program.ladders, issued.rule)
    rule = rule_of(program, issued)
    return rule.stratum.value, rule


def rule_of(program: Program, issued: Issued) -> Rule:
    """The rule that a verdict came from; rules on other kinds of things may have its name."""
    return next(
        rule
        for rule in program.rules
        if rule.name == issued.rule and rule.about == issued.subject_kind
    )


def _named(items: Iterable[Item], name: str) -> Item:
    return next(item for item in items if item.name == name)
