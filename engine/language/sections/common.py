"""The keys that all rule-like entries share, as the fields of a typed item."""

from __future__ import annotations

from typing import TypedDict

from ..authored import Bare
from ..program import Interval, Message, Status, Version
from ..source import Embedded, Span
from .context import Context, Scope


class ItemFields(TypedDict):
    """The fields of `program.Item`."""

    name: str
    span: Span
    status: Status
    regions: frozenset[str]
    effective: Interval
    because: Message | None
    owner: str | None
    links: tuple[str, ...]
    tests: tuple[Embedded, ...]
    version: Version | None


def item_fields(context: Context, entry: Bare, name: Embedded, scope: Scope) -> ItemFields:
    """Everything that an entry says as an item; its reason is read in `scope`."""
    return ItemFields(
        name=name.text,
        span=name.span,
        status=context.status(entry),
        regions=context.entry_regions(entry),
        effective=context.entry_interval(entry),
        because=context.because(entry, scope),
        owner=entry.owner.text if entry.owner else None,
        links=context.links(entry),
        tests=entry.tests or (),
        version=context.versions.get(id(entry.span.source)),
    )
