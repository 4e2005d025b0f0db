"""The history of a shop: gathered from what a run wrote; a table, JSON, or a page."""
