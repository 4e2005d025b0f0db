"""What actions on a shop fall on too: `extends_to: [linked accounts, products where …]`."""

from __future__ import annotations

from .. import parser as parsing
from ..authored import ActionEntry
from ..messages import policy as messages
from ..program import Extension
from ..source import Embedded
from ..types import BOOLEAN
from .context import Context, Scope
from .rules import report_constant

_OF_SHOPS = frozenset({"shop", "fund"})
_PRODUCT = "product"
_SCOPE = Scope(_PRODUCT, frozenset({_PRODUCT}), per=_PRODUCT)


def build_extensions(context: Context, entry: ActionEntry) -> tuple[Extension, ...]:
    """What an action extends to; what is wrong is reported and left out."""
    if entry.extends_to and entry.scope.text not in _OF_SHOPS:
        place = entry.extends_to[0].span
        context.report.add(messages.extends_from_part(entry.scope.text, place))
    found = (_extension(context, text) for text in entry.extends_to or ())
    return tuple(extension for extension in found if extension is not None)


def _extension(context: Context, text: Embedded) -> Extension | None:
    node = parsing.parse_extension(text, context.report)
    if node is None or node.where is None:
        return None if node is None else Extension(node.kind, None)
    where = context.check(node.where, _SCOPE, BOOLEAN)
    if where is None:
        return None
    report_constant(context, where)
    return Extension(node.kind, where)
