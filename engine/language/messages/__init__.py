"""All wording of diagnostics: a module for each range of codes, a function for each code."""
