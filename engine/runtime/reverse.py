"""Who links to whom: the links of entities, the other way round."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from .entities import Entity, Store, link_attribute


class Reverse:
    """Who links to whom, for the pairs of kinds of which somebody may ask."""

    def __init__(self, pairs: Iterable[tuple[str, str]], store: Store) -> None:
        """Work it out from the entities as they are, for (kind, linked kind) pairs."""
        self._by_kind: dict[str, list[str]] = {}
        for holder, linked in sorted(pairs):
            self._by_kind.setdefault(holder, []).append(linked)
        self._found: dict[tuple[str, str], dict[str, dict[str, None]]] = {
            pair: {} for pair in sorted(pairs)
        }
        for holder in self._by_kind:
            for key, entity in store[holder].items():
                self.note(holder, key, entity)

    def note(self, holder: str, key: str, entity: Entity) -> None:
        """Take note of the links of an entity."""
        for linked in self._by_kind.get(holder, ()):
            target = getattr(entity, link_attribute(linked))
            if target is not None:
                self._found[holder, linked].setdefault(target, {})[key] = None

    def forget(self, holder: str, key: str, entity: Entity) -> None:
        """Forget the links of an entity that is no longer known, or about to change them."""
        for linked in self._by_kind.get(holder, ()):
            found, target = self._found[holder, linked], getattr(entity, link_attribute(linked))
            if target in found:
                found[target].pop(key, None)
                if not found[target]:
                    del found[target]

    def behind(self, counted: str, path: tuple[str, ...], key: str) -> Iterator[str]:
        """The keys of the counted kind from which `path` leads to `key`."""
        holders = (counted, *path[:-1])
        keys: Iterable[str] = (key,)
        for pair in reversed(list(zip(holders, path, strict=True))):
            keys = _behind_each(self._found[pair], keys)
        return iter(keys)


def _behind_each(found: Mapping[str, Mapping[str, None]], keys: Iterable[str]) -> Iterator[str]:
    return (one for target in keys for one in found.get(target, ()))
