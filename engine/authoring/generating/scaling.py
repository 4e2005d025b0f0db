"""How many orders there have to be for a stream of so many events in so many days.

A few shops and orders are told beforehand, with draws of their own. That shows how many events
shops bring by themselves, and how many an order has brought after an hour, a day, a month. The
number of orders needed follows, whatever the stories are like.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Final

from ...runtime.events import Event
from .agenda import Agenda
from .arrivals import pressure_of_day
from .chance import Chance, Weighted
from .clocks import DAY
from .orders import order
from .regions import Region
from .settings import Settings
from .shopkeeping import shop_life
from .shops import Market
from .world import World

_FEWEST_ORDERS: Final = 200
_MOST_ORDERS: Final = 2_000
_EVENTS_PER_TRIAL: Final = 10
_SHOPS: Final = 60
_FEWEST_BUYERS: Final = 20

Classes = Mapping[str, type[Event]]


@dataclass(frozen=True, slots=True)
class Scale:
    """How many orders each region gets while the pressure adds up to so much, by its code."""

    orders: Mapping[str, int]
    pressure: Mapping[str, int]

    @property
    def buyers(self) -> Mapping[str, int]:
        """How many people there are to buy in each region."""
        return {code: max(_FEWEST_BUYERS, orders) for code, orders in self.orders.items()}


def new_world(settings: Settings, classes: Classes, draws: str, buyers: Mapping[str, int]) -> World:
    """A world before anything has happened; its shops depend on the seed alone."""
    market = Market(settings, Chance(f"{settings.seed}/market"))
    chance = Chance(f"{settings.seed}/{draws}")
    return World(settings, chance, Agenda(classes), market, buyers)


def scale_of(settings: Settings, classes: Classes) -> Scale:
    """The scale that makes a stream end around the day on which it should."""
    shops = min(settings.shops, max(_SHOPS, len(settings.regions)))
    buyers = {region.code: _FEWEST_ORDERS for region, _ in settings.regions}
    trial = new_world(replace(settings, shops=shops), classes, "trial", buyers)
    own = _events_of_shops(trial) * settings.shops // shops
    pressure = {region.code: _pressure_by_day(settings, region) for region, _ in settings.regions}
    wanted = max(0, settings.events - own) / _events_per_order(trial, classes, pressure)
    weights = {region.code: weight for region, weight in settings.regions}
    all_weights = sum(weights.values())
    return Scale(
        {code: max(1, int(wanted * weight / all_weights)) for code, weight in weights.items()},
        {code: sum(days) for code, days in pressure.items()},
    )


def _pressure_by_day(settings: Settings, region: Region) -> Sequence[int]:
    return [pressure_of_day(region, settings.begin + day * DAY) for day in range(settings.days)]


def _events_of_shops(trial: World) -> int:
    """How many events the shops bring by themselves until the stream is to end."""
    for shop in trial.market.shops:
        trial.agenda.begin(shop_life(trial, shop))
    count = 0
    for _ in trial.agenda.events():
        if trial.agenda.now > trial.settings.end:
            break
        count += 1
    return count


def _events_per_order(
    trial: World, classes: Classes, pressure: Mapping[str, Sequence[int]]
) -> Fraction:
    """How many events an order brings, on average, until the stream is to end."""
    events = trial.settings.events
    orders = min(_MOST_ORDERS, max(_FEWEST_ORDERS, events // _EVENTS_PER_TRIAL))
    ages = _ages(trial, classes, orders)
    counts = [bisect_right(ages, day * DAY + DAY // 2) for day in range(trial.settings.days)]
    weights = sum(weight for _, weight in trial.settings.regions)
    mean = Fraction(0)
    for region, weight in trial.settings.regions:
        days = pressure[region.code]
        brought = sum(map(int.__mul__, reversed(days), counts))
        mean += Fraction(brought * weight, sum(days) * weights * orders)
    return mean


def _ages(trial: World, classes: Classes, orders: int) -> list[int]:
    """How old the orders of a trial were, in seconds, at each of their events; sorted."""
    regions, chance, settings = Weighted(trial.settings.regions), trial.chance, trial.settings
    ages = []
    for _ in range(orders):
        placed = settings.begin + chance.below(settings.days) * DAY + chance.below(DAY)
        trial.agenda = agenda = Agenda(classes)
        agenda.now = placed
        agenda.begin(order(trial, regions.draw(chance)))
        ages += [agenda.now - placed for _ in agenda.events()]
    return sorted(ages)
