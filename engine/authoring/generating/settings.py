"""What a stream is made from, and reading that from what somebody typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Final

from ...language.problems import Problem
from ...runtime.instants import EPOCH_DAY
from .clocks import DAY
from .regions import REGIONS, USUAL, Region

_MOST: Final = MappingProxyType(
    {"events": 1_000_000_000, "shops": 100_000, "products": 10_000, "days": 3_660}
)

_FIRST_START: Final = date(1970, 1, 2)
_LAST_START: Final = date(2200, 1, 1)
_MOST_WEIGHT: Final = 1_000
_EVENTS_PER_SHOP: Final = 250
_MOST_UNASKED: Final = 400


class CannotGenerate(Problem):
    """A stream that cannot be made as asked; `help` says what to ask for instead."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What a stream is made from: the same settings give the same stream.

    Attributes:
        events: how many there are.
        seed: any whole number.
        shops: how many there are, at least as many as regions.
        products: how many each shop sells.
        days: how long it takes, roughly, from the first event to the last.
        start: the first day, in UTC.
        regions: each once, with its weight.
        appeal_rules: the names of rules against whose decisions sellers appeal; without any, there
            are no appeals.
        violations: the names of violations that staff record; without any, they record none.
    """

    events: int
    seed: int
    shops: int
    products: int
    days: int
    start: date
    regions: tuple[tuple[Region, int], ...]
    appeal_rules: tuple[str, ...] = ()
    violations: tuple[str, ...] = ()

    @property
    def begin(self) -> int:
        """The first second, counted from 1970-01-01T00:00:00Z."""
        return (self.start.toordinal() - EPOCH_DAY) * DAY

    @property
    def end(self) -> int:
        """The second around which the stream is to end."""
        return self.begin + self.days * DAY


def settings_of(  # noqa: PLR0913  # one parameter for each option of the command
    *,
    events: int,
    seed: int = 1,
    shops: int | None = None,
    products: int = 12,
    days: int = 90,
    start: date = date(2025, 1, 1),
    regions: str | None = None,
    appeal_rules: tuple[str, ...] = (),
    violations: tuple[str, ...] = (),
) -> Settings:
    """Settings from what somebody asked for; what was left out depends on the rest.

    Args:
        events: how many there are.
        seed: any whole number.
        shops: how many; left out: more for longer streams.
        products: how many each shop sells.
        days: how long the stream takes.
        start: its first day.
        regions: such as `TH,VN` or `TH=3,VN=1`; left out: a mix.
        appeal_rules: see `Settings`.
        violations: see `Settings`.

    Raises:
        CannotGenerate: something is unknown, out of range, or does not go together.
    """
    mix = _usual_mix() if regions is None else _read_mix(regions)
    _check_start(start)
    if shops is None:
        shops = max(3, len(mix), min(events // _EVENTS_PER_SHOP, _MOST_UNASKED))
    _check_sizes(events=events, shops=shops, products=products, days=days)
    if shops < len(mix):
        raise CannotGenerate(
            f"there are {len(mix)} regions and only {shops} shops",
            "ask for at least as many shops as regions",
        )
    return Settings(
        events=events,
        seed=seed,
        shops=shops,
        products=products,
        days=days,
        start=start,
        regions=mix,
        appeal_rules=appeal_rules,
        violations=violations,
    )


def _usual_mix() -> tuple[tuple[Region, int], ...]:
    return tuple((REGIONS[code], weight) for code, weight in USUAL)


def _read_mix(text: str) -> tuple[tuple[Region, int], ...]:
    mix: dict[str, tuple[Region, int]] = {}
    for part in text.split(","):
        code, equals, weight = (piece.strip() for piece in part.partition("="))
        if code not in REGIONS:
            raise CannotGenerate(
                f"there is no region `{code}` to generate", f"name some of {', '.join(REGIONS)}"
            )
        if code in mix:
            raise CannotGenerate(f"the region `{code}` stands there twice", "name it once")
        mix[code] = (REGIONS[code], _weight(code, weight) if equals else 1)
    return tuple(mix.values())


def _weight(code: str, text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 1 <= int(text[:9]) <= _MOST_WEIGHT):
        raise CannotGenerate(
            f"`{text}` is no weight of the region `{code}`",
            f"write a whole number from 1 to {_MOST_WEIGHT}, such as {code}=3",
        )
    return int(text)


def _check_sizes(**sizes: int) -> None:
    for name, size in sizes.items():
        if not 1 <= size <= _MOST[name]:
            raise CannotGenerate(
                f"a stream cannot have {size} {name}", f"ask for 1 to {_MOST[name]}"
            )


def _check_start(start: date) -> None:
    if not _FIRST_START <= start <= _LAST_START:
        raise CannotGenerate(
            f"a stream cannot start on {start.isoformat()}",
            f"choose a day from {_FIRST_START.isoformat()} to {_LAST_START.isoformat()}",
        )
