"""Which conditions hold always or never, and which follow from others.

A condition is read as a list of boxes. A box gives some values (a field, the length of a text, a
difference of two times) the sets that they have to lie in; the condition can hold only inside one
of the boxes. So a condition without boxes never holds. What is not understood is a value of its own
that is true or false, which makes the boxes larger than they need be and the answers incomplete,
never wrong.

Results that are errors (a division by zero) are left aside: a condition that holds always is one
that never comes out as false.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import reduce, singledispatch
from itertools import pairwise

from . import functions, ir
from .catalog import Catalog
from .domains import (
    ALL_NUMBERS,
    ALL_WORDS,
    HIGHEST,
    LOWEST,
    TRUE,
    Domain,
    Numbers,
    Words,
    above,
    all_but,
    at,
    below,
    between,
    only,
)
from .identity import fingerprint
from .syntax import AggregateOperator, Comparator
from .types import BOOLEAN, DECIMAL, PERCENT, TEXT, Enumeration, Type

Box = Mapping[Hashable, Domain]

_MOST_BOXES = 128
_MOST_WORDS = 8
_BUDGET = 200_000
_EVERYWHERE: Sequence[Box] = ({},)
_NOWHERE: Sequence[Box] = ()

_NEGATED = {
    Comparator.EQ: Comparator.NE,
    Comparator.NE: Comparator.EQ,
    Comparator.LT: Comparator.GE,
    Comparator.GE: Comparator.LT,
    Comparator.GT: Comparator.LE,
    Comparator.LE: Comparator.GT,
}
_MIRRORED = {
    Comparator.EQ: Comparator.EQ,
    Comparator.NE: Comparator.NE,
    Comparator.LT: Comparator.GT,
    Comparator.GT: Comparator.LT,
    Comparator.LE: Comparator.GE,
    Comparator.GE: Comparator.LE,
}
_SIGNS: Mapping[Comparator, frozenset[Hashable]] = {
    Comparator.EQ: frozenset({0}),
    Comparator.NE: frozenset({-1, 1}),
    Comparator.LT: frozenset({-1}),
    Comparator.LE: frozenset({-1, 0}),
    Comparator.GT: frozenset({1}),
    Comparator.GE: frozenset({0, 1}),
}
_NOT_NEGATIVE = frozenset({"length_text", "length_list", "words_text", "bytes_text"})
_COUNTS = frozenset({AggregateOperator.COUNT, AggregateOperator.COUNT_DISTINCT})


class _TooMuchWorkError(Exception):
    """The condition is not worth more work."""


class _Reader:
    """The catalog, and how much work is left."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self._left = _BUDGET

    def spend(self, work: int) -> None:
        self._left -= work
        if self._left < 0:
            raise _TooMuchWorkError


def always(expr: ir.Expr, catalog: Catalog) -> bool | None:
    """Whether a condition holds always (`True`) or never (`False`); `None` where neither is sure.

    `review.stars > 5` never holds, `length(review.text) >= 0` always.
    """
    try:
        if not _boxes(expr, _Reader(catalog), outcome=True):
            return False
        return None if _boxes(expr, _Reader(catalog), outcome=False) else True
    except _TooMuchWorkError:
        return None


def implies(premise: ir.Expr, conclusion: ir.Expr, catalog: Catalog) -> bool:
    """Whether the conclusion surely holds wherever the premise does.

    Both have to be about the same event. `False` says only that this is not sure.
    """
    reader = _Reader(catalog)
    try:
        holds = _boxes(premise, reader, outcome=True)
        return not _both(holds, _boxes(conclusion, reader, outcome=False), reader)
    except _TooMuchWorkError:
        return False


# ------------------------------------------------------------------------- conditions


def _boxes(expr: ir.Expr, reader: _Reader, *, outcome: bool) -> Sequence[Box]:
    """Where a condition may come out as `outcome`."""
    reader.spend(1)
    return _read(expr, reader, outcome=outcome)


@singledispatch
def _read(expr: ir.Expr, reader: _Reader, *, outcome: bool) -> Sequence[Box]:
    """A condition of a kind that is not understood: a value that is true or false."""
    return _where(expr, Words(frozenset({outcome})), reader)


@_read.register
def _(expr: ir.Constant, _reader: _Reader, *, outcome: bool) -> Sequence[Box]:
    return _EVERYWHERE if expr.value is outcome else _NOWHERE


@_read.register
def _(expr: ir.Not, reader: _Reader, *, outcome: bool) -> Sequence[Box]:
    return _boxes(expr.operand, reader, outcome=not outcome)


@_read.register
def _(expr: ir.And, reader: _Reader, *, outcome: bool) -> Sequence[Box]:
    parts = (_boxes(operand, reader, outcome=outcome) for operand in expr.operands)
    return _all(parts, reader) if outcome else _any(parts)


@_read.register
def _(expr: ir.Or, reader: _Reader, *, outcome: bool) -> Sequence[Box]:
    parts = (_boxes(operand, reader, outcome=outcome) for operand in expr.operands)
    return _any(parts) if outcome else _all(parts, reader)


@_read.register
def _(expr: ir.If, reader: _Reader, *, outcome: bool) -> Sequence[Box]:
    return _any(
        _both(
            _boxes(expr.condition, reader, outcome=way),
            _boxes(branch, reader, outcome=outcome),
            reader,
        )
        for way, branch in ((True, expr.then), (False, expr.otherwise))
    )


@_read.register
def _(expr: ir.Has, _reader: _Reader, *, outcome: bool) -> Sequence[Box]:
    there = _is_there(expr.operand, outcome=outcome)
    if outcome and isinstance(expr.operand, ir.Field):  # who has a field has been seen
        return [{**there, ("known", expr.operand.entity): TRUE}]
    return [there]


@_read.register
def _(expr: ir.Known, _reader: _Reader, *, outcome: bool) -> Sequence[Box]:
    return [{("known", expr.entity): Words(frozenset({outcome}))}]


@_read.register
def _(expr: ir.Member, reader: _Reader, *, outcome: bool) -> Sequence[Box]:
    allowed = _among(expr.values, expr.item.type, outcome=outcome)
    return _where(expr.item, allowed, reader)


@_read.register
def _(expr: ir.WordTest, reader: _Reader, *, outcome: bool) -> Sequence[Box]:
    if len(expr.words) > _MOST_WORDS:
        return _where(expr, Words(frozenset({outcome})), reader)
    text = fingerprint(expr.text)
    allowed = Words(frozenset({outcome}))
    found: list[Sequence[Box]] = [[{("word", text, word): allowed}] for word in expr.words]
    return _all(found, reader) if expr.all is outcome else _any(found)


@_read.register
def _(expr: ir.Chain, reader: _Reader, *, outcome: bool) -> Sequence[Box]:
    pairs = zip(pairwise(expr.operands), expr.overloads, strict=True)
    parts = (_compared(overload, pair, reader, outcome=outcome) for pair, overload in pairs)
    return _all(parts, reader) if outcome else _any(parts)


@_read.register
def _(expr: ir.Call, reader: _Reader, *, outcome: bool) -> Sequence[Box]:
    if functions.BY_ID[expr.overload] in functions.COMPARISONS:
        left, right = expr.arguments
        return _compared(expr.overload, (left, right), reader, outcome=outcome)
    return _where(expr, Words(frozenset({outcome})), reader)


# ------------------------------------------------------------------------ comparisons


def _compared(
    overload: str, pair: tuple[ir.Expr, ir.Expr], reader: _Reader, *, outcome: bool
) -> Sequence[Box]:
    sign = Comparator(functions.BY_ID[overload].name)
    if not outcome:
        sign = _NEGATED[sign]
    left, right = pair
    if left.type == BOOLEAN:
        return _conditions_compared(pair, reader, same=sign is Comparator.EQ)
    if isinstance(left, ir.Constant):
        left, right, sign = right, left, _MIRRORED[sign]
    if isinstance(right, ir.Constant):
        return _where(left, _satisfying(sign, right.value, left.type), reader)
    return _ordered(left, right, sign, reader)


def _conditions_compared(
    pair: tuple[ir.Expr, ir.Expr], reader: _Reader, *, same: bool
) -> Sequence[Box]:
    """`negative == true`: two conditions that both hold, or neither; or else one of them."""
    return _any(
        _both(
            _boxes(pair[0], reader, outcome=way),
            _boxes(pair[1], reader, outcome=way is same),
            reader,
        )
        for way in (True, False)
    )


def _ordered(left: ir.Expr, right: ir.Expr, sign: Comparator, reader: _Reader) -> Sequence[Box]:
    """Two values of which neither is constant: which is larger is a value of its own."""
    first, second = fingerprint(left), fingerprint(right)
    if first == second:
        return _EVERYWHERE if 0 in _SIGNS[sign] else _NOWHERE
    if str(first) > str(second):
        first, second, sign = second, first, _MIRRORED[sign]
    order: Box = {("order", first, second): Words(_SIGNS[sign])}
    return _both([order], [{**_is_there(left), **_is_there(right)}], reader)


def _satisfying(sign: Comparator, value: ir.Value, of: Type) -> Domain:
    """The values of a type that compare so with a constant."""
    if sign in {Comparator.EQ, Comparator.NE}:
        return _among((value,), of, outcome=sign is Comparator.EQ)
    assert isinstance(value, int | Fraction)  # noqa: S101  # nothing else is put in order
    whole = of not in {DECIMAL, PERCENT}
    start, end = LOWEST, HIGHEST
    if sign is Comparator.LT:
        end = below(value, whole=whole)
    elif sign is Comparator.LE:
        end = at(value)
    elif sign is Comparator.GT:
        start = above(value, whole=whole)
    else:
        start = at(value)
    return Numbers(((start, end),))


def _among(values: Iterable[ir.Value], of: Type, *, outcome: bool) -> Domain:
    """The values of a type that are, or are not, among some constants."""
    if of in {TEXT, BOOLEAN} or isinstance(of, Enumeration):
        return Words(frozenset(values), inverted=not outcome)
    numbers = [value for value in values if isinstance(value, int | Fraction)]
    return only(numbers) if outcome else all_but(numbers, whole=of not in {DECIMAL, PERCENT})


# ------------------------------------------------------------------------------ boxes


def _where(expr: ir.Expr, allowed: Domain, reader: _Reader) -> Sequence[Box]:
    """The box in which a value is there and among those allowed."""
    if isinstance(expr, ir.Constant):
        possible: Domain = _among((expr.value,), expr.type, outcome=True)
    else:
        possible = _possible(expr, reader.catalog)
    reader.spend(possible.size + allowed.size)
    left = possible.meet(allowed)
    return _NOWHERE if left.is_empty else [{fingerprint(expr): left, **_is_there(expr)}]


def _is_there(expr: ir.Expr, *, outcome: bool = True) -> Box:
    if isinstance(expr, ir.Constant):
        return {}
    return {("there", fingerprint(expr)): Words(frozenset({outcome}))}


def _possible(expr: ir.Expr, catalog: Catalog) -> Domain:
    """All values that an expression can have, as far as is known."""
    if isinstance(expr.type, Enumeration):
        return Words(frozenset(expr.type.members))
    if expr.type in _BY_TYPE:
        return _BY_TYPE[expr.type]
    if isinstance(expr, ir.Field | ir.Was):
        field = catalog.entities[expr.entity].fields[expr.name]
        return between(field.low, field.high)
    if isinstance(expr, ir.HowMany):
        return between(0, len(expr.operands))
    return between(0, None) if _is_counted(expr) else ALL_NUMBERS


_BY_TYPE: Mapping[Type, Domain] = {BOOLEAN: Words(frozenset({True, False})), TEXT: ALL_WORDS}


def _is_counted(expr: ir.Expr) -> bool:
    """Whether a number cannot be negative."""
    if isinstance(expr, ir.Call):
        return expr.overload in _NOT_NEGATIVE
    if isinstance(expr, ir.Rollup):
        return expr.plan.operator in _COUNTS
    return isinstance(expr, ir.Aggregate) and expr.operator in _COUNTS


def _both(left: Sequence[Box], right: Sequence[Box], reader: _Reader) -> Sequence[Box]:
    """Where something lies in a box of each; the larger answer where there are too many."""
    if len(left) * len(right) > _MOST_BOXES:
        return left
    met = (_meet(one, other, reader) for one in left for other in right)
    return [box for box in met if box is not None]


def _meet(one: Box, other: Box, reader: _Reader) -> Box | None:
    reader.spend(len(one) + len(other))
    met = {**one, **other}
    for key in one.keys() & other.keys():
        reader.spend(one[key].size + other[key].size)
        met[key] = one[key].meet(other[key])
    return None if any(domain.is_empty for domain in met.values()) else met


def _all(parts: Iterable[Sequence[Box]], reader: _Reader) -> Sequence[Box]:
    return reduce(lambda left, right: _both(left, right, reader), parts, _EVERYWHERE)


def _any(parts: Iterable[Sequence[Box]]) -> Sequence[Box]:
    found = [box for part in parts for box in part]
    return found if len(found) <= _MOST_BOXES else _EVERYWHERE
