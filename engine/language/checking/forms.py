"""Calls whose arguments are more than values: fields, conditions, lists of words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .. import ir, syntax
from ..catalog import period_kinds
from ..functions import PICK, TEXTS, picked
from ..messages import events as messages
from ..messages import names as name_messages
from ..messages import replies as reply_messages
from ..messages import typing as type_messages
from ..types import BOOLEAN, ERROR, INSTANT, INTEGER, TEXT, Optional
from .logic import narrowed
from .texts import words_to_find
from .walk import Scope, Walk

MOST_LISTS = 8
"""The most lists of which one sentence can be asked to hold a word each."""

_FEWEST = 2


def _was(walk: Walk, node: syntax.Call, scope: Scope) -> ir.Expr:
    """`was(review.stars)`: missing where nothing was known of the entity before the event."""
    environment = scope.environment
    if scope.counting:
        walk.fail(name_messages.not_in_aggregate("was", node.span), scope)
        return walk.error(node)
    if environment.past is None:
        walk.fail(messages.no_event(node.span), scope)
        return walk.error(node)
    field = _field(walk, node, scope)
    if field is None:
        return walk.error(node)
    spec = environment.catalog.entities[field.entity].fields[field.name]
    is_sure = environment.past and not spec.may_be_missing
    of = spec.type if is_sure else Optional(spec.type)
    return narrowed(ir.Was(field.entity, field.name, type=of, span=node.span), scope)


def _field(walk: Walk, node: syntax.Call, scope: Scope) -> ir.Field | None:
    """The one argument, if it is a field of what the event is about."""
    about = scope.environment.subject
    found = [walk.check(argument, scope) for argument in node.arguments]
    if any(argument.type == ERROR for argument in found):
        return None
    if len(found) == 1 and isinstance(found[0], ir.Field) and found[0].entity == about:
        return found[0]
    walk.fail(messages.no_field_of_event(about, node.span), scope)
    return None


def _declared(walk: Walk, node: syntax.Call, scope: Scope) -> ir.Expr:
    """`declared(order.placed_at, "strike")`: of the shop, so that it may be counted by as well."""
    known = period_kinds(scope.environment.catalog)
    if not node.arguments:
        walk.fail(messages.nothing_declared(node.span), scope)
        return walk.error(node, BOOLEAN)
    instant, *given = node.arguments
    value = walk.expect(walk.value(instant, scope), INSTANT, instant, scope)
    found = [_period_kind(walk, argument, known, scope) for argument in given]
    kinds = tuple(dict.fromkeys(kind for kind in found if kind is not None))
    if None in found:
        return walk.error(node, BOOLEAN)
    return ir.Declared(value, kinds, type=BOOLEAN, span=node.span)


def _period_kind(walk: Walk, node: syntax.Node, known: tuple[str, ...], scope: Scope) -> str | None:
    """The name of a kind of periods, which is one constant text."""
    kind = walk.expect(walk.value(node, scope, TEXT), TEXT, node, scope)
    if kind.type == ERROR:
        return None
    if not isinstance(kind, ir.Constant):
        walk.fail(type_messages.not_constant(node.span, "the kind of period"), scope)
        return None
    if kind.value not in known:
        walk.fail(messages.unknown_period(str(kind.value), known, node.span), scope)
        return None
    return str(kind.value)


def _how_many(walk: Walk, node: syntax.Call, scope: Scope) -> ir.Expr:
    """`how_many(a, b, c)`: each is read by itself, so that none guards another."""
    operands = tuple(walk.condition(argument, scope) for argument in node.arguments)
    if len(operands) < _FEWEST:
        walk.fail(messages.few_conditions(len(operands), node.span), scope)
        return walk.error(node, INTEGER)
    return ir.HowMany(operands, type=INTEGER, span=node.span)


def _in_one_sentence(walk: Walk, node: syntax.Call, scope: Scope) -> ir.Expr:
    """`in_one_sentence(reply.text, ["if you"], offers)`."""
    text, *lists = node.arguments or (None,)
    if text is None or not _FEWEST <= len(lists) <= MOST_LISTS:
        walk.fail(messages.wrong_lists(len(lists), MOST_LISTS, node.span), scope)
        return walk.error(node, BOOLEAN)
    searched = walk.expect(walk.value(text, scope), TEXT, text, scope)
    groups = [_words(walk, argument, scope) for argument in lists]
    found = tuple(group for group in groups if group is not None)
    if len(found) < len(groups):
        return walk.error(node, BOOLEAN)
    return ir.OneSentence(searched, found, type=BOOLEAN, span=node.span)


def _words(walk: Walk, node: syntax.Node, scope: Scope) -> tuple[str, ...] | None:
    """The words of a list that is known now."""
    found = walk.value(node, scope, TEXTS)
    if found.type == ERROR:
        return None
    if found.type != TEXTS:
        walk.fail(type_messages.not_a_list(found, node.span), scope)
        return None
    if not isinstance(found, ir.Constant):
        walk.fail(type_messages.not_constant(node.span, "what is looked for"), scope)
        return None
    return words_to_find(walk, found, node.span, scope)


def _pick(walk: Walk, node: syntax.Call, scope: Scope) -> ir.Expr:
    """`pick(greetings)`: an entry of a list, in the language of the reply that it stands in."""
    picks, lists = scope.environment.picks, scope.environment.lists
    names = [argument.text for argument in node.arguments if isinstance(argument, syntax.Name)]
    if picks is None:
        walk.fail(reply_messages.no_reply(node.span), scope)
    elif len(node.arguments) != 1 or len(names) != 1 or names[0] not in lists:
        walk.fail(reply_messages.no_list(lists, node.span), scope)
    elif not picks.get(names[0]):
        walk.uses.add(("list", names[0]))
        if lists[names[0]] is not None:
            walk.fail(reply_messages.no_words(names[0], node.span), scope)
    else:
        walk.uses.add(("list", names[0]))
        return ir.Parameter(picked(names[0]), type=TEXT, span=node.span)
    return walk.error(node, TEXT)


FORMS: Mapping[str, Callable[[Walk, syntax.Call, Scope], ir.Expr]] = {
    "was": _was,
    "declared": _declared,
    "how_many": _how_many,
    "in_one_sentence": _in_one_sentence,
    PICK: _pick,
}
"""How each of them is checked."""
