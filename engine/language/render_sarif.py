"""A report as SARIF 2.1.0, the format in which code hosts and editors take what checkers found.

One run with a rule for each code that occurs, described by its page, and a result for each
diagnostic. Columns count Unicode code points, which `columnKind` declares. Files are relative
references as they were named to revlex, with forward slashes and percent-encoded; an absolute name
becomes a `file` URI.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

from .codes import CodePage, page_markdown, pages
from .diagnostics import Diagnostic, Label, Report
from .source import Span

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)


def render_sarif(
    report: Report, *, version: str, known: Mapping[str, CodePage] | None = None
) -> str:
    """A report as a SARIF log in ASCII, ending with a line end.

    Args:
        report: What was found.
        version: The version of revlex, for the description of the tool.
        known: The pages that describe the codes; those of revlex where nothing is given.
    """
    known = pages() if known is None else known
    codes = sorted({found.code for found in report})
    driver = {"name": "revlex", "version": version, "rules": [_rule(code, known) for code in codes]}
    run = {
        "tool": {"driver": driver},
        "invocations": [_invocation(report.left_out)],
        "columnKind": "unicodeCodePoints",
        "newlineSequences": ["\r\n", "\n", "\r"],
        "results": [_result(found, codes) for found in report],
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=2) + "\n"


def _rule(code: str, known: Mapping[str, CodePage]) -> dict[str, Any]:
    if code not in known:
        return {"id": code}
    page = known[code]
    return {
        "id": code,
        "name": page.name,
        "shortDescription": _message(page.title.strip()),
        "fullDescription": _message(page.why.strip()),
        "help": {**_message(page.fix.strip()), "markdown": _literal(page_markdown(page))},
        "defaultConfiguration": {"level": page.severity.value},
    }


def _invocation(left_out: int) -> dict[str, Any]:
    if not left_out:
        return {"executionSuccessful": True}
    notification = {"level": "warning", "message": _message(f"{left_out} more were left out")}
    return {"executionSuccessful": True, "toolExecutionNotifications": [notification]}


def _result(found: Diagnostic, codes: Sequence[str]) -> dict[str, Any]:
    help_line = [] if found.help is None else [f"help: {found.help}"]
    result = {
        "ruleId": found.code,
        "ruleIndex": codes.index(found.code),
        "level": found.severity.value,
        "message": _message("\n".join([found.message, *help_line])),
        "locations": [{"physicalLocation": _physical(found.span)}],
    }
    if found.labels:
        result["relatedLocations"] = [
            _related(number, label) for number, label in enumerate(found.labels, start=1)
        ]
    return result


def _related(number: int, label: Label) -> dict[str, Any]:
    return {
        "id": number,
        "message": _message(label.text),
        "physicalLocation": _physical(label.span),
    }


def _physical(span: Span) -> dict[str, Any]:
    end_line, end_column = span.source.position(span.end)
    return {
        "artifactLocation": {"uri": _uri(span.source.name)},
        "region": {
            "startLine": span.line,
            "startColumn": span.column,
            "endLine": end_line,
            "endColumn": end_column,
        },
    }


def _uri(name: str) -> str:
    """The reference for a file name; bytes of a name that are not UTF-8 keep their values."""
    path = PurePath(name)
    if path.is_absolute():
        return path.as_uri()
    return quote(path.as_posix(), errors="surrogateescape")


def _message(text: str) -> dict[str, str]:
    return {"text": _literal(text).replace("](", "] (")}


def _literal(text: str) -> str:
    """A text in which nothing is a placeholder; a policy's words must not become links either."""
    return text.replace("{", "{{").replace("}", "}}")
