"""Telling sellers: the notices of a ledger or a run, in the words of the policy that decided."""
