"""From the text of a policy to a typed program, with diagnostics on the way."""
