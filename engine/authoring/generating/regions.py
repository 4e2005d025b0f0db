"""Regions: their clocks, languages, prices and carriers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from .chance import Weighted
from .clocks import Clock


@dataclass(frozen=True, slots=True, eq=False)
class Region:
    """A market.

    `language` is what sellers write, `speech` what buyers do. `prices` are the lowest and the
    highest usual price in the smallest unit of money, of which `cents` digits stand behind the
    point. `transit` is the median number of hours that a parcel takes. Where `doubles` holds,
    people buy three times as much on the first of January, the second of February, and so on.
    """

    code: str
    clock: Clock
    language: str
    speech: Weighted[str]
    prices: tuple[int, int]
    cents: int = 2
    transit: int = 44
    doubles: bool = True


def _speech(**weights: int) -> Weighted[str]:
    return Weighted(weights.items())


_ALL: Final = (
    Region(
        code="TH",
        clock=Clock("Asia/Bangkok"),
        language="th",
        speech=_speech(th=94, en=6),
        prices=(4_900, 159_000),
        transit=38,
    ),
    Region(
        code="VN",
        clock=Clock("Asia/Ho_Chi_Minh"),
        language="vi",
        speech=_speech(vi=97, en=3),
        prices=(29_000, 1_290_000),
        cents=0,
    ),
    Region(
        code="ID",
        clock=Clock("Asia/Jakarta"),
        language="id",
        speech=_speech(id=97, en=3),
        prices=(15_000, 749_000),
        cents=0,
        transit=60,
    ),
    Region(
        code="MY",
        clock=Clock("Asia/Kuala_Lumpur"),
        language="en",
        speech=_speech(en=60, zh=40),
        prices=(590, 24_900),
    ),
    Region(
        code="SG",
        clock=Clock("Asia/Singapore"),
        language="en",
        speech=_speech(en=75, zh=25),
        prices=(390, 12_900),
        transit=26,
    ),
    Region(
        code="PH",
        clock=Clock("Asia/Manila"),
        language="en",
        speech=_speech(en=100),
        prices=(4_900, 249_900),
        transit=72,
    ),
    Region(
        code="TW",
        clock=Clock("Asia/Taipei"),
        language="zh",
        speech=_speech(zh=98, en=2),
        prices=(9_900, 249_000),
        transit=30,
    ),
    Region(
        code="BR",
        clock=Clock("America/Sao_Paulo"),
        language="pt",
        speech=_speech(pt=99, en=1),
        prices=(1_490, 59_900),
        transit=120,
        doubles=False,
    ),
    Region(
        code="US",
        clock=Clock("America/New_York"),
        language="en",
        speech=_speech(en=98, zh=2),
        prices=(699, 18_900),
        doubles=False,
    ),
    Region(
        code="GB",
        clock=Clock("Europe/London"),
        language="en",
        speech=_speech(en=100),
        prices=(499, 14_900),
        transit=36,
        doubles=False,
    ),
)

REGIONS: Final[Mapping[str, Region]] = MappingProxyType({region.code: region for region in _ALL})
"""The regions that can be asked for, by their codes."""

USUAL: Final = (("TH", 4), ("VN", 4), ("ID", 5), ("MY", 2), ("US", 3), ("BR", 2))
"""The mix if none is asked for."""
