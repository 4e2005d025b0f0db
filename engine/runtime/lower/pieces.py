"""Pieces of Python that compute parts of expressions, and how they are put together.

`compile` is recursive, so nothing may nest deep. Two things keep it flat: a chain of operators
whose left side has grown deep computes that side first, as an element of a tuple; anything else
that has grown deep becomes a function of its own.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..event_types import attribute
from . import nodes

NOW, CONTEXT = "_now", "_context"
"""The last two parameters of every function. Our own names begin with `_`, a catalog's never do."""

_DEEPEST = 40
"""How deep pieces may nest. Each is a few levels of syntax; `compile` bears some 900 in all."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Python for a part of an expression.

    `kept` are the variables that have to be unset when the function begins. What stands in `first`
    has to be computed, in order, before `node` is.
    """

    node: ast.expr
    depth: int = 1
    kept: frozenset[str] = frozenset()
    first: tuple[ast.expr, ...] = ()


class Builder:
    """Puts pieces together, and makes a function of them."""

    def __init__(self, kinds: Sequence[str]) -> None:
        """Build for functions of the entities of these kinds, of now, and of a context."""
        self._parameters = (*map(attribute, kinds), NOW, CONTEXT)
        self._given: dict[str, object] = {}
        self._names: dict[int, str] = {}
        self._parts: list[ast.FunctionDef] = []
        self._locals = 0

    def outside(self, value: object) -> ast.expr:
        """A reference to a value that Python cannot write down, such as a function."""
        if id(value) not in self._names:
            self._names[id(value)] = f"_given_{len(self._names)}"
            self._given[self._names[id(value)]] = value
        return nodes.name(self._names[id(value)])

    def local(self) -> str:
        """The name of another local variable."""
        self._locals += 1
        return f"_{self._locals}"

    def piece(self, node: ast.expr, *operands: Piece) -> Piece:
        """A piece whose node is made of those of other, closed pieces."""
        depth = 1 + max((operand.depth for operand in operands), default=0)
        piece = Piece(node, depth, frozenset().union(*(operand.kept for operand in operands)))
        return self._cut_off(piece) if depth > _DEEPEST else piece

    def infix(
        self, make: Callable[[ast.expr, ast.expr], ast.expr], left: Piece, right: Piece
    ) -> Piece:
        """A piece made of two, the right one closed; the left one may be a long chain."""
        if left.depth > _DEEPEST // 2:
            kept = self.local()
            first = (*left.first, nodes.keep(kept, left.node))
            left = Piece(nodes.name(kept), 1, left.kept, first)
        piece = self.piece(make(left.node, right.node), replace(left, first=()), right)
        return replace(piece, first=left.first)

    def closed(self, piece: Piece) -> Piece:
        """A piece that has nothing to compute first."""
        if not piece.first:
            return piece
        return self.piece(nodes.last(*piece.first, piece.node), replace(piece, first=()))

    def lazy(self, piece: Piece) -> Piece:
        """A closed piece that is computed when it is first needed, and then kept."""
        kept = self.local()
        is_there = nodes.compare(nodes.name(kept), ast.IsNot(), nodes.UNSET)
        node = nodes.choose(is_there, nodes.name(kept), nodes.keep(kept, piece.node))
        return self.piece(node, replace(piece, kept=piece.kept | {kept}))

    def function(self, body: Sequence[ast.stmt], kept: frozenset[str]) -> Callable[..., Any]:
        """The function with such a body, which may use everything that was built before."""
        main = self._definition("_main", body, kept)
        return nodes.build([*self._parts, main], self._given)["_main"]

    def _cut_off(self, piece: Piece) -> Piece:
        """A call of a new function that computes a piece."""
        identifier = f"_part_{len(self._parts)}"
        self._parts.append(self._definition(identifier, [ast.Return(value=piece.node)], piece.kept))
        return Piece(nodes.call(nodes.name(identifier), *map(nodes.name, self._parameters)))

    def _definition(
        self, identifier: str, body: Sequence[ast.stmt], kept: frozenset[str]
    ) -> ast.FunctionDef:
        unset = [nodes.assign(sorted(kept), nodes.UNSET)] if kept else []
        return nodes.function(identifier, self._parameters, [*unset, *body])
