"""Gathering the history of a shop: one pass over its decisions, and one over its events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, TypeVar

from ...language.program import Threshold
from ...runtime.instants import parse_instant
from .balances import Balances
from .bars import Bars
from .choosing import Choosing
from .crossings import Crossings, Key, Watched, grave_bands, lines_of, meeting, thresholds_of
from .filed import filed_in
from .model import Bar, Calendar, History, Series, Stretch
from .reviews import Reviews
from .sampling import Look, Sampler
from .sources import Source
from .survey import Asked, Survey, survey

MOST_SERIES: Final = 12
"""So many thresholds are followed, for the shop or something of it: those of the shop first."""

MOST_BARS: Final = 60
"""So many actions are drawn, and so many appeals."""

_Kind = TypeVar("_Kind")


def gather(source: Source, asked: Asked) -> History:
    """The history of the shop of a source.

    Raises:
        Unknown: There is no such shop, or the times make no sense.
        LedgerProblem: The ledger cannot be read.
        OSError: A file cannot be read.
    """
    known = survey(source)
    stretch = known.stretch(asked)
    if stretch is None:
        return _nothing(source, known)
    return _Gathering(source, known, stretch, asked.most).history()


def _nothing(source: Source, known: Survey) -> History:
    """The history of a shop to which nothing has happened."""
    return History(
        shop=source.shop,
        region=known.region,
        source=source.name,
        policy=known.policy,
        calendar=Calendar("day", (), has_reviews=source.has_reviews),
        more=source.missing,
    )


@dataclass(slots=True)
class _Gathering:
    """One history in the making."""

    source: Source
    known: Survey
    stretch: Stretch
    most: int
    more: list[str] = field(default_factory=list)

    def history(self) -> History:
        """Read everything, and put it together."""
        bars, balances, crossings = Bars(), Balances(), Crossings(self.stretch)
        choosing, reviews = Choosing(self.stretch, self.most), Reviews(self.stretch)
        for decision in self.source.decisions():
            at = parse_instant(decision.time.event_time)
            decided = parse_instant(decision.time.decided_at)
            choosing.take(decision, decided)
            if decided > self.stretch.end:
                continue
            bars.take(decision, at)
            balances.take(decision, at)
            crossings.take(decision, at)
            reviews.decided(decided)
        series = self._series(crossings.watched, reviews, choosing.undone)
        appeals, states = filed_in(self.stretch, self.source.appeals())
        return History(
            shop=self.source.shop,
            region=self.known.region,
            source=self.source.name,
            policy=self.known.policy,
            stretch=self.stretch,
            calendar=reviews.calendar(known=self.source.has_reviews),
            series=series,
            points=balances.points(self.stretch, self.source.program, self.known.region),
            bars=self._bars(bars.bars(self.stretch.end)),
            appeals=self._newest("appeals", appeals),
            appeal_states=states,
            entries=choosing.entries(),
            decisions=choosing.counts,
            left_out=choosing.left_out(),
            more=(*self.more, *self.source.missing),
        )

    def _series(
        self, watched: Mapping[Key, Watched], reviews: Reviews, undone: Mapping[str, str]
    ) -> tuple[Series, ...]:
        program, region = self.source.program, self.known.region
        written = {} if program is None else thresholds_of(program, region)
        keys = self._chosen(watched, written)
        samplers = {key: Sampler(self.stretch, reviews.begins) for key in keys}

        def look(one: Look) -> None:
            samplers[one.threshold, one.subject].add(one)

        self.source.relive(samplers, look, reviews.take)
        found = (
            _one(key, sampler, watched.get(key), written.get(key[0]), undone)
            for key, sampler in samplers.items()
        )
        return tuple(one for one in found if one.looks or one.crossings or one.band_before)

    def _chosen(
        self, watched: Mapping[Key, Watched], written: Mapping[str, Threshold]
    ) -> list[Key]:
        """The thresholds to follow: those that look at the shop, then those that moved the most."""
        of_shop = [(name, "") for name, one in written.items() if one.per == "shop"]
        of_shop += [key for key in sorted(watched) if not key[1]]
        moved = sorted(watched, key=lambda key: (-len(watched[key].crossings), key))
        found = list(dict.fromkeys([*of_shop, *moved]))
        self._note("thresholds and subjects", len(found) - MOST_SERIES)
        return found[:MOST_SERIES]

    def _bars(self, bars: Sequence[Bar]) -> tuple[Bar, ...]:
        """The actions that reach into the stretch; of too many those of the shop, and the newer."""
        start, end = self.stretch.start, self.stretch.end
        here = [one for one in bars if one.start <= end and (one.end is None or one.end >= start)]
        ranked = sorted(
            here, key=lambda one: (one.scope != "shop", one.ended is not None, -one.start)
        )
        kept = {id(one) for one in ranked[:MOST_BARS]}
        self._note("actions", len(here) - MOST_BARS)
        return tuple(one for one in here if id(one) in kept)

    def _newest(self, what: str, found: Sequence[_Kind]) -> tuple[_Kind, ...]:
        self._note(what, len(found) - MOST_BARS)
        return tuple(found[-MOST_BARS:])

    def _note(self, what: str, count: int) -> None:
        """Say that some are not shown."""
        if count > 0:
            self.more.append(f"{what}: {count:,} more")


def _one(
    key: Key,
    sampler: Sampler,
    watched: Watched | None,
    written: Threshold | None,
    undone: Mapping[str, str],
) -> Series:
    """What a threshold saw of one subject."""
    seen = watched or Watched(written.status.value if written else "enforce")
    lines = seen.lines | (lines_of(written) if written else {})
    crossings = sorted(seen.crossings, key=lambda one: one.at)
    return Series(
        threshold=key[0],
        measure=sampler.measure or seen.measure or (written.measure if written else None),
        subject=key[1],
        unit=(seen.unit if written is None else "") or sampler.unit or seen.unit,
        status=seen.status,
        lines=meeting(lines),
        samples=sampler.samples(),
        crossings=tuple(replace(one, undone=one.decision_id in undone) for one in crossings),
        looks=sampler.looks,
        band_before=seen.band_before,
        grave=frozenset(seen.grave) | (grave_bands(written) if written else frozenset()),
    )
