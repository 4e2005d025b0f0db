"""What `verify` looks at: one module for each thing that has to hold in a ledger."""
