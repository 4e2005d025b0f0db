"""What an embedder imports: compile a policy, feed it events, read its decisions.

    from revlex.engine import Decoder, Evaluator, compile_policy

Names are loaded when they are first asked for, so that checking a policy does not load what runs
it.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:  # for type checkers; at run time `__getattr__` below does the same, later
    from .language.compiler import compile_policy, compile_sources
    from .language.diagnostics import Diagnostic, Report, Severity
    from .language.program import Program
    from .language.source import Source
    from .records.appeal import Appeal
    from .records.decision import Decision
    from .records.notice import Notice
    from .runtime.evaluator import Evaluator
    from .runtime.events import Decoder, Event, Rejection
    from .runtime.notices import render_notice

__all__ = [
    "Appeal",
    "Decision",
    "Decoder",
    "Diagnostic",
    "Evaluator",
    "Event",
    "Notice",
    "Program",
    "Rejection",
    "Report",
    "Severity",
    "Source",
    "compile_policy",
    "compile_sources",
    "render_notice",
]

_HOME = {
    "Appeal": ".records.appeal",
    "Decision": ".records.decision",
    "Decoder": ".runtime.events",
    "Diagnostic": ".language.diagnostics",
    "Evaluator": ".runtime.evaluator",
    "Event": ".runtime.events",
    "Notice": ".records.notice",
    "Program": ".language.program",
    "Rejection": ".runtime.events",
    "Report": ".language.diagnostics",
    "Severity": ".language.diagnostics",
    "Source": ".language.source",
    "compile_policy": ".language.compiler",
    "compile_sources": ".language.compiler",
    "render_notice": ".runtime.notices",
}


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(importlib.import_module(_HOME[name], __name__), name)
