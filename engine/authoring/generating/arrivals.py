"""When buyers come: by the hours of the week and the great sales, otherwise at random."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from .agenda import Story
from .chance import UNIT, Chance
from .clocks import DAY, HOUR, SHOPPING
from .orders import order
from .regions import Region
from .world import World

_SALE: Final = 3


def pressure(region: Region, at: int) -> int:
    """How many people buy in the hour of a time; only ratios mean anything."""
    clock = region.clock
    weight = SHOPPING.weights[clock.hour_of_week(at)]
    if region.doubles:
        local = clock.moment(at)
        if local.day == local.month:
            return weight * _SALE
    return weight


def pressure_of_day(region: Region, day: int) -> int:
    """The sum of the pressure over the 24 hours that begin at a time."""
    return sum(pressure(region, day + hour * HOUR) for hour in range(DAY // HOUR))


def arrivals(region: Region, start: int, orders: int, total: int, chance: Chance) -> Iterator[int]:
    """Times of orders, without end, such that so many come while the pressure adds up to `total`.

    Waiting times are exponential in units of pressure. They are kept as whole fractions of a
    second's pressure, so that nothing is lost to rounding however many orders there are.
    """
    hour = start - start % HOUR
    weight = pressure(region, hour)
    used = (start - hour) * weight * UNIT
    while True:
        used += chance.exponential() * total * HOUR // orders
        while used >= HOUR * weight * UNIT:
            used -= HOUR * weight * UNIT
            hour += HOUR
            weight = pressure(region, hour)
        yield hour + used // (weight * UNIT)


def custom(world: World, region: Region, orders: int, total: int) -> Story:
    """The story of all orders in a region; they begin when the shops have opened."""
    start = world.settings.begin + HOUR
    for at in arrivals(region, start, orders, total, world.chance):
        yield at
        world.agenda.begin(order(world, region))
