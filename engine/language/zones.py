"""Time zones by their IANA names, always from the installed `tzdata` package.

`zoneinfo` alone would prefer whatever database the host has; the same policy could then mean
different days on two machines.
"""

from __future__ import annotations

import functools
from importlib.resources import files
from zoneinfo import ZoneInfo

UTC_NAME = "UTC"
"""The zone of policies that name none."""


@functools.cache
def zone_names() -> frozenset[str]:
    """The names of all time zones."""
    return frozenset(files("tzdata").joinpath("zones").read_text(encoding="utf-8").split())


@functools.cache
def zone(name: str) -> ZoneInfo:
    """The time zone of a name that `zone_names` has."""
    with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as data:
        return ZoneInfo.from_file(data, key=name)


def zones_of_places() -> list[str]:
    """The zones that are called after places, in order.

    The others are no good suggestions: the sign of `Etc/GMT+7` means the opposite of what people
    expect, and no abbreviation is of one place only.
    """
    return sorted(name for name in zone_names() if "/" in name and not name.startswith("Etc/"))


def zone_meant(text: str) -> str | None:
    """The zone whose name, or whose city, is a text but for capitals and blanks."""
    wanted = "_".join(text.casefold().split())
    names = [UTC_NAME, *zones_of_places()]
    cities = {name.rpartition("/")[2].casefold(): name for name in names}
    return (cities | {name.casefold(): name for name in names}).get(wanted)
