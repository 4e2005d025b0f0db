"""Decisions and appeals for other systems: chosen by filters, written as JSON lines or Parquet.

A source is a ledger or the folder of a run. It is read record by record, so that what is exported
may be larger than the memory.
"""
