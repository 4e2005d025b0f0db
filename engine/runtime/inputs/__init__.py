"""Event files: JSON lines, CSV and Parquet, plain or compressed, and the order of several of them.

`open_events` reads one input as an iterator of what was received, in the order of the file;
`merge_in_order` puts several together. Memory stays bounded whatever a file holds.
"""

from __future__ import annotations

from .merging import merge_in_order
from .opening import input_size, open_events
from .received import InputProblem, Received

__all__ = ["InputProblem", "Received", "input_size", "merge_in_order", "open_events"]
