"""The type checker: syntax trees in, checked expressions or diagnostics out."""

from .driver import check_expression
from .walk import Budget, Uses

__all__ = ["Budget", "Uses", "check_expression"]
