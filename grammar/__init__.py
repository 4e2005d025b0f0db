"""Every surface of the language, defined here once: grammar, catalog, schemas, error codes."""
