"""What was meant by a name that means nothing where it stands."""

from __future__ import annotations

from .. import syntax
from ..diagnostics import Diagnostic
from ..functions import function_names
from ..messages import names as messages
from ..types import TEXT, Enumeration, ListOf, Type
from .walk import Scope

NOW = "now"


def diagnose(node: syntax.Name, scope: Scope, hint: Type | None) -> Diagnostic:
    """The message for an unknown name."""
    if len(node.parts) > 1:
        return _dotted(node, scope)
    if isinstance(hint, Enumeration):
        return messages.unknown_member(node.text, hint, scope.environment.definitions, node.span)
    if isinstance(hint, ListOf):
        return messages.unknown_list(node.text, scope.environment.lists, node.span)
    return _known_elsewhere(node, scope) or _plain(node, scope, hint)


def _dotted(node: syntax.Name, scope: Scope) -> Diagnostic:
    entities = scope.environment.catalog.entities
    kind, field = node.parts[-2:]
    if len(node.parts) > 2:  # noqa: PLR2004 - a kind and a field
        exists = kind in entities and field in entities[kind].fields
        return messages.long_path(node.text, f"{kind}.{field}" if exists else None, node.span)
    if kind not in entities:
        return messages.unknown_kind(kind, scope.kinds, node.span)
    if kind not in scope.kinds:
        return messages.kind_out_of_scope(kind, scope.kinds, node.span)
    having = sorted(other for other in entities if field in entities[other].fields)
    others = messages.Others(
        near=[other for other in having if other in scope.kinds],
        far=[other for other in having if other not in scope.kinds],
    )
    return messages.unknown_field(kind, field, entities[kind].fields, others, node.span)


def _known_elsewhere(node: syntax.Name, scope: Scope) -> Diagnostic | None:
    """The message for a name that means something, but not like this."""
    environment, word = scope.environment, node.text
    if word in environment.tables:
        return messages.table_without_key(word, node.span)
    if word in function_names():
        return messages.function_without_brackets(word, node.span)
    if word in environment.catalog.entities:
        fields = environment.catalog.entities[word].fields
        return messages.kind_without_field(word, fields, node.span)
    return None


def _plain(node: syntax.Name, scope: Scope, hint: Type | None) -> Diagnostic:
    environment, word = scope.environment, node.text
    entities = environment.catalog.entities
    fields = sorted(f"{kind}.{word}" for kind in scope.kinds if word in entities[kind].fields)
    names = {
        NOW,
        *environment.parameters,
        *environment.definitions,
        *environment.measures,
        *environment.lists,
        *environment.tables,
    }
    return messages.unknown_name(word, fields, names, node.span, is_text=hint == TEXT)
