"""What an overlay may say about the entries of the pack that it extends."""

from __future__ import annotations

from dataclasses import dataclass

from ..document import Node
from ..shapes import Anything, Authored, Flag, Name, Truth, key
from ..source import Embedded

KINDS = {
    "rule": "rules",
    "draft": "drafts",
    "threshold": "thresholds",
    "ladder": "ladders",
    "appeal": "appeals",
    "remedy": "remedies",
    "measure": "measures",
    "violation": "violations",
    "action": "actions",
    "notice": "notices",
    "list": "lists",
    "table": "tables",
    "define": "definitions",
}
"""What can be overridden, and what messages call several of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideEntry(Authored):
    """What becomes of one entry of the pack that is extended; it names one, and one thing to do."""

    rule: Embedded | None = key(Name(), "a rule, in whichever list it stands")
    draft: Embedded | None = key(Name(), "a draft")
    threshold: Embedded | None = key(Name(), "a threshold")
    ladder: Embedded | None = key(Name(), "a ladder")
    appeal: Embedded | None = key(Name(), "an appeal")
    remedy: Embedded | None = key(Name(), "a remedy")
    measure: Embedded | None = key(Name(), "a measure")
    violation: Embedded | None = key(Name(), "a violation")
    action: Embedded | None = key(Name(), "an action")
    notice: Embedded | None = key(Name(), "a notice")
    list_: Embedded | None = key(Name(), "a list of words")
    table: Embedded | None = key(Name(), "a table")
    define: Embedded | None = key(Name(), "a definition")
    disable: Flag | None = key(Truth(), "`true`: it does nothing any more, or is gone")
    replace: Node | None = key(Anything(), "the keys of it that say something else now")
    append: Node | None = key(Anything(), "what its lists, languages or rows have besides")
