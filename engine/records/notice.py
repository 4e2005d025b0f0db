"""The notice: what the seller is told of one decision, made from its record."""

from __future__ import annotations

import msgspec

from .decision import Kind

SCHEMA = "revlex.notice/1"


class Notice(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A letter to a seller about one decision.

    Attributes:
        decision_id: The decision.
        shop: Whom it is for.
        language: The language that it is in, as its tag; missing where the policy does not say.
        template: The notice of the policy that it was made from; missing for the built-in words.
        subject: One line.
        body: The lines, each ended by a line end but the last.
        at: When it was decided.
        deadline: Until when the decision can be appealed.
        evidence_wanted: What has to be handed in with an appeal, by the reason that is given.
    """

    decision_id: str
    schema: str = SCHEMA
    kind: Kind
    shop: str
    region: str = ""
    policy: str
    policy_digest: str
    at: str
    language: str | None = None
    template: str | None = None
    subject: str
    body: str
    deadline: str | None = None
    evidence_wanted: dict[str, list[str]] = {}
