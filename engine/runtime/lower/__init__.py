"""Checked expressions to Python functions, by way of Python's own syntax trees.

`numbering` finds what expressions have in common, `expressions` turns each part into a piece of
Python, `searching` those that look for words, `pieces` puts them together, `nodes` makes functions
of them, and `rules` says what the functions are.
"""

from .numbering import DEEPEST, TooDeepError, depth
from .rules import Failed, Helpers, Hit, LoweredRule, lower_function, lower_rules

__all__ = [
    "DEEPEST",
    "Failed",
    "Helpers",
    "Hit",
    "LoweredRule",
    "TooDeepError",
    "depth",
    "lower_function",
    "lower_rules",
]
