"""The stages from the text of an expression to its syntax tree; `parser` calls them in order."""
