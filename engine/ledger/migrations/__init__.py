"""How the tables of a ledger have changed, step by step."""
