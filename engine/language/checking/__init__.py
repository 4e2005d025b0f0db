"""The type checker: syntax trees in, checked expressions or diagnostics out."""

from .driver import check_expression
from .walk import Uses

__all__ = ["Uses", "check_expression"]
