"""What a notice cannot speak of: all that the record of its decision does not hold.

This is looked for before types are settled, so that one mistake gives one message.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from functools import singledispatch

from ..announced import NAMES, lacking, own
from ..diagnostics import Diagnostic
from ..functions import PICK, STATE_READERS
from ..messages import notices as messages
from ..syntax import Aggregate, Call, Name, Node
from ..types import Enumeration, Type, unwrap
from .context import Context
from .trees import parts

_READERS = frozenset({*(row.name for row in STATE_READERS), "was", "declared", PICK})
"""Functions of what a decision does not hold."""

Say = Callable[[str], Diagnostic | None]


def report_beyond(
    context: Context, tree: Node, kinds: Collection[str], known: Mapping[str, Type]
) -> bool:
    """Report what a tree speaks of and no notice of these kinds can; whether there was anything."""
    found = list(_beyond(context, tree, kinds, known))
    context.report.extend(found)
    return bool(found)


def _beyond(
    context: Context, tree: Node, kinds: Collection[str], known: Mapping[str, Type]
) -> Iterator[Diagnostic]:
    functions = {id(part.function) for part in parts(tree) if isinstance(part, Call)}
    members = {word for of in known.values() for word in _members(of)}
    for part in parts(tree):
        if id(part) in functions or (isinstance(part, Name) and part.text in {*known, *members}):
            continue
        if isinstance(part, Name) and part.text in NAMES:
            without = lacking(part.text, kinds) or list(kinds)
            yield messages.says_nothing_of(part.text, without, own(kinds) or known, part.span)
        elif _is_beyond(part, context):
            yield messages.beyond_the_decision(part.span.text, part.span)


def _members(of: Type) -> tuple[str, ...]:
    plain = unwrap(of)
    return plain.members if isinstance(plain, Enumeration) else ()


@singledispatch
def _is_beyond(_part: Node, _context: Context) -> bool:
    return False


@_is_beyond.register
def _(_part: Aggregate, _context: Context) -> bool:
    return True


@_is_beyond.register
def _(part: Call, _context: Context) -> bool:
    return part.function.text in _READERS


@_is_beyond.register
def _(part: Name, context: Context) -> bool:
    defined = {**context.environment.definitions, **context.measures, "now": None}
    return len(part.parts) > 1 or part.text in defined
