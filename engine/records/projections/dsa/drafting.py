"""What a decision says as a statement of reasons, before anybody has looked whether it may."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from ...decision import Decision
from .restricting import OF_ALL, OF_SCOPES, Restriction
from .settings import Block, Settings, laid
from .statement import FORMS, RESTRICTIONS, Text
from .vocabulary import EEA, EU

EVENT: Final = "event"
"""As `content_date`: the day of the decision, where rules judge what has just been posted."""

SLOTS: Final = ("because", "rule", "policy", "version")
"""What may stand in braces in the texts of a configuration."""

_SLOT: Final = re.compile(r"\{(" + "|".join(SLOTS) + r")\}")
UNIONS: Final[Mapping[str, tuple[str, ...]]] = {"EU": EU, "EEA": EEA}
"""Countries that have a name together."""


def is_in_scope(decision: Decision, settings: Settings) -> bool:
    """Whether the shop is in a region that statements are due for."""
    return settings.all_regions or bool(_countries(decision, settings))


def draft(
    decision: Decision, restriction: Restriction, settings: Settings, known: Block
) -> dict[str, Any] | None:
    """The fields of the statement on a decision, whether or not they fit.

    Args:
        decision: What was decided.
        restriction: What that imposes.
        settings: What the platform says of its statements.
        known: What is known of the thing that it falls on: `content_date`, `content_type`.

    Returns:
        The fields by name; nothing where the settings say that there is no statement.
    """
    blocks = _blocks(decision, restriction, settings, known)
    if blocks is None:
        return None
    fields = laid(*blocks)
    fields = {name: _filled(name, value, decision) for name, value in fields.items()}
    _add_texts(fields, decision, restriction)
    _add_days(fields, restriction)
    if "territorial_scope" not in fields and (countries := _countries(decision, settings)):
        fields["territorial_scope"] = list(countries)
    fields["puid"] = decision.decision_id
    return fields


def _blocks(
    decision: Decision, restriction: Restriction, settings: Settings, known: Block
) -> list[Block] | None:
    """What counts for a decision, from the general to the particular."""
    own = (
        settings.scopes.get(restriction.scope, {}),
        getattr(settings, restriction.table).get(restriction.name, {}),
        settings.rules.get(decision.rule.id, {}) if restriction.table == "verdicts" else {},
    )
    if any(block is None for block in own):
        return None
    usual = (OF_ALL, OF_SCOPES[restriction.scope], restriction.usual, known)
    return [*usual, settings.statement, *(block for block in own if block is not None)]


def _countries(decision: Decision, settings: Settings) -> tuple[str, ...]:
    region = decision.subject.region
    if region in settings.regions:
        return settings.regions[region]
    return UNIONS.get(region, (region,) if region in EEA else ())


# -------------------------------------------------------------------------------- texts


def reason(decision: Decision) -> str:
    """Why something was decided, in the words of the policy."""
    if decision.rule.because is not None:
        return decision.rule.because
    explanation = decision.evidence.explanation
    if explanation is not None:
        return f"this condition of the rules of the platform holds: {explanation.text}"
    return f"`{decision.rule.id}` applies under the rules of the platform"


def _filled(name: str, value: Any, decision: Decision) -> Any:
    """A text with its slots filled in; any other value as it is."""
    if not isinstance(FORMS.get(name), Text) or not isinstance(value, str):
        return value
    said = {
        "because": reason(decision),
        "rule": decision.rule.id,
        "policy": decision.policy.name,
        "version": decision.policy.version,
    }
    return _SLOT.sub(lambda found: said[found[1]], value)


def _add_texts(fields: dict[str, Any], decision: Decision, restriction: Restriction) -> None:
    """Say why, where the settings do not."""
    why, policy = reason(decision), decision.policy
    did = "verdict" if restriction.table == "verdicts" else "action"
    facts = f"{why.rstrip('.')}. The {did} `{restriction.name}` follows from the policy"
    fields.setdefault("decision_facts", f"{facts} {policy.name}, version {policy.version}.")
    ground = str(fields.get("decision_ground", ""))
    if ground.startswith("DECISION_GROUND_"):
        name = ground.removeprefix("DECISION_GROUND_").lower()
        fields.setdefault(f"{name}_explanation", why)


# --------------------------------------------------------------------------------- days


def _add_days(fields: dict[str, Any], restriction: Restriction) -> None:
    """Say from when and until when."""
    fields["application_date"] = _day(restriction.start)
    if fields.get("content_date") == EVENT:
        fields["content_date"] = _day(restriction.start)
    if restriction.until is not None:
        for name, end in RESTRICTIONS.items():
            if name in fields:
                fields[end] = _day(restriction.until)


def _day(time: str) -> str:
    """The day of a time as the clocks of the shop showed it."""
    return time[: len("2025-07-01")]
