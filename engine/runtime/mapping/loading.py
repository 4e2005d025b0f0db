"""Reading a mapping file."""

from __future__ import annotations

from ...language.catalog import Catalog
from ...language.diagnostics import Report
from ...language.reader import read_document
from ...language.shapes import Record
from ...language.source import Source
from .authored import MappingFile
from .checker import check_mapping
from .model import EventMapping


def load_mapping(source: Source, catalog: Catalog, report: Report) -> EventMapping | None:
    """Turn the text of a mapping file into a mapping.

    Args:
        source: the text.
        catalog: what events and fields there are.
        report: everything that is wrong goes here.

    Returns:
        The mapping, or nothing if the report has errors.
    """
    document = read_document(source, report)
    if document is None:
        return None
    file = Record(MappingFile).read(document, report)
    return None if file is None else check_mapping(file, catalog, report)
