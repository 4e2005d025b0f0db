"""Which entities count differently when another one changes, settled before the first event.

A condition reads an entity and what it links to; so a change travels against the links, from the
end of a path to the entities that are counted. Through a roll-up it travels along the links first,
to the owner, and from there against them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from ..language import ir
from ..language.catalog import SHOP
from ..language.program import AggregatePlan
from ..language.walk import subexpressions
from .entities import Kinds

Path = tuple[str, ...]
"""The kinds that links lead to, one after the other."""

Dependents = Mapping[str, tuple[tuple[str, Path], ...]]
"""By kind: which kinds are counted under conditions that read it, and the links to it."""


@dataclass(frozen=True, slots=True)
class Against:
    """From an entity to those of a kind from which a path leads to it."""

    holder: str
    path: Path


@dataclass(frozen=True, slots=True)
class Along:
    """From an entity of a kind along its links to the owner of a roll-up, which counts `entity`.

    `whole` is the path from what is counted to the owner.
    """

    kind: str
    path: Path
    entity: str
    whole: Path


Leg = Against | Along


@dataclass(frozen=True, slots=True)
class Route:
    """From an entity that changes to those of a counted kind which may count differently then.

    The shop has no legs: all of the kind may count differently when it changes.
    """

    counted: str
    legs: tuple[Leg, ...]


def dependents(aggregates: Iterable[tuple[AggregatePlan, Path]], kinds: Kinds) -> Dependents:
    """What depends on entities that what is counted links to; each plan with its subject's path."""
    found: dict[str, dict[tuple[str, Path], None]] = {}
    for plan, subject in aggregates:
        for path in _paths(plan, subject, kinds):
            found.setdefault(path[-1], {})[plan.entity, path] = None
    return {kind: tuple(pairs) for kind, pairs in found.items()}


def _paths(plan: AggregatePlan, subject: Path, kinds: Kinds) -> Iterator[Path]:
    """The links whose ends an aggregate depends on: to what it reads and to its subject.

    On the way there each link belongs to an entity of its own, which may change as well.
    """
    scope = kinds.scopes[plan.entity]
    for other in _read_kinds(_parts(plan), plan.entity):
        yield from _prefixes(scope[other])
    yield from _prefixes(subject[:-1])


def _parts(plan: AggregatePlan) -> tuple[ir.Expr, ...]:
    return tuple(part for part in (plan.where, plan.value, plan.date) if part is not None)


def _read_kinds(parts: Iterable[ir.Expr], own: str) -> list[str]:
    """The kinds whose fields expressions read, besides the one that they are about."""
    found = [one for part in parts for one in subexpressions(part)]
    read = {kind for one in found if (kind := read_kind(one)) is not None}
    return sorted(read - {own})


def read_kind(expr: ir.Expr) -> str | None:
    """The kind whose change may change a part of an expression by itself."""
    if isinstance(expr, ir.Declared):
        return SHOP
    return expr.entity if isinstance(expr, ir.Field | ir.Known) else None


def _prefixes(path: Path) -> Iterator[Path]:
    return (path[: end + 1] for end in range(len(path)))


# ---------------------------------------------------------------------- through roll-ups


def routes(plans: Iterable[AggregatePlan], kinds: Kinds) -> dict[str, tuple[Route, ...]]:
    """By the kind of an entity that changes: where roll-ups carry that to."""
    found: dict[str, dict[Route, None]] = {}
    for plan in plans:
        for changed, legs in _through(_parts(plan), plan.entity, kinds):
            route = Route(plan.entity, () if changed == SHOP else legs)
            found.setdefault(changed, {})[route] = None
    return {kind: tuple(each) for kind, each in found.items()}


def _through(
    parts: Iterable[ir.Expr], about: str, kinds: Kinds
) -> Iterator[tuple[str, tuple[Leg, ...]]]:
    """What the roll-ups in expressions about a kind depend on, with the legs to that kind."""
    scope = kinds.scopes[about]
    for rollup in _rollups(parts):
        plan, to_owner = rollup.plan, scope[rollup.plan.owner]
        for prefix in _prefixes(to_owner[:-1]):
            yield prefix[-1], (Against(about, prefix),)
        whole = kinds.scopes[plan.entity][plan.owner]
        back: tuple[Leg, ...] = (Against(about, to_owner),) if to_owner else ()
        for start, kind in enumerate((plan.entity, *whole[:-1])):
            yield kind, (Along(kind, whole[start:], plan.entity, whole), *back)
        for changed, legs in _inside(plan, kinds):
            yield changed, (*legs, Along(plan.entity, whole, plan.entity, whole), *back)


def _inside(plan: ir.RollupPlan, kinds: Kinds) -> Iterator[tuple[str, tuple[Leg, ...]]]:
    """What a roll-up reads besides the entities themselves, with the legs to these."""
    scope = kinds.scopes[plan.entity]
    for other in _read_kinds(plan.parts, plan.entity):
        for prefix in _prefixes(scope[other]):
            yield prefix[-1], (Against(plan.entity, prefix),)
    yield from _through(plan.parts, plan.entity, kinds)


def _rollups(parts: Iterable[ir.Expr]) -> Iterator[ir.Rollup]:
    return (one for part in parts for one in subexpressions(part) if isinstance(one, ir.Rollup))


# ------------------------------------------------------------------- links to be reversed


def reverse_pairs(
    dependents_: Dependents,
    routes_: Mapping[str, tuple[Route, ...]],
    rollups: Iterable[ir.RollupPlan],
    kinds: Kinds,
) -> frozenset[tuple[str, str]]:
    """The (kind, linked kind) pairs of which it has to be known who links to whom."""
    paths = {pair for pairs in dependents_.values() for pair in pairs}
    paths |= {
        (leg.holder, leg.path)
        for several in routes_.values()
        for route in several
        for leg in route.legs
        if isinstance(leg, Against)
    }
    paths |= {(plan.entity, kinds.scopes[plan.entity][plan.owner]) for plan in rollups}
    pairs = {
        pair for holder, path in paths for pair in zip((holder, *path[:-1]), path, strict=True)
    }
    return frozenset(pair for pair in pairs if pair[1] != SHOP)
