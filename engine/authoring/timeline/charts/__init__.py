"""Charts as SVG: drawn with whole numbers, so that the same history is the same bytes everywhere.

They stand in a page whose style sheet colours them, and are read without scripts.
"""
