"""Whether the state that is kept of a shop is what its decisions and events come to."""

from __future__ import annotations

from ...runtime.evaluator import Evaluator
from ...runtime.model import Memory, ShopState
from ...runtime.snapshots import read_shops, write_shops
from ..reading import KeptShop
from .balances import Balances
from .chains import End


def read_state(evaluator: Evaluator, saved: bytes) -> ShopState | None:
    """The state that is kept of a shop; nothing if it is damaged, or of another policy."""
    try:
        found = read_shops(evaluator.prepared, saved).states
    except ValueError:
        return None
    return found[0] if len(found) == 1 else None


def contradiction(state: ShopState, kept: KeptShop, end: End, balances: Balances) -> str | None:
    """What the state of a shop says otherwise than its decisions do."""
    if (state.shop, state.facts.region) != (kept.shop, kept.region):
        return "its state is that of another shop or region"
    if (state.chain.sequence, state.chain.previous) != (end.sequence, end.hash):
        return f"its state is of {state.chain.sequence:,} entries, and {end.sequence:,} are there"
    for name, ladder in sorted(state.facts.ladders.items()):
        recounted = balances.of(name)
        if recounted != ladder.total:
            return f"its decisions bring `{name}` to {recounted}, and its state says {ladder.total}"
    return None


def difference(evaluator: Evaluator, shop: str, saved: ShopState) -> str | None:
    """What the state of a shop says otherwise than its events do, evaluated once more."""
    ours = read_state(evaluator, evaluator.save(shop))
    if ours is None or ours.memory.heard != saved.memory.heard:
        changed = None if ours is None else _changed(ours.memory, saved.memory)
        named = "its events are" if changed is None else f"event `{changed}` is"
        return f"{named} not what was fed"
    written = (write_shops(evaluator.prepared, [one], (0, 0), "") for one in (ours, saved))
    return None if len(set(written)) == 1 else "its state is not what its events bring"


def _changed(ours: Memory, theirs: Memory) -> str | None:
    """The first event that says something else than what was fed, if it is still remembered."""
    fed = {**theirs.before, **theirs.now}
    here = {**ours.before, **ours.now}
    return next((one for one, content in here.items() if fed.get(one) != content), None)
