"""The ledger: decisions and appeals kept so that none is lost, doubled or edited.

A ledger is a database, one SQLite file or PostgreSQL, with the same tables and code. One process at
a time writes to it. What a run brings is written in checkpoints, each one transaction: the
decisions, the appeals, the events, the state of the shops, and how far the input has been read.
"""
