"""The stream itself: all stories of a marketplace, told together."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from ...language.catalog import standard_catalog
from ...runtime.event_types import event_classes
from ...runtime.events import Event
from .arrivals import custom
from .scaling import new_world, scale_of
from .settings import Settings
from .shopkeeping import shop_life
from .world import World


def generate(settings: Settings) -> Iterator[Event]:
    """The events of a made-up marketplace, strictly in order.

    The same settings give the same events. Only the shops and what has not ended yet are in
    memory: orders under way, reviews that may still be edited, and the like.
    """
    return islice(begin(settings).agenda.events(), settings.events)


def begin(settings: Settings) -> World:
    """A marketplace whose stories have all begun; its agenda tells them, without end."""
    classes = event_classes(standard_catalog())
    scale = scale_of(settings, classes)
    world = new_world(settings, classes, "stories", scale.buyers)
    for shop in world.market.shops:
        world.agenda.begin(shop_life(world, shop))
    for region, _ in settings.regions:
        orders, pressure = scale.orders[region.code], scale.pressure[region.code]
        world.agenda.begin(custom(world, region, orders, pressure))
    return world
