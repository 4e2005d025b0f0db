"""What a platform says of its own statements: blocks of fields, and where each counts.

The blocks of a decision are laid one upon the other, from the general to the particular. Where one
says something anew, what belonged to the old is gone: with another ground, the explanation of the
first does not stay.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from .statement import RESTRICTIONS

Block = Mapping[str, Any]
"""Fields of statements, and what they say."""

_BELONGS: Final[Mapping[str, tuple[str, ...]]] = {
    **dict.fromkeys(
        RESTRICTIONS, (*RESTRICTIONS, "decision_visibility_other", "decision_monetary_other")
    ),
    "decision_ground": (
        "illegal_content_legal_ground",
        "illegal_content_explanation",
        "incompatible_content_ground",
        "incompatible_content_explanation",
        "incompatible_content_illegal",
        "decision_ground_reference_url",
    ),
    "content_type": ("content_type_other",),
    "category": ("category_addition", "category_specification", "category_specification_other"),
    "category_specification": ("category_specification_other",),
    "source_type": ("source_identity",),
}
"""What goes when a field is said anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """A configuration of the export.

    In the tables, `None` in the place of a block says that there is no statement on such decisions.

    Attributes:
        statement: What every statement says.
        scopes: What those say that fall on a kind of thing: `review`, `reply`, `product`, `shop`,
            `fund`.
        verdicts: What those on a verdict say.
        actions: What those on an action say, by its name.
        rules: What those of a rule say, by its name.
        regions: The countries of regions that are no country, by name.
        all_regions: Whether shops count whose region lies nowhere in the European Economic Area.
    """

    statement: Block = field(default_factory=dict)
    scopes: Mapping[str, Block | None] = field(default_factory=dict)
    verdicts: Mapping[str, Block | None] = field(default_factory=dict)
    actions: Mapping[str, Block | None] = field(default_factory=dict)
    rules: Mapping[str, Block | None] = field(default_factory=dict)
    regions: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    all_regions: bool = False


def laid(*blocks: Block) -> dict[str, Any]:
    """Blocks laid one upon the other; the later ones count."""
    fields: dict[str, Any] = {}
    for block in blocks:
        gone = {old for name in block for old in _BELONGS.get(name, ())}
        fields = {name: value for name, value in fields.items() if name not in gone}
        fields |= block
    return fields
