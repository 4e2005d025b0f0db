"""All wording of diagnostics, one module for each range of codes, one short function for each code."""
