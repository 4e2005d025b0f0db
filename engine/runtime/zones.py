"""Time zones by their IANA names, always from the installed `tzdata` package.

`zoneinfo` alone would prefer whatever database the host has, and would even read `localtime` as the
host's own zone. The same policy could then decide differently on two machines.
"""

from __future__ import annotations

import difflib
import functools
from collections.abc import Mapping
from importlib.resources import files
from typing import Final
from zoneinfo import ZoneInfo

_SUGGESTIONS: Final = 3
_LONGEST: Final = 64


class UnknownZone(LookupError):  # noqa: N818 -- says what was given, which is not our failure
    """A name that is no IANA time zone.

    Attributes:
        name: what was asked for.
        near: up to three zones whose names, or whose cities, look like it; best first.
    """

    def __init__(self, name: str, near: tuple[str, ...]) -> None:
        self.name = name
        self.near = near
        hint = f": did you mean {' or '.join(f'`{zone}`' for zone in near)}?" if near else ""
        super().__init__(f"there is no time zone `{name}`{hint}")

    def __reduce__(self) -> tuple[type[UnknownZone], tuple[str, tuple[str, ...]]]:
        """Travel between processes by name and suggestions, not by message."""
        return UnknownZone, (self.name, self.near)


@functools.cache
def zone_names() -> frozenset[str]:
    """The names of all time zones."""
    return frozenset(files("tzdata").joinpath("zones").read_text(encoding="utf-8").split())


@functools.cache
def zone(name: str) -> ZoneInfo:
    """The time zone of an IANA name such as `Asia/Bangkok`, spelled as IANA does.

    Raises:
        UnknownZone: there is none.
    """
    if name not in zone_names():
        raise UnknownZone(name, _similar(name))
    with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as data:
        return ZoneInfo.from_file(data, key=name)


def _similar(name: str) -> tuple[str, ...]:
    """Zones that somebody who wrote `name` may have meant."""
    spellings = _spellings()
    wanted = name[:_LONGEST].strip().casefold().replace(" ", "_")
    near = difflib.get_close_matches(wanted, spellings, n=2 * _SUGGESTIONS)
    return tuple(dict.fromkeys(spellings[spelling] for spelling in near))[:_SUGGESTIONS]


@functools.cache
def _spellings() -> Mapping[str, str]:
    """Each zone under its name and under its city alone, in lower case."""
    names = sorted(zone_names())
    cities = {name.rpartition("/")[2].casefold(): name for name in names}
    return cities | {name.casefold(): name for name in names}
