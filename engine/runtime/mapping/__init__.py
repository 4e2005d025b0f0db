"""Mappings: how somebody's own tables become events.

A mapping file says of each row of a table which events it stands for and from which columns their
fields come. `load_mapping` reads and checks the file, `bind` looks for its columns in a folder of
tables, and `map_events` makes the events:

    report = Report()
    mapping = load_mapping(source, standard_catalog(), report)
    bound = bind(mapping, folder, report)
    for received in map_events(bound, decoder): ...
"""

from __future__ import annotations

from .binding import BoundMapping, bind
from .loading import load_mapping
from .model import EventMapping
from .producing import MOST_EVENTS, map_events
from .schema import mapping_schema

__all__ = [
    "MOST_EVENTS",
    "BoundMapping",
    "EventMapping",
    "bind",
    "load_mapping",
    "map_events",
    "mapping_schema",
]
