"""The history of a shop from the folder that `run --out` wrote."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Any

import msgspec

from ...language.diagnostics import did_you_mean
from ...records.appeal import Appeal
from ...records.decision import Decision
from ...runtime.instants import parse_instant
from ..batch import APPEALS, DECISIONS, MEASURES
from .crossings import Key
from .sampling import Look
from .sources import OnLook, OnReview, Unknown
from .values import read_value, unit_of

_NO_REVIEWS = "reviews: a run into a folder does not keep events; a ledger does"
_NO_MEASURES = "values between the decisions: run again with `--measures`, or into a ledger"


class _Measured(msgspec.Struct):
    """A line of `measures.jsonl`."""

    at: str
    shop: str
    subject: str
    threshold: str
    measure: str
    value: str | int | None = None
    sample: int | None = None


class _Subject(msgspec.Struct):
    """The shop of a record."""

    shop: str


class _WithShop(msgspec.Struct):
    """As much of a decision as says whose it is."""

    subject: _Subject


class ResultsSource:
    """Reads the files of a run, one after the other; nothing is kept of other shops."""

    program = None
    region = None
    has_reviews = False

    def __init__(self, folder: Path, shop: str) -> None:
        """Read about a shop.

        Raises:
            Unknown: The folder holds no decisions.
        """
        self.name = str(folder)
        self.shop = shop
        self._folder = folder
        self._has_measures = (folder / MEASURES).is_file()
        if not (folder / DECISIONS).is_file():
            help_ = "name the `--out` folder of a run, or a ledger"
            raise Unknown(f"{folder} holds no {DECISIONS}", help_)

    @property
    def missing(self) -> tuple[str, ...]:
        """What cannot be told."""
        return (_NO_REVIEWS,) if self._has_measures else (_NO_REVIEWS, _NO_MEASURES)

    def bounds(self) -> tuple[int, int] | None:
        """When the first and the last look at a measure were."""
        if not self._has_measures:
            return None
        moments = [parse_instant(one.at) for one in self._lines(MEASURES, _Measured)]
        return (min(moments), max(moments)) if moments else None

    def decisions(self) -> Iterator[Decision]:
        """The decisions of the shop.

        Raises:
            Unknown: There are none of this shop, but of others.
        """
        found = False
        for decision in self._lines(DECISIONS, Decision):
            if decision.subject.shop == self.shop:
                found = True
                yield decision
        if not found:
            self._refuse_unknown()

    def appeals(self) -> list[Appeal]:
        """The appeals of the shop."""
        if not (self._folder / APPEALS).is_file():
            return []
        return [one for one in self._lines(APPEALS, Appeal) if one.shop == self.shop]

    def relive(self, wanted: Collection[Key], on_look: OnLook, on_review: OnReview) -> None:
        """Tell what stands in `measures.jsonl`."""
        del on_review
        if not self._has_measures:
            return
        for one in self._lines(MEASURES, _Measured):
            if one.shop == self.shop:
                look = _look(one)
                if (look.threshold, look.subject) in wanted:
                    on_look(look)

    def _lines(self, name: str, of: type[Any]) -> Iterator[Any]:
        """The records of a file that name the shop somewhere; the others are not even decoded."""
        decoder = msgspec.json.Decoder(of)
        needle = msgspec.json.encode(self.shop)
        path = self._folder / name
        with path.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if needle not in line:
                    continue
                try:
                    yield decoder.decode(line)
                except msgspec.MsgspecError as error:
                    raise Unknown(f"{path}, line {number}: {error}", "run again") from error

    def _refuse_unknown(self) -> None:
        shops = set()
        with (self._folder / DECISIONS).open("rb") as lines:
            for line in lines:
                try:
                    shops.add(msgspec.json.decode(line, type=_WithShop).subject.shop)
                except msgspec.MsgspecError:
                    continue
        help_ = (
            did_you_mean(self.shop, shops) or "a shop without a decision has left no trace there"
        )
        raise Unknown(f"{self.name} has no decision about a shop `{self.shop}`", help_)


def _look(one: _Measured) -> Look:
    subject = "" if one.subject == one.shop else one.subject
    text = None if one.value is None else str(one.value)
    unit = "" if text is None else unit_of(text)
    at, value = parse_instant(one.at), read_value(text)
    return Look(at, one.threshold, one.measure, subject, value, unit, one.sample)
