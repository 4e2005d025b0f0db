"""Names: fields, definitions, measures, parameters, lists, words of an enumeration."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from .. import ir, syntax
from ..messages import names as messages
from ..types import ERROR, INSTANT, TEXT, Enumeration, ListOf, Optional, Type
from .guards import known
from .logic import narrowed
from .unknown import NOW, diagnose
from .walk import Inlined, Scope, Walk


def name(walk: Walk, node: syntax.Name, scope: Scope, hint: Type | None) -> ir.Expr:
    """A name, dotted or plain."""
    if isinstance(hint, Enumeration) and node.text in hint.members:
        return ir.Constant(value=node.text, type=hint, span=node.span)
    for settle in _MEANINGS:
        found = settle(walk, node, scope, hint)
        if found is not None:
            return found
    return _unknown(walk, node, scope, hint)


def resolves(node: syntax.Name, scope: Scope) -> bool:
    """Whether a name means something by itself, without a type that is hoped for."""
    environment = scope.environment
    return len(node.parts) > 1 or any(
        node.text in names
        for names in (
            {NOW},
            environment.parameters,
            environment.definitions,
            environment.measures,
            environment.lists,
        )
    )


# ------------------------------------------------------------- what a name may mean


def _parameter(_walk: Walk, node: syntax.Name, scope: Scope, _hint: Type | None) -> ir.Expr | None:
    of = scope.environment.parameters.get(node.text)
    if of is None:
        return None
    return narrowed(ir.Parameter(node.text, type=of, span=node.span), scope)


def _now(walk: Walk, node: syntax.Name, scope: Scope, _hint: Type | None) -> ir.Expr | None:
    if node.text != NOW:
        return None
    if scope.counting:
        return _not_counted(walk, node, scope)
    return ir.Now(type=INSTANT, span=node.span)


def _definition(walk: Walk, node: syntax.Name, scope: Scope, hint: Type | None) -> ir.Expr | None:
    if node.text not in scope.environment.definitions:
        return None
    walk.uses.add(("definition", node.text))
    body = scope.environment.definitions[node.text]
    if body is None or node.text in walk.broken or _closes_circle(walk, node, scope):
        return walk.error(node)
    inlined = (*scope.inlined, Inlined(node.text, node.span))
    return walk.check(body, replace(scope, inlined=inlined), hint)


def _measure(walk: Walk, node: syntax.Name, scope: Scope, _hint: Type | None) -> ir.Expr | None:
    of = scope.environment.measures.get(node.text)
    if of is None:
        return None
    walk.uses.add(("measure", node.text))
    if scope.counting:
        return _not_counted(walk, node, scope)
    if of == ERROR:
        return walk.error(node)
    return narrowed(ir.MeasureValue(node.text, type=of, span=node.span), scope)


def _list(walk: Walk, node: syntax.Name, scope: Scope, _hint: Type | None) -> ir.Expr | None:
    if node.text not in scope.environment.lists:
        return None
    walk.uses.add(("list", node.text))
    words = scope.environment.lists[node.text]
    if words is None:
        return walk.error(node)
    return ir.Constant(value=words, type=ListOf(TEXT), span=node.span)


def _field(_walk: Walk, node: syntax.Name, scope: Scope, _hint: Type | None) -> ir.Expr | None:
    if len(node.parts) != 2:  # noqa: PLR2004 - a kind and a field
        return None
    kind, field = node.parts
    entities = scope.environment.catalog.entities
    if kind not in scope.kinds or field not in entities[kind].fields:
        return None
    return read_field(kind, field, node, scope)


def read_field(kind: str, field: str, node: syntax.Node, scope: Scope) -> ir.Expr:
    """A field of a kind that is in scope, guarded where something has shown that it is there."""
    spec = scope.environment.catalog.entities[kind].fields[field]
    of = spec.type
    if scope.environment.may_be_missing(kind, spec):
        seen = known(kind) in scope.facts and not spec.may_be_missing
        of = of if seen else Optional(of)
    return narrowed(ir.Field(kind, field, type=of, span=node.span), scope)


_MEANINGS: tuple[Callable[[Walk, syntax.Name, Scope, Type | None], ir.Expr | None], ...] = (
    _parameter,
    _now,
    _definition,
    _measure,
    _list,
    _field,
)
"""In this order: what the place provides comes before what the policy defines."""


def _not_counted(walk: Walk, node: syntax.Name, scope: Scope) -> ir.Expr:
    walk.fail(messages.not_in_aggregate(node.text, node.span), scope)
    return walk.error(node)


# ---------------------------------------------------------------------- definitions


def _closes_circle(walk: Walk, node: syntax.Name, scope: Scope) -> bool:
    """Report a definition that needs itself, once for each circle wherever it is entered."""
    names = [use.name for use in scope.inlined]
    if node.text not in names:
        return False
    circle = scope.inlined[names.index(node.text) :]
    spans = [node.span, *(use.span for use in circle[1:])]
    members = [use.name for use in circle]
    first = members.index(min(members))
    members = members[first:] + members[:first]
    walk.broken.update(members)
    walk.failed = True
    walk.report.add(messages.circle(members, spans[first]))
    return True


def _unknown(walk: Walk, node: syntax.Name, scope: Scope, hint: Type | None) -> ir.Expr:
    """Report a name that means nothing, unless what stands beside it has a mistake already."""
    if hint != ERROR or len(node.parts) > 1:
        walk.fail(diagnose(node, scope, hint), scope)
    return walk.error(node)
