"""The history of a shop for machines: the same as the table has, with every number."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any, Final

import msgspec

from ...records.values import show
from ...runtime.instants import format_instant
from .model import Bar, Calendar, Filed, History, Piece, Points, Series, Stretch

SCHEMA: Final = "revlex.history/1"


def as_json(history: History) -> str:
    """One object, indented; times as in records, values exact."""
    return msgspec.json.format(msgspec.json.encode(_whole(history), order="sorted")).decode()


def _whole(history: History) -> dict[str, Any]:
    policy = history.policy
    return {
        "schema": SCHEMA,
        "shop": history.shop,
        "region": history.region,
        "source": history.source,
        "policy": policy
        and {"name": policy.name, "version": policy.version, "digest": policy.digest},
        "decisions": history.decisions,
        "left_out": history.left_out,
        "not_shown": history.more,
        "appeal_states": history.appeal_states,
        **(_timed(history, history.stretch) if history.stretch is not None else {}),
    }


def _timed(history: History, stretch: Stretch) -> dict[str, Any]:
    time = partial(format_instant, zone=stretch.clock)
    return {
        "from": time(stretch.start),
        "to": time(stretch.end),
        "zone": stretch.zone,
        "periods": _calendar(history.calendar, stretch),
        "thresholds": [_series(one, stretch) for one in history.series],
        "ladders": [_points(one, stretch) for one in history.points],
        "actions": [_bar(one, stretch) for one in history.bars],
        "appeals": [_filed(one, stretch) for one in history.appeals],
        "entries": [
            {"decision": one.decision, "reversed_by": one.undone_by} for one in history.entries
        ],
    }


def _calendar(calendar: Calendar, stretch: Stretch) -> dict[str, Any]:
    rows = [
        {
            "from": format_instant(row.start, stretch.clock),
            "decisions": row.decisions,
            **({"stars": row.stars, "reviews": row.reviews} if calendar.has_reviews else {}),
        }
        for row in calendar.rows
    ]
    known = {"edited": calendar.changed, "gone": calendar.gone} if calendar.has_reviews else {}
    return {"unit": calendar.unit, "rows": rows, **known}


def _series(one: Series, stretch: Stretch) -> dict[str, Any]:
    value = partial(_value, unit=one.unit)
    return {
        "threshold": one.threshold,
        "measure": one.measure,
        "subject": one.subject or None,
        "status": one.status,
        "band": one.band,
        "looks": one.looks,
        "bounds": [{"band": line.band, "says": line.says} for line in one.lines],
        "values": [
            {
                "at": format_instant(sample.at, stretch.clock),
                "value": value(sample.value),
                "least": value(sample.low),
                "greatest": value(sample.high),
                "sample": sample.size,
            }
            for sample in one.samples
        ],
        "crossings": [
            {
                "at": format_instant(crossing.at, stretch.clock),
                "band": crossing.band,
                "before": crossing.before,
                "decision_id": crossing.decision_id,
                "reversed": crossing.undone,
            }
            for crossing in one.crossings
        ],
    }


def _value(value: Any, unit: str) -> str | None:
    return None if value is None else show(value, unit)


def _points(one: Points, stretch: Stretch) -> dict[str, Any]:
    balances = [
        {
            "at": format_instant(balance.at, stretch.clock),
            "points": balance.total,
            "decision_id": balance.decision_id,
        }
        for balance in one.balances
    ]
    return {
        "ladder": one.ladder,
        "steps": one.steps,
        "before": one.start,
        "points": one.total,
        "changes": balances,
    }


def _bar(bar: Bar, stretch: Stretch) -> dict[str, Any]:
    return {
        "action": bar.action,
        "scope": bar.scope,
        "target": bar.target,
        "decision_id": bar.decision_id,
        "ended": bar.ended,
        "until": bar.until or None,
        "pieces": _pieces(bar.pieces, stretch),
    }


def _filed(one: Filed, stretch: Stretch) -> dict[str, Any]:
    return {"appeal": one.appeal, "pieces": _pieces(one.pieces, stretch)}


def _pieces(pieces: Iterable[Piece], stretch: Stretch) -> list[dict[str, Any]]:
    return [
        {
            "from": format_instant(piece.start, stretch.clock),
            "to": None if piece.end is None else format_instant(piece.end, stretch.clock),
            "state": piece.state,
        }
        for piece in pieces
    ]
