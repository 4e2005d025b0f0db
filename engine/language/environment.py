"""What an expression can speak of: one immutable value, passed to the checker.

Which kinds and fields are in scope, which of them are sure to be there, and which names the policy
defines.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field

from . import syntax
from .catalog import SHOP, Catalog, FieldSpec
from .ir import Value
from .types import TEXT, Type


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the policy: values by key.

    `rows` maps values of `key_type` to values of `value_type`. What has no row gets `default`;
    where that is `None`, a lookup may come out empty and has to be guarded.
    """

    name: str
    rows: Mapping[Value, Value]
    value_type: Type
    default: Value = None
    key_type: Type = TEXT


@dataclass(frozen=True, slots=True)
class Environment:
    """Everything that has a name where an expression stands.

    `about` is the kind of entity that the expression is about; `None` means the shop alone.
    `certain` are further kinds that are known to be there, `present` fields (`order.delivered_at`)
    that are; a field of any other kind has to be guarded unless it has a default. `parameters` are
    values that the place provides, by their whole name. `aggregates` says whether `count(...)` and
    its kind may be used, `rollups` whether `count(... for ...)` may, by itself or inside of those.
    `past` says of what an event is about whether it has surely been seen before; it is `None` where
    there is no such event. `picks` are the lists by name that an entry can be picked of; it is
    `None` where nothing is drafted. `falls_on` says on what kind each action falls.

    A definition, list or table that is `None` has errors of its own, already reported: what uses it
    is refused without another message.
    """

    catalog: Catalog
    about: str | None = None
    definitions: Mapping[str, syntax.Node | None] = field(default_factory=dict)
    lists: Mapping[str, tuple[str, ...] | None] = field(default_factory=dict)
    tables: Mapping[str, Table | None] = field(default_factory=dict)
    measures: Mapping[str, Type] = field(default_factory=dict)
    ladders: frozenset[str] = frozenset()
    actions: frozenset[str] = frozenset()
    parameters: Mapping[str, Type] = field(default_factory=dict)
    aggregates: bool = False
    rollups: bool = False
    certain: frozenset[str] = frozenset()
    present: frozenset[str] = frozenset()
    past: bool | None = None
    picks: Mapping[str, tuple[str, ...]] | None = None
    falls_on: Mapping[str, str] = field(default_factory=dict)

    @property
    def subject(self) -> str:
        """The kind that the expression is about."""
        return SHOP if self.about is None else self.about

    def kinds(self) -> frozenset[str]:
        """The kinds whose fields can be read."""
        return frozenset(self.catalog.scope(self.subject))

    def is_certain(self, kind: str) -> bool:
        """Whether an entity of the kind is known to be there."""
        return kind in {self.subject, SHOP} or kind in self.certain

    def may_be_missing(self, kind: str, spec: FieldSpec) -> bool:
        """Whether a field has to be guarded here."""
        if f"{kind}.{spec.name}" in self.present:
            return False
        return spec.may_be_missing or (spec.default is None and not self.is_certain(kind))

    def counting(self, kind: str) -> Environment:
        """The environment inside an aggregate over entities of a kind.

        Nothing that changes by time alone or by other measures is there: what is counted changes
        only when its entity or one that this links to does.
        """
        return dataclasses.replace(
            self,
            about=kind,
            certain=frozenset({kind}),
            present=frozenset(),
            parameters={},
            aggregates=False,
            past=None,
        )


def always_set(catalog: Catalog, event: str) -> frozenset[str]:
    """The fields that an event of a type sets whatever it says, as `review.follow_up_at`."""
    of = catalog.events[event]
    return frozenset(
        f"{of.about}.{assignment.field}"
        for assignment in of.assignments
        if assignment.source is None
        or assignment.source == "occurred_at"
        or not of.fields[assignment.source].optional
    )
