"""Events that end actions: `hold_funds for 90d or until complaint.closed`."""

from __future__ import annotations

from ..catalog import SHOP, Catalog
from ..diagnostics import MOST_DIAGNOSTICS, Report
from ..messages import thresholds as messages
from ..syntax import Name

_OF_SHOPS = frozenset({SHOP, "fund", None})


def ends(event: Name | None, scope: str | None, catalog: Catalog, report: Report) -> bool:
    """Whether an event, if one is named, can end an action that falls on something.

    It has to change an entity, and that has to belong to what the action falls on; every entity
    belongs to the shop.
    """
    if event is None:
        return True
    possible = [name for name, one in catalog.events.items() if one.assignments or one.counters]
    if event.text not in possible:
        known = possible if len(report) < MOST_DIAGNOSTICS else ()
        report.add(messages.unknown_ending(event.text, known, event.span))
        return False
    about = catalog.events[event.text].about
    if scope in _OF_SHOPS or scope in catalog.scope(about):
        return True
    report.add(messages.unlinked_ending(event.text, about, str(scope), event.span))
    return False
