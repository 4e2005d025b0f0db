"""Caps that are a part of a measure: `70% of usual_orders per day`."""

from __future__ import annotations

from ..catalog import SHOP
from ..messages import policy as messages
from ..messages import thresholds as threshold_messages
from ..program import RelativeCap
from ..syntax import Share
from ..types import DECIMAL, ERROR, INTEGER, unwrap
from .context import Context

_PRODUCT = "product"


def relative_cap(context: Context, node: Share, scope: str) -> RelativeCap | None:
    """The cap of an action that falls on something; its measure has to be a number of that."""
    name, place = node.measure.text, node.measure.span
    context.used.add(("measure", name))
    if name not in context.measures:
        context.unknown("measure", name, context.measures, place)
        return None
    of = _PRODUCT if scope == _PRODUCT else SHOP
    per = context.subjects.get(name, SHOP)
    type_ = unwrap(context.measures[name])
    if per not in {SHOP, of}:
        context.report.add(messages.other_subject(name, per, of, place))
    elif type_ not in {INTEGER, DECIMAL, ERROR}:
        context.report.add(threshold_messages.no_number(name, str(type_), place))
    else:
        return RelativeCap(node.share, name, " ".join(node.length.span.text.split()))
    return None
