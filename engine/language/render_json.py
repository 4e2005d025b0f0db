r"""A report as JSON, for programs.

One object, its keys in this order:

    diagnostics   a list, by file, then place, then code; each an object:
      code        text, such as "E412": stable, safe to filter on; `revlex explain-code` knows it
      name        text, such as "unknown-field": as stable; null for a code that has no page
      severity    "error" or "warning"
      message     text: one sentence, in lower case and without a full stop
      help        text: the one fix, in the same style; or null
      file        text: the file as it was named to revlex
      start       the first character: {"line", "column", "offset"}
      end         the character after the last, likewise; equal to `start` for a place between two
      labels      a list of further places that explain it: {"text", "file", "start", "end"}
    counts        {"errors", "warnings", "files", "left_out"}: whole numbers; `files` counts those
                  with a diagnostic, `left_out` what was found beyond the most that a report keeps

Lines and columns count from 1, offsets from 0; columns and offsets count characters (Unicode code
points), a byte order mark not included. The text is ASCII: everything else is escaped as `\uXXXX`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from .codes import CodePage, pages
from .diagnostics import Diagnostic, Report
from .source import Source, Span
from .tally import Tally


def render_json(report: Report, known: Mapping[str, CodePage] | None = None) -> str:
    """A report as the JSON text that this module describes, ending with a line end.

    Args:
        report: What was found.
        known: The pages that give codes their names; those of revlex where nothing is given.
    """
    known = pages() if known is None else known
    document = {
        "diagnostics": [_diagnostic(found, known) for found in report],
        "counts": asdict(Tally.of(report)),
    }
    return json.dumps(document, indent=2) + "\n"


def _diagnostic(found: Diagnostic, known: Mapping[str, CodePage]) -> dict[str, Any]:
    return {
        "code": found.code,
        "name": known[found.code].name if found.code in known else None,
        "severity": found.severity.value,
        "message": found.message,
        "help": found.help,
        **_place(found.span),
        "labels": [{"text": label.text, **_place(label.span)} for label in found.labels],
    }


def _place(span: Span) -> dict[str, Any]:
    return {
        "file": span.source.name,
        "start": _point(span.source, span.start),
        "end": _point(span.source, span.end),
    }


def _point(source: Source, offset: int) -> dict[str, int]:
    line, column = source.position(offset)
    return {"line": line, "column": column, "offset": offset}
