"""From a policy file to a tree of its keys and values, each with its exact place.

YAML is read by the core schema of version 1.2 and nothing of it is changed; parts of it that
policies do without (anchors, tags, several documents ...) are refused. A file comes here before
anybody has looked at it: it may be anything, of any size.
"""

from __future__ import annotations

import codecs
import stat
from pathlib import Path

from .diagnostics import Report
from .document import Node, Scalar
from .messages import reading as say
from .reading.limits import MOST_BYTES, within_limits
from .reading.notes import Notes
from .reading.parse import parse
from .source import Source, Span

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_file(path: Path, report: Report, name: str | None = None) -> Source | None:
    """The text of a policy file, or nothing if it has none; then the report says why.

    Args:
        path: Where the file is.
        report: What is wrong goes here.
        name: What messages call the file; its path if nothing is given.
    """
    name = name or str(path)
    nothing = Span(Source(name, ""), 0, 0)
    try:
        content = _content(path)
    except OSError as error:
        report.add(say.unreadable_file(nothing, error.strerror or "it is no file"))
        return None
    if len(content) > MOST_BYTES:
        report.add(say.file_too_large(nothing, MOST_BYTES))
        return None
    return _decode(content, name, report)


def read_document(source: Source, report: Report) -> Node | None:
    """The tree of a text, or nothing if there is none that its author would recognise.

    Everything that is wrong goes into the report. There is a tree in spite of errors that leave no
    doubt about what was meant: of two equal keys it has the first, of two documents the first, and
    anchors and tags are not in it.
    """
    if not within_limits(source, report):
        return None
    notes = Notes(source, report)
    root = parse(notes)
    if not notes.incomplete and _is_nothing(root):
        report.add(say.empty_file(Span(source, 0, 0)))
        return None
    return root


def _is_nothing(root: Node | None) -> bool:
    return root is None or (isinstance(root, Scalar) and root.value is None)


def _content(path: Path) -> bytes:
    """The first bytes of a file, one more than there may be. A pipe is no file: it could hang."""
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError
    with path.open("rb") as file:
        return file.read(MOST_BYTES + 1)


def _decode(content: bytes, name: str, report: Report) -> Source | None:
    try:
        return Source(name, content.decode("utf-8"))
    except UnicodeDecodeError as error:
        is_utf_16 = content.startswith(_UTF_16)
        at = 0 if is_utf_16 else len(content[: error.start].decode("utf-8"))
        text = "" if is_utf_16 else content.decode("utf-8", errors="replace")
        found = "is UTF-16 text" if is_utf_16 else "has a byte that is no text here"
        report.add(say.not_utf8(Span(Source(name, text), at, at + (not is_utf_16)), found))
        return None
