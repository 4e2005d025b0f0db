"""Where a change of an entity arrives that roll-ups count."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from .dependence import Against, Along, Leg, Route
from .entities import Store, link_attribute
from .reverse import Reverse
from .rollups import MOST_LOOKED_AT


class Routes:
    """Follows the routes of a program through the entities of one shop."""

    def __init__(
        self, routes: Mapping[str, tuple[Route, ...]], store: Store, reverse: Reverse
    ) -> None:
        """Follow these routes."""
        self._routes = routes
        self._store = store
        self._reverse = reverse

    def affected(self, kind: str, key: str) -> dict[tuple[str, str], None]:
        """The entities, by kind and key, that may count differently when one changes."""
        return {
            (route.counted, one): None
            for route in self._routes.get(kind, ())
            for one in self._ends(route, key)
        }

    def _ends(self, route: Route, key: str) -> Iterable[str]:
        if not route.legs:
            return list(self._store[route.counted])
        keys: Iterable[str] = (key,)
        for leg in route.legs:
            keys = dict.fromkeys(one for start in keys for one in self._follow(leg, start))
        return keys

    def _follow(self, leg: Leg, key: str) -> Iterator[str]:
        if isinstance(leg, Against):
            return self._reverse.behind(leg.holder, leg.path, key)
        return self._along(leg, key)

    def _along(self, leg: Along, key: str) -> Iterator[str]:
        """The owner that links lead to, unless too much belongs to it before and after."""
        target: str | None = key
        for kind, linked in zip((leg.kind, *leg.path[:-1]), leg.path, strict=True):
            entity = None if target is None else self._store[kind].get(target)
            target = None if entity is None else getattr(entity, link_attribute(linked))
        if target is not None and not self._is_hopeless(leg, target):
            yield target

    def _is_hopeless(self, leg: Along, owner: str) -> bool:
        """Whether a roll-up of the owner is an error whatever happens to one of its entities."""
        found = self._reverse.behind(leg.entity, leg.whole, owner)
        return next(islice(found, MOST_LOOKED_AT, None), None) is not None
