"""Templates: a text with names of columns in braces; `{{` and `}}` are braces themselves."""

from __future__ import annotations

import re
from typing import Final

from ...language.diagnostics import Report
from ...language.messages import mapping as say
from ...language.source import Embedded
from .model import Column, Template

_PIECE: Final = re.compile(
    r"(?P<brace>\{\{|\}\})|\{(?P<column>[^{}]+)\}|(?P<text>[^{}]+)|(?P<bad>.)", re.DOTALL
)


def parse_template(text: Embedded, report: Report) -> Template | None:
    """The parts of a template, or nothing after reporting where it is wrong."""
    parts: list[str | Column] = []
    for match in _PIECE.finditer(text.text):
        if match["bad"]:
            report.add(say.bad_template(text.at(*match.span())))
            return None
        if match["column"] is not None:
            parts.append(Column(match["column"], text.at(*match.span("column"))))
        else:
            parts.append(match["text"] or match["brace"][0])
    return Template(tuple(parts))
