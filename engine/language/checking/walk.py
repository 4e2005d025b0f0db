"""One walk over one expression, and the place in it where a node stands.

A handler for each kind of node makes a checked expression out of it. The walk leads from node to
node, counts them, and holds what every handler needs: where to report, and which names were used.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from .. import ir
from ..diagnostics import Diagnostic, Label, Report
from ..environment import Environment
from ..messages import typing as messages
from ..source import Span
from ..syntax import Node
from ..types import BOOLEAN, ERROR, Type, unwrap

MOST_NODES = 20_000
"""An expression has at most this many parts once its definitions are written out."""

MOST_IN_ALL = 500_000
"""All expressions of a policy together have at most this many parts, written out likewise."""

MOST_DEPTH = 128
"""An expression is nested at most this deep once its definitions are written out."""

Fact = Hashable
"""The fingerprint of a value that is known to be there, or `("known", kind)`."""

NO_FACTS: frozenset[Fact] = frozenset()

ANYTHING: Fact = "anything"
"""What a guard with a mistake may have shown; so the mistake is not reported a second time."""


class TooLargeError(Exception):
    """An expression passes a limit once its definitions are written out."""


class SpentError(TooLargeError):
    """All expressions of a policy together pass their limit."""


class Budget:
    """How many parts the expressions of a policy may still have."""

    __slots__ = ("left",)

    def __init__(self, left: int = MOST_IN_ALL) -> None:
        """Start with all that a policy may have."""
        self.left = left

    def take(self) -> None:
        """Use up one.

        Raises:
            SpentError: There was none left.
        """
        self.left -= 1
        if self.left < 0:
            raise SpentError


Uses = set[tuple[str, str]]
"""The names of the policy that expressions have used, each with what it names.

The kinds are `definition`, `list`, `table`, `measure`, `ladder` and `action`.
"""


@dataclass(frozen=True, slots=True)
class Inlined:
    """A definition that is being written out, and where its name stands."""

    name: str
    span: Span


@dataclass(frozen=True, slots=True)
class Scope:
    """Where a node stands: what is in scope, and what is known to be there.

    `inlined` are the definitions that the node stands in, outermost first. `counting` says whether
    it stands inside an aggregate.
    """

    environment: Environment
    kinds: frozenset[str]
    facts: frozenset[Fact] = NO_FACTS
    inlined: tuple[Inlined, ...] = ()
    counting: bool = False

    def knowing(self, facts: frozenset[Fact]) -> Scope:
        """The same place with more that is known to be there."""
        return self if facts <= self.facts else replace(self, facts=self.facts | facts)


Handler = Callable[["Walk", Any, Scope, Type | None], ir.Expr]
"""Checks one kind of node.

The last argument is the type that is hoped for, if one is: it settles what the members of an
enumeration mean and demands nothing.
"""


class Walk:
    """The state of checking one expression."""

    def __init__(
        self,
        handlers: Mapping[type[Node], Handler],
        report: Report,
        uses: Uses,
        budget: Budget,
    ) -> None:
        """Start with nothing seen."""
        self._handlers = handlers
        self._budget = budget
        self.report = report
        self.uses = uses
        self.failed = False
        self.broken: set[str] = set()
        """Definitions that are defined by themselves, already reported."""
        self._nodes = 0
        self._depth = 0

    def check(self, node: Node, scope: Scope, hint: Type | None = None) -> ir.Expr:
        """Check a node of any type.

        Raises:
            TooLargeError: The expression passes a limit.
        """
        self._budget.take()
        self._nodes += 1
        self._depth += 1
        if self._nodes > MOST_NODES or self._depth > MOST_DEPTH:
            raise TooLargeError
        expr = self._handlers[type(node)](self, node, scope, hint)
        self._depth -= 1
        return expr

    def value(self, node: Node, scope: Scope, hint: Type | None = None) -> ir.Expr:
        """Check a node whose value is needed: one that may be missing is reported."""
        return self.there(self.check(node, scope, hint), node, scope)

    def there(self, expr: ir.Expr, node: Node, scope: Scope) -> ir.Expr:
        """A checked expression as one whose value is needed."""
        needed = unwrap(expr.type)
        if needed is expr.type:
            return expr
        self.fail(messages.unguarded(expr, node.span), scope)
        return replace(expr, type=needed)

    def condition(self, node: Node, scope: Scope) -> ir.Expr:
        """Check a node that has to be a condition."""
        expr = self.value(node, scope)
        return self.expect(expr, BOOLEAN, node, scope)

    def expect(self, expr: ir.Expr, wanted: Type, node: Node, scope: Scope) -> ir.Expr:
        """A checked expression, if it has the type that is needed here."""
        if expr.type in {wanted, ERROR}:
            return expr
        self.fail(messages.wrong_type(wanted, expr, node), scope)
        return self.error(node)

    def deepen(self, levels: int) -> None:
        """Count further levels of nesting, or take them back, that are no nodes of their own.

        Raises:
            TooLargeError: The expression passes a limit.
        """
        self._depth += levels
        if self._depth > MOST_DEPTH:
            raise TooLargeError

    def fail(self, diagnostic: Diagnostic, scope: Scope) -> None:
        """Report a mistake, and for one in a definition where it is used."""
        self.failed = True
        if scope.inlined:
            used = Label(scope.inlined[0].span, "used here")
            diagnostic = replace(diagnostic, labels=(*diagnostic.labels, used))
        self.report.add(diagnostic)

    def error(self, node: Node, of: Type = ERROR) -> ir.Constant:
        """What stands for something with a mistake; without a type, it agrees with everything."""
        self.failed = True
        return ir.Constant(value=None, type=of, span=node.span)
