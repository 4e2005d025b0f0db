"""What a ledger does for people: it hashes, withholds, erases, and does not keep for ever."""
